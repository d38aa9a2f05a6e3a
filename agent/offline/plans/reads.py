"""Plans that only read: one record, a list, a count, the last talk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from agent.offline.form import Condition, LastTalk, ListOf, Look, Mention
from agent.offline.lexicon.fields import fields_of
from agent.offline.phrasing import COLUMNS, joined, link, moment, table, title_of, value
from agent.offline.plans.resolve import Desk, interactions_in, resolve
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Record, Say
from schema.kinds import KINDS

PAGE = 20
_ORDER = {
    "opportunity": "expected_close_date asc", "task": "due_at asc", "interaction": "occurred_at desc", "note": "created_at desc",
    "account": "name asc", "organization": "name asc", "contact": "full_name asc", "individual": "full_name asc",
    "job": "updated_at desc", "partnership": "updated_at desc", "user": "name asc",
}  # fmt: skip
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
    "annual_revenue": ("amount",),
    "employee_count": ("amount",),
    "occurred_at": ("due_at",),
    "position": ("title",),
    "user_id": ("owner_id",),
    "contact_id": ("about_id",),
}


def look(desk: Desk, command: Look) -> Plan[Say]:
    """The record's main fields and latest happenings, or just the fields asked for."""
    record = yield from resolve(desk, command.mention)
    if record["kind"] == "user":
        return Say(_fields_told(desk, record, command.wanted or COLUMNS["user"]))
    if command.wanted and all(_column(record, name) for name in command.wanted) and record["fields"]:
        return Say(_fields_told(desk, record, command.wanted))
    full = yield Call("get_record", {"record_id": record["record_id"]}, f"Read {record['label']}.")
    if command.wanted:
        return Say(_fields_told(desk, full["record"], command.wanted))
    return Say(_told_whole(desk, full))


def _column(record: Record, name: str) -> str | None:
    """The record's own column for what was asked ("owner" of a task is its assignee)."""
    fields = record["fields"]
    for candidate in (name, *_INSTEAD.get(name, ())):
        if candidate in fields or f"{candidate.removesuffix('_id')}_name" in fields:
            return candidate
    return None


def _fields_told(desk: Desk, record: Record, wanted: Sequence[str]) -> str:
    told: list[str] = []
    for name in wanted:
        column = _column(record, name)
        if column is None:
            told.append(f"{title_of(name)}: not kept for {record['kind']} records")
            continue
        shown = value(record["fields"], column, desk.situation)
        if name == "city" and column == "city" and shown and record["fields"].get("country"):
            shown = f"{shown}, {record['fields']['country']}"
        told.append(f"{title_of(column)}: {shown}" if shown else f"no {title_of(column)} is recorded")
    return f"{link(record)} - {'; '.join(told)}."


def _told_whole(desk: Desk, full: Record) -> str:
    record = full["record"]
    skipped = {
        "created_by",
        "updated_by",
        "version",
        "custom",
        "via_agent",
        "is_open",
        "is_won",
        "is_lost",
        "currency",
        "is_external",
        "created_at",
        "updated_at",
    }
    names = [
        *COLUMNS[record["kind"]],
        *(
            n
            for n in record["fields"]
            if n not in COLUMNS[record["kind"]] and not n.endswith("_id") and n not in skipped
        ),
    ]
    facts = [
        f"{title_of(name)}: {shown}"
        for name in dict.fromkeys(names)
        if (shown := value(record["fields"], name, desk.situation)) and shown not in (record["label"], "no")
    ]
    lines = [f"{link(record)} ({record['kind']})", *(f"- {fact}" for fact in facts)]
    for name, found in full.get("related", {}).items():
        if isinstance(found, dict) and "total" in found:
            shown = joined([link(each) for each in found["records"][:3]])  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            lines.append(f"- {name}: {found['total']} ({shown}{', …' if found['total'] > 3 else ''})")
    latest = [entry for entry in full.get("timeline", []) if entry["type"] in ("interaction", "task", "note")][:3]
    lines.extend(f"- {moment(entry['at'], desk.situation)}: {entry['type']} - {entry['label']}" for entry in latest)
    return "\n".join(lines)


def last_talk(desk: Desk, command: LastTalk) -> Plan[Say]:
    record = yield from resolve(
        desk, command.mention, ("account", "contact", "individual", "organization", "opportunity")
    )
    full = yield Call("get_record", {"record_id": record["record_id"]}, f"Read what happened with {record['label']}.")
    talks = interactions_in(full, command.kind)
    if not talks:
        return Say(f"There is no {command.kind or 'interaction'} with {link(record)} on record.")
    last = talks[0]
    entry = {"kind": "interaction", "record_id": last["record_id"], "label": last["label"]}
    text = f" - {last['text']}" if last.get("text") else ""
    return Say(
        f"The last {command.kind or 'interaction'} with {link(record)} was on {moment(last['at'], desk.situation)}: {link(entry)}{text}"
    )


_TALKED_WITH = ("account", "contact", "individual", "opportunity", "organization")


