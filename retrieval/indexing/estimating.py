"""What filling a model will take: texts, tokens, time and money, before any of it is spent."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import LiteralString

from genai_prices import Usage, calc_price

from retrieval.chunks import estimated_tokens
from retrieval.embedders.embedder import Embedder
from retrieval.indexing.models import list_models
from retrieval.indexing.queue import Job
from retrieval.indexing.reading import wanted_chunks
from schema.database import Database
from schema.session import WriteSession

_SAMPLE = 400
_TIMED = 48
"""Texts that a local embedder is tried with."""
_SECONDS_A_REQUEST = 1.5
_TEXTS_A_REQUEST = 256

# What says the same is embedded once.
_TEXTS: LiteralString = """
SELECT count(DISTINCT (c.tenant_id, c.content_hash)) FROM crm.chunks c
WHERE NOT EXISTS (
    SELECT FROM crm.embeddings e
    WHERE e.model_id = :model AND e.tenant_id = c.tenant_id AND e.chunk_id = c.id AND e.content_hash = c.content_hash)"""
_SOME: LiteralString = "SELECT text FROM crm.chunks ORDER BY content_hash LIMIT :some"
# Queued records that were read before have chunks already; most have not changed.
_UNREAD: LiteralString = """
FROM (SELECT DISTINCT tenant_id, record_id, record_kind FROM crm.embedding_queue WHERE set_aside_at IS NULL) q
WHERE NOT EXISTS (SELECT FROM crm.chunks c WHERE c.tenant_id = q.tenant_id AND c.record_id = q.record_id)"""
_COUNT_UNREAD: LiteralString = f"SELECT count(*) {_UNREAD}"
_SOME_UNREAD: LiteralString = f"SELECT q.* {_UNREAD} ORDER BY md5(q.record_id::text) LIMIT :some"


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how much there is to do; rather too much than too little."""

    model: str
    texts: int
    tokens: int
    seconds: float
    cost_usd: Decimal | None
    """None where nobody knows the price; nothing for an embedder on this machine."""

    def to_json(self) -> dict[str, object]:
        cost = None if self.cost_usd is None else str(self.cost_usd)
        return {
            "model": self.model,
            "texts": self.texts,
            "tokens": self.tokens,
            "seconds": round(self.seconds, 1),
            "cost_usd": cost,
        }


def estimate(db: Database, embedder: Embedder, *, is_all: bool = False) -> Estimate:
    """For what lacks a vector by this embedder, or with `is_all` for everything. Spends nothing: a provider is not asked."""
    with db.across_tenants() as session:
        models = [] if is_all else [model.id for model in list_models(session) if model.is_of(embedder)]
        texts = int(session.scalar(_TEXTS, model=models[0] if models else 0))
        sample = [row["text"] for row in session.rows(_SOME, some=_SAMPLE)]
        unread = int(session.scalar(_COUNT_UNREAD))
        if unread:
            read = _read(session)
            texts += round(unread * len(read[1]) / max(read[0], 1))
            sample += read[1]
    tokens = round(texts * sum(map(estimated_tokens, sample)) / len(sample)) if sample else 0
    return Estimate(embedder.name, texts, tokens, _seconds(embedder, sample, texts), _cost(embedder, tokens))


def _read(session: WriteSession) -> tuple[int, Sequence[str]]:
    """How many records were tried, and the texts of their chunks."""
    rows = session.rows(_SOME_UNREAD, some=_SAMPLE)
    texts: list[str] = []
    for tenant in {row["tenant_id"] for row in rows}:
        jobs = [Job(tenant, row["record_id"], row["record_kind"], (), 0) for row in rows if row["tenant_id"] == tenant]
        texts += [chunk.text for chunks in wanted_chunks(session, tenant, jobs).values() for chunk in chunks]
    return len(rows), texts


def _seconds(embedder: Embedder, sample: Sequence[str], texts: int) -> float:
    if not embedder.is_local:
        return math.ceil(texts / _TEXTS_A_REQUEST) * _SECONDS_A_REQUEST
    tried = sample[:_TIMED]
    if not tried:
        return 0.0
    embedder.embed(tried[:4])
    started = time.monotonic()
    embedder.embed(tried)
    return (time.monotonic() - started) * texts / len(tried)


def _cost(embedder: Embedder, tokens: int) -> Decimal | None:
    if embedder.is_local:
        return Decimal(0)
    provider, _, model = embedder.name.split("@")[0].partition(":")
    try:
        return calc_price(Usage(input_tokens=tokens), model_ref=model, provider_id=provider).total_price
    except LookupError:
        return None
