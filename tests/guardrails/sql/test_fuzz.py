"""Whatever is sent, the guard answers; and what passes is to PostgreSQL what the guard took it for."""

import re
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guardrails.sql import GuardedQuery, Refused
from schema.database import Database
from tests.guardrails.sql.analysis import Analyst
from tests.guardrails.sql.corpus import ATTACKS, DIFFERENTIALS, LEGITIMATE, judged
from tests.guardrails.sql.grammar import queries
from tests.guardrails.sql.mutation import mutants

MOVING = re.compile(
    r"now\s*\(|current_|local|_timestamp\s*\(|age\s*\(|'\s*(now|today|tomorrow|yesterday)", re.IGNORECASE
)
TEXTS = [*LEGITIMATE, *DIFFERENTIALS, *(text for _, text in ATTACKS)]


@pytest.fixture
def analyst(demo_database: Database) -> Iterator[Analyst]:
    """The database's owner, who may look everything up: what passes must not depend on the reader's rights."""
    with psycopg.connect(demo_database.admin_url, autocommit=True) as connection:
        yield Analyst(connection)


def misunderstood(analyst: Analyst, texts: Sequence[str]) -> dict[str, object]:
    """Texts that passed, and hold what they must not, or mean something else than what was written."""
    found: dict[str, object] = {}
    for text in texts:
        answer = judged(text)
        runs = analyst.tree(answer.sql) if isinstance(answer, GuardedQuery) else None
        if runs is None or not isinstance(answer, GuardedQuery):
            continue
        if forbidden := analyst.forbidden(runs):
            found[text] = (answer.sql, forbidden)
        written = analyst.tree(text.rstrip("; \n"))
        if written is not None and written != runs and not MOVING.search(text):
            found[text] = answer.sql
    return found


@pytest.mark.promise("sql:read-only")
def test_the_corpora_mean_to_postgresql_what_they_meant(analyst: Analyst) -> None:
    assert misunderstood(analyst, TEXTS) == {}


@pytest.mark.promise("sql:read-only")
def test_mutants_are_refused_or_harmless(analyst: Analyst, effort: int) -> None:
    assert misunderstood(analyst, mutants(TEXTS, 1_000 * effort, seed=effort)) == {}


@pytest.mark.promise("sql:read-only")
def test_generated_queries_pass_and_mean_the_same(analyst: Analyst, effort: int) -> None:
    """Random queries over all views: none is refused wrongly, none is changed."""
    texts = queries(200 * effort, seed=effort)
    refused = {text: answer for text in texts if isinstance(answer := judged(text), Refused)}
    understood = sum(analyst.tree(text) is not None for text in texts)

    assert refused == {}
    assert misunderstood(analyst, texts) == {}
    assert understood > 0.75 * len(texts)


def test_any_text_gets_an_answer(effort: int) -> None:
    @settings(max_examples=100 * effort, deadline=None)
    @given(st.text(max_size=200))
    @example("SELECT '" + "\\'")
    @example("/*")
    def check(text: str) -> None:
        assert isinstance(judged(text), Refused | GuardedQuery)

    check()


_WORDS = st.sampled_from(sorted({piece for text in TEXTS for piece in re.findall(r"\w+|\S", text)}))


def test_any_words_get_an_answer(effort: int) -> None:
    @settings(max_examples=100 * effort, deadline=None)
    @given(st.lists(_WORDS, max_size=40))
    def check(words: list[str]) -> None:
        assert isinstance(judged("SELECT " + " ".join(words)), Refused | GuardedQuery)

    check()
