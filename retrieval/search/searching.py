"""Search: records by what they say, in meaning and in words, best first, one result a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from retrieval.search.cache import Model, SearchCache, Shape
from retrieval.search.diversity import Placed, diversified
from retrieval.search.grouping import groups_of
from retrieval.search.likeness import of_length_one, spelled, vector_like, words_like
from retrieval.search.passages import Passage, passages_of
from retrieval.search.scope import Scope
from retrieval.search.statement import DEPTH, Form, Values, fused, kept_ids
from retrieval.search.wording import Asked
from schema.errors import CrmError
from schema.metrics import EMBEDDING_SEARCH
from schema.models import RECORD_KINDS
from schema.session import ReadSession, Row

_STANDING: LiteralString = """
SELECT m.id, m.name, m.version, m.dimensions, (
    SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'vector') AS schema, w.waiting
FROM (
    SELECT count(DISTINCT q.record_id) AS waiting FROM (
        SELECT record_id FROM crm.embedding_queue WHERE tenant_id = :tenant AND set_aside_at IS NULL LIMIT :most) q
) w
LEFT JOIN crm.embedding_models m ON m.state = 'serving'
"""
_IS_BUILDING: LiteralString = "SELECT EXISTS (SELECT FROM crm.embedding_models m WHERE m.state = 'building')"
# The planner takes the index of vectors only where it cannot sort, and would rather sort where it thinks there are few.
_SETTINGS: LiteralString = """
SELECT set_config('hnsw.ef_search', :width, true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
       set_config('hnsw.max_scan_tuples', '40000', true), set_config('enable_sort', 'off', true)
"""
_MOST_WAITING = 1_000
_WIDTH = 200
"""Of the search in the index: with less, a million vectors are not searched well enough."""
_POOL = 30
"""Results at most that are put in another order, beside the page itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record that was found."""

    kind: str
    record_id: UUID
    label: str
    passage: Passage
    score: float
    """Of the fusion; comparable within one search alone."""
    vector_score: float | None
    """Cosine similarity, of the record's nearest chunk; null where it has no vector."""
    text_score: float | None
    """About the share of what was asked that its words hold; null where they hold none of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    results: Sequence[Found]
    total: int
    """How many were found: among the nearest in meaning and the best in words, not among all that there are."""
    is_degraded: bool
    """True when the search went by words alone, though meaning was to count."""
    notes: Sequence[str]
    """What has to be said of the results, a sentence each."""


@dataclass(frozen=True)
class Request:
    """What is searched for: a query, records like another one, or both."""

    asked: Asked | None
    like: UUID | None
    scope: Scope
    limit: int
    threshold: float | None = None
    """The least cosine similarity of all that is found."""
    floor: float | None = None
    """The least cosine similarity of what holds none of the words; something is always the nearest, however far."""


def search(session: ReadSession, tenant: UUID, request: Request, cache: SearchCache) -> Answer:
    """What the tenant's records hold of what is asked for. Without vectors it goes by words, and says so."""
    kinds = request.scope.kinds
    with EMBEDDING_SEARCH.labels(entity_type=kinds[0] if len(kinds) == 1 else "any").time():
        return _searched(session, tenant, request, cache)


def _searched(session: ReadSession, tenant: UUID, request: Request, cache: SearchCache) -> Answer:
    model, waiting = _standing(session, tenant)
    scope = request.scope
    shape = cache.shape_of(session, tenant, model, RECORD_KINDS)
    notes = _notes_on(session, waiting, shape, model)
    terms = request.asked.terms if request.asked else ()
    vector = _vector(session, tenant, request, model, cache, notes)
    if vector is None and not terms:
        terms = words_like(session, tenant, request.like) if request.like else ()
    is_compared, within = _way(session, scope, shape)
    form = Form(
        scope=scope if within is None else Scope(scope.kinds),
        model=model if vector is not None else None,
        has_words=bool(terms),
        is_compared=is_compared,
        is_within=within is not None,
        has_phrases=bool(request.asked and request.asked.phrases),
        has_excluded=bool(request.asked and request.asked.excluded),
        has_threshold=request.threshold is not None and vector is not None,
        has_floor=request.floor is not None and vector is not None,
        has_original=request.like is not None,
    )
    values = Values(
        tenant=tenant,
        vector=vector,
        terms=list(terms),
        languages=list(shape.languages),
        phrases=list(request.asked.phrases if request.asked else ()),
        excluded=list(request.asked.excluded if request.asked else ()),
        threshold=request.threshold,
        floor=request.floor,
        original=request.like,
        depth=max(DEPTH, 5 * request.limit),
        within=within,
        pool=request.limit + _POOL,
    )
    if vector is None and request.threshold is not None:
        notes.append("The threshold is of similarity in meaning, and was left out.")
    rows = _found(session, form, values)
    return Answer(
        results=_results(session, rows, values, request.limit),
        total=rows[0]["total"] if rows else 0,
        is_degraded=vector is None,
        notes=notes,
    )


def _standing(session: ReadSession, tenant: UUID) -> tuple[Model | None, int]:
    """The model that serves, and how many records wait to be indexed, counted up to _MOST_WAITING."""
    row = session.rows(_STANDING, tenant=tenant, most=_MOST_WAITING)[0]
    waiting = row.pop("waiting")
    return Model(**row) if row["id"] is not None else None, waiting


def _notes_on(session: ReadSession, waiting: int, shape: Shape, model: Model | None) -> list[str]:
    notes: list[str] = []
    if waiting:
        many = f"{waiting:,}" if waiting < _MOST_WAITING else f"{waiting:,} or more"
        notes.append(
            "1 record is not indexed yet as it stands now."
            if waiting == 1
            else f"{many} records are not indexed yet as they stand now."
        )
    if model is None:
        notes.append(_why_no_model(session, shape))
    return notes


def _why_no_model(session: ReadSession, shape: Shape) -> str:
    if not (shape.languages[:-1] or any(shape.sizes.values())):
        return "There are no records yet."
    if session.scalar(_IS_BUILDING):
        return "Not every text has its vector yet, so this went by words alone; `crm-agent embed status` says how far it is."
    return "No vectors are kept, so this went by words alone; `crm-agent embed backfill` makes them."


def _vector(
    session: ReadSession, tenant: UUID, request: Request, model: Model | None, cache: SearchCache, notes: list[str]
) -> str | None:
    """What is searched for by meaning, as pgvector writes it; None where it cannot be had, with a note that says why."""
    if model is None:
        return None
    try:
        asked = cache.vector_of(model, request.asked.meaning).tolist() if request.asked else None
        like = vector_like(session, tenant, request.like, model, cache) if request.like else None
    except CrmError as error:
        notes.append(f"This went by words alone. {error.message}")
        return None
    parts = [each for each in (asked, like) if each is not None]
    if not parts:
        notes.append("The record says nothing that others could be like.")
        return None
    return spelled([sum(values) for values in zip(*map(of_length_one, parts), strict=True)])


def _way(session: ReadSession, scope: Scope, shape: Shape) -> tuple[bool, str | None]:
    """Whether all records that may be found are compared, and which these are where filters say so."""
    if not scope.kept:
        return shape.size(scope.kinds) <= shape.most_compared, None
    kept = session.select(kept_ids(scope, shape.most_kept))[0]
    is_compared = kept["count"] <= shape.most_kept
    return is_compared, kept["ids"] if is_compared else None


def _found(session: ReadSession, form: Form, values: Values) -> list[Row]:
    if form.model is None and not form.has_words:
        return []
    if form.model is not None and not form.is_compared:
        session.rows(_SETTINGS, width=str(max(_WIDTH, values["depth"])))
    return session.select(fused(form), **values)


def _results(session: ReadSession, rows: Sequence[Row], values: Values, limit: int) -> list[Found]:
    shown = _spread_out(session, values["tenant"], rows, limit)[:limit]
    chunks = [row["chunk_id"] for row in shown]
    passages = passages_of(session, values["tenant"], chunks, values["terms"], values["languages"])
    return [
        Found(
            kind=row["kind"],
            record_id=row["record_id"],
            label=row["label"],
            passage=passages[row["chunk_id"]],
            score=row["score"],
            vector_score=row["similarity"],
            text_score=row["words"],
        )
        for row in shown
        # A chunk that was written anew in this moment is found again with its new text.
        if row["chunk_id"] in passages
    ]


def _spread_out(session: ReadSession, tenant: UUID, rows: Sequence[Row], limit: int) -> list[Row]:
    if len(rows) < 2:
        return list(rows)
    groups = groups_of(session, tenant, [row["record_id"] for row in rows])
    return diversified(
        [
            Placed(row, row["similarity"] or 0.0, row["words"] or 0.0, *groups.get(row["record_id"], (None, None)))
            for row in rows
        ],
        limit,
    )
