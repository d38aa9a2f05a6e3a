"""What a tool call brings with it: who asks, in which world, and in which run."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from guardrails import rights
from guardrails.effects import Effect
from retrieval.search.cache import SEARCHES, SearchCache
from schema.cancelling import Cancellation
from schema.database import Audience, Database
from schema.identity import Identity
from schema.session import ReadSession, WriteSession
from schema.world import World

Again = Callable[[WriteSession], None]
"""Makes a write again in a transaction that is rolled back."""


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
    rehearsed: list[Again] | None = None
    """In a dry run, what makes each earlier write again; None when writes are real."""
    cancellation: Cancellation | None = None
    """Stops the call's query when whoever asked goes away."""
    searches: SearchCache = SEARCHES
    """The embedded queries and what else searches keep between calls; a process has one."""
    decider: Identity | None = None
    """The person who approved the call; what it does must be within their rights too."""

    def with_call(self, tool_call_id: UUID) -> "ToolContext":
        return replace(self, tool_call_id=tool_call_id)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.who.time_zone)


@dataclass
class Binding:
    """What ties the making of a change to its preview: the ids it creates, the records its filter found."""

    new_ids: list[UUID] = field(default_factory=list[UUID])
    found: dict[str, list[UUID]] = field(default_factory=dict[str, list[UUID]])
    is_replay: bool = False

    def ids(self, fresh: Callable[[], UUID]) -> Callable[[], UUID]:
        """A maker of ids: those of the preview again, then fresh ones; in a preview it keeps what it gives."""
        again = iter(self.new_ids if self.is_replay else [])

        def new_id() -> UUID:
            kept = next(again, None)
            if kept is not None:
                return kept
            made = fresh()
            if not self.is_replay:
                self.new_ids.append(made)
            return made

        return new_id


@dataclass(frozen=True)
class Call:
    """One running tool call: its context, and the transaction that everything in it shares."""

    context: ToolContext
    session: ReadSession
    touched: dict[UUID, None] = field(default_factory=dict[UUID, None])
    """Records whose rows the call wrote, in that order."""
    binding: Binding = field(default_factory=Binding)

    def touch(self, record_id: UUID) -> None:
        self.touched[record_id] = None

    def bind(self, name: str, find: Callable[[], list[UUID]]) -> list[UUID]:
        """What `find` finds; when an approved proposal is made, what it found in the preview that was approved."""
        if self.binding.is_replay:
            return self.binding.found[name]
        return self.binding.found.setdefault(name, find())

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

    def check(self, kind: str, effect: Effect, is_of: Callable[[UUID], bool] = lambda _: True) -> None:
        """Refuses what the asking user may not do to a record of this kind, or who approved it may not.

        `is_of` tells whether the record is a user's own.
        """
        rights.check(self.who.role, self.context.scopes, kind, effect, is_own=is_of(self.who.user_id))
        if (decider := self.context.decider) is not None:
            rights.check(decider.role, None, kind, effect, is_own=is_of(decider.user_id))
