"""`GET /api/v1/search/semantic`: records by what they say, in meaning and in words."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from retrieval.search.wording import LONGEST
from tools.searching import MOST, SEARCHED
from web.caller import Caller
from web.problems import PROBLEM_RESPONSES
from web.records import call

router = APIRouter(prefix="/search", tags=["search"], responses=PROBLEM_RESPONSES)


class SearchQuery(BaseModel):
    """What to look for, and among which records."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    q: str | None = Field(default=None, max_length=LONGEST)
    """What it is about, in any words; "…" must occur as written, -word must not."""
    similar_to: UUID | None = None
    """A record whose like is wanted."""
    kind: list[str] = Field(default_factory=list[str], max_length=len(SEARCHED))
    """Kinds to search, or of interactions such as call; may be given again."""
    where: list[str] = Field(default_factory=list[str], max_length=30)
    """Filters such as `owner = me`, `tier = enterprise` or `date >= 2026-07-01`; several are and-ed."""
    limit: int = Field(default=10, ge=1, le=MOST)
    threshold: float | None = Field(default=None, ge=-1, le=1)
    """Least cosine similarity."""


@router.get("/semantic", summary="Find records by what they say")
def semantic(query: Annotated[SearchQuery, Query()], caller: Caller) -> dict[str, Any]:
    """The best first, each with the passage that matches; `notes` say what could not be searched."""
    args: dict[str, Any] = {"where": query.where, "limit": query.limit}
    args |= {"query": query.q} if query.q is not None else {}
    args |= {"kinds": query.kind} if query.kind else {}
    args |= {"threshold": query.threshold} if query.threshold is not None else {}
    args |= {"similar_to": str(query.similar_to)} if query.similar_to else {}
    return call(caller, "search", args)
