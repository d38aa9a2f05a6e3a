"""What analysts write passes, and what runs instead means the same to PostgreSQL."""

import re

import pytest

from guardrails.sql import Refused
from tests.guardrails.sql.conftest import Eyes
from tests.guardrails.sql.corpus import DIFFERENTIALS, LEGITIMATE, judged, passed

_MOMENT = "TIMESTAMPTZ '2026-11-20 09:30:00+00'"
_MOVING = {
    r"\bnow\(\)|\bcurrent_timestamp\b": _MOMENT,
    r"\bcurrent_date\b": "DATE '2026-11-20'",
    r"'today'::date": "DATE '2026-11-20'",
    r"\blocaltimestamp\b(?:\(0\))?": "TIMESTAMP '2026-11-20 10:30'",
    r"\bage\(created_at\)": "age(DATE '2026-11-20', created_at)",
}


def standing_still(text: str) -> str:
    """The text with its moments written out by hand, since PostgreSQL's own clock is another."""
    for pattern, moment in _MOVING.items():
        text = re.sub(pattern, moment, text, flags=re.IGNORECASE)
    return text


def test_the_corpus_is_large() -> None:
    assert len(LEGITIMATE) >= 700


@pytest.mark.promise("sql:read-only")
def test_what_runs_means_what_was_written(eyes: Eyes) -> None:
    """The same columns with the same types, and the same rows."""
    differ: dict[str, object] = {}
    for text in LEGITIMATE:
        query = passed(text)
        written, runs = eyes.see(standing_still(text)), eyes.see(query.sql)
        is_moving = standing_still(text) != text
        names = [name for name, _ in runs.columns]
        if runs.error or written.rows != runs.rows or list(query.columns) != names:
            differ[text] = (query.sql, written.error, runs.error, query.columns, names)
        if not is_moving and written.columns != runs.columns:
            differ[text] = (query.sql, written.columns, runs.columns)

    assert differ == {}


def test_what_is_read_differently_elsewhere_is_refused_or_means_the_same(eyes: Eyes) -> None:
    """The table of differentials between PostgreSQL and sqlglot: none changes an answer, most even pass."""
    differ: dict[str, object] = {}
    answered = 0
    for text in DIFFERENTIALS:
        query = judged(text)
        if isinstance(query, Refused):
            continue
        answered += 1
        written, runs = eyes.see(standing_still(text)), eyes.see(query.sql)
        if written != runs and not (standing_still(text) != text and written.rows == runs.rows):
            differ[text] = (query.sql, written, runs)

    assert differ == {}
    assert answered > len(DIFFERENTIALS) * 0.7


@pytest.mark.parametrize("text", LEGITIMATE)
def test_what_runs_passes_again_and_is_left_alone(text: str) -> None:
    once = passed(text)
    again = passed(once.sql)

    assert again.sql == once.sql
    assert (again.columns, again.views) == (once.columns, once.views)
