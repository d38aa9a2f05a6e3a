"""Guarded SQL from text to rows: exact, limited, honest about what it is, and silent about what it may not show."""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool

from guardrails.limits import SqlLimits
from guardrails.sql import GuardedQuery, guard
from schema.database import Database
from schema.errors import CrmError
from tools.context import ToolContext
from tools.execute import execute
from tools.sql.answer import as_sql_answer
from tools.sql.running import run

promise = pytest.mark.promise


def answer(desk: ToolContext, sql: str, **args: Any) -> Mapping[str, Any]:
    return as_sql_answer(execute(desk, "query_sql", {"sql": sql, **args}))


def as_owner(desk: ToolContext, sql: str) -> list[tuple[Any, ...]]:
    """The same question asked by the owner, who sees what a person's SQL would see."""
    with psycopg.connect(desk.db.admin_url) as owner:
        owner.execute("SELECT crm.enter('brightwater')")
        owner.execute(f"SET ROLE {desk.db.roles.name('reader')}".encode())
        owner.execute("SET search_path = crm_read")
        return owner.execute(sql.encode()).fetchall()


@promise("exact:numbers")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM opportunities WHERE is_won",
        "SELECT stage, count(*) FROM opportunities GROUP BY stage ORDER BY 1",
        "SELECT owner_name, count(*) FILTER (WHERE is_open) FROM opportunities GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3",
        "SELECT date_trunc('month', occurred_at) AS month, count(*) FROM interactions GROUP BY 1 ORDER BY 1",
        "TABLE statuses ORDER BY 1, 2",
        'SELECT x.a, x.b FROM jsonb_to_recordset(\'[{"a": 1, "b": 2}]\') AS x(a int, b bigint)',
        "SELECT t.k, t.n FROM json_table('[{\"n\": 3}]', '$[*]' COLUMNS (k FOR ORDINALITY, n int PATH '$.n')) AS t",
    ],
)
def test_rows_are_those_the_owner_would_get(desk: ToolContext, sql: str) -> None:
    told = answer(desk, sql, limit=1000)
    expected = as_owner(desk, sql)
    assert told["accepted"]
    assert (told["total"], told["returned"], told["truncated"]) == (len(expected), len(expected), False)
    assert [row[-1] for row in told["rows"]] == [row[-1] for row in expected]


@promise("nothing-hidden")
def test_an_answer_says_how_many_there_are_and_what_ran(desk: ToolContext) -> None:
    told = answer(desk, "SELECT name, amount, closed_at FROM opportunities", limit=7)
    assert (told["total"], told["returned"], told["truncated"]) == (500, 7, True)
    assert told["columns"] == [
        {"name": "name", "type": "text"},
        {"name": "amount", "type": "numeric"},
        {"name": "closed_at", "type": "timestamptz"},
    ]
    assert told["sql"] == "SELECT name, amount, closed_at FROM crm_read.opportunities"
    assert told["time_zone"] == "Europe/Berlin"


@promise("nothing-hidden")
@pytest.mark.parametrize(
    "beside", ["max(closed_at AT LOCAL)", "bool_or(json_exists(custom, '$.a ? (@ > $x)' PASSING 1 AS x))"]
)
def test_a_sum_that_cannot_be_looked_into_is_said_to_be_unchecked(desk: ToolContext, beside: str) -> None:
    (note,) = answer(desk, f"SELECT sum(amount), {beside} FROM opportunities")["notes"]
    assert "could not be told" in note
    assert answer(desk, f"SELECT count(*), {beside} FROM opportunities")["notes"] == []


@promise("exact:numbers")
def test_numbers_in_documents_are_not_rounded(desk: ToolContext) -> None:
    told = answer(
        desk,
        'SELECT \'{"a": 1.5, "b": 12345678901234567890.125, "c": 1e400, "d": [0.1]}\'::json,'
        f" to_jsonb(12345678901234567.25), '{'9' * 5000}'::jsonb, ARRAY['1.10'::jsonb]",
    )
    document, whole, long, several = told["rows"][0]
    assert document == {"a": 1.5, "b": "12345678901234567890.125", "c": "1e400", "d": [0.1]}
    assert (whole, several) == ("12345678901234567.25", [1.1])
    assert long == "9" * 5000


@pytest.mark.parametrize("document", ["[" * 70 + "]" * 70, '{"a":' * 1500 + "1" + "}" * 1500, "[" * 6000 + "]" * 6000])
def test_a_document_nested_very_deeply_is_told_as_text(desk: ToolContext, document: str) -> None:
    for kind in ("json", "jsonb"):
        ((told,),) = answer(desk, f"SELECT '{document}'::{kind}")["rows"]
        assert str(told).replace(" ", "") == document


