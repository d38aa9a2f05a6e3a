"""The SELECT that answers an analysis, and how each of its columns is to be told."""

from dataclasses import dataclass
from datetime import datetime

from agent.offline.form import Analysis, Period
from agent.offline.lexicon.axes import CALENDAR, axis_of, view_of
from agent.offline.lexicon.customs import OwnFields
from agent.offline.lexicon.kinds import label_column
from agent.offline.situation import Situation
from agent.offline.sql.conditions import column_of, moment_literal, where
from agent.offline.sql.measures import Role, Shown, aggregate, is_money, name_of, role_of
from schema.customs import PREFIX

RECORD = "record"
"""The axis of the records themselves."""
_COMPANIES = "LEFT JOIN (SELECT account_id AS company_id, industry, country, tier FROM accounts) AS companies ON company_id = account_id"
_STEPS = {"day": "1 day", "week": "7 days", "month": "1 month", "quarter": "3 months", "year": "1 year"}


@dataclass(frozen=True, slots=True)
class Written:
    sql: str
    columns: tuple[Shown, ...]


class Ungroupable(Exception):
    """Records of this kind do not keep what they are to be grouped by."""

    def __init__(self, axis: str) -> None:
        super().__init__(axis)
        self.axis = axis


@dataclass(frozen=True, slots=True)
class _Group:
    """One thing grouped by: what is selected, and what else keeps groups apart."""

    expression: str
    shown: Shown
    key: str = ""
    key_shown: Shown | None = None
    is_of_company: bool = False

    @property
    def selected(self) -> list[str]:
        named = self.expression if self.expression == self.shown.name else f"{self.expression} AS {self.shown.name}"
        return [named, self.key] if self.key_shown else [named]

    @property
    def columns(self) -> list[Shown]:
        return [self.shown, self.key_shown] if self.key_shown else [self.shown]

    @property
    def grouped(self) -> list[str]:
        return [self.shown.name, *([self.key] if self.key else [])]


def write(analysis: Analysis, situation: Situation) -> Written:
    """Raises Ungroupable, and Unwritable for conditions that are about no column."""
    kind = analysis.of.kinds[0]
    groups = [_group(kind, name, analysis.dated_by, situation) for name in analysis.groups]
    conditions = where(kind, analysis.of.conditions, situation.own)
    if analysis.periods:
        conditions.append(f"({' OR '.join(_within(analysis, period) for period in analysis.periods)})")
    if analysis.ranked:
        conditions.extend(
            f"{group.expression} IS NOT NULL" for group in groups if group.shown.role in ("label", "record")
        )
    money = any(is_money(measure) for measure in analysis.measures)
    kept = [*groups, *([_Group("currency", Shown("currency", "currency"))] if money else [])]
    measured, columns = _measured(analysis, kept, situation.own)
    lines = [
        f"SELECT {', '.join([*(each for group in kept for each in group.selected), *measured])}",
        f"FROM {view_of(kind)}",
        *([_COMPANIES] if any(group.is_of_company for group in groups) else []),
        *([f"WHERE {' AND '.join(conditions)}"] if conditions else []),
        *([f"GROUP BY {', '.join(each for group in kept for each in group.grouped)}"] if kept else []),
    ]
    shown = [*(each for group in kept for each in group.columns), *columns]
    return _around("\n".join(lines), analysis, kept, shown)


def _group(kind: str, name: str, dated_by: str, situation: Situation) -> _Group:
    if name in CALENDAR:
        if not dated_by:
            raise Ungroupable(name)
        return _Group(_unit(name, dated_by, situation.fiscal_year_start_month), Shown(name, "unit"))
    if name == RECORD:
        return _Group(label_column(kind), Shown(label_column(kind), "record"), f"{kind}_id", Shown(f"{kind}_id", "key"))
    if name.startswith(PREFIX):
        return _own(kind, name, situation)
    axis = axis_of(kind, name)
    if axis is None:
        raise Ungroupable(name)
    if name == "outcome":
        told = "CASE WHEN is_won THEN 'won' WHEN is_lost THEN 'lost' ELSE 'open' END"
        return _Group(told, Shown("outcome", "label"))
    if axis.kind:
        return _Group(axis.column, Shown(axis.column, "record", name), axis.key, Shown(axis.key, "key"))
    return _Group(axis.column, Shown(axis.column, "label", name), axis.key, is_of_company=axis.is_of_company)


def _own(kind: str, name: str, situation: Situation) -> _Group:
    """A field of the tenant's own, by its name in quotes: it may be called like anything."""
    held, field = column_of(kind, name, situation.own), situation.own.fields_of(kind).get(name)
    if held is None or field is None:
        raise Ungroupable(name.removeprefix(PREFIX))
    return _Group(held[0], Shown(f"own_{name.removeprefix(PREFIX)}", "label", field.label))


def _unit(unit: str, column: str, fiscal_start: int) -> str:
    """The first day of the unit that a date lies in; quarters as the company counts them."""
    late = (fiscal_start - 1) % 3 if unit == "quarter" else 0
    if late:
        by = f"interval '{late} months'"
        return f"(date_trunc('quarter', {column} - {by}) + {by})::date"
    return f"date_trunc('{unit}', {column})::date"


