"""The queue of records to index: claimed by lock, so that a worker that is killed holds nothing back."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from schema.database import Transactions
from schema.session import ReadSession, Row, WriteSession

ATTEMPTS = 5
"""A record that fails as often, or ends its worker as often, is set aside until somebody asks again."""
MOST_SECONDS = 300.0
"""The longest wait between two attempts."""
_WINDOW = 8
"""How many times as many rows are looked at as are claimed: other workers may be at the first ones."""
_WIDEST = 512

KILLED = "The worker ended, more than once, while it was at this record."

_DUE: LiteralString = """
FROM crm.embedding_queue
WHERE set_aside_at IS NULL AND due_at <= now() AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = CAST(:tenant AS uuid))"""
_IS_DUE: LiteralString = f"SELECT EXISTS (SELECT {_DUE})"
_OLDEST: LiteralString = f"SELECT tenant_id, record_id, due_at AS turn {_DUE} ORDER BY due_at LIMIT :window"
_NEWEST: LiteralString = f"""
SELECT tenant_id, record_id, now() - due_at AS turn {_DUE} ORDER BY due_at DESC LIMIT :window"""
# The lock is tried row by row until there are enough, so no more are locked than are taken.
_LOCK: LiteralString = """, records AS MATERIALIZED (
    SELECT tenant_id, record_id FROM waiting GROUP BY tenant_id, record_id ORDER BY min(turn)
)
SELECT tenant_id, record_id FROM records
WHERE pg_try_advisory_lock(hashtextextended('crm.chunks/' || record_id, 0)) LIMIT :records"""
_LOCK_OLDEST: LiteralString = f"WITH waiting AS MATERIALIZED ({_OLDEST}){_LOCK}"
_LOCK_NEWEST: LiteralString = f"WITH waiting AS MATERIALIZED ({_NEWEST}){_LOCK}"
# All rows of a record: one look at it answers them all. Whoever had it before may have deleted them meanwhile.
_BEGIN: LiteralString = """
UPDATE crm.embedding_queue q SET attempts = q.attempts + 1
FROM unnest(CAST(:tenants AS uuid[]), CAST(:records AS uuid[])) AS told (tenant_id, record_id)
WHERE q.tenant_id = told.tenant_id AND q.record_id = told.record_id
RETURNING q.id, q.tenant_id, q.record_id, q.record_kind, q.attempts, q.set_aside_at"""
_FINISH: LiteralString = "DELETE FROM crm.embedding_queue WHERE id = ANY(:rows) RETURNING id"
_POSTPONE: LiteralString = """
UPDATE crm.embedding_queue
SET attempts = greatest(attempts - CASE WHEN :counts THEN 0 ELSE 1 END, 0), error = :why,
    due_at = now() + make_interval(secs => :seconds), set_aside_at = CASE WHEN :is_last THEN now() END
WHERE id = :row RETURNING id"""
_SET_ASIDE: LiteralString = """
INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind, attempts, error, set_aside_at)
SELECT r.tenant_id, r.id, r.kind, :attempts, :why, now() FROM crm.records r
WHERE r.tenant_id = :tenant AND r.id = :record AND NOT EXISTS (
    SELECT FROM crm.embedding_queue q WHERE q.tenant_id = r.tenant_id AND q.record_id = r.id)
