"""Plans that make records, interactions and tasks among them; twins are shown before another one is made."""

import re
from collections.abc import Mapping
from typing import Any

from rapidfuzz.distance import OSA

from agent.offline.clause import whole
from agent.offline.form import Create, Mention
from agent.offline.grammar.slots import Slots, read_slots
from agent.offline.phrasing import article, joined, link, title_of, value
from agent.offline.plans.resolve import Desk, find, option_text, read_choice, read_yes_no, resolve, resolve_hint
from agent.offline.plans.steps import Ask, Call, Ended, Plan, Record, Say
from agent.offline.plans.writes import whole_names
from schema.customs import PREFIX
from schema.kinds import KINDS


def create(desk: Desk, command: Create) -> Plan[Say]:
    values: dict[str, Any] = {}
    for name, given in command.fields.items():
        if isinstance(given, Mention):
            yield from _link_up(desk, command.kind, name, given, values)
        else:
            values[name] = given
    if command.kind == "interaction":
        yield from _take_part(desk, command, values)
    values |= _named_after(command, values)
    yield from _required(desk, command.kind, values)
    values = whole_names(command.kind, values)
    if namesake := (yield from _namesake(command.kind, values)):
        index = yield Ask(namesake, _ANYWAY, _read_anyway)
        if index != 0:
            return Say("All right, nothing was created.")
    result = yield Call(
        "create_record", {"kind": command.kind, "fields": values, "reason": desk.reason}, f"Create the {command.kind}."
    )
    if not result["created"]:
        if not (yield from _despite_twins(command.kind, result["twins"])):
            return Say("All right, nothing was created.")
        result = yield Call(
            "create_record",
            {"kind": command.kind, "fields": values, "reason": desk.reason, "create_anyway": True},
            "Create it all the same, as the person wants.",
        )
    return Say(_created_told(desk, command, result["record"]))


def _link_up(desk: Desk, kind: str, name: str, given: Mention, values: dict[str, Any]) -> Plan[None]:
    """Puts the id of a mentioned record under its field, or nothing when the person wants to go without."""
    if given.is_hint:
        hinted = yield from resolve_hint(desk, given)
        if hinted is not None:
            values[name] = hinted["record_id"]
        return
    if name == "whose":
        record = yield from resolve(desk, given, writing=True)
        values["assignee_id" if record["kind"] == "user" else "about_id"] = record["record_id"]
        values.setdefault("assignee_id", desk.situation.user_id)
        return
    own = KINDS[kind].fields[name]
    kinds = (
        ("user",)
        if name.endswith(("owner_id", "assignee_id", "author_id", "user_id"))
        else given.kinds or own.references
    )
    if name == "account_id" and given.refers == "name":
        record = yield from _account(desk, given)
    else:
        record = yield from resolve(
            desk, Mention(given.text, kinds, given.refers, given.at, given.where, given.as_said), writing=True
        )
    if record is not None:
        if name == "account_id" and record["kind"] == "contact":
            values["contact_id"] = record["record_id"]
            if record["fields"].get("account_id"):
                values["account_id"] = record["fields"]["account_id"]
            return
        values[name] = record["record_id"]


def _account(desk: Desk, given: Mention) -> Plan[Record | None]:
    """The account; one that is not there yet can be made, or left out."""
    kinds = tuple(kind for kind in given.kinds if kind != "organization") or ("account",)
    candidates = yield from find(given, kinds)
    if candidates:
        return (
            (yield from resolve(desk, Mention(given.text, kinds, at=given.at, as_said=given.as_said), writing=True))
            if len(candidates) > 1
            else candidates[0]
        )
    options = (f"Create the account {given.text} too", "Leave the account empty", "Stop")
    index = yield Ask(f"There is no account called “{given.text}”. What shall I do?", options, read_choice(options))
    if index in (-1, 2):
        raise Ended(Say("All right, nothing was created."))
    if index == 1:
        return None
    made = yield Call(
        "create_record",
        {"kind": "account", "fields": {"name": given.text}, "reason": desk.reason},
        f"Create the account {given.text}.",
    )
    if not made["created"]:
        return made["twins"][0]
    return made["record"]


def _take_part(desk: Desk, command: Create, values: dict[str, Any]) -> Plan[None]:
    """Whom an interaction was with; the first one is what it is about, unless a record was named."""
    people: list[Record] = []
    for mention in command.participants:
        person = yield from resolve(desk, mention, writing=True)
        people += [person]
    persons = [record for record in people if record["kind"] in ("contact", "individual", "user")]
    values.setdefault("about_id", people[0]["record_id"] if people[0]["kind"] != "user" else None)
    if values["about_id"] is None:
        del values["about_id"]
    if "account_id" not in values and (
        account := next((r["fields"]["account_id"] for r in people if r.get("fields", {}).get("account_id")), None)
    ):
        values["account_id"] = account
    if persons and (len(persons) > 1 or values.get("about_id") != persons[0]["record_id"]):
        values["participants"] = [{f"{r['kind']}_id": r["record_id"]} for r in persons] + [
            {"user_id": desk.situation.user_id}
        ]
    names = joined([str(record["label"]) for record in people])
    said = {
        "call": "Call with",
        "email": "E-mail from" if values.get("direction") == "inbound" else "E-mail to",
        "meeting": "Meeting with",
        "chat": "Chat with",
    }
    values.setdefault("subject", f"{said[values['kind']]} {names}")


