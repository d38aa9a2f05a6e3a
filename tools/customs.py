"""Declaring a tenant's own fields, which only an admin may, and listing them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from guardrails import rights
from guardrails.effects import Effect
from schema.customs import TYPE_NAMES, Customs, Declaration, check_declaration, load_customs
from schema.database import sqlstate
from schema.errors import CrmError
from schema.fields import Field
from schema.kinds import KINDS
from schema.session import Change
from tools.context import ToolContext
from tools.records.tables import table_of

KIND = "custom_field"
"""What rights and scopes call a declaration."""
_TABLE = table_of("custom_fields")
_UNIQUE_VIOLATION = "23505"


def declare(context: ToolContext, told: Declaration) -> dict[str, Any]:
    """The field as it is listed. Raises CrmError: denied for all but admins, invalid or conflict for what cannot be."""
    if rights.reach(context.who.role, KIND, Effect.WRITE) is rights.Reach.NONE:
        raise CrmError("denied", f"Only an admin adds fields, and {context.who.email} is a {context.who.role}.")
    rights.check(context.who.role, context.scopes, KIND, Effect.WRITE, is_own=True)
    if told.kind not in KINDS:
        raise CrmError("invalid", f"There is no record kind {told.kind!r}; the kinds are {', '.join(KINDS)}.")
    change = Change(context.world.new_id(), f"{context.who.name} added the field {told.name[:100]} to {told.kind}.")
    try:
        with context.db.write(context.who, change) as session:
            check_declaration(told, load_customs(session).get(told.kind, {}))
            row = {
                "tenant_id": context.who.tenant_id,
                "id": context.world.new_id(),
                "record_kind": told.kind,
                "name": told.name,
                "label": told.label,
                "type": told.type,
                "options": list(told.options) if told.options else sa.null(),
                "description": told.description,
                "created_at": context.world.now(),
                "created_by": context.who.user_id,
            }
            session.execute(sa.insert(_TABLE).values(row))
    except DBAPIError as error:
        if sqlstate(error) != _UNIQUE_VIOLATION:
            raise
        # Somebody declared the same in the moment between.
        raise CrmError("conflict", f"The kind {told.kind} has a field of that name or label already.") from None
    return _shown(told.kind, declared(context)[told.kind][told.name])


def list_fields(context: ToolContext, kind: str | None = None) -> list[dict[str, Any]]:
    """Every field of the tenant's own, of one kind when it is named, in the order declared. Raises CrmError (denied)."""
    rights.check(context.who.role, context.scopes, KIND, Effect.READ, is_own=True)
    return [
        _shown(each, field)
        for each, fields in declared(context).items()
        if kind in (None, each)
        for field in fields.values()
    ]


def declared(context: ToolContext) -> Customs:
    """The tenant's own fields by kind and name: part of what its records are, so whoever may ask at all may know them."""
    with context.db.read(context.who) as session:
        return load_customs(session)


def _shown(kind: str, field: Field) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": field.name,
        "label": field.label,
        "type": TYPE_NAMES[field.type],
        "options": list(field.choices) or None,
        "description": field.comment or None,
    }
