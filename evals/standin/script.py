"""What a stand-in provider is told to say: replies, faults, and what a script sees of a request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a reply."""

    tool: str
    args: dict[str, Any] | str
    """A string goes over the wire as it is, however broken."""
    call_id: str | None = None
    """None makes the stand-in number them: `call_1`, `call_2`, …"""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of the model: reasoning, then text, then tool calls; any of them may be missing."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    is_cut_off: bool = False
    """True when the model ran into its own limit of output tokens."""
    input_tokens: int = 100
    output_tokens: int = 10
    vectors: tuple[tuple[float, ...], ...] | None = None
    """What a request for embeddings gets; None makes the stand-in find vectors for the texts."""


class FaultKind(StrEnum):
    STATUS = "status"
    """An HTTP error status with OpenAI's error body."""
    CUT_STREAM = "cut_stream"
    """The connection closes in the middle of the answer."""
    MALFORMED = "malformed"
    """Status 200, and a body that is no JSON."""
    EMPTY = "empty"
    """Status 200, and an answer that holds nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong instead of a reply."""

    kind: FaultKind
    status: int = 500
    code: str = "server_error"
    message: str = "The server had an error. Internal detail: secret-detail-of-the-provider."
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """A reply that is long in coming."""

    seconds: float
    then: "Reply | Fault" = field(default_factory=Reply)


Outcome = Reply | Fault | Slow


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request, the same for both protocols."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str = ""
    calls: tuple[Call, ...] = ()
    call_id: str | None = None
    """Of a tool's result: the call that it answers."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the agent sent."""

    protocol: Literal["chat", "responses", "embeddings"]
    model: str
    messages: tuple[Message, ...]
    """The conversation; of a request for embeddings, each text as one message."""
    tools: tuple[dict[str, Any], ...]
    """Name, description and parameters of each function tool."""
    is_streamed: bool
    number: int
    """Counts the requests to this stand-in, from 0; retries of the client count."""
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def since_the_person_spoke(self) -> tuple[Message, ...]:
        """The messages after the last one of a person: what happened so far in this run."""
        last = max((at for at, message in enumerate(self.messages) if message.role == "user"), default=-1)
        return self.messages[last + 1 :]


Script = Callable[[Request], Outcome]


def in_turn(outcomes: Sequence[Outcome]) -> Script:
    """A script that gives each outcome once, and then the last one again and again."""
    return lambda request: outcomes[min(request.number, len(outcomes) - 1)]


def by_step(outcomes: Sequence[Outcome]) -> Script:
    """A script that counts the model's own turns in the run, so that a retried request gets the same outcome again."""

    def script(request: Request) -> Outcome:
        turns = sum(message.role == "assistant" for message in request.since_the_person_spoke)
        return outcomes[min(turns, len(outcomes) - 1)]

    return script
