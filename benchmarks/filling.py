"""Tenants with made-up chunks and vectors, filled in bulk: by COPY, past triggers and constraints, indexes built afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, LiteralString, TypeAlias, cast
from uuid import UUID

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.report import seconds
from schema.database import Database
from schema.identity import Identity

Vectors: TypeAlias = "NDArray[np.float16]"

DIMENSIONS = 384
MODEL = "measured"
COMMON, RARE = ("interaction", "opportunity"), "partnership"
"""Record kinds, the rare one that of a hundredth of the records. Their names are of one length, and so are rows."""
PLAIN, MARKED = "measured", "selected"
"""Labels, the second that of a hundredth of the records."""
_SYLLABLES = ("ba", "ke", "li", "mo", "nu", "par", "ret", "sol", "tim", "vun")
WORDS = ["".join(parts) for parts in product(_SYLLABLES, repeat=4)]
"""What texts are made of, the commonest first."""
_TEXT = 40
_LATENT = 48
"""Independent directions: embeddings of texts fill few of their dimensions, and what fills all has no neighbours."""
_SPREAD = 0.6
"""Of a topic's chunks around it, where topics lie at 1 from each other."""
_SLICE = 20_000
_HEAD, _TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

_ADD_MODEL: LiteralString = "SELECT crm.add_embedding_model(%s, '1', %s)"
_TENANTS: LiteralString = """
WITH made AS (SELECT id, 'measured-' || n AS slug FROM unnest(%(tenants)s::uuid[]) WITH ORDINALITY AS t(id, n)),
     tenants AS (INSERT INTO crm.tenants (tenant_id, slug, name, time_zone, currency, created_at, updated_at)
                 SELECT id, slug, slug, 'UTC', 'EUR', now(), now() FROM made)
INSERT INTO crm.users (tenant_id, id, email, name, role, created_at, updated_at)
SELECT id, id, slug || '@measured.example', 'Ada', 'admin', now(), now() FROM made
"""
_RECORDS: LiteralString = "COPY crm.records (tenant_id, id, kind, label) FROM STDIN (FORMAT binary)"
_CHUNKS: LiteralString = """
COPY crm.chunks (tenant_id, id, record_id, record_kind, content_hash, text, position, start_at, end_at, language)
FROM STDIN
"""
_EMBEDDINGS: LiteralString = """
COPY crm.embeddings (model_id, tenant_id, chunk_id, record_id, record_kind, content_hash, embedding)
FROM STDIN (FORMAT binary)
"""


class Corpus:
    """Made-up chunks, one of each record, the same for the same seed: each near the others of its topic."""

    def __init__(self, shares: Sequence[float], size: int, *, is_even: bool = False) -> None:
        """With `is_even` each tenant has exactly as many as the next."""
        self._random = np.random.default_rng(7)
        topics = max(size // 200, 50)
        self._weights = _uneven(topics)
        self._directions = self._random.standard_normal((_LATENT, DIMENSIONS), np.float32) / np.sqrt(_LATENT)
        self._topics = self._random.standard_normal((topics, _LATENT), np.float32)
        self.size = size
        self.tenants = [UUID(bytes=self._random.bytes(16), version=4) for _ in shares]
        drawn = self._random.choice(len(shares), size, p=np.asarray(shares) / sum(shares))
        self.owners: NDArray[np.int64] = np.arange(size) % len(shares) if is_even else drawn
        self.ids = self._ids()
        self.is_rare = self._random.random(size) < 0.01
        self.is_marked = self._random.random(size) < 0.01
        self.vectors = np.concatenate([self.queries(min(_SLICE, size - at)) for at in range(0, size, _SLICE)])

    def queries(self, count: int) -> Vectors:
        """Vectors as those of the chunks, and none of them."""
        topics = self._random.choice(len(self._topics), count, p=self._weights)
        points = self._topics[topics] + _SPREAD * self._random.standard_normal((count, _LATENT), np.float32)
        vectors = points @ self._directions + 0.1 * self._random.standard_normal((count, DIMENSIONS), np.float32)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)

    def texts(self, count: int) -> Iterator[str]:
        chosen = self._random.choice(len(WORDS), (count, _TEXT), p=_uneven(len(WORDS)))
        for row in cast("list[list[int]]", chosen.tolist()):
            yield " ".join(WORDS[word] for word in row)

    def kind(self, number: int) -> str:
        return RARE if self.is_rare[number] else COMMON[number % len(COMMON)]

    def _ids(self) -> "NDArray[np.void]":
        """In the order of their making, as UUIDv7 are."""
        halves = np.empty((self.size, 2), ">u8")
        halves[:, 0] = np.arange(self.size) << 16 | 0x7000
        halves[:, 1] = self._random.integers(0, 2**62, self.size, np.uint64) | np.uint64(1 << 63)
        return halves.view("V16").reshape(-1)


