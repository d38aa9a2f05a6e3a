"""Records that were claimed together: their chunks are written first, then embedded, and what went well is forgotten."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from retrieval.indexing.models import Model
from retrieval.indexing.queue import Job, finish, put_off
from retrieval.indexing.sources import Refused, Resting, Source
from retrieval.indexing.vectors import Missing, known_vectors, store
from retrieval.indexing.writing import Written, write_chunks
from schema.database import Transactions, sqlstate

TEXTS = 32
"""Embedded at once, across records."""
_SOON = 0.2
"""Seconds until a record is tried again that only got in somebody's way."""
_PASSING = frozenset(["40001", "40P01", "55P03"])
"""What PostgreSQL says of a transaction that had to give way."""


@dataclass
class _Outcome:
    """What stands in the way of forgetting a record."""

    refused: dict[UUID, str] = field(default_factory=dict[UUID, str])
    resting: dict[UUID, Resting] = field(default_factory=dict[UUID, Resting])


@dataclass
class Batch:
    """How the records of one claim are indexed."""

    transaction: Transactions
    models: Sequence[Model]
    sources: Mapping[int, Source | Resting]
    """By model, those that this process can use or could."""
    new_id: Callable[[], UUID]
    is_anew: bool = False

    def index(self, jobs: Sequence[Job]) -> int:
        """How many of the records were finished; the others are tried again later, or set aside."""
        try:
            written = self._write(jobs)
        except Exception as error:
            if _is_lost(error):
                raise
            if len(jobs) > 1 and not _is_passing(error):
                return sum(self.index([job]) for job in jobs)
            self._put_off(jobs, error)
            return 0
        lacking = {each.record_id for each in written.missing}
        waiting = [job for job in jobs if job.record_id in lacking]
        try:
            return len(jobs) - len(waiting) + self._embed(waiting, written)
        except Exception as error:
            if _is_lost(error):
                raise
            self._put_off(waiting, error)
            return len(jobs) - len(waiting)

    def _write(self, jobs: Sequence[Job]) -> Written:
        models = [model for model in self.models if model.id in self.sources]
        with self.transaction() as session:
            written = write_chunks(session, jobs, models, self.new_id, anew=self.is_anew)
            lacking = {each.record_id for each in written.missing}
            finish(session, [job for job in jobs if job.record_id not in lacking])
        return written

    def _embed(self, jobs: Sequence[Job], written: Written) -> int:
        if not jobs:
            return 0
        outcome = _Outcome()
        texts = self._without_known(written)
        for model_id, source in self.sources.items():
            theirs = [each for each in texts.values() if each[0].model_id == model_id]
            self._embed_with(source, theirs, outcome)
        done = [job for job in jobs if job.record_id not in {*outcome.refused, *outcome.resting}]
        with self.transaction() as session:
            finish(session, done)
            for job in jobs:
                if job.record_id in outcome.refused:
                    put_off(session, job, outcome.refused[job.record_id])
                elif job.record_id in outcome.resting:
                    resting = outcome.resting[job.record_id]
                    put_off(session, job, resting.message, resting.seconds, counts=False)
        return len(done)

    def _without_known(self, written: Written) -> Mapping[object, list[Missing]]:
        """The chunks to embed, those together that say the same; vectors that the tenant has of a text are stored at once."""
        with self.transaction() as session:
            known = dict(written.known)
            for tenant in {each.tenant_id for each in written.missing}:
                sought = [each for each in written.missing if each.tenant_id == tenant and each.key not in known]
                hashes, models = (each.content_hash for each in sought), (each.model_id for each in sought)
                known |= known_vectors(session, tenant, hashes, models)
            store(session, [(each, known[each.key]) for each in written.missing if each.key in known])
        texts: dict[object, list[Missing]] = {}
        for each in written.missing:
            if each.key not in known:
                texts.setdefault(each.key, []).append(each)
        return texts

    def _embed_with(self, source: Source | Resting, texts: Sequence[Sequence[Missing]], outcome: _Outcome) -> None:
        for start in range(0, len(texts), TEXTS):
            part = texts[start : start + TEXTS]
            try:
                found = _vectors(source, [same[0].text for same in part])
            except Resting as resting:
                outcome.resting |= {each.record_id: resting for same in texts[start:] for each in same}
                return
            vectors: list[tuple[Missing, str]] = []
            for same, vector in zip(part, found, strict=True):
                if isinstance(vector, Refused):
                    outcome.refused |= {each.record_id: vector.why for each in same}
                else:
                    vectors += [(each, vector) for each in same]
            with self.transaction() as session:
                store(session, vectors)

    def _put_off(self, jobs: Iterable[Job], error: Exception) -> None:
        with self.transaction() as session:
            for job in jobs:
                if _is_passing(error):
                    put_off(session, job, "", _SOON, counts=False)
                else:
                    put_off(session, job, f"It could not be indexed ({_name(error)}).")


def _vectors(source: Source | Resting, texts: Sequence[str]) -> list[str | Refused]:
    if isinstance(source, Resting):
        raise source
    return source.embed(texts)


def _is_lost(error: Exception) -> bool:
    """Whether the connection is gone, and with it the claim."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _is_passing(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and sqlstate(error) in _PASSING


def _name(error: Exception) -> str:
    """Of which sort it is; what it says may hold what people wrote."""
    return f"SQLSTATE {sqlstate(error)}" if isinstance(error, DBAPIError) else type(error).__name__