RETURNING id"""
_RETRY: LiteralString = """
UPDATE crm.embedding_queue SET set_aside_at = NULL, attempts = 0, error = NULL, due_at = now()
WHERE set_aside_at IS NOT NULL AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = CAST(:tenant AS uuid)) RETURNING record_id"""
_WAITING: LiteralString = """
SELECT count(DISTINCT record_id) FROM (
    SELECT record_id FROM crm.embedding_queue WHERE tenant_id = :tenant AND set_aside_at IS NULL LIMIT :limit) waiting"""


@dataclass(frozen=True, slots=True)
class Job:
    """A record that this worker alone is at, with the rows of the queue that asked for it."""

    tenant_id: UUID
    record_id: UUID
    kind: str
    rows: tuple[int, ...]
    attempts: int
    """How often it was begun, this time included."""


def is_due(session: ReadSession, tenant: UUID | None = None) -> bool:
    """Whether any record waits whose turn has come, even if somebody is at it."""
    return bool(session.scalar(_IS_DUE, tenant=tenant))


def claim(transaction: Transactions, records: int, *, newest: bool = False, tenant: UUID | None = None) -> list[Job]:
    """Up to that many records that are due, each begun once more; none when nothing is due that nobody else is at.

    They are locked until `release`. That they were begun is committed before any work: a text that ends its worker is known
    by its attempts.
    """
    with transaction() as session:
        locked = _locked(session, records, newest=newest, tenant=tenant)
        found = session.rows(
            _BEGIN,
            tenants=[row["tenant_id"] for row in locked],
            records=[row["record_id"] for row in locked],
        )
        jobs = _jobs(found)
        hopeless = [job for job in jobs if job.attempts > ATTEMPTS]
        for job in hopeless:
            put_off(session, job, KILLED, 0)
    return [job for job in jobs if job.attempts <= ATTEMPTS]


def release(transaction: Transactions) -> None:
    """Lets go of all records that are claimed; only once what was done to them is committed."""
    with transaction() as session:
        session.scalar("SELECT pg_advisory_unlock_all()")


def finish(session: WriteSession, jobs: Iterable[Job]) -> None:
    """Forgets the records: all that they say is indexed."""
    session.rows(_FINISH, rows=[row for job in jobs for row in job.rows])


def put_off(session: WriteSession, job: Job, why: str, seconds: float | None = None, *, counts: bool = True) -> None:
    """Has it tried again after so many seconds, or after longer with every attempt; set aside when it was tried often enough.

    Without `counts` it is not the record's fault, and this attempt is taken back.
    """
    *earlier, last = sorted(job.rows)
    session.rows(_FINISH, rows=earlier)
    session.rows(
        _POSTPONE,
        row=last,
        why=why,
        seconds=backoff(job.attempts) if seconds is None else seconds,
        counts=counts,
        is_last=counts and job.attempts >= ATTEMPTS,
    )


def set_aside(session: WriteSession, tenant: UUID, record: UUID, why: str) -> None:
    """Keeps why the record cannot be indexed, unless it is queued and will be tried anyway."""
    session.rows(_SET_ASIDE, tenant=tenant, record=record, why=why, attempts=ATTEMPTS)


def retry(session: WriteSession, tenant: UUID | None = None) -> int:
    """Has all records tried again that were set aside; returns how many."""
    return len({row["record_id"] for row in session.rows(_RETRY, tenant=tenant)})


def waiting(session: ReadSession, tenant: UUID, most: int) -> int:
    """How many records of the tenant wait to be indexed, or have failed and are tried again; counted up to about `most`."""
    return int(session.scalar(_WAITING, tenant=tenant, limit=most))


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: 2, 4, 8 … and up to half as much again, so that not all come back at once."""
    return min(2.0**failures, MOST_SECONDS) * random.uniform(1, 1.5)  # noqa: S311


def _locked(session: WriteSession, records: int, *, newest: bool, tenant: UUID | None) -> list[Row]:
    times = _WINDOW
    while times <= _WIDEST:
        query = _LOCK_NEWEST if newest else _LOCK_OLDEST
        found = session.rows(query, records=records, window=times * records, tenant=tenant)
        if found:
            return found
        times *= _WINDOW
    return []


def _jobs(rows: Sequence[Row]) -> list[Job]:
    """One job a record, oldest row first. What was written since it last failed has not failed yet."""
    by_record: dict[tuple[UUID, UUID], list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        by_record.setdefault((row["tenant_id"], row["record_id"]), []).append(row)
    return [
        Job(
            tenant_id=tenant_id,
            record_id=record_id,
            kind=found[-1]["record_kind"],
            rows=tuple(row["id"] for row in found),
            attempts=min(row["attempts"] for row in found if row["set_aside_at"] is None),
        )
        for (tenant_id, record_id), found in by_record.items()
        if any(row["set_aside_at"] is None for row in found)
    ]
