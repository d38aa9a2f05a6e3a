"""Plans for how a record was at an earlier moment, and for who changed it since, and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from agent.offline.form import AsOf
from agent.offline.phrasing import COLUMNS, joined, link, moment, title_of, value
from agent.offline.plans.resolve import Desk, resolve
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Record, Say
from agent.offline.sql.conditions import quoted

_ALSO: dict[str, tuple[str, ...]] = {"opportunity": ("probability", "closed_at", "loss_reason", "contact_name")}
_CHANGES = ("change", "status")
_FULL = 30
"""Entries from which on a timeline may have been cut."""


def as_of(desk: Desk, command: AsOf) -> Plan[Say]:
    """The record's fields as they were then, beside what differs now; and each change since, if asked for."""
    record = yield from resolve(desk, command.mention)
    if record["kind"] == "user":
        raise Ended(Decline(f"{record['label']} is a colleague; only records have a history."))
    args = {"record_id": record["record_id"], "as_of": command.moment}
    then = yield Call("get_record", args, f"Read {record['label']} as it was at the end of {command.said}.")
    now = yield Call(
        "get_record", {"record_id": record["record_id"]}, f"Read {record['label']} as it is, and its changes."
    )
    then = {**then, "record": (yield from _named(then["record"], now["record"]))}
    lines = [f"{link(record)} at the end of {command.said}:", *_fields(desk, then["record"], now["record"])]
    lines.extend(_since(desk, command, now["timeline"]))
    return Say("\n".join(lines))


def _named(then: Record, now: Record) -> Plan[Record]:
    """The earlier record with its owner's name beside the id."""
    fields = dict(then["fields"])
    for key in ("owner_id", "assignee_id", "author_id", "user_id"):
        name = f"{key.removesuffix('_id')}_name"
        if not fields.get(key) or fields.get(name) or name not in now["fields"]:
            continue
        if fields[key] == now["fields"].get(key):
            fields[name] = now["fields"][name]
            continue
        sql = f"SELECT name FROM users WHERE user_id = {quoted(str(fields[key]))}"
        found = yield Call("query_sql", {"sql": sql, "limit": 1}, "Look up whose it was.")
        fields[name] = found["rows"][0][0] if found["rows"] else None
    return {**then, "fields": fields}


def _fields(desk: Desk, then: Record, now: Record) -> list[str]:
    told: list[str] = []
    for column in (*COLUMNS[then["kind"]], *_ALSO.get(then["kind"], ())):
        before, after = value(then["fields"], column, desk.situation), value(now["fields"], column, desk.situation)
        if before or after:
            changed = f" (now {after or 'empty'})" if before != after else ""
            told.append(f"- {title_of(column, desk.situation)}: {before or 'empty'}{changed}")
    return told


def _since(desk: Desk, command: AsOf, timeline: Sequence[Record]) -> list[str]:
    """Who changed it since, what, and why; how many changes there were, where only the state was asked for."""
    begun = datetime.fromisoformat(command.moment)
    entries = [e for e in timeline if e["type"] in _CHANGES and datetime.fromisoformat(str(e["at"])) >= begun]
    is_whole = len(timeline) < _FULL or datetime.fromisoformat(str(timeline[-1]["at"])) < begun
    if not entries:
        return [
            "It was not changed since." if is_whole else "No change since is among the latest entries of its timeline."
        ]
    noun = "change" if len(entries) == 1 else "changes"
    head = f"{len(entries)}{'' if is_whole else ' or more'} {noun} since:"
    return [head, *(_line(desk, entry) for entry in entries)]


def _line(desk: Desk, entry: Mapping[str, Any]) -> str:
    fields = cast("list[str]", entry.get("fields") or [])
    what = f" of {joined([name.replace('_', ' ') for name in fields])}" if fields and entry["type"] == "change" else ""
    who = f", by {entry['who']}" if entry.get("who") else ""
    why = " ".join(str(entry.get("text") or entry.get("reason") or "").split())
    why = f" - {why}" if why and why != entry["label"] else ""
    return f"- {moment(str(entry['at']), desk.situation)}: {entry['label']}{what}{who}{why}"
