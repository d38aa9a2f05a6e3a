"""Creating, changing, deleting and restoring records of any kind."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from guardrails.effects import Effect
from schema.audit import ChangeFilter, list_changes
from schema.errors import CrmError
from schema.fields import FieldType
from schema.kinds import Kind
from tools.context import Call
from tools.records import children, interactions, people, rows
from tools.records.given import check_emptied, check_whole, read_fields, without_empty
from tools.records.locks import hold
from tools.records.references import check_references, hold_named
from tools.records.statuses import Pipeline, moments, pipeline_of, usual_probability
from tools.records.tables import CONTACTS
from tools.records.twins import find_twins
from tools.records.updating import plan, write


def create(call: Call, kind: Kind, given: Mapping[str, Any], *, create_anyway: bool) -> UUID | list[dict[str, Any]]:
    """The new record's id; or the twins it looks like, and then nothing was written."""
    call.check(kind.name, Effect.WRITE)
    pipeline = pipeline_of(call.session, call.tenant_id, kind)
    values = without_empty(read_fields(call, kind, given, pipeline))
    check_references(call, kind.fields, values)
    values = _completed(call, kind, values, pipeline)
    check_whole(values)
    if not create_anyway and (twins := find_twins(call, kind, values)):
        return twins
    return _insert(call, kind, values, pipeline)


def _completed(call: Call, kind: Kind, values: dict[str, Any], pipeline: Pipeline) -> dict[str, Any]:
    """The values with what goes without saying; raises CrmError of kind invalid for what does not."""
    if kind.name == "contact":
        return _completed_contact(values)
    if kind.name == "individual" and not values.get("given_name") and values.get("family_name"):
        values = {"given_name": "", **values}
    missing = [name for name in kind.required if name not in values]
    if missing:
        raise CrmError("invalid", f"A new record of kind {kind.name} needs {' and '.join(missing)}.")
    if kind.name == "interaction":
        return interactions.complete(call, values)
    if kind.owner_field is not None:
        values = {kind.owner_field: call.who.user_id, **values}
    if kind.status_field is not None:
        values = {kind.status_field: pipeline.first, **values}
    if "currency" in kind.fields and (_holds_money(kind, values) or not rows.is_nullable(kind.tables[-1], "currency")):
        values = {"currency": call.who.currency, **values}
    probability = usual_probability(kind, values.get("stage", ""))
    return values if probability is None else {"probability": probability, **values}


def _completed_contact(values: dict[str, Any]) -> dict[str, Any]:
    told = people.with_names(values)
    if "individual_id" not in told and not told.get("given_name") and not told.get("family_name"):
        raise CrmError(
            "invalid",
            "A new contact needs a name: given_name and family_name, or full_name; "
            "or the individual_id of an individual who is there already.",
        )
    return told


def _holds_money(kind: Kind, values: Mapping[str, Any]) -> bool:
    return any(kind.fields[name].type is FieldType.MONEY for name in values)


def _insert(call: Call, kind: Kind, values: dict[str, Any], pipeline: Pipeline) -> UUID:
    own = dict(values)
    if kind.name == "contact":
        personal = people.personal_of(own)
        if "individual_id" in own:
            people.update_individual(call, own["individual_id"], personal)
        else:
            own["individual_id"] = people.create_individual(call, personal)
        own = {name: value for name, value in own.items() if name not in people.PERSONAL}
    record_id = call.world.new_id()
    parts = rows.split(kind, own)
    if kind.status_field is not None:
        for table, columns in moments(kind, pipeline, own[kind.status_field], call.world.now()).items():
            parts[table] |= columns
    if kind.name == "interaction":
        parts["interactions"]["is_external"] = own["source"] != "manual" and own["direction"] == "inbound"
    rows.insert(call, kind, record_id, parts)
    if own.get("tags"):
        children.set_tags(call, {record_id: own["tags"]})
    if kind.name == "interaction":
        children.set_participants(call, record_id, _participants(call, own))
    return record_id


