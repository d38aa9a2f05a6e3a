"""`/api/v1/records`: a person's own reads and changes, by the same tools an agent has."""

from collections.abc import Mapping
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from schema.errors import CrmError, Kind
from schema.kinds import KINDS
from tools.arguments import unknown_name
from tools.context import ToolContext
from tools.execute import execute
from tools.finding import FINDABLE
from web.caller import Caller
from web.listing import list_records
from web.problems import PROBLEM_RESPONSES, problem

router = APIRouter(prefix="/records", tags=["records"], responses=PROBLEM_RESPONSES)

RecordKind = Annotated[str, Path(description=f"One of {', '.join(FINDABLE)}.")]
RecordId = Annotated[UUID, Path(description="The record's id.")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ListQuery(_Strict):
    """Which records, in which order."""

    where: list[str] = Field(default_factory=list[str], max_length=30)
    """Filters such as `amount >= 10000` or `stage in (proposal, negotiation)`; several are and-ed."""
    order: str | None = None
    """Such as `amount desc`; the newest come first otherwise."""
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=100)
    """The next_cursor of the page before."""


class CreateBody(_Strict):
    """A record to be."""

    fields: dict[str, Any]
    """Values by view column."""
    reason: str
    """Why, in one sentence; kept with the change."""
    create_anyway: bool = False
    """Creates it even though it looks like one that exists."""


class UpdateBody(_Strict):
    """What changes of a record."""

    fields: dict[str, Any] = Field(min_length=1)
    reason: str
    """Why, in one sentence; kept with the change."""
    if_version: int | None = None
    """Only if the record is still at this version."""


class MergeBody(_Strict):
    """Which records the one of the address takes the place of."""

    other_ids: list[UUID] = Field(min_length=1)
    """Records of the same kind."""
    fields: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Settles fields of the kept record where they differ."""
    reason: str | None = None
    """One sentence, kept with the change."""


class ReasonBody(_Strict):
    """Why."""

    reason: str | None = None
    """One sentence, kept with the change."""


@router.get("/{kind}", summary="List the records of a kind")
def list_page(kind: RecordKind, query: Annotated[ListQuery, Query()], caller: Caller) -> dict[str, Any]:
    """One page: `items`, `total` and `next_cursor`, which is null on the last one."""
    return list_records(
        caller, known_kind(kind), where=query.where, order=query.order, limit=query.limit, cursor=query.cursor
    )


@router.post("/{kind}", summary="Create a record", status_code=201)
def create(kind: RecordKind, body: CreateBody, caller: Caller) -> JSONResponse:
    """The record as it was made, or 409 with the `twins` that it looks like."""
    made = call(caller, "create_record", {"kind": known_kind(kind), **body.model_dump()})
    if made["created"]:
        return JSONResponse(made, 201)
    looks_alike = f"This {known_kind(kind)} looks like one that exists; create_anyway creates it all the same."
    return problem(CrmError("conflict", looks_alike), more={"twins": made["twins"]})


@router.get("/{kind}/{record_id}", summary="Show a record")
def show(kind: RecordKind, record_id: RecordId, caller: Caller, as_of: str | None = None) -> dict[str, Any]:
    """The record, its timeline and what belongs to it; `as_of` a date or time, as it stood then."""
    return _get(caller, kind, record_id, as_of)


@router.patch("/{kind}/{record_id}", summary="Change fields of a record")
def update(kind: RecordKind, record_id: RecordId, body: UpdateBody, caller: Caller) -> dict[str, Any]:
    """What was changed, and the record as it stands now."""
    _check_kind(caller, kind, record_id)
    return call(caller, "update_record", {"record_id": str(record_id), **body.model_dump()})


@router.delete("/{kind}/{record_id}", summary="Delete a record")
def delete(kind: RecordKind, record_id: RecordId, caller: Caller, reason: str | None = None) -> dict[str, Any]:
    """The record as it was; restore and undo bring it back."""
    _check_kind(caller, kind, record_id)
    why = reason or f"{caller.who.name} deleted it."
    return call(caller, "delete_record", {"record_id": str(record_id), "reason": why})


@router.post("/{kind}/{record_id}/restore", summary="Bring back a deleted record")
def restore(kind: RecordKind, record_id: RecordId, caller: Caller, body: ReasonBody | None = None) -> dict[str, Any]:
    """The record as it stands again."""
    _check_kind(caller, kind, record_id)
    why = (body.reason if body else None) or f"{caller.who.name} brought it back."
    return call(caller, "restore_record", {"record_id": str(record_id), "reason": why})


@router.post("/{kind}/{record_id}/merge", summary="Merge duplicates into a record")
def merge(kind: RecordKind, record_id: RecordId, body: MergeBody, caller: Caller) -> dict[str, Any]:
    """The kept record, what was merged into it, what moved along, and the fields that differ; undo takes it back whole."""
    _check_kind(caller, kind, record_id)
    why = body.reason or f"{caller.who.name} merged them."
    others = [str(other_id) for other_id in body.other_ids]
    args = {"keep_id": str(record_id), "other_ids": others, "fields": body.fields, "reason": why}
    return call(caller, "merge_records", args)


@router.get("/{kind}/{record_id}/timeline", summary="What happened to a record and around it")
def timeline(kind: RecordKind, record_id: RecordId, caller: Caller) -> dict[str, Any]:
    """Interactions, tasks, notes, status moves and changes, newest first."""
    items = _get(caller, kind, record_id)["timeline"]
    return {"items": items, "total": len(items), "next_cursor": None}


def known_kind(text: str) -> str:
    """The kind's singular name. Raises CrmError (not_found) for one that is not there."""
    kind = {each.plural: each.name for each in KINDS.values()}.get(text, "user" if text == "users" else text)
    if kind not in FINDABLE:
        raise CrmError("not_found", unknown_name("There is no record kind", kind[:50], FINDABLE, "The kinds are"))
    return kind


def call(caller: ToolContext, tool: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """What the tool returned. Raises CrmError when it failed or was denied."""
    outcome = execute(caller, tool, args)
    if outcome.error is not None:
        kind, message = outcome.error
        raise CrmError(cast("Kind", kind), message)
    return dict(outcome.result)


def _get(caller: ToolContext, kind: str, record_id: UUID, as_of: str | None = None) -> dict[str, Any]:
    _check_kind(caller, kind, record_id)
    return call(caller, "get_record", {"record_id": str(record_id), "as_of": as_of})


def _check_kind(caller: ToolContext, kind: str, record_id: UUID) -> None:
    """Raises CrmError (not_found) when the address names one kind and the id a record of another, or none."""
    wanted = known_kind(kind)
    with caller.db.read(caller.who) as session:
        found = session.scalar("SELECT kind FROM crm.records WHERE id = :record_id", record_id=record_id)
    if found != wanted:
        raise CrmError("not_found", f"There is no {wanted} {record_id}.")
