"""What the SQL guard takes for a query, beside what PostgreSQL takes to plan it."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.installation import Server
from benchmarks.report import Figure, seconds
from guardrails.sql import GuardedQuery, guard
from schema.tenants import NewTenant, create_tenant
from tests.guardrails.sql.corpus import ATTACKS, LEGITIMATE

ROUNDS = 20
CLOCK = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def measure(server: Server) -> Generator[Figure]:
    """The tests' corpus, each query guarded and then explained in turn; and what a refusal takes."""
    database = server.make("guarding")
    create_tenant(database, NewTenant("guarded", "Guarded", "a@guarded.example", "Ada"))
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("SELECT crm.enter('guarded')")
        connection.execute("SET search_path = crm_read")
        guarded, explained = _times(connection)
    database.close()
    milliseconds = [1000 * each for each in guarded]
    how = f"{len(LEGITIMATE)} queries, {ROUNDS} times each"
    yield Figure("SQL guard, median", f"{median(milliseconds):.2f} ms", "≤ 1.5 ms", how)
    yield Figure("SQL guard, p99", f"{quantiles(milliseconds, n=100)[98]:.2f} ms", "≤ 10 ms", how)
    yield Figure(
        "SQL guard ÷ EXPLAIN",
        f"{median(guarded) / median(explained):.1f}×",
        "≤ 15×",
        f"medians: {median(milliseconds):.2f} ÷ {1000 * median(explained):.2f} ms, planning through the views",
    )
    refused = [seconds(_guarding(text)) for _ in range(ROUNDS) for _, text in ATTACKS]
    yield Figure("SQL guard, a refusal", f"{1000 * median(refused):.2f} ms", "", f"{len(ATTACKS)} attacks")


def _guarding(text: str) -> Callable[[], object]:
    return lambda: guard(text, clock=CLOCK, zone=ZONE)


def _times(connection: psycopg.Connection) -> tuple[list[float], list[float]]:
    guarded: list[float] = []
    explained: list[float] = []
    for _ in range(ROUNDS):
        for text in LEGITIMATE:
            query = guard(text, clock=CLOCK, zone=ZONE)
            if not isinstance(query, GuardedQuery):
                raise TypeError(query.message)
            guarded.append(seconds(_guarding(text)))
            plan = f"EXPLAIN {query.sql}".encode()
            explained.append(seconds(lambda plan=plan: connection.execute(plan, prepare=False)))
    return guarded, explained
