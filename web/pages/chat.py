"""`/ui`: the conversation; what is asked for is watched while it is done, and found again after a reload."""

import asyncio
import time
from uuid import UUID

from anyio import to_thread
from nicegui import background_tasks, ui
from starlette.requests import Request

from schema.errors import CrmError
from tools.approvals import Decided, is_decided
from tools.context import ToolContext
from web.live import LiveRun
from web.pages.composer import Composer
from web.pages.frame import framed
from web.pages.parts import Tag
from web.pages.talks import StoredRun, Talk, list_talks, load_run, load_runs
from web.pages.turn import Turn
from web.pages.visitor import Visitor, placed

FRAME_SECONDS = 0.02
"""Text that comes faster is shown this often, which an eye takes for at once: each showing sends the growing block again."""
RECHECK_SECONDS = 5.0

OFFLINE = "The model is offline: requests are understood by built-in rules, and nothing leaves this machine."


async def chat_page(request: Request, conversation: str = "") -> None:
    """The page of one conversation, or of a new one."""
    visitor = placed(request)
    desk = await visitor.desk()
    talks = await to_thread.run_sync(list_talks, desk)
    page = ChatPage(visitor, _uuid(conversation))
    try:
        runs = await to_thread.run_sync(load_runs, desk, page.conversation_id) if page.conversation_id else []
        problem = ""
    except CrmError as error:
        page.conversation_id, runs, problem = None, [], error.message
    page.build(talks, runs, problem)


class ChatPage:
    """One open page: its conversation, and the run that it watches."""

    def __init__(self, visitor: Visitor, conversation_id: UUID | None) -> None:
        self.visitor = visitor
        self.conversation_id = conversation_id
        self.watched: LiveRun | None = None
        self.is_stopped = False

    def build(self, talks: list[Talk], runs: list[StoredRun], problem: str) -> None:
        """Everything as it stands; a run that goes on is followed."""
        with framed(self.visitor, talks, self.conversation_id) as self.frame:
            model = self.visitor.service.model
            Tag("p", OFFLINE if model.is_offline else f"Requests go to the model {model.name}.", "hint")
            if problem:
                Tag("p", problem, "problem", role="alert")
            self.turns = Tag("div", classes="turns", role="log", aria_label="Conversation", aria_live="polite")
            self.composer = Composer(self.send, self.stop)
        for run in runs:
            turn = self._turn(run.prompt)
            if run.is_running:
                self._watch_again(turn, run)
            else:
                turn.settle(run.result)

    async def send(self, text: str) -> None:
        """Asks for it, and watches."""
        if self.watched is not None or not text.strip():
            return
        self.composer.set_busy(True)
        self.is_stopped = False
        turn = self._turn(text)
        live = self.visitor.service.live
        try:
            desk = await self.visitor.desk()
            model = self.visitor.service.model
            run = await live.start(desk, text, conversation_id=self.conversation_id, model=model)
        except CrmError as error:
            turn.fail(error.message)
            self.composer.set_busy(False)
            self._leave_if_signed_out(error)
            return
        self._enter(run, text)
        if self.is_stopped:
            run.stop()
        await self._watch(turn, run)

    async def stop(self) -> None:
        """Ends the run at its next safe point."""
        try:
            await self.visitor.desk()
        except CrmError as error:
            self._leave_if_signed_out(error)
            return
        # Whoever has seen enough before the run has begun is not asked to say so twice.
        self.is_stopped = True
        if self.watched is not None:
            self.watched.stop()

    def _turn(self, prompt: str) -> Turn:
        with self.turns:
            turn = Turn(self.visitor, prompt, lambda desk, decided: self._decided(turn, desk, decided))
        return turn

    def _enter(self, run: LiveRun, text: str) -> None:
        """A new conversation has an id, and a place in the list."""
        if self.conversation_id is None and run.conversation_id is not None:
            self.conversation_id = run.conversation_id
            self.composer.set_conversation(run.conversation_id)
            self.frame.add_talk(Talk(run.conversation_id, " ".join(text.split())[:80]))

    def _watch_again(self, turn: Turn, stored: StoredRun) -> None:
        """What was going on when the page was left: in this process it is followed, in another it is said."""
        assert self.conversation_id is not None  # noqa: S101  its runs were loaded
        run = self.visitor.service.live.of(self.visitor.who, self.conversation_id)
        work = self._watch(turn, run) if run else self._look_again(turn, UUID(stored.result["run_id"]))
        background_tasks.create(work, context=turn)  # pyright: ignore[reportUnknownMemberType]

    async def _look_again(self, turn: Turn, run_id: UUID) -> None:
        """It ended between two looks, or goes on where it cannot be watched from here."""
        desk = await self.visitor.desk()
        run = await to_thread.run_sync(load_run, desk, run_id)
        if run.is_running:
            turn.fail("This run goes on elsewhere; reload the page to see how it ended.")
        else:
            turn.settle(run.result)

    async def _watch(self, turn: Turn, run: LiveRun) -> None:
        """Shows what the run tells until it is over, the page is left, or its person may not see it any more."""
        self.watched = run
        self.composer.set_busy(True)
        try:
            await self._follow(turn, run)
        except CrmError as error:
            turn.fail(error.message)
            self._leave_if_signed_out(error)
        finally:
            self.watched = None
        if not self.composer.is_deleted:
            self.composer.set_busy(False)

    async def _follow(self, turn: Turn, run: LiveRun) -> None:
        seen, checked = 0, time.monotonic()
        while not turn.is_deleted:
            news = await run.after(seen, 1.0)
            if not news and run.is_over:
                return
            if time.monotonic() - checked > RECHECK_SECONDS:
                await self.visitor.desk()
                checked = time.monotonic()
            for number, event in news:
                turn.show(event)
                seen = number
            if any(event.kind == "text" for _, event in news):
                await asyncio.sleep(FRAME_SECONDS)

    async def _decided(self, turn: Turn, desk: ToolContext, decided: Decided) -> None:
        """Shows what came of a decision; when no other is awaited, the run goes on."""
        turn.show_changes(decided.changes)
        run_id = decided.run_id
        if run_id is None or self.conversation_id is None or not await to_thread.run_sync(is_decided, desk, run_id):
            return
        try:
            run = await self.visitor.service.live.resume(desk, run_id, self.conversation_id)
        except CrmError as error:
            turn.fail(error.message)
            return
        await self._watch(turn, run)

    def _leave_if_signed_out(self, error: CrmError) -> None:
        if error.kind == "unauthenticated":
            ui.navigate.to("/")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
