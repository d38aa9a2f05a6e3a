"""Dates in a list's conditions: "closing this month", "due by Friday", "won since October"."""

from datetime import timedelta

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import BOUNDS, DATE_WORDS
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import LEADS
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.values.calendar import When, shifted
from agent.offline.values.dates import stretch_at
from schema.fields import Field, FieldType

_DATE_COLUMNS: dict[str, tuple[str, ...]] = {
    "close": ("expected_close_date", "due_at"), "due": ("due_at", "expected_close_date"), "created": ("created_at",),
    "changed": ("updated_at",), "closed": ("closed_at", "completed_at"), "done": ("completed_at", "closed_at"),
    "started": ("start_date",), "happened": ("occurred_at", "created_at"),
}  # fmt: skip


DEFAULT_DATE = {
    "opportunity": "expected_close_date",
    "task": "due_at",
    "interaction": "occurred_at",
    "job": "start_date",
}


def read_dated(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "closing this month", "due by Friday", "created since October", "won last quarter", "between 1 and 15 March"."""
    start, column, past = at, found.dated_by, found.dated_by in ("closed_at", "completed_at")
    worded = clause.at(DATE_WORDS, at)
    if worded:
        own = fields_of(found.kind)
        column = next((name for name in _DATE_COLUMNS[worded[0]] if name in own), None)
        if column is None:
            return None
        start, past = worded[1], worded[0] not in ("close", "due", "started")
    if worded and worded[0] == "happened" and found.dated_by:
        column = found.dated_by
    column = column or DEFAULT_DATE.get(found.kind, "created_at")
    past = past or column in ("created_at", "updated_at", "occurred_at", "closed_at", "completed_at")
    if clause.word(start) in ("between", "from") and (ranged := _range(clause, start, column, past, found)):
        return ranged
    bound = clause.at(BOUNDS, start)
    read = clause.when(start)
    how, end = ("in", start) if read else (bound or ("in", start))
    read = read or clause.when(clause.skip(end, "the") if not clause.when(end) else end)
    if read is None:
        return None
    when, after = read
    add_dates(found, column, how, when.past if past else when.ahead)
    if worded and worded[0] == "done" and found.kind == "task" and not found.has("status", "is_open"):
        # A cancelled task has a date of completion too.
        found.add("status", "=", "done", "done")
    if worded and worded[0] == "closed" and not found.has("is_won", "is_lost"):
        _closing_words(clause, at, worded[1], found)
    return after


def _closing_words(clause: Clause, at: int, end: int, found: Gathered) -> None:
    said = " ".join(clause.words(at, end - at))
    lost = "lost" in said
    found.add("is_lost" if lost else "is_won", "=", "true", "lost" if lost else "won")
    if "closed" in said:
        found.remark = "I counted the won ones as closed; lost ones are left out."


def _range(clause: Clause, start: int, column: str, past: bool, found: Gathered) -> int | None:
    first = clause.when(start + 1)
    if first is None or clause.word(first[1]) not in ("and", "to", "until", "till", "-", "through"):
        return None
    second = clause.when(first[1] + 1)
    if second is None:
        return None
    low, high = (first[0].past, second[0].past) if past else (first[0], second[0])
    add_dates(found, column, "since", low)
    add_dates(found, column, "by", high)
    return second[1]


def add_dates(found: Gathered, column: str, how: str, when: When, own: Field | None = None) -> None:
    """The bounds of a time as conditions, on dates by day and on moments by instant; `own` is a tenant's own field."""
    is_date = (own or fields_of(found.kind)[column]).type is FieldType.DATE
    name = own.label if own else column.removesuffix("_at").replace("_", " ")
    first = when.day.isoformat() if is_date else when.start.isoformat()
    after = when.last_day.isoformat() if is_date else when.end.isoformat()
    below, beyond = ("<=", ">") if is_date else ("<", ">=")
    if how in ("in", "since"):
        found.add(column, ">=", first, f"{name} {'since' if how == 'since' else 'in'} {when.said}")
    if how in ("in", "by"):
        found.add(column, below, after, "" if how == "in" else f"{name} by {when.said}")
    if how == "before":
        found.add(column, "<", first, f"{name} before {when.said}")
    if how == "after":
        found.add(column, beyond, after, f"{name} after {when.said}")


_AGES: Phrases[tuple[str, bool]] = grouped(
    (
        (("before", True), "older than"),
        (("since", True), "newer than, younger than"),
        (("before", False), "more than, over, longer than, at least"),
        (("since", False), "less than, under, no more than, at most"),
    )
)
"""Which side of a day is meant, and whether the words say by themselves that it is of an age."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def read_aged(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "older than two years", "created more than 6 months ago": by when it was created, or by the date that is named."""
    worded = clause.at(DATE_WORDS, at)
    compared = clause.at(_AGES, worded[1] if worded else at)
    stretch = stretch_at(clause.tokens, compared[1]) if compared else None
    if compared is None or stretch is None or stretch[1] not in _LENGTHS:
        return None
    (how, is_age), (count, unit, end) = compared[0], stretch
    if not is_age and clause.word(end) not in ("ago", "old"):
        return None
    own = fields_of(found.kind)
    named = _DATE_COLUMNS[worded[0]] if worded else ("occurred_at", "created_at")
    column = next((name for name in named if name in own), None)
    if column is None:
        return None
    today = clause.clock.today
    in_months = unit in _MONTHS
    day = shifted(today, -count * _MONTHS[unit]) if in_months else today - timedelta(days=count * _LENGTHS[unit])
    add_dates(found, column, how, clause.clock.one_day(day, f"{day:%-d %B %Y}"))
    return clause.skip(end, "ago", "old")


_SILENT = Phrases.of(
    "we have not spoken to, we haven't spoken to, we have not contacted, we have not spoken with, we haven't spoken with, we have not met, "
    "we haven't met, we have not called, we haven't called, we have not reached, we have not heard from, we have not been in touch with, "
    "i have not spoken to, i haven't spoken to, i have not talked to, i haven't talked to, i haven't contacted, i have not contacted, "
    "nobody has talked to, nobody has contacted, nobody has spoken to, nobody talked to, nobody spoke to, no one has talked to, "
    "no one has contacted, no one has spoken to, not talked to, not spoken with, not heard from, "
    "that went quiet, gone quiet, silent, quiet, "
    "who we have not talked to, that we have not talked to, that we have not contacted, that we have not spoken to, "
    "with no touchpoint, without touchpoint, without a touchpoint, without touchpoints, "
    "who have not been contacted, that have not been contacted, "
    "which have not been contacted, have not been contacted, haven't been contacted, not been contacted, neglected, idle, dormant, stale, "
    "cold,  we haven't talked to, we have not talked to, we haven't contacted, "
    "not contacted, we haven't been in touch with, we haven't heard from, with no contact, with no interaction, "
    "with no interactions, with no activity, without contact, without interaction, without any contact, "
    "without activity, without interactions, no contact, no activity, not spoken to, that we haven't spoken to, "
    "no interaction, no interactions, had no interaction, had no interactions, have had no interaction, have had no interactions, "
    "had no contact, had no activity, have had no contact, have had no activity, has had no interaction, has had no activity, "
    "have no interaction, have no interactions, have no activity, haven't had an interaction, "
    "haven't we talked to, haven't we spoken to, haven't we spoken with, haven't we contacted, haven't we met, haven't we called, "
    "haven't we heard from, have we not talked to, have we not spoken to, have we not spoken with, have we not contacted, "
    "have we not met, have we not called, have we not heard from, haven't i talked to, haven't i spoken to, haven't i contacted, "
    "that we haven't contacted, not touched, untouched, without any interaction, have not heard from us, haven't heard from us, "
    "has not heard from us, hasn't heard from us, not heard from us, nothing logged, with nothing logged, nothing happened, "
    "that have gone quiet, have gone quiet, has gone quiet, no contact with, nothing has happened"
)
_LENGTHS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}


