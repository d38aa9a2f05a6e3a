"""Temporary tables that hold every version of every row on its way into the database."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import JsonbDumper

from schema.demo.history import Change, Version
from schema.models import Base
from schema.models.base import SCHEMA

AGENT_MODEL = "offline"
"""The model that the demo's agents were run by."""
BATCH_ROWS = 4000
CHANGES = "demo_changes"

TENANCY = ("tenants", "teams", "users", "statuses", "status_transitions")
TABLES = (
    *TENANCY,
    *("organizations", "accounts", "individuals", "contacts", "leads", "opportunities", "jobs", "partnerships"),
    *("interactions", "interaction_participants", "tasks", "notes", "record_tags"),
)
"""In the order that foreign keys ask for."""
COLUMNS = {name: tuple(Base.metadata.tables[f"{SCHEMA}.{name}"].columns.keys()) for name in TABLES}

_CHANGE_COLUMNS = (
    "demo_change", "operation_id", "occurred_at", "action", "record_kind", "record_id", "actor", "on_behalf_of",
    "user_id", "via_agent", "tool", "prompt", "reason", "model",
)  # fmt: skip
_MAKE_CHANGES = """
CREATE TEMPORARY TABLE demo_changes (
    demo_change bigint, operation_id uuid, occurred_at timestamptz, action text, record_kind text, record_id uuid,
    actor text, on_behalf_of text, user_id uuid, via_agent boolean, tool text, prompt text, reason text, model text
) ON COMMIT DROP
"""
_MAKE_VERSIONS = "CREATE TEMPORARY TABLE {} (LIKE {}, demo_version bigint, demo_change bigint) ON COMMIT DROP"


def staging_name(table: str) -> sql.Identifier:
    return sql.Identifier("pg_temp", f"demo_{table}")


class Staging:
    """The staging tables of one transaction; `demo_version` orders the versions, `demo_change` joins their change."""

    def __init__(self, connection: psycopg.Connection, readers: Iterable[str]) -> None:
        self._connection = connection
        self._buffers: dict[str, list[tuple[Any, ...]]] = {}
        self._change: Change | None = None
        self._changes = 0
        self._versions = 0
        connection.adapters.register_dumper(dict, JsonbDumper)
        connection.execute(_MAKE_CHANGES)
        for table in TABLES:
            source = sql.Identifier(SCHEMA, table)
            connection.execute(sql.SQL(_MAKE_VERSIONS).format(staging_name(table), source))
        names = sql.SQL(", ").join([sql.Identifier("pg_temp", CHANGES), *map(staging_name, TABLES)])
        for reader in readers:
            connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(names, sql.Identifier(reader)))

    def fill(self, versions: Iterable[Version]) -> None:
        """Copies all of them, a batch at a time."""
        for version in versions:
            self._add(version)
        for table in list(self._buffers):
            self._flush(table)

    def clear(self) -> None:
        names = sql.SQL(", ").join([sql.Identifier("pg_temp", CHANGES), *map(staging_name, TABLES)])
        self._connection.execute(sql.SQL("TRUNCATE {}").format(names))

    def _add(self, version: Version) -> None:
        change = version.change
        if change is not None and change is not self._change:
            self._change = change
            self._changes += 1
            self._put(CHANGES, (self._changes, *_told(change)))
        self._versions += 1
        number = None if change is None else self._changes
        row = version.row
        self._put(version.table, (*[row[name] for name in COLUMNS[version.table]], self._versions, number))

    def _put(self, table: str, values: tuple[Any, ...]) -> None:
        buffer = self._buffers.setdefault(table, [])
        buffer.append(values)
        if len(buffer) >= BATCH_ROWS:
            self._flush(table)

    def _flush(self, table: str) -> None:
        if table == CHANGES:
            target, columns = sql.Identifier("pg_temp", CHANGES), _CHANGE_COLUMNS
        else:
            target, columns = staging_name(table), (*COLUMNS[table], "demo_version", "demo_change")
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with (
            self._connection.cursor() as cursor,
            cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, names)) as copy,
        ):
            for values in self._buffers.pop(table, []):
                copy.write_row(values)


def _told(change: Change) -> tuple[Any, ...]:
    """The change as the audit log words it: an agent acts for its user, the system for nobody."""
    email = change.user.email if change.user else "system"
    return (
        change.operation_id,
        change.occurred_at,
        change.action,
        change.record_kind,
        change.record_id,
        f"agent:{AGENT_MODEL}" if change.via_agent else email,
        email if change.via_agent else None,
        change.user.user_id if change.user else None,
        change.via_agent,
        change.tool,
        change.prompt,
        change.reason,
        AGENT_MODEL if change.via_agent else None,
    )
