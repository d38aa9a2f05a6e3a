"""What happened to a record and around it, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.audit import ChangeFilter, list_changes
from schema.session import Row
from schema.telling import spread
from schema.views import VIEWS
from tools.context import Call
from tools.records.rows import Stored
from tools.records.shown import as_json
from tools.records.tables import LEADS, PARTICIPANTS, table_of

MOST = 30
MOST_INSIGHTS = 6
LONGEST_TEXT = 300


def timeline_of(call: Call, stored: Stored, until: datetime | None = None) -> list[dict[str, Any]]:
    """At most MOST happenings: `{"at", "type", "record_id", "label", "text", "who"}`, newest first; what was inferred says
    `is_inferred`."""
    entries = [
        *_merges(call, stored, until),
        *_interactions(call, stored, until),
        *_tasks(call, stored, until),
        *_notes(call, stored, until),
        *_insights(call, stored, until),
        *_changes(call, stored, until),
    ]
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    return [as_json(entry) for entry in entries[:MOST]]


def _subjects(call: Call, stored: Stored) -> Sequence[UUID]:
    """The record, and for an account or contact the leads whose talks are theirs too."""
    column = {"account": LEADS.c.account_id, "contact": LEADS.c.contact_id}.get(stored.kind.name)
    if column is None:
        return [stored.record_id]
    leads = call.session.select(
        sa.select(LEADS.c.id).where(LEADS.c.tenant_id == call.tenant_id, column == stored.record_id)
    )
    return [stored.record_id, *(row["id"] for row in leads)]


def _interactions(call: Call, stored: Stored, until: datetime | None) -> list[dict[str, Any]]:
    view = VIEWS["interactions"].clause()
    about = view.c.about_id.in_(_subjects(call, stored))
    if stored.kind.name == "account":
        about = sa.or_(about, view.c.account_id == stored.record_id)
    individual = _individual_of(stored)
    if individual is not None:
        took_part = sa.select(PARTICIPANTS.c.interaction_id).where(
            PARTICIPANTS.c.tenant_id == call.tenant_id, PARTICIPANTS.c.individual_id == individual
        )
        about = sa.or_(about, view.c.interaction_id.in_(took_part))
    rows = call.session.select(
        sa.select(view)
        .where(about, *([view.c.occurred_at <= until] if until else []))
        .order_by(view.c.occurred_at.desc())
        .limit(MOST)
    )
    return [
        {
            "at": row["occurred_at"],
            "type": "interaction",
            "record_id": row["interaction_id"],
            "label": f"{row['kind']}, {row['direction']}: {row['subject'] or row['about_label'] or ''}".rstrip(": "),
            "text": _shortened(row["body"]),
            "who": row["user_name"],
        }
        for row in rows
    ]


def _individual_of(stored: Stored) -> UUID | None:
    match stored.kind.name:
        case "individual":
            return stored.record_id
        case "contact":
            return stored.value("individual_id")
        case _:
            return None


def _tasks(call: Call, stored: Stored, until: datetime | None) -> list[dict[str, Any]]:
    return [
        {
            "at": row["created_at"],
            "type": "task",
            "record_id": row["task_id"],
            "label": row["title"],
            "text": f"{row['status']}, priority {row['priority']}"
            + (f", due {as_json(row['due_at'])}" if row["due_at"] else ""),
            "who": row["assignee_name"],
        }
        for row in _about(call, "tasks", stored, until)
    ]


def _notes(call: Call, stored: Stored, until: datetime | None) -> list[dict[str, Any]]:
    return [
        {
            "at": row["created_at"],
            "type": "note",
            "record_id": row["note_id"],
            "label": row["body"].split("\n", 1)[0][:80],
            "text": _shortened(row["body"]),
            "who": row["author_name"],
        }
        for row in _about(call, "notes", stored, until)
    ]


def _insights(call: Call, stored: Stored, until: datetime | None) -> list[dict[str, Any]]:
    """What was inferred, never to be taken for what somebody wrote; what a person has rejected is not told."""
    view = VIEWS["insights"].clause()
    rows = call.session.select(
        sa.select(view)
        .where(
            view.c.record_id == stored.record_id,
            view.c.verified_by_user.is_not(False),
            *([view.c.created_at <= until] if until else []),
        )
        .order_by(view.c.created_at.desc(), view.c.insight_id.desc())
        .limit(MOST_INSIGHTS)
    )
    return [
        {
            "at": row["created_at"],
            "type": "insight",
            "insight_id": row["insight_id"],
            "label": f"inferred {row['kind'].replace('_', ' ')}",
            "text": row["statement"],
            "is_inferred": True,
            "confidence": float(row["confidence"]),
            "verified_by_user": row["verified_by_user"],
            "who": row["model"],
        }
        for row in rows
    ]


def _about(call: Call, name: str, stored: Stored, until: datetime | None) -> list[Row]:
    view = VIEWS[name].clause()
    return call.session.select(
        sa.select(view)
        .where(
            view.c.about_id.in_(_subjects(call, stored)),
            *([view.c.created_at <= until] if until else []),
        )
        .order_by(view.c.created_at.desc())
        .limit(MOST)
    )


def _changes(call: Call, stored: Stored, until: datetime | None) -> list[dict[str, Any]]:
    status = stored.kind.status_field
    found = list_changes(call.session, ChangeFilter(record_id=stored.record_id, limit=MOST))["changes"]
    entries: list[dict[str, Any]] = []
    for change in found:
        at = datetime.fromisoformat(change["occurred_at"])
        is_of_insights = set(change["after"] or {}) | set(change["before"] or {}) == {"insights"}
        if is_of_insights or (until is not None and at > until):
            continue
        moved = change["action"] == "update" and status is not None and status in (change["after"] or {})
        entries.append(
            {
                "at": at,
                "type": "status" if moved else "change",
                "change_id": change["change_id"],
                "label": f"{change['before'][status]} → {change['after'][status]}" if moved else change["action"],
                "text": change["reason"],
                "fields": sorted(spread(change["after"] or {})) if change["action"] == "update" else [],
                "who": change["on_behalf_of"] or change["actor"],
                "via_agent": change["via_agent"],
                "run_id": change["run_id"],
            }
        )
    return entries


def _merges(call: Call, stored: Stored, until: datetime | None) -> list[dict[str, Any]]:
    """The records that this one has taken the place of."""
    table = table_of(stored.kind.table)
    merged = call.session.select(
        sa.select(table.c.id).where(table.c.tenant_id == call.tenant_id, table.c.merged_into_id == stored.record_id)
    )
    changes = [
        change
        for row in merged
        for change in list_changes(call.session, ChangeFilter(record_id=row["id"], limit=1))["changes"]
    ]
    return [
        {
            "at": at,
            "type": "change",
            "change_id": change["change_id"],
            "label": f"merged {change['label']} into this",
            "text": change["reason"],
            "fields": [],
            "who": change["on_behalf_of"] or change["actor"],
            "via_agent": change["via_agent"],
            "run_id": change["run_id"],
        }
        for change in changes
        if (at := datetime.fromisoformat(change["occurred_at"])) and (until is None or at <= until)
    ]


def _shortened(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
