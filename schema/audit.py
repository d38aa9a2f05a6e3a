"""Reading the audit log: events put together into changes, worded as the views word them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from schema.errors import CrmError
from schema.kinds import KINDS, Kind
from schema.session import ReadSession, Row
from schema.views import VIEWS

HIDDEN = frozenset({"tenant_id", "id", "password_hash"})
"""Columns left out of the image of a row that is no record."""
STAMPS = frozenset({"created_at", "updated_at", "via_agent", "deleted_at"})
"""Columns every change touches, so that on an update they say nothing."""
MERGED_INTO = "merged_into_id"
"""What the after of a merged record says instead of its view's columns, which it no longer has."""
PAGE = 50
_OF_INSIGHT = ("id", "kind", "statement", "confidence", "model", "verified_by_user")


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes to list; an absent one does not narrow."""

    change_id: UUID | None = None
    run_id: UUID | None = None
    record_id: UUID | None = None
    actor: str | None = None
    since: datetime | None = None
    cursor: int | None = None
    """The event id that the page before ended above."""
    limit: int = PAGE


_CHANGES = """
SELECT change_id, last_event, total
FROM (
    SELECT e.change_id, max(e.event_id) AS last_event, count(*) OVER () AS total
    FROM crm.audit_events e
    WHERE (CAST(:change_id AS uuid) IS NULL OR e.change_id = :change_id)
      AND (CAST(:run_id AS uuid) IS NULL OR e.run_id = :run_id)
      AND (CAST(:record_id AS uuid) IS NULL OR e.record_id = :record_id)
      AND (CAST(:actor AS text) IS NULL OR e.actor = :actor OR e.on_behalf_of = :actor)
      AND (CAST(:since AS timestamptz) IS NULL OR e.occurred_at >= :since)
    GROUP BY e.change_id
) changes
WHERE CAST(:cursor AS bigint) IS NULL OR last_event < :cursor
ORDER BY last_event DESC
LIMIT :limit
"""

# Images travel as text: a JSON number read as a float would lose what NUMERIC keeps.
_EVENTS: LiteralString = """
SELECT e.event_id, e.change_id, e.occurred_at, e.action, e.table_name, e.record_kind, e.record_id,
       CAST(e.before AS text) AS before, CAST(e.after AS text) AS after, e.actor, e.on_behalf_of, e.via_agent, e.run_id,
       e.tool_call_id, e.tool, e.approval_id, e.prompt, e.reasoning, e.reason, e.model,
       e.erased IS NOT NULL AS is_erased,
       coalesce(r.label, u.name, CASE e.table_name WHEN 'custom_fields' THEN e.after ->> 'label' END, '') AS label,
       d.email AS approved_by,
       e.event_id <= coalesce((SELECT max(s.last_event) FROM crm.audit_seals s), 0) AS sealed
