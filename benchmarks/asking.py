"""Ways to ask a filled database: as the application does, under row level security, and as bare as pgvector allows."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from statistics import mean, median, quantiles
from time import perf_counter
from typing import Any, LiteralString, cast

import numpy as np
import psycopg
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import event

from benchmarks.filling import DIMENSIONS, MARKED, MODEL, RARE, WORDS, Filled
from benchmarks.report import seconds
from retrieval.embedders.embedder import Embedder, Vectors
from retrieval.search.cache import SearchCache
from retrieval.search.likeness import spelled
from retrieval.search.scope import Scope
from retrieval.search.searching import Request, search
from retrieval.search.statement import RECORDS
from retrieval.search.wording import Asked, read_query
from schema.errors import CrmError
from schema.identity import Identity
from schema.models import RECORD_KINDS

NEAREST = 10
_WIDTH = 200
"""Of the bare search in the index: as wide as the application's."""
_STEP = 11
_WARMING = 8
"""Queries asked beforehand, for plans and pages."""

EVERYTHING = Scope(RECORD_KINDS, is_whole=True)
_SECURED_WORDS: LiteralString = (
    "SELECT chunk_id FROM crm.match_words(:terms, '{english,simple}', NULL, NULL, 1000, 200)"
)
_RANKED: LiteralString = "ORDER BY ts_rank(c.words, q.query) DESC LIMIT 200"
_NAIVE_WORDS: LiteralString = f"""
SELECT c.id FROM crm.chunks c, to_tsquery('english', :query) AS q(query) WHERE c.words @@ q.query {_RANKED}
"""
_BARE_WORDS: LiteralString = f"""
SELECT c.id FROM crm.chunks c, to_tsquery('english', %(query)s) AS q(query)
WHERE c.tenant_id = %(tenant)s AND c.words @@ q.query {_RANKED}
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one query took and found."""

    found: Sequence[bytes]
    """Ids of records, best first."""
    whole: float
    """Seconds from the question to the answer."""
    statement: float
    """Of them, in the statement that ranks."""


Way = Callable[[int], Answered]
"""Asks the query of that number."""


class Taken:
    """What one way of asking took and found; times in milliseconds."""

    def __init__(self, answers: Sequence[Answered]) -> None:
        self._answers = answers
        statements = [1000 * each.statement for each in answers]
        self.p50 = median(statements)
        self.p95 = quantiles(statements, n=20)[-1]
        wholes = [1000 * each.whole for each in answers]
        self.whole_p50 = median(wholes)
        self.whole_p95 = quantiles(wholes, n=20)[-1]
        self.fewest = min(len(each.found) for each in answers)

    def recall(self, nearest: Sequence[set[bytes]]) -> float:
        """Of the nearest ten, or of all that there are."""
        pairs = zip(self._answers, nearest, strict=True)
        return mean(len(set(each.found) & true) / len(true) for each, true in pairs)


def in_turn(ways: Mapping[str, Way], count: int) -> Mapping[str, Taken]:
    """Every query in each way, so that a busy moment falls on all; in one turn each way has another query, so that none
    finds the pages of an earlier one in memory."""
    answers: dict[str, dict[int, Answered]] = {name: {} for name in ways}
    for turn in range(_WARMING + count):
        for place, (name, way) in enumerate(ways.items()):
            number = (turn + place * _STEP) % count
            answers[name][number] = way(number)
    return {name: Taken([each[number] for number in range(count)]) for name, each in answers.items()}


@dataclass(frozen=True, slots=True)
class Matching:
    """Seconds to match the words of the next query."""

    secured: Callable[[], float]
    """As the application does for a user."""
    bare: Callable[[], float]
    """As the owner, to whom no policy applies, with the tenant as a predicate."""
    naive: Callable[[], float]
    """As a user whose every row is tried, because `@@` might tell of rows that the policy hides."""


