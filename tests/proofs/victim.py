"""A process that makes requests of one database and may be killed at any moment of it."""

import multiprocessing
import random
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from agent.loop import ask
from schema.database import Database
from schema.errors import CrmError
from schema.settings import Settings
from schema.world import World, new_ids, real_clock
from tools.context import ToolContext

# Forked from a process that has imported everything and opened nothing, so that a victim is ready in milliseconds.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "agent.offline"])

READY = "ready"
PATIENCE = 120
"""Seconds that a victim may take to get ready, or to come to its own end."""


@dataclass(frozen=True)
class Scene:
    """Where a victim works, and for whom."""

    admin_url: str
    settings: Settings
    email: str

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
    """A process that has opened the database and begins with the requests, all in one conversation."""
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
                result = ask(desk, request, model="offline", conversation_id=conversation)
            except CrmError as error:
                told.send(error.kind)
                return
            conversation = result.conversation_id
            told.send(result.status)
