"""What the SQL guard takes for a query, beside what PostgreSQL takes to parse and to plan it.

pglast, PostgreSQL's own parser as a Python package, is GPL and not installed with crm-agent: it parses in the environment
whose Python PGLAST names (`python -m venv parser && parser/bin/pip install pglast`, then `PGLAST=parser/bin/python make bench`).
Without one, only the guard and PostgreSQL are measured.
"""

import json
import os
import subprocess
from collections.abc import Callable, Generator, Sequence
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
PARSERS = {"a tree in Python": "parse_sql", "a text of JSON": "parse_sql_json"}
SERVE_PARSER = """
import json, sys, time
from pglast import parser
for line in sys.stdin:
    name, texts = json.loads(line)
    parse, took = getattr(parser, name), []
    for text in texts:
        started = time.perf_counter()
        parse(text)
        took.append(time.perf_counter() - started)
    print(json.dumps(took), flush=True)
"""


def measure(server: Server) -> Generator[Figure]:
    """The tests' corpus, each query guarded and then explained in turn; what a refusal takes; and parsing alone."""
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
    if theirs := os.environ.get("PGLAST"):
        yield from _parsing(theirs)
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


def _parsing(theirs: str) -> Generator[Figure]:
    """A round of the corpus through the guard, then one through the parser, so that a busy moment falls on both."""
    arguments = [theirs, "-c", SERVE_PARSER]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        for makes, name in PARSERS.items():
            ours: list[float] = []
            parsed: list[float] = []
            for _ in range(ROUNDS):
                ours += [seconds(_guarding(text)) for text in LEGITIMATE]
                parsed += _ask(server, name, LEGITIMATE)
            yield Figure(
                f"SQL guard ÷ PostgreSQL's parser, {makes}",
                f"{median(ours) / median(parsed):.1f}×",
                "",
                f"medians: {1000 * median(ours):.2f} ÷ {1000 * median(parsed):.2f} ms, pglast.parser.{name}",
            )


def _ask(server: subprocess.Popen[str], name: str, texts: Sequence[str]) -> list[float]:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([name, texts]) + "\n")
    server.stdin.flush()
    return json.loads(server.stdout.readline())
