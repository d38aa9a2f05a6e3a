"""Numbers told: a sentence for few, a table for groups, with currency, period and what was left out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from agent.offline.form import Analysis, Condition, Measure
from agent.offline.lexicon.axes import CALENDAR
from agent.offline.phrasing import joined, link, money, title_of
from agent.offline.situation import Situation
from agent.offline.sql.measures import Shown
from agent.offline.sql.select import RECORD, Written
from schema.customs import PREFIX
from schema.kinds import KINDS, STATUSES

_TITLES = {
    "cycle": "days from creation to close",
    "age": "age in days",
    "duration_seconds": "duration",
    "hours": "duration",
    "amount": "amount",
    "employee_count": "number of employees",
}
_HOWS = {"average": "Average", "median": "Median", "most": "Largest", "least": "Smallest", "sum": "Total"}
_COLUMNS = {
    "win_rate": "win rate",
    "average_days": "average",
    "median_days": "median",
    "total_days": "total",
    "average_minutes": "average",
    "median_minutes": "median",
    "total_minutes": "total",
    "total_hours": "total",
}
_NONE = "(none)"
_BOUNDS = (">=", ">", "<", "<=")


def told(analysis: Analysis, written: Written, result: Mapping[str, Any], situation: Situation) -> str:
    """The answer to an analysis from what its query returned."""
    rows: list[list[Any]] = result["rows"]
    subject = _subject(analysis, situation)
    remark = f" {analysis.of.remark}" if analysis.of.remark else ""
    if not rows or not any(_holds(row, written.columns) for row in rows):
        return f"No {subject}.{remark}"
    rows = _in_order(rows, analysis, written.columns, situation)
    currencies = _currencies(rows, written.columns)
    notes = [remark.strip()] if remark else []
    if len(currencies) > 1:
        notes.append("Currencies are kept apart, not converted.")
    notes.extend(_running(analysis, situation))
    if not analysis.groups and not analysis.periods:
        return " ".join([_sentence(analysis, written.columns, rows, subject, situation), *notes])
    if result["truncated"]:
        notes.append(f"{result['returned']} of {result['total']} rows are shown.")
    linked = "" if _counts(analysis) else " " if RECORD in analysis.groups else " of "
    head = f"{_title(analysis)}{linked}{subject}{_by(analysis)}:"
    return "\n\n".join(
        [
            head[0].upper() + head[1:],
            _table(written.columns, rows, analysis, situation),
            *([" ".join(notes)] if notes else []),
        ]
    )


def _holds(row: Sequence[Any], columns: Sequence[Shown]) -> bool:
    """Whether a row is about any record."""
    counts = [value for value, column in zip(row, columns, strict=True) if column.role == "count"]
    return (
        any(counts) if counts else any(v is not None for v, c in zip(row, columns, strict=True) if c.role != "currency")
    )


def _counts(analysis: Analysis) -> bool:
    return analysis.measures[0].how == "count"


def _title(analysis: Analysis) -> str:
    first = analysis.measures[0]
    match first.how:
        case "count":
            return ""
        case "rate":
            return "Win rate"
        case "weighted":
            return "Forecast"
        case "share":
            return f"Share ({joined([c.said for c in analysis.part if c.said])})"
        case "ratio":
            return f"Ratio ({' to '.join(joined([c.said for c in each if c.said]) for each in (analysis.part, analysis.against))})"
        case how:
            if RECORD in analysis.groups:
                return "Largest" if analysis.ranked == "most" else "Smallest"
            if first.column in ("cycle", "age") and how in ("most", "least"):
                return f"{'Most' if how == 'most' else 'Fewest'} {_of(first)}"
            return f"{_HOWS[how]} {_of(first)}"


def _of(measure: Measure) -> str:
    return _TITLES.get(measure.column) or title_of(measure.column)


def _by(analysis: Analysis) -> str:
    names = [_axis(name, analysis) for name in analysis.groups if name != RECORD]
    top = {"most": f", the top {analysis.limit}", "least": f", the bottom {analysis.limit}"}
    ranked = (
        top[analysis.ranked] if analysis.ranked and (analysis.limit or 0) > 1 and RECORD not in analysis.groups else ""
    )
    return f"{f', by {joined(names)}' if names else ''}{ranked}"


def _axis(name: str, analysis: Analysis) -> str:
    """What the groups are called; whose a record is has a word of its own with some kinds."""
    kind = analysis.of.kinds[0]
    if name.startswith(PREFIX):
        return name.removeprefix(PREFIX).replace("_", " ")
    if name == "stage" and kind != "opportunity":
        return "status"
    people = {"task": "assignee", "note": "author", "interaction": "colleague"}
    return people.get(kind, name) if name == "owner" else name.replace("_", " ")


def _subject(analysis: Analysis, situation: Situation) -> str:
    """ "deals (won, closed in this quarter: 1 Oct - 31 Dec 2026)"."""
    listed = analysis.of
    conditions = [_told(c, listed.conditions, situation) for c in listed.conditions if c.said]
    return f"{listed.noun}{f' ({joined(conditions)})' if conditions else ''}"


def _told(condition: Condition, conditions: Sequence[Condition], situation: Situation) -> str:
    if condition.op not in _BOUNDS or not condition.column.endswith(("_at", "_date")) or condition.said == "overdue":
        return condition.said
    days = [_days(c, situation) for c in conditions if c.column == condition.column and c.op in _BOUNDS]
    low = max((first for first, _ in days if first), default=None)
    high = min((last for _, last in days if last), default=None)
    return f"{condition.said}: {_range(low, high, situation)}"


def _days(condition: Condition, situation: Situation) -> tuple[date | None, date | None]:
    """The first or the last day that a bound leaves."""
    text = str(condition.value)
    if len(text) == 10:
        day, whole = date.fromisoformat(text), True
    else:
        moment = datetime.fromisoformat(text).astimezone(ZoneInfo(situation.time_zone))
        day, whole = moment.date(), (moment.hour, moment.minute) == (0, 0)
    match condition.op:
        case ">=":
            return day, None
        case ">":
            return day + timedelta(days=1), None
        case "<":
            return None, day - timedelta(days=1) if whole else day
        case _:
            return None, day


def _range(low: date | None, high: date | None, situation: Situation) -> str:
    def written(day: date, form: str) -> str:
        return str(format_date(day, form, locale=situation.locale))

    if low and high:
        if low == high:
            return written(low, "d MMM y")
        return f"{written(low, 'd MMM' if low.year == high.year else 'd MMM y')} – {written(high, 'd MMM y')}"
    return f"from {written(low, 'd MMM y')}" if low else f"until {written(high, 'd MMM y')}" if high else ""


def _running(analysis: Analysis, situation: Situation) -> list[str]:
    """What is to be known of a period: its days, and that it is not over."""
    told: list[str] = []
    zone = ZoneInfo(situation.time_zone)
    unit = next((name for name in analysis.groups if name in CALENDAR), None)
    if unit and analysis.growing:
        told.append(f"The running {unit} is not over yet.")
    for each in analysis.periods:
        start, end = (datetime.fromisoformat(text).astimezone(zone) for text in (each.start, each.end))
        days = _range(start.date(), (end - timedelta(seconds=1)).date(), situation)
        running = " (not over yet)" if start <= situation.now < end else ""
        told.append(f"{each.said[:1].upper()}{each.said[1:]}: {days}{running}.")
    return told


def _currencies(rows: Sequence[Sequence[Any]], columns: Sequence[Shown]) -> set[str]:
    at = next((i for i, column in enumerate(columns) if column.role == "currency"), None)
    return {str(row[at]) for row in rows if row[at]} if at is not None else set()


def _in_order(
    rows: list[list[Any]], analysis: Analysis, columns: Sequence[Shown], situation: Situation
) -> list[list[Any]]:
    """Stages in the order they are passed through; the company's own currency before others."""
    kind = analysis.of.kinds[0]
    at = next((i for i, column in enumerate(columns) if column.role == "currency"), None)
    if at is not None and not any(column.role == "unit" for column in columns):
        rows = sorted(rows, key=lambda row: row[at] != situation.currency)
    if analysis.groups[:1] != ("stage",) or kind not in STATUSES or analysis.ranked:
        return rows
    order = {status: place for place, (status, _) in enumerate(STATUSES[kind])}
    return sorted(rows, key=lambda row: order.get(str(row[0]), len(order)))


