"""The fields of a call, checked by name and read by type."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from schema.customs import custom_named, load_customs
from schema.errors import CrmError
from schema.fields import Field, FieldType
from schema.kinds import CUSTOM, Kind
from tools.arguments import unknown_name
from tools.context import Call
from tools.records.rows import is_nullable
from tools.records.shown import as_json
from tools.records.statuses import Pipeline
from tools.records.values import Reader, parse_value


def read_fields(call: Call, kind: Kind, given: Mapping[str, Any], pipeline: Pipeline) -> dict[str, Any]:
    """Typed values by field; None where a field is to be empty. Raises CrmError of kind invalid."""
    reader = Reader(call.world.now(), call.context.zone, call.who.user_id, tuple(pipeline.outcomes))
    own = {name: value for name, value in given.items() if name in kind.fields and name != CUSTOM.name}
    values = {name: parse_value(kind.fields[name], value, reader) for name, value in own.items()}
    if len(own) < len(given):
        theirs = {name: value for name, value in given.items() if name not in own}
        values[CUSTOM.name] = _read_customs(kind, theirs, load_customs(call.session).get(kind.name, {}), reader)
    if "domain" in values:
        values["domain"] = _bare_domain(values["domain"])
    return values


def _read_customs(
    kind: Kind, given: Mapping[str, Any], declared: Mapping[str, Field], reader: Reader
) -> dict[str, Any]:
    """What changes among the tenant's own fields, by name, as `custom` stores it; None empties one."""
    read: dict[str, Any] = {}
    for name, value in _each_custom(given):
        field = custom_named(declared, name)
        if field is None:
            raise CrmError("invalid", _unknown_field(kind, name, declared))
        if field.name in read:
            raise CrmError("invalid", f"{field.name} is given twice.")
        read[field.name] = as_json(parse_value(field, value, reader))
    return read


def _each_custom(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values, whether they stand among the other fields or together under `custom`."""
    for name, value in given.items():
        if name != CUSTOM.name:
            yield name, value
        elif isinstance(value, dict):
            yield from cast("dict[str, Any]", value).items()
        else:
            raise CrmError("invalid", "custom takes an object of fields, as in {custom: {region: North}}.")


def with_customs(values: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """The values with `custom` as the record will hold it: what it holds already, changed as given."""
    if CUSTOM.name not in values:
        return dict(values)
    whole = {**held, **values[CUSTOM.name]}
    return {**values, CUSTOM.name: {name: value for name, value in whole.items() if value is not None}}


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record was given; its defaults fill the rest."""
    return {name: value for name, value in with_customs(values, {}).items() if value is not None}


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


def _unknown_field(kind: Kind, name: str, declared: Mapping[str, Field]) -> str:
    name = name[:100]
    by_id = f"{name.removesuffix('_name')}_id"
    if name.endswith("_name") and by_id in kind.fields:
        return f"{name} of {kind.name} is shown, not written; write {by_id}, which find_records gives for a name."
    aliases = {"stage": "status", "status": "stage", "body": "description", "title": "name", "name": "title"}
    other = aliases.get(name)
    if other in kind.fields:
        return f"The kind {kind.name} has no field {name}; did you mean {other}?"
    known = [*(each for each in kind.fields if each != CUSTOM.name or not declared), *declared]
    return unknown_name(f"The kind {kind.name} has no field", name, known, "Its fields are")


def _bare_domain(value: str | None) -> str | None:
    """`https://www.Acme.example/about` → `acme.example`."""
    if value is None:
        return None
    host = value.lower().partition("://")[2] or value.lower()
    return host.partition("/")[0].partition(":")[0].removeprefix("www.").strip() or None
