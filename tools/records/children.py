"""Rows that belong to a record without being records: tags and an interaction's participants."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from tools.context import Call
from tools.records.references import check_record, check_user
from tools.records.rows import labels
from tools.records.tables import CONTACTS, PARTICIPANTS, TAGS


def set_tags(call: Call, record_id: UUID, tags: Iterable[str]) -> bool:
    """Makes these the record's tags; true when that changed anything."""
    here = sa.and_(TAGS.c.tenant_id == call.tenant_id, TAGS.c.record_id == record_id)
    held = {row["tag"] for row in call.session.select(sa.select(TAGS.c.tag).where(here))}
    wanted = set(tags)
    if gone := held - wanted:
        call.writing.execute(sa.delete(TAGS).where(here, TAGS.c.tag.in_(gone)))
    if fresh := wanted - held:
        rows = [{"tenant_id": call.tenant_id, "record_id": record_id, "tag": tag} for tag in sorted(fresh)]
        call.writing.execute(sa.insert(TAGS).values(rows))
    if held != wanted:
        call.touch(record_id)
    return held != wanted


def resolve_participants(
    call: Call, given: Sequence[Mapping[str, Any]], kind: str, direction: str
) -> list[dict[str, Any]]:
    """Participants as rows hold them: a contact becomes its individual, an absent role the usual one."""
    theirs, ours = usual_roles(kind, direction)
    rows: list[dict[str, Any]] = []
    for each in given:
        if "user_id" in each:
            check_user(call, "participants.user_id", each["user_id"])
            row = {"individual_id": None, "user_id": each["user_id"], "role": each["role"] or ours}
        else:
            row = {"individual_id": _individual(call, each), "user_id": None, "role": each["role"] or theirs}
        if row not in rows:
            rows.append(row)
    return rows


def usual_roles(kind: str, direction: str) -> tuple[str, str]:
    """The other side's role and ours."""
    sending, receiving = {"email": ("from", "to"), "call": ("caller", "callee")}.get(kind, ("attendee", "attendee"))
    return (sending, receiving) if direction == "inbound" else (receiving, sending)


def set_participants(call: Call, interaction_id: UUID, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Makes these the interaction's participants; true when that changed anything."""
    here = sa.and_(PARTICIPANTS.c.tenant_id == call.tenant_id, PARTICIPANTS.c.interaction_id == interaction_id)
    held = {_who(row): row["id"] for row in call.session.select(sa.select(PARTICIPANTS).where(here))}
    wanted = {_who(row) for row in rows}
    if gone := [row_id for who, row_id in held.items() if who not in wanted]:
        call.writing.execute(sa.delete(PARTICIPANTS).where(here, PARTICIPANTS.c.id.in_(gone)))
    fresh = [
        {"tenant_id": call.tenant_id, "id": call.world.new_id(), "interaction_id": interaction_id, **row}
        for row in rows
        if _who(row) not in held
    ]
    if fresh:
        call.writing.execute(sa.insert(PARTICIPANTS).values(fresh))
    if gone or fresh:
        call.touch(interaction_id)
    return bool(gone or fresh)


def _who(row: Mapping[str, Any]) -> tuple[UUID | None, UUID | None, str]:
    return row["individual_id"], row["user_id"], row["role"]


def _individual(call: Call, given: Mapping[str, Any]) -> UUID:
    key = "contact_id" if "contact_id" in given else "individual_id"
    record_id: UUID = given[key]
    found = labels(call.session, call.tenant_id, [record_id]).get(record_id)
    check_record(f"participants.{key}", (key.removesuffix("_id"),), record_id, found)
    if key == "individual_id":
        return record_id
    contacts = call.session.select(
        sa.select(CONTACTS.c.individual_id).where(CONTACTS.c.tenant_id == call.tenant_id, CONTACTS.c.id == record_id)
    )
    if not contacts:
        raise CrmError("not_found", f"There is no contact {record_id}.")
    return contacts[0]["individual_id"]
