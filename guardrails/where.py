"""The one filter grammar, `field op value`: parsed against a view's columns, compiled with bound parameters."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Never
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from schema.customs import PREFIX, custom_named
from schema.errors import CrmError
from schema.fields import Field, FieldType
from schema.views import VIEWS, View


class ColumnType(StrEnum):
    """How a filter's value is read; the values are the types that views declare."""

    TEXT = "text"
    NUMBER = "numeric"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamptz"
    UUID = "uuid"


_WORDS: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "text",
    ColumnType.NUMBER: "a number",
    ColumnType.INTEGER: "a whole number",
    ColumnType.BOOLEAN: "true or false",
    ColumnType.DATE: "a date",
    ColumnType.TIMESTAMP: "a time",
    ColumnType.UUID: "an id",
}
_SQL_TYPES: Mapping[ColumnType, sa.types.TypeEngine[Any]] = {
    ColumnType.TEXT: sa.Text(),
    ColumnType.NUMBER: sa.Numeric(),
    ColumnType.INTEGER: sa.BigInteger(),
    ColumnType.BOOLEAN: sa.Boolean(),
    ColumnType.DATE: sa.Date(),
    ColumnType.TIMESTAMP: sa.DateTime(timezone=True),
    ColumnType.UUID: sa.Uuid(),
}


_CUSTOM_TYPES: Mapping[FieldType, ColumnType] = {
    FieldType.TEXT: ColumnType.TEXT,
    FieldType.CHOICE: ColumnType.TEXT,
    FieldType.NUMBER: ColumnType.NUMBER,
    FieldType.BOOLEAN: ColumnType.BOOLEAN,
    FieldType.DATE: ColumnType.DATE,
    FieldType.TIMESTAMP: ColumnType.TIMESTAMP,
}


@dataclass(frozen=True)
class Linked:
    """Rows beside a record that a filter may ask for as if they were a column: its tags, who took part in it."""

    view: str
    record_column: str
    """The linked view's column that names the record."""
    own_key: str
    """The record's own key."""
    columns: tuple[str, ...]
    """Where the value is looked for."""
    type: ColumnType


def _linked_to(view: View) -> dict[str, Linked]:
    key = next(iter(view.by_name))
    if not key.endswith("_id") or view.name in {"tenants", "users", "tags"}:
        return {}
    found = {"tag": Linked("tags", "record_id", key, ("tag",), ColumnType.TEXT)}
    if view.name == "interactions":
        people = ("individual_id", "user_id")
        found["participant_id"] = Linked("interaction_participants", key, key, people, ColumnType.UUID)
    return found


@dataclass(frozen=True)
class Filterable:
    """What filters may name: a view's columns, and what values mean to the person who asks."""

    view: str
    columns: Mapping[str, ColumnType]
    now: datetime
    """With a time zone; `today` is its day in `zone`."""
    zone: ZoneInfo
    user_id: UUID | None = None
    """Who `me` is."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Columns that hold one of a few words; another word is an error."""
    linked: Mapping[str, Linked] = field(default_factory=dict[str, Linked])
    customs: Mapping[str, Field] = field(default_factory=dict[str, Field])
    """The tenant's own fields by name; among the columns they stand as `custom.name`."""
    finders: Mapping[str, Callable[[str], Sequence[UUID]]] = field(
        default_factory=dict[str, Callable[[str], Sequence[UUID]]]
    )
    """Columns of ids that take a name as well, each with what finds the ids that are meant; it raises when there are none."""

    @classmethod
    def of(
        cls,
        view: View,
        *,
        now: datetime,
        zone: ZoneInfo,
        user_id: UUID,
        choices: Mapping[str, Sequence[str]],
        customs: Mapping[str, Field] = MappingProxyType({}),
    ) -> "Filterable":
        """All columns of a view that a filter can compare, the tenant's own fields among them."""
        types = {str(each): each for each in ColumnType}
        columns = {name: types[column.type] for name, column in view.by_name.items() if column.type in types}
        columns |= {f"{PREFIX}{name}": _CUSTOM_TYPES[told.type] for name, told in customs.items()}
        theirs = {f"{PREFIX}{name}": told.choices for name, told in customs.items() if told.choices}
        return cls(view.name, columns, now, zone, user_id, {**choices, **theirs}, _linked_to(view), customs)

    def named(self, text: str) -> str:
        """The column or link meant; the tenant's own fields go by their bare name and by their label too."""
        name = text.strip('"')
        if name in self.columns or name in self.linked:
            return name
        custom = custom_named(self.customs, name)
        return f"{PREFIX}{custom.name}" if custom else name


