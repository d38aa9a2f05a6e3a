"""The whole index at once: filled, moved to another model without a gap, or dropped and built anew."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import LiteralString

from retrieval.indexing import models as model_store
from retrieval.indexing.filling import Filled, Tell, fill, lacking, unheard
from retrieval.indexing.models import Model, list_models
from retrieval.indexing.sources import Source, Sources
from retrieval.indexing.worker import Worker
from schema.database import Database
from schema.errors import CrmError

MANY = 1_000
_RECORDS = 256
"""Claimed at once where only chunks are written, which takes a moment."""

_ENQUEUE_ALL: LiteralString = """
INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind) SELECT tenant_id, id, kind FROM crm.records RETURNING 1"""
_QUEUED: LiteralString = "SELECT count(*) FROM crm.embedding_queue WHERE set_aside_at IS NULL AND due_at <= now()"
ALONE = "renewing the semantic index"


@dataclass
class Renewal:
    """How the whole index is worked on; nobody else does in the meantime."""

    db: Database
    sources: Sources
    tell: Tell = unheard
    is_stopping: Callable[[], bool] = lambda: False
    many: int = MANY
    """Chunks to embed from which on a model that nobody searches yet is filled without its indexes, which are built afterwards."""
    filled: Filled = field(default_factory=Filled)

    def backfill(self, name: str) -> Model:
        """Gives every chunk a vector by that embedder, and has searches use it once all have; returns its model.

        Searches use the earlier model until then. Stopped or killed at any point, the next call goes on from there.
        Raises CrmError: conflict when somebody else is at it, setup or unavailable when the embedder cannot work.
        """
        with self._alone():
            self._write_chunks()
            return self._fill_named(name)

    def rebuild(self, name: str) -> Model:
        """Drops the vectors, writes all chunks again and embeds them; searches answer by text meanwhile. Raises as `backfill`."""
        with self._alone():
            # What cannot be built again is not dropped.
            self.sources.named(name).load()
            for model in self._models():
                model_store.drop(self.db, model)
            with self.db.across_tenants() as session:
                session.rows(_ENQUEUE_ALL)
            self._write_chunks(is_anew=True)
            return self._fill_named(name)

    @contextmanager
    def _alone(self) -> Generator[None]:
        with self.db.alone(ALONE) as is_alone:
            if not is_alone:
                raise CrmError(
                    "conflict",
                    "Somebody else is filling the index just now; `crm-agent embed status` shows how far it is.",
                )
            yield

    def _write_chunks(self, *, is_anew: bool = False) -> None:
        """The chunks of all that is queued; their vectors come with all others."""
        total = self._queued()

        def tell(done: int) -> None:
            self.tell("Reading records", min(done, total), total)

        worker = Worker(self.db, self.sources, records=_RECORDS, has_vectors=False, is_anew=is_anew, tell=tell)
        worker.drain(self.is_stopping)

    def _fill_named(self, name: str) -> Model:
        source = self.sources.named(name)
        source.load()
        model = model_store.add(self.db, source.embedder)
        if model.state != "serving" and self._lacking(model) >= self.many:
            model_store.drop_indexes(self.db, model)
        self.filled = self._fill(model, source)
        if self.filled.is_whole:
            self.tell("Building indexes", 0, 1)
            model_store.build_indexes(self.db, model)
            model_store.serve(self.db, model)
        return model

    def _fill(self, model: Model, source: Source) -> Filled:
        return fill(self.db, model, source, self.is_stopping, self.tell)

    def _models(self) -> Sequence[Model]:
        with self.db.across_tenants() as session:
            return list_models(session)

    def _lacking(self, model: Model) -> int:
        with self.db.across_tenants() as session:
            return lacking(session, model)

    def _queued(self) -> int:
        with self.db.across_tenants() as session:
            return int(session.scalar(_QUEUED))
