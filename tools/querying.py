"""The tool that answers exact questions with guarded SQL."""

import time
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from guardrails.effects import Effect
from guardrails.limits import SQL_LIMITS, SqlLimits
from guardrails.sql import GuardedQuery, guard
from schema.analytics import freshen
from schema.audit import as_text
from schema.errors import CrmError
from tools.context import Call
from tools.making import elapsed
from tools.registry import Result, ToolArgs, tool
from tools.sql.money import UNCHECKED, currency_queries, mixed_currencies
from tools.sql.running import run

_SHORTEST = 0.1
"""Seconds; with less left, a note is not asked for."""


class QueryArgs(ToolArgs):
    sql: str
    """One SELECT in PostgreSQL's dialect over the views of describe_schema. Soft-deleted rows are not there."""
    limit: int = Field(default=SQL_LIMITS.rows, ge=1, le=SQL_LIMITS.most_rows)
    """Rows returned; total counts them all."""


@tool(effect=Effect.READ, scope="record:read")
def query_sql(call: Call, args: QueryArgs) -> Result:
    """Answers exact questions with a read-only SELECT: counts, sums, groups, periods, rankings. Joins, CTEs, windows and
    date functions work. Group money by currency. now() and current_date are the person's, in their time zone."""
    started = time.perf_counter()
    query = _guarded(call, args.sql, args.limit)
    as_of = freshen(call.context.db) if "sales_analytics" in query.views else None
    context = call.context
    rows = run(context.db, call.who, context.audience, query, _limits(call), context.cancellation)
    return {
        "accepted": True,
        "sql": query.sql,
        "columns": rows.columns,
        "rows": rows.rows,
        "total": rows.total,
        "returned": len(rows.rows),
        "truncated": rows.is_truncated,
        "views": sorted(query.views),
        "time_zone": call.who.time_zone,
        "notes": [*_notes(call, query, started), *([f"sales_analytics is as of {as_text(as_of)}."] if as_of else [])],
        "duration_ms": elapsed(started),
    }


def _guarded(call: Call, sql: str, limit: int) -> GuardedQuery:
    found = guard(
        sql, clock=call.world.now(), zone=ZoneInfo(call.who.time_zone), limit=limit, audience=call.context.audience
    )
    if isinstance(found, GuardedQuery):
        return found
    raise CrmError("refused", found.message, rule=found.rule)


def _limits(call: Call) -> SqlLimits:
    if call.context.audience == "person":
        return SQL_LIMITS
    return SqlLimits(characters=SQL_LIMITS.characters_for_models)


def _notes(call: Call, query: GuardedQuery, started: float) -> list[str]:
    """What has to be said of the rows so that nobody takes them for something else."""
    currencies: set[str] = set()
    is_unchecked = False
    for sql in currency_queries(query.sql):
        found = _listed(call, sql, started)
        currencies.update(found or ())
        is_unchecked = is_unchecked or found is None
    if len(currencies) > 1:
        return [mixed_currencies(sorted(currencies))]
    return [UNCHECKED] if is_unchecked else []


def _listed(call: Call, sql: str, started: float) -> list[Any] | None:
    """The currencies in one place of the query; None where they cannot be asked for by themselves, or in time."""
    limits = _limits(call)
    left = limits.seconds - (time.perf_counter() - started)
    try:
        query = _guarded(call, sql, 10)
        if left < _SHORTEST:
            return None
        rows = run(call.context.db, call.who, "person", query, replace(limits, seconds=left), call.context.cancellation)
    except CrmError:
        return None
    return [row[0] for row in rows.rows if row[0]]
