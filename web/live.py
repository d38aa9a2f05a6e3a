"""The runs going on in this process: each goes on whoever watches, is told to any number of watchers, and can be stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from anyio import to_thread

from agent.events import RunEvent
from agent.loop import ask_async, resume_async
from agent.models import ModelChoice
from agent.result import AskResult, load_result
from schema.errors import CrmError
from schema.identity import Identity
from tools.context import ToolContext

log = structlog.get_logger(__name__)

MOST_EVENTS = 20_000
MOST_CHARACTERS = 2_000_000
"""Of text and reasoning; what a model says beyond either bound is in the run's result alone."""

HOUR = 3600.0
_PIECES = ("text", "reasoning")

Seen = list[tuple[int, RunEvent]]
"""Run events, each with how many the run had told when it was told."""


@dataclass(eq=False)
class LiveRun:
    """A run from its opening to its end; what it told is kept for those who come to watch later."""

    desk: ToolContext
    prompt: str
    goes_on: UUID | None
    """The conversation it was asked to go on with."""
    at_end: Callable[["LiveRun"], None]
    is_over: bool = False
    problem: CrmError | None = None
    """Why it never began."""
    _told: list[RunEvent] = field(default_factory=list[RunEvent])
    _characters: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    @property
    def run_id(self) -> UUID:
        return UUID(self._told[0].fields["run_id"])

    @property
    def conversation_id(self) -> UUID | None:
        return UUID(self._told[0].fields["conversation_id"]) if self._told else self.goes_on

    async def after(self, seen: int, patience: float) -> Seen:
        """What was told after the first `seen` events; nothing, when none came within `patience` seconds or it is over.

        Pieces of one text that waited together come as one, so that a slow watcher gets fewer and not more.
        """
        if len(self._told) <= seen and not self.is_over:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), patience)
        return _joined(seen, self._told[seen:])

    def stop(self) -> None:
        """Ends it as interrupted at the next safe point: a tool call under way is made whole, none begins after it."""
        if self._task is not None and not self.is_over:
            self._task.cancel()

    def tell(self, event: RunEvent) -> None:
        """Adds an event, in the event loop's thread."""
        if event.kind in _PIECES:
            self._characters += len(event.fields["delta"])
            if len(self._told) > MOST_EVENTS or self._characters > MOST_CHARACTERS:
                return
        self._told.append(event)
        self._wake()

    async def begin(self, work: Coroutine[Any, Any, AskResult]) -> None:
        """Starts it, and returns when it has told its first event. Raises CrmError when it never began."""
        self._task = asyncio.create_task(self._to_the_end(work))
        while not self._told and not self.is_over:
            await self.after(0, HOUR)
        if self.problem is not None:
            raise self.problem

    async def ended(self) -> None:
        """Returns when it is over."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _to_the_end(self, work: Coroutine[Any, Any, AskResult]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            await self._tell_as_stored()
        except Exception as error:  # noqa: BLE001  whoever watches is told, whatever it was
            await self._tell_problem(error)
        finally:
            self.is_over = True
            self.at_end(self)
            self._wake()

    async def _tell_problem(self, error: Exception) -> None:
        if not isinstance(error, CrmError):
            log.error("run_lost", error=repr(error)[:1000])
            error = CrmError("unavailable", "Something went wrong inside crm-agent; its log says what.")
        self.problem = error
        if self._told:
            self.tell(RunEvent("error", {"kind": error.kind, "message": error.message}))
            with suppress(CrmError):
                await self._tell_as_stored()

    async def _tell_as_stored(self) -> None:
        """The end of a run that did not tell its own."""
        result = await to_thread.run_sync(load_result, self.desk, self.run_id)
        self.tell(RunEvent("run_finished", result.to_json()))

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


@dataclass(eq=False)
class LiveRuns:
    """All of them."""

    _runs: list[LiveRun] = field(default_factory=list[LiveRun])

    async def start(
        self, desk: ToolContext, prompt: str, *, conversation_id: UUID | None, model: ModelChoice
    ) -> LiveRun:
        """A run that has begun. Raises CrmError for what cannot begin, and (conflict) in a conversation that is busy."""
        run = self._of(desk, conversation_id, prompt)
        await run.begin(
            ask_async(desk, prompt, conversation_id=conversation_id, model=model, on_event=run.tell, is_streamed=True)
        )
        return run

    async def resume(self, desk: ToolContext, run_id: UUID, conversation_id: UUID) -> LiveRun:
        """A run that waited for a person, going on. Raises CrmError as `resume_async` does."""
        run = self._of(desk, conversation_id, "")
        await run.begin(resume_async(desk, run_id, on_event=run.tell, is_streamed=True))
        return run

    def of(self, who: Identity, conversation_id: UUID) -> LiveRun | None:
        """The run going on in this user's conversation, if one is."""
        own = (who.tenant_id, who.user_id, conversation_id)
        for run in self._runs:
            if (run.desk.who.tenant_id, run.desk.who.user_id, run.conversation_id) == own:
                return run
        return None

    async def stop_all(self) -> None:
        """Stops every run, and waits until each is stored as it ended."""
        for run in list(self._runs):
            run.stop()
            await run.ended()

    def _of(self, desk: ToolContext, conversation_id: UUID | None, prompt: str) -> LiveRun:
        if conversation_id is not None and self.of(desk.who, conversation_id) is not None:
            raise CrmError("conflict", "A run of this conversation is still going on; wait for it, or stop it first.")
        run = LiveRun(desk, prompt, conversation_id, self._runs.remove)
        self._runs.append(run)
        return run


def _joined(seen: int, events: list[RunEvent]) -> Seen:
    found: Seen = []
    for number, event in enumerate(events, seen + 1):
        if found and event.kind in _PIECES and found[-1][1].kind == event.kind:
            before = found.pop()[1]
            event = RunEvent(event.kind, {"delta": before.fields["delta"] + event.fields["delta"]})
        found.append((number, event))
    return found
