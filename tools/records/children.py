"""Rows that belong to a record without being records: tags and an interaction's participants."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from tools.context import Call
from tools.records.locks import hold
from tools.records.references import check_record, check_user
from tools.records.rows import among
from tools.records.tables import CONTACTS, PARTICIPANTS, TAGS

SIGNS = ("+", "-")
"""Before a tag: it is added to those there are, or taken off them."""


def set_tags(call: Call, wanted: Mapping[UUID, Iterable[str]]) -> set[UUID]:
    """Makes these the tags of each record, or with `+word` and `-word` adds and takes off; the records that had others."""
    theirs = sa.and_(TAGS.c.tenant_id == call.tenant_id, among(TAGS.c.record_id, wanted))
    held = {(row["record_id"], row["tag"]) for row in call.session.select(sa.select(TAGS).where(theirs))}
    told = {(record_id, tag) for record_id, tags in wanted.items() for tag in _applied(tags, record_id, held)}
    for tag, record_ids in _by_tag(held - told).items():
        same = TAGS.c.tenant_id == call.tenant_id, TAGS.c.tag == tag, among(TAGS.c.record_id, record_ids)
        call.writing.execute(sa.delete(TAGS).where(*same))
    for tag, record_ids in _by_tag(told - held).items():
        fresh = sa.select(
            sa.literal(call.tenant_id, sa.Uuid()),
            sa.func.unnest(sa.literal(record_ids, sa.ARRAY(sa.Uuid()))),
            sa.literal(tag, sa.Text()),
        )
        call.writing.execute(sa.insert(TAGS).from_select(["tenant_id", "record_id", "tag"], fresh))
    changed = {record_id for record_id, _ in held ^ told}
    for record_id in wanted:
        if record_id in changed:
            call.touch(record_id)
    return changed


def _applied(tags: Iterable[str], record_id: UUID, held: set[tuple[UUID, str]]) -> set[str]:
    """The tags themselves; where they are signed, those held with some added and some taken off."""
    told = set(tags)
    if not any(tag.startswith(SIGNS) for tag in told):
        return told
    own = {tag for owner, tag in held if owner == record_id}
    added, gone = ({tag[1:] for tag in told if tag.startswith(sign)} for sign in SIGNS)
    return (own - gone) | added


def _by_tag(pairs: Iterable[tuple[UUID, str]]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for record_id, tag in sorted(pairs):
        found.setdefault(tag, []).append(record_id)
    return dict(sorted(found.items()))


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


def replace_people(call: Call, rows: Sequence[Mapping[str, Any]], into: Mapping[UUID, UUID]) -> None:
    """Puts other individuals in the participants' places; the rows keep their ids.

    They are written anew, because the application may not update them: who took part is no field that is edited.
    """
    mine = PARTICIPANTS.c.tenant_id == call.tenant_id, among(PARTICIPANTS.c.id, [row["id"] for row in rows])
    call.writing.execute(sa.delete(PARTICIPANTS).where(*mine))
    fresh = [{**row, "individual_id": into.get(row["individual_id"], row["individual_id"])} for row in rows]
    if fresh:
        call.writing.execute(sa.insert(PARTICIPANTS), fresh)


def _who(row: Mapping[str, Any]) -> tuple[UUID | None, UUID | None, str]:
    return row["individual_id"], row["user_id"], row["role"]


def _individual(call: Call, given: Mapping[str, Any]) -> UUID:
    key = "contact_id" if "contact_id" in given else "individual_id"
    record_id: UUID = given[key]
    found = hold(call, naming=[record_id]).get(record_id)
    check_record(call, f"participants.{key}", (key.removesuffix("_id"),), record_id, found)
    if key == "individual_id":
        return record_id
    contacts = call.session.select(
        sa.select(CONTACTS.c.individual_id).where(CONTACTS.c.tenant_id == call.tenant_id, CONTACTS.c.id == record_id)
    )
    if not contacts:
        raise CrmError("not_found", f"There is no contact {record_id}.")
    return contacts[0]["individual_id"]
