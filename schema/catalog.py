"""The catalog: what of the schema an agent may see, in words it can plan with."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from schema.customs import NONE, TYPE_NAMES, Customs
from schema.errors import CrmError
from schema.fields import Field, FieldType
from schema.kinds import KINDS, STATUSES
from schema.samples import Samples
from schema.views import VIEWS, View
from schema.views.definition import STAMPS

_ABBREVIATED = {"uuid": "id", "timestamptz": "time", "numeric": "decimal", "integer": "int", "boolean": "bool"}


def compact_catalog(customs: Customs = NONE) -> str:
    """Every view with its columns in one line each, the statuses, and the tenant's own fields: what a model needs to
    choose."""
    if not customs:
        return _same_for_all()
    lines = [f"{kind}: {', '.join(_custom(field) for field in fields.values())}" for kind, fields in customs.items()]
    return "\n".join([_same_for_all(), CUSTOMS_TOLD, *lines])


CUSTOMS_TOLD = (
    "Fields of this company's own, kept in custom by name: write them among a record's fields, filter by custom.name,"
    " read them in SQL as custom->>'name' (text: cast numbers and dates). Name “what people call it” (type):"
)


def _custom(field: Field) -> str:
    named = "" if field.label.casefold() == field.name.replace("_", " ") else f" “{field.label}”"
    return f"{field.name}{named} ({_custom_type(field)})"


def _custom_type(field: Field) -> str:
    return f"one of {', '.join(field.choices)}" if field.choices else TYPE_NAMES[field.type]


@cache
def _same_for_all() -> str:
    lines = [f"{view.name}({', '.join(_compact_columns(view))})" for view in VIEWS.values()]
    lines.append(f"Records also have {', '.join(STAMPS)}. * private.")
    lines += [
        f"{kind} {KINDS[kind].status_field}: {', '.join(name for name, _ in found)}" for kind, found in STATUSES.items()
    ]
    return "\n".join(lines)


def view_of(name: str) -> View:
    """The view of this name, or of the record kind of this name. Raises CrmError (not_found)."""
    view = VIEWS.get(name) or next((VIEWS[kind.view] for kind in KINDS.values() if kind.name == name), None)
    if view is None:
        raise CrmError("not_found", f"No view {name}. There are: {', '.join(VIEWS)}.")
    return view


def view_catalog(name: str, customs: Customs = NONE, samples: Samples = MappingProxyType({})) -> str:
    """One view in full: types, comments, values of columns that have few, privacy zones and which fields may be written.

    Raises CrmError (not_found)."""
    view = view_of(name)
    lines = [f"{view.name}: {view.comment}"]
    for column in view.columns:
        zone = f" [private: {column.zone}]" if column.zone else ""
        values = f" [{', '.join(samples[column.name])}]" if column.name in samples else ""
        lines.append(f"- {column.name} {_ABBREVIATED.get(column.type, column.type)}: {column.comment}{zone}{values}")
    if view.record_kind is not None:
        lines.append(_writable(view.record_kind))
        lines += _customs_in_full(customs.get(view.record_kind, {}))
    return "\n".join(lines)


def writable_fields(kind: str) -> str:
    """The fields of one kind that may be written, in one line; the required ones carry an exclamation mark."""
    return ", ".join(f"{field.name}{'!' if field.required else ''}" for field in KINDS[kind].fields.values())


def _writable(kind: str) -> str:
    lines = [f"Writable fields, {kind} (! required):"]
    for field in KINDS[kind].fields.values():
        choices = f" one of {', '.join(field.choices)}" if field.choices else ""
        of = f" id of a {' or '.join(field.references)}" if field.references else ""
        lines.append(f"- {field.name}{'!' if field.required else ''} ({field.type}{of}{choices})")
    if kind in STATUSES:
        lines.append(
            f"{KINDS[kind].status_field}: {', '.join(f'{name} ({outcome})' for name, outcome in STATUSES[kind])}"
        )
    return "\n".join(lines)


def _customs_in_full(fields: Mapping[str, Field]) -> list[str]:
    """How each of the tenant's own fields is written, filtered and queried."""
    if not fields:
        return []
    told = [
        f"- {name} “{field.label}” ({_custom_type(field)}){f': {field.comment}' if field.comment else ''};"
        f" in SQL {_CASTS.get(field.type, '{}').format(_held(name))}"
        for name, field in fields.items()
    ]
    return ["Fields of this company's own (write by name or under custom, filter by custom.name):", *told]


def _held(name: str) -> str:
    return f"custom->>'{name}'"


_CASTS: Mapping[FieldType, str] = {
    FieldType.NUMBER: "({})::numeric",
    FieldType.DATE: "({})::date",
    FieldType.TIMESTAMP: "({})::timestamptz",
    FieldType.BOOLEAN: "({})::boolean",
}


def _compact_columns(view: View) -> list[str]:
    return [f"{column.name}{'*' if column.zone else ''}" for column in view.columns if column.name not in STAMPS]
