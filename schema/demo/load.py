"""Copies the demo company into a migrated database, with the history its records would have left behind.

Our triggers stand aside while it does: they log the present, and this history lies in the past. What they would have
written, registry, audit events and what is to be indexed, is written here in bulk; a test compares. Foreign keys and
checks hold throughout.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from functools import partial
from typing import LiteralString

import psycopg
from psycopg import sql

from schema.demo.history import Version
from schema.demo.staging import COLUMNS, TABLES, TENANCY, Staging, staging_name
from schema.demo.story import story
from schema.demo.tenants import BLUEPRINTS, BRIGHTWATER, Blueprint
from schema.errors import CrmError
from schema.labels import label
from schema.models import Base
from schema.models.base import SCHEMA
from schema.triggers import AUDITED, AuditedTable
from schema.world import World

Progress = Callable[[str, int, int], None]

SEED = 7
VERSIONS_A_RECORD = 3.2
"""About how many versions of rows the story tells for each living record."""
TOLD_EVERY = 500
# Any number will do, as long as nobody else on the server uses it: two loaders must not both find the place empty.
LOAD_LOCK = 0x64656D6F

_ROLES = """
SELECT (SELECT relowner::regrole::text FROM pg_class WHERE oid = 'crm.organizations'::regclass),
       (SELECT relowner::regrole::text FROM pg_class WHERE oid = 'crm.audit_events'::regclass),
       (SELECT proowner::regrole::text FROM pg_proc WHERE oid = 'crm.current_tenant()'::regprocedure)
"""
_ROWS = """
INSERT INTO {table} ({columns})
SELECT {columns} FROM (SELECT DISTINCT ON ({key}) * FROM {staged} ORDER BY {key}, demo_version DESC) latest
"""
_RECORDS = """
INSERT INTO crm.records (tenant_id, id, kind, label, is_deleted)
SELECT tenant_id, id, {kind}, coalesce({label}, ''), deleted_at IS NOT NULL
FROM (SELECT DISTINCT ON (id) * FROM {staged} ORDER BY id, demo_version DESC) latest
"""
_QUEUE = """
INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind)
SELECT r.tenant_id, r.id, r.kind FROM crm.records r
WHERE NOT EXISTS (SELECT FROM crm.embedding_queue q WHERE q.tenant_id = r.tenant_id AND q.record_id = r.id)
"""
_VERSIONS = """
SELECT c.demo_change, v.demo_version, {table_name} AS table_name,
       CASE WHEN v.before IS NULL THEN 'create' WHEN {is_record} THEN c.action ELSE 'update' END AS action,
       v.before, v.after
FROM (
    SELECT demo_change, demo_version, image AS after,
           lag(image) OVER (PARTITION BY {key} ORDER BY demo_version) AS before
    FROM (SELECT *, to_jsonb(s) - {hidden}::text[] AS image FROM {staged} s) imaged
) v JOIN pg_temp.demo_changes c USING (demo_change)
"""
_EVENTS = """
INSERT INTO crm.audit_events (
    tenant_id, change_id, operation_id, occurred_at, action, table_name, record_kind, record_id, before, after,
    actor, on_behalf_of, user_id, via_agent, tool, prompt, reason, model)
SELECT (v.after ->> 'tenant_id')::uuid,
       encode(substr(sha256(convert_to(c.operation_id::text || c.record_id::text, 'UTF8')), 1, 16), 'hex')::uuid,
       c.operation_id, c.occurred_at, v.action, v.table_name, c.record_kind, c.record_id, v.before, v.after,
       c.actor, c.on_behalf_of, c.user_id, c.via_agent, c.tool, c.prompt, c.reason, c.model
FROM ({versions}) v JOIN pg_temp.demo_changes c USING (demo_change)
ORDER BY c.occurred_at, v.demo_version
"""


def is_loaded(connection: psycopg.Connection) -> bool:
    """True when the demo company's first tenant is there; the connection's role must see all tenants."""
    found = connection.execute("SELECT 1 FROM crm.tenants WHERE slug = %s", [BRIGHTWATER.slug]).fetchone()
    return found is not None


def load(
    admin_url: str,
    world: World,
    *,
    seed: int = SEED,
    scale: int = 1,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Puts both demo tenants into the database at `admin_url`; returns how many rows each table got.

    `progress` is told what is being done, how much of it is, and about how much there is. The history ends at the
    world's now. All or nothing, in one transaction. Raises CrmError: conflict when the demo company is there already,
    invalid for a scale below 1, setup when the database is not migrated.
    """
    if scale < 1:
        raise CrmError("invalid", f"The scale is {scale}; it must be 1 or more.")
    now = world.now()
    counts = dict.fromkeys((*TABLES, "audit_events"), 0)
    with psycopg.connect(admin_url) as connection:
        loading = _Loading(connection)
        for blueprint in BLUEPRINTS:
            chosen = blueprint.scaled(scale) if blueprint is BRIGHTWATER else blueprint
            tell = partial(progress or _unheard, blueprint.name)
            added = loading.add(_counted(story(chosen, seed, now), chosen, tell))
            counts = {table: count + added[table] for table, count in counts.items()}
            tell(1, 1)
        loading.finish()
    return counts