def _sentence(
    analysis: Analysis, columns: Sequence[Shown], rows: Sequence[Sequence[Any]], subject: str, situation: Situation
) -> str:
    if _counts(analysis):
        return f"{_number(rows[0][0], situation)} {_singular(subject, analysis) if rows[0][0] == 1 else subject}."
    parts: list[str] = []
    for row in rows:
        shown = [
            (column, _cell(value, column, row, columns, situation)) for value, column in zip(row, columns, strict=True)
        ]
        values = [(c, text) for c, text in shown if c.role != "currency" and (c.name != "without" or text != "0")]
        first = values[0][1] or "not known"
        beside = [_beside(column, text, analysis) for column, text in values[1:] if text]
        parts.append(f"{first}{f' ({joined(beside)})' if beside else ''}")
    return f"{_title(analysis)} of {subject}: {joined(parts)}."


def _singular(subject: str, analysis: Analysis) -> str:
    noun = analysis.of.noun
    kind = analysis.of.kinds[0]
    single = kind if noun == KINDS[kind].plural else noun.removesuffix("s")
    return single + subject.removeprefix(noun)


def _lacking(analysis: Analysis) -> str:
    return "an amount" if analysis.measures[0].column == "amount" else "one on record"


def _beside(column: Shown, text: str, analysis: Analysis) -> str:
    if column.name == "without":
        return f"{text} of them without {_lacking(analysis)}"
    if column.role == "count":
        noun = analysis.of.noun
        return f"{text} {noun.removesuffix('s') if text == '1' and noun.endswith('s') and not noun.endswith('ies') else noun}"
    said = {"total": "in full", "median_days": "median"}.get(column.name, column.name.replace("_", " "))
    return f"{text} {said}" if column.name == "total" else f"{said} {text}"


