"""Undo: rows put back to an audit event's before-image, except where somebody changed them since."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from guardrails.effects import Effect
from schema.audit import events_of
from schema.customs import PREFIX
from schema.errors import CrmError
from schema.session import Row
from tools.context import Call
from tools.records import rows, statuses
from tools.records.hanging import undo_hanging
from tools.records.locks import hold
from tools.records.neighbours import dependents_of
from tools.records.references import named_in
from tools.records.rows import BOOKKEEPING, Stored
from tools.records.tables import table_of
from tools.records.undone import Undoing
from tools.records.wholes import with_whole_merges
from tools.records.writing import check_restorable

FOLLOWING = {"closed_at": "status", "completed_at": "status"}
"""Columns that go with another one, and are never a conflict of their own."""


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
    """Takes the changes back in this order, each merge whole; `{"undone", "conflicts"}`.

    Raises CrmError when nothing is left to undo.
    """
    ordered, merges = with_whole_merges(call, change_ids)
    by_change: dict[UUID, list[Row]] = {change_id: [] for change_id in ordered}
    for event in events_of(call.session, ordered):
        by_change[event["change_id"]].append(event)
    _hold(call, [event for events in by_change.values() for event in events])
    undoing = Undoing(call, frozenset(event["record_id"] for events in by_change.values() for event in events), merges)
    undoing.read()
    for change_id, events in by_change.items():
        if not events:
            raise CrmError("not_found", f"There is no change {change_id}.")
        _undo_change(call, undoing, change_id, events)
    undoing.finish()
    if not undoing.undone and not undoing.conflicts:
        raise CrmError("conflict", "Nothing is left to undo: what was changed is back as it was before.")
    return {"undone": undoing.undone, "conflicts": undoing.conflicts}


def _hold(call: Call, events: Sequence[Row]) -> None:
    """Locks the records and what they are to name again, in the order that everybody locks in."""
    named = (value for event in events for value in named_in(event["before"] or {}))
    hold(call, naming=named, removing=[event["record_id"] for event in events])


def _undo_change(call: Call, undoing: Undoing, change_id: UUID, events: Sequence[Row]) -> None:
    stored = undoing.find(events[0]["record_id"])
    if stored is None:
        raise CrmError("refused", f"A change to a {events[0]['record_kind']} cannot be undone here.")
    if any(event["is_erased"] for event in events):
        undoing.conflict(stored, "personal data", None, "erased for good")
        return
    own = [event for event in events if event["table_name"] in stored.kind.tables]
    actions = {event["action"] for event in own}
    if actions - {"update"}:
        undoing.flush()
    if "create" in actions:
        _undo_create(call, undoing, change_id, stored, events)
    elif "merge" in actions:
        _undo_merge(call, undoing, change_id, stored, events)
    elif "delete" in actions:
        _undo_delete(call, undoing, change_id, stored)
    elif "restore" in actions:
        _undo_restore(call, undoing, change_id, stored, events)
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
        undoing.write_now(stored, {stored.kind.table: {"deleted_at": call.world.now()}})
        undoing.done(change_id, stored, "delete", [])


def _undo_merge(call: Call, undoing: Undoing, change_id: UUID, stored: Stored, events: Sequence[Row]) -> None:
    """The merged record comes back; what had moved away from it comes by its own changes."""
    into = _merged_into(events, "after")
    if into is None or stored.main["merged_into_id"] != into:
        return
    _check(call, stored, Effect.WRITE)
    kept = rows.find(call.session, call.tenant_id, into)
    if kept is not None and kept.main["merged_into_id"] is not None:
        raise CrmError(
            "conflict", f"{kept.label!r} was itself merged into another record since; undo that merge first."
        )
    undoing.write_now(stored, {stored.kind.table: {"deleted_at": None, "merged_into_id": None}})
    undoing.done(change_id, stored, "restore", [])


def _merged_into(events: Sequence[Row], side: str) -> UUID | None:
    """The record that the events' record was merged into, on that side of them."""
    told = [image["merged_into_id"] for event in events if (image := event[side]) and image.get("merged_into_id")]
    return UUID(told[0]) if told else None


def _undo_delete(call: Call, undoing: Undoing, change_id: UUID, stored: Stored) -> None:
    if stored.is_deleted and stored.main["merged_into_id"] is not None:
        undoing.conflict(stored, "merged_into_id", None, stored.main["merged_into_id"])
    elif stored.is_deleted:
        _check(call, stored, Effect.WRITE)
        check_restorable(call, stored)
        undoing.write_now(stored, {stored.kind.table: {"deleted_at": None}})
        undoing.done(change_id, stored, "restore", [])


def _undo_restore(call: Call, undoing: Undoing, change_id: UUID, stored: Stored, events: Sequence[Row]) -> None:
    """Deletes again what was restored, and merges again what an undo had taken apart."""
    if stored.is_deleted:
        return
    _check(call, stored, Effect.DESTROY)
    gone: dict[str, Any] = {"deleted_at": call.world.now()}
    if (into := _merged_into(events, "before")) is not None:
        rows.get(call.session, call.tenant_id, into)
        newer = [each for each in dependents_of(call, stored) if each[1] not in undoing.ids]
        for kind, _, label in newer:
            undoing.conflict(stored, "used by", None, f"{kind} {label}")
        if newer:
            return
        gone["merged_into_id"] = into
    undoing.write_now(stored, {stored.kind.table: gone})
    fields = undo_hanging(call, undoing, stored, events) if into else []
    undoing.done(change_id, stored, "merge" if into else "delete", fields)


def _undo_update(call: Call, undoing: Undoing, change_id: UUID, stored: Stored, events: Sequence[Row]) -> None:
    _check(call, stored, Effect.WRITE)
    back: dict[str, dict[str, Any]] = {}
    kept: set[str] = set()
    for table, column, before, after, current in _differing(events, stored):
        if stored.is_deleted and change_id not in undoing.merges:
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
        undoing.write(stored, {table: _written(stored, table, columns) for table, columns in back.items()})
    fields += undo_hanging(call, undoing, stored, events)
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
            pipeline = undoing.pipelines.setdefault(stored.kind.name, statuses.Pipeline({}))
            statuses.check_move(call.session, stored, main["status"], pipeline)
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
    before, after, current = _each(rows.typed(table, first)), _each(rows.typed(table, last)), _each(stored.rows[table])
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
        return rows.typed(table, columns)
    whole = {**stored.rows[table]["custom"], **theirs}
    return rows.typed(table, columns) | {"custom": {name: value for name, value in whole.items() if value is not None}}


def _field(stored: Stored, column: str) -> str:
    """The name people know a column by."""
    for name, told in stored.kind.fields.items():
        if told.column == column and told.table in stored.rows:
            return name
    return column


def _check(call: Call, stored: Stored, effect: Effect) -> None:
    call.check(stored.kind.name, effect, stored.is_of)
