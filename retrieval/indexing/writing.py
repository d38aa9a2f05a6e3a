"""Stored chunks brought in line with what their records say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

import sqlalchemy as sa

from retrieval.chunks import Chunk
from retrieval.indexing.models import Model
from retrieval.indexing.queue import Job
from retrieval.indexing.reading import wanted_chunks
from retrieval.indexing.vectors import Missing, known_vectors, missing_of
from retrieval.languages import UNKNOWN, language_of
from schema.erasure.index import INDEXING
from schema.models.meaning import Chunk as StoredChunk
from schema.session import Row, WriteSession

_NAMED = frozenset(["account", "contact", "individual"])
"""Kinds whose chunks are names, which no language's rules should bend."""
_QUOTED = frozenset(["account", "individual", "organization"])
"""Kinds that other records' chunks quote."""

_STORED: LiteralString = """
SELECT id, record_id, source, position, content_hash, start_at, end_at FROM crm.chunks
WHERE tenant_id = :tenant AND record_id = ANY(:records) ORDER BY record_id, source, position"""
_DELETE: LiteralString = "DELETE FROM crm.chunks WHERE tenant_id = :tenant AND id = ANY(:chunks) RETURNING id"
_FORGET: LiteralString = """
DELETE FROM crm.embeddings WHERE tenant_id = :tenant AND chunk_id = ANY(:chunks) RETURNING chunk_id"""
_REPLACE: LiteralString = """
UPDATE crm.chunks SET text = :text, content_hash = :content_hash, start_at = :start_at, end_at = :end_at,
    language = CAST(:language AS regconfig)
WHERE tenant_id = :tenant_id AND id = :id"""
_MOVE: LiteralString = """
UPDATE crm.chunks SET start_at = :start_at, end_at = :end_at WHERE tenant_id = :tenant_id AND id = :id"""
# What waits and was not begun will be read after this, and needs no second row.
_ENQUEUE: LiteralString = """
INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind)
SELECT quoting.tenant_id, quoting.id, quoting.kind FROM (
    SELECT tenant_id, id, 'contact' AS kind FROM crm.contacts WHERE tenant_id = :tenant AND account_id = ANY(:records)
    UNION SELECT tenant_id, id, 'contact' FROM crm.contacts WHERE tenant_id = :tenant AND individual_id = ANY(:records)
    UNION SELECT tenant_id, id, 'account' FROM crm.accounts WHERE tenant_id = :tenant AND organization_id = ANY(:records)
) quoting
WHERE NOT EXISTS (
    SELECT FROM crm.embedding_queue w
    WHERE w.tenant_id = :tenant AND w.record_id = quoting.id AND w.attempts = 0 AND w.set_aside_at IS NULL
      AND w.due_at <= now())
RETURNING id"""


@dataclass
class Written:
    """What came of bringing records' chunks in line."""

    changed: int = 0
    """Chunks that were added, replaced or deleted."""
    missing: list[Missing] = field(default_factory=list[Missing])
    """Those that have no vector yet, of these records."""
    known: dict[tuple[int, UUID, str], str] = field(default_factory=dict[tuple[int, UUID, str], str])
    """Vectors that replaced chunks had of texts that stand elsewhere now."""


@dataclass
class _Difference:
    """What to do to the stored chunks of one tenant's records."""

    new: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    replaced: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    moved: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    gone: list[Row] = field(default_factory=list[Row])
    changed: list[Job] = field(default_factory=list[Job])
    """The records that say something else than before."""
    lost: set[str] = field(default_factory=set[str])
    """Content hashes of chunks that are replaced or gone."""

    @property
    def size(self) -> int:
        return len(self.new) + len(self.replaced) + len(self.gone)


