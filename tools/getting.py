"""The tool that shows one record with what happened to it and what belongs to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guardrails.effects import Effect
from schema.errors import CrmError
from schema.fields import Field as Told
from schema.fields import FieldType
from tools.context import Call
from tools.records import history, neighbours, rows, shown, timeline
from tools.records.values import Reader, parse_value
from tools.registry import Result, ToolArgs, tool


class GetArgs(ToolArgs):
    record_id: UUID
    """Full id, from find_records."""
    as_of: str | None = None
    """A date or time in the past: the record as it stood then."""


@tool(effect=Effect.READ, scope="record:read")
def get_record(call: Call, args: GetArgs) -> Result:
    """One record in full: all fields, its timeline (interactions, tasks, notes, status moves and changes, newest first)
    and what belongs to it (an account's contacts and opportunities, and so on)."""
    stored = rows.find(call.session, call.tenant_id, args.record_id)
    if stored is None:
        raise CrmError("not_found", f"There is no record {args.record_id}. find_records gives ids for names.")
    call.check(stored.kind.name, Effect.READ)
    if args.as_of is not None:
        moment = _moment(call, args.as_of)
        record = history.record_as_of(call, stored, moment)
        return {"record": record, "timeline": timeline.timeline_of(call, stored, moment), "related": {}}
    stored = rows.get(call.session, call.tenant_id, args.record_id)
    return {
        "record": shown.show(call.session, stored),
        "timeline": timeline.timeline_of(call, stored),
        "related": neighbours.related_to(call, stored),
    }


def _moment(call: Call, text: str) -> datetime:
    """A bare date means the end of that day, as people mean "as of 1 October"."""
    if len(text) == len("2026-10-01"):
        text = f"{text}T23:59:59"
    reader = Reader(call.world.now(), call.context.zone, call.who.user_id)
    moment: Any = parse_value(Told("as_of", FieldType.TIMESTAMP, ""), text, reader)
    if moment is None:
        raise CrmError("invalid", "as_of takes a date or time such as 2026-10-01.")
    return moment
