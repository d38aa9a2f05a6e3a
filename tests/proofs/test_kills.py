"""Killed at any point of a write: never a change without its events, never the reverse, never twice, never half."""

import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from evals.invariants import unexplained, violations
from schema import embedded
from schema.database import Database
from schema.migrate import migrate
from schema.settings import Settings
from schema.world import World
from tests.commands.terminal import PROGRAM, Terminal
from tests.conftest import NOW
from tests.proofs.victim import Scene, ask_and_decide, victim
from tests.proofs.watch import Watch
from tests.schema.filled import fill

REQUESTS = {
    "create": ["log a call with Maria Lopez: number {n}"],
    "update": ["set Globex expansion to {n}k"],
    "undo": ["set Acme renewal to {n}k", "undo that"],
    "delete and restore": ["delete the opportunity Zielony cold store sensors", "undo that"],
}


@pytest.mark.promise("audit:complete")
@pytest.mark.promise("audit:joined")
@pytest.mark.parametrize("sort", REQUESTS)
def test_a_killed_write_is_whole_or_never_was(sort: str, scene: Scene, watch: Watch, effort: int) -> None:
    seconds = _seconds_of_a_whole_one(scene, [_requests(sort, n) for n in (901, 902)])
    rounds = min(3 * effort, 100)
    chance = random.Random(sort)
    outcomes: set[int] = set()
    for n in range(1, rounds + 1):
        # One in each stretch of a write's life, from before its first statement to after its commit.
        moment = seconds * 1.15 * (n - 1 + chance.random()) / rounds
        requests = _requests(sort, n)
        made = _made(watch)
        with victim(scene, requests) as process:
            process.kill_after(moment)
        watch.wait_for_quiet()
        watch.check()
        outcomes.add(_made(watch) - made)
        _goes_on(scene, watch, requests)
    possible = set(range(len(REQUESTS[sort]) + 1))
    assert outcomes <= possible
    if rounds >= 50:
        assert outcomes == possible, "the kills fell all on one side of a commit"


def _requests(sort: str, n: int) -> list[str]:
    return [request.format(n=n) for request in REQUESTS[sort]]


def _seconds_of_a_whole_one(scene: Scene, trials: list[list[str]]) -> float:
    """How long the requests take when nobody kills, in the last trial, when caches are warm."""
    taken = 0.0
    for requests in trials:
        with victim(scene, requests) as process:
            began = time.perf_counter()
            assert process.statuses() == ["completed"] * len(requests)
            taken = time.perf_counter() - began
    return taken


def _made(watch: Watch) -> int:
    """How many tool calls changed something."""
    return watch.count("SELECT count(DISTINCT tool_call_id) FROM crm.audit_events WHERE event_id > %s", watch.since)


def _goes_on(scene: Scene, watch: Watch, requests: list[str]) -> None:
    """The next request finds runs that were killed, marks them, and does what it is asked as if nothing had been."""
    killed = watch.silence()
    with scene.desk() as desk:
        conversation: str | None = None
        for request in requests:
            result = ask_and_decide(scene, desk, request, conversation)
            conversation = result.conversation_id
            assert result.status in {"completed", "refused", "needs_input"}, result.answer
    assert watch.statuses(killed) <= {"interrupted"}
    assert watch.count("SELECT count(*) FROM crm.runs WHERE status = 'running'") == 0
    watch.check()


def test_the_command_line_killed_in_the_middle_leaves_nothing_half_done(
    scene: Scene, watch: Watch, effort: int
) -> None:
    terminal = Terminal(
        {
            "CRM_AGENT_HOME": str(scene.settings.home),
            "CRM_AGENT_DATABASE_URL": scene.admin_url,
            "CRM_AGENT_MODEL": "offline",
        }
    )
    request = ("ask", "log a call with Maria Lopez: from the command line")
    began = time.perf_counter()
    assert terminal.run(*request).code == 0
    seconds = time.perf_counter() - began
    rounds = max(2, effort // 4)
    for n in range(rounds):
        process = subprocess.Popen([PROGRAM, *request], env=terminal.whole_environment, stdout=subprocess.DEVNULL)
        time.sleep(seconds * (0.5 + 0.5 * (n + 1) / rounds))
        process.kill()
        process.wait()
        watch.wait_for_quiet()
        watch.check()
        _goes_on(scene, watch, [request[1]])


@pytest.fixture
def lonely_scene() -> Iterator[Scene]:
    """A small tenant on a server of its own, which may be killed."""
    # Not pytest's folder: another session of pytest closes it to the system user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        home = Path(folder) / "home"
        settings = Settings(home=home)
        url = embedded.start(home)
        migrate(url, settings)
        database = Database.open(url, settings, World.fixed(NOW))
        fill(database, "near")
        database.close()
        yield Scene(url, settings, "admin@near.example")
        embedded.stop(home)


@pytest.mark.promise("audit:complete")
def test_a_server_killed_in_the_middle_of_writes_keeps_all_it_said_was_done(lonely_scene: Scene, effort: int) -> None:
    scene = lonely_scene
    requests = [f"log a call with Zoë Near: number {n}" for n in range(1, 6)]
    seconds = _seconds_of_a_whole_one(scene, [requests])
    chance = random.Random(0)
    rounds = max(2, effort // 4)
    for n in range(rounds):
        marked = [f"{request} of round {n}" for request in requests]
        with victim(scene, marked) as process:
            time.sleep(seconds * (n + chance.random()) / rounds)
            _kill_the_server(scene.settings.home)
            statuses = process.statuses()
        embedded.start(scene.settings.home)
        with psycopg.connect(scene.admin_url, autocommit=True) as admin:
            watch = Watch(admin, 0)
            watch.wait_for_quiet()
            assert violations(admin) == []
            assert unexplained(admin, 0) == []
            found = [watch.count(_LOGGED, f"%number {at} of round {n}%") for at in range(1, 6)]
            done = [status == "completed" for status in statuses]
            assert all(count <= 1 for count in found), found
            assert all(count == 1 for count, is_done in zip(found, done, strict=False) if is_done), (found, statuses)
            _goes_on(scene, watch, [f"log a call with Zoë Near: after round {n}"])


_LOGGED = "SELECT count(*) FROM crm.interactions WHERE body ILIKE %s"


def _kill_the_server(home: Path) -> None:
    pid = embedded.status(home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
