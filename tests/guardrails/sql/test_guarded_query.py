"""The type that only the guard can make, and the clock that its queries run by."""

import copy
import pickle
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from guardrails.sql import GuardedQuery, Refused, guard
from tests.guardrails.sql.corpus import NOW, ZONE, judged, passed


@pytest.mark.promise("sql:read-only")
def test_nothing_else_makes_a_guarded_query() -> None:
    query = passed("SELECT 1")
    with pytest.raises(TypeError, match="only the guard"):
        cast("Any", GuardedQuery)(object(), "DROP TABLE x", 1, (), frozenset())
    with pytest.raises(TypeError, match="not copied"):
        pickle.dumps(query)
    with pytest.raises(TypeError, match="not copied"):
        copy.copy(query)
    with pytest.raises(AttributeError):
        cast("Any", query).sql = "DROP TABLE x"


def test_it_says_what_it_reads() -> None:
    query = passed(
        "WITH a AS (SELECT account_id FROM accounts) SELECT o.name, a.* FROM opportunities o JOIN a USING (account_id)"
    )

    assert query.views == {"accounts", "opportunities"}
    assert query.columns == ("name", "account_id")
    assert query.limit == 200


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("SELECT now()", "SELECT TIMESTAMPTZ '2026-11-20 10:30:00+01:00' AS now"),
        ("SELECT now() AS n", "SELECT TIMESTAMPTZ '2026-11-20 10:30:00+01:00' AS n"),
        ("SELECT CURRENT_DATE - 1", "SELECT DATE '2026-11-20' - 1"),
        ("SELECT current_timestamp(0)", "SELECT TIMESTAMPTZ '2026-11-20 10:30:00+01:00' AS \"current_timestamp\""),
        ("SELECT localtimestamp AS t", "SELECT TIMESTAMP '2026-11-20 10:30:00' AS t"),
        ("SELECT 'tomorrow'::date AS d", "SELECT DATE '2026-11-21' AS d"),
        ("SELECT timestamptz 'today' AS t", "SELECT TIMESTAMPTZ '2026-11-20 00:00:00' AS t"),
        ("SELECT date 'yesterday' AS d", "SELECT DATE '2026-11-19' AS d"),
        ("SELECT CASE WHEN is_open THEN 'today' ELSE 'now' END AS c FROM leads", None),
        ("SELECT name FROM tasks_now", ""),
        ("SELECT title FROM tasks WHERE title = 'today'", None),
    ],
)
def test_moments_are_the_runs_own(text: str, sql: str | None) -> None:
    answer = judged(text)
    if sql == "":
        assert isinstance(answer, Refused)
        return

    assert isinstance(answer, GuardedQuery)
    assert sql is None or answer.sql == sql


def test_the_day_is_the_askers() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    days = {zone: guard("SELECT current_date AS d", clock=late, zone=ZoneInfo(zone)) for zone in ("UTC", "Asia/Tokyo")}

    assert [str(query) for query in days.values()] == [
        "GuardedQuery(\"SELECT DATE '2026-11-20' AS d\")",
        "GuardedQuery(\"SELECT DATE '2026-11-21' AS d\")",
    ]


def test_the_limit_is_the_callers() -> None:
    query = guard("SELECT name FROM accounts", clock=NOW, zone=ZONE, limit=5)

    assert isinstance(query, GuardedQuery)
    assert query.limit == 5