class Desk:
    """A user of each tenant, and the owner of the database, with the same queries."""

    def __init__(self, filled: Filled, stack: ExitStack, queries: int) -> None:
        self.filled = filled
        self._stack = stack
        self.vectors = filled.corpus.queries(queries)
        self._spelled = [spelled(cast("list[float]", vector.tolist())) for vector in self.vectors]
        self._texts = [_text(number) for number in range(queries)]
        self.admin = stack.enter_context(psycopg.connect(filled.database.admin_url, autocommit=True))
        self._schema = self._value("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'vector'")
        known = dict(zip(self._texts, self.vectors, strict=True))
        self._cache = SearchCache(lambda _: _Told(known))
        self._without = SearchCache(_no_embedder)
        self._ranking = 0.0
        event.listen(filled.database.app, "before_cursor_execute", self._begun)
        event.listen(filled.database.app, "after_cursor_execute", self._ended)

    def nearest(self, tenants: Sequence[int], chosen: "NDArray[np.bool_] | None" = None) -> list[set[bytes]]:
        """For each query the ids of the ten nearest chunks of these tenants, found by comparing with all of them."""
        corpus = self.filled.corpus
        is_theirs = np.isin(corpus.owners, tenants)
        rows = np.nonzero(is_theirs if chosen is None else is_theirs & chosen)[0]
        products = self.vectors.astype(np.float32) @ corpus.vectors[rows].astype(np.float32).T
        places = np.argsort(-products, axis=1)[:, :NEAREST]
        return [{bytes(corpus.ids[row]) for row in rows[line]} for line in places]

    def meaning(self, tenant: int, scope: Scope = EVERYTHING) -> Way:
        """The application's search by meaning alone; the query's vector is there already."""
        return self._searching(tenant, lambda text: Asked(text, (), (), ()), scope, self._cache)

    def words(self, tenant: int) -> Way:
        """By words alone, as when there is no embedder."""
        return self._searching(tenant, read_query, EVERYTHING, self._without)

    def fused(self, tenant: int) -> Way:
        return self._searching(tenant, read_query, EVERYTHING, self._cache)

    def bare(self, tenant: int) -> Way:
        """The bare query of pgvector on the part of the index where the tenant is, without tenants, policies and records."""
        part = self._part(tenant)
        operator, halfvec = f"OPERATOR({self._schema}.<#>)", f"{self._schema}.halfvec({DIMENSIONS})"
        query = f"SELECT chunk_id FROM {part} ORDER BY (embedding::{halfvec}) {operator} %s::{halfvec} LIMIT {NEAREST}"
        self.admin.execute("SELECT set_config('hnsw.ef_search', %s, false)", (str(_WIDTH),))

        def ask(number: int) -> Answered:
            started = perf_counter()
            rows = self.admin.execute(cast("LiteralString", query), (self._spelled[number],), prepare=True).fetchall()
            took = perf_counter() - started
            return Answered([row[0].bytes for row in rows], took, took)

        return ask

    def neighbours(self, tenant: int) -> list[int]:
        """The tenants in the same part of the index, the tenant itself among them."""
        query = cast("LiteralString", f"SELECT DISTINCT tenant_id FROM {self._part(tenant)}")
        return [self.filled.corpus.tenants.index(row[0]) for row in self.admin.execute(query)]

    def nothing(self) -> Way:
        """`select 1`."""

        def ask(_: int) -> Answered:
            took = seconds(lambda: self.admin.execute("SELECT 1", prepare=True).fetchall())
            return Answered([], took, took)

        return ask

    def matching(self, tenant: int) -> "Matching":
        """Ways to match only the words of a query."""
        who = self.filled.identity(tenant)
        session = self._stack.enter_context(self.filled.database.read(who))
        texts = cycle(self._texts)

        def bare() -> float:
            values = {"tenant": who.tenant_id, "query": _any_of(next(texts))}
            return seconds(lambda: self.admin.execute(_BARE_WORDS, values).fetchall())

        return Matching(
            secured=lambda: seconds(lambda: session.rows(_SECURED_WORDS, terms=next(texts).split())),
            bare=bare,
            naive=lambda: seconds(lambda: session.rows(_NAIVE_WORDS, query=_any_of(next(texts)))),
        )

    def row(self, query: LiteralString, *values: object) -> Sequence[Any]:
        row = self.admin.execute(query, values).fetchone()
        assert row is not None
        return row

    def _searching(self, tenant: int, asked: Callable[[str], Asked], scope: Scope, cache: SearchCache) -> Way:
        who = self.filled.identity(tenant)

        def ask(number: int) -> Answered:
            request = Request(asked(self._texts[number]), None, scope, NEAREST)
            started = perf_counter()
            with self.filled.database.read(who) as session:
                results = search(session, who.tenant_id, request, cache).results
            return Answered([each.record_id.bytes for each in results], perf_counter() - started, self._ranking)

        return ask

    def _begun(self, *_: Any) -> None:
        self._started = perf_counter()

    def _ended(self, *told: Any) -> None:
        statement: str = told[2]
        if "by_meaning" in statement:
            self._ranking = perf_counter() - self._started

    def _part(self, tenant: int) -> str:
        query = "SELECT tableoid::regclass::text FROM crm.embeddings WHERE tenant_id = %s LIMIT 1"
        return self._value(query, self.filled.corpus.tenants[tenant])

    def _value(self, query: LiteralString, *values: object) -> Any:
        return self.row(query, *values)[0]


def marked(who: Identity) -> Scope:
    """What a filter keeps that fits one record in a hundred."""
    kept = {
        kind: sa.select(RECORDS.c.id.label("record_id")).where(
            RECORDS.c.tenant_id == who.tenant_id, RECORDS.c.kind == kind, RECORDS.c.name_key == MARKED
        )
        for kind in RECORD_KINDS
    }
    return Scope(RECORD_KINDS, is_whole=True, kept=kept)


def rare() -> Scope:
    """A kind that one record in a hundred is of."""
    return Scope((RARE,))


def _any_of(text: str) -> str:
    return " | ".join(text.split())


def _text(number: int) -> str:
    """Three words: one of the commonest, the others rarer."""
    return " ".join(WORDS[place] for place in (number % 40, 40 + number * 7 % 300, 340 + number * 31 % 3000))


def _no_embedder(_: str) -> Embedder:
    raise CrmError("unavailable", "There is none.")


class _Told:
    """An embedder that knows the queries' vectors."""

    name = MODEL
    version = "1"
    dimensions = DIMENSIONS
    is_local = True

    def __init__(self, known: "Mapping[str, NDArray[np.float16]]") -> None:
        self._known = known

    def load(self) -> None:
        pass

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._known[text] for text in texts], np.float32)

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]

    def close(self) -> None:
        pass
