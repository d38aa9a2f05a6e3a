"""A worker killed at any point: nothing that was written is lost to the index, nothing is in it twice, nothing is given up."""

import multiprocessing
import random
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import update

from evals.world import url_of
from retrieval.embedders.embedder import Embedder
from retrieval.indexing.sources import Sources
from retrieval.indexing.worker import Worker
from retrieval.languages import load_languages
from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.models import Note
from schema.session import Change
from schema.settings import Settings
from schema.world import World
from tests.proofs.conftest import NewDatabase
from tests.proofs.victim import PATIENCE
from tests.proofs.watch import Watch
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office, long_text
from tests.tools.desk import Desk, fill_tenant

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.proofs.victim", "agent.offline", "agent.providers", __name__])

NOTES = 24
READY, DONE = "ready", "done"

# What is written and neither indexed as it stands nor queued is lost.
_LOST = """
SELECT count(*) FROM crm.notes n
WHERE NOT EXISTS (SELECT FROM crm.embedding_queue q WHERE q.record_id = n.id AND q.set_aside_at IS NULL)
  AND NOT EXISTS (
    SELECT FROM crm.chunks c JOIN crm.embeddings e ON e.chunk_id = c.id AND e.content_hash = c.content_hash
    WHERE c.record_id = n.id AND c.position = 0 AND starts_with(c.text, substr(n.body, 1, 30)))"""
_TWICE = """
SELECT count(*) FROM (
    SELECT FROM crm.embeddings GROUP BY model_id, record_id, content_hash HAVING count(*) > 1
    UNION ALL SELECT FROM crm.chunks GROUP BY record_id, position HAVING count(*) > 1) twice"""
_STALE = """
SELECT count(*) FROM crm.embeddings e JOIN crm.chunks c ON c.tenant_id = e.tenant_id AND c.id = e.chunk_id
WHERE c.content_hash <> e.content_hash OR encode(sha256(convert_to(c.text, 'UTF8')), 'hex') <> c.content_hash"""
_GIVEN_UP = "SELECT count(*) FROM crm.embedding_queue WHERE set_aside_at IS NOT NULL"


@dataclass(frozen=True)
class Yard:
    """Where workers work and are killed."""

    admin_url: str
    settings: Settings
    office: Office

    def write(self, turn: int) -> None:
        """Every note says something new, and a third of them something longer or shorter than before."""
        with self.office.db.write(
            self.office.desk.who, Change(self.office.db.world.new_id(), f"Turn {turn}")
        ) as session:
            for at, row in enumerate(session.rows("SELECT id FROM crm.notes ORDER BY id")):
                marks = [f"turn {turn} part {part}" for part in range(1 + (at + turn) % 3)]
                told = {"body": f"Note {at}, {long_text(marks)}", "version": Note.version + 1}
                session.execute(update(Note).where(Note.id == row["id"]).values(told))


@pytest.fixture
def yard(new_database: NewDatabase, admin_url: AdminUrl, empty_template: str, settings: Settings, world: World) -> Yard:
    database = new_database(empty_template, world)
    fill_tenant(database, "harbour")
    office = Office(Desk.of(database, "harbour"), HashEmbedder())
    office.serve()
    for n in range(NOTES):
        office.note(f"Note {n}")
    office.index()
    name = str(conninfo_to_dict(database.admin_url)["dbname"])
    return Yard(url_of(admin_url, name), settings, office)


@pytest.mark.promise("index:rebuildable")
def test_a_killed_worker_loses_nothing_and_stores_nothing_twice(yard: Yard, effort: int) -> None:
    seconds = _seconds_of_a_whole_one(yard)
    rounds = min(4 * effort, 100)
    chance = random.Random(0)
    left: set[bool] = set()
    with psycopg.connect(yard.admin_url, autocommit=True) as admin:
        watch = Watch(admin, 0)
        for turn in range(rounds):
            yard.write(turn)
            with _victim(yard) as (process, _):
                time.sleep(seconds * 1.1 * (turn + chance.random()) / rounds)
                process.kill()
                process.join()
            yard.office.db.close()
            watch.wait_for_quiet()
            assert [watch.count(query) for query in (_LOST, _TWICE, _STALE, _GIVEN_UP)] == [0, 0, 0, 0]
            left.add(watch.count("SELECT count(*) FROM crm.embedding_queue") == 0)
            if chance.random() < 0.5:
                yard.office.index()
                assert yard.office.matches()
        yard.office.index()
        assert yard.office.queue() == []
        assert yard.office.matches()
        assert [watch.count(query) for query in (_LOST, _TWICE, _STALE, _GIVEN_UP)] == [0, 0, 0, 0]
    if rounds >= 50:
        assert left == {True, False}, "the kills fell all on one side of the work"


def _seconds_of_a_whole_one(yard: Yard) -> float:
    """How long a worker takes for all notes when nobody kills it."""
    taken = 0.0
    for turn in (-2, -1):
        yard.write(1000 + turn)
        with _victim(yard) as (_, told):
            began = time.perf_counter()
            assert told.poll(PATIENCE)
            assert told.recv() == DONE
            taken = time.perf_counter() - began
    return taken


@contextmanager
def _victim(yard: Yard) -> Generator[tuple[ForkServerProcess, Connection]]:
    """A process that is about to index what is queued."""
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_work, args=(yard.admin_url, yard.settings, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE)
        assert ours.recv() == READY
        yield process, ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _work(admin_url: str, settings: Settings, told: Connection) -> None:
    database = Database.open(admin_url, settings, World.from_environment({}))
    embedder = HashEmbedder()

    def choose(_: str) -> Embedder:
        return embedder

    load_languages()
    told.send(READY)
    Worker(database, Sources(choose), records=5).drain(lambda: False)
    told.send(DONE)
    database.close()
