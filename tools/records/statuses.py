"""Where records stand: the tenant's statuses, the moves it allows, and the moments a move sets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from schema.kinds import Kind
from schema.session import ReadSession
from tools.records.rows import Stored
from tools.records.tables import STATUSES, TRANSITIONS

PROBABILITIES: Mapping[str, int] = {
    "new": 10,
    "qualified": 25,
    "proposal": 50,
    "negotiation": 75,
    "won": 100,
    "lost": 0,
}
"""Per cent that a new opportunity starts with when nobody says one, by its stage."""

Outcome = Literal["open", "won", "lost"]


@dataclass(frozen=True)
class Pipeline:
    """The statuses of one kind in one tenant."""

    outcomes: Mapping[str, Outcome]
    """Status → outcome, in order."""
    moves: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Status → where a record may go from there; filled as it is asked for."""

    @property
    def first(self) -> str:
        return next(iter(self.outcomes))


def pipeline_of(session: ReadSession, tenant_id: UUID, kind: Kind) -> Pipeline:
    """Empty for kinds that have no status."""
    return pipelines_of(session, tenant_id, (kind,))[kind.name]


def pipelines_of(session: ReadSession, tenant_id: UUID, kinds: Collection[Kind]) -> Mapping[str, Pipeline]:
    """That of each of the kinds, by name."""
    outcomes: dict[str, dict[str, Outcome]] = {kind.name: {} for kind in kinds}
    asked = [kind.name for kind in kinds if kind.status_field is not None]
    if asked:
        mine = STATUSES.c.tenant_id == tenant_id, STATUSES.c.record_kind.in_(asked)
        for row in session.select(sa.select(STATUSES).where(*mine).order_by(STATUSES.c.position)):
            outcome = "won" if row["is_won"] else "lost" if row["is_lost"] else "open"
            outcomes[row["record_kind"]][row["status"]] = outcome
    return {name: Pipeline(told) for name, told in outcomes.items()}


def moves_from(session: ReadSession, tenant_id: UUID, kind: str, status: str) -> list[str]:
    """Where a record that stands here may go, in the pipeline's order."""
    rows = session.select(
        sa.select(TRANSITIONS.c.to_status)
        .join(
            STATUSES,
            sa.and_(
                STATUSES.c.tenant_id == TRANSITIONS.c.tenant_id,
                STATUSES.c.record_kind == TRANSITIONS.c.record_kind,
                STATUSES.c.status == TRANSITIONS.c.to_status,
            ),
        )
        .where(
            TRANSITIONS.c.tenant_id == tenant_id,
            TRANSITIONS.c.record_kind == kind,
            TRANSITIONS.c.from_status == status,
        )
        .order_by(STATUSES.c.position)
    )
    return [row["to_status"] for row in rows]


def check_move(session: ReadSession, stored: Stored, to_status: str, pipeline: Pipeline | None = None) -> None:
    """The sentence for a move that the database would refuse; raises CrmError of kind conflict."""
    kind = stored.kind
    standing: str = stored.value(kind.status_field or "")
    if to_status == standing:
        return
    known = pipeline.moves if pipeline else {}
    if standing not in known:
        known[standing] = moves_from(session, stored.main["tenant_id"], kind.name, standing)
    allowed = known[standing]
    if to_status in allowed:
        return
    article = "An" if kind.name[0] in "aeiou" else "A"
    onward = f"From {standing} it may go to: {', '.join(allowed)}." if allowed else f"{standing} is where it ends."
    raise CrmError("conflict", f"{article} {kind.name} cannot move from {standing} to {to_status}. {onward}")


def moments(
    kind: Kind, pipeline: Pipeline, status: str, now: datetime, standing: str | None = None
) -> dict[str, dict[str, Any]]:
    """When it was won, lost or done: set as a record leaves the open ones, cleared as it comes back; by table."""
    column = {"leads": "closed_at", "tasks": "completed_at"}.get(kind.table)
    if column is None:
        return {}
    is_open = pipeline.outcomes[status] == "open"
    if standing is not None and (pipeline.outcomes[standing] == "open") == is_open:
        return {}
    return {kind.table: {column: None if is_open else now}}


def following_probability(stored: Stored, pipeline: Pipeline, stage: str) -> Decimal | None:
    """The probability that goes with a move: certain once won or lost, else the new stage's usual one.

    One that somebody set by hand stays; None then, and where there is nothing to follow.
    """
    usual = usual_probability(stored.kind, stage)
    is_untouched = stored.value("probability") == usual_probability(stored.kind, stored.value("stage"))
    return usual if usual is not None and (is_untouched or pipeline.outcomes[stage] != "open") else None


def usual_probability(kind: Kind, stage: str) -> Decimal | None:
    """What a new opportunity of this stage is given; None for other kinds and for a tenant's own stages."""
    return Decimal(PROBABILITIES[stage]) if kind.name == "opportunity" and stage in PROBABILITIES else None