def test_bytes_bits_and_ranges_are_told_as_postgresql_writes_them(desk: ToolContext) -> None:
    told = answer(
        desk,
        "SELECT 'a'::bytea, ARRAY['b'::bytea], B'101', X'1F', '5'::int::bit(4), daterange('2026-01-01', '2026-01-31'),"
        " multirange(int4range(1, 3))",
    )
    assert told["rows"] == [
        ["\\x61", ["\\x62"], "101", "00011111", "0101", "[2026-01-01,2026-01-31)", "{[1,3)}"],
    ]


def test_values_are_what_json_can_hold_exactly(desk: ToolContext) -> None:
    told = answer(
        desk,
        "SELECT 1.10::numeric, 2, true, NULL::text, DATE '2026-11-20', TIMESTAMPTZ '2026-11-20 10:30+01', INTERVAL '1 month',"
        " ARRAY[1.5, 2], '{\"a\": [1]}'::jsonb, TIMESTAMP '2026-11-20 10:30', 'infinity'::date, 1.5::float8",
    )
    assert told["rows"][0][:6] == ["1.10", 2, True, None, "2026-11-20", "2026-11-20T09:30:00Z"]
    assert told["rows"][0][6:] == ["1 mon", ["1.5", "2"], {"a": [1]}, "2026-11-20T10:30:00", "infinity", 1.5]
    assert [column["type"] for column in told["columns"]] == (
        [
            "numeric",
            "int4",
            "bool",
            "text",
            "date",
            "timestamptz",
            "interval",
            "numeric[]",
            "jsonb",
            "timestamp",
            "date",
            "float8",
        ]
    )


def test_now_is_the_runs_clock_in_the_persons_zone(desk: ToolContext) -> None:
    told = answer(desk, "SELECT now(), current_date")
    assert told["rows"] == [["2026-11-20T09:30:00Z", "2026-11-20"]]


@promise("sql:read-only")
@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("SELECT 1/(amount - amount) FROM opportunities WHERE amount IS NOT NULL", "division"),
        ("SELECT name::integer FROM accounts", "bad_value"),
        ("SELECT name::date FROM accounts", "bad_value"),
        ("SELECT (SELECT name FROM accounts)", "one_row"),
        ("SELECT name + 1 FROM accounts", "known_types"),
        ("SELECT * FROM interactions a, interactions b, interactions c, interactions d", "cost"),
    ],
)
def test_an_error_tells_a_rule_and_no_data(desk: ToolContext, sql: str, rule: str) -> None:
    told = answer(desk, sql)
    assert (told["accepted"], told["rule"], told["rows"]) == (False, rule, [])
    names = [row[0] for row in as_owner(desk, "SELECT name FROM accounts")]
    assert not any(name in told["message"] for name in names)


@promise("sql:read-only")
def test_a_query_that_outlives_its_time_is_stopped(desk: ToolContext) -> None:
    sql = "SELECT count(*) FROM interactions a JOIN interactions b ON a.body < b.body JOIN tasks t ON t.title < b.body"
    query = guarded(desk, sql)
    with pytest.raises(CrmError) as stopped:
        run(desk.db, desk.who, "person", query, SqlLimits(seconds=0.2, cost=1e12))
    assert stopped.value.rule == "too_slow"


@promise("sql:read-only")
def test_rows_end_where_their_size_does(desk: ToolContext) -> None:
    query = guarded(desk, "SELECT body FROM interactions")
    rows = run(desk.db, desk.who, "person", query, SqlLimits(characters=5_000))
    assert 0 < sum(len(row[0]) for row in rows.rows) <= 5_000
    assert rows.total == 4_000
    assert rows.is_truncated
    with pytest.raises(CrmError) as refused:
        run(desk.db, desk.who, "person", query, SqlLimits(characters=10))
    assert refused.value.rule == "too_big"


@promise("exact:numbers")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(amount) FROM opportunities",
        "SELECT stage, avg(amount) FROM opportunities GROUP BY stage",
        "WITH won AS (SELECT amount, currency FROM opportunities WHERE is_won) SELECT sum(amount) FROM won",
        "SELECT o.owner_name, sum(o.amount) FROM opportunities o JOIN accounts a USING (account_id) GROUP BY 1",
    ],
)
def test_adding_several_currencies_is_said(desk: ToolContext, sql: str) -> None:
    told = answer(desk, sql)
    assert [note for note in told["notes"] if "EUR" in note and "group by currency" in note]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT currency, sum(amount) FROM opportunities GROUP BY currency",
        "SELECT currency, sum(amount) FROM opportunities GROUP BY 1",
        "SELECT sum(amount) FROM opportunities WHERE currency = 'EUR'",
        "SELECT count(amount) FROM opportunities",
        "SELECT sum(probability) FROM opportunities",
        "SELECT name, amount, sum(amount) OVER (PARTITION BY currency) FROM opportunities",
    ],
)
def test_one_currency_at_a_time_needs_no_note(desk: ToolContext, sql: str) -> None:
    assert answer(desk, sql)["notes"] == []


