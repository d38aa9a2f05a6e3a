"""`/api/v1/approvals`: the changes that wait for a person, and the person's decisions."""

from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from agent.decided import after_decision_async
from tools.approvals import PAGE, Decided, approve, get_approval, list_approvals, reject
from tools.context import ToolContext
from web.caller import Caller, check_may_read
from web.problems import PROBLEM_RESPONSES

router = APIRouter(tags=["approvals"], responses=PROBLEM_RESPONSES)


class ApprovalsQuery(BaseModel):
    """Which proposals."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    status: str = "pending"
    """pending, approved, rejected, expired, stale, discarded or all."""
    limit: int = Field(default=PAGE, ge=1, le=200)
    cursor: UUID | None = None
    """The next_cursor of the page before."""


class RejectBody(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    reason: str | None = Field(default=None, max_length=2000)
    """What the agent is told."""


@router.get("/approvals", summary="List proposals, newest first")
def list_(query: Annotated[ApprovalsQuery, Query()], caller: Caller) -> dict[str, Any]:
    """One's own; managers and admins see those of everybody."""
    check_may_read(caller)
    status = None if query.status == "all" else query.status
    found = list_approvals(caller, status=status, limit=query.limit, after=query.cursor)
    return {"items": found["approvals"], "total": found["total"], "next_cursor": found["next_cursor"]}


@router.get("/approvals/{approval_id}", summary="Show a proposal")
def show(approval_id: UUID, caller: Caller) -> dict[str, Any]:
    """With each record's exact before and after."""
    check_may_read(caller)
    return get_approval(caller, approval_id)


@router.post("/approvals/{approval_id}/approve", summary="Approve a proposal")
async def approve_(approval_id: UUID, caller: Caller) -> dict[str, Any]:
    """Makes the change exactly as shown; the run that waited goes on, and its result is `run`. When records have changed
    since, nothing is done and a fresh proposal takes its place. A token needs the scope `approval:write` by name."""
    return await _answer(caller, await to_thread.run_sync(approve, caller, approval_id))


@router.post("/approvals/{approval_id}/reject", summary="Reject a proposal")
async def reject_(approval_id: UUID, caller: Caller, body: RejectBody | None = None) -> dict[str, Any]:
    """Changes nothing; the run that waited goes on and is told the reason."""
    reason = body.reason if body else None
    return await _answer(caller, await to_thread.run_sync(reject, caller, approval_id, reason))


async def _answer(caller: ToolContext, decided: Decided) -> dict[str, Any]:
    run = await after_decision_async(caller, decided.run_id)
    return {"approval": decided.approval, "changes": decided.changes, "run": run.to_json() if run else None}
