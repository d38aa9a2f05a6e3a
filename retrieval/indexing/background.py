"""Indexes while something serves: what is queued at once, what slipped through from time to time."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from retrieval.indexing import models as model_store
from retrieval.indexing.beginning import begin
from retrieval.indexing.filling import fill
from retrieval.indexing.models import list_models
from retrieval.indexing.renewing import ALONE
from retrieval.indexing.sources import Sources
from retrieval.indexing.worker import Worker
from schema.background import in_background
from schema.database import Database
from schema.errors import CrmError
from schema.settings import Settings

# The queue is asked and does not call: NOTIFY takes a lock that lets one transaction in the whole server commit at a time,
# and would make every writer wait for every other.
INTERVAL_SECONDS = 0.4
CHECK_SECONDS = 600.0
"""How often it is looked for chunks that lack a vector and are not queued: those of a backfill that was broken off."""
AGAIN_SECONDS = 15.0
"""The same where somebody else was at it: who dies of it leaves the rest to whoever is still there."""


@contextmanager
def indexing(db: Database, settings: Settings, interval: float = INTERVAL_SECONDS) -> Generator[None]:
    """Indexes in the background until the block ends; the batch under way is finished then."""
    keeper = Keeper(db, settings.embedder, Sources())
    complaint = "New texts could not be indexed."
    with in_background(db, "indexing", keeper.do_round, interval=interval, complaint=complaint):
        yield


@dataclass
class Keeper:
    """Keeps the index as it should be, for as long as one process serves."""

    db: Database
    embedder: str
    """What `CRM_AGENT_EMBEDDER` says."""
    sources: Sources
    again_seconds: float = AGAIN_SECONDS
    _checks_at: float = 0.0
    _complaint: CrmError | None = None

    def do_round(self, stopping: threading.Event) -> None:
        """Indexes what is queued, and now and then what lacks a vector. Raises CrmError when something needs a person."""
        is_time = time.monotonic() >= self._checks_at
        if is_time:
            # Set first: what fails is not tried again with every round.
            self._checks_at = time.monotonic() + CHECK_SECONDS
            self._complaint = self._begun()
        Worker(self.db, self.sources).drain(stopping.is_set)
        if is_time and not stopping.is_set():
            self._fill_gaps(stopping)
        if self._complaint is not None:
            raise self._complaint

    def _begun(self) -> CrmError | None:
        try:
            begin(self.db, self.sources, self.embedder)
        except CrmError as error:
            # Texts are written, and found by their words, all the same.
            return error
        return None

    def _fill_gaps(self, stopping: threading.Event) -> None:
        with self.db.alone(ALONE) as is_alone:
            if not is_alone:
                self._checks_at = time.monotonic() + self.again_seconds
                return
            with self.db.across_tenants() as session:
                models = list_models(session)
            for model in models:
                source = self.sources.of(model) if model.is_kept else None
                if source is None or (model.state == "building" and not source.embedder.is_local):
                    continue
                is_whole = fill(self.db, model, source, stopping.is_set).is_whole
                if is_whole and not stopping.is_set():
                    model_store.build_indexes(self.db, model)
                    if model.state == "building":
                        model_store.serve(self.db, model)
