"""Plans that change many records in one call, or several that were named one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.offline.form import Delete, Each, Fields, Growth, Mention, Several, Shift, Tag, Those, Update
from agent.offline.grammar.several import RELATIVE
from agent.offline.phrasing import joined, link, money, title_of, value
from agent.offline.plans import writes
from agent.offline.plans.lists import Matching, matching
from agent.offline.plans.resolve import WHOLE, Desk, find, resolve
from agent.offline.plans.steps import Call, Calls, Decline, Ended, Failure, Plan, Record, Say
from schema.kinds import KINDS

MOST_DELETED = 10
"""Deletes that are decided one by one in one go."""
_TOLD = 5


def several(desk: Desk, command: Several) -> Plan[Say]:
    """One call for all records of the list, which waits for a person; says how many before and after."""
    kind = command.what.kinds[0]
    found = yield from matching(replace(desk, is_writing=True), command.what)
    if not found.total:
        raise Ended(Decline(f"There are {found.said[0].lower()}{found.said[1:]}, so nothing was changed."))
    if not command.fields:
        return (yield from _deleted(desk, found))
    _check_same(command.fields, found)
    named: Record = {"kind": kind, "record_id": "", "label": "", "fields": {}}
    fields = yield from writes.ids_of(desk, command.fields, kind, named)
    args = {"kind": kind, "where": found.where, "fields": fields, "reason": desk.reason}
    result = yield Call("update_records", args, f"Change {found.said}.")
    return Say(_told(desk, kind, command.fields, result))


def those(desk: Desk, command: Those) -> Plan[Say]:
    """The same, to every record of the list before."""
    before = desk.memory.list_before
    fields = command.by_kind.get(before.kinds[0]) if before and len(before.kinds) == 1 else None
    if before is None or not fields:
        raise Ended(Decline(f"I do not know which records “{command.does}” is to; list them first, or name them."))
    return (yield from several(desk, Several(replace(before, counting=False), command.does, fields)))


def _check_same(fields: Fields, found: Matching) -> None:
    if any(isinstance(given, Shift | Growth) for given in fields.values()):
        raise Ended(Decline(f"That would change {found.said}. {RELATIVE}"))


def _deleted(desk: Desk, found: Matching) -> Plan[Say]:
    """Each record in a call of its own, so that a person decides on each."""
    if found.total > MOST_DELETED or len(found.records) < found.total:
        raise Ended(
            Decline(
                f"That would delete {found.said}. I delete at most {MOST_DELETED} at once, each decided by you; "
                "narrow them, please."
            )
        )
    return (yield from _delete_all(desk, found.records))


def _delete_all(desk: Desk, records: Sequence[Record]) -> Plan[Say]:
    made = tuple(
        Call("delete_record", {"record_id": record["record_id"], "reason": desk.reason}, "Delete each of them.")
        for record in records
    )
    results: list[Any] = yield Calls(made)
    done = [f"the {r['kind']} {r['label']}" for r, result in zip(records, results, strict=True) if not _failed(result)]
    lines = [f"Deleted {joined(done)}. Say “undo that” to bring them back."] if done else []
    return Say("\n".join([*lines, *_failures(records, results)]))


def each(desk: Desk, command: Each) -> Plan[Say]:
    """Every named record is found before the first is changed; deletes are decided together."""
    if command.whole is not None and (yield from _is_one(command.whole.mention)):
        return (yield from _one(desk, command.whole))
    records: list[Record] = []
    for one in command.commands:
        kinds = tuple(one.by_kind) if isinstance(one, Update) else ()
        whole = isinstance(one, Delete)
        records.append((yield from resolve(desk, one.mention, kinds, writing=True, whole=whole)))
    if all(isinstance(one, Delete) for one in command.commands):
        return (yield from _delete_all(desk, records))
    told: list[str] = []
    for one, record in zip(command.commands, records, strict=True):
        named = Mention(record["record_id"], (record["kind"],), "id", as_said=record["label"])
        told.append((yield from _one(desk, replace(one, mention=named))).text)
    return Say("\n".join(told))


def _is_one(mention: Mention) -> Plan[bool]:
    """Whether all the words together are what one record is called."""
    found = yield from find(mention, mention.kinds)
    return len(found) == 1 and (found[0].get("score") or 0) >= WHOLE


def _one(desk: Desk, command: Update | Tag | Delete) -> Plan[Say]:
    match command:
        case Update():
            return (yield from writes.update(desk, command))
        case Tag():
            return (yield from writes.tag(desk, command))
        case Delete():
            return (yield from writes.delete(desk, command))


def _failed(result: object) -> bool:
    return isinstance(result, Failure)


def _failures(records: Sequence[Record], results: Sequence[Any]) -> list[str]:
    return [
        f"{link(record)}: {result.message}"
        for record, result in zip(records, results, strict=True)
        if isinstance(result, Failure)
    ]


def _told(desk: Desk, kind: str, fields: Fields, result: Mapping[str, Any]) -> str:
    changed, unchanged, left = (int(result[name]) for name in ("changed", "unchanged", "conflicts_total"))
    noun = KINDS[kind].plural if changed != 1 else kind
    lines: list[str] = []
    if changed:
        worth = _worth(desk, result["totals"])
        shown = [link(record) for record in result["sample"]] if changed <= _TOLD else []
        named = f" ({joined(shown)})" if shown else ""
        lines.append(f"Changed {changed} {noun}{worth}{named}: {_set(desk, fields, result)}.")
    else:
        lines.append("Nothing was changed.")
    if unchanged:
        lines.append(f"{unchanged} {'was' if unchanged == 1 else 'were'} like that already.")
    if left:
        first = [f"{link(each)}: {each['why']}" for each in result["conflicts"][:_TOLD]]
        lines += [f"{left} {'was' if left == 1 else 'were'} left out:", *(f"- {line}" for line in first)]
    return "\n".join(lines)


def _worth(desk: Desk, totals: Mapping[str, str]) -> str:
    amounts = [money(amount, currency, desk.situation.locale) for currency, amount in totals.items()]
    return f" worth {joined(amounts)}" if amounts else ""


def _set(desk: Desk, fields: Fields, result: Mapping[str, Any]) -> str:
    """Each field with its new value, people by the name that was said."""
    told: list[str] = []
    for name, given in fields.items():
        if isinstance(given, Mention):
            shown = desk.situation.user_name if given.refers == "me" else given.spoken
        else:
            shown = value(result["fields"], name, desk.situation) or "empty"
        told.append(f"{title_of(name)} {shown}")
    return joined(told)
