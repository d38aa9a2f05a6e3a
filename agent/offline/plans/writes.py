"""Plans that change records: find first, ask when unsure, change one record at a time, tell before and after."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from agent.offline.clause import whole
from agent.offline.form import Delete, Fields, Growth, Mention, Restore, Shift, Tag, Undo, Update
from agent.offline.grammar.values import value_of
from agent.offline.phrasing import joined, link, title_of, value
from agent.offline.plans.resolve import (
    SAME,
    WHOLE,
    Cancelled,
    Desk,
    choose,
    confirmed,
    read_choice,
    read_yes_no,
    resolve,
)
from agent.offline.plans.steps import Ask, Call, CallFailed, Decline, Ended, Plan, Record, Say
from agent.offline.text import tidy
from agent.offline.values.calendar import shifted
from agent.offline.words import word_set
from retrieval.folding import split_full_name
from schema.customs import PREFIX
from schema.kinds import KINDS
from schema.telling import spread


def ids_of(desk: Desk, fields: Fields, kind: str, now: Record) -> Plan[dict[str, Any]]:
    """Field values with every mention turned into an id, and every shift worked out from the value there is now."""
    values: dict[str, Any] = {}
    for name, given in fields.items():
        if isinstance(given, Mention):
            own = KINDS[kind].fields.get(name)
            kinds = given.kinds or (own.references if own else ())
            record = yield from resolve(desk, given, kinds, writing=True)
            values[name] = record["record_id"]
        elif isinstance(given, Shift):
            values[name] = _shifted(now, name, given)
        elif isinstance(given, Growth):
            # What an earlier turn showed may have changed since.
            fresh = yield Call("get_record", {"record_id": now["record_id"]}, f"Read the {name} there is now.")
            values[name] = _grown(fresh["record"], name, given)
        else:
            values[name] = given
    return whole_names(kind, values)


def _shifted(record: Record, name: str, by: Shift) -> str:
    held = spread(record.get("fields", {})).get(name)
    if not held:
        raise Ended(Decline(f"{link(record)} has no {title_of(name)} yet that could be moved; give the date itself."))
    moment = datetime.fromisoformat(str(held))
    day = shifted(moment.date(), by.months) + timedelta(days=by.days)
    return datetime.combine(day, moment.timetz()).isoformat() if len(str(held)) > 10 else day.isoformat()


def _grown(record: Record, name: str, by: Growth) -> str:
    fields = record.get("fields", {})
    if fields.get(name) is None:
        raise Ended(Decline(f"{link(record)} has no {title_of(name)} yet; give the {title_of(name)} itself."))
    if by.currency and by.currency != fields.get("currency"):
        raise Ended(Decline(f"{link(record)} is in {fields.get('currency')}; give the new {title_of(name)} itself."))
    held = Decimal(str(fields[name]))
    grown = (held + by.amount + held * by.percent / 100).quantize(Decimal("0.01"))
    if grown < 0:
        raise Ended(Decline(f"That would take the {title_of(name)} of {link(record)} below zero."))
    return f"{grown:f}"


def whole_names(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """An individual's full name in its two parts, which alone can be written."""
    full = values.pop("full_name", None) if kind == "individual" else None
    if not full:
        return values
    given, family = split_full_name(str(full))
    return {"given_name": given, "family_name": family, **values}


def update(desk: Desk, command: Update) -> Plan[Say]:
    kinds = tuple(dict.fromkeys([*command.by_kind, *command.asks]))
    latest = desk.memory.latest(())
    if command.is_correction and (latest is None or latest.kind not in kinds):
        raise Ended(Decline("I do not know what that is to set right; name the record and the field, please."))
    record = yield from resolve(desk, command.mention, kinds, writing=True, whole=command.is_terse)
    kind = record["kind"]
    if kind in command.by_kind:
        fields = yield from ids_of(desk, command.by_kind[kind], kind, record)
    elif kind in command.asks:
        column, options = command.asks[kind]
        given = yield from _asked(desk, record, column, options)
        fields = yield from ids_of(desk, given, kind, record)
    else:
        raise Ended(Decline(f"{link(record)} is {kind}; that change does not apply to it."))
    result = yield Call(
        "update_record",
        {"record_id": record["record_id"], "fields": fields, "reason": desk.reason},
        f"Change {record['label']}.",
    )
    return Say(_changes_told(desk, record, result))


