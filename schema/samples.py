"""Sample values of a view's columns that hold few different ones, read from the tenant's own rows."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from schema.session import ReadSession
from schema.views import View
from schema.views.definition import Column

LOOKED_AT = 5_000
"""Rows; a column with few values shows them in as many."""
MOST_VALUES = 30
SHOWN = 8
_LONGEST = 30
_FREE = ("name", "label", "title", "subject", "body", "description", "statement", "slug", "domain", "time_zone")
"""Endings of columns whose values name or tell one thing, whatever their number."""

Samples = Mapping[str, Sequence[str]]
"""Column → its values, the most frequent first."""


def samples_of(session: ReadSession, view: View) -> Samples:
    """The columns of `view` with few values, and these; private columns and free text are never looked at."""
    columns = [column.name for column in view.columns if _may_have_few(column)]
    if not columns:
        return {}
    shown = view.clause()
    looked_at = (
        sa.select(*(shown.c[name] for name in columns)).limit(LOOKED_AT).cte("looked_at").prefix_with("MATERIALIZED")
    )
    counted = sa.union_all(
        *(
            sa.select(sa.literal(name).label("name"), looked_at.c[name].label("value"), sa.func.count().label("times"))
            .where(looked_at.c[name].is_not(None))
            .group_by(looked_at.c[name])
            for name in columns
        )
    ).subquery()
    statement = sa.select(counted).order_by(counted.c.name, counted.c.times.desc(), counted.c.value)
    found: dict[str, list[str]] = {}
    times: dict[str, int] = {}
    for row in session.select(statement):
        found.setdefault(row["name"], []).append(row["value"])
        times[row["name"]] = times.get(row["name"], 0) + row["times"]
    return {
        name: [value[:_LONGEST] for value in found[name][:SHOWN]] + (["…"] if len(found[name]) > SHOWN else [])
        for name in columns
        if name in found and len(found[name]) <= min(MOST_VALUES, times[name] // 2)
    }


def _may_have_few(column: Column) -> bool:
    return column.type == "text" and column.zone is None and not column.name.endswith(_FREE)
