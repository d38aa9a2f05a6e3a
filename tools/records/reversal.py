"""Undo: rows put back to an audit event's before-image, except where somebody changed them since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from guardrails.effects import Effect
from schema.audit import events_of
from schema.customs import PREFIX
from schema.errors import CrmError
from schema.session import Row
from tools.context import Call
from tools.records import rows, statuses
from tools.records.neighbours import dependents_of
from tools.records.rows import BOOKKEEPING, Stored
from tools.records.shown import as_json
from tools.records.tables import PARTICIPANTS, TAGS, table_of
from tools.records.writing import check_restorable

FOLLOWING = {"closed_at": "status", "completed_at": "status"}
"""Columns that go with another one, and are never a conflict of their own."""


@dataclass
class Undoing:
    """What an undo has done so far, and what it left alone."""

    ids: frozenset[UUID]
    """The records it covers; one of them naming another is no obstacle."""
    undone: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    conflicts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def conflict(self, stored: Stored, name: str, expected: Any, found: Any) -> None:
        self.conflicts.append(
            {
                "kind": stored.kind.name,
                "record_id": str(stored.record_id),
                "label": stored.label,
                "field": name,
                "expected": as_json(expected),
                "found": as_json(found),
            }
        )

    def done(self, change_id: UUID, stored: Stored, action: str, fields: Sequence[str]) -> None:
        self.undone.append(
            {
                "change_id": str(change_id),
                "action": action,
                "kind": stored.kind.name,
                "record_id": str(stored.record_id),
                "label": stored.label,
                "fields": list(fields),
            }
        )


def latest_run(call: Call) -> UUID:
    """The asking user's newest run of the past day that changed something, undoing aside. Raises CrmError (not_found)."""
    found = call.session.scalar(
        "SELECT run_id FROM crm.audit_events"
        " WHERE user_id = :user_id AND run_id IS NOT NULL AND tool <> 'undo' AND occurred_at > :since"
        " ORDER BY event_id DESC LIMIT 1",
        user_id=call.who.user_id,
        since=call.world.now() - timedelta(days=1),
    )
    if found is None:
        raise CrmError("not_found", "None of your runs changed anything in the past day; name a run or a change.")
    return found


def changes_of_run(call: Call, run_id: UUID) -> list[UUID]:
    """The changes of a run, newest first; raises CrmError (not_found) when it made none."""
    found = call.session.rows(
        "SELECT change_id FROM crm.audit_events WHERE run_id = :run_id GROUP BY change_id ORDER BY max(event_id) DESC",
        run_id=run_id,
    )
    if not found:
        raise CrmError("not_found", f"No change was made by a run {run_id}.")
    return [row["change_id"] for row in found]


def undo(call: Call, change_ids: Sequence[UUID]) -> dict[str, Any]:
    """Takes the changes back in this order; `{"undone", "conflicts"}`. Raises CrmError when nothing is left to undo."""
    by_change: dict[UUID, list[Row]] = {change_id: [] for change_id in change_ids}
    for event in events_of(call.session, change_ids):
        by_change[event["change_id"]].append(event)
    undoing = Undoing(frozenset(event["record_id"] for events in by_change.values() for event in events))
    for change_id, events in by_change.items():
        if not events:
            raise CrmError("not_found", f"There is no change {change_id}.")
        _undo_change(call, undoing, change_id, events)
    if not undoing.undone and not undoing.conflicts:
        raise CrmError("conflict", "Nothing is left to undo: what was changed is back as it was before.")
    return {"undone": undoing.undone, "conflicts": undoing.conflicts}


def _undo_change(call: Call, undoing: Undoing, change_id: UUID, events: Sequence[Row]) -> None:
    stored = rows.find(call.session, call.tenant_id, events[0]["record_id"], lock=True)
    if stored is None:
        raise CrmError("refused", f"A change to a {events[0]['record_kind']} cannot be undone here.")
    own = [event for event in events if event["table_name"] in stored.kind.tables]
    actions = {event["action"] for event in own}
    if "create" in actions:
        _undo_create(call, undoing, change_id, stored, events)
    elif "delete" in actions:
        _undo_delete(call, undoing, change_id, stored)
    elif "restore" in actions:
        _undo_restore(call, undoing, change_id, stored)
    else:
        _undo_update(call, undoing, change_id, stored, events)


