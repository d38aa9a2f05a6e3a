"""A process that makes requests of one database and may be killed at any moment of it."""

import multiprocessing
import random
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from uuid import UUID

from agent.loop import ask, resume
from agent.result import AskResult, load_result
from schema.database import Database
from schema.errors import CrmError
from schema.settings import Settings
from schema.world import World, new_ids, real_clock
from tools.approvals import approve
from tools.context import ToolContext

# Forked from a process that has imported everything and opened nothing, so that a victim is ready in milliseconds.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "agent.offline", "agent.providers"])

READY = "ready"
GO_ON = "go on "
PATIENCE = 120
"""Seconds that a victim may take to get ready, or to come to its own end."""


@dataclass(frozen=True)
class Scene:
    """Where a victim works, and for whom."""

    admin_url: str
    settings: Settings
    email: str
    model: str = "offline"

    @contextmanager
    def desk(self) -> Generator[ToolContext]:
        """A desk with the real clock, for as long as the block lasts."""
        world = World(real_clock, new_ids(real_clock, random.SystemRandom()))
        database = Database.open(self.admin_url, self.settings, world)
        try:
            yield ToolContext(database, world, database.sign_in(self.email))
        finally:
            database.close()


@dataclass(frozen=True)
class Victim:
    """A living process and what it tells: READY, then how each request ended."""

    process: ForkServerProcess
    told: Connection

    def kill_after(self, seconds: float) -> None:
        time.sleep(seconds)
        self.process.kill()
        self.process.join()

    def statuses(self) -> list[str]:
        """How the requests ended that it told of before its end."""
        found: list[str] = []
        try:
            while self.told.poll(PATIENCE):
                found.append(self.told.recv())
        except EOFError:
            pass
        return found


@contextmanager
def victim(scene: Scene, requests: Sequence[str]) -> Generator[Victim]:
    """A process that has opened the database and begins with the requests, all in one conversation.

    It approves what waits; a request `go on RUN` is the run of that id, which waits already.
    """
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_work, args=(scene, list(requests), theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE)
        assert ours.recv() == READY
        yield Victim(process, ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def _work(scene: Scene, requests: list[str], told: Connection) -> None:
    with scene.desk() as desk:
        told.send(READY)
        conversation: str | None = None
        for request in requests:
            try:
                result = ask_and_decide(scene, desk, request, conversation)
            except CrmError as error:
                told.send(error.kind)
                return
            conversation = result.conversation_id
            told.send(result.status)


def ask_and_decide(scene: Scene, desk: ToolContext, request: str, conversation: str | None = None) -> AskResult:
    """The run to its end, each change that waits approved by who asked."""
    if request.startswith(GO_ON):
        return decide(scene, desk, UUID(request.removeprefix(GO_ON)))
    result = ask(desk, request, model=scene.model, conversation_id=conversation)
    return decide(scene, desk, UUID(result.run_id))


def decide(scene: Scene, desk: ToolContext, run_id: UUID) -> AskResult:
    """The run from where it stopped to its end. What cannot be approved any more comes again as a fresh proposal."""
    for _ in range(20):
        result = load_result(desk, run_id)
        if result.status not in {"needs_approval", "interrupted"}:
            return result
        for proposal in result.proposals:
            with suppress(CrmError):
                approve(desk, UUID(proposal["approval_id"]))
        with suppress(CrmError):
            return decide(scene, desk, UUID(resume(desk, run_id, model=scene.model).run_id))
    return load_result(desk, run_id)
