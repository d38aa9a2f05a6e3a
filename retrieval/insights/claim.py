"""What is inferred about one record: a statement of one of four kinds, how sure it is, and where it says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

KINDS = ("sentiment", "risk", "next_step", "topic")
SENTIMENTS = ("negative", "mixed", "positive")
LONGEST_STATEMENT = 300
LONGEST_QUOTE = 600


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of a record's text, or the fact of one of its fields."""

    record_id: UUID
    field: str
    """The view's column: body, subject, expected_close_date."""
    quote: str
    start: int | None = None
    """Where the quote begins in the field, in characters; None for a fact."""
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    kind: str
    statement: str
    """For sentiment one of SENTIMENTS, for the rest a sentence or a few words; says nothing that changes by itself day by day,
    so that what a person rejected is known again."""
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What whoever inferred it said, whole."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who infers, in which version; what another version made is made anew."""

    model: str
    model_version: str | None = None
    prompt_version: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """An interaction as it is read."""

    record_id: UUID
    version: int
    kind: str
    direction: str
    subject: str
    body: str
    day: str
    """The day it happened on in the tenant's time zone, ISO 8601."""

    @property
    def is_theirs(self) -> bool:
        """Whether its words are the other side's own; a call's are our note."""
        return self.direction == "inbound" and self.kind in ("email", "chat")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was inferred from one interaction."""

    claims: Sequence[Claim]
    model_version: str | None = None
    """Set when a provider says more exactly which model it was."""


class Reader(Protocol):
    """Infers from texts: the rules, or a model."""

    @property
    def maker(self) -> Maker: ...

    def read(self, talks: Sequence[Talk], rejected: Mapping[UUID, Sequence[str]]) -> Sequence[Reading | None]:
        """One reading a text, in order; None where it could not be read now. `rejected` holds the statements that a person
        said no to, by record."""
        ...
