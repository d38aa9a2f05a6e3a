"""The fields of a call, checked by name and read by type."""

from collections.abc import Mapping
from typing import Any

from schema.errors import CrmError
from schema.fields import FieldType
from schema.kinds import Kind
from tools.arguments import unknown_name
from tools.context import Call
from tools.records.rows import is_nullable
from tools.records.statuses import Pipeline
from tools.records.values import Reader, parse_value


def read_fields(call: Call, kind: Kind, given: Mapping[str, Any], pipeline: Pipeline) -> dict[str, Any]:
    """Typed values by field; None where a field is to be empty. Raises CrmError of kind invalid."""
    reader = Reader(call.world.now(), call.context.zone, call.who.user_id, tuple(pipeline.outcomes))
    values: dict[str, Any] = {}
    for name, value in given.items():
        field = kind.fields.get(name)
        if field is None:
            raise CrmError("invalid", _unknown_field(kind, name))
        values[name] = parse_value(field, value, reader)
    if "domain" in values:
        values["domain"] = _bare_domain(values["domain"])
    return values


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record was given; its defaults fill the rest."""
    return {name: value for name, value in values.items() if value is not None}


def check_emptied(kind: Kind, values: Mapping[str, Any]) -> None:
    """Refuses to empty what a record cannot do without."""
    for name, value in values.items():
        field = kind.fields[name]
        if value is None and field.column and not is_nullable(field.table, field.column):
            if field.type is FieldType.TEXT and not field.required and name == "family_name":
                continue
            raise CrmError("invalid", f"{name} of a record of kind {kind.name} cannot be empty.")


def check_whole(values: Mapping[str, Any]) -> None:
    """What several fields must say together."""
    low, high = values.get("salary_min"), values.get("salary_max")
    if low is not None and high is not None and low > high:
        raise CrmError("invalid", f"salary_min {low} is more than salary_max {high}.")


def _unknown_field(kind: Kind, name: str) -> str:
    by_id = f"{name.removesuffix('_name')}_id"
    if name.endswith("_name") and by_id in kind.fields:
        return f"{name} of {kind.name} is shown, not written; write {by_id}, which find_records gives for a name."
    aliases = {"stage": "status", "status": "stage", "body": "description", "title": "name", "name": "title"}
    other = aliases.get(name)
    if other in kind.fields:
        return f"The kind {kind.name} has no field {name}; did you mean {other}?"
    return unknown_name(f"The kind {kind.name} has no field", name, kind.fields, "Its fields are")


def _bare_domain(value: str | None) -> str | None:
    """`https://www.Acme.example/about` → `acme.example`."""
    if value is None:
        return None
    host = value.lower().partition("://")[2] or value.lower()
    return host.partition("/")[0].partition(":")[0].removeprefix("www.").strip() or None
