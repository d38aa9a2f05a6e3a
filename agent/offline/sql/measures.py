"""What is worked out over a group, as SQL: an aggregate for each measure, over all records or those of one period."""

from dataclasses import dataclass
from typing import Literal

from agent.offline.form import Measure

Role = Literal[
    "label",
    "record",
    "key",
    "unit",
    "currency",
    "count",
    "money",
    "percent",
    "growth",
    "days",
    "minutes",
    "hours",
    "points",
    "number",
]
MONEY = ("amount", "annual_revenue", "salary_min", "salary_max")
"""Columns with a currency beside them."""
_VALUES = {
    "cycle": "extract(epoch FROM closed_at - created_at) / 86400",
    "age": "extract(epoch FROM now() - created_at) / 86400",
    "duration_seconds": "duration_seconds / 60.0",
    "hours": "duration_seconds / 3600.0",
}
_ROLES: dict[str, Role] = {
    "cycle": "days",
    "age": "days",
    "duration_seconds": "minutes",
    "hours": "hours",
    "probability": "percent",
    "revenue_share": "percent",
}
_NAMES = {
    "count": "count", "sum": "total", "average": "average", "median": "median", "most": "largest", "least": "smallest",
    "rate": "win_rate", "weighted": "weighted", "missing": "without", "share": "share", "ratio": "ratio",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of the outcome, and how it is told."""

    name: str
    role: Role
    said: str = ""
    """How a title differs from the name."""


def role_of(measure: Measure) -> Role:
    if measure.how in ("count", "missing"):
        return "count"
    if measure.how in ("rate", "share"):
        return "percent"
    if measure.how == "ratio":
        return "number"
    return "money" if is_money(measure) else _ROLES.get(measure.column, "number")


def is_money(measure: Measure) -> bool:
    return measure.how == "weighted" or (
        measure.how not in ("count", "missing", "rate", "share", "ratio") and measure.column in MONEY
    )


def name_of(measure: Measure) -> str:
    """ "average_cycle": the column of the outcome."""
    name = _NAMES[measure.how]
    role = role_of(measure)
    return f"{name}_{role}" if role in ("days", "minutes", "hours") else name


def aggregate(measure: Measure, condition: str = "") -> str:
    """The measure over the records that meet a condition; over all of them without one."""
    only = f" FILTER (WHERE {condition})" if condition else ""
    value = _VALUES.get(measure.column, measure.column)
    places = 1 if role_of(measure) in ("days", "minutes", "hours", "percent") else 2
    match measure.how:
        case "count":
            return f"count({measure.column or '*'}){only}"
        case "missing":
            absent = f"{measure.column} IS NULL"
            return f"count(*) FILTER (WHERE {absent}{f' AND {condition}' if condition else ''})"
        case "rate":
            won = f"is_won AND {condition}" if condition else "is_won"
            return f"round(100.0 * count(*) FILTER (WHERE {won}) / nullif(count(*){only}, 0), 1)"
        case "sum":
            total = f"sum({value}){only}"
            rounded = f"round({total}, 1)" if measure.column in _VALUES else total
            return f"coalesce({rounded}, 0)" if condition else rounded
        case "weighted":
            total = f"round(sum(amount * probability / 100){only}, 2)"
            return f"coalesce({total}, 0)" if condition else total
        case "average":
            return f"round(avg({value}){only}, {places})"
        case "median":
            return f"round((percentile_cont(0.5) WITHIN GROUP (ORDER BY {value}){only})::numeric, {places})"
        case _:
            call = f"{'max' if measure.how == 'most' else 'min'}({value}){only}"
            return f"round({call}, {places})" if measure.column in _VALUES else call
