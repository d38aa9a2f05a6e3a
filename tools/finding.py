"""The tool that turns names and conditions into records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from guardrails.effects import Effect
from guardrails.where import Condition, Filterable, parse_filters, parse_order
from retrieval.names import CERTAIN
from schema.customs import Customs, load_customs
from schema.errors import CrmError
from schema.fields import Field as Told
from schema.kinds import KINDS
from schema.session import Row
from schema.views import VIEWS
from tools.arguments import unknown_name
from tools.context import Call
from tools.records.candidates import Candidate, find_candidates, find_deleted, merged_into
from tools.records.shown import as_json, detail, label_of, view_of
from tools.records.statuses import Pipeline, pipelines_of
from tools.registry import Result, ToolArgs, tool

FINDABLE = (*KINDS, "user")
NAMED = tuple(kind for kind in FINDABLE if kind not in {"note", "interaction"})
"""Kinds whose labels are names people would use; the others are searched only when asked for."""
MOST = 200
SAME = 0.005
"""Scores of whole names closer than this say the same."""
NEARLY = 0.08
"""The same for names given in part."""


class FindArgs(ToolArgs):
    query: str | None = Field(default=None, max_length=500)
    """A name, e-mail, domain or phone, as the person wrote it; typos, accents and nicknames are forgiven. Add an
    account or city to tell namesakes apart. Omit to list by filters."""
    kinds: list[str] | None = Field(default=None, json_schema_extra={"items": {"enum": list(FINDABLE)}})
    """Kinds to look among; omit for all but notes and interactions. user means a colleague."""
    where: list[str] = Field(default_factory=list[str], max_length=30)
    """Filters over one kind's view columns, all and-ed: `stage in (proposal, negotiation)`, `amount >= 10000`,
    `expected_close_date < today`, `account_name ~ acme`, `owner_id = me`, `due_at is null`, `tag = key-account`,
    `custom.region = North`; interactions also `participant_id = <individual or user id>`."""
    order_by: str | None = None
    """Such as `amount desc`; one kind only."""
    limit: int = Field(default=10, ge=1, le=MOST)
    """Most records to return; total counts all."""
    deleted: bool = False
    """Finds only deleted records, by name or all of them newest first, with no fields; restore_record brings one back."""


@dataclass(frozen=True)
class _Found:
    """What a search yields before it is shown."""

    records: list[dict[str, Any]]
    total: int
    is_ambiguous: bool = False


@tool(effect=Effect.READ, scope="record:read")
def find_records(call: Call, args: FindArgs) -> Result:
    """Finds records by name, e-mail, domain or phone, or lists one kind by filters. Best first, with all view columns;
    ambiguous means several fit equally well: ask which one is meant."""
    if args.deleted:
        return _deleted(call, args)
    kinds = _kinds(call, args)
    conditions = _conditions(call, args, kinds)
    query = (args.query or "").strip()
    found = _by_name(call, query, kinds, conditions, args) if query else _by_filters(call, kinds, conditions, args)
    return {
        "records": found.records,
        "ambiguous": found.is_ambiguous,
        "total": found.total,
        "returned": len(found.records),
        "truncated": found.total > len(found.records),
        "filters": [str(condition) for condition in conditions],
        "time_zone": call.who.time_zone,
    }


def _deleted(call: Call, args: FindArgs) -> Result:
    if args.where or args.order_by:
        raise CrmError("invalid", "Deleted records are found by name and kind alone; leave out where and order_by.")
    kinds = [kind for kind in _asked(call, args) or KINDS if kind in KINDS and may_read(call, kind)]
    found = find_deleted(call, (args.query or "").strip(), kinds)
    best = found[0][1].score if found else 0.0
    merged = merged_into(call, [row["id"] for row, _ in found[: args.limit]])
    return {
        "records": [
            {
                "kind": row["kind"],
                "record_id": str(row["id"]),
                "label": row["label"],
                "detail": f"merged into {merged[row['id']]}" if row["id"] in merged else "deleted",
                "score": match.score,
                "matched": match.matched,
                "fields": {},
            }
            for row, match in found[: args.limit]
        ],
        "ambiguous": sum(best - match.score < SAME for _, match in found) > 1,
        "total": len(found),
        "returned": min(len(found), args.limit),
        "truncated": len(found) > args.limit,
        "filters": ["deleted"],
        "time_zone": call.who.time_zone,
    }


def _asked(call: Call, args: FindArgs) -> tuple[str, ...]:
    """The kinds that were named, in the singular."""
    plurals = {kind.plural: kind.name for kind in KINDS.values()} | {"users": "user"}
    asked = [plurals.get(kind, kind) for kind in args.kinds or ()]
    for kind in asked:
        if kind not in FINDABLE:
            raise CrmError("invalid", unknown_name("There is no record kind", kind, FINDABLE, "The kinds are"))
        call.check(kind, Effect.READ)
    return tuple(dict.fromkeys(asked))


def _kinds(call: Call, args: FindArgs) -> tuple[str, ...]:
    asked = _asked(call, args)
    if (args.where or args.order_by or not (args.query or "").strip()) and len(asked) != 1:
        raise CrmError("invalid", "To list or filter, name exactly one kind; to look in several, give a query.")
    return asked or tuple(kind for kind in NAMED if may_read(call, kind))


def may_read(call: Call, kind: str) -> bool:
    """Whether whoever asks may read records of the kind."""
    try:
        call.check(kind, Effect.READ)
    except CrmError:
        return False
    return True


def filterable(call: Call, kind: str) -> Filterable:
    """What filters over a kind may name, with the tenant's own statuses and fields."""
    return filterables(call, (kind,))[kind]


