"""The one statement of a search: ranks by meaning and by words, fused (reciprocal rank fusion, Cormack et al. 2009)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.types import UserDefinedType

from retrieval.search.cache import Model
from retrieval.search.scope import Scope
from schema.models import Base

FUSION = 10
"""What is added to each rank: the higher, the less the very first of one list outweighs what both lists hold."""
WORDS_WEIGHT = 0.7
"""Of the rank by words beside that by meaning; one and FUSION were chosen with evals/retrieval."""
_ALL_HELD = 0.6
"""About what `match_words` says of a chunk that holds all that was asked once. One that holds less counts for less: a
single word of a question would else outweigh what the question means."""
DEPTH = 100
"""Chunks that are taken by meaning, at least."""
_BY_WORDS = 200
_MOST_OF_A_WORD = 400
"""Chunks looked at for one word; of a word that is more common than that, which ones hardly matters."""

_TABLES = Base.metadata.tables
RECORDS, EMBEDDINGS = _TABLES["crm.records"], _TABLES["crm.embeddings"]


class _Halfvec(UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, schema: str, dimensions: int) -> None:
        self.schema = schema
        self.dimensions = dimensions

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.schema}.halfvec({self.dimensions})"


@dataclass(frozen=True)
class Form:
    """What a search's statement depends on; all else are its parameters."""

    scope: Scope
    """Without filters where `is_within`: no two searches have the same selects."""
    model: Model | None
    """None to go by words alone."""
    has_words: bool
    """False to go by meaning alone."""
    is_compared: bool
    """True where all records that may be found are compared, False where the index is asked."""
    is_within: bool = False
    """Whether only some records may be found, whose ids are known; these are compared."""
    has_phrases: bool = False
    has_excluded: bool = False
    has_threshold: bool = False
    has_floor: bool = False
    has_original: bool = False
    """Whether a record is not to be found: the one that others shall be like."""


class Values(TypedDict):
    """The parameters of a statement."""

    tenant: UUID
    vector: str | None
    """As pgvector writes it."""
    terms: list[str]
    languages: list[str]
    phrases: list[str]
    """Each must occur."""
    excluded: list[str]
    """None may occur."""
    threshold: float | None
    """The least similarity of all that is found."""
    floor: float | None
    """The least similarity of what holds none of the words."""
    original: UUID | None
    depth: int
    """Chunks that are taken by meaning."""
    within: str | None
    """Ids of records, as PostgreSQL writes an array: thousands of them only pass through."""
    pool: int
    """Rows wanted."""


_TENANT: sa.ColumnElement[UUID] = sa.bindparam("tenant", type_=sa.Uuid())
_DEPTH: sa.ColumnElement[int] = sa.bindparam("depth", type_=sa.Integer())
_WITHIN: sa.ColumnElement[Any] = sa.cast(sa.bindparam("within", type_=sa.Text()), ARRAY(sa.Uuid()))
_LANGUAGES: sa.ColumnElement[Any] = sa.bindparam("languages", type_=ARRAY(sa.Text()))


def fused(form: Form) -> sa.Select[Any]:
    """Selects record_id, kind, label, chunk_id, similarity, words (their score), is_whole, score, and total, best first."""
    return _build(form) if form.scope.kept else _built(form)


@lru_cache(maxsize=256)
def _built(form: Form) -> sa.Select[Any]:
    # Putting it together takes as long as a small search.
    return _build(form)


def _build(form: Form) -> sa.Select[Any]:
    meant = _ranked_by_meaning(form) if form.model is not None else None
    said = _ranked_by_words(form) if form.has_words else None
    pool = _fuse(form, meant, said)
    shown = sa.select(pool, RECORDS.c.kind, RECORDS.c.label, sa.func.count().over().label("total")).join(
        RECORDS,
        sa.and_(RECORDS.c.tenant_id == _TENANT, RECORDS.c.id == pool.c.record_id, sa.not_(RECORDS.c.is_deleted)),
    )
    if form.has_original:
        shown = shown.where(pool.c.record_id != sa.bindparam("original", type_=sa.Uuid()))
    if form.has_threshold:
        shown = shown.where(pool.c.similarity >= sa.bindparam("threshold", type_=sa.Float()))
    if form.has_floor:
        shown = shown.where(
            sa.or_(pool.c.words.is_not(None), pool.c.similarity >= sa.bindparam("floor", type_=sa.Float()))
        )
    if form.has_phrases:
        shown = shown.where(pool.c.record_id.in_(_holding(pool, "phrases", all_of_them=True)))
    if form.has_excluded:
        shown = shown.where(pool.c.record_id.not_in(_holding(pool, "excluded", all_of_them=False)))
    best = shown.order_by(pool.c.score.desc(), pool.c.similarity.desc().nulls_last(), pool.c.record_id)
    return best.limit(sa.bindparam("pool", type_=sa.Integer()))


