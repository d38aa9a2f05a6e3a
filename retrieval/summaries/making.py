"""Bringing account summaries up to date, with the chunks that they are searched by."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import sqlalchemy as sa

from retrieval.languages import language_of
from retrieval.summaries.facts import facts_of, talks_of
from retrieval.summaries.sentences import telling_sentences
from retrieval.summaries.wording import summary_chunks, summary_of
from schema.database import Database
from schema.erasure.index import INDEXING
from schema.models import Chunk
from schema.session import WriteSession

BATCH = 200

_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('crm.account_summaries of ' || :tenant, 0))"
_ACCOUNTS: LiteralString = "SELECT account_id FROM crm_read.accounts ORDER BY account_id"
_STORED: LiteralString = """
SELECT s.record_id, s.content_hash,
       (SELECT count(*) FROM crm.chunks c
        WHERE c.tenant_id = s.tenant_id AND c.record_id = s.record_id AND c.source = 'summary') AS chunks
FROM crm.account_summaries s WHERE s.tenant_id = :tenant AND s.record_id = ANY(:records)"""
_SAVE: LiteralString = """
INSERT INTO crm.account_summaries AS s
    (tenant_id, record_id, text, facts, sentences, content_hash, refreshed_at, changed_at)
VALUES (:tenant, :record, :text, CAST(:facts AS jsonb), CAST(:sentences AS jsonb), :hash, :now, :now)
ON CONFLICT (tenant_id, record_id) DO UPDATE SET text = excluded.text, facts = excluded.facts,
    sentences = excluded.sentences, content_hash = excluded.content_hash, refreshed_at = excluded.refreshed_at,
    changed_at = CASE WHEN s.content_hash = excluded.content_hash THEN s.changed_at ELSE excluded.changed_at END
RETURNING record_id"""
_UNCHUNK: LiteralString = """
DELETE FROM crm.chunks WHERE tenant_id = :tenant AND record_id = :record AND source = 'summary' RETURNING id"""
_ENQUEUE: LiteralString = """
INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind) VALUES (:tenant, :record, 'account') RETURNING id"""
# Of accounts that are deleted nothing is told.
_FORGET: LiteralString = """
WITH gone AS (
    DELETE FROM crm.account_summaries s WHERE s.tenant_id = :tenant
    AND EXISTS (SELECT FROM crm.records r WHERE r.tenant_id = :tenant AND r.id = s.record_id AND r.is_deleted)
    RETURNING s.record_id
), unchunked AS (
    DELETE FROM crm.chunks c USING gone
    WHERE c.tenant_id = :tenant AND c.record_id = gone.record_id AND c.source = 'summary'
)
SELECT record_id FROM gone"""


@dataclass(slots=True)
class Summarised:
    """What came of it."""

    accounts: int = 0
    changed: int = 0
    """Those whose summary says something else than before, or is not in the index."""
    removed: int = 0

    def to_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


def make_summaries(
    db: Database,
    tenant_id: UUID,
    records: Sequence[UUID] | None = None,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Summarised:
    """Refreshes the summaries of these accounts, or of all; the same facts give the same text, and nothing is embedded anew."""
    done = Summarised()
    with db.job(tenant_id) as session:
        accounts = list(records) if records is not None else [row["account_id"] for row in session.rows(_ACCOUNTS)]
        if records is None:
            done.removed = len(session.rows(_FORGET, tenant=tenant_id))
    for start in range(0, len(accounts), BATCH):
        if is_stopping():
            break
        with db.job(tenant_id) as session:
            session.scalar(_ALONE, tenant=str(tenant_id))
            # Else what is read now of a person could be written after they were erased.
            session.scalar(INDEXING, tenant=str(tenant_id))
            _refresh(session, db, tenant_id, accounts[start : start + BATCH], done)
    return done


def _refresh(session: WriteSession, db: Database, tenant_id: UUID, accounts: Sequence[UUID], done: Summarised) -> None:
    facts, talks = facts_of(session, accounts), talks_of(session, accounts)
    stored = {row["record_id"]: row for row in session.rows(_STORED, tenant=tenant_id, records=list(accounts))}
    for account, told in facts.items():
        newest = talks.get(account, [])
        sentences = telling_sentences(newest)
        text = summary_of(told, newest[0] if newest else None, sentences)
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        known = stored.get(account)
        quotes = [each.to_json() for each in sentences]
        _save(session, tenant_id, account, text, told, quotes, content_hash, db.world.now())
        done.accounts += 1
        if known is None or known["content_hash"] != content_hash or not known["chunks"]:
            _chunk(session, db, tenant_id, account, str(told["name"]), text)
            done.changed += 1


def _save(
    session: WriteSession, tenant_id: UUID, account: UUID, text: str, facts: dict[str, Any],
    sentences: list[dict[str, Any]], content_hash: str, now: datetime,
) -> None:  # fmt: skip
    session.rows(
        _SAVE,
        tenant=tenant_id,
        record=account,
        text=text,
        facts=json.dumps(facts, ensure_ascii=False),
        sentences=json.dumps(sentences, ensure_ascii=False),
        hash=content_hash,
        now=now,
    )


def _chunk(session: WriteSession, db: Database, tenant_id: UUID, account: UUID, name: str, text: str) -> None:
    """The summary's chunks in the place of the earlier ones; the worker embeds them."""
    session.rows(_UNCHUNK, tenant=tenant_id, record=account)
    rows = [
        {
            "tenant_id": tenant_id,
            "id": db.world.new_id(),
            "record_id": account,
            "record_kind": "account",
            "source": "summary",
            "position": chunk.position,
            "content_hash": chunk.content_hash,
            "text": chunk.text,
            "start_at": chunk.start,
            "end_at": chunk.end,
            "language": language_of(chunk.text),
        }
        for chunk in summary_chunks(name, text)
    ]
    session.execute(sa.insert(Chunk), rows)
    session.rows(_ENQUEUE, tenant=tenant_id, record=account)
