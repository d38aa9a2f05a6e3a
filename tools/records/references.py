"""Checks that what a record names exists, lives, and is of the right kind."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from schema.fields import Field, FieldType
from tools.context import Call
from tools.records.locks import Told, hold
from tools.records.people import PERSONAL
from tools.records.rows import among, find, why_gone
from tools.records.tables import CONTACTS, USERS


def check_references(call: Call, fields: Mapping[str, Field], values: Mapping[str, Any]) -> None:
    """Raises CrmError for the first reference that cannot stand."""
    named = {
        name: value
        for name, value in values.items()
        if isinstance(value, UUID) and fields[name].type in {FieldType.REFERENCE, FieldType.USER}
    }
    records = {name: value for name, value in named.items() if fields[name].type is FieldType.REFERENCE}
    known = hold(call, naming=records.values())
    for name, value in records.items():
        check_record(call, name, fields[name].references, value, known.get(value))
    for name, value in named.items():
        if fields[name].type is FieldType.USER:
            check_user(call, name, value)


def hold_named(call: Call, record_ids: Iterable[UUID], given: Mapping[str, Any]) -> None:
    """Locks what a change of these records will name, and the individuals behind contacts, before the records are."""
    named = named_in(given)
    people: list[UUID] = []
    if not given.keys().isdisjoint(PERSONAL):
        contacts = CONTACTS.c.tenant_id == call.tenant_id, among(CONTACTS.c.id, record_ids)
        people = [
            row["individual_id"] for row in call.session.select(sa.select(CONTACTS.c.individual_id).where(*contacts))
        ]
    if named or people:
        hold(call, naming=named, changing=people)


def named_in(given: Mapping[str, Any]) -> list[UUID]:
    """The ids among fields as they were given, unread."""
    return [record_id for name, value in given.items() if name.endswith("_id") and (record_id := _as_uuid(value))]


def _as_uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def check_record(call: Call, name: str, kinds: tuple[str, ...], record_id: UUID, found: Told | None) -> None:
    """Raises CrmError when the record cannot be named as one of the kinds."""
    wanted = " or ".join(kinds) or "record"
    if found is None:
        raise CrmError("not_found", f"{name}: there is no {wanted} {record_id}. find_records gives ids for names.")
    kind, label, is_deleted = found
    if kinds and kind not in kinds:
        article = "an" if wanted[0] in "aeiou" else "a"
        raise CrmError("invalid", f"{name} takes {article} {wanted}, and {label!r} is of kind {kind}.")
    if is_deleted:
        stored = find(call.session, call.tenant_id, record_id)
        told = why_gone(call.session, stored) if stored else "it is no more."
        raise CrmError("invalid", f"{name}: {told[:1].lower()}{told[1:]} Or name another.")


def check_user(call: Call, name: str, user_id: UUID) -> None:
    found = call.session.select(
        sa.select(USERS.c.name, USERS.c.is_active).where(USERS.c.tenant_id == call.tenant_id, USERS.c.id == user_id)
    )
    if not found:
        raise CrmError("not_found", f"{name}: there is no user {user_id}. find_records with kind user lists them.")
    if not found[0]["is_active"]:
        raise CrmError("invalid", f"{name}: the user {found[0]['name']} is disabled; name another.")
