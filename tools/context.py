"""What a tool call brings with it: who asks, in which world, and in which run."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from guardrails import rights
from guardrails.effects import Effect
from schema.database import Audience, Database
from schema.identity import Identity
from schema.session import ReadSession, WriteSession
from schema.world import World


@dataclass(frozen=True)
class ToolContext:
    """Everything a tool call needs besides its arguments; a person's own call has no run."""

    db: Database
    world: World
    who: Identity
    scopes: frozenset[str] | None = None
    """What a token narrows the user to; None means all that the role may do."""
    audience: Audience = "person"
    """Who reads the result; a model sees sensitive values only as the privacy zones allow."""
    channel: str = "cli"
    """cli, rest, page, mcp or eval."""
    run_id: UUID | None = None
    prompt: str | None = None
    reasoning: str | None = None
    """What the model said before this call."""
    model: str | None = None
    via_agent: bool = False
    provider_call_id: str | None = None
    """The model's own id of the call; with run_id it makes a repeated call harmless."""
    tool_call_id: UUID | None = None
    """Ours; made when absent."""
    position: int = 0
    """Order of the call in its run."""

    def with_call(self, tool_call_id: UUID) -> "ToolContext":
        return replace(self, tool_call_id=tool_call_id)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.who.time_zone)


@dataclass(frozen=True)
class Call:
    """One running tool call: its context, and the transaction that everything in it shares."""

    context: ToolContext
    session: ReadSession
    touched: list[UUID] = field(default_factory=list[UUID])
    """Records whose rows the call wrote, in that order."""

    def touch(self, record_id: UUID) -> None:
        if record_id not in self.touched:
            self.touched.append(record_id)

    def bind(self, name: str, find: Callable[[], list[UUID]]) -> list[UUID]:  # noqa: ARG002  the name is what a proposal keeps them under
        """The ids that `find` finds; a change that was proposed is made to those that were found then."""
        return find()

    @property
    def who(self) -> Identity:
        return self.context.who

    @property
    def world(self) -> World:
        return self.context.world

    @property
    def tenant_id(self) -> UUID:
        return self.who.tenant_id

    @property
    def writing(self) -> WriteSession:
        """The session of a tool whose effect is not read."""
        if not isinstance(self.session, WriteSession):
            raise TypeError("a tool declared as read cannot write")
        return self.session

    def check(self, kind: str, effect: Effect, *, is_own: bool = True) -> None:
        """Refuses what the asking user may not do to a record of this kind."""
        rights.check(self.who.role, self.context.scopes, kind, effect, is_own=is_own)