def _asked(desk: Desk, record: Record, column: str, options: tuple[str, ...]) -> Plan[Fields]:
    """The value that is still missing; raises Cancelled when the person wants none."""
    if options:
        index: int = yield Ask(f"To which {column} should {record['label']} go?", options, read_choice(options))
        if index < 0:
            raise Cancelled
        return {column: options[index]}
    field = KINDS[record["kind"]].fields[column]

    def reads(text: str) -> Fields | Literal[False] | None:
        if read_yes_no(text) is False:
            return False
        said = whole(tidy(text), desk.situation)
        return value_of(said.cut(said.skip(0, *_TO)), field, record["kind"])

    choices = tuple(each.replace("_", " ") for each in field.choices)
    given: Fields | Literal[False] = yield Ask(
        f"What should the {title_of(column)} of {record['label']} be?", choices, reads
    )
    if given is False:
        raise Cancelled
    return given


_TO = word_set("to make it set is be should please the as , : =")


def _changes_told(desk: Desk, before: Record, result: Mapping[str, Any]) -> str:
    after = result["record"]
    names = dict.fromkeys(
        "full_name" if name in _NAME_PARTS and "full_name" in after["fields"] else name
        for name in result.get("changed", ())
    )
    changed = [name for name in names if name in after["fields"] or name.endswith("_id") or name.startswith(PREFIX)]
    if not names:
        return f"{link(after)} was like that already; nothing was changed."
    told: list[str] = []
    for name in changed:
        old, new = value(before.get("fields", {}), name, desk.situation), value(after["fields"], name, desk.situation)
        told.append(f"{title_of(name, desk.situation)} {f'{old} → ' if old and old != new else ''}{new or 'empty'}")
    return f"Changed {link(after)}: {joined(told)}." if told else f"Changed {link(after)}."


_NAME_PARTS = ("given_name", "family_name")


def tag(desk: Desk, command: Tag) -> Plan[Say]:
    record = yield from resolve(desk, command.mention, writing=True)
    full = yield Call("get_record", {"record_id": record["record_id"]}, f"Read the tags of {record['label']}.")
    held: list[str] = list(full["record"]["fields"].get("tags") or [])
    wanted = (
        [t for t in held if t not in command.tags]
        if command.remove
        else [*held, *(t for t in command.tags if t not in held)]
    )
    if wanted == held:
        return Say(
            f"{link(record)} {'does not carry' if command.remove else 'carries'} {joined(command.tags)} already."
            if not command.remove
            else f"{link(record)} is not tagged {joined(command.tags)}."
        )
    yield Call(
        "update_record",
        {"record_id": record["record_id"], "fields": {"tags": wanted}, "reason": desk.reason},
        f"Change the tags of {record['label']}.",
    )
    verb, side = ("Removed", "from") if command.remove else ("Added", "to")
    return Say(f"{verb} {joined([f'“{tag}”' for tag in command.tags])} {side} {link(record)}.")


def delete(desk: Desk, command: Delete) -> Plan[Say]:
    record = yield from resolve(
        desk, command.mention, writing=True, whole=not command.mention.kinds or len(command.mention.kinds) > 3
    )
    result = yield Call(
        "delete_record", {"record_id": record["record_id"], "reason": desk.reason}, f"Delete {record['label']}."
    )
    label = result["record"].get("label") or record["label"]
    return Say(f"Deleted the {record['kind']} {label}. Say “undo that” to bring it back.")


