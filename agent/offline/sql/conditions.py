"""A list's conditions as SQL over one view: known columns only, and every value a literal of its column's type."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from agent.offline.form import AnyOf, Condition, ListOf
from agent.offline.lexicon.axes import view_of
from agent.offline.lexicon.customs import OwnFields
from schema.customs import PREFIX
from schema.fields import FieldType
from schema.views import VIEWS

PARTICIPANT = "participant"
"""Stands for the people who took part in an interaction, contacts and colleagues alike."""
_OWN_TYPES = {
    FieldType.NUMBER: "numeric",
    FieldType.DATE: "date",
    FieldType.TIMESTAMP: "timestamptz",
    FieldType.BOOLEAN: "boolean",
}
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")


class Unwritable(Exception):
    """A condition that no column of the view can say."""

    def __init__(self, condition: Condition) -> None:
        super().__init__(condition.said or condition.column)
        self.condition = condition


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def where(kind: str, conditions: Sequence[Condition], own: OwnFields) -> list[str]:
    """Each condition as SQL, to be and-ed; no mention may be left in them. Raises Unwritable."""
    return [_condition(kind, condition, own) for condition in conditions]


def column_of(kind: str, name: str, own: OwnFields) -> tuple[str, str] | None:
    """A column of the kind's view, or a field of the tenant's own, as SQL; and its type."""
    if not name.startswith(PREFIX):
        shown = VIEWS[view_of(kind)].by_name.get(name)
        return (name, shown.type) if shown else None
    field = own.fields_of(kind).get(name)
    if field is None:
        return None
    held, type_ = f"custom->>{quoted(name.removeprefix(PREFIX))}", _OWN_TYPES.get(field.type, "text")
    return (held, type_) if type_ == "text" else (f"({held})::{type_}", type_)


def _condition(kind: str, condition: Condition, own: OwnFields) -> str:
    column, op, given = condition.column, condition.op, condition.value
    if column == PARTICIPANT and isinstance(given, str):
        return _took_part(given)
    if isinstance(given, ListOf | AnyOf):
        return (
            _nested(kind, condition, given, own) if isinstance(given, ListOf) else _joined(kind, condition, given, own)
        )
    if column == "tags" and isinstance(given, str):
        return _tagged(kind, op, given, condition)
    shown = column_of(kind, column, own)
    if shown is None or not isinstance(given, str):
        raise Unwritable(condition)
    column, type_ = shown
    match op:
        case "is":
            return f"{column} IS {'NOT ' if 'not' in given.lower().split() else ''}NULL"
        case "silent":
            return f"({column} IS NULL OR {column} < {_literal(type_, given, condition)})"
        case "in" | "not in":
            values = ", ".join(_literal(type_, each.strip().strip('"'), condition) for each in given.split(","))
            return f"{column} IN ({values})" if op == "in" else f"({column} IS NULL OR {column} NOT IN ({values}))"
        case "~":
            return f"{column} ILIKE {quoted(f'%{_escaped(given)}%')}"
        case _ if op in _COMPARED:
            return _compared(column, op, type_, given, condition)
        case _:
            raise Unwritable(condition)


def _joined(kind: str, condition: Condition, given: AnyOf, own: OwnFields) -> str:
    told = " OR ".join(f"({' AND '.join(where(kind, group, own))})" for group in given.groups)
    return f"(({told}) IS NOT TRUE)" if condition.op == "not" else f"({told})"


def _compared(column: str, op: str, type_: str, given: str, condition: Condition) -> str:
    literal = _literal(type_, given, condition)
    if type_ == "boolean" and column.startswith("is_") and op in ("=", "!="):
        return column if (literal == "true") is (op == "=") else f"NOT {column}"
    return f"{column} IS DISTINCT FROM {literal}" if op == "!=" else f"{column} {op} {literal}"


def _literal(type_: str, given: str, condition: Condition) -> str:
    """The value as its column's type writes it; a moment at midnight by its day alone, in the reader's zone."""
    try:
        match type_:
            case "uuid":
                return quoted(str(UUID(given)))
            case "numeric" | "integer":
                return f"{Decimal(given):f}"
            case "boolean":
                return "true" if given.lower() == "true" else "false"
            case "date":
                return quoted(date.fromisoformat(given[:10]).isoformat())
            case "timestamptz":
                return moment_literal(datetime.fromisoformat(given))
            case "text":
                return quoted(given)
            case _:
                raise Unwritable(condition)
    except (ValueError, InvalidOperation):
        raise Unwritable(condition) from None


def moment_literal(moment: datetime) -> str:
    """A moment of the person's own zone, which is the one the query is read in."""
    at_midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return quoted(moment.date().isoformat() if at_midnight else moment.isoformat(" ", "seconds"))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _took_part(record_id: str) -> str:
    told = quoted(str(UUID(record_id)))
    return (
        "interaction_id IN (SELECT interaction_id FROM interaction_participants "
        f"WHERE individual_id = {told} OR user_id = {told})"
    )


def _tagged(kind: str, op: str, given: str, condition: Condition) -> str:
    if op not in ("=", "!=", "in", "not in"):
        raise Unwritable(condition)
    tags = ", ".join(quoted(each.strip().strip('"').lower()) for each in given.split(","))
    held = f"(SELECT record_id FROM tags WHERE record_kind = {quoted(kind)} AND lower(tag) IN ({tags}))"
    return f"{kind}_id {'NOT IN' if op in ('!=', 'not in') else 'IN'} {held}"


def _nested(kind: str, condition: Condition, inner: ListOf, own: OwnFields) -> str:
    """The records that belong to those of another list, or have some."""
    column = condition.column
    linked = inner.linked_by or f"{inner.kinds[0]}_id"
    if column not in VIEWS[view_of(kind)].by_name or linked not in VIEWS[view_of(inner.kinds[0])].by_name:
        raise Unwritable(condition)
    conditions = where(inner.kinds[0], inner.conditions, own)
    # One null among the values would make NOT IN neither true nor false for every record.
    if inner.linked_by:
        conditions.append(f"{linked} IS NOT NULL")
    told = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    op, having = condition.op, ""
    if inner.counted:
        op, having = _having(*inner.counted)
        having = f" GROUP BY {linked} HAVING count(*) {having}"
    held = f"(SELECT {linked} FROM {view_of(inner.kinds[0])}{told}{having})"
    if op == "not in":
        return f"({column} IS NOT NULL AND {column} NOT IN {held})"
    return f"{column} IN {held}"


def _having(op: str, count: int) -> tuple[str, str]:
    """How often a record must be named; who has none at all is named nowhere, and counts among those with few."""
    few = {"<": ">=", "<=": ">", "=": "<>"}
    holds_for_none = (op == "<" and count > 0) or op == "<=" or (op == "=" and count == 0)
    return ("not in", f"{few[op]} {count}") if holds_for_none else ("in", f"{op} {count}")
