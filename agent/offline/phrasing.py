"""Words for people: links, money, dates, tables and lists, in the user's zone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from agent.offline.situation import Situation
from schema.customs import PREFIX
from schema.fields import FieldType
from schema.telling import spread

_MONEY = ("amount", "annual_revenue", "salary_min", "salary_max")
_PERCENT = ("probability", "revenue_share")
_NAMED_BY = {"about_id": "about_label", "organization_id": "organization_name", "individual_id": "full_name"}
_TITLES = {
    "amount": "amount", "expected_close_date": "close date", "due_at": "due", "occurred_at": "when", "full_name": "name",
    "account_name": "account", "owner_name": "owner", "assignee_name": "assignee", "contact_name": "contact", "about_label": "about",
    "employee_count": "employees", "annual_revenue": "revenue", "last_interaction_at": "last interaction", "duration_seconds": "duration",
    "closed_at": "closed", "created_at": "created", "author_name": "author", "user_name": "user",
}  # fmt: skip
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organization": ("industry", "city", "country", "domain"),
    "account": ("tier", "status", "industry", "country", "owner_name"),
    "individual": ("email", "phone", "city", "country"),
    "contact": ("title", "account_name", "email", "phone"),
    "opportunity": ("account_name", "stage", "amount", "expected_close_date", "owner_name"),
    "job": ("account_name", "status", "position", "start_date", "owner_name"),
    "partnership": ("account_name", "status", "partner_type", "revenue_share", "owner_name"),
    "task": ("status", "priority", "due_at", "assignee_name", "about_label"),
    "note": ("author_name", "about_label", "created_at"),
    "interaction": ("kind", "occurred_at", "about_label", "user_name"),
    "user": ("role", "email"),
}
"""What a table shows of each kind beside its link."""


def link(record: Mapping[str, Any]) -> str:
    """A record as a Markdown link; a user, who has no page, as a name."""
    label = (
        str(record.get("label") or record["kind"])
        .replace("[", "(")
        .replace("]", ")")
        .replace("|", "/")
        .replace("\n", " ")
    )
    return label if record["kind"] == "user" else f"[{label}](crm://{record['kind']}/{record['record_id']})"


def title_of(column: str, situation: Situation | None = None) -> str:
    """What people call a column; a tenant's own field by its label, where the situation tells it."""
    if column.startswith(PREFIX):
        own = situation.own.named(column) if situation else None
        return own.label if own else column.removeprefix(PREFIX).replace("_", " ")
    return _TITLES.get(column, column.removesuffix("_id").removesuffix("_at").replace("_", " "))


def money(amount: str | Decimal, currency: str, locale: str) -> str:
    value = Decimal(str(amount))
    whole = value == value.to_integral_value()
    if whole:
        return str(format_currency(value, currency, "¤#,##0", locale=locale, currency_digits=False))
    return str(format_currency(value, currency, locale=locale))


def value(fields: Mapping[str, Any], column: str, situation: Situation) -> str:
    """A field's value as people write it; an id as the name beside it."""
    if column.startswith(PREFIX):
        return _own_value(spread(fields).get(column), column, situation)
    shown_by = _NAMED_BY.get(column) or (column.removesuffix("_id") + "_name" if column.endswith("_id") else column)
    raw = fields.get(shown_by) if shown_by in fields else fields.get(column)
    if raw is None or raw in ("", []):
        return ""
    try:
        return _typed(column, raw, fields, situation)
    except (InvalidOperation, ValueError, TypeError):
        return str(raw)


def _own_value(raw: Any, column: str, situation: Situation) -> str:
    """A value of a tenant's own field, by the type it was declared with."""
    field = situation.own.named(column)
    if raw is None or field is None:
        return "" if raw is None else str(raw)
    match field.type:
        case FieldType.NUMBER:
            return str(format_decimal(Decimal(str(raw)), locale=situation.locale, decimal_quantization=False))
        case FieldType.DATE:
            return day(date.fromisoformat(str(raw)), situation)
        case FieldType.TIMESTAMP:
            return moment(str(raw), situation)
        case FieldType.BOOLEAN:
            return "yes" if raw else "no"
        case _:
            return str(raw)


def _typed(column: str, raw: Any, fields: Mapping[str, Any], situation: Situation) -> str:
    if column in _MONEY:
        return money(raw, str(fields.get("currency") or situation.currency), situation.locale)
    if column in _PERCENT:
        return f"{Decimal(str(raw)).normalize():f}%"
    if column == "duration_seconds":
        return _lasting(int(raw))
    if column.endswith("_at"):
        return moment(str(raw), situation)
    if column.endswith("_date"):
        return day(date.fromisoformat(str(raw)), situation)
    if column == "employee_count":
        return str(format_decimal(raw, locale=situation.locale))
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, list):
        return ", ".join(str(item) for item in raw)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(raw).replace("_", " ") if column in ("stage", "status", "tier") else str(raw)


def _lasting(seconds: int) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])])


def day(when: date, situation: Situation) -> str:
    """ "Fri 27 Nov 2026"."""
    return str(format_date(when, "EEE d MMM y", locale=situation.locale))


def moment(text: str, situation: Situation) -> str:
    """A moment in the user's zone; without the hour when it is midnight there."""
    when = datetime.fromisoformat(text).astimezone(ZoneInfo(situation.time_zone))
    if (when.hour, when.minute) == (0, 0):
        return day(when.date(), situation)
    return str(format_datetime(when, "EEE d MMM y, HH:mm", locale=situation.locale))


def table(records: Sequence[Mapping[str, Any]], situation: Situation, asked: Sequence[str] = ()) -> str:
    """Records of one kind as a Markdown table, without columns that are empty throughout; of a tenant's own fields
    those that were asked for."""
    kind = str(records[0]["kind"])
    own = dict.fromkeys(column for column in asked if column in situation.own.fields_of(kind))
    columns = [c for c in (*COLUMNS[kind], *own) if any(value(r["fields"], c, situation) for r in records)]
    rows = [["name", *(title_of(column, situation) for column in columns)], ["---"] * (len(columns) + 1)]
    rows += [[link(r), *(_cell(value(r["fields"], column, situation)) for column in columns)] for r in records]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def joined(items: Sequence[str], last: str = "and") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
