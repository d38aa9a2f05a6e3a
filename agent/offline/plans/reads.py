"""Plans that look one record up: its main fields and latest happenings, or the fields asked for."""

from collections.abc import Sequence
from typing import Any, cast

from agent.offline.form import Look
from agent.offline.phrasing import COLUMNS, joined, link, moment, title_of, value
from agent.offline.plans.resolve import Desk, resolve
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Record, Say
from schema.customs import PREFIX
from schema.telling import spread

_INSTEAD: dict[str, tuple[str, ...]] = {
    "stage": ("status",),
    "status": ("stage",),
    "owner": ("owner_id", "assignee_id", "author_id", "user_id"),
    "owner_id": ("assignee_id", "author_id", "user_id"),
    "assignee_id": ("owner_id",),
    "account": ("account_id", "organization_id"),
    "account_id": ("about_id", "organization_id"),
    "title": ("position", "subject", "name"),
    "expected_close_date": ("due_at", "start_date", "closed_at"),
    "due_at": ("expected_close_date", "start_date"),
    "amount": ("annual_revenue", "salary_max", "revenue_share"),
    "full_name": ("name",),
    "name": ("full_name", "title"),
    "body": ("description",),
    "description": ("body",),
    "city": ("country",),
    "position": ("title",),
    "user_id": ("owner_id",),
    "author_id": ("user_id", "owner_id", "assignee_id"),
    "revenue_share": ("probability",),
    "occurred_at": ("due_at",),
}
"""Columns that hold what was asked for where a kind has none of that name."""
_BEHIND: dict[str, tuple[str, ...]] = {
    "account": ("organization_id",),
    "contact": ("individual_id",),
    "organization": ("accounts",),
    "individual": ("contacts",),
}
"""The record that knows more about the same company or person."""
_RATHER_BEHIND = ("city", "domain", "employee_count", "annual_revenue")
"""What is told of the company or person rather than by the next best column of the record."""
_SHOWN_BY = {"about_id": "about_label", "organization_id": "organization_name", "individual_id": "full_name"}
_PRIMARY = ("is_primary", "contact_id")
_UNTOLD = {
    "created_by", "updated_by", "version", "custom", "via_agent", "is_open", "is_won", "is_lost", "currency",
    "is_external", "created_at", "updated_at", "participants",
}  # fmt: skip


def look(desk: Desk, command: Look) -> Plan[Say]:
    """The record's main fields and latest happenings, or just the fields asked for."""
    record = yield from resolve(desk, command.mention)
    if record["kind"] == "user":
        return Say(
            _fields_told(
                desk,
                record,
                [(name, record) for name in command.wanted or [c for c in COLUMNS["user"] if c in record["fields"]]],
            )
        )
    if command.wanted and record["fields"] and all(_is_own(record, name) for name in command.wanted):
        return Say(_fields_told(desk, record, [(name, record) for name in command.wanted]))
    full = yield Call("get_record", {"record_id": record["record_id"]}, f"Read {record['label']}.")
    if not command.wanted:
        return Say(_told_whole(desk, full))
    if record["kind"] == "account" and any(name in _PRIMARY for name in command.wanted):
        return (yield from _contacts_of(desk, full["record"]))
    held: dict[str, Record] = {}
    for name in command.wanted:
        held[name] = yield from _holder(full, name)
    return Say(_fields_told(desk, full["record"], list(held.items())))


def _column(record: Record, name: str) -> str | None:
    """The record's own column for what was asked ("owner" of a task is its assignee)."""
    fields = record["fields"]
    if name.startswith(PREFIX):
        return name if "custom" in fields else None
    for candidate in (name, *_INSTEAD.get(name, ())):
        for column in (candidate, f"{candidate}_id"):
            if column in fields or _named(column) in fields:
                return column
    return None


def _is_own(record: Record, name: str) -> bool:
    return _column(record, name) is not None and (name not in _RATHER_BEHIND or name in record["fields"])


def _named(column: str) -> str:
    """The column that shows what an id stands for."""
    return _SHOWN_BY.get(column) or (f"{column.removesuffix('_id')}_name" if column.endswith("_id") else column)


