"""The one statement of a search: ranks by meaning and by words, fused (reciprocal rank fusion, Cormack et al. 2009)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import UserDefinedType

from retrieval.search.cache import Model
from retrieval.search.scope import Scope
from schema.models import Base

FUSION = 60
"""What is added to each rank: the higher, the less the very first of one list outweighs what both lists hold."""
DEPTH = 100
"""Chunks that are taken by meaning, at least."""
_BY_WORDS = 200
_MOST_OF_A_WORD = 1_000
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
    model: Model | None
    """None to go by words alone."""
    has_words: bool
    """False to go by meaning alone."""
    is_compared: bool | None
    """True where all records that may be found are compared, False where the index is asked; None when that depends on how
    many the filters keep."""
    has_phrases: bool = False
    has_excluded: bool = False
    has_threshold: bool = False
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
    original: UUID | None
    depth: int
    """Chunks that are taken by meaning."""
    most_compared: int
    """Where filters keep no more records than that, all of these are compared; else the index is asked."""
    pool: int
    """Rows wanted."""


_TENANT: sa.ColumnElement[UUID] = sa.bindparam("tenant", type_=sa.Uuid())
_DEPTH: sa.ColumnElement[int] = sa.bindparam("depth", type_=sa.Integer())
_MOST_COMPARED: sa.ColumnElement[int] = sa.bindparam("most_compared", type_=sa.Integer())
_LANGUAGES: sa.ColumnElement[Any] = sa.bindparam("languages", type_=ARRAY(sa.Text()))


def fused(form: Form) -> sa.Select[Any]:
    """Selects record_id, kind, label, chunk_id, similarity, words (their score), is_whole, score, and total, best first."""
    return _build(form) if form.scope.kept else _built(form)


@lru_cache(maxsize=256)
def _built(form: Form) -> sa.Select[Any]:
    # Putting it together takes as long as a small search.
    return _build(form)


def _build(form: Form) -> sa.Select[Any]:
    candidates, counted = _candidates(form)
    meant = _ranked_by_meaning(form, candidates, counted) if form.model is not None else None
    said = _ranked_by_words(form, candidates, counted) if form.has_words else None
    pool = _fuse(form, meant, said)
    shown = sa.select(pool, RECORDS.c.kind, RECORDS.c.label, sa.func.count().over().label("total")).join(
        RECORDS,
        sa.and_(RECORDS.c.tenant_id == _TENANT, RECORDS.c.id == pool.c.record_id, sa.not_(RECORDS.c.is_deleted)),
    )
    if form.has_original:
        shown = shown.where(pool.c.record_id != sa.bindparam("original", type_=sa.Uuid()))
    if form.has_threshold:
        shown = shown.where(pool.c.similarity >= sa.bindparam("threshold", type_=sa.Float()))
    if form.has_phrases:
        shown = shown.where(pool.c.record_id.in_(_holding(pool, "phrases", all_of_them=True)))
    if form.has_excluded:
        shown = shown.where(pool.c.record_id.not_in(_holding(pool, "excluded", all_of_them=False)))
    best = shown.order_by(pool.c.score.desc(), pool.c.similarity.desc().nulls_last(), pool.c.record_id)
    return best.limit(sa.bindparam("pool", type_=sa.Integer()))


def _candidates(form: Form) -> tuple[sa.CTE | None, sa.ScalarSelect[int] | None]:
    """The records that may be found, up to one more than are compared, and how many these are; None for no such limit."""
    if form.scope.kept:
        kept = sa.union_all(*form.scope.kept.values()).subquery("kept")
        chosen = sa.select(kept.c.record_id).distinct()
        if form.is_compared is None:
            chosen = chosen.limit(_MOST_COMPARED + 1)
    elif form.is_compared:
        chosen = sa.select(RECORDS.c.id.label("record_id")).where(
            RECORDS.c.tenant_id == _TENANT, _of_kinds(form, RECORDS.c.kind), sa.not_(RECORDS.c.is_deleted)
        )
    else:
        return None, None
    candidates = chosen.cte("candidates").prefix_with("MATERIALIZED")
    if form.is_compared is not None:
        return candidates, None
    counted = sa.select(sa.func.count().label("n")).select_from(candidates).cte("counted").prefix_with("MATERIALIZED")
    return candidates, sa.select(counted.c.n).scalar_subquery()


def _ranked_by_meaning(form: Form, candidates: sa.CTE | None, counted: sa.ScalarSelect[int] | None) -> sa.CTE:
    """record_id, chunk_id, similarity and place of the records with the nearest chunks."""
    ways: list[sa.Select[*tuple[Any, ...]]] = []
    is_few = counted <= _MOST_COMPARED if counted is not None else None
    if candidates is not None and form.is_compared is not False:
        compared = sa.select(EMBEDDINGS.c.record_id, EMBEDDINGS.c.chunk_id, _similarity(form).label("similarity"))
        compared = compared.join(candidates, candidates.c.record_id == EMBEDDINGS.c.record_id).where(_own(form))
        ways.append(compared if is_few is None else compared.where(is_few))
    if not form.is_compared:
        # By what the index holds, and in an expression just like its own; nothing else makes the planner use it.
        walked = sa.select(EMBEDDINGS.c.record_id, EMBEDDINGS.c.chunk_id, _similarity(form).label("similarity"))
        walked = walked.where(_own(form), _of_kinds(form, EMBEDDINGS.c.record_kind), _may_be_found(form))
        walked = walked if is_few is None else walked.where(sa.not_(is_few))
        nearest = walked.order_by(_distance(form)).limit(_DEPTH).subquery("walked")
        ways.append(sa.select(nearest))
    near = (sa.union_all(*ways) if len(ways) > 1 else ways[0]).cte("near").prefix_with("MATERIALIZED")
    best = sa.select(near).order_by(near.c.similarity.desc(), near.c.chunk_id).limit(_DEPTH).subquery("best")
    one = (
        sa.select(best)
        .distinct(best.c.record_id)
        .order_by(best.c.record_id, best.c.similarity.desc(), best.c.chunk_id)
        .subquery("nearest_chunk")
    )
    place = sa.func.row_number().over(order_by=(one.c.similarity.desc(), one.c.record_id)).label("place")
    return sa.select(one, place).cte("by_meaning").prefix_with("MATERIALIZED")


def _ranked_by_words(form: Form, candidates: sa.CTE | None, counted: sa.ScalarSelect[int] | None) -> sa.CTE:
    """record_id, chunk_id, words (the score), is_whole and place of the records that hold what was asked for."""
    within: sa.ColumnElement[Any] = sa.null()
    most: sa.ColumnElement[int] = sa.literal(_BY_WORDS)
    if candidates is not None and form.scope.kept:
        ids = sa.func.coalesce(sa.func.array_agg(candidates.c.record_id), sa.literal([], ARRAY(sa.Uuid())))
        within = sa.select(ids).scalar_subquery()
        if counted is not None:
            within = sa.case((counted <= _MOST_COMPARED, within))
            # What filters do not keep is taken away only afterwards.
            most = sa.case((counted <= _MOST_COMPARED, _BY_WORDS), else_=5 * _BY_WORDS)
    kinds = sa.null() if form.scope.is_whole else sa.literal(list(form.scope.kinds), ARRAY(sa.Text()))
    found = sa.func.crm.match_words(
        sa.bindparam("terms", type_=ARRAY(sa.Text())),
        _LANGUAGES,
        sa.cast(kinds, ARRAY(sa.Text())),
        sa.cast(within, ARRAY(sa.Uuid())),
        _MOST_OF_A_WORD,
        most,
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
    if counted is not None:
        living = living.where(
            sa.or_(counted <= _MOST_COMPARED, _kept(form, RECORDS.c.kind, found.c.record_id).is_(True))
        )
    said = living.cte("said").prefix_with("MATERIALIZED")
    order = (said.c.is_whole.desc(), said.c.score.desc())
    one = (
        sa.select(said)
        .distinct(said.c.record_id)
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
    parts = (
        sa.func.coalesce(sa.literal(1.0, sa.Float()) / sa.cast(FUSION + side.c.place, sa.Float()), 0.0)
        for side in (meant, said)
    )
    score = sum(parts, sa.literal(0.0, sa.Float()))
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
        return _kept(form, EMBEDDINGS.c.record_kind, EMBEDDINGS.c.record_id).is_(True)
    lives = sa.select(sa.not_(RECORDS.c.is_deleted)).where(
        RECORDS.c.tenant_id == _TENANT, RECORDS.c.id == EMBEDDINGS.c.record_id
    )
    return lives.scalar_subquery().is_(True)


def _kept(form: Form, kind: sa.ColumnElement[str], record_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[Any]:
    """True when the filters of its kind keep the record."""
    ways = {
        name: sa.select(sa.true())
        .select_from(select.where(_key(select) == record_id).limit(1).subquery())
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
