"""What another record says, as something to search for: the mean of its chunks' vectors, or its words."""

import json
import math
from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from retrieval.search.cache import Model, SearchCache
from retrieval.search.wording import read_query
from schema.errors import CrmError
from schema.session import ReadSession

_VECTORS: LiteralString = """
SELECT e.embedding::text FROM crm.embeddings e
WHERE e.tenant_id = :tenant AND e.record_id = :record AND e.model_id = :model LIMIT 64
"""
_TEXTS: LiteralString = """
SELECT c.text FROM crm.chunks c WHERE c.tenant_id = :tenant AND c.record_id = :record ORDER BY c.source, c.position LIMIT 1
"""
_LABEL: LiteralString = "SELECT label FROM crm.records WHERE tenant_id = :tenant AND id = :record"


def vector_like(
    session: ReadSession, tenant: UUID, record: UUID, model: Model, cache: SearchCache
) -> Sequence[float] | None:
    """The mean of its vectors; while it has none, the vector of how it begins. None for a record that says nothing.

    Raises CrmError when an embedder is needed, and cannot be had.
    """
    rows = session.rows(_VECTORS, tenant=tenant, record=record, model=model.id)
    vectors: list[list[float]] = [json.loads(row["embedding"]) for row in rows]
    if vectors:
        return [sum(values) / len(vectors) for values in zip(*vectors, strict=True)]
    text = _text(session, tenant, record)
    return cache.vector_of(model, text).tolist() if text else None


def of_length_one(vector: Sequence[float]) -> list[float]:
    norm = math.hypot(*vector)
    return [value / norm for value in vector] if norm else list(vector)


def spelled(vector: Sequence[float]) -> str:
    """The vector at length one, as pgvector reads it."""
    return "[" + ",".join(f"{value:.6g}" for value in of_length_one(vector)) + "]"


def words_like(session: ReadSession, tenant: UUID, record: UUID) -> Sequence[str]:
    """The words it begins with."""
    try:
        return read_query(_text(session, tenant, record).replace('"', " ")).terms
    except CrmError:
        return ()


def _text(session: ReadSession, tenant: UUID, record: UUID) -> str:
    text = session.scalar(_TEXTS, tenant=tenant, record=record)
    return text or session.scalar(_LABEL, tenant=tenant, record=record) or ""
