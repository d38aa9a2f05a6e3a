"""A guarded query run: planned first, then fetched up to its limits, and counted to its end in the same snapshot."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, LiteralString, cast

import psycopg
import psycopg.sql

from guardrails.limits import SqlLimits
from guardrails.sql import GuardedQuery
from schema.cancelling import Cancellation
from schema.database import Audience, Database
from schema.errors import CrmError
from schema.identity import Identity
from tools.sql.errors import TOO_SLOW, explained
from tools.sql.planning import checked
from tools.sql.values import as_json, cursor_of, type_name

BYTES_A_CHARACTER = 4
"""At most, in UTF-8."""
_FETCH = 100
_FETCH_LARGE = 2
_UNTOUCHED_SECONDS = 0.5
"""A query that is over sooner is not worth a round trip for each statement to say what is left of its time."""


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
            clock = _Clock(connection, limits.seconds)
            is_large = checked(_plan(connection, query), limits)
            return _fetched(connection, query, limits, clock, is_large=is_large)
    except psycopg.Error as error:
        raise explained(error) from error


class _Clock:
    """The time a query has, over all of its statements: PostgreSQL's timeout begins anew with each."""

    def __init__(self, connection: psycopg.Connection[Any], seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._started = time.monotonic()

    def tick(self) -> None:
        """Gives the next statement what is left. Raises CrmError (refused) when that is nothing."""
        passed = time.monotonic() - self._started
        if passed < _UNTOUCHED_SECONDS:
            return
        left = round(1000 * (self._seconds - passed))
        if left <= 0:
            raise CrmError("refused", TOO_SLOW, rule="too_slow")
        psycopg.Cursor(self._connection).execute(_ours(f"SET LOCAL statement_timeout = {left}"))


def _fetched(
    connection: psycopg.Connection[Any], query: GuardedQuery, limits: SqlLimits, clock: _Clock, *, is_large: bool
) -> Rows:
    sql = _bounded(query, limits) if is_large else query.sql
    with cursor_of(connection) as cursor:
        clock.tick()
        cursor.execute(_ours(f"DECLARE found NO SCROLL CURSOR FOR {sql}"), prepare=True)
        kept: list[list[Any]] = []
        read = size = 0
        for batch in _batches(cursor, query.limit, _FETCH_LARGE if is_large else _FETCH, clock):
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
        clock.tick()
        cursor.execute("MOVE FORWARD ALL FROM found")
        return Rows(columns, kept, read + cursor.rowcount)


def _bounded(query: GuardedQuery, limits: SqlLimits) -> str:
    """The query, failing on a row that would be too long anyway, before a gigabyte of it arrives here: chr(0)
    is an error of the kind that limits are. OFFSET 0 keeps the planner from computing each value twice."""
    row = next(name for name in map("q{}".format, count()) if name not in query.columns)
    return (
        f"SELECT {row}.* FROM (SELECT * FROM (\n{query.sql}\n) AS q OFFSET 0) AS {row}"
        f" WHERE CASE WHEN octet_length({row}::text) > {BYTES_A_CHARACTER * limits.characters}"
        f" THEN chr(0 * octet_length({row}::text)) = '' ELSE true END"
    )


def _batches(cursor: psycopg.Cursor[Any], most: int, each: int, clock: _Clock) -> Iterator[list[list[Any]]]:
    """Rows as JSON, so many at a time; the first batch may be empty, so that the columns are known."""
    read = 0
    while True:
        wanted = min(each, most - read)
        clock.tick()
        cursor.execute(_ours(f"FETCH FORWARD {wanted} FROM found"))
        batch = [[as_json(value) for value in row] for row in cursor]
        read += len(batch)
        yield batch
        if len(batch) < wanted or read >= most:
            return


def _plan(connection: psycopg.Connection[Any], query: GuardedQuery) -> dict[str, Any]:
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(_ours(f"EXPLAIN (VERBOSE, FORMAT JSON) {query.sql}"), prepare=True)
        found = cast("list[tuple[list[dict[str, Any]]]]", cursor.fetchall())
    return found[0][0][0]["Plan"]


def _ours(statement: str) -> psycopg.sql.SQL:
    """What the guard wrote, and words of ours around it."""
    return psycopg.sql.SQL(cast("LiteralString", statement))
