"""Pages of one kind's records, for programs that read them all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from guardrails.effects import Effect
from guardrails.where import parse_filters, parse_order
from schema.errors import CrmError
from schema.kinds import KINDS
from schema.session import Row
from schema.views import VIEWS
from tools.context import Call, ToolContext
from tools.finding import filterable
from tools.records.shown import as_json, label_of, view_of


def list_records(
    caller: ToolContext, kind: str, *, where: Sequence[str], order: str | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """`{"items", "total", "next_cursor"}`; total counts all that the filters let through.

    Without an order the newest come first, and nothing is left out or shown twice while others write. With one, a page
    begins as many records in as its cursor says. Raises CrmError (invalid) for an unknown field, order or cursor.
    """
    view, key = view_of(kind)
    clause = VIEWS[view].clause()
    with caller.db.read(caller.who, caller.audience) as session:
        call = Call(caller, session)
        call.check(kind, Effect.READ)
        source = filterable(call, kind)
        kept = sa.select(clause).where(*(condition.sql for condition in parse_filters(source, where)))
        total = session.select(sa.select(sa.func.count().label("total")).select_from(kept.subquery()))[0]["total"]
        if order is None:
            page = kept.where(clause.c[key] < _after(cursor)) if cursor else kept
            page = page.order_by(clause.c[key].desc())
        else:
            page = kept.order_by(*parse_order(source, order), clause.c[key].desc()).offset(_skipped(cursor))
        rows = session.select(page.limit(limit + 1))
    shown = rows[:limit]
    next_cursor = None
    if len(rows) > limit:
        next_cursor = str(shown[-1][key]) if order is None else str(_skipped(cursor) + limit)
    return {"items": [_item(kind, key, row) for row in shown], "total": total, "next_cursor": next_cursor}


def _item(kind: str, key: str, row: Row) -> dict[str, Any]:
    return {
        "kind": kind,
        "record_id": str(row[key]),
        "label": label_of(KINDS.get(kind), row),
        "fields": as_json({name: value for name, value in row.items() if name != key}),
    }


def _after(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise _NO_CURSOR from None


def _skipped(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 9):
        raise _NO_CURSOR
    return int(cursor)


_NO_CURSOR = CrmError("invalid", "This is no cursor of such a list; give the next_cursor of the page before.")
