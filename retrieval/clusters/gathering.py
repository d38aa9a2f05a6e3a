"""The records that are grouped, with the vectors and the texts that the semantic index keeps of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

import numpy as np

from retrieval.clusters.linkage import Vectors, at_length_one
from retrieval.indexing.models import Model, list_models
from schema.session import ReadSession

MOST = 20_000
"""Records of one subject, the newest ones."""

# What they wrote or said to us in anger; what a person says is none, is none.
_COMPLAINTS: LiteralString = """
SELECT i.id AS record_id, i.id AS told_by, i.occurred_at AS at FROM crm.interactions i
WHERE i.tenant_id = :tenant AND i.deleted_at IS NULL AND i.direction = 'inbound' AND EXISTS (
    SELECT FROM crm.ai_insights n WHERE n.tenant_id = i.tenant_id AND n.record_id = i.id AND n.kind = 'sentiment'
    AND n.statement = 'negative' AND n.verified_by_user IS NOT FALSE)"""
# A lead's own words, and what they wrote about it.
_LEADS: LiteralString = """
SELECT l.id AS record_id, l.id AS told_by, l.created_at AS at FROM crm.leads l
WHERE l.tenant_id = :tenant AND l.deleted_at IS NULL
UNION ALL
SELECT l.id, i.id, l.created_at FROM crm.leads l
JOIN crm.interactions i ON i.tenant_id = l.tenant_id AND i.about_id = l.id AND i.direction = 'inbound' AND i.deleted_at IS NULL
WHERE l.tenant_id = :tenant AND l.deleted_at IS NULL"""
_TOLD: dict[str, LiteralString] = {"complaints": _COMPLAINTS, "leads": _LEADS}
_VECTORS: tuple[LiteralString, LiteralString] = (
    "WITH told AS (",
    """), newest AS (
    SELECT record_id FROM told GROUP BY record_id ORDER BY max(at) DESC, record_id DESC LIMIT :most
)
SELECT t.record_id, c.text, CAST(e.embedding AS text) AS vector
FROM newest JOIN told t ON t.record_id = newest.record_id
JOIN crm.chunks c ON c.tenant_id = :tenant AND c.record_id = t.told_by AND c.source = 'record'
JOIN crm.embeddings e ON e.model_id = :model AND e.tenant_id = :tenant AND e.chunk_id = c.id
ORDER BY t.record_id, t.told_by, c.position""",
)
_NAMES: LiteralString = """
SELECT DISTINCT word FROM (
    SELECT unnest(string_to_array(crm.fold(label), ' ')) AS word FROM crm.records
    WHERE tenant_id = :tenant AND kind IN ('individual', 'account', 'organization')
    UNION ALL
    SELECT unnest(string_to_array(crm.fold(name), ' ')) FROM crm.users WHERE tenant_id = :tenant
    UNION ALL
    SELECT unnest(string_to_array(crm.fold(name), ' ')) FROM crm.tenants WHERE tenant_id = :tenant
) names WHERE length(word) > 2"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Records in the order of their ids."""

    records: Sequence[UUID]
    vectors: Vectors
    """(n, d) float32, of length one: the mean of the record's chunks."""
    texts: Sequence[str]


def serving_model(session: ReadSession) -> Model | None:
    """The model whose vectors searches use; None before there are any."""
    return next((model for model in list_models(session) if model.state == "serving"), None)


def gather(session: ReadSession, tenant_id: UUID, subject: str, model: Model) -> Gathered:
    """The subject's records that have vectors; others wait for the worker."""
    query = _VECTORS[0] + _TOLD[subject] + _VECTORS[1]
    rows = session.rows(query, tenant=tenant_id, model=model.id, most=MOST)
    vectors: dict[UUID, list[Vectors]] = {}
    texts: dict[UUID, list[str]] = {}
    for row in rows:
        vectors.setdefault(row["record_id"], []).append(np.array(json.loads(row["vector"]), np.float32))
        texts.setdefault(row["record_id"], []).append(row["text"])
    means = [np.mean(each, axis=0) for each in vectors.values()]
    stacked = at_length_one(np.stack(means)) if means else np.empty((0, 1), np.float32)
    return Gathered([*vectors], stacked, ["\n".join(each) for each in texts.values()])


def names_of_people_and_companies(session: ReadSession, tenant_id: UUID) -> frozenset[str]:
    """Words of names, folded: none of them may name a cluster."""
    return frozenset(row["word"] for row in session.rows(_NAMES, tenant=tenant_id))
