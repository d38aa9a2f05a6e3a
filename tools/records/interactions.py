"""What an interaction leaves unsaid: whom it was with, and who took part."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tools.context import Call
from tools.records import rows
from tools.records.children import usual_roles
from tools.records.tables import CONTACTS


def complete(call: Call, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with time, user, account, subject of talk and source filled in from what was said."""
    told: dict[str, Any] = {
        "direction": "outbound",
        "occurred_at": call.world.now(),
        "user_id": call.who.user_id,
        "source": "manual",
        **values,
    }
    if "about_id" not in told:
        told["about_id"] = _first_contact(call, told) or told.get("account_id")
    about: UUID | None = told.get("about_id")
    if told.get("account_id") is None and about is not None:
        told["account_id"] = _account_of(call, about)
    return {name: value for name, value in told.items() if value is not None}


def usual_participants(call: Call, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The person it is about and the user, each in the role that kind and direction give them."""
    theirs, ours = usual_roles(values["kind"], values["direction"])
    people: list[dict[str, Any]] = []
    individual = _individual_of(call, values["about_id"]) if values.get("about_id") else None
    if individual is not None and values["direction"] != "internal":
        people.append({"individual_id": individual, "user_id": None, "role": theirs})
    if values.get("user_id"):
        people.append({"individual_id": None, "user_id": values["user_id"], "role": ours})
    return people


def _first_contact(call: Call, values: Mapping[str, Any]) -> UUID | None:
    """The contact among the participants; of an individual, the contact they speak as when there is just one."""
    for each in values.get("participants", ()):
        if each.get("contact_id"):
            return each["contact_id"]
        if each.get("individual_id"):
            found = call.session.select(
                sa.select(CONTACTS.c.id).where(
                    CONTACTS.c.tenant_id == call.tenant_id,
                    CONTACTS.c.individual_id == each["individual_id"],
                    CONTACTS.c.deleted_at.is_(None),
                )
            )
            return found[0]["id"] if len(found) == 1 else each["individual_id"]
    return None


def _account_of(call: Call, about_id: UUID, depth: int = 2) -> UUID | None:
    """The account behind a record; through a task or note, that of what it is about."""
    stored = rows.find(call.session, call.tenant_id, about_id)
    if stored is None:
        return None
    if stored.kind.name == "account":
        return about_id
    if "account_id" in stored.kind.fields:
        return stored.value("account_id")
    onward = stored.main.get("about_id")
    return _account_of(call, onward, depth - 1) if onward is not None and depth else None


def _individual_of(call: Call, about_id: UUID) -> UUID | None:
    stored = rows.find(call.session, call.tenant_id, about_id)
    match stored.kind.name if stored else None:
        case "individual":
            return about_id
        case "contact":
            return stored.value("individual_id") if stored else None
        case "opportunity" | "job" | "partnership":
            contact = stored.value("contact_id") if stored else None
            return _individual_of(call, contact) if contact else None
        case _:
            return None