def _named_after(command: Create, values: Mapping[str, Any]) -> dict[str, str]:
    """A name for what people seldom name: a partnership's partner, an amount's account, a job's position."""
    account = command.fields.get("account_id")
    if values.get("name") or not isinstance(account, Mention) or account.refers != "name":
        return {}
    if command.kind == "partnership":
        return {"name": f"{account.text} partnership"}
    if command.kind == "opportunity" and values.get("amount"):
        return {"name": f"{account.text} opportunity"}
    if command.kind == "job" and values.get("position"):
        return {"name": f"{values['position']} at {account.text}"}
    return {}


def _namesake(kind: str, values: Mapping[str, Any]) -> Plan[str]:
    """The question whether a contact is a new one, where somebody there is spelt almost the same; else empty."""
    account, name = values.get("account_id"), str(values.get("full_name") or "").casefold()
    if kind != "contact" or not account or len(name) < _LONG_ENOUGH:
        return ""
    args = {"kinds": ["contact"], "query": name, "where": [f"account_id = {account}"], "limit": 3}
    result = yield Call("find_records", args, "See whether somebody there is called nearly the same.")
    for record in result["records"]:
        if 0 < OSA.distance(name, str(record["label"]).casefold()) <= _NEARLY:
            return f"There is already {option_text(record)}, spelt almost the same. Shall I create another contact?"
    return ""


_LONG_ENOUGH, _NEARLY = 7, 2
"""Letters of a name from which on so many of them may be a slip."""


def _required(desk: Desk, kind: str, values: dict[str, Any]) -> Plan[None]:
    """Asks for the one field a record cannot do without."""
    label = KINDS[kind].label_field
    if kind in ("note", "interaction") or values.get(label) or (kind == "individual" and values.get("given_name")):
        return
    answer = yield Ask(f"What should the new {kind} be called?", (), _read_name)
    if not answer:
        raise Ended(Say("All right, nothing was created."))
    values |= _named(desk, kind, answer)


def _named(desk: Desk, kind: str, answer: str) -> dict[str, Any]:
    """The name, and the fields given with it after a comma: "Training days, 12k"."""
    label, slots = KINDS[kind].label_field, Slots(kind)
    if "," in answer:
        read_slots(whole(answer, desk.situation), slots, label)
    is_plain = not slots.unknown and not any(isinstance(given, Mention) for given in slots.fields.values())
    return {label: answer} if label not in slots.fields or not is_plain else dict(slots.fields)


_NO_NAMES = (
    "show", "list", "delete", "create", "log", "move", "set", "who", "what", "how", "no", "cancel", "stop", "never",
)  # fmt: skip
_TAKEN_BACK = ("undo", "oops", "whoops", "wait", "scrap", "forget")


def _read_name(text: str) -> str | None:
    """A name given as an answer, empty when none is wanted any more; a long sentence or a command is none."""
    said = text.strip().strip(".\"'")
    said = said.removeprefix("call it ").removeprefix("Call it ").strip("\"'")
    words = re.findall(r"[\w']+", said.lower())
    if read_yes_no(text) is False or (words and words[0] in _TAKEN_BACK and len(words) <= 4):
        return ""
    return said if 0 < len(said) <= 80 and 0 < len(words) <= 8 and words[0] not in _NO_NAMES else None


def _despite_twins(kind: str, twins: list[Mapping[str, Any]]) -> Plan[bool]:
    told = joined([f"{option_text(twin)} (same {joined(list(twin.get('matched') or ['name']))})" for twin in twins[:3]])
    index = yield Ask(f"There is already {told}. Shall I create another {kind}?", _ANYWAY, _read_anyway)
    return bool(index == 0)


_ANYWAY = ("Create it anyway", "Leave it")


def _read_anyway(text: str) -> int | None:
    said = text.strip().lower().rstrip(".!")
    if any(word in said.split() for word in ("anyway", "another", "anyways")) and len(said.split()) <= 6:
        return 0
    read = read_choice(("create it anyway", "leave it"))(text)
    if read is None and said in ("yes", "y", "sure", "ok", "okay", "yes please", "go ahead", "do it"):
        return 0
    return read


_TOLD = {
    "interaction": ("occurred_at", "duration_seconds", "account_id"),
    "task": ("due_at", "priority", "assignee_id", "about_id"),
    "note": ("about_id",),
    "opportunity": ("account_id", "amount", "stage", "expected_close_date", "owner_id"),
    "contact": ("title", "account_id", "email", "phone"),
}
"""What is told of a new record, by kind; of the others what was said."""


def _created_told(desk: Desk, command: Create, record: Record) -> str:
    kind = command.kind
    own = [name for name in command.fields if name.startswith(PREFIX)]
    shown = [*_TOLD.get(kind, tuple(name for name in command.fields if name not in own)), *own]
    label = KINDS[kind].label_field
    facts = [
        f"{title_of(name, desk.situation)} {told}"
        for name in shown
        if name != label and (told := value(record["fields"], name, desk.situation)) and told != "normal"
    ]
    noun = str(record["fields"].get("kind") or kind) if kind == "interaction" else kind
    verb = "Logged" if kind == "interaction" else "Created"
    text = (
        f"{verb} {article({'email': 'e-mail'}.get(noun, noun))}: {link(record)}"
        + (f" ({', '.join(facts)})" if facts else "")
        + "."
    )
    if command.offer:
        text += f" It mentions “{command.offer}”: say “remind me to … {command.offer}” if you want a task for it."
    return text
