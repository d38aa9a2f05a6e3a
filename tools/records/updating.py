"""The change of a record's fields: worked out from what is stored, then written, alone or with others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guardrails.effects import Effect
from schema.errors import CrmError
from schema.fields import FieldType
from schema.telling import spread
from tools.context import Call
from tools.records import children, people, rows
from tools.records.given import check_whole
from tools.records.statuses import Pipeline, check_move, following_probability, moments


@dataclass(frozen=True)
class Planned:
    """What is to become of one record."""

    stored: rows.Stored
    changes: Mapping[str, Any]
    """Fields of the record's own tables that are to differ from now on."""
    parts: rows.Values
    """The same and what follows from it, by table and column."""
    beside: Mapping[str, Any]
    """Fields that other tables hold, whether they differ or not."""


def plan(call: Call, stored: rows.Stored, values: Mapping[str, Any], pipeline: Pipeline) -> Planned:
    """What these values (as `read_fields` reads them) change; references are left to be checked by the caller.

    Raises CrmError for what the user may not do, and for what the record cannot be.
    """
    kind = stored.kind
    call.check(kind.name, Effect.WRITE, stored.is_of)
    if values.get("about_id") == stored.record_id:
        raise CrmError("invalid", f"A {kind.name} cannot be about itself.")
    told = people.with_names(values) if kind.name == "contact" else dict(values)
    changes = people.changes_to(stored, _with_probability(stored, told, pipeline))
    check_whole({**_money_of(stored), **changes})
    beside = {name: value for name, value in told.items() if kind.fields[name].table not in stored.rows}
    return Planned(stored, changes, _parts(call, stored, changes, pipeline), beside)


def write(call: Call, planned: Sequence[Planned]) -> list[list[str]]:
    """Makes the changes; the names of the fields that changed, of each. An unchanged record is not touched."""
    rows.update_all(call, [(each.stored, each.parts) for each in planned if each.changes])
    tags = {each.stored.record_id: each.beside["tags"] or () for each in planned if "tags" in each.beside}
    tagged = children.set_tags(call, tags) if tags else set[UUID]()
    return [
        [
            *_named(each),
            *_update_beside(call, each.stored, each.beside),
            *(["tags"] if each.stored.record_id in tagged else []),
        ]
        for each in planned
    ]


def _named(planned: Planned) -> list[str]:
    """The changed fields; of the tenant's own each by itself, as `custom.region`."""
    held, given = spread({"custom": planned.stored.main["custom"]}), spread(planned.changes)
    gone = sorted(set(held) - set(given)) if "custom" in planned.changes else []
    return [*(name for name in given if name not in held or held[name] != given[name]), *gone]


def _with_probability(stored: rows.Stored, values: dict[str, Any], pipeline: Pipeline) -> dict[str, Any]:
    """The values, and with a move of stage the probability that follows it."""
    if stored.kind.name != "opportunity" or "stage" not in values or "probability" in values:
        return values
    following = following_probability(stored, pipeline, values["stage"])
    return values if following is None else {**values, "probability": following}


def _money_of(stored: rows.Stored) -> dict[str, Any]:
    return {name: stored.value(name) for name, field in stored.kind.fields.items() if field.type is FieldType.MONEY}


def _parts(call: Call, stored: rows.Stored, changes: Mapping[str, Any], pipeline: Pipeline) -> rows.Values:
    kind = stored.kind
    parts = rows.split(kind, changes)
    status = kind.status_field
    if status is not None and status in changes:
        check_move(call.session, stored, changes[status], pipeline)
        moved = moments(kind, pipeline, changes[status], call.world.now(), standing=stored.value(status))
        for table, columns in moved.items():
            parts[table] |= columns
    return parts


def _update_beside(call: Call, stored: rows.Stored, values: Mapping[str, Any]) -> list[str]:
    """What the record shows but other tables hold, tags aside."""
    changed: list[str] = []
    personal = people.personal_of(values) if stored.kind.name == "contact" else {}
    if personal:
        changed += people.update_individual(call, stored.value("individual_id"), personal)
    if "participants" in values:
        told = children.resolve_participants(
            call,
            values["participants"] or (),
            values.get("kind") or stored.value("kind"),
            values.get("direction") or stored.value("direction"),
        )
        if children.set_participants(call, stored.record_id, told):
            changed.append("participants")
    return changed
