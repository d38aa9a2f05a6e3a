"""Checks that what a record names exists, lives, and is of the right kind."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from schema.fields import Field, FieldType
from tools.context import Call
from tools.records.rows import labels
from tools.records.tables import USERS


def check_references(call: Call, fields: Mapping[str, Field], values: Mapping[str, Any]) -> None:
    """Raises CrmError for the first reference that cannot stand."""
    named = {
        name: value
        for name, value in values.items()
        if isinstance(value, UUID) and fields[name].type in {FieldType.REFERENCE, FieldType.USER}
    }
    records = {name: value for name, value in named.items() if fields[name].type is FieldType.REFERENCE}
    known = labels(call.session, call.tenant_id, records.values())
    for name, value in records.items():
        check_record(name, fields[name].references, value, known.get(value))
    for name, value in named.items():
        if fields[name].type is FieldType.USER:
            check_user(call, name, value)


def check_record(name: str, kinds: tuple[str, ...], record_id: UUID, found: tuple[str, str, bool] | None) -> None:
    """`found` is kind, label and whether it is deleted."""
    wanted = " or ".join(kinds) or "record"
    if found is None:
        raise CrmError("not_found", f"{name}: there is no {wanted} {record_id}. find_records gives ids for names.")
    kind, label, is_deleted = found
    if kinds and kind not in kinds:
        article = "an" if wanted[0] in "aeiou" else "a"
        raise CrmError("invalid", f"{name} takes {article} {wanted}, and {label!r} is of kind {kind}.")
    if is_deleted:
        raise CrmError("invalid", f"{name}: the {kind} {label!r} was deleted; restore it first or name another.")


def check_user(call: Call, name: str, user_id: UUID) -> None:
    found = call.session.select(
        sa.select(USERS.c.name, USERS.c.is_active).where(USERS.c.tenant_id == call.tenant_id, USERS.c.id == user_id)
    )
    if not found:
        raise CrmError("not_found", f"{name}: there is no user {user_id}. find_records with kind user lists them.")
    if not found[0]["is_active"]:
        raise CrmError("invalid", f"{name}: the user {found[0]['name']} is disabled; name another.")
