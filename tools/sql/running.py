"""A guarded query run: planned first, then fetched up to its limits, and counted to its end in the same snapshot."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString, cast

import psycopg
import psycopg.sql

from guardrails.limits import SqlLimits
from guardrails.sql import GuardedQuery
from schema.cancelling import Cancellation
from schema.database import Audience, Database
from schema.errors import CrmError
from schema.identity import Identity
from tools.sql.errors import explained
from tools.sql.values import as_json, cursor_of, type_name

_FETCH = 100
_SCHEMAS = frozenset({"crm", "crm_read"})
"""Where every relation of a plan lies; a plan that names another reads what no view shows."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query returned."""

    columns: list[dict[str, str]]
    """name and type of each, in order; types by PostgreSQL's names."""
    rows: list[list[Any]]
    """At most the query's limit, ready for JSON."""
    total: int
    """How many there are in all."""

    @property
    def is_truncated(self) -> bool:
        return len(self.rows) < self.total


def run(
    db: Database,
    who: Identity,
    audience: Audience,
    query: GuardedQuery,
    limits: SqlLimits,
    cancellation: Cancellation | None = None,
) -> Rows:
    """The query's rows as `who` may see them. Raises CrmError (refused, with a rule) for what goes beyond a limit or fails.

    The rows come through a cursor, so that the database does the work once, however many there are.
    """
    try:
        with (
            db.reading(who, audience, limits.seconds) as connection,
            (cancellation or Cancellation()).covering(connection),
        ):
            _check_plan(connection, query, limits)
            return _fetched(connection, query, limits)
    except psycopg.Error as error:
        raise explained(error) from error


def _fetched(connection: psycopg.Connection[Any], query: GuardedQuery, limits: SqlLimits) -> Rows:
    with cursor_of(connection) as cursor:
        cursor.execute(_ours(f"DECLARE found NO SCROLL CURSOR FOR {query.sql}"), prepare=True)
        kept: list[list[Any]] = []
        read = size = 0
        for batch in _batches(cursor, query.limit):
            read += len(batch)
            for row in batch:
                size += len(json.dumps(row, ensure_ascii=False))
                if size > limits.characters:
                    break
                kept.append(row)
            if len(kept) < read:
                break
        if read and not kept:
            raise CrmError(
                "refused",
                "A single row is longer than an answer may be; select fewer columns, or left(body, 500).",
                rule="too_big",
            )
        columns = [
            {"name": column.name, "type": type_name(connection, column.type_code)}
            for column in cursor.description or ()
        ]
        cursor.execute("MOVE FORWARD ALL FROM found")
        return Rows(columns, kept, read + cursor.rowcount)


def _batches(cursor: psycopg.Cursor[Any], most: int) -> Iterator[list[list[Any]]]:
    """Rows as JSON, so many at a time; the first batch may be empty, so that the columns are known."""
    read = 0
    while True:
        wanted = min(_FETCH, most - read)
        cursor.execute(_ours(f"FETCH FORWARD {wanted} FROM found"))
        batch = [[as_json(value) for value in row] for row in cursor]
        read += len(batch)
        yield batch
        if len(batch) < wanted or read >= most:
            return


def _check_plan(connection: psycopg.Connection[Any], query: GuardedQuery, limits: SqlLimits) -> None:
    """PostgreSQL's own second opinion: what the query would read, and what it would cost. Neither figure is ever shown,
    because the planner's estimates tell of every tenant's rows."""
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(_ours(f"EXPLAIN (VERBOSE, FORMAT JSON) {query.sql}"), prepare=True)
        found = cast("list[tuple[list[dict[str, Any]]]]", cursor.fetchall())
    plan = found[0][0][0]["Plan"]
    if any(schema not in _SCHEMAS for schema in _schemas(plan)):
        raise CrmError("refused", "The query reads something that is no view of the CRM.", rule="known_views")
    if plan["Total Cost"] > limits.cost:
        raise CrmError(
            "refused",
            "The query is too expensive to run: join on ids, filter by a period or an owner, or aggregate less at once.",
            rule="cost",
        )


def _schemas(node: dict[str, Any]) -> Iterator[str]:
    if "Relation Name" in node:
        yield node.get("Schema", "")
    for child in node.get("Plans", ()):
        yield from _schemas(child)


def _ours(statement: str) -> psycopg.sql.SQL:
    """What the guard wrote, and words of ours around it."""
    return psycopg.sql.SQL(cast("LiteralString", statement))
