"""Undo of rows that hang on a record: tags, an interaction's participants, insights."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from schema.session import Row
from tools.context import Call
from tools.records.children import replace_people
from tools.records.rows import Stored, typed
from tools.records.tables import PARTICIPANTS, TAGS, table_of
from tools.records.undone import Undoing

_FIELDS = {"record_tags": "tags", "interaction_participants": "participants", "ai_insights": "insights"}


def undo_hanging(call: Call, undoing: Undoing, stored: Stored, events: Sequence[Row]) -> list[str]:
    """What was added goes, what was removed comes back, what was moved moves back; the rest stays."""
    fields: set[str] = set()
    for table, before, after in _net(events):
        if table is TAGS:
            is_back = _undo_tag(undoing, stored, (after or before)["tag"], was_added=not before)
        elif before and after:
            is_back = _move_back(call, undoing, stored, table, before, after)
        else:
            is_back = _undo_row(call, stored, table, before or after, was_added=not before)
        if is_back:
            fields.add(_FIELDS[table.name])
    return sorted(fields)


def _undo_tag(undoing: Undoing, stored: Stored, tag: str, *, was_added: bool) -> bool:
    tags = undoing.tags.setdefault(stored.record_id, set())
    if (tag in tags) is not was_added:
        return False
    (tags.discard if was_added else tags.add)(tag)
    return True


def _net(events: Sequence[Row]) -> list[tuple[sa.Table, Mapping[str, Any], Mapping[str, Any]]]:
    """Each row that hangs on the record, before the first event and after the last; empty where it was not there."""
    found: dict[tuple[Any, ...], tuple[sa.Table, Mapping[str, Any], Mapping[str, Any]]] = {}
    for event in events:
        if event["table_name"] in _FIELDS:
            table = table_of(event["table_name"])
            before, after = (typed(table.name, event[side] or {}) for side in ("before", "after"))
            key = (table.name, *((after or before)[column.name] for column in table.primary_key))
            first = found[key][1] if key in found else before
            found[key] = table, first, after
    return [each for each in reversed(found.values()) if each[1] or each[2]]


def _move_back(
    call: Call, undoing: Undoing, stored: Stored, table: sa.Table, before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Names again whom the row named before; unless somebody changed that since, or the place is taken."""
    column = "individual_id" if table is PARTICIPANTS else "record_id"
    row = sa.and_(table.c.tenant_id == call.tenant_id, table.c.id == before["id"])
    found = call.session.select(sa.select(table).where(row))
    current = found[0][column] if found else None
    if current == before[column]:
        return False
    if current != after[column] or (table is PARTICIPANTS and _is_taken(call, before)):
        undoing.conflict(stored, _FIELDS[table.name], after[column], current)
        return False
    if table is PARTICIPANTS:
        replace_people(call, found, {after[column]: before[column]})
    else:
        call.writing.execute(sa.update(table).where(row).values({column: before[column]}))
    call.touch(before.get("record_id", stored.record_id))
    return True


def _is_taken(call: Call, row: Mapping[str, Any]) -> bool:
    same = (PARTICIPANTS.c[name] == row[name] for name in ("tenant_id", "interaction_id", "individual_id", "role"))
    return bool(call.session.select(sa.select(PARTICIPANTS.c.id).where(*same)))


def _insertable(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without what the database computes; numbers of a document were read as decimals, and leave as they came."""
    return {
        column.name: json.loads(json.dumps(row[column.name], default=float))
        if isinstance(column.type, JSONB)
        else row[column.name]
        for column in table.columns
        if column.computed is None
    }


def _undo_row(call: Call, stored: Stored, table: sa.Table, row: Mapping[str, Any], *, was_added: bool) -> bool:
    same = [column == row[column.name] for column in table.primary_key]
    is_there = bool(call.session.select(sa.select(table.c.tenant_id).where(*same)))
    if was_added and is_there:
        call.writing.execute(sa.delete(table).where(*same))
    elif not was_added and not is_there:
        call.writing.execute(sa.insert(table).values(_insertable(table, row)))
    else:
        return False
    call.touch(stored.record_id)
    return True
