"""Records, candidates and changes, laid out for people."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from commands.terminal import cut, facts, page, rows, say, short, told, words
from schema.kinds import KINDS
from schema.telling import spread

LIST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organization": ("name", "domain", "industry", "city", "country"),
    "account": ("name", "tier", "status", "owner_name", "last_interaction_at"),
    "individual": ("full_name", "email", "phone", "city", "country"),
    "contact": ("full_name", "title", "account_name", "email", "phone"),
    "opportunity": ("name", "stage", "amount", "expected_close_date", "owner_name"),
    "job": ("name", "account_name", "status", "position", "start_date", "owner_name"),
    "partnership": ("name", "account_name", "status", "partner_type", "owner_name"),
    "task": ("title", "status", "due_at", "assignee_name", "about_label"),
    "note": ("body", "author_name", "about_label", "created_at"),
    "interaction": ("occurred_at", "kind", "subject", "about_label", "user_name"),
    "user": ("name", "email", "role", "is_active"),
}


def show_candidates(found: Mapping[str, Any]) -> None:
    """What a search by name found, best first."""
    lines = [
        (short(each["record_id"]), each["kind"], each["label"], each["detail"], _score(each["score"]))
        for each in found["records"]
    ]
    rows(("id", "kind", "record", "detail", "score"), lines, empty="Nothing was found.")
    if found["ambiguous"]:
        say("Several fit equally well.")
    page(found["returned"], found["total"], "raise --limit to see more.")


def show_list(kind: str, found: Mapping[str, Any]) -> None:
    """A page of one kind."""
    columns = LIST_COLUMNS[kind]
    lines = [
        (short(each["record_id"]), *(cut(_shown(each["fields"], name)) for name in columns))
        for each in found["records"]
    ]
    rows(("id", *columns), lines, empty="There are none.")
    page(found["returned"], found["total"], "raise --limit or add --where to see more.")


def show_record(found: Mapping[str, Any]) -> None:
    """One record: its fields, what belongs to it, what happened."""
    record = found["record"]
    say(f"{record['kind']} {record['label']} ({record['record_id']}, version {record['version']})\n")
    facts({name: value for name, value in spread(record["fields"]).items() if value not in (None, [], {})})
    for name, related in found["related"].items():
        _show_related(name, related)
    if found["timeline"]:
        say("\nTimeline")
        lines = [_happening(each) for each in found["timeline"]]
        rows(("id", "when (UTC)", "what", "record", "text", "who"), lines, empty="")


def show_twins(kind: str, twins: Sequence[Mapping[str, Any]]) -> None:
    """Why nothing was created."""
    say(f"Nothing was created: this {kind} looks like one that exists. --anyway creates it all the same.")
    lines = [(short(each["record_id"]), each["kind"], each["label"], told(each["matched"])) for each in twins]
    rows(("id", "kind", "record", "matched"), lines, empty="")


def show_merged(result: Mapping[str, Any]) -> None:
    """What became one record, what came with it, and where the records said something else."""
    kept, merged = result["record"], result["merged"]
    for each in merged:
        into = f"{kept['label']} ({short(kept['record_id'])})" if each["into_id"] == kept["record_id"] else "its twin"
        say(f"Merged {each['kind']} {each['label']} ({short(each['record_id'])}) into {into}")
    if result["moved"]:
        say("Moved along: " + ", ".join(_counted(count, what) for what, count in result["moved"].items()))
    for name, value in result["filled"].items():
        say(f"  {words(name)}: {told(value)} (was empty)")
    for each in result["differing"]:
        say(f"  {words(each['field'])} stays {told(each['kept'])}, not {' or '.join(map(told, each['others']))}")
    say(f"Take it back with: crm-agent undo {short(result['changes'][-1])}")


def _counted(count: int, plural: str) -> str:
    singular = {kind.plural: kind.name for kind in KINDS.values()}.get(plural, plural.removesuffix("s"))
    return f"{count} {singular if count == 1 else plural}"


def _shown(fields: Mapping[str, Any], name: str) -> Any:
    """The field; an amount with its currency."""
    value = fields.get(name)
    return f"{value} {fields['currency']}" if name == "amount" and value is not None else value


def _show_related(name: str, related: Any) -> None:
    """What belongs to the record; what it names is among its fields already."""
    if isinstance(related, list):
        say(f"\n{name.capitalize()}")
        people = [(each["full_name"], each["role"]) for each in cast("list[dict[str, Any]]", related)]
        rows(("who", "role"), people, empty="")
    elif "records" in related:
        say(f"\n{name.capitalize()}")
        lines = [(short(each["record_id"]), each["label"], each["detail"]) for each in related["records"]]
        rows(("id", "record", "detail"), lines, empty="")
        page(len(lines), related["total"], f"`records list {name}` with --where shows all.")


def _happening(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    identifier = entry.get("record_id") or entry.get("change_id")
    who = str(entry["who"] or "").split("@")[0]
    return (short(identifier), entry["at"], entry["type"], cut(entry["label"]), cut(entry["text"]), who)


def _score(score: float | None) -> str:
    return "" if score is None else f"{score:.2f}"