@dataclass(frozen=True)
class Condition:
    """One parsed filter, with typed values."""

    field: str
    op: str
    values: tuple[Any, ...]
    sql: sa.ColumnElement[bool]

    def __str__(self) -> str:
        if self.op.startswith("is"):
            return f"{self.field} {self.op}"
        shown = ", ".join(_shown(value) for value in self.values)
        return f"{self.field} {self.op} ({shown})" if self.op in {"in", "not in"} else f"{self.field} {self.op} {shown}"


_FILTER = re.compile(
    r"\s*(?P<field>[A-Za-z_][\w.]*|\"[^\"]+\")\s*"
    r"(?P<op><=|>=|!=|<>|==|=|<|>|~|\bnot\s+in\b|\bin\b|\bis\s+not\b|\bis\b)\s*(?P<value>.*?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_NEXT = re.compile(
    r"\s+(?P<word>and|or)\s+(?=(?P<field>[A-Za-z_][\w.]*|\"[^\"]+\")\s*(?:<=|>=|!=|=|<|>|~|in\s*\(|not\s+in\b|is\b))",
    re.IGNORECASE,
)
_ALIASES = {"<>": "!=", "==": "="}
_ORDERED = {ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TEXT}
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_OFFSET = re.compile(r"today\s*(?P<sign>[+-])\s*(?P<count>\d{1,4})\s*(?:d|days?)?", re.IGNORECASE)
_TRUE = {"true", "yes", "1"}
_FALSE = {"false", "no", "0"}


def parse_filters(source: Filterable, filters: Sequence[str]) -> list[Condition]:
    """The conditions of all filters, to be and-ed; raises CrmError of kind invalid with what to write instead."""
    return [_condition(source, part) for text in filters for part in _split(source, text)]


def split_filters(source: Filterable, filters: Sequence[str]) -> list[tuple[str, str]]:
    """The field that each condition names, and the condition's text; raises CrmError as `parse_filters` does for what is no
    filter, and for a field that is not there."""
    named: list[tuple[str, str]] = []
    for part in (part for text in filters for part in _split(source, text)):
        name = source.named(_read(part)["field"])
        if name not in source.linked:
            _column(source, name)
        named.append((name, part))
    return named


def parse_order(source: Filterable, order_by: str) -> list[sa.ColumnElement[Any]]:
    """`amount desc, name` as SQL, empty values last; raises CrmError of kind invalid."""
    return [_ordering(source, part) for part in order_by.split(",")]


def _ordering(source: Filterable, part: str) -> sa.ColumnElement[Any]:
    words = part.split()
    direction = words[1].lower() if len(words) == 2 else "asc"
    if not words or len(words) > 2 or direction not in {"asc", "desc"}:
        _invalid(f"An order is a field and asc or desc, such as updated_at desc, not {part.strip()!r}.")
    column = _column(source, source.named(words[0]))
    return (column.desc() if direction == "desc" else column.asc()).nulls_last()


def _split(source: Filterable, text: str) -> list[str]:
    """Conditions joined by `and` in one text; a quoted value may hold the word itself."""
    parts: list[str] = []
    start = 0
    for found in _NEXT.finditer(text):
        if not {source.named(found["field"])} & {*source.columns, *source.linked} or _is_quoted(
            text[start : found.start()]
        ):
            continue
        if found["word"].lower() == "or":
            _invalid("Filters are and-ed; for several values of one field write field in (a, b).")
        parts.append(text[start : found.start()])
        start = found.end()
    return [*parts, text[start:]]


def _is_quoted(text: str) -> bool:
    """True inside an open quote that began a value."""
    return any(text.count(quote) % 2 == 1 for quote in ("'", '"') if re.search(rf"[=<>~(,]\s*{quote}", text))


def _condition(source: Filterable, text: str) -> Condition:
    found = _read(text)
    name, value = source.named(found["field"]), found["value"]
    op = " ".join(found["op"].lower().split())
    op = _ALIASES.get(op, op)
    if linked := source.linked.get(name):
        return _beside(source, name, op, value, linked)
    column = _column(source, name)
    if op in {"is", "is not"}:
        return _is(source, name, op, value, column)
    if not value:
        _invalid(f"The filter on {name} has no value; to find empty ones write {name} is null.")
    if name in source.finders and op in {"=", "!=", "in", "not in"}:
        return _by_name(source, name, op, value, column)
    if op in {"in", "not in"}:
        return _in(source, name, op, value, column)
    if value.lower() == "null" and op in {"=", "!="}:
        _invalid(f"Nothing equals null; write {name} is {'not ' if op == '!=' else ''}null.")
    if op == "~":
        return _contains(source, name, value, column)
    return _compare(source, name, op, value, column)


def _read(text: str) -> re.Match[str]:
    found = _FILTER.fullmatch(text)
    if found is None:
        _invalid(
            f"{text.strip()!r} is not a filter. Write field op value with one of = != < <= > >= ~ in is, "
            "such as amount >= 10000."
        )
    return found