def _participants(call: Call, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those named, and the user where no user is; else the usual ones."""
    if "participants" not in values:
        return interactions.usual_participants(call, values)
    named = children.resolve_participants(call, values["participants"], values["kind"], values["direction"])
    if any(row["user_id"] for row in named):
        return named
    ours = [row for row in interactions.usual_participants(call, values) if row["user_id"]]
    return [*named, *ours]


def update(call: Call, record_id: UUID, given: Mapping[str, Any], if_version: int | None) -> list[str]:
    """The names of the fields that changed; an unchanged record is not touched."""
    hold_named(call, [record_id], given)
    stored = rows.get(call.session, call.tenant_id, record_id, lock=True)
    kind = stored.kind
    call.check(kind.name, Effect.WRITE, stored.is_of)
    check_version(call, stored, if_version)
    pipeline = pipeline_of(call.session, call.tenant_id, kind)
    values = read_fields(call, kind, given, pipeline)
    check_emptied(kind, values)
    planned = plan(call, stored, values, pipeline)
    check_references(call, kind.fields, planned.changes)
    return write(call, [planned])[0]


def check_version(call: Call, stored: rows.Stored, if_version: int | None) -> None:
    """Refuses a change made with an older version in view; says who changed it since."""
    if if_version is None or if_version == stored.version:
        return
    if if_version > stored.version:
        raise CrmError("conflict", f"{stored.label!r} is at version {stored.version}, not {if_version}.")
    limit = stored.version - if_version
    since = list_changes(call.session, ChangeFilter(record_id=stored.record_id, limit=limit))["changes"]
    told = "; ".join(_told(change) for change in since[:3])
    raise CrmError(
        "conflict",
        f"{stored.label!r} is at version {stored.version} now, not {if_version}"
        + (f": {told}" if told else "")
        + ". Read it again and decide anew.",
    )


def _told(change: Mapping[str, Any]) -> str:
    after: Mapping[str, Any] = change["after"] or {}
    fields = ", ".join(name for name in after if not name.endswith(("_name", "_label")))
    return f"{change['on_behalf_of'] or change['actor']} changed {fields or 'it'} at {change['occurred_at']}"


def delete(call: Call, record_id: UUID) -> rows.Stored:
    """The record as it was; afterwards it is hidden, and can be restored."""
    hold(call, removing=[record_id])
    stored = rows.get(call.session, call.tenant_id, record_id, lock=True)
    call.check(stored.kind.name, Effect.DESTROY, stored.is_of)
    if stored.kind.name == "individual" and (contacts := _contacts_of(call, record_id)):
        raise CrmError(
            "conflict",
            f"{stored.label!r} is still a contact in {contacts} places; delete these contacts first.",
        )
    rows.update(call, stored, {stored.kind.table: {"deleted_at": call.world.now()}})
    return stored


def restore(call: Call, record_id: UUID) -> None:
    """Brings a deleted record back as it was."""
    stored = rows.find(call.session, call.tenant_id, record_id, lock=True)
    if stored is None:
        raise CrmError("not_found", f"There is no record {record_id}.")
    call.check(stored.kind.name, Effect.WRITE, stored.is_of)
    if not stored.is_deleted:
        raise CrmError("conflict", f"The {stored.kind.name} {stored.label!r} is not deleted.")
    _check_not_merged(call, stored)
    check_restorable(call, stored)
    rows.update(call, stored, {stored.kind.table: {"deleted_at": None}})


def _check_not_merged(call: Call, stored: rows.Stored) -> None:
    """Restored alone, a merged record would come back without all that has moved away from it."""
    if stored.main["merged_into_id"] is None:
        return
    change_id = call.session.scalar(
        "SELECT change_id FROM crm.audit_events WHERE record_id = :record_id AND action = 'merge'"
        " ORDER BY event_id DESC LIMIT 1",
        record_id=stored.record_id,
    )
    raise CrmError(
        "conflict",
        f"{rows.why_gone(call.session, stored)} To take the two apart again, undo the merge, which is change {change_id}.",
    )


def check_restorable(call: Call, stored: rows.Stored) -> None:
    """A contact shows its individual, so it cannot live while that is deleted."""
    if stored.kind.name != "contact":
        return
    individual = rows.find(call.session, call.tenant_id, stored.value("individual_id"))
    if individual is not None and individual.is_deleted:
        raise CrmError(
            "conflict",
            f"The individual behind {stored.label!r} is deleted; restore the individual {individual.record_id} first.",
        )


def _contacts_of(call: Call, individual_id: UUID) -> int:
    found = call.session.select(
        sa.select(sa.func.count().label("count")).where(
            CONTACTS.c.tenant_id == call.tenant_id,
            CONTACTS.c.individual_id == individual_id,
            CONTACTS.c.deleted_at.is_(None),
        )
    )
    return found[0]["count"]
