"""The worker: takes records from the queue, and leaves what has no vector to its batch."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from retrieval.indexing.batch import Batch
from retrieval.indexing.models import Model, list_models
from retrieval.indexing.queue import claim, is_due, release
from retrieval.indexing.sources import Resting, Source, Sources
from retrieval.languages import load_languages
from schema.database import Database, Transactions
from schema.world import new_ids, real_clock

RECORDS = 64
"""Claimed at once."""


@dataclass
class Worker:
    """Indexes what is queued; several may work at once, in one process or in many."""

    db: Database
    sources: Sources
    records: int = RECORDS
    tenant: UUID | None = None
    """The one whose records are indexed; None for all."""
    has_vectors: bool = True
    """Without them only chunks are written: whoever says so gives them their vectors afterwards, all at once."""
    is_anew: bool = False
    """Writes every chunk again, even where its hash says that it is the same."""
    tell: Callable[[int], None] = lambda _: None
    """Is told how many records were finished so far."""
    # Not the world's ids, which follow a seed so that runs can be replayed.
    new_id: Callable[[], UUID] = field(default_factory=lambda: new_ids(real_clock, random.SystemRandom()))
    _is_newest_next: bool = False

    def drain(self, is_stopping: Callable[[], bool]) -> int:
        """Indexes until nothing is due that nobody else is at, or it is to stop; returns how many records it finished.

        The batch under way is always brought to its end.
        """
        done = 0
        with self.db.staying() as transaction:
            while not is_stopping():
                finished = self._batch(transaction)
                if finished is None:
                    break
                done += finished
                self.tell(done)
        return done

    def _batch(self, transaction: Transactions) -> int | None:
        """How many records of a batch were finished; None when there was none."""
        with transaction() as session:
            if not is_due(session, self.tenant):
                return None
            models = [model for model in list_models(session) if model.is_kept and self.has_vectors]
        # Made ready before anything is claimed: to be killed while they load is no record's fault.
        sources = self._ready(models)
        load_languages()
        # What was written last is what somebody looks for next; what was written first must come to its turn as well.
        self._is_newest_next = not self._is_newest_next
        jobs = claim(transaction, self.records, newest=self._is_newest_next, tenant=self.tenant)
        if not jobs:
            return None
        try:
            batch = Batch(transaction, models, sources, self.new_id, is_anew=self.is_anew)
            # A record that was there when a worker ended is tried alone: no other shall come under suspicion with it.
            groups = [[job for job in jobs if job.attempts == 1], *([job] for job in jobs if job.attempts > 1)]
            return sum(batch.index(group) for group in groups if group)
        finally:
            release(transaction)

    def _ready(self, models: list[Model]) -> dict[int, Source | Resting]:
        """The models' embedders, or why one cannot work; a model of another version than this program's is left out."""
        found: dict[int, Source | Resting] = {}
        for model in models:
            try:
                source = self.sources.of(model)
                if source is not None:
                    source.load()
                    found[model.id] = source
            except Resting as resting:
                found[model.id] = resting
        return found
