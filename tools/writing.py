"""The tools that change one record."""

from typing import Any
from uuid import UUID

from pydantic import Field

from guardrails.effects import Effect
from schema.catalog import writable_fields
from schema.kinds import KINDS
from tools.context import Call
from tools.records import rows, shown, writing
from tools.registry import Result, ToolArgs, tool

_FIELDS = (
    "Values by field. References (…_id) are ids from find_records, dates 2026-11-27, times 2026-11-27T15:00 (the user's "
    "zone unless an offset is given), money a decimal string, tags a list of words, participants a list of "
    "{contact_id | individual_id | user_id, role}. Owner, time, currency, status and participants have defaults. "
    "Fields by kind (! required; a contact takes full_name too, or individual_id alone): "
    + "; ".join(f"{kind}: {writable_fields(kind)}" for kind in KINDS)
)


class ReasonArgs(ToolArgs):
    reason: str = Field(min_length=1, max_length=500)
    """Why, in one sentence the record's owner would recognise; kept with the change."""


class CreateArgs(ReasonArgs):
    kind: str = Field(json_schema_extra={"enum": list(KINDS)})
    """What to create."""
    fields: dict[str, Any] = Field(description=_FIELDS)
    create_anyway: bool = False
    """True only when the person has seen the twins and wants another."""


class UpdateArgs(ReasonArgs):
    record_id: UUID
    """From find_records."""
    fields: dict[str, Any] = Field(min_length=1)
    """Only what changes, as in create_record; null empties a field, tags replaces all tags."""
    if_version: int | None = None
    """Version the change was decided on; refused when the record has moved on since."""


class RecordArgs(ReasonArgs):
    record_id: UUID
    """Full id of the record."""


@tool(effect=Effect.WRITE, scope="record:write")
def create_record(call: Call, args: CreateArgs) -> Result:
    """Creates a record of any kind: also log a call or meeting (interaction), plan work (task), write something down
    (note). When it looks like one that exists, nothing is created and the twins come back with what matched."""
    kind = rows.kind_of(args.kind)
    made = writing.create(call, kind, args.fields, create_anyway=args.create_anyway)
    if isinstance(made, list):
        return {"created": False, "twins": made}
    return {"created": True, "record": shown.show_new(call.session, call.tenant_id, kind, made)}


@tool(effect=Effect.WRITE, scope="record:write")
def update_record(call: Call, args: UpdateArgs) -> Result:
    """Changes fields of one record, its status or stage included; moves the pipeline forbids are refused."""
    changed = writing.update(call, args.record_id, args.fields, args.if_version)
    return {"changed": changed, "record": _reread(call, args.record_id)}


@tool(effect=Effect.DESTROY, scope="record:destroy")
def delete_record(call: Call, args: RecordArgs) -> Result:
    """Deletes one record; restore_record or undo brings it back."""
    deleted = writing.delete(call, args.record_id)
    return {"record": shown.show(call.session, deleted) | {"is_deleted": True}}


@tool(effect=Effect.WRITE, scope="record:write")
def restore_record(call: Call, args: RecordArgs) -> Result:
    """Brings back one deleted record as it was."""
    writing.restore(call, args.record_id)
    return {"record": _reread(call, args.record_id)}


def _reread(call: Call, record_id: UUID) -> dict[str, Any]:
    """The record as it stands now, in the same transaction: defaults, labels and names included."""
    return shown.show(call.session, rows.get(call.session, call.tenant_id, record_id))
