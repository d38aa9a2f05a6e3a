"""Plans for lists: tables and numbers, lists within lists, and what goes on from the list before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from agent.offline.form import AnyOf, Condition, ListOf, Mention, Refine
from agent.offline.grammar.conditions.timing import DEFAULT_DATE
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import LEADS
from agent.offline.phrasing import joined, link, table
from agent.offline.plans.by_sql import ids_of, needs_sql
from agent.offline.plans.linking import kinds_for, linking
from agent.offline.plans.resolve import Desk, resolve
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Record, Say
from agent.offline.plans.talks import TALKED_WITH, talks_where
from schema.fields import FieldType
from schema.kinds import KINDS

PAGE = 20
MOST = 200
"""Most records one call gives."""
_ROUNDS = 5
"""Calls that a list within a list may take."""
_ORDER = {
    "opportunity": "expected_close_date asc", "task": "due_at asc", "interaction": "occurred_at desc", "note": "created_at desc",
    "account": "name asc", "organization": "name asc", "contact": "full_name asc", "individual": "full_name asc",
    "job": "updated_at desc", "partnership": "updated_at desc", "user": "name asc",
}  # fmt: skip
_PAST = ("closed_at", "completed_at", "occurred_at", "created_at")
_TEAMS = ("my team", "our team", "the team", "team", "my squad", "my department", "my team's")
_STANDING = ("stage", "status", "is_open", "is_won", "is_lost")
_WHOSE = ("owner_id", "assignee_id", "user_id", "author_id", "whose")

Filters = list[str]


def list_of(desk: Desk, command: ListOf) -> Plan[Say]:
    """A table, or a number; with conditions told, and what is cut off."""
    desk.memory.list_before, desk.memory.listed_so_far = command, 0
    if command.counting and len(command.kinds) == 1 and needs_sql(command):
        return Say(_list_told(command, (yield from ids_of(desk, command))[1], []))
    alternatives = yield from _filters(desk, command)
    parts: list[str] = []
    total = 0
    for kind in command.kinds:
        records, of_kind, is_cut = yield from _found(command, kind, alternatives)
        total += of_kind
        if records and not command.counting:
            parts.append(table(records, desk.situation, _asked(command)))
            desk.memory.listed_so_far = len(records)
            if is_cut and not command.limit:
                parts.append(f"{len(records)} of {of_kind} shown. Say “more” for the next.")
    if total == 0:
        yield from check_words(command)
        if around := (yield from _around(desk, command)):
            return around
    return Say(_list_told(command, total, parts))


def _asked(command: ListOf) -> list[str]:
    """Columns that the list was narrowed or ordered by."""
    return [*(condition.column for condition in command.conditions), (command.order_by or "").partition(" ")[0]]


def more(desk: Desk) -> Plan[Say]:
    """The next page of the list before."""
    command, shown = desk.memory.list_before, desk.memory.listed_so_far
    if command is None or command.counting or not shown or len(command.kinds) != 1:
        raise Ended(Decline("There is no list to go on with; say what is to be listed."))
    alternatives = yield from _filters(desk, command)
    page = replace(command, limit=min(MOST, shown + PAGE))
    records, total, _ = yield from _found(page, command.kinds[0], alternatives)
    rest = records[shown:]
    if not rest:
        over = "That was all of them." if total <= shown else f"I can show {MOST} at most; narrow the list, please."
        return Say(over)
    desk.memory.listed_so_far = len(records)
    head = f"{shown + 1} to {len(records)} of {total} {command.noun}:"
    return Say("\n\n".join([head, table(rest, desk.situation, _asked(command))]))


@dataclass(frozen=True, slots=True)
class Matching:
    """The records that a change to many is to."""

    where: Filters
    total: int
    records: list[Record]
    """The first of them."""
    said: str
    """How many of what, in words."""


def matching(desk: Desk, command: ListOf) -> Plan[Matching]:
    """The records of a list under filters that one call can take; ids where the filters alone cannot say it."""
    kind = command.kinds[0]
    alternatives = yield from _filters(desk, command)
    is_plain = len(alternatives) == 1 and not command.limit
    page = replace(command, limit=command.limit or (PAGE if is_plain else MOST))
    records, total, is_cut = yield from _found(page, kind, alternatives)
    if total == 0:
        yield from check_words(command)
        if around := (yield from _wider(desk, command)):
            wider = yield from matching(desk, around[0])
            return replace(wider, said=f"{wider.said}; none is about {around[1]['label']} itself")
    said = _list_told(replace(command, counting=True), total, []).split(". ")[0].rstrip(".")
    id_column = KINDS[kind].id_column
    if is_plain:
        return Matching(alternatives[0] or [f"{id_column} is not null"], total, records, said)
    if is_cut and not command.limit:
        raise Ended(Decline(f"That are {said}, more than I can change like this; narrow them, please."))
    ids = ", ".join(str(record["record_id"]) for record in records)
    return Matching([f"{id_column} in ({ids})"], len(records), records, said)


def refined(desk: Desk, command: Refine) -> Plan[Say]:
    """The list before under one more condition, or under another of the same sort."""
    before = desk.memory.list_before
    if command.alone and (before is None or before.kinds != command.alone.kinds):
        return (yield from list_of(desk, command.alone))
    if before is None:
        raise Ended(Decline(f"I do not know which list “{command.said}” goes on from; name what is to be listed."))
    kind = before.kinds[0]
    about = _date_of(before)
    change = (command.in_past if about in _PAST else command.by_kind).get(kind) or command.by_kind.get(kind)
    if change is None:
        raise Ended(Decline(f"I do not know what “{command.said}” means for {before.noun}."))
    change = replace(change, conditions=_same_date(kind, about, change))
    changed = {condition.column for condition in change.conditions}
    for group in (_STANDING, _WHOSE):
        changed |= set(group) if changed & set(group) else set()
    kept = tuple(condition for condition in before.conditions if condition.column not in changed)
    counting = before.counting if command.counting is None else command.counting
    again = replace(
        before,
        conditions=(*kept, *change.conditions),
        order_by=change.order_by or before.order_by,
        limit=change.limit or (None if change.conditions else before.limit),
        counting=counting,
        remark=change.remark or before.remark,
    )
    return (yield from list_of(desk, again))


def _date_of(before: ListOf) -> str:
    """The date column that a list was narrowed by, or is usually narrowed by."""
    own = fields_of(before.kinds[0])
    dates = {name for name, field in own.items() if field.type in (FieldType.DATE, FieldType.TIMESTAMP)}
    usual = DEFAULT_DATE.get(before.kinds[0], "created_at")
    return next((c.column for c in before.conditions if c.column in dates and c.op in (">=", "<", "<=", ">")), usual)


def _same_date(kind: str, about: str, change: ListOf) -> tuple[Condition, ...]:
    """The new conditions, with a time that names no date of its own put on the date the list was about."""
    implied = {DEFAULT_DATE.get(kind, "created_at"), next(name for name in _PAST if name in fields_of(kind))}
    return tuple(
        replace(c, column=about, said=c.said.replace(_plain(c.column), _plain(about))) if c.column in implied else c
        for c in change.conditions
    )


def _plain(column: str) -> str:
    return column.removesuffix("_at").replace("_", " ")


def _found(command: ListOf, kind: str, alternatives: Sequence[Filters]) -> Plan[tuple[list[Record], int, bool]]:
    """The records of all alternatives, which have none in common, in the list's order; and how many there are."""
    limit = 1 if command.counting else command.limit or PAGE
    records: list[Record] = []
    total = 0
    for where in alternatives:
        args = _args(command, kind, where, limit)
        result = yield Call("find_records", args, f"List {KINDS[kind].plural if kind in KINDS else 'users'}.")
        records.extend(result["records"])
        total += result["total"]
    if len(alternatives) > 1:
        column, _, direction = (command.order_by or _ORDER[kind]).partition(" ")
        held = [r for r in records if r["fields"].get(column) is not None]
        held.sort(key=lambda r: _sort_key(r["fields"][column]), reverse=direction == "desc")
        records = [*held, *(r for r in records if r["fields"].get(column) is None)][:limit]
    return records, total, total > len(records)


