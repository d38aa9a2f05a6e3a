"""The tool that finds records by what they say."""

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import Field

from guardrails.effects import Effect
from retrieval.search.scope import Scope
from retrieval.search.searching import Found, Request
from retrieval.search.searching import search as search_records
from retrieval.search.wording import LONGEST, read_query
from schema.errors import CrmError
from schema.kinds import KINDS
from schema.models.work import INTERACTION_KINDS
from tools.arguments import unknown_name
from tools.context import Call
from tools.finding import may_read
from tools.making import elapsed
from tools.narrowing import narrow
from tools.records import rows
from tools.records.shown import detail, view_rows
from tools.registry import Result, ToolArgs, tool

MOST = 50
FLOOR = 0.2
"""Similarity under which two texts have nothing to do with each other, by any embedder that was tried; what holds none of
the words is left out below it, unless a threshold says otherwise."""
SEARCHED = (*KINDS, *INTERACTION_KINDS)


class SearchArgs(ToolArgs):
    query: str | None = Field(default=None, max_length=LONGEST)
    """What it is about, in any words: `unhappy about billing`. "…" must occur as written, -word must not."""
    similar_to: UUID | None = None
    """Id of a record whose like is wanted; of the same kind, unless kinds says otherwise."""
    kinds: list[str] | None = Field(default=None, json_schema_extra={"items": {"enum": list(SEARCHED)}})
    """Kinds to search; omit for all."""
    where: list[str] = Field(default_factory=list[str], max_length=30)
    """Filters as in find_records, over any kind's fields; also `owner = me`, `account = <name>`, `date >= 2026-07-01`
    (when it happened), and of the record's account `tier = enterprise`, `industry ~ energy`, `country = Spain`."""
    limit: int = Field(default=10, ge=1, le=MOST)
    """Most records to return."""
    threshold: float | None = Field(default=None, ge=-1, le=1)
    """Least vector_score (cosine similarity)."""


@tool(effect=Effect.READ, scope="record:read")
def search(call: Call, args: SearchArgs) -> Result:
    """Finds records by meaning and words: what mails, calls, notes, tasks and descriptions say. Best first, each with
    the passage that matches. total counts what came near, not all there is: count with query_sql."""
    started = time.perf_counter()
    if args.query is None and args.similar_to is None:
        raise CrmError("invalid", "search needs a query, or in similar_to the id of a record to find the like of.")
    asked = read_query(args.query) if args.query is not None else None
    like = _original(call, args.similar_to) if args.similar_to is not None else None
    told = list(args.kinds or ([like.kind.name] if like else ()))
    scope, filters = _scope(call, told, args.where)
    answer = search_records(
        call.session,
        call.tenant_id,
        Request(
            asked,
            like.record_id if like else None,
            scope,
            args.limit,
            args.threshold,
            FLOOR if args.threshold is None and like is None else None,
        ),
        call.context.searches,
    )
    if args.threshold is not None and not answer.is_degraded:
        filters.append(f"vector_score >= {args.threshold:g}")
    return {
        "results": _shown(call, answer.results),
        "total": answer.total,
        "returned": len(answer.results),
        "truncated": answer.total > len(answer.results),
        "filters": filters,
        "time_zone": call.who.time_zone,
        "degraded": answer.is_degraded,
        "notes": list(answer.notes),
        "duration_ms": elapsed(started),
    }


def _original(call: Call, record_id: UUID) -> rows.Stored:
    stored = rows.get(call.session, call.tenant_id, record_id)
    call.check(stored.kind.name, Effect.READ)
    return stored


def _scope(call: Call, told: Sequence[str], where: Sequence[str]) -> tuple[Scope, list[str]]:
    """What may be found, and the filters as they were understood."""
    kinds, only = _kinds(call, told)
    filters = [f"kinds in ({', '.join(told)})"] if told else []
    if not where and not only:
        return Scope(kinds, is_whole=len(kinds) == len(KINDS)), filters
    own = {"interaction": [f"kind in ({', '.join(only)})"]} if only else {}
    narrowed = narrow(call, kinds, where, own)
    told_of = [each for each in narrowed.conditions if each not in own.get("interaction", ())]
    return Scope(tuple(narrowed.kept), kept=narrowed.kept), filters + told_of


def _kinds(call: Call, told: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The record kinds to search, and the kinds of interaction where not all of them are wanted."""
    plurals = {kind.plural: kind.name for kind in KINDS.values()} | {f"{kind}s": kind for kind in INTERACTION_KINDS}
    asked = list(dict.fromkeys(plurals.get(kind, kind) for kind in told))
    for kind in asked:
        if kind not in SEARCHED:
            raise CrmError(
                "invalid", unknown_name("There is no kind to search called", kind, SEARCHED, "The kinds are")
            )
    only = [] if "interaction" in asked else [kind for kind in asked if kind in INTERACTION_KINDS]
    kinds = list(dict.fromkeys("interaction" if kind in INTERACTION_KINDS else kind for kind in asked))
    for kind in kinds:
        call.check(kind, Effect.READ)
    if not kinds:
        kinds = [kind for kind in KINDS if may_read(call, kind)]
        if not kinds:
            raise CrmError("denied", "This token reads no kind of record.")
    return tuple(kinds), only


def _shown(call: Call, found: Sequence[Found]) -> list[dict[str, Any]]:
    views = {
        kind: view_rows(call.session, kind, [each.record_id for each in found if each.kind == kind])
        for kind in dict.fromkeys(each.kind for each in found)
    }
    return [
        {
            "kind": each.kind,
            "record_id": str(each.record_id),
            "label": each.label,
            "detail": detail(each.kind, views[each.kind].get(each.record_id, {})),
            "snippet": each.passage.text,
            "start_at": each.passage.start,
            "end_at": each.passage.end,
            "score": round(each.score, 6),
            "vector_score": None if each.vector_score is None else round(each.vector_score, 4),
            "text_score": None if each.text_score is None else round(each.text_score, 4),
        }
        for each in found
    ]