def restore(desk: Desk, command: Restore) -> Plan[Say]:
    """What was deleted in this conversation comes first; else whatever deleted record has the name."""
    mention = command.mention
    record_id = mention.text if mention.refers == "id" else _deleted_id(desk, mention)
    if record_id is None:
        record_id = (yield from _deleted(mention))["record_id"]
    result = yield Call("restore_record", {"record_id": record_id, "reason": desk.reason}, "Restore the record.")
    return Say(f"Restored {link(result['record'])}.")


def _deleted_id(desk: Desk, mention: Mention) -> str | None:
    words = set(mention.text.lower().split())
    for seen in reversed(desk.memory.deleted):
        if (
            mention.refers == "focus"
            or words <= set(seen.label.lower().split())
            or mention.text.lower() in seen.label.lower()
        ):
            return seen.record_id
    return None


def _deleted(mention: Mention) -> Plan[Record]:
    """The deleted record of that name; the contact where the individual behind it went too."""
    if mention.refers != "name":
        raise Ended(
            Decline(f"Nothing was deleted in this conversation; name the record, please, not “{mention.spoken}”.")
        )
    args: dict[str, Any] = {"query": mention.text, "deleted": True, "limit": 8}
    if mention.kinds and len(mention.kinds) <= 3:
        args["kinds"] = list(mention.kinds)
    found: list[Record] = (yield Call("find_records", args, f"Find “{mention.text}” among what was deleted."))[
        "records"
    ]
    if not found:
        raise Ended(
            Decline(f"I found no deleted record called “{mention.text}”; what was deleted is in crm-agent audit list.")
        )
    best = [record for record in found if (found[0].get("score") or 0) - (record.get("score") or 0) < SAME]
    chosen = best[0] if len(best) == 1 else (yield from choose(best, mention))
    if (chosen.get("score") or 0) < WHOLE:
        yield from confirmed(chosen)
    return chosen


MOST_SINGLY = 5
"""Changes that are taken back one by one; more are taken back with their run, all together."""


def undo(desk: Desk, command: Undo) -> Plan[Say]:
    if command.target:
        return Say(_undone_told(desk, (yield from _undo_by_id(desk, command.target, is_run=command.is_run))))
    if command.is_merge:
        change = yield from _merge_of(desk, command.mention)
        result = yield Call("undo", {"change_id": change, "reason": desk.reason}, "Take the merge back whole.")
        return Say(_undone_told(desk, result))
    if command.mention is not None:
        change = yield from _latest_change(desk, command.mention)
        result = yield Call("undo", {"change_id": change, "reason": desk.reason}, "Take the latest change back.")
        return Say(_undone_told(desk, result))
    at = next((at for at in reversed(range(len(desk.memory.turns_changes) - 1)) if desk.memory.turns_changes[at]), None)
    if at is None:
        result = yield Call("undo", {"reason": desk.reason}, "Take back what the latest run changed.")
        return Say(_undone_told(desk, result))
    return (yield from _undo_turn(desk, at, only_last=command.only_last))


def _undo_turn(desk: Desk, at: int, *, only_last: bool) -> Plan[Say]:
    """A turn's changes, newest first; a merge or many changes with their run, of which a person sees all before."""
    memory = desk.memory
    changes = memory.turns_last[at] if only_last else memory.turns_changes[at]
    is_merge = bool(set(changes) & set(memory.merges))
    if not is_merge and len(changes) <= MOST_SINGLY:
        told: list[str] = []
        for change in reversed(changes):
            result = yield Call("undo", {"change_id": change, "reason": desk.reason}, "Take the change back.")
            told.append(_undone_told(desk, result))
        return Say("\n".join(told))
    full = yield Call("get_record", {"record_id": memory.turns_record[at]}, "Read in which run that was changed.")
    run_id = next((e["run_id"] for e in full["timeline"] if e.get("run_id") and e.get("change_id") in changes), None)
    if run_id is None:
        raise Ended(Decline("I do not find that change any more; crm-agent audit list shows what can be taken back."))
    return Say(
        _undone_told(desk, (yield Call("undo", {"run_id": run_id, "reason": desk.reason}, "Take the run back.")))
    )