def _holder(full: Record, name: str) -> Plan[Record]:
    """The record that keeps the field: this one, or the company or person behind it."""
    record: Record = full["record"]
    if _is_own(record, name):
        return record
    for behind in _BEHIND.get(record["kind"], ()):
        held = full.get("related", {}).get(behind)
        related = cast("list[Record]", held["records"]) if isinstance(held, dict) and "records" in held else []
        record_id = record["fields"].get(behind) or (related[0]["record_id"] if len(related) == 1 else None)
        if record_id is None:
            continue
        other = yield Call("get_record", {"record_id": record_id}, f"Read what stands behind {record['label']}.")
        if _column(other["record"], name):
            return other["record"]
    return record


def _contacts_of(desk: Desk, account: Record) -> Plan[Say]:
    """The primary contacts of an account; all of them when none is primary."""
    where = [f"account_id = {account['record_id']}"]
    found = yield Call(
        "find_records",
        {"kinds": ["contact"], "where": [*where, "is_primary = true"], "order_by": "full_name asc", "limit": 5},
        f"Find the primary contact of {account['label']}.",
    )
    if found["records"]:
        told = [link(r) + (f" ({', '.join(facts)})" if (facts := _reach(desk, r)) else "") for r in found["records"]]
        return Say(f"{link(account)} - primary contact: {joined(told)}.")
    found = yield Call(
        "find_records",
        {"kinds": ["contact"], "where": where, "order_by": "full_name asc", "limit": 20},
        f"List the contacts of {account['label']}.",
    )
    if not found["records"]:
        raise Ended(Decline(f"{link(account)} has no contacts on record."))
    told = [link(r) for r in found["records"]]
    return Say(f"{link(account)} has no primary contact; its contacts are {joined(told)}.")


def _reach(desk: Desk, contact: Record) -> list[str]:
    shown = [value(contact["fields"], column, desk.situation) for column in ("title", "email", "phone")]
    return [each for each in shown if each]


def _fields_told(desk: Desk, record: Record, held: Sequence[tuple[str, Record]]) -> str:
    told: list[str] = []
    for name, holder in held:
        column = _column(holder, name)
        if column is None:
            told.append(f"{title_of(name, desk.situation)}: not kept for {record['kind']} records")
            continue
        shown = _participants(holder) if column == "participants" else value(holder["fields"], column, desk.situation)
        if name == "city" and column == "city" and shown and holder["fields"].get("country"):
            shown = f"{shown}, {holder['fields']['country']}"
        title = title_of(column, desk.situation)
        told.append(f"{title}: {shown}" if shown else f"no {title} is recorded")
    return f"{link(record)} - {'; '.join(told)}."


def _participants(record: Record) -> str:
    people = cast("list[Record]", record["fields"].get("participants") or [])
    return joined([str(person["full_name"]) for person in people if person.get("full_name")])


def _told_whole(desk: Desk, full: Record) -> str:
    record = full["record"]
    names = [
        *COLUMNS[record["kind"]],
        *(name for name in spread(record["fields"]) if name.startswith(PREFIX)),
        *(
            n
            for n in record["fields"]
            if n not in COLUMNS[record["kind"]] and not n.endswith("_id") and n not in _UNTOLD
        ),
    ]
    facts = [
        f"{title_of(name, desk.situation)}: {shown}"
        for name in dict.fromkeys(names)
        if (shown := value(record["fields"], name, desk.situation)) and shown not in (record["label"], "no")
    ]
    if people := _participants(record):
        facts.append(f"participants: {people}")
    lines = [f"{link(record)} ({record['kind']})", *(f"- {fact}" for fact in facts)]
    for name, found in full.get("related", {}).items():
        if isinstance(found, dict) and "total" in found:
            held = cast("dict[str, Any]", found)
            shown = joined([link(each) for each in held["records"][:3]])
            lines.append(f"- {name}: {held['total']} ({shown}{', …' if held['total'] > 3 else ''})")
    latest = [entry for entry in full.get("timeline", []) if entry["type"] in ("interaction", "task", "note")][:3]
    lines.extend(f"- {moment(entry['at'], desk.situation)}: {entry['type']} - {entry['label']}" for entry in latest)
    return "\n".join(lines)