def list_of(desk: Desk, command: ListOf) -> Plan[Say]:
    """A table, or a number; with conditions told, and what is cut off."""
    person = next((c for c in command.conditions if c.column == "about_id" and isinstance(c.value, Mention)), None)
    where: list[str] = []
    for condition in command.conditions:
        if condition is person and command.kinds == ("interaction",) and isinstance(condition.value, Mention):
            about = yield from resolve(desk, condition.value, _TALKED_WITH)
            if about["kind"] in ("contact", "individual"):
                return (yield from _talks_with(desk, command, about))
            where.append(f"{'account_id' if about['kind'] == 'account' else 'about_id'} = {about['record_id']}")
            continue
        where.append((yield from _filter(desk, command.kinds[0], condition)))
    parts: list[str] = []
    total = 0
    for kind in command.kinds:
        result = yield Call(
            "find_records", _args(command, kind, where), f"List {KINDS[kind].plural if kind in KINDS else 'users'}."
        )
        total += result["total"]
        if result["records"] and not command.counting:
            parts.append(table(result["records"], desk.situation))
            if result["truncated"] and not command.limit:
                parts.append(f"{result['returned']} of {result['total']} shown.")
    return Say(_list_told(command, total, parts))


def _args(command: ListOf, kind: str, where: Sequence[str]) -> dict[str, Any]:
    order = command.order_by or _ORDER[kind]
    args: dict[str, Any] = {
        "kinds": [kind],
        "where": list(where),
        "order_by": order,
        "limit": 1 if command.counting else command.limit or PAGE,
    }
    return args


def _list_told(command: ListOf, total: int, parts: Sequence[str]) -> str:
    told = joined([c.said for c in command.conditions if c.said]) if any(c.said for c in command.conditions) else ""
    kind = command.kinds[0] if len(command.kinds) == 1 else "lead"
    noun = command.noun if total != 1 else kind
    if total != 1 and not noun.endswith("s") and noun != "people":
        noun = KINDS[kind].plural if kind in KINDS else f"{kind}s"
    cut = f"{command.limit} of " if command.limit and command.limit < total and not command.counting else ""
    head = f"{cut}{total} {noun}" + (f" ({told})" if told else "")
    remark = f" {command.remark}" if command.remark else ""
    if command.counting or not parts:
        return f"{head if total else head.replace('0 ', 'No ', 1)}.{remark}"
    return "\n\n".join([f"{head}:{remark}", *parts])


def _filter(desk: Desk, kind: str, condition: Condition) -> Plan[str]:
    """A condition in the filter grammar, names turned into ids."""
    column, given = condition.column, condition.value
    if column == "tags":
        raise Ended(Decline("Lists cannot be narrowed by tag; show a record to see its tags."))
    if isinstance(given, Mention):
        if given.refers == "me" and column != "whose":
            return f"{column} = me"
        record = yield from resolve(desk, given, _kinds_for(column, kind))
        column = _linking(column, kind, record)
        if column.endswith("_name"):
            return f'{column} = "{record["label"]}"'
        return f"{column} {condition.op} {record['record_id']}"
    if condition.op == "in":
        return f"{column} in ({given})"
    if condition.op == "is":
        return f"{column} is {given}"
    return f"{column} {condition.op} {_quoted(given)}"


def _quoted(text: str) -> str:
    return f'"{text}"' if any(char in text for char in ",'()") and '"' not in text else text


def _kinds_for(column: str, kind: str) -> tuple[str, ...]:
    field = fields_of(kind).get(column)
    if field and field.references:
        return field.references
    return (
        ("user",)
        if column.endswith(("owner_id", "assignee_id"))
        else ("account", "contact", "opportunity", "individual", "organization", "job", "partnership")
    )


def _linking(column: str, kind: str, record: Record) -> str:
    """The column of a kind that names a record of another kind."""
    own = fields_of(kind)
    if column != "whose" and not (column == "account_id" and record["kind"] != "account"):
        return column
    if record["kind"] == "user":
        return KINDS[kind].owner_field or "owner_id"
    if record["kind"] == "organization" and "account_id" in own:
        return "account_name"
    linked = f"{record['kind']}_id"
    if linked in own:
        return linked
    if "about_id" in own:
        return "about_id"
    raise Ended(Decline(f"{link(record)} is {record['kind']} and not something that {KINDS[kind].plural} belong to."))


def _talks_with(desk: Desk, command: ListOf, person: Record) -> Plan[Say]:
    """Interactions with one person, from their timeline: a person takes part, and need not be what it is about."""
    full = yield Call("get_record", {"record_id": person["record_id"]}, f"Read what happened with {person['label']}.")
    kind = next((str(c.value) for c in command.conditions if c.column == "kind"), None)
    talks = [talk for talk in interactions_in(full, kind) if _within(talk, command.conditions)]
    limit = command.limit or PAGE
    noun = command.noun if len(talks) != 1 else kind or "interaction"
    if command.counting or not talks:
        told = joined([c.said for c in command.conditions if c.said and c.column == "occurred_at"] or [""])
        return Say(f"{len(talks) or 'No'} {noun} with {link(person)}{f' ({told})' if told else ''}.")
    rows = [
        f"- {moment(talk['at'], desk.situation)}: {link({'kind': 'interaction', **talk})}"
        + (f" - {talk['text']}" if talk.get("text") else "")
        for talk in talks[:limit]
    ]
    return Say("\n".join([f"{min(len(talks), limit)} of {len(talks)} {noun} with {link(person)}:", *rows]))


def _within(talk: Record, conditions: Sequence[Condition]) -> bool:
    """Whether a talk of a timeline keeps the conditions on its time."""
    for condition in conditions:
        if condition.column != "occurred_at":
            continue
        at, bound = moment_key(talk["at"]), moment_key(str(condition.value))
        if (condition.op == ">=" and at < bound) or (condition.op == "<" and at >= bound):
            return False
    return True


def moment_key(text: str) -> float:
    from_iso = text.replace("Z", "+00:00")
    return datetime.fromisoformat(from_iso).timestamp()