def _sort_key(raw: Any) -> tuple[Decimal, str]:
    text = str(raw)
    return (Decimal(text), "") if text.replace(".", "", 1).lstrip("-").isdigit() else (Decimal(0), text.casefold())


def _args(command: ListOf, kind: str, where: Sequence[str], limit: int) -> dict[str, Any]:
    return {"kinds": [kind], "where": list(where), "order_by": command.order_by or _ORDER[kind], "limit": limit}


def _list_told(command: ListOf, total: int, parts: Sequence[str]) -> str:
    told = joined([c.said for c in command.conditions if c.said]) if any(c.said for c in command.conditions) else ""
    kind = command.kinds[0] if len(command.kinds) == 1 else "lead" if command.noun != "records" else "record"
    noun = command.noun if total != 1 else kind
    if total != 1 and not noun.endswith("s") and noun != "people":
        noun = KINDS[kind].plural if kind in KINDS else f"{kind}s"
    cut = f"{command.limit} of " if command.limit and command.limit < total and not command.counting else ""
    head = f"{cut}{total} {noun}" + (f" ({told})" if told else "")
    remark = f" {command.remark}" if command.remark else ""
    if command.counting or not parts:
        return f"{head if total else head.replace('0 ', 'No ', 1)}.{remark}"
    return "\n\n".join([f"{head}:{remark}", *parts])


