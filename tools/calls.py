"""The stored tool calls: claimed once, closed with the outcome, answered again when a call is repeated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from schema.session import ReadSession, Row, WriteSession
from tools.context import ToolContext
from tools.records.tables import TOOL_CALLS

Outcome = Literal["ok", "failed", "denied", "proposed"]


@dataclass(frozen=True)
class ToolOutcome:
    """What became of one tool call."""

    tool_call_id: UUID
    tool: str
    args: Mapping[str, Any]
    effect: str
    outcome: Outcome
    result: Mapping[str, Any]
    """What the tool returned; for failed and denied `{"error": {"kind", "message"}}`."""
    reason: str | None = None
    duration_ms: float = 0
    is_replay: bool = False
    """True when the call had run before and nothing was done again."""

    @property
    def error(self) -> tuple[str, str] | None:
        """Kind and message of what went wrong, or None."""
        told = self.result.get("error") if self.outcome in {"failed", "denied"} else None
        return (told["kind"], told["message"]) if told else None


def find(session: ReadSession, context: ToolContext) -> Row | None:
    """The stored row of the same call, whether it has an outcome or not."""
    rows = session.select(sa.select(TOOL_CALLS).where(TOOL_CALLS.c.tenant_id == context.who.tenant_id, _same(context)))
    return rows[0] if rows else None


def claim(session: WriteSession, context: ToolContext, told: ToolOutcome) -> ToolOutcome | None:
    """Holds the call's row for this transaction; the earlier outcome when somebody was faster.

    Two repeats of one call meet at the unique key: the second waits for the first's commit, and then finds its outcome.
    """
    session.execute(insert(TOOL_CALLS).values(_row(context, told)).on_conflict_do_nothing())
    rows = session.select(
        sa.select(TOOL_CALLS).where(TOOL_CALLS.c.tenant_id == context.who.tenant_id, _same(context)).with_for_update()
    )
    return as_outcome(rows[0]) if rows and rows[0]["outcome"] is not None else None


def close(session: WriteSession, context: ToolContext, told: ToolOutcome) -> None:
    """Stores the outcome of the row that `claim` holds."""
    session.execute(
        sa.update(TOOL_CALLS)
        .where(TOOL_CALLS.c.tenant_id == context.who.tenant_id, _same(context))
        .values(_closing(told))
    )


def store(session: WriteSession, context: ToolContext, told: ToolOutcome) -> ToolOutcome:
    """Stores a finished call that changed nothing; an outcome already there stands, and is returned."""
    row = {**_row(context, told), **_closing(told)}
    if session.execute(insert(TOOL_CALLS).values(row).on_conflict_do_nothing()):
        return told
    earlier = claim(session, context, told)
    if earlier is not None:
        return earlier
    close(session, context, told)
    return told


def as_outcome(row: Row) -> ToolOutcome:
    """A stored row as the outcome it records."""
    return ToolOutcome(
        tool_call_id=row["id"],
        tool=row["tool"],
        args=row["args"],
        effect=row["effect"],
        outcome=row["outcome"],
        result=row["result"] or {},
        reason=row["reason"],
        duration_ms=float(row["duration_ms"] or 0),
        is_replay=True,
    )


def storable(value: Any) -> Any:
    """The value with what JSONB cannot hold (null bytes, lone surrogates) made visible as U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return json.loads(text.replace("\\u0000", "\\ufffd").encode("utf-8", "replace").decode())


def _same(context: ToolContext) -> sa.ColumnElement[bool]:
    if context.run_id is None or context.provider_call_id is None:
        return TOOL_CALLS.c.id == context.tool_call_id
    return sa.and_(TOOL_CALLS.c.run_id == context.run_id, TOOL_CALLS.c.provider_call_id == context.provider_call_id)


def _closing(told: ToolOutcome) -> dict[str, Any]:
    return {
        "outcome": told.outcome,
        "result": storable(told.result),
        "reason": storable(told.reason),
        "duration_ms": Decimal(str(round(told.duration_ms, 3))),
    }


def _row(context: ToolContext, told: ToolOutcome) -> dict[str, Any]:
    return {
        "tenant_id": context.who.tenant_id,
        "id": told.tool_call_id,
        "run_id": context.run_id,
        "user_id": context.who.user_id,
        "provider_call_id": context.provider_call_id,
        "position": context.position,
        "tool": told.tool,
        "args": storable(told.args),
        "effect": told.effect,
        "reason": storable(told.reason),
        "reasoning": storable(context.reasoning),
        "created_at": context.world.now(),
    }
