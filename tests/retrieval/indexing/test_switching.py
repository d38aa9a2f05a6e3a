"""Searches go on while the index is moved to another model, built anew or dropped: none fails, and a move leaves no gap."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from retrieval.indexing import models
from retrieval.indexing.models import list_models
from retrieval.indexing.renewing import Renewal
from retrieval.search.cache import SearchCache
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office
from tests.tools.desk import Desk

SEARCHERS = 2


@dataclass
class Searches:
    """What searches came to that ran all the while."""

    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    failures: list[object] = field(default_factory=list[object])


@contextmanager
def searching(office: Office) -> Generator[Searches]:
    """Somebody searches again and again until the block ends."""
    searches, over = Searches(), threading.Event()
    desk = office.desk.within(searches=SearchCache(office.choose))
    threads = [threading.Thread(target=_search, args=(desk, searches, over)) for _ in range(SEARCHERS)]
    for thread in threads:
        thread.start()
    _wait(lambda: len(searches.answers) >= SEARCHERS)
    try:
        yield searches
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _search(desk: Desk, searches: Searches, over: threading.Event) -> None:
    while not over.is_set():
        outcome = desk.call("search", query="crane number 3")
        if outcome.outcome == "ok":
            searches.answers.append(dict(outcome.result))
        else:
            searches.failures.append(outcome.result)


def _wait(is_so: Callable[[], bool]) -> None:
    for _ in range(2000):
        if is_so():
            return
        threading.Event().wait(0.02)
    raise AssertionError


@pytest.fixture
def busy(office: Office) -> Office:
    """With notes to find, and another model to move to."""
    for n in range(12):
        office.note(f"Crane number {n}")
    office.index()
    office.others["second"] = HashEmbedder("second", dimensions=5)
    return office


@pytest.mark.promise("index:rebuildable")
def test_no_search_fails_or_goes_without_vectors_while_the_model_changes(busy: Office, effort: int) -> None:
    with searching(busy) as searches:
        for turn in range(2 * min(effort, 10)):
            busy.note(f"Crane number {100 + turn}")
            Renewal(busy.db, busy.sources).backfill(("second", "hashing")[turn % 2])
    assert searches.failures == []
    assert all(answer["results"] and not answer["degraded"] for answer in searches.answers)


@pytest.mark.promise("index:rebuildable")
def test_searches_go_by_words_while_there_are_no_vectors(busy: Office, effort: int) -> None:
    with searching(busy) as searches:
        for _ in range(min(effort, 10)):
            Renewal(busy.db, busy.sources).rebuild("hashing")
            with busy.db.across_tenants() as session:
                [model] = list_models(session)
            models.drop(busy.db, model)
            before = len(searches.answers)
            # What was begun before the vectors went may still end after it.
            _wait(lambda before=before: any(answer["degraded"] for answer in searches.answers[before:]))
            Renewal(busy.db, busy.sources).backfill("hashing")
    assert searches.failures == []
    assert all(answer["results"] for answer in searches.answers)
    assert not busy.desk.within(searches=SearchCache(busy.choose)).ok("search", query="crane number 3")["degraded"]