def _undo_create(call: Call, undoing: Undoing, change_id: UUID, stored: Stored, events: Sequence[Row]) -> None:
    """The record goes, unless that would take newer work with it."""
    if stored.is_deleted:
        return
    _check(call, stored, Effect.DESTROY)
    changed = [
        (column, after, current)
        for table, _, image in _images(events, stored)
        for column, _, after, current in _compared(stored, table, {}, image)
        if after != current and column not in FOLLOWING
    ]
    for column, after, current in changed:
        undoing.conflict(stored, _field(stored, column), after, current)
    dependents = [each for each in dependents_of(call, stored) if each[1] not in undoing.ids]
    for kind, _, label in dependents:
        undoing.conflict(stored, "used by", None, f"{kind} {label}")
    if not changed and not dependents:
        rows.update(call, stored, {stored.kind.table: {"deleted_at": call.world.now()}})
        undoing.done(change_id, stored, "delete", [])


def _undo_delete(call: Call, undoing: Undoing, change_id: UUID, stored: Stored) -> None:
    if stored.is_deleted:
        _check(call, stored, Effect.WRITE)
        check_restorable(call, stored)
        rows.update(call, stored, {stored.kind.table: {"deleted_at": None}})
        undoing.done(change_id, stored, "restore", [])


def _undo_restore(call: Call, undoing: Undoing, change_id: UUID, stored: Stored) -> None:
    if not stored.is_deleted:
        _check(call, stored, Effect.DESTROY)
        rows.update(call, stored, {stored.kind.table: {"deleted_at": call.world.now()}})
        undoing.done(change_id, stored, "delete", [])


def _undo_update(call: Call, undoing: Undoing, change_id: UUID, stored: Stored, events: Sequence[Row]) -> None:
    _check(call, stored, Effect.WRITE)
    back: dict[str, dict[str, Any]] = {}
    kept: set[str] = set()
    for table, column, before, after, current in _differing(events, stored):
        if stored.is_deleted:
            undoing.conflict(stored, "deleted_at", None, stored.main["deleted_at"])
            return
        if current == after:
            back.setdefault(table, {})[column] = before
        else:
            kept.add(column)
            if column not in FOLLOWING:
                undoing.conflict(stored, _field(stored, column), after, current)
    _keep_together(call, undoing, stored, back, kept)
    fields = sorted(
        _field(stored, column) for columns in back.values() for column in columns if column not in FOLLOWING
    )
    if any(back.values()):
        rows.update(call, stored, {table: _written(stored, table, columns) for table, columns in back.items()})
    fields += _undo_children(call, stored, events)
    if fields:
        undoing.done(change_id, stored, "update", fields)


def _differing(events: Sequence[Row], stored: Stored) -> list[tuple[str, str, Any, Any, Any]]:
    """Table, column, before, after and current value of what the change set and is not back yet."""
    return [
        (table, column, before, after, current)
        for table, first, last in _images(events, stored)
        for column, before, after, current in _compared(stored, table, first, last)
        if before not in (after, current)
    ]


def _keep_together(
    call: Call, undoing: Undoing, stored: Stored, back: dict[str, dict[str, Any]], kept: set[str]
) -> None:
    """A move back that the pipeline forbids is a conflict; the moments of a move stay with it."""
    main = back.get(stored.kind.table, {})
    if "status" in main:
        try:
            statuses.check_move(call.session, stored, main["status"])
        except CrmError:
            undoing.conflict(stored, _field(stored, "status"), main.pop("status"), stored.main["status"])
            kept.add("status")
    for column, leader in FOLLOWING.items():
        if leader in kept:
            main.pop(column, None)


