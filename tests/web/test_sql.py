"""`POST /api/v1/sql`: the same guard and reader as for a model, over HTTP."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.web.conftest import Site

SLOW = "SELECT count(*) FROM interactions a JOIN interactions b ON a.body < b.body JOIN tasks t ON t.title < b.body"

promise = pytest.mark.promise


def test_a_query_answers_with_rows_and_what_ran(admin: httpx.Client) -> None:
    told = admin.post(
        "/api/v1/sql", json={"sql": "SELECT stage, count(*) FROM opportunities GROUP BY 1", "limit": 2}
    ).json()
    assert (told["accepted"], told["total"], told["returned"], told["truncated"]) == (True, 6, 2, True)
    assert told["sql"].startswith("SELECT stage, count(*) FROM crm_read.opportunities")
    assert [column["type"] for column in told["columns"]] == ["text", "int8"]


@promise("sql:read-only")
@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("", "one_statement"),
        ("SELECT \x00 1", "characters"),
        ("DELETE FROM tasks", "read_only"),
        ("SELECT pg_sleep(9)", "known_functions"),
        ("SELECT 1/0", "division"),
    ],
)
def test_a_refusal_is_an_answer_with_a_rule(admin: httpx.Client, sql: str, rule: str) -> None:
    response = admin.post("/api/v1/sql", json={"sql": sql})
    assert response.status_code == 200
    told = response.json()
    assert (told["accepted"], told["rule"], told["rows"]) == (False, rule, [])
    assert told["message"].endswith(".")


@promise("rights:user")
def test_who_may_not_read_gets_no_row(site: Site) -> None:
    assert httpx.post(f"{site.url}/api/v1/sql", json={"sql": "SELECT 1"}).status_code == 401
    with site.client("admin@brightwater.example", "task:write") as writer:
        assert writer.post("/api/v1/sql", json={"sql": "SELECT 1"}).status_code == 403
    with site.client("viewer@brightwater.example", "*:read") as viewer:
        assert viewer.post("/api/v1/sql", json={"sql": "SELECT 1"}).json()["rows"] == [[1]]


@promise("tenant:sealed")
def test_a_viewer_and_another_tenant_see_their_own(site: Site) -> None:
    """All at once, over and over: whatever connection a query gets, the rows are its caller's."""
    sql = {
        "sql": "SELECT (SELECT min(slug) FROM tenants), (SELECT count(*) FROM accounts), user_id FROM users",
        "limit": 99,
    }
    callers = ("viewer@brightwater.example", "member@brightwater.example", "admin@kestrel.example")
    expected: dict[str, list[Any]] = {}

    def ask(caller: str) -> tuple[str, list[Any]]:
        with site.client(caller, "*:read") as client:
            return caller, client.post("/api/v1/sql", json=sql).json()["rows"]

    for caller in callers:
        expected[caller] = ask(caller)[1]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(ask, callers * 12))
    assert all(rows == expected[caller] for caller, rows in answers)
    assert [rows[0][0] for rows in expected.values()] == ["brightwater", "brightwater", "kestrel"]
    assert not {row[2] for row in expected[callers[0]]} & {row[2] for row in expected[callers[2]]}


def test_bad_bodies_are_problems(admin: httpx.Client) -> None:
    for body in ({}, {"sql": "SELECT 1", "limit": 0}, {"sql": "SELECT 1", "oops": 1}):
        response = admin.post("/api/v1/sql", json=body)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"


@promise("sql:read-only")
def test_a_query_stops_when_its_caller_goes_away(site: Site) -> None:
    with site.client("member@brightwater.example") as member, pytest.raises(httpx.ReadTimeout):
        member.post("/api/v1/sql", json={"sql": SLOW}, timeout=1)
    row = outcome_of(site, SLOW)
    assert row["outcome"] == "failed"
    assert row["result"]["error"]["rule"] == "too_slow"
    # Its own time would be ten seconds.
    assert row["duration_ms"] < 9_000


def outcome_of(site: Site, sql: str) -> dict[str, Any]:
    """The stored call, once it is there."""
    who = site.db.sign_in("member@brightwater.example")
    for _ in range(200):
        with site.db.store(who) as session:
            found = session.rows(
                "SELECT outcome, result, duration_ms FROM crm.tool_calls WHERE args ->> 'sql' = :sql", sql=sql
            )
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("the call was never stored")