def _column(source: Filterable, name: str) -> sa.ColumnElement[Any]:
    kind = source.columns.get(name)
    if kind is None:
        known = [*source.columns, *source.linked, *source.customs]
        near = get_close_matches(name, known, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(known)}."
        _invalid(f"{source.view} has no field {name[:100]}; {hint}")
    if name.startswith(PREFIX):
        # The database keeps what does not fit its declaration out, so that the cast cannot fail.
        held = sa.column("custom", JSONB())[name.removeprefix(PREFIX)].astext
        return held if kind is ColumnType.TEXT else sa.cast(held, _SQL_TYPES[kind])
    return sa.column(name, _SQL_TYPES[kind])


def _is(source: Filterable, name: str, op: str, value: str, column: sa.ColumnElement[Any]) -> Condition:
    words = value.lower().split()
    negated = op == "is not"
    if words[:1] == ["not"] and not negated:
        negated, words = True, words[1:]
    word = " ".join(words)
    if word == "null":
        sql = column.is_not(None) if negated else column.is_(None)
        return Condition(name, f"is {'not ' if negated else ''}null", (), sql)
    if source.columns[name] is ColumnType.BOOLEAN and word in {"true", "false"}:
        sql = column.is_(word == "true")
        return Condition(name, f"is {'not ' if negated else ''}{word}", (), sa.not_(sql) if negated else sql)
    return _invalid(
        f"After is stands null or not null (or true and false), not {value!r}; to compare write {name} = {value}."
    )


def _beside(source: Filterable, name: str, op: str, value: str, linked: Linked) -> Condition:
    """A filter on rows beside the record: it holds when any of them has the value."""
    view = VIEWS[linked.view].clause()
    keys = sa.select(view.c[linked.record_column])
    own = sa.column(linked.own_key, sa.Uuid())
    if op in {"is", "is not"}:
        words = f"{op} {value}".lower().split()
        if words not in (["is", "null"], ["is", "not", "null"]):
            _invalid(f"After is stands null or not null, not {value!r}; to compare write {name} = {value}.")
        sql = own.not_in(keys) if words == ["is", "null"] else own.in_(keys)
        return Condition(name, " ".join(words), (), sql)
    if op not in {"=", "!=", "in", "not in"}:
        _invalid(f"{name} can be compared with = != in and is, not {op}.")
    inside = value[1:-1] if value.startswith("(") and value.endswith(")") else value
    texts = _list(inside) if op in {"in", "not in"} else [value]
    values = tuple(_READERS[linked.type](source, name, _unquoted(text).lower()) for text in texts)
    if not values:
        _invalid(f"The list of {name} is empty; write {name} in (a, b).")
    held = sa.or_(
        *(
            (sa.func.lower(view.c[c]) if linked.type is ColumnType.TEXT else view.c[c]).in_(values)
            for c in linked.columns
        )
    )
    found = own.in_(keys.where(held))
    return Condition(name, op, values, sa.not_(found) if op in {"!=", "not in"} else found)


def _in(source: Filterable, name: str, op: str, value: str, column: sa.ColumnElement[Any]) -> Condition:
    inside = value[1:-1] if value.startswith("(") and value.endswith(")") else value
    texts = _list(inside)
    if not texts:
        _invalid(f"The list of {name} is empty; write {name} in (a, b).")
    conditions = [_compare(source, name, "=", text, column) for text in texts]
    values = tuple(value for each in conditions for value in each.values)
    sql = sa.or_(*(each.sql for each in conditions))
    return Condition(name, op, values, sa.or_(column.is_(None), sa.not_(sql)) if op == "not in" else sql)


def _by_name(source: Filterable, name: str, op: str, value: str, column: sa.ColumnElement[Any]) -> Condition:
    """A filter on ids, given by what the records are called."""
    inside = value[1:-1] if value.startswith("(") and value.endswith(")") else value
    texts = [_unquoted(text) for text in (_list(inside) if op in {"in", "not in"} else [value])]
    ids = [found for text in texts for found in source.finders[name](text)]
    sql = column.in_(ids)
    return Condition(name, op, tuple(texts), sql if op in {"=", "in"} else sa.or_(column.is_(None), sa.not_(sql)))


def _list(text: str) -> list[str]:
    """Comma-separated values; a comma inside quotes belongs to its value."""
    return [part.strip() for part in re.findall(r"""\s*("[^"]*"|'[^']*'|[^,]+)""", text) if part.strip()]