def _around(desk: Desk, command: ListOf) -> Plan[Say | None]:
    """Where nothing is about an account itself: what is about its contacts and opportunities."""
    around = yield from _wider(desk, command)
    if around is None:
        return None
    wider, account = around
    said = yield from list_of(desk, wider)
    noun = KINDS[command.kinds[0]].plural
    return Say(f"No {noun} are about {link(account)} itself. {said.text}")


def _wider(desk: Desk, command: ListOf) -> Plan[tuple[ListOf, Record] | None]:
    """The list of what is about an account's contacts and leads, and that account; None when it is of no account."""
    kind = command.kinds[0]
    named = next(
        (c for c in command.conditions if c.column in ("about_id", "whose") and isinstance(c.value, Mention)), None
    )
    if kind not in ("task", "note") or named is None or not isinstance(named.value, Mention):
        return None
    account = yield from resolve(desk, named.value, kinds_for(named.column, kind))
    if account["kind"] != "account":
        return None
    ids: list[str] = []
    for belonging in ("contact", *LEADS):
        args = {"kinds": [belonging], "where": [f"account_id = {account['record_id']}"], "limit": MOST}
        result = yield Call("find_records", args, f"List what belongs to {account['label']}.")
        ids.extend(str(record["record_id"]) for record in result["records"])
    if not ids:
        return None
    others = tuple(c for c in command.conditions if c is not named)
    near = Condition("about_id", "in", ", ".join(ids), f"about contacts and leads of {account['label']}")
    return replace(command, conditions=(*others, near)), account


_FROM_DATA = ("industry", "city", "department", "partner_type", "loss_reason")
"""Columns whose values only the data knows: a word that no record has there was misunderstood."""


def check_words(command: ListOf) -> Plan[None]:
    """Declines where a list is empty because a word was taken for a trade or town that does not occur at all."""
    for condition in command.conditions:
        if condition.column not in _FROM_DATA or condition.op != "~" or len(command.conditions) > 6:
            continue
        where = [f"{condition.column} ~ {_quoted(str(condition.value))}"]
        known = yield Call(
            "find_records",
            {"kinds": [command.kinds[0]], "where": where, "limit": 1},
            f"See whether any {condition.column} is called that.",
        )
        if not known["total"]:
            raise Ended(Decline(f"No {condition.column} on record is called “{condition.value}”."))


