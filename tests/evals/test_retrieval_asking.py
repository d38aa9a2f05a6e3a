"""Labelled records are written, indexed and found as the application does it."""

import pytest

from evals.retrieval.asking import Library, Mode, fill
from evals.retrieval.labelled import LabelledQuery, queries, records
from schema.database import Database

CHOSEN = ("billing-01", "billing-10", "crash-01", "crash-02", "leads-01", "quality-04", "german-02")


@pytest.fixture
def library(empty_database: Database) -> Library:
    return fill(empty_database, "local", [records()[name] for name in CHOSEN])


def query(text: str) -> LabelledQuery:
    return next(query for query in queries() if query.query == text)


def test_each_mode_finds_what_it_can(library: Library) -> None:
    paraphrase, exact = query("customer was billed two times and is annoyed"), query("batch 2406")

    assert library.ask(paraphrase, Mode.VECTORS)[0] == "billing-01"
    assert "billing-01" in library.ask(paraphrase, Mode.HYBRID)[:3]
    assert "billing-01" not in library.ask(paraphrase, Mode.WORDS)
    assert library.ask(exact, Mode.WORDS) == ["quality-04"]
    assert library.ask(exact, Mode.HYBRID)[0] == "quality-04"
