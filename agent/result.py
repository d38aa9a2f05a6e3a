"""What a run comes back with: `ask --json` of the contract, put together from what was stored."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import select

from guardrails.grounding import ungrounded
from schema import audit
from schema.errors import CrmError
from schema.models.agents import Run, ToolCall
from schema.session import ReadSession, Row
from tools.context import ToolContext
from tools.proposals import proposals_of_run, told_briefly

Status = Literal["completed", "needs_approval", "needs_input", "refused", "failed", "interrupted"]

_LINK = re.compile(r"\[(?P<label>[^\]]*)\]\(crm://(?P<kind>[a-z_]+)/(?P<record_id>[0-9a-fA-F-]{36})\)")


@dataclass(frozen=True, slots=True)
class Usage:
    requests: int
    input_tokens: int
    output_tokens: int
    cost_usd: str | None
    """A decimal; null when the model's price is not known."""


@dataclass(frozen=True, slots=True)
class AskResult:
    """One run; `to_json` has exactly the keys of the contract."""

    run_id: str
    conversation_id: str
    status: Status
    answer: str
    understood: str | None
    tool_calls: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    citations: list[dict[str, str]]
    sql: list[str]
    ungrounded: list[str]
    model: str
    usage: Usage
    duration_ms: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def load_result(desk: ToolContext, run_id: UUID) -> AskResult:
    """The run as stored, finished or not. Raises CrmError (not_found)."""
    with desk.db.store(desk.who) as session:
        rows = session.select(select(Run.__table__).where(Run.id == run_id))
        if not rows:
            raise CrmError("not_found", f"No run {run_id}.")
        return result_of(session, rows[0])


def result_of(session: ReadSession, run: Row) -> AskResult:
    """The same for a run's row, inside a transaction."""
    run_id: UUID = run["id"]
    calls = _tool_calls(session, run_id)
    is_changed = any(call["effect"] != "read" for call in calls)
    changes = audit.changes_of_run(session, run_id) if is_changed else []
    answer = run["answer"] or ""
    return AskResult(
        run_id=str(run_id),
        conversation_id=str(run["conversation_id"]),
        status=run["status"],
        answer=answer,
        understood=run["understood"],
        tool_calls=calls,
        changes=changes,
        proposals=_proposals(session, run_id, calls),
        citations=_citations(answer, calls, changes),
        sql=_sql(calls),
        ungrounded=_ungrounded(session, run, calls),
        model=run["model"],
        usage=_usage(run),
        duration_ms=_duration(run),
    )


def _tool_calls(session: ReadSession, run_id: UUID) -> list[dict[str, Any]]:
    rows = session.select(
        select(ToolCall.__table__)
        .where(ToolCall.run_id == run_id)
        .order_by(ToolCall.position, ToolCall.created_at, ToolCall.id)
    )
    return [
        {
            "tool_call_id": str(row["id"]),
            "tool": row["tool"],
            "args": row["args"],
            "effect": row["effect"],
            "outcome": row["outcome"] or "failed",
            "result": row["result"],
            "reason": row["reason"],
            "duration_ms": float(row["duration_ms"] or 0),
        }
        for row in rows
    ]


def _proposals(session: ReadSession, run_id: UUID, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if all(call["outcome"] != "proposed" for call in calls):
        return []
    return [told_briefly(row) for row in proposals_of_run(session, run_id)]


def _ungrounded(session: ReadSession, run: Row, calls: list[dict[str, Any]]) -> list[str]:
    """The numbers of the answer that nothing in its conversation holds or yields."""
    if run["status"] != "completed":
        return []
    answer, told = run["answer"] or "", [run["prompt"]]
    own = [call["result"] for call in calls]
    if not ungrounded(answer, own, told):
        return []
    earlier = session.select(
        select(ToolCall.result, Run.prompt)
        .join(Run, Run.id == ToolCall.run_id)
        .where(Run.conversation_id == run["conversation_id"], Run.started_at <= run["started_at"])
    )
    return ungrounded(answer, [row["result"] for row in earlier] + own, told + [row["prompt"] for row in earlier])


def _usage(run: Row) -> Usage:
    cost: Decimal | None = run["cost_usd"]
    return Usage(
        requests=run["requests"],
        input_tokens=run["input_tokens"],
        output_tokens=run["output_tokens"],
        cost_usd=None if cost is None else f"{cost.normalize():f}",
    )


def _duration(run: Row) -> float:
    if run["finished_at"] is None:
        return 0.0
    return (run["finished_at"] - run["started_at"]).total_seconds() * 1000


def _citations(answer: str, calls: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The records the answer links to, then those the run changed.

    A link counts only if a tool result or a change of the run holds that record: a model can make an id up.
    """
    known = {record["record_id"]: record for record in _records_in([call["result"] for call in calls])}
    known |= {change["record_id"]: _cited(change) for change in changes}
    linked = (match["record_id"].lower() for match in _LINK.finditer(answer))
    cited = [*(known[record_id] for record_id in linked if record_id in known), *(_cited(each) for each in changes)]
    return list({record["record_id"]: record for record in cited}.values())


def _records_in(value: Any) -> Iterable[dict[str, str]]:
    """Every `{kind, record_id, label}` anywhere inside tool results."""
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _records_in(each)
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if {"kind", "record_id", "label"} <= fields.keys():
            yield _cited(fields)
        for each in fields.values():
            yield from _records_in(each)


def _cited(record: dict[str, Any]) -> dict[str, str]:
    return {name: str(record[name]) for name in ("kind", "record_id", "label")}


def _sql(calls: list[dict[str, Any]]) -> list[str]:
    """The SQL that ran, as the tools told it."""
    found: list[str] = []
    for call in calls:
        sql: str | list[str] = cast("dict[str, Any]", call["result"] or {}).get("sql") or []
        found += [sql] if isinstance(sql, str) else sql
    return found