def _within(analysis: Analysis, period: Period) -> str:
    start, end = (moment_literal(datetime.fromisoformat(each)) for each in (period.start, period.end))
    return f"({analysis.dated_by} >= {start} AND {analysis.dated_by} < {end})"


def _parted(analysis: Analysis, own: OwnFields) -> str:
    """How many of the part there are, as a share of all or against the other part."""
    kind = analysis.of.kinds[0]
    part = f"count(*) FILTER (WHERE {' AND '.join(where(kind, analysis.part, own))})"
    if not analysis.against:
        return f"round(100.0 * {part} / nullif(count(*), 0), 1)"
    against = f"count(*) FILTER (WHERE {' AND '.join(where(kind, analysis.against, own))})"
    return f"round(1.0 * {part} / nullif({against}, 0), 2)"


def _measured(analysis: Analysis, kept: list[_Group], own: OwnFields) -> tuple[list[str], list[Shown]]:
    """The aggregates and what they are called: one a measure, or one a compared period."""
    selected: list[str] = []
    columns: list[Shown] = []
    first = analysis.measures[0]
    for number, period in enumerate(analysis.periods, 1):
        selected.append(f"{aggregate(first, _within(analysis, period))} AS period_{number}")
        columns.append(Shown(f"period_{number}", role_of(first), period.said))
    for measure in () if analysis.periods else analysis.measures:
        if measure.how in ("share", "ratio"):
            selected.append(f"{_parted(analysis, own)} AS {measure.how}")
            columns.append(Shown(measure.how, "percent" if measure.how == "share" else "number"))
            continue
        selected.append(f"{aggregate(measure)} AS {name_of(measure)}")
        columns.append(Shown(name_of(measure), role_of(measure)))
    if analysis.shares and not analysis.periods:
        by = " PARTITION BY currency" if any(group.shown.role == "currency" for group in kept) else ""
        whole = f"sum({aggregate(first)}) OVER ({by.strip()})"
        selected.append(f"round(100.0 * {aggregate(first)} / nullif({whole}, 0), 1) AS share")
        columns.append(Shown("share", "percent"))
    return selected, columns


def _around(inner: str, analysis: Analysis, kept: list[_Group], shown: list[Shown]) -> Written:
    """The grouped rows compared, ranked and put in order."""
    first = f"period_{len(analysis.periods)}" if analysis.periods else name_of(analysis.measures[0])
    order = _order(analysis, kept, first)
    if len(analysis.periods) == 2:
        change = (
            "period_2 - period_1 AS change, round(100.0 * (period_2 - period_1) / nullif(period_1, 0), 1) AS growth"
        )
        role = shown[-1].role
        told: Role = "points" if role == "percent" else role
        shown = [*shown, Shown("change", told), *([Shown("growth", "growth")] if role != "percent" else [])]
        change = change if role != "percent" else change.partition(",")[0]
        return Written(f"SELECT *, {change}\nFROM (\n{inner}\n) AS compared{order}", tuple(shown))
    unit = next((group.shown.name for group in kept if group.shown.role == "unit"), None)
    if analysis.growing and unit:
        others = [group.shown.name for group in kept if group.shown.role != "unit"]
        by = f"PARTITION BY {', '.join(others)} " if others else ""
        over = f"OVER ({by}ORDER BY {unit})"
        before = f"lag({first}) {over}"
        # Where a unit has no records its row is missing, and the row before is not the unit before.
        growth = (
            f"CASE WHEN lag({unit}) {over} = ({unit} - interval '{_STEPS[unit]}')::date "
            f"THEN round(100.0 * ({first} - {before}) / nullif({before}, 0), 1) END AS growth"
        )
        return Written(f"SELECT *, {growth}\nFROM (\n{inner}\n) AS counted{order}", (*shown, Shown("growth", "growth")))
    if analysis.ranked and analysis.limit:
        by = "PARTITION BY currency " if any(group.shown.role == "currency" for group in kept) else ""
        turned = "DESC" if analysis.ranked == "most" else "ASC"
        names = ", ".join(each.name for each in shown)
        ranks = (
            f"SELECT *, rank() OVER ({by}ORDER BY {first} {turned} NULLS LAST) AS place\nFROM (\n{inner}\n) AS grouped"
        )
        return Written(
            f"SELECT {names}\nFROM (\n{ranks}\n) AS ranked\nWHERE place <= {analysis.limit}{order}", tuple(shown)
        )
    return Written(f"{inner}{order}" if kept else inner, tuple(shown))


def _order(analysis: Analysis, kept: list[_Group], first: str) -> str:
    """Calendar units in time's order; money by currency, so that only like is put beside like; else the most first."""
    names = [group.shown.name for group in kept]
    units = [group.shown.name for group in kept if group.shown.role == "unit"]
    if units:
        return f"\nORDER BY {', '.join([*units, *(name for name in names if name not in units)])}"
    currency = [name for name in names if name == "currency"]
    turned = "ASC" if analysis.ranked == "least" else "DESC"
    others = [name for name in names if name != "currency"]
    return f"\nORDER BY {', '.join([*currency, f'{first} {turned} NULLS LAST', *others])}" if names else ""
