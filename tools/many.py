"""The tools that change many records at once."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field

from guardrails.effects import Effect
from guardrails.limits import WRITE_LIMITS
from guardrails.where import Condition, parse_filters
from schema.errors import CrmError
from schema.kinds import KINDS, Kind
from schema.views import VIEWS
from tools.context import Call
from tools.finding import filterable
from tools.records import bulk, merging, rows
from tools.records.locks import hold
from tools.records.references import hold_named
from tools.registry import Result, tool
from tools.writing import ReasonArgs


class UpdateManyArgs(ReasonArgs):
    kind: str = Field(json_schema_extra={"enum": list(KINDS)})
    """Kind of the records."""
    where: list[str] = Field(max_length=30)
    """Which ones, in the filters of find_records; never empty."""
    fields: dict[str, Any] = Field(min_length=1)
    """What each of them is to have, as in update_record."""


class MergeArgs(ReasonArgs):
    keep_id: UUID
    """The record that stays."""
    other_ids: list[UUID] = Field(min_length=1)
    """Those of the same kind that it takes the place of."""
    fields: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Settles fields of the kept record where they differ; what it lacks is filled from the others by itself."""


@tool(effect=Effect.WRITE, scope="record:write")
def update_records(call: Call, args: UpdateManyArgs) -> Result:
    """Changes the same fields of all records of a kind that fit the filters, in one go. Those that cannot change (a move
    the pipeline forbids) are left out and listed in conflicts."""
    kind = rows.kind_of(args.kind)
    call.check(kind.name, Effect.READ)
    conditions = _conditions(call, kind, args.where)
    record_ids = call.bind("record_ids", lambda: _matching(call, kind, conditions, args.fields))
    told = bulk.update_many(call, kind, record_ids, args.fields)
    return {**told, "filters": [str(condition) for condition in conditions], "time_zone": call.who.time_zone}


@tool(effect=Effect.DESTROY, scope="record:destroy")
def merge_records(call: Call, args: MergeArgs) -> Result:
    """Makes duplicates one record: all that belongs to the others moves to the kept one, and fields that differ are
    listed. Contacts bring the people behind them along. Undo takes a merge back whole."""
    return merging.merge(call, args.keep_id, args.other_ids, args.fields)


def _conditions(call: Call, kind: Kind, where: list[str]) -> list[Condition]:
    conditions = parse_filters(filterable(call, kind.name), [text for text in where if text.strip()])
    if not conditions:
        raise CrmError(
            "invalid",
            f"Say which {kind.plural} with where; if every single one is meant, write {kind.id_column} is not null.",
        )
    return conditions


def _matching(call: Call, kind: Kind, conditions: list[Condition], fields: dict[str, Any]) -> list[UUID]:
    """Locked, and asked again once they are: one that somebody just changed may not fit any more."""
    clause = VIEWS[kind.view].clause()
    key = clause.c[kind.id_column]
    wanted = sa.select(key).where(*(condition.sql for condition in conditions))
    most = WRITE_LIMITS.records
    found = [row[kind.id_column] for row in call.session.select(wanted.order_by(key).limit(most + 1))]
    if len(found) > most:
        counted = call.session.select(sa.select(sa.func.count().label("total")).select_from(wanted.subquery()))
        raise CrmError(
            "limit",
            f"{counted[0]['total']:,} {kind.plural} fit these filters, and one call changes at most {most:,}; "
            "narrow the filters.",
        )
    hold_named(call, found, fields)
    hold(call, changing=found)
    fitting = call.session.select(wanted.where(rows.among(key, found)).order_by(key))
    return [row[kind.id_column] for row in fitting]
