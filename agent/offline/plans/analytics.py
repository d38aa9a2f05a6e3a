"""Plans for analyses: names become ids, one SELECT is written and run, and what it returned is told."""

from dataclasses import replace
from typing import Any

from agent.offline.form import Analysis, Condition, ListOf, Measure, Refine, Reshape
from agent.offline.lexicon.axes import CALENDAR, axis_of
from agent.offline.phrasing import title_of
from agent.offline.plans.lists import check_words, list_of
from agent.offline.plans.numbers import told
from agent.offline.plans.resolve import Desk
from agent.offline.plans.settle import names_in, settled
from agent.offline.plans.steps import Call, Decline, Ended, Plan, Say, Seen
from agent.offline.sql.conditions import Unwritable
from agent.offline.sql.select import RECORD, Ungroupable, Written, write
from schema.customs import PREFIX

MOST = 200
_OUTCOMES = ("is_open", "is_won", "is_lost", "stage", "status")
_WHOSE = ("owner_id", "assignee_id", "user_id", "author_id", "whose")


def analyse(desk: Desk, command: Analysis) -> Plan[Say]:
    """The numbers, with what they are of; kept in mind for what is asked next."""
    desk.memory.analysis_before, desk.memory.list_before = command, command.of
    narrowed = yield from settled(desk, command.of)
    kinds, noun = narrowed.kinds, narrowed.noun
    part = yield from settled(desk, ListOf(kinds, noun, command.part))
    against = yield from settled(desk, ListOf(kinds, noun, command.against))
    analysis = replace(command, of=narrowed, part=part.conditions, against=against.conditions)
    try:
        written = write(analysis, desk.situation)
    except Ungroupable as error:
        raise Ended(Decline(f"I cannot group {command.of.noun} by {error.axis.replace('_', ' ')}.")) from None
    except Unwritable as error:
        raise Ended(
            Decline(f"I can list {command.of.noun} by that ({error}), but not work numbers out over them.")
        ) from None
    result: dict[str, Any] = yield Call("query_sql", {"sql": written.sql, "limit": MOST}, "Work it out with SQL.")
    _remember(desk, analysis, written, result)
    if _is_empty(result):
        yield from _check(narrowed)
    return Say(told(analysis, written, result, desk.situation))


def _remember(desk: Desk, analysis: Analysis, written: Written, result: dict[str, Any]) -> None:
    """Single records that were ranked can be spoken of as "it", or "the first one"."""
    if RECORD not in analysis.groups:
        return
    kind = analysis.of.kinds[0]
    key = next(at for at, column in enumerate(written.columns) if column.role == "key")
    shown = [Seen(kind, str(row[key]), str(row[0])) for row in result["rows"]]
    if len(shown) == 1:
        desk.memory.seen = [*(seen for seen in desk.memory.seen if seen.record_id != shown[0].record_id), shown[0]]
    else:
        desk.memory.listed = shown


def _is_empty(result: dict[str, Any]) -> bool:
    """Whether nothing was found at all."""
    rows: list[list[Any]] = result["rows"]
    return not any(value not in (None, 0, "0", "0.00") for row in rows for value in row)


def _check(listed: ListOf) -> Plan[None]:
    """Declines where nothing was found because a word was taken for a trade or town that does not occur."""
    for condition in names_in(listed):
        inner = condition.value
        yield from check_words(inner if isinstance(inner, ListOf) else replace(listed, conditions=(condition,)))


def analysis_before(desk: Desk) -> Analysis | None:
    """The analysis that a follow-up goes on from: the last thing that was asked for, if it was one."""
    before = desk.memory.analysis_before
    return before if before is not None and desk.memory.list_before is before.of else None