def _merge_of(desk: Desk, mention: Mention | None) -> Plan[str]:
    """A change of the merge that is meant: the last one of the conversation, or of the record that others went into."""
    if desk.memory.merges:
        return desk.memory.merges[-1]
    if mention is None:
        raise Ended(Decline("There was no merge in this conversation; name the record that the others went into."))
    record = yield from resolve(desk, mention, writing=True)
    full = yield Call("get_record", {"record_id": record["record_id"]}, f"Read what went into {record['label']}.")
    merged = [entry for entry in full["timeline"] if str(entry.get("label") or "").startswith("merged ")]
    if not merged:
        raise Ended(Decline(f"No record was merged into {link(record)}."))
    return str(max(merged, key=lambda entry: str(entry.get("at") or ""))["change_id"])


def _undo_by_id(desk: Desk, target: str, *, is_run: bool) -> Plan[Record]:
    """An id alone may be a change's or a run's."""
    if is_run:
        return (yield Call("undo", {"run_id": target, "reason": desk.reason}, "Take the run back."))
    try:
        return (yield Call("undo", {"change_id": target, "reason": desk.reason}, "Take the change back."))
    except CallFailed:
        return (yield Call("undo", {"run_id": target, "reason": desk.reason}, "It is no change; take it for a run."))


def _latest_change(desk: Desk, mention: Mention) -> Plan[str]:
    """The newest change of a record, or of the individual who holds a contact's name and addresses; never its creation."""
    record = yield from resolve(desk, mention, writing=True)
    ids = [record["record_id"]]
    if record["kind"] == "contact" and record.get("fields", {}).get("individual_id"):
        ids.append(record["fields"]["individual_id"])
    entries: list[Record] = []
    for record_id in ids:
        full = yield Call("get_record", {"record_id": record_id}, f"Read the changes of {record['label']}.")
        entries += [entry for entry in full["timeline"] if entry.get("change_id") and not _is_creation(entry)]
    if not entries:
        raise Ended(Decline(f"There is no change of {link(record)} that could be taken back."))
    return str(max(entries, key=lambda entry: str(entry.get("at") or ""))["change_id"])


def _is_creation(entry: Record) -> bool:
    return str(entry.get("label") or "").startswith("create")


_TOLD = 8
"""What was taken back is told one by one up to so many."""


def _undone_told(desk: Desk, result: Mapping[str, Any]) -> str:
    undone: list[Record] = result.get("undone") or []
    names = [_undone(desk, each) for each in undone]
    if len(names) > _TOLD:
        names = [*names[:_TOLD], f"{result.get('undone_total', len(names)) - _TOLD} more"]
    lines = [f"Took back {joined(names)}." if names else "There was nothing to take back."]
    conflicts: list[Record] = result.get("conflicts") or []
    for conflict in conflicts:
        found = f"found {conflict.get('found')}, expected {conflict.get('expected')}"
        lines.append(f"Left {_field(desk, conflict)} of {_named(conflict)} as it is: it was changed since ({found}).")
    return "\n".join(lines)


def _field(desk: Desk, conflict: Record) -> str:
    name = str(conflict.get("field"))
    return title_of(name, desk.situation) if name.startswith(PREFIX) else name


def _undone(desk: Desk, each: Record) -> str:
    """What was taken back: a record that came or went, or the fields that are as before."""
    match each.get("action"):
        case "delete":
            return f"the {each['kind']} {each.get('label') or ''}".rstrip() + " (it is gone again)"
        case "restore" | "create":
            return f"the deletion of {link(each)}"
        case _:
            fields = [title_of(str(name), desk.situation) for name in each.get("fields") or ()]
            return (
                f"the change of {joined(fields)} of {link(each)}" if fields and each.get("record_id") else _named(each)
            )


def _named(each: Record) -> str:
    return f"the change of {link(each)}" if each.get("record_id") and each.get("kind") else "the change"
