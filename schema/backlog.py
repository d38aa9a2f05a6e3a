"""What waits to be done in a whole installation, and for how long: approvals, seals, the semantic index."""

from dataclasses import dataclass
from typing import LiteralString

from schema.database import Database

_APPROVALS: LiteralString = """
SELECT count(*), coalesce(extract(epoch FROM CAST(:now AS timestamptz) - min(created_at)), 0) AS age
FROM crm.approvals WHERE status = 'pending' AND expires_at > :now"""
_UNSEALED: LiteralString = """
SELECT coalesce(sum(e.count), 0) AS count,
       coalesce(extract(epoch FROM clock_timestamp() - min(e.oldest)), 0) AS age
FROM crm.tenants t
CROSS JOIN LATERAL (
    SELECT coalesce(max(last_event), 0) AS last_event FROM crm.audit_seals WHERE tenant_id = t.tenant_id
) s
CROSS JOIN LATERAL (
    SELECT count(*), min(recorded_at) AS oldest FROM crm.audit_events
    WHERE tenant_id = t.tenant_id AND event_id > s.last_event
) e"""
_QUEUE: LiteralString = """
SELECT count(*) FILTER (WHERE set_aside_at IS NULL) AS count,
       coalesce(extract(epoch FROM clock_timestamp() - min(enqueued_at) FILTER (WHERE set_aside_at IS NULL)), 0) AS age,
       count(*) FILTER (WHERE set_aside_at IS NOT NULL) AS set_aside
FROM crm.embedding_queue"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many there are, and how many seconds the oldest has waited."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """Numbers over all tenants together."""

    approvals: Waiting
    """Changes that wait for a person."""
    unsealed: Waiting
    """Audit events that no seal covers yet."""
    queued: Waiting
    """Changes that the semantic index has not taken up."""
    set_aside: int
    """Changes that it gave up."""


def backlog_of(db: Database) -> Backlog:
    """What waits now. Raises CrmError (unavailable) while the database cannot be reached."""
    with db.across_tenants() as session:
        approvals, unsealed, queue = (
            session.rows(_APPROVALS, now=db.world.now()),
            session.rows(_UNSEALED),
            session.rows(_QUEUE),
        )
    return Backlog(
        *(Waiting(int(row["count"]), max(0.0, float(row["age"]))) for row in (approvals[0], unsealed[0], queue[0])),
        set_aside=int(queue[0]["set_aside"]),
    )
