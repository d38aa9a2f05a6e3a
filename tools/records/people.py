"""Contacts and the individuals behind them: a contact's name, e-mail and phone are its individual's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from retrieval.folding import split_full_name
from schema.errors import CrmError
from schema.kinds import KINDS
from tools.context import Call
from tools.records import rows
from tools.records.given import with_customs

INDIVIDUAL = KINDS["individual"]
PERSONAL = ("given_name", "family_name", "full_name", "email", "phone")
"""Fields of a contact that its individual holds."""


def with_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with a full name taken apart; a given and family name said beside it stand."""
    told = dict(values)
    full = told.pop("full_name", None)
    if full is not None:
        given, family = split_full_name(full)
        told = {"given_name": given, "family_name": family, **told}
    return told


def personal_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in PERSONAL}


def create_individual(call: Call, values: Mapping[str, Any]) -> UUID:
    """A new individual with a contact's name, e-mail and phone."""
    if not values.get("given_name") and not values.get("family_name"):
        raise CrmError(
            "invalid",
            "A contact needs a name: given_name and family_name, or full_name; "
            "or the individual_id of an individual who is there already.",
        )
    record_id = call.world.new_id()
    personal = {"given_name": "", "family_name": "", **personal_of(values)}
    rows.insert(call, INDIVIDUAL, record_id, rows.split(INDIVIDUAL, personal))
    return record_id


def update_individual(call: Call, individual_id: UUID, values: Mapping[str, Any]) -> list[str]:
    """Writes what differs; returns the names of the fields that changed."""
    stored = rows.get(call.session, call.tenant_id, individual_id, lock=True)
    changed = changes_to(
        stored, {name: "" if _is_name(name) and value is None else value for name, value in values.items()}
    )
    if changed:
        rows.update(call, stored, rows.split(INDIVIDUAL, changed))
    return list(changed)


def changes_to(stored: rows.Stored, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that the record does not hold already; `custom` whole, as it is to be."""
    return {
        name: value
        for name, value in with_customs(values, stored.main["custom"]).items()
        if stored.kind.fields[name].table in stored.rows and stored.value(name) != value
    }


def _is_name(field: str) -> bool:
    return field in {"given_name", "family_name"}