def kept_ids(scope: Scope, most: int) -> sa.Select[int, str]:
    """Selects how many records the filters keep, and their ids as PostgreSQL writes an array; up to one more than `most`."""
    every = sa.union_all(*scope.kept.values()).subquery("every")
    kept = sa.select(every.c.record_id).distinct().limit(most + 1).subquery("kept")
    ids = sa.func.coalesce(sa.cast(sa.func.array_agg(kept.c.record_id), sa.Text()), "{}")
    return sa.select(sa.func.count().label("count"), ids.label("ids")).select_from(kept)


def _candidates(form: Form) -> sa.CTE:
    """The records that are compared."""
    chosen = sa.select(RECORDS.c.id.label("record_id")).where(
        RECORDS.c.tenant_id == _TENANT, _of_kinds(form, RECORDS.c.kind), sa.not_(RECORDS.c.is_deleted)
    )
    if form.is_within:
        chosen = sa.select(sa.func.unnest(_WITHIN).label("record_id"))
    return chosen.cte("candidates").prefix_with("MATERIALIZED")


def _ranked_by_meaning(form: Form) -> sa.CTE:
    """record_id, chunk_id, similarity and place of the records with the nearest chunks."""
    found = sa.select(EMBEDDINGS.c.record_id, EMBEDDINGS.c.chunk_id, _similarity(form).label("similarity")).where(
        _own(form)
    )
    if form.is_compared:
        candidates = _candidates(form)
        found = found.join(candidates, candidates.c.record_id == EMBEDDINGS.c.record_id)
    else:
        # In an expression just like the index's own; nothing else makes the planner use it.
        found = found.where(_of_kinds(form, EMBEDDINGS.c.record_kind), _may_be_found(form))
        found = found.order_by(_distance(form)).limit(_DEPTH)
    near = found.cte("near").prefix_with("MATERIALIZED")
    best = sa.select(near).order_by(near.c.similarity.desc(), near.c.chunk_id).limit(_DEPTH).subquery("best")
    one = (
        sa.select(best)
        .ext(distinct_on(best.c.record_id))
        .order_by(best.c.record_id, best.c.similarity.desc(), best.c.chunk_id)
        .subquery("nearest_chunk")
    )
    place = sa.func.row_number().over(order_by=(one.c.similarity.desc(), one.c.record_id)).label("place")
    return sa.select(one, place).cte("by_meaning").prefix_with("MATERIALIZED")


def _ranked_by_words(form: Form) -> sa.CTE:
    """record_id, chunk_id, score, is_whole and place of the records that hold what was asked for."""
    is_tried = bool(form.scope.kept)
    kinds = sa.null() if form.scope.is_whole else sa.literal(list(form.scope.kinds), ARRAY(sa.Text()))
    found = sa.func.crm.match_words(
        sa.bindparam("terms", type_=ARRAY(sa.Text())),
        _LANGUAGES,
        sa.cast(kinds, ARRAY(sa.Text())),
        _WITHIN if form.is_within else sa.cast(sa.null(), ARRAY(sa.Uuid())),
        _MOST_OF_A_WORD,
        # What the filters do not keep is taken away only afterwards.
        2 * _BY_WORDS if is_tried else _BY_WORDS,
    ).table_valued(
        sa.column("chunk_id", sa.Uuid()),
        sa.column("record_id", sa.Uuid()),
        sa.column("score", sa.Float()),
        sa.column("is_whole", sa.Boolean()),
    )
    living = sa.select(found).join(
        RECORDS,
        sa.and_(RECORDS.c.tenant_id == _TENANT, RECORDS.c.id == found.c.record_id, sa.not_(RECORDS.c.is_deleted)),
    )
    if is_tried:
        living = living.where(_kept(form, found, RECORDS.c.kind, found.c.record_id).is_(True))
    said = living.cte("said").prefix_with("MATERIALIZED")
    order = (said.c.is_whole.desc(), said.c.score.desc())
    one = (
        sa.select(said)
        .ext(distinct_on(said.c.record_id))
        .order_by(said.c.record_id, *order, said.c.chunk_id)
        .subquery("best_chunk")
    )
    place = sa.func.row_number().over(order_by=(one.c.is_whole.desc(), one.c.score.desc(), one.c.record_id))
    return sa.select(one, place.label("place")).cte("by_words").prefix_with("MATERIALIZED")


