"""A query stopped from another thread, and reads sent to another server."""

import threading
from dataclasses import replace

import psycopg
import pytest

from schema.cancelling import Cancellation
from schema.database import Database
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW
from tools.calls import ToolOutcome
from tools.context import ToolContext
from tools.execute import execute

SLOW = "SELECT count(*) FROM interactions a JOIN interactions b ON a.body < b.body JOIN tasks t ON t.title < b.body"

promise = pytest.mark.promise


@promise("sql:read-only")
def test_a_cancelled_query_ends_and_the_next_one_runs(desk: ToolContext) -> None:
    cancellation = Cancellation()
    found: list[ToolOutcome] = []
    thread = threading.Thread(
        target=lambda: found.append(execute(replace(desk, cancellation=cancellation), "query_sql", {"sql": SLOW}))
    )
    thread.start()
    while not is_running(desk):
        assert thread.is_alive()
    cancellation.cancel()
    thread.join(8)
    assert found[0].result["error"]["rule"] == "too_slow"
    assert execute(desk, "query_sql", {"sql": "SELECT 1"}).result["rows"] == [[1]]


def test_a_query_cancelled_before_it_began_never_runs(desk: ToolContext) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    outcome = execute(replace(desk, cancellation=cancellation), "query_sql", {"sql": "SELECT 1"})
    assert outcome.result["error"]["rule"] == "too_slow"


def is_running(desk: ToolContext) -> bool:
    """Whether the reader has begun to fetch; only a superuser sees another role's queries."""
    with psycopg.connect(desk.db.admin_url) as admin:
        found = admin.execute(
            "SELECT FROM pg_stat_activity WHERE query LIKE 'FETCH%%' AND state = 'active' AND usename = %s",
            [desk.db.roles.name("reader")],
        )
        return found.fetchone() is not None


def test_reads_go_to_the_read_database_when_there_is_one(
    demo: Database, demo_database: Database, settings: Settings
) -> None:
    apart = Database.open(
        demo.admin_url, replace(settings, read_database_url=demo_database.admin_url), World.fixed(NOW, seed=77)
    )
    desk = ToolContext(db=apart, world=apart.world, who=apart.sign_in("admin@brightwater.example"))
    made = execute(desk, "create_record", {"kind": "task", "fields": {"title": "Written here"}, "reason": "A test."})
    assert made.outcome == "ok", made.result
    told = execute(desk, "query_sql", {"sql": "SELECT count(*) FROM tasks WHERE title = 'Written here'"})
    undone = execute(desk, "undo", {"change_id": made.result["changes"][0], "reason": "A test."})
    apart.close()
    assert (made.outcome, told.result["rows"], undone.outcome) == ("ok", [[0]], "ok")
