"""What goes on from the list before: "only mine", "how many of those are over 100k", "and last quarter?", "more"."""

from agent.offline.clause import Clause
from agent.offline.form import ListOf, More, Refine
from agent.offline.grammar.conditions import gather
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import EVERY_KIND, KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases, grouped

_MORE = Phrases.of(
    "more, next page, the next page, show more, show me more, next, the rest, show the rest, show me the rest, continue, "
    "see more, more please, page 2, page two, go on, next ones, the next ones, keep going, load more, more of them, "
    "show the next page, show me the next page, more results, next results, show next page, any more, are there more, list more, "
    "the others, next 10, next 20, next ten, next twenty, the next 20, the next 10, show the next 20, show me the next 10, "
    "show me the next 20, show the next 10, give me more, give me the next page"
)
_OPENERS: Phrases[str] = grouped(
    (
        (
            "count",
            (
                "how many of those, how many of these, how many of them, of those how many, of these how many, count those, "
                "how many of the deals above, how many there, and how many, how many"
            ),
        ),
        (
            "list",
            (
                "only, just, which of those, which of these, which of them, those, show only, show me only, show just, show me just, "
                "only show, only show me, just show me, just show, limit to, limit it to, limit them to, filter by, filter to, filter for, "
                "narrow to, narrow it to, narrow down to, narrow it down to, now only, now just, of those, of these, of them, "
                "restrict to, only those, just those, only the ones, just the ones, the ones, and of those, keep only, "
                "sort them, sort those, sort it, order them, sort that, order it, sort, sort the list, i meant, exclude"
            ),
        ),
        (
            "",
            "what about, how about, and what about, and how about, and, same for, the same for, same, the same, now, and for, and in",
        ),
    )
)
_COUNTED = Phrases.of(
    "how many, how many total, how many in total, how many altogether, how many in all, how many are there, how many are they, "
    "how many are those, how many are that, how many is that, how many were there, how many do we have, how many do i have, "
    "how many are there in total, how many is that in total, and how many are there, and how many is that"
)
PAST = ("closed_at", "completed_at", "occurred_at", "created_at")
"""Dates of what has been, of which each kind has one at least."""
_ENDS = ("ones", "one")


def read_more(clause: Clause) -> More | None:
    clause = without_end_marks(clause)
    return More() if clause.length(_MORE, 0) == len(clause) > 0 else None


def read_refine(clause: Clause) -> Refine | None:
    """A change of the list before, when the whole clause is one."""
    clause = without_end_marks(clause)
    opener = clause.at(_OPENERS, 0)
    mode, start = opener or ("", 0)
    if clause.length(_COUNTED, 0) == len(clause) > 0:
        return Refine({kind: ListOf((kind,), "") for kind in EVERY_KIND}, "counted", True)
    if len(clause) == 0 or start == len(clause):
        return None
    if mode == "" and not _is_elliptic(clause, start):
        return None
    noun = next(((hit, i) for i in range(start, len(clause)) if (hit := kind_at(clause.tokens, i))), None)
    if noun:
        return _of_kind(clause, start, *noun) if mode == "list" else None
    body = clause.cut(start, len(clause) - 1) if clause.word(len(clause) - 1) in _ENDS else clause.cut(start)
    body = body.cut(body.skip(0, "the", "are", "is", "were", "that", "which", "ones", "to"))
    if not len(body):
        return None
    readings = {kind: listed for kind in EVERY_KIND if (listed := _reading(body, kind))}
    if not readings or (
        mode == "count" and clause.words(start - 1, 1) == ("many",) and not _is_elliptic(clause, start)
    ):
        return None
    counting = {"count": True, "list": False}.get(mode)
    past = {kind: listed for kind in readings if (listed := _reading(body, kind, in_past=True))}
    return Refine(readings, clause.said(), counting, past)


def _of_kind(clause: Clause, start: int, hit: tuple[KindWord, int], at: int) -> Refine | None:
    """ "only customers", "just the open deals": the list before, or a new one."""
    word, end = hit
    found = Gathered(word.kinds[:1], is_dated=True)
    for column, value in word.where:
        found.add(column, "=", value, value)
    gather(clause.cut(start, at), found)
    gather(clause.cut(end), found)
    if found.not_understood or found.kinds != word.kinds[:1] or not found.conditions or len(word.kinds) > 1:
        return None
    listed = ListOf(found.kinds, clause.said(at, end), tuple(found.conditions), found.order_by, found.limit)
    return Refine({found.kind: listed}, clause.said(), False, alone=listed)


def _is_elliptic(clause: Clause, start: int) -> bool:
    """Whether bare words can only go on from a list: a time, "mine", "the open ones"."""
    at = clause.skip(start, "in", "for", "during", "since", "from", "on")
    return (clause.when(at) is not None and (clause.when(at) or (None, 0))[1] == len(clause)) or clause.word(
        len(clause) - 1
    ) in (*_ENDS, "mine")


def _reading(body: Clause, kind: str, *, in_past: bool = False) -> ListOf | None:
    found = Gathered((kind,), is_dated=True)
    if in_past:
        found.dated_by = next(name for name in PAST if name in fields_of(kind))
    gather(body, found)
    if found.not_understood or found.kinds != (kind,) or not (found.conditions or found.order_by or found.limit):
        return None
    return ListOf((kind,), "", tuple(found.conditions), found.order_by, found.limit, remark=found.remark)
