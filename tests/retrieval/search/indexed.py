"""Records with chunks and vectors, as the worker leaves them, and an embedder whose vectors are known beforehand."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import delete, insert, select, text

from retrieval.chunks import KINDS as CHUNKED
from retrieval.chunks import chunks_of, columns_of
from retrieval.embedders.embedder import Embedder, Vectors
from schema.database import Database
from schema.identity import Identity
from schema.kinds import KINDS
from schema.models import Base
from schema.session import ReadSession, Row, WriteSession
from schema.views import VIEWS

_TABLES = Base.metadata.tables
CHUNKS, EMBEDDINGS, QUEUE = (_TABLES[f"crm.{name}"] for name in ("chunks", "embeddings", "embedding_queue"))


class ByWords:
    """Each word has a direction of its own, and a text is the sum of its words: what shares words is near."""

    name = "by-words"
    version = "1"
    is_local = True

    def __init__(self, dimensions: int = 64, **synonyms: str) -> None:
        self.dimensions = dimensions
        self.synonyms = synonyms
        """Words that mean what another one does."""

    def load(self) -> None:
        pass

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(each) for each in texts])

    def embed_query(self, text: str) -> Vectors:
        words = [word.strip('.,?!"').lower() for word in text.split()]
        told = [self._direction(self.synonyms.get(word, word)) for word in words] or [self._direction("")]
        vector = np.sum(told, axis=0)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def close(self) -> None:
        pass

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).normal(size=self.dimensions).astype(np.float32)


def serve_model(database: Database, embedder: Embedder) -> int:
    """The id of the embedder's model, which serves from now on."""
    with database.across_tenants() as session:
        model = session.scalar(
            "SELECT crm.add_embedding_model(:name, :version, :dimensions)",
            name=embedder.name,
            version=embedder.version,
            dimensions=embedder.dimensions,
        )
        session.connection.execute(text("SELECT crm.serve_embedding_model(:model)"), {"model": model})
    return model


def index(database: Database, who: Identity, embedder: Embedder | None, language: str = "english") -> None:
    """Chunks, and with an embedder vectors of the serving model, of every record that lives; the queue is empty then."""
    with database.read(who) as reading:
        rows = {kind: _rows(reading, kind) for kind in CHUNKED}
        model = reading.scalar("SELECT id FROM crm.embedding_models WHERE state = 'serving'")
    with database.across_tenants() as session:
        mine = CHUNKS.c.tenant_id == who.tenant_id
        session.execute(delete(CHUNKS).where(mine))
        session.execute(delete(QUEUE).where(QUEUE.c.tenant_id == who.tenant_id))
        chunks = [*_chunks(database, who, rows, language)]
        add_chunks(session, chunks, embedder, model)


def _rows(session: ReadSession, kind: str) -> list[Row]:
    view = VIEWS[KINDS[kind].view].clause()
    return session.select(select(view.c[KINDS[kind].id_column], *(view.c[name] for name in columns_of(kind))))


def add_chunks(
    session: WriteSession, chunks: Sequence[dict[str, Any]], embedder: Embedder | None, model: int | None
) -> None:
    if not chunks:
        return
    session.execute(insert(CHUNKS), chunks)
    if embedder is None:
        return
    vectors = embedder.embed([chunk["text"] for chunk in chunks])
    kept = ("tenant_id", "record_id", "record_kind", "content_hash")
    told = [
        {name: chunk[name] for name in kept} | {"chunk_id": chunk["id"], "model_id": model, "embedding": vector}
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]
    session.execute(insert(EMBEDDINGS), told)


def _chunks(database: Database, who: Identity, rows: dict[str, list[Row]], language: str) -> Iterable[dict[str, Any]]:
    for kind, found in rows.items():
        for row in found:
            record_id: UUID = row[KINDS[kind].id_column]
            for chunk in chunks_of(kind, row):
                yield {
                    "tenant_id": who.tenant_id,
                    "id": database.world.new_id(),
                    "record_id": record_id,
                    "record_kind": kind,
                    "position": chunk.position,
                    "content_hash": chunk.content_hash,
                    "text": chunk.text,
                    "start_at": chunk.start,
                    "end_at": chunk.end,
                    "language": language,
                }
