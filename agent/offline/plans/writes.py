"""Plans that change records: find first, ask when unsure, change one record at a time, tell before and after."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from agent.offline.form import Delete, Fields, Mention, Restore, Shift, Tag, Undo, Update
from agent.offline.phrasing import joined, link, title_of, value
from agent.offline.plans.resolve import Desk, read_choice, resolve
from agent.offline.plans.steps import Ask, Call, CallFailed, Decline, Ended, Plan, Record, Say
from agent.offline.text import Shape, tokens_of
from agent.offline.values.calendar import shifted
from retrieval.folding import split_full_name
from schema.kinds import KINDS


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
        else:
            values[name] = given
    return whole_names(kind, values)


def _shifted(record: Record, name: str, by: Shift) -> str:
    held = record.get("fields", {}).get(name)
    if not held:
        raise Ended(Decline(f"{link(record)} has no {title_of(name)} yet that could be moved; give the date itself."))
    moment = datetime.fromisoformat(str(held))
    day = shifted(moment.date(), by.months) + timedelta(days=by.days)
    return datetime.combine(day, moment.timetz()).isoformat() if len(str(held)) > 10 else day.isoformat()


def whole_names(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """An individual's full name in its two parts, which alone can be written."""
    full = values.pop("full_name", None) if kind == "individual" else None
    if not full:
        return values
    given, family = split_full_name(str(full))
    return {"given_name": given, "family_name": family, **values}


def update(desk: Desk, command: Update) -> Plan[Say]:
    kinds = tuple(dict.fromkeys([*command.by_kind, *command.asks]))
    record = yield from resolve(desk, command.mention, kinds, writing=True)
    kind = record["kind"]
    if kind in command.by_kind:
        fields = yield from ids_of(desk, command.by_kind[kind], kind, record)
    elif kind in command.asks:
        column, options = command.asks[kind]
        index: int = yield Ask(f"To which {column} should {record['label']} go?", options, read_choice(options))
        if index < 0:
            return Say("All right, nothing was changed.")
        fields = {column: options[index]}
    else:
        raise Ended(Decline(f"{link(record)} is {kind}; that change does not apply to it."))
    result = yield Call(
        "update_record",
        {"record_id": record["record_id"], "fields": fields, "reason": desk.reason},
        f"Change {record['label']}.",
    )
    return Say(_changes_told(desk, record, result))


def _changes_told(desk: Desk, before: Record, result: Mapping[str, Any]) -> str:
    after = result["record"]
    changed = [name for name in result.get("changed", ()) if name in after["fields"] or name.endswith("_id")]
    if not changed:
        return f"{link(after)} was like that already; nothing was changed."
    told: list[str] = []
    for name in changed:
        old, new = value(before.get("fields", {}), name, desk.situation), value(after["fields"], name, desk.situation)
        told.append(f"{title_of(name)} {f'{old} → ' if old and old != new else ''}{new or 'empty'}")
    return f"Changed {link(after)}: {joined(told)}."


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
    """Deleted records are found by id, or in this conversation; names lead only to living ones."""
    mention = command.mention
    record_id = mention.text if mention.refers == "id" else _deleted_id(desk, mention)
    if record_id is None:
        raise Ended(
            Decline(
                "I can restore what was deleted in this conversation, or a record by its id; "
                f"“{mention.spoken}” is neither. The audit log (crm-agent audit list) shows the ids of deleted records."
            )
        )
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


def undo(desk: Desk, command: Undo) -> Plan[Say]:
    target, is_run = command.target, command.is_run
    if target:
        result = yield from _undo_by_id(desk, target, is_run=is_run)
        return Say(_undone_told(result))
    if command.mention is not None:
        change = yield from _latest_change(desk, command.mention)
        result = yield Call("undo", {"change_id": change, "reason": desk.reason}, "Take the latest change back.")
        return Say(_undone_told(result))
    turns = [turn for turn in desk.memory.turns_changes[:-1] if turn]
    if not turns:
        target = yield Ask(
            "Which change should I take back? Give the id of a change or run; crm-agent audit list shows them.",
            (),
            read_id,
        )
        result = yield from _undo_by_id(desk, target, is_run=False)
        return Say(_undone_told(result))
    told: list[str] = []
    for change in reversed(turns[-1][-1:] if command.only_last else turns[-1]):
        result = yield Call("undo", {"change_id": change, "reason": desk.reason}, "Take the change back.")
        told.append(_undone_told(result))
    return Say("\n".join(told))


def read_id(text: str) -> str | None:
    """The id in an answer."""
    return next(
        (token.text.lower() for token in tokens_of(text) if token.shape is Shape.RECORD_ID and len(token.text) == 36),
        None,
    )


def _undo_by_id(desk: Desk, target: str, *, is_run: bool) -> Plan[Record]:
    """An id alone may be a change's or a run's."""
    if is_run:
        return (yield Call("undo", {"run_id": target, "reason": desk.reason}, "Take the run back."))
    try:
        return (yield Call("undo", {"change_id": target, "reason": desk.reason}, "Take the change back."))
    except CallFailed:
        return (yield Call("undo", {"run_id": target, "reason": desk.reason}, "It is no change; take it for a run."))


def _latest_change(desk: Desk, mention: Mention) -> Plan[str]:
    record = yield from resolve(desk, mention, writing=True)
    full = yield Call("get_record", {"record_id": record["record_id"]}, f"Read the changes of {record['label']}.")
    change = next((entry["change_id"] for entry in full["timeline"] if entry.get("change_id")), None)
    if change is None:
        raise Ended(Decline(f"There is no change of {link(record)} that could be taken back."))
    return str(change)


def _undone_told(result: Mapping[str, Any]) -> str:
    undone: list[Record] = result.get("undone") or []
    names = [_named(each) for each in undone]
    lines = [f"Took back {joined(names)}." if names else "There was nothing to take back."]
    conflicts: list[Record] = result.get("conflicts") or []
    for conflict in conflicts:
        found = f"found {conflict.get('found')}, expected {conflict.get('expected')}"
        lines.append(f"Left {conflict.get('field')} of {_named(conflict)} as it is: it was changed since ({found}).")
    return "\n".join(lines)


def _named(each: Record) -> str:
    return f"the change of {link(each)}" if each.get("record_id") and each.get("kind") else "the change"
