"""Recall holds for every tenant, whatever share of the index is its own: few large tenants or very many small ones."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, text

from retrieval.embedders.embedder import Vectors
from retrieval.search.cache import SearchCache
from retrieval.search.scope import Scope
from retrieval.search.searching import Request, search
from retrieval.search.wording import Asked
from schema.database import Database
from schema.identity import Identity
from schema.models import RECORD_KINDS, Base
from schema.tenants import NewTenant, create_tenant
from tests.retrieval.search.indexed import CHUNKS, EMBEDDINGS, ByWords, serve_model

DIMENSIONS = 48
RECORDS = Base.metadata.tables["crm.records"]


class Given(ByWords):
    """Has a vector for each query that it was given one for."""

    name = "given"

    def __init__(self) -> None:
        super().__init__(DIMENSIONS)
        self.vectors: dict[str, Vectors] = {}

    def embed_query(self, text: str) -> Vectors:
        return self.vectors[text].copy()


@dataclass(frozen=True)
class Tenant:
    who: Identity
    ids: Sequence[UUID]
    vectors: NDArray[np.float32]


def clustered(chance: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Vectors as texts have them: gathered about some topics, the same ones for all tenants."""
    topics = np.random.default_rng(1).normal(size=(40, DIMENSIONS))
    vectors = topics[chance.integers(len(topics), size=count)] + 0.6 * chance.normal(size=(count, DIMENSIONS))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def fill(database: Database, model: int, slug: str, count: int) -> Tenant:
    who = create_tenant(database, NewTenant(slug, slug, f"admin@{slug}.example", "Ada"))
    chance = np.random.default_rng(int(hashlib.sha256(slug.encode()).hexdigest()[:8], 16))
    vectors = clustered(chance, count)
    ids = [database.world.new_id() for _ in range(count)]
    told: list[dict[str, Any]] = [{"tenant_id": who.tenant_id, "record_id": each} for each in ids]
    with database.across_tenants() as session:
        session.execute(
            insert(RECORDS),
            [{"tenant_id": who.tenant_id, "id": each, "kind": "note", "label": "A note"} for each in ids],
        )
        rest = {"record_kind": "note", "content_hash": "0"}
        text_of = {"position": 0, "text": "something", "start_at": 0, "end_at": 0}
        session.execute(insert(CHUNKS), [each | rest | text_of | {"id": each["record_id"]} for each in told])
        session.execute(
            insert(EMBEDDINGS),
            [
                each | rest | {"chunk_id": each["record_id"], "model_id": model, "embedding": vector}
                for each, vector in zip(told, vectors, strict=True)
            ],
        )
    return Tenant(who, ids, vectors)


def filled(database: Database, embedder: Given, sizes: Sequence[int]) -> list[Tenant]:
    model = serve_model(database, embedder)
    with database.across_tenants() as session:
        session.connection.execute(text("SELECT crm.drop_embedding_indexes(:model)"), {"model": model})
    tenants = [fill(database, model, f"t{number}", size) for number, size in enumerate(sizes)]
    for part in range(16):
        with database.across_tenants() as session:
            told = {"model": model, "part": part}
            session.connection.execute(text("SELECT crm.build_embedding_index(:model, :part)"), told)
    return tenants


def recall(database: Database, embedder: Given, tenant: Tenant, cache: SearchCache, rounds: int) -> float:
    """The share of the ten nearest that a search finds; it must find ten where there are ten."""
    chance = np.random.default_rng(3)
    shares: list[float] = []
    for number, asked in enumerate(clustered(chance, rounds)):
        query = f"{tenant.who.tenant_slug} {number}"
        embedder.vectors[query] = asked
        nearest = {tenant.ids[int(at)] for at in np.argsort(-(tenant.vectors @ asked))[:10].tolist()}
        request = Request(Asked(query, (), (), ()), None, Scope(tuple(RECORD_KINDS), is_whole=True), 10)
        with database.read(tenant.who) as session:
            found = search(session, tenant.who.tenant_id, request, cache).results
        assert len(found) == min(10, len(tenant.ids))
        shares.append(len(nearest & {each.record_id for each in found}) / len(nearest))
    return float(np.mean(shares))


def test_recall_holds_for_twenty_tenants_of_all_sizes(empty_database: Database) -> None:
    embedder = Given()
    tenants = filled(empty_database, embedder, [3200, 2100, *[250] * 11, *[40] * 6, 3])
    cache = SearchCache(lambda _: embedder)
    for tenant in tenants:
        assert recall(empty_database, embedder, tenant, cache, 10) >= 0.97


def test_recall_holds_for_many_small_tenants(empty_database: Database, effort: int) -> None:
    embedder = Given()
    tenants = filled(empty_database, embedder, [12] * (2000 if effort > 1 else 100))
    cache = SearchCache(lambda _: embedder)
    for tenant in tenants[:: len(tenants) // 25]:
        assert recall(empty_database, embedder, tenant, cache, 2) == 1.0
