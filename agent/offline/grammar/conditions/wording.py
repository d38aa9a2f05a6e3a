"""Words that part the conditions of a list from one another: comparisons, dates and their bounds, and where a name ends."""

from agent.offline.clause import Clause
from agent.offline.lexicon.kinds import kind_at
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.words import word_set

COMPARISONS: Phrases[str] = grouped(
    (
        (
            ">",
            (
                "over, above, more than, greater than, bigger than, larger than, higher than, exceeding, >, "
                "north of, in excess of, upwards of, worth more than, worth over, bigger, beyond, is over, "
                "is above"
            ),
        ),
        (">=", "at least, no less than, from, minimum, min, > =, starting at, not less than, or more"),
        (
            "<",
            (
                "under, below, less than, smaller than, lower than, <, fewer than, worth less than, worth under, "
                "is under, is below"
            ),
        ),
        ("<=", "at most, up to, no more than, maximum, max, < =, not more than"),
        ("=", "exactly, equal to, equals, of exactly, worth exactly, of, =, is, worth"),
    )
)


DATE_WORDS: Phrases[str] = grouped(
    (
        (
            "close",
            (
                "closing, close, closes, expected to close, due to close, that close, that closes, "
                "that are closing, set to close, with a close date, with close date, expected, to close"
            ),
        ),
        ("due", "due, falling due, with a deadline, with due date, with a due date, deadline"),
        (
            "created",
            (
                "created, added, new, made, entered, opened, registered, since creation, logged, written, "
                "that came in, came in, we added, i created, we created, i added, i wrote"
            ),
        ),
        ("changed", "updated, changed, modified, edited, touched, last updated, last changed"),
        (
            "closed",
            (
                "closed, won, lost, that closed, we closed, that were closed, signed, that we won, that we lost, "
                "we won, we lost, i won, i lost, i closed"
            ),
        ),
        ("done", "completed, done, finished, that were completed, i finished, i completed"),
        ("started", "starting, start, beginning, that start"),
        ("happened", "that happened, happened, held, that took place, from, dated, sent, received"),
    )
)


BOUNDS: Phrases[str] = grouped(
    (
        ("since", "since, from, starting, as of, on or after, after and including"),
        ("after", "after, later than, past, beyond"),
        ("before", "before, earlier than, prior to, older than, ahead of"),
        ("by", "by, until, up to, till, through, no later than, on or before, not later than, by the"),
        (
            "in",
            (
                "in, on, during, within, for, this, at, over, throughout, of, dated, in the, over the, "
                "during the, within the, for the"
            ),
        ),
    )
)


_NAME_END_SAID = Phrases.of("owned by, assigned to, in the, at, from, by, worth")


_CLAUSE_VERBS = word_set("have has are is were was do does don't haven't hasn't aren't isn't")
"""What a question goes on with after a name: "how many contacts at Acme have no phone"."""
_NAME_END_WORDS = word_set(", ? ! ; that which who with without whose where and or sorted ordered please in")


def name_end(clause: Clause, start: int) -> int:
    """Where a name that starts here ends: before the next condition, or a word no name goes on with."""
    at = start + 1
    while at < len(clause):
        token = clause.tokens[at]
        if token.word in _NAME_END_WORDS and not (token.word == "and" and _goes_on(clause, at)):
            break
        if not token.is_capitalised and (
            token.word in _CLAUSE_VERBS
            or clause.at(DATE_WORDS, at)
            or clause.when(at)
            or (clause.at(BOUNDS, at) and clause.when(at + 1))
            or clause.at(COMPARISONS, at)
        ):
            break
        if token.is_capitalised and clause.when(at) and not clause.tokens[at - 1].is_capitalised:
            break
        if clause.length(_NAME_END_SAID, at):
            break
        at += 1
    return at


def _goes_on(clause: Clause, at: int) -> bool:
    """Whether "and" stands inside a name ("Johnson and Sons")."""
    return (
        at + 1 < len(clause)
        and clause.tokens[at + 1].is_capitalised
        and clause.tokens[at - 1].is_capitalised
        and not kind_at(clause.tokens, at + 1)
    )
