"""What was done with a record or by a colleague, and what never was: "we have never met", "that bought at least 4 times"."""

from collections.abc import Callable
from datetime import timedelta

from agent.offline.clause import Clause
from agent.offline.form import ListOf
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import COMPARISONS
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import owner_column
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.values.dates import stretch_at
from agent.offline.words import word_set

Gather = Callable[[Clause, Gathered], None]
Deed = tuple[str, tuple[tuple[str, str], ...], str]
"""The kind of record that a deed leaves behind, what holds of it, and how it is called."""
_DEEDS: Phrases[Deed] = grouped(
    (
        (
            ("interaction", (("kind", "call"),), "calls"),
            "called, call, phoned, rung, rang, telephoned, phone, been called",
        ),
        (
            ("interaction", (("kind", "meeting"),), "meetings"),
            "met, met with, visited, visit, been visited, seen, sat down with",
        ),
        (
            ("interaction", (("kind", "email"),), "e-mails"),
            "emailed, e-mailed, mailed, written to, wrote to, been emailed",
        ),
        (
            ("opportunity", (("is_won", "true"),), "won deals"),
            "bought, ordered, purchased, won, won a deal, signed, closed, sold, buy",
        ),
        (("opportunity", (("is_lost", "true"),), "lost deals"), "lost, lost a deal"),
    )
)
_OF_ACCOUNTS = ("bought", "ordered", "purchased", "buy")
_SUBJECTS = (
    "",
    "we ",
    "i ",
    "nobody ",
    "no one ",
    "that ",
    "who ",
    "which ",
    "that we ",
    "who we ",
    "which we ",
    "whom we ",
)
_NEVER = Phrases.of(
    ", ".join(
        f"{subject}{denied}"
        for subject in _SUBJECTS
        for denied in (
            "have not", "haven't", "has not", "hasn't", "have never", "has never", "never", "did not", "didn't", "have not yet",
            "haven't yet", "hasn't yet", "were not", "was not", "not", "havent", "hasnt", "didnt", "have not been", "has not been",
        )
        if denied != "not" or not subject
    )
    + ", nobody has, nobody, no one has, no one, that nobody has, that nobody, that no one has"
)  # fmt: skip
_DID = Phrases.of(
    ", ".join(
        f"{subject}{has}"
        for subject in ("", "that ", "who ", "which ", "we ", "that we ")
        for has in ("have", "has", "had")
    )
)
_ANY = word_set("anything any a deal deals with us from ever yet something business thing single one to")
_BACK = word_set("in for within over during the last past more than at least since")


def read_deed(clause: Clause, at: int, found: Gathered, gather: Gather) -> int | None:
    """The condition that something was done, so many times, or was not done; with when, where that is said."""
    length = clause.length(_NEVER, at)
    negated = bool(length)
    length = length or clause.length(_DID, at)
    begin = clause.skip(at + length, "ever", "even", "yet") if length else at
    hit = clause.at(_DEEDS, begin) if length or found.kind in ("account", "user") else None
    if hit is None or (not negated and clause.when(at)):
        return None
    (kind, conditions, noun), end = hit
    link = _link(found.kind, kind, clause.word(begin))
    if link is None:
        return None
    after = clause.skip(end, *_ANY)
    times = _times(clause, after)
    if not negated and times is None:
        return None
    counted, after = times or (None, after)
    inner = _inner(kind, conditions)
    end = with_time(clause, after, inner, gather)
    listed = ListOf((kind,), noun, tuple(inner.conditions), linked_by=link[1], counted=counted)
    found.add(link[0], "not in" if negated else "in", listed, clause.said(at, end))
    return end


def _link(kind: str, inner: str, verb: str) -> tuple[str, str] | None:
    """The own id, and the inner records' column for it."""
    if kind == "user":
        column = owner_column(inner)
        return ("user_id", column) if column and verb not in _OF_ACCOUNTS else None
    if kind == "opportunity" and inner == "interaction":
        return "opportunity_id", "about_id"
    return ("account_id", "account_id") if kind == "account" else None


def _times(clause: Clause, at: int) -> tuple[tuple[str, int], int] | None:
    """ "at least 4 times", "twice", "more than once"."""
    compared = clause.at(COMPARISONS, at)
    start = compared[1] if compared else at
    fixed = {"once": 1, "twice": 2}.get(clause.word(start))
    number = clause.number(start)
    if fixed is not None:
        return (compared[0] if compared else ">=", fixed), start + 1
    if number and number[0].whole is not None and clause.word(number[1]) in ("times", "time"):
        return (compared[0] if compared else ">=", number[0].whole), number[1] + 1
    return None


def _inner(kind: str, conditions: tuple[tuple[str, str], ...]) -> Gathered:
    """The list of what the deed leaves behind."""
    inner = Gathered((kind,), dated_by="closed_at" if kind == "opportunity" else "occurred_at", is_dated=True)
    for column, value in conditions:
        inner.add(column, "=", value, "")
    return inner


def with_time(clause: Clause, at: int, inner: Gathered, gather: Gather | None = None) -> int:
    """Adds when it was, or was not, from as many of the words that follow as tell it; the position after them."""
    start = clause.skip(at, *_BACK)
    column = inner.dated_by or "created_at"
    if start > at and column in fields_of(inner.kind) and (stretch := stretch_at(clause.tokens, start)):
        since = clause.clock.now - timedelta(days=stretch[0] * _LENGTHS.get(stretch[1], 1))
        inner.add(column, ">=", since.isoformat(), f"since {since:%-d %B %Y}")
        return clause.skip(stretch[2], "or", "more", "longer") if clause.word(stretch[2]) == "or" else stretch[2]
    for end in range(len(clause), at, -1):
        probe = Gathered(inner.kinds, dated_by=inner.dated_by, is_dated=True)
        if gather:
            gather(clause.cut(at, end), probe)
        if not probe.not_understood and probe.kinds == inner.kinds and probe.conditions:
            known = {(c.column, c.op, str(c.value)) for c in inner.conditions}
            inner.conditions += [c for c in probe.conditions if (c.column, c.op, str(c.value)) not in known]
            return end
    return at


_LENGTHS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}
