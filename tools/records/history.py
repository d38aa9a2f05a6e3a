"""A record as it stood at a moment, put together from the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from schema.errors import CrmError
from schema.fields import FieldType
from schema.kinds import Kind
from schema.session import Row
from tools.context import Call
from tools.records.rows import BOOKKEEPING, Stored, labels
from tools.records.shown import as_json

_LABELLED = {"account_id": "account_name", "contact_id": "contact_name", "about_id": "about_label"}


def record_as_of(call: Call, stored: Stored, moment: datetime) -> dict[str, Any]:
    """The fields the record had at the end of `moment`; names of what it refers to are today's.

    Raises CrmError (not_found) when it did not exist then, or was deleted.
    """
    images = _images(call, stored.record_id, moment)
    kind = stored.kind
    main = images.get(kind.table)
    if main is None and any(event["is_erased"] for event in _events(call, stored.record_id, moment)):
        raise CrmError("not_found", f"What {stored.label!r} was then has been erased for good.")
    if main is None:
        created: datetime = stored.main["created_at"]
        raise CrmError("not_found", f"{stored.label!r} did not exist then; it was created at {as_json(created)}.")
    if main.get("deleted_at") is not None:
        raise CrmError("not_found", f"{stored.label!r} was deleted then, since {main['deleted_at']}.")
    fields = {name: image[field.column] for name, field in kind.fields.items() if (image := images.get(field.table))}
    fields |= _derived(kind, images)
    if kind.name == "contact":
        fields |= _personal(call, stored, moment)
    fields["tags"] = sorted(_tags(call, stored.record_id, moment))
    return {
        "kind": kind.name,
        "record_id": str(stored.record_id),
        "label": stored.label,
        "version": main["version"],
        "as_of": as_json(moment),
        "fields": as_json(_exact(kind, {**fields, **_names(call, fields)})),
    }


def _events(call: Call, record_id: UUID, moment: datetime) -> list[Row]:
    return call.session.rows(
        "SELECT table_name, before, after, erased IS NOT NULL AS is_erased FROM crm.audit_events"
        " WHERE record_id = :record_id AND occurred_at <= :moment ORDER BY event_id",
        record_id=record_id,
        moment=moment,
    )


def _images(call: Call, record_id: UUID, moment: datetime) -> dict[str, Mapping[str, Any]]:
    """The last image of each of the record's own rows."""
    return {
        event["table_name"]: event["after"]
        for event in _events(call, record_id, moment)
        if event["after"] is not None and event["table_name"] not in {"record_tags", "interaction_participants"}
    }


def _tags(call: Call, record_id: UUID, moment: datetime) -> set[str]:
    tags: set[str] = set()
    for event in _events(call, record_id, moment):
        if event["table_name"] == "record_tags":
            if event["before"]:
                tags.discard(event["before"]["tag"])
            if event["after"]:
                tags.add(event["after"]["tag"])
    return tags


def _derived(kind: Kind, images: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Columns that views show although nobody writes them."""
    main = images[kind.table]
    written = {field.column for field in kind.fields.values() if field.table == kind.table}
    return {name: value for name, value in main.items() if name not in BOOKKEEPING | written | {"custom"}}


def _personal(call: Call, stored: Stored, moment: datetime) -> dict[str, Any]:
    individual = _images(call, stored.value("individual_id"), moment).get("individuals")
    if individual is None:
        return {}
    full_name = f"{individual['given_name']} {individual['family_name']}".strip()
    return {"full_name": full_name, "email": individual["email"], "phone": individual["phone"]}


def _names(call: Call, fields: Mapping[str, Any]) -> dict[str, Any]:
    ids = {name: UUID(fields[name]) for name in _LABELLED if fields.get(name)}
    known = labels(call.session, call.tenant_id, ids.values())
    return {_LABELLED[name]: known[record_id][1] for name, record_id in ids.items() if record_id in known}


def _exact(kind: Kind, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Money as the column's own digits: a JSON image holds 50000.00 as a number."""
    decimal = {FieldType.MONEY, FieldType.PERCENT}
    return {
        name: f"{value:.2f}"
        if value is not None and name in kind.fields and kind.fields[name].type in decimal
        else value
        for name, value in fields.items()
    }