def _unheard(_title: str, _done: int, _total: int) -> None: ...


def _counted(versions: Iterable[Version], blueprint: Blueprint, tell: Callable[[int, int], None]) -> Iterator[Version]:
    """The same, told as they come; copying them into their tables takes as long as half of them again."""
    expected = round(sum(astuple(blueprint.sizes)) * VERSIONS_A_RECORD * 1.5)
    for number, version in enumerate(versions):
        if number % TOLD_EVERY == 0:
            tell(number, expected)
        yield version


class _Loading:
    """The one transaction; each role does what it may: owner, system, audit."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        connection.execute("SELECT set_config('TimeZone', 'UTC', true), set_config('work_mem', '96MB', true)")
        self._owner, self._audit, self._system = self._roles()
        self._become(self._system)
        if is_loaded(connection):
            raise CrmError("conflict", "The demo company is loaded already; `crm-agent db status` shows what there is.")
        self._triggers("DISABLE")
        self._become(self._system)
        self._staging = Staging(connection, readers=[self._audit])

    def add(self, versions: Iterable[Version]) -> dict[str, int]:
        """Loads one tenant's story: the last version of each row, the registry, one audit event per version."""
        self._become(self._system)
        self._staging.fill(versions)
        counts = {table: self._insert_rows(table) for table in TENANCY}
        for table in AUDITED:
            if table.is_record:
                self._insert_records(table)
        counts |= {table: self._insert_rows(table) for table in TABLES if table not in TENANCY}
        self._become(self._audit)
        counts["audit_events"] = self._insert_events()
        self._become(self._system)
        self._staging.clear()
        return counts

    def finish(self) -> None:
        """Puts the triggers back; brings the planner's statistics and the materialised view up to date."""
        # Triggers cannot be switched while a deferred check of the table is left over.
        self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._triggers("ENABLE")
        for table in (*TABLES, "records"):
            self._run("ANALYZE {table}", table=sql.Identifier(SCHEMA, table))
        self._become(self._system)
        self._connection.execute(_QUEUE)
        self._connection.execute("REFRESH MATERIALIZED VIEW crm.sales_facts")

    def _roles(self) -> tuple[str, str, str]:
        """Owner, audit and system, told by what they own: their names differ between installations."""
        try:
            found = self._connection.execute(_ROLES).fetchone()
        except psycopg.errors.ProgrammingError:
            found = None
        if found is None:
            raise CrmError("setup", "The database has not been prepared yet; run `crm-agent db migrate`.") from None
        return found[0], found[1], found[2]

    def _run(self, statement: LiteralString, **parts: sql.Composable) -> int:
        return self._connection.execute(sql.SQL(statement).format(**parts)).rowcount

    def _become(self, role: str) -> None:
        self._run("SET LOCAL ROLE {role}", role=sql.Identifier(role))

    def _triggers(self, verb: LiteralString) -> None:
        """Switches our own triggers off or on; whoever else writes waits until we commit."""
        self._become(self._owner)
        for table in AUDITED:
            self._run(
                "ALTER TABLE {table} {verb} TRIGGER USER",
                table=sql.Identifier(SCHEMA, table.name),
                verb=sql.SQL(verb),
            )

    def _insert_rows(self, table: str) -> int:
        return self._run(
            _ROWS,
            table=sql.Identifier(SCHEMA, table),
            columns=_listed(COLUMNS[table]),
            key=_listed(tuple(column.name for column in Base.metadata.tables[f"{SCHEMA}.{table}"].primary_key)),
            staged=staging_name(table),
        )

    def _insert_records(self, table: AuditedTable) -> None:
        kind = sql.Literal(table.record_kind) if table.record_kind else sql.Identifier("kind")
        shown = sql.SQL(label(table.record_kind, "latest"))
        self._run(_RECORDS, kind=kind, label=shown, staged=staging_name(table.name))

    def _insert_events(self) -> int:
        versions = [
            sql.SQL(_VERSIONS).format(
                table_name=sql.Literal(table.name),
                is_record=sql.Literal(table.is_record),
                key=_listed(table.key),
                hidden=sql.Literal(["demo_version", "demo_change", *table.hidden]),
                staged=staging_name(table.name),
            )
            for table in AUDITED
            if table.name in TABLES
        ]
        return self._run(_EVENTS, versions=sql.SQL(" UNION ALL ").join(versions))


def _listed(names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
