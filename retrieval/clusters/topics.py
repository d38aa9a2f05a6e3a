"""What records are about, in words of their own: complaints by their cluster, accounts by what sets their mails apart."""

from collections.abc import Sequence
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

from retrieval.clusters.gathering import names_of_people_and_companies
from retrieval.clusters.naming import name_of, terms_of
from retrieval.insights.claim import Claim, Evidence
from retrieval.insights.making import change_by, take_turns
from retrieval.insights.passages import passages_of
from retrieval.insights.rules import RULES
from retrieval.insights.store import Counts, InsightWriter
from schema.database import Database
from schema.session import ReadSession, Row

DAYS = 180
_FEWEST = 3
"""Mails of an account that show what it writes about."""
_MOST_TEXTS = 30_000

# Where a model has read the text, its topics stand.
_COMPLAINTS: LiteralString = """
SELECT i.id AS record_id, i.body, c.name, c.terms, m.similarity FROM crm.clusters c
JOIN crm.cluster_members m ON m.tenant_id = c.tenant_id AND m.cluster_id = c.id
JOIN crm.interactions i ON i.tenant_id = m.tenant_id AND i.id = m.record_id AND i.deleted_at IS NULL
LEFT JOIN crm.insight_readings r ON r.tenant_id = i.tenant_id AND r.record_id = i.id
WHERE c.tenant_id = :tenant AND c.subject = 'complaints' AND r.model IS NOT DISTINCT FROM 'rules'
ORDER BY i.id"""
_MAILS: LiteralString = """
SELECT i.account_id AS record_id, i.id, i.body FROM crm.interactions i
WHERE i.tenant_id = :tenant AND i.deleted_at IS NULL AND i.direction = 'inbound' AND i.account_id IS NOT NULL
  AND i.occurred_at >= :since AND i.body <> ''
ORDER BY i.occurred_at DESC, i.id LIMIT :most"""
_STALE: LiteralString = """
SELECT DISTINCT record_id FROM crm.ai_insights
WHERE tenant_id = :tenant AND kind = 'topic' AND model = 'rules' AND verified_by_user IS NULL"""


def make_topics(db: Database, tenant_id: UUID) -> Counts:
    """Topics of all records that have one; what has none any more loses it."""
    with db.job(tenant_id, change_by(db, RULES)) as session:
        take_turns(session, tenant_id)
        claims = {**_of_accounts(session, db, tenant_id), **_of_complaints(session, tenant_id)}
        stale = [row["record_id"] for row in session.rows(_STALE, tenant=tenant_id)]
        writer = InsightWriter(session, tenant_id, db.world, kinds=("topic",), of_text=False)
        writer.write({each: (RULES, claims.get(each, ())) for each in sorted({*claims, *stale})})
        return writer.counts


def _of_complaints(session: ReadSession, tenant_id: UUID) -> dict[UUID, Sequence[Claim]]:
    return {
        row["record_id"]: (_claim(row["record_id"], row["body"], row["name"], row["terms"], float(row["similarity"])),)
        for row in session.rows(_COMPLAINTS, tenant=tenant_id)
    }


def _of_accounts(session: ReadSession, db: Database, tenant_id: UUID) -> dict[UUID, Sequence[Claim]]:
    since = db.world.now() - timedelta(days=DAYS)
    mails: dict[UUID, list[Row]] = {}
    for row in session.rows(_MAILS, tenant=tenant_id, since=since, most=_MOST_TEXTS):
        mails.setdefault(row["record_id"], []).append(row)
    enough = {account: told for account, told in mails.items() if len(told) >= _FEWEST}
    ignored = names_of_people_and_companies(session, tenant_id)
    terms = terms_of({account: [row["body"] for row in told] for account, told in enough.items()}, ignored)
    found: dict[UUID, Sequence[Claim]] = {}
    for account, told in enough.items():
        if terms[account]:
            first = terms[account][0]
            newest = next((row for row in told if first in row["body"].lower()), told[0])
            found[account] = (_claim(newest["id"], newest["body"], name_of(terms[account]), terms[account], 0.5),)
    return found


def _claim(record_id: UUID, body: str, name: str, terms: Sequence[str], confidence: float) -> Claim:
    passages = passages_of(body)
    said = max(passages, key=lambda each: sum(term in each.text.lower() for term in terms), default=None)
    evidence = (Evidence(record_id, "body", said.text, said.start, said.end),) if said else ()
    return Claim("topic", name, max(0.0, min(1.0, confidence)), evidence, {"terms": list(terms)})