def _images(events: Sequence[Row], stored: Stored) -> list[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Each of the record's tables with its row before the first event and after the last."""
    images: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for event in events:
        table = event["table_name"]
        if table in stored.kind.tables:
            first: Mapping[str, Any] = images[table][0] if table in images else event["before"] or {}
            images[table] = (first, event["after"] or {})
    return [(table, first, last) for table, (first, last) in images.items()]


def _compared(
    stored: Stored, table: str, first: Mapping[str, Any], last: Mapping[str, Any]
) -> list[tuple[str, Any, Any, Any]]:
    """Column, before, after and current value; all in the columns' own types, since JSON knows no dates or decimals."""
    columns = [column for column in last if column in table_of(table).c and column not in BOOKKEEPING]
    before, after, current = _each(_typed(table, first)), _each(_typed(table, last)), _each(stored.rows[table])
    named = [*(column for column in columns if column != "custom"), *_customs(before, after, current)]
    return [(column, before.get(column), after.get(column), current.get(column)) for column in named]


def _each(image: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the tenant's own fields as columns of their own, each to be undone or kept by itself."""
    held: Mapping[str, Any] = image.get("custom") or {}
    return {**image, **{f"{PREFIX}{name}": value for name, value in held.items()}}


def _customs(*images: Mapping[str, Any]) -> list[str]:
    return sorted({column for image in images for column in image if column.startswith(PREFIX)})


def _written(stored: Stored, table: str, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as the table has them: of the tenant's own fields those named are put back, the others stay."""
    theirs = {name.removeprefix(PREFIX): value for name, value in columns.items() if name.startswith(PREFIX)}
    if not theirs:
        return _typed(table, columns)
    whole = {**stored.rows[table]["custom"], **theirs}
    return _typed(table, columns) | {"custom": {name: value for name, value in whole.items() if value is not None}}


def _typed(table: str, image: Mapping[str, Any]) -> dict[str, Any]:
    """An image's values as Python ones: to_jsonb writes ids, times and dates as text, decimals as numbers."""
    columns = table_of(table).c
    return {name: rows.from_image(columns[name].type, value) for name, value in image.items() if name in columns}


def _field(stored: Stored, column: str) -> str:
    """The name people know a column by."""
    for name, told in stored.kind.fields.items():
        if told.column == column and told.table in stored.rows:
            return name
    return column


def _undo_children(call: Call, stored: Stored, events: Sequence[Row]) -> list[str]:
    """Tags and participants: what was added goes, what was removed comes back; the rest stays."""
    fields: list[str] = []
    for event in reversed(events):
        if event["table_name"] == "record_tags" and _undo_tag(call, stored, event):
            fields.append("tags")
        if event["table_name"] == "interaction_participants" and _undo_participant(call, stored, event):
            fields.append("participants")
    return sorted(set(fields))


def _undo_tag(call: Call, stored: Stored, event: Row) -> bool:
    tag = (event["after"] or event["before"])["tag"]
    row = {"tenant_id": call.tenant_id, "record_id": stored.record_id, "tag": tag}
    return _undo_row(call, stored, TAGS, row, was_added=event["before"] is None)


def _undo_participant(call: Call, stored: Stored, event: Row) -> bool:
    image = _typed("interaction_participants", event["after"] or event["before"])
    return _undo_row(call, stored, PARTICIPANTS, image, was_added=event["before"] is None, key="id")


def _undo_row(
    call: Call, stored: Stored, table: sa.Table, row: Mapping[str, Any], *, was_added: bool, key: str = "tag"
) -> bool:
    same = [table.c.tenant_id == call.tenant_id, table.c[key] == row[key]]
    if key == "tag":
        same.append(table.c.record_id == stored.record_id)
    is_there = bool(call.session.select(sa.select(table.c[key]).where(*same)))
    if was_added and is_there:
        call.writing.execute(sa.delete(table).where(*same))
    elif not was_added and not is_there:
        call.writing.execute(sa.insert(table).values(**row))
    else:
        return False
    call.touch(stored.record_id)
    return True


def _check(call: Call, stored: Stored, effect: Effect) -> None:
    call.check(stored.kind.name, effect, stored.is_of)
