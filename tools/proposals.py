"""What a call would change: its exact before and after, taken from a transaction that is then rolled back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONPATH

from guardrails.gate import Rule
from schema import audit
from schema.errors import CrmError
from schema.models.approvals import Approval
from schema.session import ReadSession, Row, WriteSession
from tools.calls import ToolOutcome, storable
from tools.context import Binding, Call, ToolContext
from tools.records.changes import change_id_of
from tools.records.rows import among
from tools.records.tables import PARTICIPANTS, TAGS

APPROVALS = cast("sa.Table", Approval.__table__)
PATIENCE = timedelta(hours=72)
"""How long a proposal can be approved."""
SAMPLE = 5
"""Changes shown with a proposal; `approvals show` has them all."""

BRIEFLY: tuple[sa.ColumnElement[Any], ...] = (
    *(column for column in APPROVALS.c if column.name != "changes"),
    sa.func.jsonb_path_query_array(APPROVALS.c.changes, sa.cast(f"$[0 to {SAMPLE - 1}]", JSONPATH)).label("changes"),
)
"""A proposal with no more of its changes than are shown: a bulk has thousands."""

_STAMPS = frozenset({"created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class Preview:
    """The exact change one call would make."""

    fingerprint: str
    action: str
    kind: str
    changes: list[dict[str, Any]]
    """action, kind, record_id, label, before and after of each record, as the views word them."""
    bound: dict[str, Any]
    result: Mapping[str, Any]
    """What the tool would return."""

    @property
    def count(self) -> int:
        return len(self.changes)


def preview(call: Call, tool: str, args: Mapping[str, Any], result: Mapping[str, Any]) -> Preview:
    """What the call has changed, read back inside its own transaction. Deferred constraints are checked here.

    Raises CrmError (conflict) when it changed nothing.
    """
    if not call.touched:
        raise CrmError("conflict", "Nothing is left to change.")
    call.writing.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    operation = call.context.tool_call_id
    assert operation is not None  # noqa: S101  every write has its call
    events = audit.events_of(call.session, [change_id_of(operation, record_id) for record_id in call.touched])
    changes = audit.as_changes(call.session, events)
    bound = {"new_ids": call.binding.new_ids, "found": call.binding.found}
    action = _action(tool, changes)
    return Preview(
        fingerprint=fingerprint_of(tool, args, bound, [*events, *_children(call)], call.world.now()),
        action=action,
        # A merge changes records of other kinds too, and is of the kind that goes.
        kind=next((change["kind"] for change in changes if change["action"] == action), changes[0]["kind"]),
        changes=[
            {name: change[name] for name in ("action", "kind", "record_id", "label", "before", "after")}
            for change in changes
        ],
        bound=storable(bound),
        result=result,
    )


def fingerprint_of(
    tool: str, args: Mapping[str, Any], bound: Mapping[str, Any], events: Iterable[Row], moment: datetime
) -> str:
    """SHA-256 (hexadecimal) over what was asked and each row on either side, versions included.

    Among the rows are the tags and participants of each record, which have no version, also where they stay as they are.
    Moments at which the change itself happens are left out: it is made later than it was shown.
    """
    rows = sorted(
        (
            event["table_name"],
            event["action"],
            str(event["record_id"]),
            _text(event["before"]),
            _text(_without_moment(event["after"], moment)),
        )
        for event in events
    )
    return sha256(_text([tool, _as_kept(args), bound, rows]).encode()).hexdigest()


def _children(call: Call) -> list[Row]:
    """The tags and participants of the records that the call touched, each like an audit event."""
    return [
        {"table_name": table.name, "action": "stands", "record_id": row[column], "before": None, "after": row}
        for table, column in ((TAGS, "record_id"), (PARTICIPANTS, "interaction_id"))
        for row in call.session.select(
            sa.select(table).where(table.c.tenant_id == call.tenant_id, among(table.c[column], call.touched))
        )
    ]


def store(
    session: WriteSession, context: ToolContext, told: ToolOutcome, seen: Preview, rule: Rule | None
) -> ToolOutcome:
    """Stores the proposal, waiting or (in a dry run, which no rule stops) discarded; returns the call's outcome."""
    now = context.world.now()
    row = {
        "tenant_id": context.who.tenant_id,
        "id": context.world.new_id(),
        "tool_call_id": told.tool_call_id,
        "run_id": context.run_id,
        "user_id": context.who.user_id,
        "scopes": None if context.scopes is None else sorted(context.scopes),
        "channel": context.channel,
        "status": "pending" if rule else "discarded",
        "rule": rule.id if rule else "dry_run",
        "tool": told.tool,
        "args": storable(told.args),
        "bound": seen.bound,
        "fingerprint": seen.fingerprint,
        "action": seen.action,
        "kind": seen.kind,
        "count": seen.count,
        "changes": storable(seen.changes),
        "result": storable(seen.result),
        "prompt": context.prompt,
        "reasoning": storable(context.reasoning),
        "reason": storable(told.reason) or "",
        "model": context.model,
        "via_agent": context.via_agent,
        "created_at": now,
        "expires_at": now + PATIENCE,
    }
    session.execute(sa.insert(APPROVALS).values(row))
    return replace(told, outcome="proposed", result={"proposal": told_briefly(row)})


def told_briefly(row: Row) -> dict[str, Any]:
    """A proposal as `ask --json` lists it."""
    return {
        "approval_id": str(row["id"]),
        "fingerprint": row["fingerprint"],
        "action": row["action"],
        "kind": row["kind"],
        "count": row["count"],
        "sample": row["changes"][:SAMPLE],
        "expires_at": audit.as_text(row["expires_at"]),
    }


def proposals_of_run(session: ReadSession, run_id: UUID) -> list[Row]:
    """Those still waiting, and in a dry run all, in the order made."""
    return session.select(
        sa.select(APPROVALS)
        .where(APPROVALS.c.run_id == run_id, APPROVALS.c.status.in_(("pending", "discarded")))
        .order_by(APPROVALS.c.created_at, APPROVALS.c.id)
    )


def binding_of(bound: Mapping[str, Any]) -> Binding:
    """The stored form, for making the change again."""
    return Binding(
        new_ids=[UUID(each) for each in bound["new_ids"]],
        found={name: [UUID(each) for each in ids] for name, ids in bound["found"].items()},
        is_replay=True,
    )


def _action(tool: str, changes: list[dict[str, Any]]) -> str:
    if tool == "undo":
        return "undo"
    if tool == "merge_records":
        return "merge"
    actions = {change["action"] for change in changes}
    return actions.pop() if len(actions) == 1 else "update"


def _without_moment(image: Mapping[str, Any] | None, moment: datetime) -> dict[str, Any] | None:
    if image is None:
        return None
    return {
        name: "now" if name.endswith("_at") and value and datetime.fromisoformat(value) == moment else value
        for name, value in image.items()
        if name not in _STAMPS
    }


def _text(value: object) -> str:
    """JSON with one spelling for each value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)


def _as_kept(args: Mapping[str, Any]) -> Any:
    """The arguments with one spelling for each number: what came in as 1e16 comes back from JSONB as 10000000000000000."""
    return json.loads(json.dumps(args, default=str), parse_int=_number, parse_float=_number)


def _plain(value: object) -> object:
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)


def _number(text: str) -> str:
    return f"{Decimal(text).normalize():f}"
