"""An embedder that needs no model: the same text has the same vector, and what it is told to do it does wrong."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.embedders.embedder import Vectors
from schema.errors import CrmError


@dataclass
class HashEmbedder:
    """Counts what it embeds; texts with certain words in them go wrong."""

    name: str = "hashing"
    version: str = "1"
    dimensions: int = 8
    is_local: bool = True
    is_down: bool = False
    retry_after: float | None = None
    embedded: list[str] = field(default_factory=list[str])
    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self) -> None: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            self.requests += 1
        if self.is_down:
            raise CrmError("unavailable", f"The provider of {self.name} is down.") from _Cause(self.retry_after)
        if any("RAISES" in text for text in texts):
            raise ValueError("a text that no embedder likes")
        vectors = np.array([_vector(text, self.dimensions) for text in texts], np.float32)
        for row, text in enumerate(texts):
            if "NAN" in text:
                vectors[row] = np.nan
            if "ZERO" in text:
                vectors[row] = 0
        if any("WIDE" in text for text in texts):
            vectors = np.hstack([vectors, vectors])
        with self._lock:
            self.embedded += texts
        return vectors.reshape(len(texts), -1)

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]

    def close(self) -> None: ...


class _Cause(Exception):
    def __init__(self, retry_after: float | None) -> None:
        self.retry_after = retry_after
        super().__init__()


def _vector(text: str, dimensions: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=dimensions)
    return (vector / np.linalg.norm(vector)).astype(np.float32)