_QUIET = {(word,) for word in ("silent", "quiet", "neglected", "idle", "dormant", "stale", "cold")}


def read_silent(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "we haven't spoken to in 60 days", "with no activity for two months", "not contacted since March"."""
    length = clause.length(_SILENT, at)
    if not length or "last_interaction_at" not in fields_of(found.kind):
        return None
    start = clause.skip(
        at + length, "in", "for", "within", "over", "more", "than", "the", "last", "past", "at", "least"
    )
    if stretch := stretch_at(clause.tokens, start):
        since, end = clause.clock.now - timedelta(days=stretch[0] * _LENGTHS.get(stretch[1], 1)), stretch[2]
    elif when := clause.when(clause.skip(at + length, "since")):
        since, end = when[0].past.start, when[1]
    elif clause.words(at, length) in _QUIET:
        since, end = clause.clock.now - timedelta(days=60), at + length
        if found.kind in LEADS and not found.has("is_open", "is_won", "is_lost", "stage", "status"):
            found.add("is_open", "=", "true", "open")
        found.remark = f"I took {clause.word(at)} to mean no interaction for 60 days."
    else:
        return None
    if any(condition.op == "silent" for condition in found.conditions):
        # "stale deals … no interaction for 45 days" says itself what stale is.
        found.conditions = [condition for condition in found.conditions if condition.op != "silent"]
        found.remark = ""
    found.add("last_interaction_at", "silent", since.isoformat(), f"no interaction since {since:%-d %B %Y}")
    return end