def _fuse(form: Form, by_meaning: sa.CTE | None, by_words: sa.CTE | None) -> sa.CTE:
    """Both lists as one; what words alone have found gets its similarity all the same."""
    meant = _nothing("by_meaning") if by_meaning is None else by_meaning
    said = _nothing("by_words") if by_words is None else by_words
    record_id = sa.func.coalesce(meant.c.record_id, said.c.record_id)
    chunk_id = sa.case(
        (said.c.place <= meant.c.place, said.c.chunk_id), else_=sa.func.coalesce(meant.c.chunk_id, said.c.chunk_id)
    )
    held = sa.case((said.c.is_whole, 1.0), else_=sa.func.least(1.0, sa.func.sqrt(said.c.score / _ALL_HELD)))
    score = _of_rank(meant, sa.literal(1.0, sa.Float())) + _of_rank(said, WORDS_WEIGHT * held)
    pool = (
        sa.select(
            record_id.label("record_id"),
            chunk_id.label("chunk_id"),
            meant.c.similarity.label("near"),
            said.c.score.label("words"),
            sa.func.coalesce(said.c.is_whole, sa.false()).label("is_whole"),
            score.label("score"),
        )
        .select_from(meant.outerjoin(said, said.c.record_id == meant.c.record_id, full=True))
        .cte("pool")
        .prefix_with("MATERIALIZED")
    )
    similarity = pool.c.near
    if form.model is not None:
        nearest = sa.select(sa.func.max(_similarity(form))).where(
            _own(form), EMBEDDINGS.c.record_id == pool.c.record_id
        )
        similarity = sa.func.coalesce(pool.c.near, nearest.scalar_subquery())
    told = [pool.c[name] for name in ("record_id", "chunk_id", "words", "is_whole", "score")]
    return sa.select(*told, similarity.label("similarity")).cte("fused").prefix_with("MATERIALIZED")


def _of_rank(side: sa.CTE, weight: sa.ColumnElement[Any]) -> sa.ColumnElement[float]:
    return sa.func.coalesce(weight / sa.cast(FUSION + side.c.place, sa.Float()), 0.0)


_COLUMNS: tuple[tuple[str, type[sa.types.TypeEngine[Any]]], ...] = (
    ("record_id", sa.Uuid),
    ("chunk_id", sa.Uuid),
    ("similarity", sa.Float),
    ("score", sa.Float),
    ("is_whole", sa.Boolean),
    ("place", sa.BigInteger),
)


def _nothing(name: str) -> sa.CTE:
    """A list without rows, in the place of one that is not asked for."""
    return (
        sa.select(*(sa.cast(sa.null(), type_()).label(column) for column, type_ in _COLUMNS))
        .where(sa.false())
        .cte(name)
    )


def _holding(pool: sa.CTE, terms: str, *, all_of_them: bool) -> sa.Select[Any]:
    ids = sa.select(sa.func.array_agg(pool.c.record_id)).scalar_subquery()
    told = sa.bindparam(terms, type_=ARRAY(sa.Text()))
    held = sa.func.crm.records_with(told, _LANGUAGES, ids, all_of_them, type_=sa.Uuid()).column_valued("held")
    return sa.select(held)


def _may_be_found(form: Form) -> sa.ColumnElement[bool]:
    """Tried on each chunk that the index comes upon. As a scalar subquery, for the planner cannot make a join of it."""
    if form.scope.kept:
        return _kept(form, EMBEDDINGS, EMBEDDINGS.c.record_kind, EMBEDDINGS.c.record_id).is_(True)
    lives = sa.select(sa.not_(RECORDS.c.is_deleted)).where(
        RECORDS.c.tenant_id == _TENANT, RECORDS.c.id == EMBEDDINGS.c.record_id
    )
    return lives.scalar_subquery().is_(True)


def _kept(
    form: Form, outer: sa.FromClause, kind: sa.ColumnElement[str], record_id: sa.ColumnElement[UUID]
) -> sa.ColumnElement[Any]:
    """True when the filters of its kind keep the record."""
    ways = {
        name: select.where(_key(select) == record_id)
        .with_only_columns(sa.true(), maintain_column_froms=True)
        .limit(1)
        .correlate(outer)
        .scalar_subquery()
        for name, select in form.scope.kept.items()
    }
    return sa.case(*((kind == name, way) for name, way in ways.items()), else_=sa.false())


def _key(select: sa.Select[Any]) -> sa.ColumnElement[UUID]:
    found = next(iter(select.selected_columns))
    return found.element if isinstance(found, sa.Label) else found


def _own(form: Form) -> sa.ColumnElement[bool]:
    assert form.model is not None  # noqa: S101  there is a vector only by a model
    return sa.and_(EMBEDDINGS.c.tenant_id == _TENANT, EMBEDDINGS.c.model_id == form.model.id)


def _of_kinds(form: Form, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.true() if form.scope.is_whole else column.in_(form.scope.kinds)


def _distance(form: Form) -> sa.ColumnElement[float]:
    """The negative inner product, in the index's own words; the vector is read once, not for every row."""
    assert form.model is not None  # noqa: S101
    halfvec = _Halfvec(form.model.schema, form.model.dimensions)
    asked = sa.select(sa.cast(sa.bindparam("vector", type_=sa.Text()), halfvec)).scalar_subquery()
    stored = sa.cast(EMBEDDINGS.c.embedding, halfvec)
    return stored.op(f"OPERATOR({form.model.schema}.<#>)", return_type=sa.Float())(asked)


def _similarity(form: Form) -> sa.ColumnElement[float]:
    return sa.func.least(-_distance(form), 1.0)
