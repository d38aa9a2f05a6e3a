"""What indexing costs beside the embedder that it feeds: records waiting in the queue become chunks and vectors."""

from collections.abc import Generator, Sequence

import numpy as np
from sqlalchemy import insert

from benchmarks.installation import Server
from benchmarks.report import Figure, seconds
from evals.retrieval.labelled import records
from retrieval.embedders.embedder import Embedder, Vectors
from retrieval.embedders.local import LocalEmbedder
from retrieval.indexing.renewing import Renewal
from retrieval.indexing.sources import Sources
from schema.database import Database
from schema.models import Note
from schema.session import Change
from schema.tenants import NewTenant, create_tenant

TIMES = 4
"""Each text of the labelled records is written so often, each time another note's."""
_TEXTS = "SELECT text FROM crm.chunks"


def measure(server: Server) -> Generator[Figure]:
    """The same texts through the whole index and through the bare encoder, and the index with an encoder that takes no time."""
    local = LocalEmbedder()
    local.load()
    whole, texts = _backfilled(server.make("backfill"), local)
    bare = seconds(lambda: local.embed(texts))
    yield Figure(
        "backfill ÷ bare encoder",
        f"{bare / whole:.2f}",
        "≥ .9",
        f"{len(texts) / whole:,.0f} ÷ {len(texts) / bare:,.0f} texts a second, {len(texts):,} texts",
    )
    instant, texts = _backfilled(server.make("backfill_instant"), _Instant())
    yield Figure(
        "index with an encoder that takes no time ÷ bare encoder",
        f"{bare / instant:.1f}×",
        "≥ 10×",
        f"{len(texts) / instant:,.0f} ÷ {len(texts) / bare:,.0f} texts a second: queue, chunks, languages, rows and their index",
    )


def _backfilled(database: Database, embedder: Embedder) -> tuple[float, Sequence[str]]:
    """Seconds from a full queue to a model that serves, and the chunks' texts."""
    _write(database)
    renewal = Renewal(database, Sources(lambda _: embedder))
    took = seconds(lambda: renewal.backfill(embedder.name))
    with database.across_tenants() as session:
        texts = [str(row["text"]) for row in session.rows(_TEXTS)]
    database.close()
    return took, texts


def _write(database: Database) -> None:
    who = create_tenant(database, NewTenant("measured", "Measured", "ada@measured.example", "Ada"))
    now, new_id = database.world.now(), database.world.new_id
    rows = [
        {
            "tenant_id": who.tenant_id,
            "id": new_id(),
            "body": f"{time}. {record.text}",
            "created_at": now,
            "updated_at": now,
        }
        for time in range(TIMES)
        for record in records().values()
    ]
    with database.write(who, Change(new_id(), "Texts to measure with")) as session:
        session.execute(insert(Note), rows)


class _Instant:
    name = "instant"
    version = "1"
    dimensions = LocalEmbedder.dimensions
    is_local = True

    def load(self) -> None: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.random.default_rng(len(texts)).standard_normal((len(texts), self.dimensions), np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]

    def close(self) -> None: ...