def reshaped(desk: Desk, command: Reshape) -> Plan[Say]:
    """The analysis before by other groups, or the list before counted by them."""
    listed = desk.memory.list_before
    if listed is None:
        raise Ended(Decline(f"I do not know what “{command.said}” goes on from; say what is to be counted."))
    before = analysis_before(desk) or Analysis(listed, (Measure("count"),), dated_by=_date_of(listed))
    kind = before.of.kinds[0]
    unknown = [
        name
        for name in command.groups
        if name not in CALENDAR and not name.startswith(PREFIX) and axis_of(kind, name) is None
    ]
    if unknown or len(before.of.kinds) > 1:
        raise Ended(Decline(f"I cannot group {before.of.noun} by {joined_names(unknown)}."))
    if command.shares and not (command.groups or before.groups):
        raise Ended(Decline("Say by what the shares are to be told, for instance: by owner."))
    of = replace(before.of, order_by=None, limit=None, counting=False)
    measures = tuple(_measured_alike(measure, before) for measure in command.measures)
    again = replace(
        before, of=of, groups=command.groups or before.groups, shares=command.shares or before.shares,
        measures=(*measures, Measure("count")) if measures else before.measures, ranked="" if command.groups else before.ranked,
        limit=None if command.groups else before.limit, growing=False if command.groups else before.growing,
    )  # fmt: skip
    return (yield from analyse(desk, again))


def _measured_alike(measure: Measure, before: Analysis) -> Measure:
    """The measure, of the same column as before where none is named."""
    column = measure.column or next((each.column for each in before.measures if each.column), "")
    if not column and before.of.kinds == ("opportunity",):
        column = "amount"
    if not column:
        raise Ended(Decline("Say of what, for instance: the average amount."))
    return replace(measure, column=column)


def joined_names(names: list[str]) -> str:
    return " or ".join(name.replace("_", " ") for name in names)


def _date_of(listed: ListOf) -> str:
    return next(
        (c.column for c in listed.conditions if c.op in (">=", "<") and c.column.endswith(("_at", "_date"))),
        "created_at",
    )


def refined(desk: Desk, command: Refine, before: Analysis) -> Plan[Say]:
    """The analysis before under one more condition, or over another period."""
    kind = before.of.kinds[0]
    change = (command.in_past if before.dated_by.endswith("_at") else command.by_kind).get(kind) or command.by_kind.get(
        kind
    )
    if change is None or command.counting is True or change.order_by or change.limit:
        raise Ended(Decline(f"I do not know what “{command.said}” means for {before.of.noun}."))
    conditions = tuple(_on(before.dated_by, condition) for condition in change.conditions)
    changed = {condition.column for condition in conditions}
    for group in (_OUTCOMES, _WHOSE):
        changed |= set(group) if changed & set(group) else set()
    kept = tuple(c for c in before.of.conditions if c.column not in changed)
    dated = any(c.column == before.dated_by and c.op in (">=", "<", "<=") for c in conditions)
    of = replace(before.of, conditions=(*kept, *conditions), remark=before.of.remark or change.remark)
    return (yield from analyse(desk, replace(before, of=of, periods=() if dated else before.periods)))


def _on(column: str, condition: Condition) -> Condition:
    """A time that names no date of its own, put on the date the analysis is about."""
    is_time = condition.op in (">=", "<", "<=", ">") and condition.column.endswith(("_at", "_date"))
    if not is_time or not column or condition.column == column:
        return condition
    return replace(condition, column=column, said=condition.said.replace(title_of(condition.column), title_of(column)))


def behind(desk: Desk) -> Plan[Say]:
    """The records that the last number was worked out over."""
    before = analysis_before(desk)
    listed = before.of if before else desk.memory.list_before
    if listed is None:
        raise Ended(Decline("There is no number before to list the records of; say what is to be listed."))
    conditions = listed.conditions
    if before and before.periods:
        first, last = before.periods[0], before.periods[-1]
        said = f"from {first.said} to {last.said}"
        conditions = (
            *conditions,
            Condition(before.dated_by, ">=", first.start, said),
            Condition(before.dated_by, "<", last.end, ""),
        )
    return (yield from list_of(desk, replace(listed, conditions=conditions, counting=False)))
