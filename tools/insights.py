"""What was inferred about records, for people to read, and their yes or no; nothing here is a tool of an agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import sqlalchemy as sa

from guardrails import rights
from guardrails.effects import Effect
from guardrails.where import Filterable, parse_filters
from retrieval.insights.claim import KINDS
from schema.errors import CrmError
from schema.models import RECORD_KINDS
from schema.session import Change, ReadSession, Row
from schema.views import VIEWS
from tools.context import ToolContext
from tools.records.shown import as_json
from tools.records.tables import RECORDS, table_of

PAGE = 50
VERDICTS = ("unverified", "verified", "rejected", "all")
_MAKERS = ("admin", "manager")
_VIEW = VIEWS["insights"].clause()
_INSIGHTS, _RESTS_ON = table_of("ai_insights"), table_of("insight_evidence")

_MORE: LiteralString = """
SELECT n.id, r.label, n.prompt_version, u.email AS verified_by
FROM crm.ai_insights n
JOIN crm.records r ON r.tenant_id = n.tenant_id AND r.id = n.record_id
LEFT JOIN crm.users u ON u.tenant_id = n.tenant_id AND u.id = n.verified_by
WHERE n.id = ANY(:ids)"""
_EVIDENCE: LiteralString = """
SELECT e.insight_id, r.kind, e.record_id, r.label, e.field, e.quote, e.start_at AS start, e.end_at AS end
FROM crm.insight_evidence e JOIN crm.records r ON r.tenant_id = e.tenant_id AND r.id = e.record_id
WHERE e.insight_id = ANY(:ids) AND NOT r.is_deleted
ORDER BY e.insight_id, e.position"""


@dataclass(frozen=True, slots=True)
class InsightFilter:
    """Which insights."""

    where: Sequence[str] = ()
    """Filters over the view `insights`."""
    verdict: str = "all"
    """One of VERDICTS."""
    record_id: UUID | None = None
    limit: int = PAGE
    after: UUID | None = None
    """The last one of the page before."""


def list_insights(desk: ToolContext, wanted: InsightFilter) -> dict[str, Any]:
    """One page of what `desk.who` may read, newest first: `{"insights", "total", "next_cursor"}`."""
    with desk.db.read(desk.who, desk.audience) as session:
        conditions = [*_of_verdict(wanted.verdict), *_may_be_read(desk)]
        conditions += [each.sql for each in parse_filters(_filterable(desk), wanted.where)]
        if wanted.record_id is not None:
            conditions.append(_VIEW.c.record_id == wanted.record_id)
        total = session.select(sa.select(sa.func.count().label("n")).select_from(_VIEW).where(*conditions))[0]["n"]
        page = [] if wanted.after is None else [_VIEW.c.insight_id < wanted.after]
        rows = session.select(
            sa.select(_VIEW).where(*conditions, *page).order_by(_VIEW.c.insight_id.desc()).limit(wanted.limit + 1)
        )
        shown = _shown(session, rows[: wanted.limit])
    return {
        "insights": shown,
        "total": total,
        "next_cursor": shown[-1]["insight_id"] if len(rows) > wanted.limit else None,
    }


def get_insight(desk: ToolContext, insight_id: UUID) -> dict[str, Any]:
    """One insight with its evidence. Raises CrmError (not_found)."""
    with desk.db.read(desk.who, desk.audience) as session:
        return _get(session, desk, insight_id)


def judge_insight(desk: ToolContext, insight_id: UUID, *, is_right: bool) -> dict[str, Any]:
    """Keeps a person's yes or no: `{"insight", "change_id"}`, the latter None when they said so before.

    A no is remembered by what the insight claims of its record, and the same is not proposed again. Raises CrmError:
    not_found; denied for an agent, and for whoever may not change the record.
    """
    if desk.run_id is not None or desk.via_agent:
        raise CrmError("denied", "Only a person verifies or rejects an insight.")
    found = get_insight(desk, insight_id)
    rights.check(desk.who.role, desk.scopes, found["record_kind"], Effect.WRITE, is_own=True)
    if found["verified_by_user"] is is_right:
        return {"insight": found, "change_id": None}
    verb = "Verified" if is_right else "Rejected"
    change = Change(desk.world.new_id(), f"{verb} the inferred {found['kind'].replace('_', ' ')}: {found['statement']}")
    now = desk.world.now()
    with desk.db.write(desk.who, change) as session:
        done = session.execute(
            sa.update(_INSIGHTS)
            .where(_INSIGHTS.c.tenant_id == desk.who.tenant_id, _INSIGHTS.c.id == insight_id)
            .values(verified_by_user=is_right, verified_by=desk.who.user_id, verified_at=now, updated_at=now)
        )
        if not done:
            raise CrmError("not_found", f"The insight {insight_id} is gone: its text has been read anew.")
        made = session.scalar(
            "SELECT change_id FROM crm.audit_events WHERE operation_id = :operation", operation=change.operation_id
        )
        return {"insight": _get(session, desk, insight_id), "change_id": str(made)}


def check_may_infer(desk: ToolContext) -> None:
    """Raises CrmError (denied) for whoever may not have insights, clusters and summaries made of all that is recorded."""
    if desk.who.role not in _MAKERS or desk.run_id is not None or desk.via_agent:
        raise CrmError("denied", "Only a manager or an admin may have insights made.")


def _get(session: ReadSession, desk: ToolContext, insight_id: UUID) -> dict[str, Any]:
    mine = sa.select(_VIEW).where(_VIEW.c.insight_id == insight_id, *_may_be_read(desk))
    found = _shown(session, session.select(mine))
    if not found:
        raise CrmError("not_found", f"There is no insight {insight_id}; `insights list` shows those there are.")
    return found[0]


def _may_be_read(desk: ToolContext) -> list[sa.ColumnElement[bool]]:
    """An insight says in its own words what the records that it rests on say: who may not read one of them sees none of it."""
    rights.check_scope(desk.who.role, desk.scopes, "record:read")
    hidden = [kind for kind in RECORD_KINDS if not rights.holds(desk.scopes, kind, Effect.READ)]
    rests_on_hidden = sa.exists().where(
        _RESTS_ON.c.tenant_id == desk.who.tenant_id,
        _RESTS_ON.c.insight_id == _VIEW.c.insight_id,
        RECORDS.c.tenant_id == _RESTS_ON.c.tenant_id,
        RECORDS.c.id == _RESTS_ON.c.record_id,
        RECORDS.c.kind.in_(hidden),
    )
    return [_VIEW.c.record_kind.not_in(hidden), ~rests_on_hidden]


def _of_verdict(verdict: str) -> list[sa.ColumnElement[bool]]:
    column = _VIEW.c.verified_by_user
    match verdict:
        case "unverified":
            return [column.is_(None)]
        case "verified":
            return [column.is_(True)]
        case "rejected":
            return [column.is_(False)]
        case "all":
            return []
        case _:
            raise CrmError("invalid", f"There is no verdict {verdict!r} of insights; there are {', '.join(VERDICTS)}.")


def _filterable(desk: ToolContext) -> Filterable:
    choices = {"kind": KINDS, "record_kind": RECORD_KINDS}
    return Filterable.of(
        VIEWS["insights"], now=desk.world.now(), zone=desk.zone, user_id=desk.who.user_id, choices=choices, customs={}
    )


def _shown(session: ReadSession, rows: list[Row]) -> list[dict[str, Any]]:
    """Insights as people and programs read them; `is_inferred` stands beside each, wherever it is shown."""
    ids = [row["insight_id"] for row in rows]
    more = {row.pop("id"): row for row in session.rows(_MORE, ids=ids)}
    evidence: dict[UUID, list[dict[str, Any]]] = {each: [] for each in ids}
    for row in session.rows(_EVIDENCE, ids=ids):
        evidence[row.pop("insight_id")].append(as_json(row))
    return [
        {
            **as_json({**row, **more.get(row["insight_id"], {})}),
            "confidence": float(row["confidence"]),
            "is_inferred": True,
            "evidence": evidence[row["insight_id"]],
        }
        for row in rows
    ]