FROM crm.audit_events e
LEFT JOIN crm.records r ON r.tenant_id = e.tenant_id AND r.id = e.record_id
LEFT JOIN crm.users u ON u.tenant_id = e.tenant_id AND u.id = e.record_id
LEFT JOIN crm.approvals p ON p.tenant_id = e.tenant_id AND p.id = e.approval_id
LEFT JOIN crm.users d ON d.tenant_id = p.tenant_id AND d.id = p.decided_by
WHERE {which}
ORDER BY e.event_id
"""
_EVENTS_OF_CHANGES: LiteralString = _EVENTS.replace("{which}", "e.change_id = ANY(:changes)")
_EVENTS_OF_RUN: LiteralString = _EVENTS.replace("{which}", "e.run_id = :run_id")


def list_changes(session: ReadSession, wanted: ChangeFilter) -> dict[str, Any]:
    """One page of changes, newest first: `{"changes", "total", "next_cursor"}` as design §6 words them."""
    page = session.rows(
        _CHANGES,
        change_id=wanted.change_id,
        run_id=wanted.run_id,
        record_id=wanted.record_id,
        actor=wanted.actor,
        since=wanted.since,
        cursor=wanted.cursor,
        limit=wanted.limit + 1,
    )
    shown = page[: wanted.limit]
    changes = _changes(session, [row["change_id"] for row in shown])
    return {
        "changes": changes,
        "total": page[0]["total"] if page else 0,
        "next_cursor": str(shown[-1]["last_event"]) if len(page) > wanted.limit else None,
    }


def get_change(session: ReadSession, change_id: UUID) -> dict[str, Any]:
    """One change in full. Raises CrmError (not_found)."""
    found = _changes(session, [change_id])
    if not found:
        raise CrmError("not_found", f"No change {change_id}; `audit list` shows what there is.")
    return found[0]


def changes_of_run(session: ReadSession, run_id: UUID) -> list[dict[str, Any]]:
    """Every change of a run in the order made, as `ask --json` words them."""
    return _in_brief(as_changes(session, _with_images(session.rows(_EVENTS_OF_RUN, run_id=run_id))))


def changes_in_brief(session: ReadSession, change_ids: list[UUID]) -> list[dict[str, Any]]:
    """These changes in this order, worded as those of a run are."""
    return _in_brief(_changes(session, change_ids))


def _in_brief(changes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = ("change_id", "tool_call_id", "action", "kind", "record_id", "label", "before", "after")
    return [{name: change[name] for name in kept} for change in changes]


def events_of(session: ReadSession, change_ids: Iterable[UUID]) -> list[Row]:
    """The events of changes, oldest first, with raw images; what undo works from."""
    return _with_images(session.rows(_EVENTS_OF_CHANGES, changes=list(change_ids)))


def _with_images(events: list[Row]) -> list[Row]:
    for event in events:
        for side in ("before", "after"):
            event[side] = None if event[side] is None else json.loads(event[side], parse_float=Decimal)
    return events


def _changes(session: ReadSession, change_ids: list[UUID]) -> list[dict[str, Any]]:
    if not change_ids:
        return []
    order = {str(change_id): position for position, change_id in enumerate(change_ids)}
    made = as_changes(session, events_of(session, change_ids))
    return sorted(made, key=lambda change: order[change["change_id"]])


def as_changes(session: ReadSession, events: Iterable[Row]) -> list[dict[str, Any]]:
    """The changes that these events are, in the order made."""
    of_change: dict[UUID, list[Row]] = {}
    for event in events:
        of_change.setdefault(event["change_id"], []).append(event)
    _add_other_tables(session, of_change.values())
    made = [_change(rows) for rows in of_change.values()]
    _add_names(session, made)
    return made


_EARLIER: LiteralString = """
SELECT e.event_id, e.record_id, e.table_name, CAST(e.before AS text) AS before, CAST(e.after AS text) AS after
FROM crm.audit_events e
WHERE e.record_id = ANY(:records) AND e.table_name = ANY(:tables)
ORDER BY e.event_id
"""


def _add_other_tables(session: ReadSession, changes: Iterable[list[Row]]) -> None:
    """Puts a row's image beside the deletion of its record where it lies in a second table, which a delete leaves alone."""
    lacking: dict[UUID, list[tuple[list[Row], set[str]]]] = {}
    for events in changes:
        kind = KINDS.get(str(events[0]["record_kind"]))
        missing = set(kind.tables) - {event["table_name"] for event in events} if kind else set[str]()
        if missing and _action(events) in {"delete", "restore", "merge"}:
            lacking.setdefault(events[0]["record_id"], []).append((events, missing))
    if not lacking:
        return
    tables = sorted({table for found in lacking.values() for _, missing in found for table in missing})
    for earlier in _with_images(session.rows(_EARLIER, records=list(lacking), tables=tables)):
        for events, missing in lacking[earlier["record_id"]]:
            if earlier["table_name"] in missing and earlier["event_id"] < events[-1]["event_id"]:
                _put_beside(events, earlier)


def _put_beside(events: list[Row], earlier: Row) -> None:
    """The row as it last was, in the place of any older one, as if the change had left it as it is."""
    events[:] = [event for event in events if event["table_name"] != earlier["table_name"]]
    image = earlier["after"]
    kept = {"table_name": earlier["table_name"], "action": "update", "before": image, "after": image}
    events.insert(0, {**events[0], **kept})


def _change(events: list[Row]) -> dict[str, Any]:
    """One change from its events, which share record and operation."""
    first, last = events[0], events[-1]
    action = _action(events)
    before, after = _images(events)
    if action == "update":
        before, after = _only_changed(before or {}, after or {})
    elif action == "delete":
        after = None
    elif action == "merge":
        into = [str(event["after"][MERGED_INTO]) for event in events if event["action"] == "merge" and event["after"]]
        after = {MERGED_INTO: into[0] if into else None}
    else:
        before = None
    return {
        "change_id": str(first["change_id"]),
        "occurred_at": as_text(last["occurred_at"]),
        "action": action,
        "kind": first["record_kind"],
        "record_id": str(first["record_id"]),
        "label": first["label"],
        "before": before,
        "after": after,
        "actor": first["actor"],
        "on_behalf_of": first["on_behalf_of"],
        "via_agent": first["via_agent"],
        "run_id": as_text(first["run_id"]),
        "tool_call_id": as_text(first["tool_call_id"]),
        "tool": first["tool"],
        "approval_id": as_text(first["approval_id"]),
        "approved_by": first["approved_by"],
        "prompt": first["prompt"],
        "reasoning": first["reasoning"],
        "reason": first["reason"],
        "model": first["model"],
        "sealed": all(event["sealed"] for event in events),
    }


def _action(events: list[Row]) -> str:
    """What happened to the record; tags and participants are updates of the record they belong to."""
    kind = KINDS.get(str(events[0]["record_kind"]))
    own = [event for event in events if kind is None or event["table_name"] in kind.tables]
    actions = {str(event["action"]) for event in own}
    for action in ("create", "merge", "delete", "restore"):
        if action in actions:
            return action
    return "update"