def _filters(desk: Desk, command: ListOf) -> Plan[list[Filters]]:
    """The list's conditions in the filter grammar; several alternatives where one "or" cannot say it."""
    if needs_sql(command):
        return [[(yield from _by_ids(desk, command))]]
    alternatives: list[Filters] = [[]]
    for condition in command.conditions:
        read = yield from _filter(desk, command.kinds[0], condition)
        alternatives = [[*each, *more_] for more_ in read for each in alternatives]
    return alternatives


def _by_ids(desk: Desk, command: ListOf) -> Plan[str]:
    """The filter that names every record of the list."""
    id_column = "user_id" if command.kinds[0] == "user" else KINDS[command.kinds[0]].id_column
    ids, total = yield from ids_of(desk, command)
    if total > len(ids):
        raise Ended(Decline(f"That are {total} {command.noun}, more than I can show at once; narrow them, please."))
    return f"{id_column} in ({', '.join(ids)})" if ids else f"{id_column} is null"


def _filter(desk: Desk, kind: str, condition: Condition) -> Plan[list[Filters]]:
    """One condition, names turned into ids: alternatives of filters that have no record in common."""
    column, given = condition.column, condition.value
    if isinstance(given, ListOf):
        return [[(yield from _nested(desk, condition, given))]]
    if isinstance(given, Mention):
        return (yield from _named(desk, kind, condition, given))
    if isinstance(given, AnyOf):
        raise Ended(Decline(f"I cannot narrow a list within a list by “{condition.said}”."))
    if condition.op == "silent":
        return [[f"{column} < {given}"], [f"{column} is null"]]
    if condition.op in ("in", "not in"):
        return [[f"{column} {condition.op} ({given})"]]
    if condition.op == "is":
        return [[f"{column} is {given}"]]
    return [[f"{column} {condition.op} {_quoted(given)}"]]


def _named(desk: Desk, kind: str, condition: Condition, given: Mention) -> Plan[list[Filters]]:
    column = condition.column
    if given.refers == "name" and given.text.lower() in _TEAMS:
        raise Ended(Decline("I cannot narrow a list by team; name the colleagues, please (deals of Sofia Rossi)."))
    if given.refers == "me" and column != "whose":
        return [[f"{column} = me"]]
    if kind == "interaction" and column in ("about_id", "whose"):
        kinds = TALKED_WITH if column == "about_id" else (*TALKED_WITH, "user")
        about = yield from resolve(desk, given, kinds)
        return [[*each] for each in talks_where(about)]
    record = yield from resolve(desk, given, kinds_for(column, kind), writing=desk.is_writing)
    column = linking(column, kind, record)
    if column.endswith("_name"):
        return [[f'{column} = "{record["label"]}"']]
    return [[f"{column} {condition.op} {record['record_id']}"]]


def _nested(desk: Desk, condition: Condition, inner: ListOf) -> Plan[str]:
    """`column in (ids of the inner list)`; all of them, or an honest end."""
    alternatives = yield from _filters(desk, inner)
    linked = inner.linked_by
    ids: dict[str, None] = {}
    for where in alternatives:
        for _ in range(_ROUNDS):
            seen = [f"{linked} not in ({', '.join(ids)})"] if linked and ids else []
            args = {"kinds": [inner.kinds[0]], "where": [*where, *seen], "limit": MOST}
            result = yield Call("find_records", args, f"List {inner.noun} first.")
            ids |= dict.fromkeys(
                str(record["fields"][linked] if linked else record["record_id"])
                for record in result["records"]
                if not linked or record["fields"].get(linked)
            )
            if not result["truncated"]:
                break
            if not linked or not result["records"]:
                raise Ended(
                    Decline(
                        f"There are {result['total']} {inner.noun}, more than I can look through at once; narrow them, please."
                    )
                )
        else:
            raise Ended(Decline(f"There are too many {inner.noun} to look through; narrow them, please."))
    if not ids:
        yield from check_words(inner)
        if condition.op == "not in":
            return f"{condition.column} is not null"
        raise Ended(Say(f"There are no {inner.noun} like that, so there is nothing to list."))
    return f"{condition.column} {condition.op} ({', '.join(ids)})"


def _quoted(text: str) -> str:
    return f'"{text}"' if any(char in text for char in ",'()") and '"' not in text else text
