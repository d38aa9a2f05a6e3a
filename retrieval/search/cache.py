"""What one process keeps between searches: embedded queries, and what a tenant's index is like."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import LiteralString
from uuid import UUID

from retrieval.embedders.cached import QueryCache
from retrieval.embedders.choosing import choose_embedder, shared_embedder
from retrieval.embedders.embedder import Embedder, Vectors
from schema.errors import CrmError
from schema.session import ReadSession

_SECONDS = 60.0
"""How long a tenant's shape is taken for what it was; it decides which way is taken, and never what is found."""
_REST = 20.0
"""Seconds for which an embedder that failed is left alone: nobody should wait for its time-out again and again."""
_MOST_TENANTS = 10_000
_MOST_LANGUAGES = 12

PLAIN = "simple"
"""The text search configuration that takes words as they stand."""

LEAST, LEAST_KEPT, MOST = 2_000, 10_000, 20_000
"""Between these lies the number of records up to which comparing all of them is the better way."""

_SHAPE: LiteralString = """
SELECT
    (SELECT jsonb_object_agg(k.kind, (
        SELECT count(*) FROM (SELECT FROM crm.records r WHERE r.tenant_id = :tenant AND r.kind = k.kind LIMIT :most) r))
     FROM unnest(CAST(:kinds AS text[])) AS k(kind)) AS sizes,
    (SELECT pg_relation_size(e.tableoid) FROM crm.embeddings e
     WHERE e.tenant_id = :tenant AND e.model_id = :model LIMIT 1) AS bytes,
    (SELECT array_agg(l.language ORDER BY l.count DESC, l.language) FROM (
        SELECT c.language::text, count(*) FROM (
            SELECT c.language FROM crm.chunks c WHERE c.tenant_id = :tenant LIMIT 20000) c
        GROUP BY c.language) l) AS languages
"""


@dataclass(frozen=True, slots=True)
class Model:
    """The model that serves searches."""

    id: int
    name: str
    version: str
    dimensions: int
    schema: str
    """Where pgvector's types and operators are, quoted."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a tenant's part of the index is like."""

    sizes: Mapping[str, int]
    """Record kind → records, counted up to MOST."""
    most_compared: int
    """Up to so many records, comparing all is quicker than the index, and misses nothing.

    The index goes through a partition that tenants share, and finds one of the tenant's own chunks among as many of
    the others' as the partition has more; so where to change over depends on how large that is. Comparing costs about
    the same for each of n records, walking about depth x rows / n: equal near the root of the rows, times a constant that was
    measured.
    """
    most_kept: int
    """The same for records that filters keep: trying filters on what the index comes upon takes longer."""
    languages: tuple[str, ...]
    """Those its chunks are written in, the most common first; the last is that for words as they stand."""

    def size(self, kinds: tuple[str, ...]) -> int:
        return sum(self.sizes.get(kind, 0) for kind in kinds)


class SearchCache:
    """Shared by a process's threads; `hits` and `misses` count embedded queries."""

    def __init__(self, choose: Callable[[str], Embedder] = choose_embedder) -> None:
        self._choose = choose
        self._lock = threading.Lock()
        self._queries: dict[str, QueryCache] = {}
        self._resting: dict[str, tuple[float, CrmError]] = {}
        self._shapes: dict[tuple[UUID, int | None], tuple[float, Shape]] = {}

    @property
    def hits(self) -> int:
        return sum(each.hits for each in [*self._queries.values()])

    @property
    def misses(self) -> int:
        return sum(each.misses for each in [*self._queries.values()])

    def vector_of(self, model: Model, text: str) -> Vectors:
        """The query's vector by the model. Raises CrmError when it cannot be had now."""
        ended, error = self._resting.get(model.name, (0.0, None))
        if error is not None and time.monotonic() < ended:
            raise error
        try:
            vector = self._queries_of(model).embed_query(text)
        except CrmError as failure:
            self._resting[model.name] = time.monotonic() + _REST, failure
            raise
        if len(vector) != model.dimensions:
            raise CrmError(
                "setup",
                f"The embedder {model.name} makes vectors of {len(vector)} dimensions, and the index has {model.dimensions}.",
            )
        return vector

    def _queries_of(self, model: Model) -> QueryCache:
        with self._lock:
            found = self._queries.get(model.name)
            if found is None:
                found = self._queries[model.name] = QueryCache(self._choose(model.name))
        if found.embedder.version != model.version:
            raise CrmError(
                "setup",
                f"The index was made by another version of the embedder {model.name}; `embed rebuild` renews it.",
            )
        return found

    def shape_of(self, session: ReadSession, tenant: UUID, model: Model | None, kinds: tuple[str, ...]) -> Shape:
        """The tenant's shape, no older than a minute."""
        key = tenant, model.id if model else None
        made, shape = self._shapes.get(key, (-math.inf, _NOTHING))
        if time.monotonic() - made > _SECONDS:
            shape = _shape(session, tenant, model, kinds)
            if len(self._shapes) >= _MOST_TENANTS:
                self._shapes.clear()
            # What is empty fills up in seconds when the first records are indexed.
            if shape.languages[:-1]:
                self._shapes[key] = time.monotonic(), shape
        return shape


def _shape(session: ReadSession, tenant: UUID, model: Model | None, kinds: tuple[str, ...]) -> Shape:
    row = session.rows(_SHAPE, tenant=tenant, model=model.id if model else None, kinds=list(kinds), most=MOST + 1)[0]
    vectors = (row["bytes"] or 0) / (2 * model.dimensions + 140) if model else 0
    spoken = [language for language in row["languages"] or () if language != PLAIN][:_MOST_LANGUAGES]
    most = int(min(max(LEAST, math.sqrt(400 * vectors)), MOST))
    return Shape(MappingProxyType(row["sizes"]), most, max(LEAST_KEPT, most), (*spoken, PLAIN))


_NOTHING = Shape({}, LEAST, LEAST_KEPT, (PLAIN,))

SEARCHES = SearchCache(shared_embedder)
"""This process's own."""
