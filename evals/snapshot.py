"""Every business row of every tenant at one moment, read past all policies, so that nothing changed goes unseen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Date, DateTime

from schema.models import Base
from schema.triggers import AUDITED

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows are compared."""

    name: str
    key: tuple[str, ...]
    record_column: str | None
    """The column that says which record a row belongs to; None for rows that stand alone."""


WATCHED = (
    *(Watched(table.name, table.key, table.record_column) for table in AUDITED),
    Watched("tenants", ("tenant_id",), None),
    Watched("api_tokens", ("id",), None),
    Watched("statuses", ("record_kind", "status"), None),
    Watched("status_transitions", ("record_kind", "from_status", "to_status"), None),
    Watched("records", ("id",), "id"),
)
"""All but the log and what runs leave behind."""

_ROWS = "SELECT {key}, ({record})::text, to_jsonb(t)::text FROM crm.{table} t WHERE {only}"
_KEYS = "SELECT {key} FROM crm.{table} t WHERE {only}"
_DELETE = "WITH gone AS (DELETE FROM crm.{table} t WHERE {only} RETURNING 1) SELECT * FROM gone"
_INSERT = """
INSERT INTO crm.{table} ({columns})
SELECT {columns} FROM unnest(%s::jsonb[]) image, jsonb_populate_record(NULL::crm.{table}, image)
"""


@dataclass(frozen=True, slots=True)
class Row:
    table: str
    record_id: str
    image: str
    """The row as JSON text."""

    def read(self) -> Image:
        """The row's columns, times and money typed."""
        columns = Base.metadata.tables[f"crm.{self.table}"].columns
        found: Image = json.loads(self.image, parse_float=Decimal)
        for name, value in found.items():
            if isinstance(value, str) and name in columns:
                if isinstance(columns[name].type, DateTime):
                    found[name] = datetime.fromisoformat(value)
                elif isinstance(columns[name].type, Date):
                    found[name] = date.fromisoformat(value)
        return found


@dataclass(frozen=True)
class Snapshot:
    tables: Mapping[str, Mapping[str, Row]]
    """Each table's rows by key."""
    next_transaction: int
    """Whatever is changed afterwards is changed by this transaction or a later one."""

    @cached_property
    def by_record(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for rows in self.tables.values():
            for row in rows.values():
                found.setdefault(row.record_id, []).append(row)
        return found

    @cached_property
    def contacts_of(self) -> Mapping[str, list[str]]:
        """The contacts of each individual."""
        found: dict[str, list[str]] = {}
        for row in self.tables["contacts"].values():
            found.setdefault(str(row.read()["individual_id"]), []).append(row.record_id)
        return found

    @cached_property
    def individual_of(self) -> Mapping[str, str]:
        """The individual of each contact."""
        return {contact: individual for individual, contacts in self.contacts_of.items() for contact in contacts}

    def label_of(self, record_id: str) -> str | None:
        """What a record or user is called."""
        names = {"records": "label", "users": "name"}
        rows = [row for row in self.by_record.get(record_id, ()) if row.table in names]
        return str(rows[0].read()[names[rows[0].table]]) if rows else None

    def changed_keys(self, after: "Snapshot") -> dict[str, list[str]]:
        """Keys of the rows that differ, by table."""
        found: dict[str, list[str]] = {}
        for table, rows in self.tables.items():
            others = after.tables[table]
            if rows is not others:
                keys = sorted(key for key in {*rows, *others} if rows.get(key) != others.get(key))
                found |= {table: keys} if keys else {}
        return found

    def changed_records(self, after: "Snapshot") -> list[str]:
        """Ids of the records of which any row differs, in order."""
        changed = self.changed_keys(after)
        rows = [after.tables[table].get(key) or self.tables[table][key] for table in changed for key in changed[table]]
        return sorted({row.record_id for row in rows})


def take(connection: psycopg.Connection, base: Snapshot | None = None) -> Snapshot:
    """The rows as they stand; with a `base` of the same database only what was written since is read.

    The connection must see all tenants (a superuser's does).
    """
    connection.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'")
    next_transaction = _next_transaction(connection)
    since = base and base.next_transaction
    return Snapshot(
        {table.name: _rows(connection, table, base.tables[table.name] if base else {}, since) for table in WATCHED},
        next_transaction,
    )


def _rows(
    connection: psycopg.Connection, table: Watched, base: Mapping[str, Row], since: int | None
) -> Mapping[str, Row]:
    """The table's rows; the same object as `base` when nothing of it changed."""
    found = _query(connection, _ROWS, table, _written_since(since))
    written = {key: Row(table.name, record_id, image) for key, record_id, image in found}
    rows = {**base, **written} if any(base.get(key) != row for key, row in written.items()) else base
    counted = connection.execute(sql.SQL("SELECT count(*) FROM crm.{}").format(sql.Identifier(table.name))).fetchone()
    if counted and counted[0] == len(rows):
        return rows
    standing = {key for (key,) in _query(connection, _KEYS, table, sql.SQL("true"))}
    return {key: row for key, row in rows.items() if key in standing}


def _next_transaction(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
    return int(row[0]) if row else 0


def _written_since(transaction: int | None) -> sql.Composable:
    # xmin has 32 bits; a server that has seen four thousand million transactions is none of ours.
    if transaction is None:
        return sql.SQL("true")
    return sql.SQL("t.xmin::text::bigint >= {}").format(sql.Literal(transaction % 2**32))


def put_back(connection: psycopg.Connection, base: Snapshot) -> bool:
    """Makes every row what it was in `base`, past triggers and keys; True when they are.

    For databases of our own that a case has played in: nothing of this is logged.
    """
    changed = base.changed_keys(take(connection, base))
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in WATCHED:
            if keys := changed.get(table.name):
                rows = base.tables[table.name]
                _query(connection, _DELETE, table, _with_keys(table, keys))
                _insert(connection, table, [rows[key].image for key in keys if key in rows])
    return not changed or not base.changed_keys(take(connection, base))


def _insert(connection: psycopg.Connection, table: Watched, images: list[str]) -> None:
    columns = [column for column in Base.metadata.tables[f"crm.{table.name}"].columns if column.computed is None]
    connection.execute(
        sql.SQL(_INSERT).format(
            table=sql.Identifier(table.name),
            columns=sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
        ),
        [images],
    )


def _query(
    connection: psycopg.Connection, template: LiteralString, table: Watched, only: sql.Composable
) -> list[tuple[Any, ...]]:
    """Runs one of the constants above for the rows that `only` picks."""
    record = sql.SQL("t.{}").format(sql.Identifier(table.record_column)) if table.record_column else _whole_key(table)
    query = sql.SQL(template).format(key=_whole_key(table), record=record, table=sql.Identifier(table.name), only=only)
    return connection.execute(query).fetchall()


def _with_keys(table: Watched, keys: list[str]) -> sql.Composable:
    return sql.SQL("{} = ANY({})").format(_whole_key(table), sql.Literal(keys))


def _whole_key(table: Watched) -> sql.Composable:
    return sql.SQL("concat_ws('/', {})").format(_key(table))


def _key(table: Watched) -> sql.Composable:
    columns = dict.fromkeys(("tenant_id", *table.key))
    return sql.SQL(", ").join(sql.SQL("t.{}::text").format(sql.Identifier(column)) for column in columns)
