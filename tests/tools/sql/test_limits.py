"""What a query that passed the guard may take: time, memory, and the size of its answer."""

import time

import pytest

from guardrails.limits import SqlLimits
from guardrails.sql import GuardedQuery, guard
from schema.errors import CrmError
from tools.context import ToolContext
from tools.execute import execute
from tools.sql.answer import as_sql_answer
from tools.sql.running import run

promise = pytest.mark.promise


def guarded(desk: ToolContext, sql: str) -> GuardedQuery:
    found = guard(sql, clock=desk.world.now(), zone=desk.zone)
    assert isinstance(found, GuardedQuery)
    return found


def refusal(desk: ToolContext, sql: str, limits: SqlLimits | None = None) -> str | None:
    with pytest.raises(CrmError) as refused:
        run(desk.db, desk.who, "person", guarded(desk, sql), limits or SqlLimits())
    return refused.value.rule


@promise("sql:read-only")
def test_time_is_counted_over_all_statements_of_a_query(desk: ToolContext) -> None:
    """Each batch of rows is quick enough by itself; PostgreSQL's timeout would begin anew with each."""
    started = time.monotonic()
    assert refusal(desk, "SELECT to_tsvector(repeat(body, 500)) FROM interactions", SqlLimits(seconds=1)) == "too_slow"
    assert time.monotonic() - started < 5


@promise("sql:read-only")
@pytest.mark.parametrize(
    "collected",
    [
        "array_agg(a.body || b.body)",
        "length(string_agg(a.body, b.body))",
        "json_agg(a.body)",
        "jsonb_agg(a)",
        "jsonb_object_agg(a.body || b.body, 1)",
    ],
)
def test_what_would_fill_the_memory_is_refused_by_its_plan(desk: ToolContext, collected: str) -> None:
    assert refusal(desk, f"SELECT {collected} FROM interactions a, interactions b") == "too_big"


@promise("sql:read-only")
@pytest.mark.parametrize("name", ["body", "q", "q0"])
def test_a_row_that_is_too_long_is_refused_before_it_is_fetched(desk: ToolContext, name: str) -> None:
    sql = f"SELECT string_agg(body, '') AS {name} FROM interactions"
    with pytest.raises(CrmError) as refused:
        run(desk.db, desk.who, "person", guarded(desk, sql), SqlLimits(characters=1_000))
    assert refused.value.rule == "too_big"
    assert "longer" in refused.value.message


def test_what_is_collected_within_the_limits_is_answered_in_order(desk: ToolContext) -> None:
    told = as_sql_answer(
        execute(
            desk, "query_sql", {"sql": "SELECT stage, array_agg(name) FROM opportunities GROUP BY 1 ORDER BY 1 DESC"}
        )
    )
    stages = [row[0] for row in told["rows"]]
    assert stages == sorted(stages, reverse=True)
    assert [column["type"] for column in told["columns"]] == ["text", "text[]"]
    assert sum(len(row[1]) for row in told["rows"]) == 500


@promise("exact:numbers")
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "SELECT sum(t) FROM (SELECT currency, sum(amount) AS t FROM opportunities GROUP BY 1) q",
            "put together as if",
        ),
        ("WITH a AS (SELECT amount AS x, currency FROM opportunities) SELECT avg(x) FROM a", "put together as if"),
        ("SELECT sum(t) FROM (SELECT sum(amount) AS t FROM opportunities GROUP BY currency) q", "could not be told"),
        (
            "SELECT name FROM accounts a WHERE (SELECT sum(amount) FROM opportunities o WHERE o.account_id = a.account_id) > 1",
            "could not be told",
        ),
    ],
)
def test_amounts_under_another_name_are_amounts(desk: ToolContext, sql: str, words: str) -> None:
    (note,) = as_sql_answer(execute(desk, "query_sql", {"sql": sql}))["notes"]
    assert words in note


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(t) FROM (SELECT sum(amount) AS t FROM opportunities WHERE currency = 'EUR') q",
        "SELECT max(n) FROM (SELECT count(amount) AS n FROM opportunities) q",
        "SELECT max(big) FROM (SELECT CASE WHEN amount > 9 THEN 1 END AS big FROM opportunities) q",
    ],
)
def test_what_is_no_mixture_of_amounts_needs_no_note(desk: ToolContext, sql: str) -> None:
    assert as_sql_answer(execute(desk, "query_sql", {"sql": sql}))["notes"] == []