def test_sales_analytics_follows_changes_and_tells_its_age(demo_database: Database) -> None:
    who = demo_database.sign_in("admin@brightwater.example")
    desk = ToolContext(db=demo_database, world=demo_database.world, who=who)
    before = answer(desk, "SELECT count(*) FROM sales_analytics")
    assert any("as of" in note for note in before["notes"])
    args = {"kind": "opportunity", "fields": {"name": "Fresh one"}, "reason": "A test."}
    assert execute(desk, "create_record", args).outcome == "ok"
    after = answer(desk, "SELECT count(*) FROM sales_analytics")
    assert after["rows"][0][0] == before["rows"][0][0] + 1


@promise("tenant:sealed")
def test_another_tenant_gets_its_own_rows(desk: ToolContext) -> None:
    other = replace(desk, who=desk.db.sign_in("admin@kestrel.example"))
    ours = {row[0] for row in answer(desk, "SELECT opportunity_id FROM opportunities", limit=1000)["rows"]}
    theirs = {row[0] for row in answer(other, "SELECT opportunity_id FROM opportunities", limit=1000)["rows"]}
    assert ours
    assert theirs
    assert not ours & theirs


@promise("sql:read-only")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT set_config('crm.context', '', true)",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SET TRANSACTION READ WRITE",
        "SET ROLE postgres",
        "INSERT INTO tasks VALUES (1)",
        "CREATE TEMPORARY TABLE t (a int)",
        "DELETE FROM opportunities",
        "SELECT * FROM crm.opportunities",
        "SELECT * FROM crm_private.signing_key",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT pg_sleep(1)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
        "SELECT crm.sign('00000000-0000-0000-0000-000000000000', NULL, 'person', 'system', 1, 1, now())",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "DO $$ BEGIN PERFORM 1; END $$",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_notify('a', 'b')",
        "SELECT nextval('crm.audit_events_event_id_seq')",
    ],
)
def test_without_the_guard_the_role_and_the_transaction_hold(desk: ToolContext, sql: str) -> None:
    with desk.db.reading(desk.who, "model", 5) as connection, pytest.raises(psycopg.Error):
        psycopg.Cursor(connection).execute(sql.encode(), prepare=True)


@promise("sql:read-only")
def test_a_connection_goes_back_without_anything_left_in_it(desk: ToolContext) -> None:
    with desk.db.reading(desk.who, "person", 5) as connection:
        first = connection.info.backend_pid
        psycopg.Cursor(connection).execute("SET SESSION statement_timeout = 0")
        psycopg.Cursor(connection).execute("PREPARE kept AS SELECT 1")
    with desk.db.reading(desk.who, "person", 5) as connection:
        assert connection.info.backend_pid == first
        assert psycopg.Cursor(connection).execute("SHOW statement_timeout").fetchone() == ("5s",)
        with pytest.raises(psycopg.errors.InvalidSqlStatementName):
            psycopg.Cursor(connection).execute("EXECUTE kept")


def test_a_lost_connection_is_replaced(desk: ToolContext) -> None:
    with desk.db.reading(desk.who, "person", 5) as connection, psycopg.connect(desk.db.admin_url) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            psycopg.Cursor(connection).execute("SELECT 1")
    assert answer(desk, "SELECT 1")["rows"] == [[1]]


def test_more_readers_than_there_are_connections_are_told_to_come_again(desk: ToolContext) -> None:
    """Rather than an error of the pool's own."""
    connection = cast("DBAPIConnection", psycopg.connect(desk.db.admin_url))
    readers = QueuePool(lambda: connection, pool_size=1, max_overflow=0, timeout=0.1)
    crowded = replace(desk, db=replace(desk.db, reader=readers))
    held = readers.connect()
    told = execute(crowded, "query_sql", {"sql": "SELECT 1"})
    held.close()
    readers.dispose()
    assert told.result["error"]["kind"] == "unavailable"
    assert "at once" in told.result["error"]["message"]


def guarded(desk: ToolContext, sql: str) -> GuardedQuery:
    found = guard(sql, clock=desk.world.now(), zone=desk.zone)
    assert isinstance(found, GuardedQuery)
    return found


def test_eight_readers_at_once_see_the_same(desk: ToolContext) -> None:
    totals: list[int] = []

    def read() -> None:
        totals.extend(answer(desk, "SELECT count(*) FROM interactions")["rows"][0][0] for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    assert totals == [4_000] * 40
