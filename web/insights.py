"""`/api/v1/insights`: what was inferred about records, and a person's yes or no."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tools.insights import PAGE, InsightFilter, get_insight, judge_insight, list_insights
from web.caller import Caller
from web.problems import PROBLEM_RESPONSES

router = APIRouter(prefix="/insights", tags=["insights"], responses=PROBLEM_RESPONSES)


class InsightsQuery(BaseModel):
    """Which insights."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    where: list[str] = Field(default_factory=list[str], max_length=30)
    """Filters such as `kind = risk` or `confidence >= 0.7`; several are and-ed."""
    kind: str | None = Field(default=None, max_length=100)
    """sentiment, risk, next_step or topic."""
    record: UUID | None = None
    """The record they are about."""
    verdict: str = "all"
    """unverified, verified, rejected or all."""
    limit: int = Field(default=PAGE, ge=1, le=200)
    cursor: UUID | None = None
    """The next_cursor of the page before."""


class VerifyBody(BaseModel):
    """What a person says of an insight."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    verified: bool
    """True when it is right; false rejects it, and the same is not proposed again."""


@router.get("", summary="List insights, newest first")
def list_(query: Annotated[InsightsQuery, Query()], caller: Caller) -> dict[str, Any]:
    """Each with how sure it is, the model and version that inferred it, the passages it rests on, and what a person said."""
    where = [*query.where, *([f'kind = "{query.kind}"'] if query.kind else [])]
    wanted = InsightFilter(where, query.verdict, query.record, query.limit, query.cursor)
    found = list_insights(caller, wanted)
    return {"items": found["insights"], "total": found["total"], "next_cursor": found["next_cursor"]}


@router.get("/{insight_id}", summary="Show an insight")
def show(insight_id: UUID, caller: Caller) -> dict[str, Any]:
    """With its evidence."""
    return get_insight(caller, insight_id)


@router.post("/{insight_id}/verify", summary="Say yes or no to an insight")
def verify(insight_id: UUID, body: VerifyBody, caller: Caller) -> dict[str, Any]:
    """The decision is logged. It takes the right to change the record; an agent cannot decide."""
    return judge_insight(caller, insight_id, is_right=body.verified)
