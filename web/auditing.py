"""`/api/v1/audit`, `/runs` and the undo of both: what was done, what led to it, and taking it back."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from agent.result import load_result
from schema.audit import PAGE, ChangeFilter, get_change, list_changes
from schema.errors import CrmError
from schema.models import Run
from schema.seals import verify
from tools.context import ToolContext
from tools.records.shown import as_json
from web.caller import Caller, Served, check_may_read
from web.problems import PROBLEM_RESPONSES
from web.records import ReasonBody, call

router = APIRouter(responses=PROBLEM_RESPONSES)

SEES_ALL_RUNS = {"admin", "manager"}
_RUN_COLUMNS = (
    Run.id, Run.conversation_id, Run.user_id, Run.channel, Run.prompt, Run.status, Run.answer, Run.understood, Run.model,
    Run.started_at, Run.finished_at,
)  # fmt: skip


class AuditQuery(BaseModel):
    """Which changes."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    run: UUID | None = None
    record: UUID | None = None
    actor: str | None = None
    """An e-mail, of who did it or for whom an agent did; or agent:MODEL."""
    since: datetime | None = None
    limit: int = Field(default=PAGE, ge=1, le=1000)
    cursor: int | None = Field(default=None, ge=0, lt=2**63)
    """The next_cursor of the page before."""


class RunsQuery(BaseModel):
    """Which page of the runs."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    limit: int = Field(default=PAGE, ge=1, le=200)
    cursor: UUID | None = None
    """The next_cursor of the page before."""


@router.get("/audit", summary="List changes, newest first", tags=["audit"])
def list_audit(query: Annotated[AuditQuery, Query()], caller: Caller) -> dict[str, Any]:
    """Each with who, when, why, prompt, reasoning, and before and after."""
    check_may_read(caller)
    since = query.since.replace(tzinfo=query.since.tzinfo or UTC) if query.since else None
    wanted = ChangeFilter(
        run_id=query.run,
        record_id=query.record,
        actor=query.actor,
        since=since,
        limit=query.limit,
        cursor=query.cursor,
    )
    with caller.db.read(caller.who) as session:
        found = list_changes(session, wanted)
    return {"items": found["changes"], "total": found["total"], "next_cursor": found["next_cursor"]}


@router.get("/audit/verify", summary="Verify the seals of the log", tags=["audit"])
def verify_audit(caller: Caller, service: Served) -> dict[str, Any]:
    """Recomputes every seal of the tenant, and names the first event that is not as it was sealed."""
    check_may_read(caller)
    if caller.who.role not in SEES_ALL_RUNS:
        raise CrmError("denied", "Only an admin or a manager may verify the audit log.")
    return verify(caller.db, service.settings, caller.who.tenant_id).to_json()


@router.get("/audit/{change_id}", summary="Show one change", tags=["audit"])
def show_change(change_id: UUID, caller: Caller) -> dict[str, Any]:
    """The change with everything that led to it."""
    check_may_read(caller)
    with caller.db.read(caller.who) as session:
        return get_change(session, change_id)


@router.post("/changes/{change_id}/undo", summary="Take back a change", tags=["audit"])
def undo_change(change_id: UUID, caller: Caller, body: ReasonBody | None = None) -> dict[str, Any]:
    """What was taken back, and the fields that were left alone because somebody changed them since."""
    why = (body.reason if body else None) or f"{caller.who.name} took the change back."
    return call(caller, "undo", {"change_id": str(change_id), "reason": why})


@router.get("/runs", summary="List runs, newest first", tags=["runs"])
def list_runs(query: Annotated[RunsQuery, Query()], caller: Caller) -> dict[str, Any]:
    """One's own runs; managers and admins see those of everybody."""
    check_may_read(caller)
    visible = select(*_RUN_COLUMNS)
    if caller.who.role not in SEES_ALL_RUNS:
        visible = visible.where(Run.user_id == caller.who.user_id)
    page = visible.where(Run.id < query.cursor) if query.cursor else visible
    with caller.db.read(caller.who) as session:
        total = session.select(select(func.count().label("total")).select_from(visible.subquery()))[0]["total"]
        rows = session.select(page.order_by(Run.id.desc()).limit(query.limit + 1))
    items = [as_json({"run_id": row.pop("id"), **row}) for row in rows[: query.limit]]
    return {
        "items": items,
        "total": total,
        "next_cursor": items[-1]["run_id"] if len(rows) > query.limit else None,
    }


@router.get("/runs/{run_id}", summary="Show one run", tags=["runs"])
def show_run(run_id: UUID, caller: Caller) -> dict[str, Any]:
    """The result of the run, as `POST /ask` gave it."""
    check_may_read(caller)
    _check_visible(caller, run_id)
    return load_result(caller, run_id).to_json()


@router.post("/runs/{run_id}/undo", summary="Take back all changes of a run", tags=["runs"])
def undo_run(run_id: UUID, caller: Caller, body: ReasonBody | None = None) -> dict[str, Any]:
    """What was taken back, and the fields that were left alone because somebody changed them since."""
    why = (body.reason if body else None) or f"{caller.who.name} took the changes of the run back."
    return call(caller, "undo", {"run_id": str(run_id), "reason": why})


def _check_visible(caller: ToolContext, run_id: UUID) -> None:
    with caller.db.read(caller.who) as session:
        owner = session.scalar("SELECT user_id FROM crm.runs WHERE id = :run_id", run_id=run_id)
    if owner != caller.who.user_id and caller.who.role not in SEES_ALL_RUNS:
        raise CrmError("not_found", f"You have no run {run_id}.")