def write_chunks(
    session: WriteSession,
    jobs: Iterable[Job],
    models: Sequence[Model],
    new_id: Callable[[], UUID],
    *,
    anew: bool = False,
) -> Written:
    """Brings the chunks of these records in line, in this transaction, and enqueues what quotes one that changed.

    From its commit on texts are found by their words, whatever becomes of their vectors. With `anew` each is written again
    even where its hash says that it is the same.
    """
    written = Written()
    by_tenant: dict[UUID, list[Job]] = {}
    for job in jobs:
        by_tenant.setdefault(job.tenant_id, []).append(job)
    for tenant, theirs in sorted(by_tenant.items()):
        session.scalar(INDEXING, tenant=str(tenant))
        difference = _difference(session, tenant, theirs, new_id, anew=anew)
        if difference.lost and (again := difference.lost & {row["content_hash"] for row in _written(difference)}):
            written.known |= known_vectors(session, tenant, again, [model.id for model in models])
        _apply(session, tenant, difference)
        written.changed += difference.size
        written.missing += missing_of(session, tenant, (job.record_id for job in theirs), models)
    return written


def _difference(
    session: WriteSession, tenant: UUID, jobs: Sequence[Job], new_id: Callable[[], UUID], *, anew: bool
) -> _Difference:
    wanted = wanted_chunks(session, tenant, jobs)
    stored: dict[UUID, list[Row]] = {}
    for row in session.rows(_STORED, tenant=tenant, records=[job.record_id for job in jobs]):
        stored.setdefault(row["record_id"], []).append(row)
    difference = _Difference()
    for job in jobs:
        theirs = stored.get(job.record_id, [])
        # What others wrote of a record, its summary, goes with the record alone.
        own = theirs if job.record_id not in wanted else [row for row in theirs if row["source"] == "record"]
        _compare(difference, job, own, wanted.get(job.record_id, ()), new_id, anew=anew)
    return difference


def _compare(
    difference: _Difference,
    job: Job,
    stored: Sequence[Row],
    wanted: Sequence[Chunk],
    new_id: Callable[[], UUID],
    *,
    anew: bool,
) -> None:
    size = difference.size
    left = {(row["source"], row["position"]): row for row in stored}
    for chunk in wanted:
        row = left.pop(("record", chunk.position), None)
        told = {"tenant_id": job.tenant_id, "start_at": chunk.start, "end_at": chunk.end}
        if row is None:
            own = {"id": new_id(), "record_id": job.record_id, "record_kind": job.kind, "position": chunk.position}
            difference.new.append({**told, **own, **_said(job, chunk)})
        elif anew or row["content_hash"] != chunk.content_hash:
            difference.replaced.append({**told, "id": row["id"], **_said(job, chunk)})
            difference.lost.add(row["content_hash"])
        elif (row["start_at"], row["end_at"]) != (chunk.start, chunk.end):
            difference.moved.append({**told, "id": row["id"]})
    difference.gone += left.values()
    difference.lost.update(row["content_hash"] for row in left.values())
    if difference.size > size:
        difference.changed.append(job)


def _said(job: Job, chunk: Chunk) -> Mapping[str, str]:
    language = UNKNOWN if job.kind in _NAMED else language_of(chunk.text)
    return {"text": chunk.text, "content_hash": chunk.content_hash, "language": language}


def _written(difference: _Difference) -> list[dict[str, Any]]:
    return [*difference.new, *difference.replaced]


def _apply(session: WriteSession, tenant: UUID, difference: _Difference) -> None:
    if difference.gone:
        session.rows(_DELETE, tenant=tenant, chunks=sorted(row["id"] for row in difference.gone))
    if difference.replaced:
        session.rows(_FORGET, tenant=tenant, chunks=sorted(row["id"] for row in difference.replaced))
        session.execute(sa.text(_REPLACE), difference.replaced)
    if difference.moved:
        session.execute(sa.text(_MOVE), difference.moved)
    if difference.new:
        session.execute(sa.insert(StoredChunk), difference.new)
    quoted = [job.record_id for job in difference.changed if job.kind in _QUOTED]
    if quoted:
        session.rows(_ENQUEUE, tenant=tenant, records=quoted)