def _images(events: list[Row]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The record's first before and last after, its tables put together and named as its view names them."""
    kind = KINDS.get(str(events[0]["record_kind"]))
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    removed: dict[str, list[Any]] = {}
    added: dict[str, list[Any]] = {}
    seen: set[str] = set()
    for event in events:
        table = str(event["table_name"])
        if event["is_erased"]:
            continue
        if kind is None or table in kind.tables:
            if table not in seen:
                before |= _worded(kind, event["before"])
            after |= _worded(kind, event["after"])
            seen.add(table)
            continue
        for side, told in (("before", removed), ("after", added)):
            # A person's yes or no changes an insight where it stands; of others that were moved only the new place counts.
            if event[side] and (side == "after" or not event["after"] or table == "ai_insights"):
                name, value = _child(table, event[side])
                told.setdefault(name, []).append(value)
    for name in {*removed, *added}:
        before[name], after[name] = removed.get(name, []), added.get(name, [])
    return before or None, after or None


def _child(table: str, image: Mapping[str, Any]) -> tuple[str, Any]:
    """A tag, an insight or a participant, under the field's name."""
    if table == "record_tags":
        return "tags", image["tag"]
    if table == "ai_insights":
        return "insights", {name: image[name] for name in _OF_INSIGHT if image.get(name) is not None}
    return "participants", {name: image[name] for name in ("individual_id", "user_id", "role") if image.get(name)}


def _worded(kind: Kind | None, image: Mapping[str, Any] | None) -> dict[str, Any]:
    """A row's image under the names of its record's view, without what that view does not show."""
    if image is None:
        return {}
    if kind is None:
        return {name: plain(name, value) for name, value in image.items() if name not in HIDDEN}
    renamed = {"id": kind.id_column, "status": kind.status_field or "status"}
    shown = VIEWS[kind.view].by_name
    # A lead's `kind` repeats its record kind; an interaction's says what kind of interaction it was.
    words = {
        renamed.get(column, column): value
        for column, value in image.items()
        if column != "kind" or "kind" in kind.fields
    }
    return {name: plain(name, value) for name, value in words.items() if name in shown}


def _only_changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if name not in STAMPS and before.get(name) != after[name]]
    sides = {name: before.get(name) for name in names}, {name: after[name] for name in names}
    if "custom" in names:
        # The column holds all of the tenant's own fields; only those that changed are told.
        held: dict[str, Any] = before.get("custom") or {}
        given: dict[str, Any] = after["custom"]
        keys = [key for key in {**held, **given} if held.get(key) != given.get(key)]
        for side, values in zip(sides, (held, given), strict=True):
            side["custom"] = {key: values.get(key) for key in keys}
    return sides


_NAMED = {"owner_id": "owner_name", "assignee_id": "assignee_name", "author_id": "author_name", "user_id": "user_name"}
_LABELLED = {
    "account_id": "account_name",
    "contact_id": "contact_name",
    "about_id": "about_label",
    MERGED_INTO: "merged_into_label",
}


def _add_names(session: ReadSession, changes: list[dict[str, Any]]) -> None:
    """Puts the name beside each id of a user or record, as the views do."""
    sides = [(change["kind"], side) for change in changes for side in (change["before"], change["after"]) if side]
    _put_names(session, sides, _NAMED, "SELECT id, name AS label FROM crm.users WHERE id = ANY(:ids)")
    _put_names(session, sides, _LABELLED, "SELECT id, label FROM crm.records WHERE id = ANY(:ids)")


def _put_names(
    session: ReadSession, sides: list[tuple[str, dict[str, Any]]], columns: Mapping[str, str], sql: LiteralString
) -> None:
    ids = {UUID(side[name]) for _, side in sides for name in columns if side.get(name)}
    labels = {str(row["id"]): row["label"] for row in session.rows(sql, ids=list(ids))} if ids else {}
    for kind, side in sides:
        for column, shown in columns.items():
            if column in side and _is_shown(kind, shown):
                side[shown] = labels.get(side[column])


def _is_shown(kind: str, column: str) -> bool:
    """False for a contact's own id, whose name stands beside it in the views of other kinds."""
    return column == "merged_into_label" or (kind in KINDS and column in VIEWS[KINDS[kind].view].by_name)


def plain(name: str, value: Any) -> Any:
    """A value of a row's image as design §6 has it: decimals as strings, times in UTC."""
    if isinstance(value, Decimal):
        return str(value)
    if name.endswith("_at") and isinstance(value, str):
        return as_text(datetime.fromisoformat(value))
    return value


def as_text(value: Any) -> Any:
    """A value as JSON has it: times RFC 3339 in UTC, ids and decimals as strings."""
    match value:
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return value