def filterables(call: Call, kinds: Sequence[str]) -> Mapping[str, Filterable]:
    """That of each of the kinds."""
    told = [KINDS[kind] for kind in kinds if kind in KINDS]
    customs: Customs = load_customs(call.session) if told else {}
    pipelines = pipelines_of(call.session, call.tenant_id, told)
    return {kind: _filterable(call, kind, customs.get(kind, {}), pipelines.get(kind)) for kind in kinds}


def _filterable(call: Call, kind: str, customs: Mapping[str, Told], pipeline: Pipeline | None) -> Filterable:
    """Without a pipeline it is of what is no record: users."""
    view, _ = view_of(kind)
    choices: dict[str, Sequence[str]] = {}
    if pipeline is not None:
        told = KINDS[kind]
        choices = {name: field.choices for name, field in told.fields.items() if field.choices}
        if told.status_field is not None:
            choices[told.status_field] = tuple(pipeline.outcomes)
    return Filterable.of(
        VIEWS[view],
        now=call.world.now(),
        zone=call.context.zone,
        user_id=call.who.user_id,
        choices=choices,
        customs=customs,
    )


def _conditions(call: Call, args: FindArgs, kinds: Sequence[str]) -> list[Condition]:
    return parse_filters(filterable(call, kinds[0]), args.where) if args.where else []


def _by_filters(call: Call, kinds: Sequence[str], conditions: Sequence[Condition], args: FindArgs) -> _Found:
    kind = kinds[0]
    view, key = view_of(kind)
    clause = VIEWS[view].clause()
    kept = sa.select(clause).where(*(condition.sql for condition in conditions))
    newest: list[sa.ColumnElement[Any]] = [sa.column("updated_at").desc()]
    order = parse_order(filterable(call, kind), args.order_by) if args.order_by else newest
    # Without a name there is no best record; ids are made in time, so equal ones come newest first.
    rows = call.session.select(kept.order_by(*order, clause.c[key].desc()).limit(args.limit))
    total = call.session.select(sa.select(sa.func.count().label("total")).select_from(kept.subquery()))[0]["total"]
    return _Found([_record(kind, row, None) for row in rows], total)


def _by_name(call: Call, query: str, kinds: Sequence[str], conditions: Sequence[Condition], args: FindArgs) -> _Found:
    candidates = find_candidates(call, query, kinds, tuple(condition.sql for condition in conditions))
    ordered = candidates
    if args.order_by:
        ordered = _ordered(call, candidates, kinds[0], args.order_by)
    shown = [_record(each.kind, each.row, each) for each in ordered[: args.limit]]
    return _Found(shown, len(candidates), _is_ambiguous(candidates))


def _ordered(call: Call, candidates: Sequence[Candidate], kind: str, order_by: str) -> list[Candidate]:
    view, key = view_of(kind)
    clause = VIEWS[view].clause()
    rows = call.session.select(
        sa.select(clause.c[key])
        .where(clause.c[key].in_([each.record_id for each in candidates]))
        .order_by(*parse_order(filterable(call, kind), order_by), clause.c[key])
    )
    by_id = {each.record_id: each for each in candidates}
    return [by_id[row[key]] for row in rows]


_ONE_THING: Mapping[str, str] = {
    "organization": "company",
    "account": "company",
    "individual": "person",
    "contact": "person",
}


def _is_ambiguous(candidates: Sequence[Candidate]) -> bool:
    """Whether the best cannot be told apart.

    An account and its like-named organization are one thing to the person who names it, and so are a contact and the
    individual behind it: the account and the contact, which rank first, are meant. Two accounts, or two contacts, are
    not. A name given in part, or with a slip, means any record of the best one's kind that fits nearly as well; but
    where somebody is called what was typed, nobody with that nickname or a similar name is meant.
    """
    if not candidates:
        return False
    best = candidates[0]
    window = SAME if best.match.score >= CERTAIN else NEARLY
    near = [
        each for each in candidates if best.match.score - each.match.score < window and _trust(each) >= _trust(best)
    ]
    if sum(each.kind == best.kind for each in near) > 1:
        return True
    return best.match.score >= CERTAIN and len({_ONE_THING.get(each.kind, each.kind) for each in near}) > 1


def _trust(candidate: Candidate) -> int:
    return {"typo": 0, "initials": 1, "nickname": 1}.get(candidate.match.matched, 2)


def _record(kind: str, row: Row, candidate: Candidate | None) -> dict[str, Any]:
    _, key = view_of(kind)
    return {
        "kind": kind,
        "record_id": str(row[key]),
        "label": label_of(KINDS.get(kind), row),
        "detail": detail(kind, row),
        "score": candidate.match.score if candidate else None,
        "matched": candidate.match.matched if candidate else None,
        "fields": as_json({name: value for name, value in row.items() if name != key}),
    }
