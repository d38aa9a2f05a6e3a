"""Taking the person out of the semantic index: its texts go now, and what is left of them is indexed anew."""

from collections.abc import Iterable
from typing import LiteralString
from uuid import UUID

from schema.erasure.looking import Looking
from schema.session import ReadSession, WriteSession

INDEXING: LiteralString = "SELECT pg_advisory_xact_lock_shared(hashtextextended('crm.chunks of ' || :tenant, 0))"
"""Held by whoever reads records of a tenant and writes what they say into `chunks`: else it could have read them before an
erasure, and write them after it."""

_ERASING: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('crm.chunks of ' || :tenant, 0))"
_NEWEST: LiteralString = "SELECT coalesce(max(id), 0) FROM crm.embedding_queue"
# What this erasure changed was queued by it; whatever others queued meanwhile is made anew as well.
_CHANGED: LiteralString = """
SELECT record_id FROM crm.embedding_queue WHERE tenant_id = :tenant AND id > :since
UNION SELECT record_id FROM crm.chunks WHERE tenant_id = :tenant AND record_id = ANY(:records)
UNION SELECT record_id FROM crm.chunks WHERE tenant_id = :tenant AND text ~ :sought"""
# A chunk may quote what its record belongs to.
_QUOTING: LiteralString = """
SELECT id FROM crm.contacts WHERE tenant_id = :tenant AND account_id = ANY(:changed)
UNION SELECT id FROM crm.contacts WHERE tenant_id = :tenant AND individual_id = ANY(:changed)
UNION SELECT id FROM crm.accounts WHERE tenant_id = :tenant AND organization_id = ANY(:changed)"""
_FORGET: LiteralString = """
WITH gone AS (
    DELETE FROM crm.chunks WHERE tenant_id = :tenant AND record_id = ANY(:changed) RETURNING record_id, record_kind
)
INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind)
SELECT DISTINCT CAST(:tenant AS uuid), record_id, record_kind FROM gone RETURNING id"""


def newest_queued(session: ReadSession) -> int:
    """Where the queue ends before anything is changed."""
    return int(session.scalar(_NEWEST))


def stop_indexing(session: WriteSession, tenant_id: UUID) -> None:
    """Waits for whoever reads the tenant's records to write of them, and lets nobody begin until this transaction ends."""
    session.scalar(_ERASING, tenant=str(tenant_id))


def forget_chunks(
    session: WriteSession, tenant_id: UUID, looking: Looking, records: Iterable[UUID], queued_since: int
) -> None:
    """Deletes the chunks, and with them the vectors, of all that was changed, of what quotes it, and of the given records."""
    stop_indexing(session, tenant_id)
    sought = looking.sought or "a^"
    changed = [
        row["record_id"]
        for row in session.rows(_CHANGED, tenant=tenant_id, since=queued_since, records=list(records), sought=sought)
    ]
    quoting = [row["id"] for row in session.rows(_QUOTING, tenant=tenant_id, changed=changed)]
    session.rows(_FORGET, tenant=tenant_id, changed=[*changed, *quoting])
