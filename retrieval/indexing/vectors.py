"""Vectors in and out of the database: which are missing, which are known already, and how they are stored."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString
from uuid import UUID

from sqlalchemy import text

from retrieval.indexing.models import Model
from schema.session import ReadSession, WriteSession

if TYPE_CHECKING:
    from retrieval.embedders.embedder import Vectors

_MISSING: LiteralString = """
SELECT m.id AS model_id, c.tenant_id, c.record_id, c.id AS chunk_id, c.content_hash, c.text
FROM crm.chunks c CROSS JOIN unnest(CAST(:models AS int[])) AS m (id)
WHERE c.tenant_id = :tenant AND c.record_id = ANY(:records) AND NOT EXISTS (
    SELECT FROM crm.embeddings e
    WHERE e.model_id = m.id AND e.tenant_id = :tenant AND e.chunk_id = c.id AND e.content_hash = c.content_hash)
ORDER BY c.record_id, c.source, c.position"""
_KNOWN: LiteralString = """
SELECT m.id AS model_id, h.content_hash, found.vector
FROM unnest(CAST(:models AS int[])) AS m (id) CROSS JOIN unnest(CAST(:hashes AS text[])) AS h (content_hash)
CROSS JOIN LATERAL (
    SELECT e.embedding::text AS vector FROM crm.chunks c JOIN crm.embeddings e
        ON e.model_id = m.id AND e.tenant_id = :tenant AND e.chunk_id = c.id AND e.content_hash = c.content_hash
    WHERE c.tenant_id = :tenant AND c.content_hash = h.content_hash LIMIT 1) found"""
# Only while the chunk still says it: what was written meanwhile has a vector of its own to come. All in one statement: one a
# row would take twice as long. As JSON, because the type of vectors may stand in any schema.
_STORE: LiteralString = """
INSERT INTO crm.embeddings (model_id, tenant_id, chunk_id, record_id, record_kind, content_hash, embedding)
SELECT m.id, c.tenant_id, c.id, c.record_id, c.record_kind, c.content_hash, told.embedding
FROM json_populate_recordset(CAST(NULL AS crm.embeddings), CAST(:vectors AS json)) told
JOIN crm.chunks c ON c.tenant_id = :tenant AND c.id = told.chunk_id AND c.content_hash = told.content_hash
JOIN crm.embedding_models m ON m.id = :model
ORDER BY c.id
ON CONFLICT DO NOTHING"""

Known = Mapping[tuple[int, UUID, str], str]
"""Vectors as PostgreSQL writes them, by model, tenant and content hash."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A chunk that has no vector of a model."""

    model_id: int
    tenant_id: UUID
    record_id: UUID
    chunk_id: UUID
    content_hash: str
    text: str

    @property
    def key(self) -> tuple[int, UUID, str]:
        return self.model_id, self.tenant_id, self.content_hash


def missing_of(session: ReadSession, tenant: UUID, records: Iterable[UUID], models: Sequence[Model]) -> list[Missing]:
    """What these records' chunks lack, in the order of their texts."""
    found = session.rows(_MISSING, tenant=tenant, records=list(records), models=[model.id for model in models])
    return [Missing(**row) for row in found]


def known_vectors(session: ReadSession, tenant: UUID, hashes: Iterable[str], models: Iterable[int]) -> Known:
    """Vectors of this tenant's chunks that say the same."""
    told = {"tenant": tenant, "hashes": sorted(set(hashes)), "models": sorted(set(models))}
    if not told["hashes"] or not told["models"]:
        return {}
    return {(row["model_id"], tenant, row["content_hash"]): row["vector"] for row in session.rows(_KNOWN, **told)}


def store(session: WriteSession, vectors: Iterable[tuple[Missing, str]]) -> None:
    """Stores what is not there yet; a chunk that is gone or says something else by now gets nothing."""
    # In one order, always: two that store the same in different orders would wait in a ring.
    parts: dict[tuple[int, UUID], list[Mapping[str, str]]] = {}
    for each, vector in vectors:
        row = {"chunk_id": str(each.chunk_id), "content_hash": each.content_hash, "embedding": vector}
        parts.setdefault((each.model_id, each.tenant_id), []).append(row)
    for (model, tenant), rows in sorted(parts.items()):
        session.execute(text(_STORE).bindparams(model=model, tenant=tenant, vectors=json.dumps(rows)))


def spelled(vectors: "Vectors") -> list[str]:
    """Vectors as PostgreSQL reads them, to the precision of a half."""
    # One format for the whole row: number by number it would take longer than the database does.
    form = "[" + ",".join(["%.7f"] * vectors.shape[1]) + "]"
    return [form % tuple(row) for row in vectors.tolist()]
