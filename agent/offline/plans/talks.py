"""Plans about what happened: the last talk with somebody, and a record's history over a period."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from agent.offline.form import Happened, LastTalk
from agent.offline.phrasing import joined, link, moment
from agent.offline.plans.resolve import Desk, resolve
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Record, Say

TALKED_WITH = ("account", "contact", "individual", "opportunity", "organization")
_FULL = 30
"""Entries from which on a timeline may have been cut."""
_SHOWN = 20
_CHANGES = ("change", "status")


def talks_where(record: Record) -> list[list[str]]:
    """Filters that find the interactions with a record: each list apart from the others, together complete."""
    record_id = record["record_id"]
    person = record["fields"].get("individual_id") if record["kind"] == "contact" else record_id
    if record["kind"] == "account":
        return [[f"account_id = {record_id}"]]
    if record["kind"] in ("contact", "individual") and person:
        took_part = f"participant_id = {person}"
        return [[took_part], [f"about_id = {record_id}", f"participant_id != {person}"]]
    if record["kind"] == "user":
        return [[f"participant_id = {record_id}"], [f"user_id = {record_id}", f"participant_id != {record_id}"]]
    return [[f"about_id = {record_id}"]]


def last_talk(desk: Desk, command: LastTalk) -> Plan[Say]:
    """When, how and about what; and with whom, where that was asked."""
    record = yield from resolve(desk, command.mention, TALKED_WITH)
    if record["kind"] == "organization":
        record = yield from _account_of(record)
    talks: list[Record] = []
    for filters in talks_where(record):
        kind = [f"kind = {command.kind}"] if command.kind else []
        kind += ["direction != internal"] if command.asks_who else []
        result = yield Call(
            "find_records",
            {"kinds": ["interaction"], "where": [*filters, *kind], "order_by": "occurred_at desc", "limit": 1},
            f"Find the last {command.kind or 'interaction'} with {record['label']}.",
        )
        talks.extend(result["records"])
    noun = command.kind or "interaction"
    if not talks:
        return Say(f"There is no {noun} with {link(record)} on record.")
    last = max(talks, key=lambda talk: str(talk["fields"]["occurred_at"]))
    people = (yield from _people(last)) if command.asks_who else ""
    body = " ".join(str(last["fields"].get("body") or "").split())
    told = f": {body[:299]}{'…' if len(body) > 299 else ''}" if body else "."
    return Say(
        f"The last {noun} with {link(record)} was on {moment(last['fields']['occurred_at'], desk.situation)}"
        f"{f', with {people}' if people else ''}: {link(last)} ({last['fields']['kind']}){told}"
    )


def _account_of(organization: Record) -> Plan[Record]:
    found = yield Call(
        "find_records",
        {"kinds": ["account"], "where": [f"organization_id = {organization['record_id']}"], "limit": 1},
        f"Find the account of {organization['label']}.",
    )
    if not found["records"]:
        raise Ended(Decline(f"There is no account of {link(organization)}, so nothing was logged with it."))
    return found["records"][0]


def _people(talk: Record) -> Plan[str]:
    full = yield Call("get_record", {"record_id": talk["record_id"]}, "Read who took part.")
    people = cast("list[Record]", full["record"]["fields"].get("participants") or [])
    names = [str(p["full_name"]) for p in people if p.get("individual_id")] or [str(p["full_name"]) for p in people]
    return joined(names)


def happened(desk: Desk, command: Happened) -> Plan[Say]:
    """A record's timeline within a period, read on as long as it goes further back."""
    record = yield from resolve(desk, command.mention)
    if record["kind"] == "user":
        raise Ended(Decline(f"{record['label']} is a colleague; only records have a history."))
    entries, is_whole = yield from _entries(record, command)
    noun = "changes to" if command.only_changes else "happenings with"
    when = f" ({command.said})" if command.said else ""
    if not entries:
        return Say(f"No {noun} {link(record)}{when} are on record.")
    cut = "" if is_whole and len(entries) <= _SHOWN else f", the latest {min(_SHOWN, len(entries))} shown"
    head = f"{len(entries)}{'' if is_whole else ' or more'} {noun} {link(record)}{when}{cut}:"
    return Say("\n".join([head, *(_line(desk, entry) for entry in entries[:_SHOWN])]))


def _entries(record: Record, command: Happened) -> Plan[tuple[list[Record], bool]]:
    """The entries of the period, and whether they are all."""
    args: dict[str, Any] = {"record_id": record["record_id"]}
    full = yield Call("get_record", args, f"Read what happened with {record['label']}.")
    timeline: Sequence[Record] = full["timeline"]
    found = [e for e in timeline if _within(e, command) and (not command.only_changes or e["type"] in _CHANGES)]
    is_whole = len(timeline) < _FULL or (command.since != "" and not _begun(timeline[-1], command.since))
    return found, is_whole


def _begun(entry: Record, since: str) -> bool:
    return _instant(str(entry["at"])) >= _instant(since)


def _within(entry: Record, command: Happened) -> bool:
    if command.since and not _begun(entry, command.since):
        return False
    return not command.until or _instant(str(entry["at"])) < _instant(command.until)


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _line(desk: Desk, entry: Record) -> str:
    fields = cast("list[str]", entry.get("fields") or [])
    what = f" of {joined([name.replace('_', ' ') for name in fields])}" if entry["type"] == "change" and fields else ""
    who = f", by {entry['who']}" if entry.get("who") else ""
    text = " ".join(str(entry.get("text") or "").split())
    text = f" - {text[:160]}{'…' if len(text) > 160 else ''}" if text and text != entry["label"] else ""
    return f"- {moment(str(entry['at']), desk.situation)}: {entry['type']}: {entry['label']}{what}{who}{text}"
