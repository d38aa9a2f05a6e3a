"""The models of the index: which embedder's vectors are kept, which are searched, and how one takes another's place."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import LiteralString, TypeVar

from sqlalchemy.exc import DBAPIError

from retrieval.embedders.embedder import Embedder
from schema.database import Database, sqlstate
from schema.errors import CrmError
from schema.models.meaning import PARTITIONS
from schema.session import ReadSession, WriteSession

T = TypeVar("T")

_LIST: LiteralString = """
SELECT id, name, version, dimensions, state, created_at, served_at FROM crm.embedding_models ORDER BY id"""
_ADD: LiteralString = "SELECT crm.add_embedding_model(:name, :version, :dimensions)"
_SERVE: LiteralString = "SELECT crm.serve_embedding_model(:model)"
_DROP: LiteralString = "SELECT crm.drop_embedding_model(:model)"
_DROP_INDEXES: LiteralString = "SELECT crm.drop_embedding_indexes(:model)"
_BUILD_INDEX: LiteralString = "SELECT crm.build_embedding_index(:model, :part)"
# An index of half a million vectors is built in three quarters of that; one that does not fit is built many times slower.
_SORT_MEMORY: LiteralString = "SELECT set_config('maintenance_work_mem', '1GB', true)"
# Partitions are made and dropped under locks that searches wait for: whoever cannot have them soon stands back, well before
# PostgreSQL looks for deadlocks, so that no search ever fails of it.
_STAND_BACK: LiteralString = "SELECT set_config('lock_timeout', '400ms', true)"
_TRIES = 25
_LOCK_STATES = frozenset(["55P03", "40P01"])
_KEEP: LiteralString = """
INSERT INTO crm_private.installation (name, value) VALUES ('embedding', :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING name"""
_KEPT: LiteralString = "SELECT value FROM crm_private.installation WHERE name = 'embedding'"
_OFF = "off"


@dataclass(frozen=True, slots=True)
class Model:
    """One embedder of one version, whose vectors are stored."""

    id: int
    name: str
    version: str
    dimensions: int
    state: str
    """building, serving or retired."""

    @property
    def is_kept(self) -> bool:
        """Whether new texts get vectors of it."""
        return self.state != "retired"

    def is_of(self, embedder: Embedder) -> bool:
        return (self.name, self.version) == (embedder.name, embedder.version)


def list_models(session: ReadSession) -> Sequence[Model]:
    """All models, the oldest first."""
    return [Model(**{name: row[name] for name in Model.__dataclass_fields__}) for row in session.rows(_LIST)]


def add(db: Database, embedder: Embedder) -> Model:
    """The embedder's model, made if there is none; it builds, unless it serves already. Raises CrmError (conflict)."""
    told = {"name": embedder.name, "version": embedder.version, "dimensions": embedder.dimensions}

    def make(session: WriteSession) -> Model:
        session.rows(_KEEP, value="on")
        model_id = session.scalar(_ADD, **told)
        return next(model for model in list_models(session) if model.id == model_id)

    return _alter(db, make)


def serve(db: Database, model: Model) -> None:
    """From here on searches use this model; the one before is retired in the same moment."""
    _alter(db, lambda session: session.scalar(_SERVE, model=model.id))


def drop(db: Database, model: Model) -> None:
    """Drops the model with its vectors. When it was the last, none is made by itself any more."""

    def drop_it(session: WriteSession) -> None:
        session.scalar(_DROP, model=model.id)
        if not list_models(session):
            session.rows(_KEEP, value=_OFF)

    _alter(db, drop_it)


def is_switched_off(session: ReadSession) -> bool:
    """Whether the last model was dropped on purpose."""
    return session.scalar(_KEPT) == _OFF


def drop_indexes(db: Database, model: Model) -> None:
    _alter(db, lambda session: session.scalar(_DROP_INDEXES, model=model.id))


def build_indexes(db: Database, model: Model) -> None:
    """Builds those that are missing, one a transaction: whoever adds to one part waits for that part alone."""
    for part in range(PARTITIONS):
        with db.across_tenants() as session:
            session.scalar(_SORT_MEMORY)
            session.scalar(_BUILD_INDEX, model=model.id, part=part)


def _alter(db: Database, change: Callable[[WriteSession], T]) -> T:
    for _ in range(_TRIES):
        try:
            with db.across_tenants() as session:
                session.scalar(_STAND_BACK)
                return change(session)
        except DBAPIError as error:
            if sqlstate(error) not in _LOCK_STATES:
                raise
            time.sleep(random.uniform(0.1, 0.4))  # noqa: S311
    raise CrmError(
        "conflict", "Somebody holds the index in a long transaction, a backup perhaps; try again when it has ended."
    )
