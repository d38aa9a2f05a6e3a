"""The labelled records in a tenant of their own, indexed as the application indexes, and asked through its search."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

import psycopg

from evals.retrieval.labelled import LabelledQuery, LabelledRecord, records
from evals.retrieval.scores import PAGE
from evals.world import copy_database, drop_databases, url_of
from retrieval.embedders.choosing import choose_embedder
from retrieval.embedders.embedder import Embedder
from retrieval.indexing.renewing import Renewal
from retrieval.indexing.sources import Sources
from retrieval.search.cache import SearchCache
from retrieval.search.scope import Scope
from retrieval.search.searching import Request, search
from retrieval.search.wording import Asked, read_query
from schema.database import Database
from schema.errors import CrmError
from schema.identity import Identity
from schema.kinds import KINDS
from schema.migrate import migrate, protect_database
from schema.settings import Settings
from schema.tenants import NewTenant, create_tenant
from schema.world import World
from tools.context import ToolContext
from tools.execute import execute
from tools.searching import FLOOR

_DATABASE = "crm_eval_retrieval_"
_EVERYTHING = Scope(tuple(KINDS), is_whole=True)


class Mode(StrEnum):
    HYBRID = "hybrid"
    """As the search tool asks."""
    VECTORS = "vectors"
    """By meaning alone."""
    WORDS = "words"
    """By words alone, as when there is no embedder."""


@dataclass(frozen=True)
class Library:
    """The labelled records where they can be searched."""

    database: Database
    who: Identity
    names: Mapping[UUID, str]
    """The labelled records' names by the ids that they were given."""
    cache: SearchCache
    without_embedder: SearchCache

    def ask(self, query: LabelledQuery, mode: Mode) -> Sequence[str]:
        """Names of the records found, best first."""
        asked = read_query(query.query)
        if mode is Mode.VECTORS:
            asked = Asked(asked.meaning, (), (), ())
        request = Request(asked, None, _EVERYTHING, PAGE, floor=FLOOR if mode is Mode.HYBRID else None)
        cache = self.without_embedder if mode is Mode.WORDS else self.cache
        with self.database.read(self.who) as session:
            answer = search(session, self.who.tenant_id, request, cache)
        if answer.is_degraded is not (mode is Mode.WORDS):
            raise CrmError("unavailable", " ".join(answer.notes))
        return [self.names[found.record_id] for found in answer.results]


@contextmanager
def library(admin_url: str, settings: Settings, embedder: str) -> Generator[Library]:
    """A database with the labelled records, all of them indexed by that embedder; gone when the block ends."""
    name = _DATABASE + uuid4().hex
    with psycopg.connect(admin_url, autocommit=True) as admin:
        copy_database(admin, "template1", name)
    try:
        with _opened(url_of(admin_url, name), settings) as database:
            yield fill(database, embedder, records().values())
    finally:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            drop_databases(admin, [name])


@contextmanager
def _opened(url: str, settings: Settings) -> Generator[Database]:
    migrate(url, settings)
    database = Database.open(url, settings, World.from_environment({}))
    with psycopg.connect(url) as admin:
        protect_database(admin, database.roles)
    try:
        yield database
    finally:
        database.close()


def fill(database: Database, embedder: str, chosen: Iterable[LabelledRecord]) -> Library:
    """Writes records into a database without tenants, and indexes them."""
    who = create_tenant(database, NewTenant("labelled", "Labelled", "ada@labelled.example", "Ada"))
    context = ToolContext(database, database.world, who, channel="eval")
    names = {_written(context, record): record.id for record in chosen}
    Renewal(database, Sources(choose_embedder)).backfill(embedder)
    return Library(database, who, names, SearchCache(), SearchCache(_no_embedder))


def _written(context: ToolContext, record: LabelledRecord) -> UUID:
    fields = {name: value for name, value in record.row().items() if value is not None}
    fields |= {"kind": record.channel} if record.channel else {}
    told = {"kind": record.kind, "fields": fields, "create_anyway": True, "reason": "Labelled for measuring search"}
    outcome = execute(context, "create_record", told)
    if outcome.outcome != "ok":
        raise CrmError("invalid", f"{record.id}: {outcome.reason}")
    return UUID(outcome.result["record"]["record_id"])


def _no_embedder(_: str) -> Embedder:
    raise CrmError("unavailable", "Meaning is left out here.")
