"""New text while something serves, and where nothing does: found soon, and nobody who writes waits."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg

from retrieval.embedders.embedder import Vectors
from retrieval.indexing.background import INTERVAL_SECONDS, Keeper
from retrieval.indexing.catching_up import catch_up
from retrieval.indexing.renewing import ALONE
from schema.background import in_background
from schema.errors import CrmError
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_is_written_while_something_serves_is_indexed_by_itself(office: Office) -> None:
    keeper = Keeper(office.db, "hashing", office.sources)
    with in_background(office.db, "indexing", keeper.do_round, interval=INTERVAL_SECONDS, complaint="No."):
        for n in range(3):
            note = office.note(f"Note {n}")
            until(lambda note=note: bool(office.vectors(note)))
    assert office.queue() == []


def test_what_somebody_else_left_unfinished_is_filled_soon(office: Office) -> None:
    note = office.note("The crane is out of order.")
    office.index()
    office.change("DELETE FROM crm.embeddings")
    keeper = Keeper(office.db, "hashing", office.sources, again_seconds=0)
    with office.db.alone(ALONE):
        keeper.do_round(threading.Event())
    assert not office.vectors(note)
    keeper.do_round(threading.Event())
    assert office.vectors(note)


@dataclass
class Slow(HashEmbedder):
    """Says when it has begun, and waits until it may go on."""

    begun: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.begun.set()
        assert self.may_go_on.wait(60)
        return super().embed(texts)


def test_nobody_waits_for_a_worker_and_it_finishes_its_batch_when_told_to_stop(office: Office) -> None:
    slow = office.others["hashing"] = Slow()
    office.renew()
    note = office.note("The crane is out of order.")
    stopping = threading.Event()
    worker = threading.Thread(target=Keeper(office.db, "hashing", office.sources).do_round, args=(stopping,))
    worker.start()
    assert slow.begun.wait(60)
    # The text is found by its words while its vector is made, and whoever changes or deletes it need not wait.
    assert office.texts(note) == ["The crane is out of order."]
    office.desk.update(note, body="The crane works.")
    open_locks = (
        "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'transactionid' AND pid <> pg_backend_pid() AND granted"
    )
    assert office.rows(open_locks) == [{"n": 0}]
    stopping.set()
    slow.may_go_on.set()
    worker.join()
    assert [row["attempts"] for row in office.queue()] == [0]
    office.index()
    assert office.texts(note) == ["The crane works."]
    assert office.matches()


def test_what_was_just_written_is_caught_up_with_where_it_is_searched(office: Office) -> None:
    note = office.note("The crane is out of order.")
    assert catch_up(office.db, office.tenant, "hashing", sources=office.sources) == 0
    assert office.vectors(note)


def test_nobody_catches_up_with_more_than_somebody_would_wait_for(office: Office) -> None:
    for n in range(4):
        office.note(f"Note {n}")
    assert catch_up(office.db, office.tenant, "hashing", limit=2, sources=office.sources) == 3
    assert len(office.queue()) == 4
    assert catch_up(office.db, office.tenant, "hashing", seconds=0, sources=office.sources) == 4


def test_whoever_cannot_catch_up_searches_what_there_is(office: Office) -> None:
    office.embedder.is_down = True
    office.note("The crane is out of order.")
    assert catch_up(office.db, office.tenant, "hashing", sources=office.sources) == 1


def test_a_worker_whose_connection_breaks_says_so_and_its_records_wait_for_the_next(office: Office) -> None:
    slow = office.others["hashing"] = Slow()
    office.renew()
    note = office.note("The crane is out of order.")
    failures: list[CrmError] = []

    def work() -> None:
        try:
            office.index()
        except CrmError as error:
            failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    assert slow.begun.wait(60)
    with psycopg.connect(office.db.admin_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    slow.may_go_on.set()
    worker.join()
    assert [failure.kind for failure in failures] == ["unavailable"]
    office.db.close()
    office.index()
    assert office.queue() == []
    assert office.vectors(note)