@dataclass(frozen=True)
class Filled:
    """A database with a corpus in it, and what that took."""

    database: Database
    corpus: Corpus
    model: int
    copying: float
    """Seconds to copy rows and index words."""
    indexing: float
    """Seconds to index vectors."""

    def identity(self, tenant: int) -> Identity:
        return self.database.sign_in(f"measured-{tenant + 1}@measured.example")

    def rows_of(self, tenant: int) -> "NDArray[np.int64]":
        return np.nonzero(self.corpus.owners == tenant)[0]


def fill(database: Database, corpus: Corpus) -> Filled:
    """Puts the corpus into a database that is empty."""
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        model = cast("tuple[int]", connection.execute(_ADD_MODEL, (MODEL, DIMENSIONS)).fetchone())[0]
        connection.execute("SELECT crm.drop_embedding_indexes(%s)", (model,))
        copying = seconds(lambda: _copy_all(connection, corpus, model))
        connection.execute("VACUUM ANALYZE crm.records, crm.chunks, crm.embeddings")
        connection.execute("SET maintenance_work_mem = '1800MB'")
        indexing = seconds(
            lambda: connection.execute(
                "SELECT crm.build_embedding_index(%s, n) FROM generate_series(0, 15) n", (model,)
            )
        )
        connection.execute("SELECT crm.serve_embedding_model(%s)", (model,))
    return Filled(database, corpus, model, copying, indexing)


def _copy_all(connection: psycopg.Connection[Any], corpus: Corpus, model: int) -> None:
    words = _taken_away(connection, "ix_chunks_words")
    connection.execute("SET session_replication_role = replica")
    connection.execute(_TENANTS, {"tenants": corpus.tenants})
    for start in range(0, corpus.size, _SLICE):
        part = range(start, min(start + _SLICE, corpus.size))
        _copy(connection, _RECORDS, _records(corpus, part))
        _copy_chunks(connection, corpus, part)
        _copy(connection, _EMBEDDINGS, _embeddings(corpus, part, model))
    connection.execute("SET session_replication_role = origin")
    connection.execute(words)


def _uneven(count: int) -> "NDArray[np.float64]":
    """Shares after Zipf's law."""
    shares = 1 / np.arange(1, count + 1)
    return shares / shares.sum()


def _taken_away(connection: psycopg.Connection[Any], index: LiteralString) -> LiteralString:
    """Drops an index of a partitioned table; answers with what makes it again, on the partitions too."""
    row = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", (index,)).fetchone()
    connection.execute(f"DROP INDEX crm.{index}")
    return cast("tuple[LiteralString]", row)[0].replace(" ON ONLY ", " ON ")


def _copy(connection: psycopg.Connection[Any], statement: LiteralString, rows: "NDArray[np.void]") -> None:
    with connection.cursor().copy(statement) as copy:
        copy.write(_HEAD + rows.tobytes() + _TAIL)


def _copy_chunks(connection: psycopg.Connection[Any], corpus: Corpus, part: range) -> None:
    with connection.cursor().copy(_CHUNKS) as copy:
        for number, text in zip(part, corpus.texts(len(part)), strict=True):
            name = UUID(bytes=corpus.ids[number].tobytes())
            tenant = corpus.tenants[int(corpus.owners[number])]
            copy.write_row((tenant, name, name, corpus.kind(number), _hash(number), text, 0, 0, len(text), "english"))


def _records(corpus: Corpus, part: range) -> "NDArray[np.void]":
    labels = np.where(corpus.is_marked[part], MARKED.encode(), PLAIN.encode())
    return _rows(_tenants(corpus, part), corpus.ids[part], _kinds(corpus, part), labels)


def _embeddings(corpus: Corpus, part: range, model: int) -> "NDArray[np.void]":
    vectors = np.zeros(len(part), [("dimensions", ">i2"), ("unused", ">i2"), ("vector", ">f2", DIMENSIONS)])
    vectors["dimensions"] = DIMENSIONS
    vectors["vector"] = corpus.vectors[part]
    hashes = np.array([_hash(number).encode() for number in part])
    models = np.full(len(part), model, ">i4")
    ids = corpus.ids[part]
    return _rows(models, _tenants(corpus, part), ids, ids, _kinds(corpus, part), hashes, vectors)


def _rows(*columns: "NDArray[Any]") -> "NDArray[np.void]":
    """Rows as COPY reads them: the number of columns, then each one's length and bytes."""
    layout: list[tuple[str, Any]] = [("columns", ">i2")]
    for at, column in enumerate(columns):
        layout += [(f"length_{at}", ">i4"), (f"column_{at}", column.dtype)]
    rows = np.empty(len(columns[0]), layout)
    rows["columns"] = len(columns)
    for at, column in enumerate(columns):
        rows[f"length_{at}"] = column.dtype.itemsize
        rows[f"column_{at}"] = column
    return rows


def _tenants(corpus: Corpus, part: range) -> "NDArray[np.void]":
    return np.array([tenant.bytes for tenant in corpus.tenants], "V16")[corpus.owners[part]]


def _kinds(corpus: Corpus, part: range) -> "NDArray[np.bytes_]":
    return np.array([corpus.kind(number).encode() for number in part])


def _hash(number: int) -> str:
    return f"{number:064x}"