def _table(columns: Sequence[Shown], rows: Sequence[Sequence[Any]], analysis: Analysis, situation: Situation) -> str:
    kept = [
        (i, column)
        for i, column in enumerate(columns)
        if column.role not in ("key", "currency") and not (column.name == "without" and not any(row[i] for row in rows))
    ]
    head = [_head(column, analysis) for _, column in kept]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        cells = [_cell(row[i], column, row, columns, situation) or "–" for i, column in kept]
        lines.append([cell.replace("|", "/").replace("\n", " ") if "](crm://" not in cell else cell for cell in cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _head(column: Shown, analysis: Analysis) -> str:
    if column.name == "without":
        return f"without {_lacking(analysis)}"
    if column.role == "label":
        return _axis(column.said or column.name, analysis)
    if column.role == "count":
        return analysis.of.noun if column.name == "count" else column.said or column.name
    if column.name == "total" and analysis.measures[0].how == "weighted":
        return "unweighted"
    return column.said or _COLUMNS.get(column.name) or column.name.replace("_", " ")


_UNITS = {
    "percent": "%",
    "growth": "%",
    "days": " days",
    "minutes": " min",
    "hours": " h",
    "points": " points",
    "count": "",
    "number": "",
}


def _cell(value: Any, column: Shown, row: Sequence[Any], columns: Sequence[Shown], situation: Situation) -> str:
    if column.role == "money":
        at = next(i for i, each in enumerate(columns) if each.role == "currency")
        currency = str(row[at] or situation.currency)
        return f"– {currency}" if value is None else money(str(value), currency, situation.locale)
    if value is None:
        return _NONE if column.role in ("label", "record", "unit") else ""
    if column.role in _UNITS:
        sign = "+" if column.role in ("growth", "points") and Decimal(str(value)) > 0 else ""
        return f"{sign}{_number(value, situation)}{_UNITS[column.role]}"
    if column.role == "record":
        at = next(i for i, each in enumerate(columns) if each.role == "key")
        return link({"kind": columns[at].name.removesuffix("_id"), "record_id": row[at], "label": value})
    if column.role == "unit":
        return _unit(date.fromisoformat(str(value)[:10]), column.name, situation)
    return str(value).replace("_", " ")


def _number(value: Any, situation: Situation) -> str:
    return str(format_decimal(Decimal(str(value)), locale=situation.locale, decimal_quantization=False))


def _unit(day: date, unit: str, situation: Situation) -> str:
    def written(form: str) -> str:
        return str(format_date(day, form, locale=situation.locale))

    match unit:
        case "year":
            return written("y")
        case "quarter":
            passed = (day.year * 12 + day.month) - (situation.fiscal_year_start_month)
            return f"Q{passed % 12 // 3 + 1} {passed // 12}"
        case "month":
            return written("MMM y")
        case "week":
            return f"week of {written('d MMM y')}"
        case _:
            return written("d MMM y")
