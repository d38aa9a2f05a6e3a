"""Embedded queries, kept: people and agents ask the same again."""

from functools import lru_cache

from retrieval.embedders.embedder import Embedder, Vectors
from schema.metrics import EMBEDDING_GENERATION


class QueryCache:
    """The queries of one embedder, and so of one name and version; `hits` and `misses` count what was asked of it."""

    def __init__(self, embedder: Embedder, size: int = 2048) -> None:
        self.embedder = embedder
        self._cached = lru_cache(maxsize=size)(self._embed)

    @property
    def hits(self) -> int:
        return self._cached.cache_info().hits

    @property
    def misses(self) -> int:
        return self._cached.cache_info().misses

    def embed_query(self, text: str) -> Vectors:
        """As `Embedder.embed_query`, read-only; blanks at the ends and between words make no difference."""
        return self._cached(" ".join(text.split()))

    def _embed(self, text: str) -> Vectors:
        with EMBEDDING_GENERATION.labels(entity_type="query").time():
            vector = self.embedder.embed_query(text)
        vector.flags.writeable = False
        return vector