def _contains(source: Filterable, name: str, value: str, column: sa.ColumnElement[Any]) -> Condition:
    if source.columns[name] is not ColumnType.TEXT:
        _invalid(f"~ looks inside text, and {name} is {_WORDS[source.columns[name]]}; use = or a comparison.")
    text = _unquoted(value)
    # crm.fold drops punctuation too, so a value that has some is looked for as it stands.
    if all(character.isalnum() or character == " " for character in text):
        folded = sa.func.crm.fold(column, type_=sa.Text())
        sql = folded.contains(sa.func.crm.fold(text, type_=sa.Text()))
    else:
        sql = column.icontains(text, autoescape=True)
    return Condition(name, "~", (text,), sql)


def _compare(source: Filterable, name: str, op: str, value: str, column: sa.ColumnElement[Any]) -> Condition:
    kind = source.columns[name]
    if op not in {"=", "!="} and kind not in _ORDERED:
        _invalid(f"{name} is {_WORDS[kind]}, which has no order; use = or !=.")
    parsed = _READERS[kind](source, name, _unquoted(value))
    if kind is ColumnType.TIMESTAMP and type(parsed) is date:
        return Condition(name, op, (parsed,), _on_day(source, op, parsed, column))
    return Condition(name, op, (parsed,), _operate(column, op, parsed))


def _operate(column: sa.ColumnElement[Any], op: str, value: Any) -> sa.ColumnElement[bool]:
    match op:
        case "=":
            return column == value
        case "!=":
            return column.is_distinct_from(value)
        case "<":
            return column < value
        case "<=":
            return column <= value
        case ">":
            return column > value
        case _:
            return column >= value


def _on_day(source: Filterable, op: str, day: date, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """A moment compared with a whole day of the asking person's zone."""
    start = _start_of(source, day)
    end = _start_of(source, day + timedelta(days=1))
    match op:
        case "=":
            return sa.and_(column >= start, column < end)
        case "!=":
            return sa.or_(column < start, column >= end, column.is_(None))
        case "<":
            return column < start
        case "<=":
            return column < end
        case ">":
            return column >= end
        case _:
            return column >= start


def _start_of(source: Filterable, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=source.zone)


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def _text(source: Filterable, name: str, value: str) -> str:
    if "\x00" in value:
        _invalid(f"The value for {name} holds a null byte.")
    words = source.choices.get(name)
    if not words:
        return value
    wanted = next((word for word in words if _spelled(word) == _spelled(value)), None)
    if wanted is None:
        _invalid(f"{name} is one of {', '.join(words)}, not {value!r}.")
    return wanted


def _spelled(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def _number(source: Filterable, name: str, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        _invalid(f"{name} of {source.view} is a number; write it plainly, such as 45000 or 45000.50, not {value!r}.")
    return number


def _integer(source: Filterable, name: str, value: str) -> int:
    number = _number(source, name, value)
    if number != number.to_integral_value() or abs(number) >= 2**63:
        _invalid(f"{name} of {source.view} is a whole number, not {value!r}.")
    return int(number)


def _boolean(source: Filterable, name: str, value: str) -> bool:
    word = value.lower()
    if word not in _TRUE | _FALSE:
        _invalid(f"{name} of {source.view} is true or false, not {value!r}.")
    return word in _TRUE


def _uuid(source: Filterable, name: str, value: str) -> UUID:
    if value.lower() == "me" and source.user_id is not None:
        return source.user_id
    try:
        return UUID(value)
    except ValueError:
        _invalid(f"{name} of {source.view} takes a full UUID, not {value!r}; find_records gives ids for names.")


def _day(source: Filterable, name: str, value: str) -> date:
    today = source.now.astimezone(source.zone).date()
    word = value.lower()
    try:
        if word in _DAYS:
            return today + timedelta(days=_DAYS[word])
        if found := _OFFSET.fullmatch(word):
            return today + timedelta(days=int(found["sign"] + found["count"]))
        day = date.fromisoformat(value)
        _start_of(source, day + timedelta(days=1)).astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        _invalid(
            f"{name} of {source.view} takes a date such as 2026-11-27, today, yesterday or today - 7, not {value!r}."
        )
    return day


def _moment(source: Filterable, name: str, value: str) -> datetime | date:
    """A moment; a bare date stays a date, and means that whole day."""
    if value.lower() == "now":
        return source.now
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|[a-z]+( ?[+-] ?\d+( ?d(ays?)?)?)?", value, re.IGNORECASE):
        return _day(source, name, value)
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=source.zone)
        moment.astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        _invalid(f"{name} of {source.view} takes a date or a time such as 2026-11-27T15:00, not {value!r}.")
    return moment


_READERS: Mapping[ColumnType, Callable[[Filterable, str, str], Any]] = {
    ColumnType.TEXT: _text,
    ColumnType.NUMBER: _number,
    ColumnType.INTEGER: _integer,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _day,
    ColumnType.TIMESTAMP: _moment,
    ColumnType.UUID: _uuid,
}


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _invalid(message: str) -> Never:
    raise CrmError("invalid", message)
