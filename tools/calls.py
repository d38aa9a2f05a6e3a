"""The stored tool calls: claimed once, closed with the outcome, answered again when a call is repeated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, LiteralString
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from schema.database import sqlstate
from schema.session import Row, WriteSession
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


class LeftOpen(Exception):
    """The same call was begun before, and never ended."""

    def __init__(self, tool_call_id: UUID) -> None:
        super().__init__(str(tool_call_id))
        self.tool_call_id = tool_call_id


def claim(session: WriteSession, context: ToolContext, told: ToolOutcome) -> ToolOutcome | None:
    """Holds the call's row for this transaction; the earlier outcome when the call was made before.

    Two repeats of one call meet at the unique key: the second waits for the first's commit, and then finds its outcome.
    Raises LeftOpen when the row is there under another id, without an outcome.
    """
    fresh = insert(TOOL_CALLS).values(_row(context, told)).on_conflict_do_nothing()
    if session.select(fresh.returning(TOOL_CALLS.c.id)):
        return None
    held = session.select(
        sa.select(TOOL_CALLS).where(TOOL_CALLS.c.tenant_id == context.who.tenant_id, _same(context)).with_for_update()
    )[0]
    if held["outcome"] is not None:
        return as_outcome(held)
    if held["id"] != told.tool_call_id:
        raise LeftOpen(held["id"])
    return None


def close(session: WriteSession, context: ToolContext, told: ToolOutcome) -> None:
    """Stores the outcome of the row that `claim` holds."""
    session.execute(
        sa.update(TOOL_CALLS)
        .where(TOOL_CALLS.c.tenant_id == context.who.tenant_id, _same(context))
        .values(_closing(told))
    )


_STORE: LiteralString = """
INSERT INTO crm.tool_calls (tenant_id, id, run_id, user_id, provider_call_id, position, tool, args, effect, reason,
                            reasoning, created_at, outcome, result, duration_ms)
VALUES (%(tenant_id)s, %(id)s, %(run_id)s, %(user_id)s, %(provider_call_id)s, %(position)s, %(tool)s, %(args)s,
        %(effect)s, %(reason)s, %(reasoning)s, %(created_at)s, %(outcome)s, %(result)s, %(duration_ms)s)
"""
UNIQUE_VIOLATION = "23505"


def store(context: ToolContext, told: ToolOutcome) -> ToolOutcome:
    """Stores a finished call that changed nothing; an outcome already there stands, and is returned."""
    try:
        context.db.keep(context.who, _STORE, **_row(context, told), **_closing(told))
    except DBAPIError as error:
        if sqlstate(error) != UNIQUE_VIOLATION:
            raise
        return _store_again(context, told)
    return told


def _store_again(context: ToolContext, told: ToolOutcome) -> ToolOutcome:
    with context.db.store(context.who) as session:
        try:
            earlier = claim(session, context, told)
        except LeftOpen as left:
            told, earlier = replace(told, tool_call_id=left.tool_call_id), None
        if earlier is None:
            close(session, context, told)
    return earlier or told


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
