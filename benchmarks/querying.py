"""What a whole SQL question costs beside its parts, and what row level security costs on a million rows."""

from collections.abc import Callable, Generator
from statistics import median
from typing import Any, LiteralString, cast
from uuid import UUID

import psycopg
from psycopg import sql

from benchmarks.guarding import CLOCK, ROUNDS, ZONE
from benchmarks.installation import Server
from benchmarks.report import Figure, seconds, side_by_side
from guardrails.sql import GuardedQuery, guard
from schema.database import Database
from schema.demo import load
from schema.tenants import NewTenant, create_tenant
from tests.guardrails.sql.corpus import LEGITIMATE
from tools.context import ToolContext
from tools.execute import execute

ROWS = 1_000_000
OTHERS = 10
"""Each of so many other tenants has a tenth of the rows beside."""
SCANS = 9
LOOKUPS = 200

_FILL: LiteralString = """
INSERT INTO crm.tasks (tenant_id, id, title, status, priority, due_at, assignee_id, created_at, updated_at)
SELECT CASE WHEN n <= %(mine)s THEN %(tenant)s ELSE md5((n %% %(others)s)::text)::uuid END, gen_random_uuid(),
       'Task ' || n, (ARRAY['open', 'done', 'cancelled'])[n %% 3 + 1], (ARRAY['low', 'normal', 'high'])[n %% 3 + 1],
       now() - n * interval '1 minute', md5((n %% 500)::text)::uuid, now(), now()
FROM generate_series(1, %(rows)s) AS n
"""
_SCAN: LiteralString = "SELECT priority, count(*), min(due_at) FROM {} GROUP BY priority"
_LOOKUP: LiteralString = "SELECT title FROM {} WHERE assignee_id = md5('7')::uuid ORDER BY due_at DESC LIMIT 20"


def measure(server: Server) -> Generator[Figure]:
    """The demo company's questions one after the other; then one table of a million rows, with and without the policy."""
    demo = server.make("querying")
    load(demo.admin_url, demo.world)
    yield from _whole(demo)
    demo.close()
    large = server.make("million")
    create_tenant(large, NewTenant("measured", "Measured", "a@measured.example", "Ada"))
    yield from _policy(large)
    large.close()


def _whole(database: Database) -> Generator[Figure]:
    who = database.sign_in("admin@brightwater.example")
    desk = ToolContext(db=database, world=database.world, who=who)
    queries = [(text, _guarded(text)) for text in LEGITIMATE[:100]]
    for text, _ in queries:
        execute(desk, "query_sql", {"sql": text})
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("SELECT crm.enter('brightwater')")
        connection.execute("SET search_path = crm_read")
        pairs = [
            (
                seconds(lambda text=text: execute(desk, "query_sql", {"sql": text})),
                seconds(lambda query=query: connection.execute(_ours(query.sql), prepare=False).fetchall()),
                seconds(lambda text=text: _guarded(text)),
            )
            for _ in range(ROUNDS // 4)
            for text, query in queries
        ]
    whole, bare, guarded = (1000 * median(part) for part in zip(*pairs, strict=True))
    how = f"{len(queries)} queries on the demo company: {whole:.1f}"
    yield Figure("query_sql ÷ the same SQL sent bare", f"{whole / bare:.1f}×", "", f"{how} ÷ {bare:.2f} ms")
    yield Figure("SQL guard ÷ query_sql", f"{guarded / whole:.2f}×", "", f"{guarded:.2f} ÷ {whole:.1f} ms")


def _guarded(text: str) -> GuardedQuery:
    query = guard(text, clock=CLOCK, zone=ZONE)
    if not isinstance(query, GuardedQuery):
        raise TypeError(query.message)
    return query


def _policy(database: Database) -> Generator[Figure]:
    """Beside the same plan, what the policy costs is one look at the context's signature in each query."""
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        tenant = _filled(connection)
        shapes: tuple[tuple[str, str, LiteralString, int], ...] = (
            ("an aggregate over all", "≤ 1.15×", _SCAN, SCANS),
            ("20 rows by an index", "", _LOOKUP, LOOKUPS),
        )
        for shape, reach, query, rounds in shapes:
            secured, plain = side_by_side(
                _timed(connection, query, "crm.tasks", database.roles.name("view")),
                _timed(connection, query, f"(SELECT * FROM crm.tasks WHERE tenant_id = '{tenant}') AS t", None),
                rounds,
            )
            how = f"{ROWS:,} rows of one of {OTHERS + 1} tenants: {1000 * secured:.2f} ÷ {1000 * plain:.2f} ms"
            yield Figure(f"RLS ÷ explicit WHERE, {shape}", f"{secured / plain:.2f}×", reach, how)


def _filled(connection: psycopg.Connection[Any]) -> UUID:
    """Fills the table past its triggers and constraints; answers with the tenant of most rows."""
    (tenant,) = cast("tuple[UUID]", connection.execute("SELECT tenant_id FROM crm.tenants").fetchone())
    connection.execute("SET session_replication_role = replica")
    connection.execute(_FILL, {"tenant": tenant, "mine": ROWS, "rows": 2 * ROWS, "others": OTHERS})
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM ANALYZE crm.tasks")
    connection.execute("SELECT crm.enter('measured')")
    return tenant


def _timed(
    connection: psycopg.Connection[Any], query: LiteralString, source: str, role: str | None
) -> Callable[[], float]:
    """A query's time, as a role to which the policy applies or as the owner of all, to whom it does not."""
    statement = sql.SQL(query).format(_ours(source))

    def take() -> float:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)) if role else "RESET ROLE")
        return seconds(lambda: connection.execute(statement, prepare=False).fetchall())

    return take


def _ours(text: str) -> sql.SQL:
    return sql.SQL(cast("LiteralString", text))
