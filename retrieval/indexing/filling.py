"""Vectors for all chunks that lack one of a model, many at a time: stored while the next ones are embedded."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

from retrieval.indexing.models import Model
from retrieval.indexing.queue import set_aside
from retrieval.indexing.sources import Refused, Resting, Source
from retrieval.indexing.vectors import Missing, known_vectors, store
from schema.database import Database
from schema.errors import CrmError
from schema.session import ReadSession

PAGE = 256
"""Texts at a time: an embedder goes through many faster than through few."""
_RESTS = 6
"""So often in a row a resting embedder is waited for."""
_GLANCE = 0.2

Tell = Callable[[str, int, int], None]

# What is queued is the worker's, and what was set aside is nobody's until somebody asks again.
_LACKING: LiteralString = """
FROM crm.chunks c
WHERE NOT EXISTS (
    SELECT FROM crm.embeddings e
    WHERE e.model_id = :model AND e.tenant_id = c.tenant_id AND e.chunk_id = c.id AND e.content_hash = c.content_hash)
  AND NOT EXISTS (SELECT FROM crm.embedding_queue q WHERE q.tenant_id = c.tenant_id AND q.record_id = c.record_id)"""
_COUNT: LiteralString = f"SELECT count(*) {_LACKING}"
_PAGE: LiteralString = f"""
SELECT CAST(:model AS int) AS model_id, c.tenant_id, c.record_id, c.id AS chunk_id, c.content_hash, c.text {_LACKING}
  AND c.tenant_id = :tenant AND c.id > :after ORDER BY c.id LIMIT :page"""
_TENANTS: LiteralString = "SELECT tenant_id FROM crm.tenants ORDER BY tenant_id"
_IS_KNOWN: LiteralString = "SELECT EXISTS (SELECT FROM crm.embedding_models WHERE id = :model)"
_FIRST = UUID(int=0)


@dataclass
class Filled:
    """What came of filling a model."""

    texts: int = 0
    """Chunks that have a vector now."""
    refused: int = 0
    """Chunks that the embedder made no vector of; their records are set aside."""
    is_whole: bool = False
    """False when it was stopped."""


def lacking(session: ReadSession, model: Model) -> int:
    """How many chunks have no vector of the model, apart from those of records that are queued or set aside."""
    return int(session.scalar(_COUNT, model=model.id))


def unheard(_title: str, _done: int, _total: int) -> None: ...


def fill(db: Database, model: Model, source: Source, is_stopping: Callable[[], bool], tell: Tell = unheard) -> Filled:
    """Embeds what lacks a vector; killed at any point it goes on where it was. Raises Resting when the embedder gives up,
    CrmError (conflict) when the model is dropped meanwhile."""
    with db.across_tenants() as session:
        total = lacking(session, model)
        tenants = [row["tenant_id"] for row in session.rows(_TENANTS)] if total else []
    with ThreadPoolExecutor(1, "filling") as beside:
        filling = _Filling(db, model, source, is_stopping, beside)
        for page in filling.pages(tenants):
            if not filling.go_through(page):
                break
            tell(f"Embedding with {model.name}", filling.filled.texts + filling.filled.refused, total)
        else:
            filling.filled.is_whole = True
        filling.stored.result()
    return filling.filled


@dataclass(frozen=True)
class _Page:
    chunks: Sequence[Missing]
    known: Mapping[str, str]
    """Vectors that the tenant has of the same texts, by their hash."""


@dataclass
class _Filling:
    """One thread for the database, beside the one that embeds: neither waits for the other."""

    db: Database
    model: Model
    source: Source
    is_stopping: Callable[[], bool]
    beside: ThreadPoolExecutor
    filled: Filled = field(default_factory=Filled)
    stored: Future[None] = field(init=False)
    _last: Mapping[str, str | Refused] = field(default_factory=dict[str, str | Refused])
    """What the page before made: it may not be stored yet when the next one is fetched."""

    def __post_init__(self) -> None:
        self.stored = self.beside.submit(lambda: None)

    def pages(self, tenants: Sequence[UUID]) -> Iterator[_Page]:
        """What is lacking, by tenant and id; each page is fetched while the one before it is embedded."""
        for tenant in tenants:
            page = self._fetch(tenant, _FIRST)
            while page.chunks:
                following = self.beside.submit(self._fetch, tenant, page.chunks[-1].chunk_id)
                yield page
                page = following.result()

    def go_through(self, page: _Page) -> bool:
        """Embeds the page, and has it stored while the next one is; False when it is to stop."""
        vectors = None if self.is_stopping() else self._vectors(page)
        if vectors is None:
            return False
        self.stored.result()
        self.stored = self.beside.submit(self._store, page, vectors)
        self.filled.refused += sum(isinstance(vector, Refused) for vector in vectors)
        self.filled.texts += sum(isinstance(vector, str) for vector in vectors)
        return True

    def _fetch(self, tenant: UUID, after: UUID) -> _Page:
        with self.db.across_tenants() as session:
            rows = session.rows(_PAGE, model=self.model.id, tenant=tenant, after=after, page=PAGE)
            found = [Missing(**row) for row in rows]
            known = known_vectors(session, tenant, (each.content_hash for each in found), [self.model.id])
        return _Page(found, {content_hash: vector for (_, _, content_hash), vector in known.items()})

    def _vectors(self, page: _Page) -> Sequence[str | Refused] | None:
        """A vector for each chunk, texts that are the same embedded once; None when it is to stop while the embedder rests."""
        known: dict[str, str | Refused] = {**self._last, **page.known}
        new = {each.content_hash: each.text for each in page.chunks if each.content_hash not in known}
        made = self._embed(list(new.values()))
        if made is None:
            return None
        known |= zip(new, made, strict=True)
        self._last = {each.content_hash: known[each.content_hash] for each in page.chunks}
        return [known[each.content_hash] for each in page.chunks]

    def _embed(self, texts: Sequence[str]) -> Sequence[str | Refused] | None:
        for rest in range(_RESTS + 1):
            try:
                return self.source.embed(texts) if texts else ()
            except Resting as resting:
                if resting.is_lasting or rest == _RESTS:
                    raise
                until = time.monotonic() + resting.seconds
                while time.monotonic() < until:
                    if self.is_stopping():
                        return None
                    time.sleep(_GLANCE)
        return None

    def _store(self, page: _Page, vectors: Sequence[str | Refused]) -> None:
        pairs = list(zip(page.chunks, vectors, strict=True))
        with self.db.across_tenants() as session:
            if not session.scalar(_IS_KNOWN, model=self.model.id):
                raise CrmError("conflict", f"The vectors by {self.model.name} were dropped while they were being made.")
            store(session, [(each, vector) for each, vector in pairs if isinstance(vector, str)])
            for each, vector in pairs:
                if isinstance(vector, Refused):
                    set_aside(session, each.tenant_id, each.record_id, vector.why)
