"""Periods that are compared: "Q2 and Q3", "this year vs last year", "compared to last month"."""

from datetime import date, timedelta

from agent.offline.form import Period
from agent.offline.grammar.analytics.words import Words, is_year
from agent.offline.lexicon.measures import COMPARING, GROWTH
from agent.offline.text import Shape
from agent.offline.values.calendar import When

_BETWEEN = (
    "and",
    "to",
    "vs",
    "vs.",
    "versus",
    "with",
    "against",
    "than",
    ",",
    "in",
    "the",
    "compared",
    "for",
    "or",
    "from",
    "of",
    "that",
    "one",
)
_UNITS = ("day", "week", "month", "quarter", "year")
_AGAIN = ("last", "previous", "prior", "before")


def read_periods(words: Words) -> tuple[When, ...]:
    """Two or more periods with a word that compares them; none otherwise. Takes their words."""
    cues = list(words.hits(COMPARING)) or [(True, start, start) for _, start, _ in words.hits(GROWTH)]
    if not cues:
        return ()
    spans = _spans(words)
    is_growth = cues[0][1] == cues[0][2]
    implied = _implied(words, spans, cues[-1][2]) if len(spans) == 1 and not is_growth else None
    if implied is None and len(spans) < 2:
        return ()
    for _, start, end in cues:
        words.take(start, end)
    for _, start, end in spans:
        words.take(start, end + (words.clause.shape(end) is Shape.POSSESSIVE))
    first, last = (spans[0][1], spans[-1][2])
    for at in range(max(0, first - 1), last):
        if words.clause.word(at) in _BETWEEN:
            words.take(at, at + 1)
    if implied:
        words.take(implied[1], implied[2])
    found = {when.start: when for when in (*(span[0] for span in spans), *([implied[0]] if implied else []))}
    return tuple(found[start] for start in sorted(found))


def period(when: When) -> Period:
    return Period(when.start.isoformat(), when.end.isoformat(), when.said)


def _spans(words: Words) -> list[tuple[When, int, int]]:
    found: list[tuple[When, int, int]] = []
    at = 0
    while at < len(words.clause):
        hit = _at(words, at)
        if hit and hit[0].end - hit[0].start >= timedelta(hours=23):
            found.append((hit[0].past, at, hit[1]))
            at = hit[1]
        else:
            at += 1
    return found


def _at(words: Words, at: int) -> tuple[When, int] | None:
    clause = words.clause
    if is_year(clause.tokens[at]):
        year = int(clause.word(at))
        return clause.clock.span(date(year, 1, 1), date(year + 1, 1, 1), str(year)), at + 1
    if clause.word(at) in ("than", "to", "with", "and", "the", "in", "by", "for"):
        return None
    return clause.when(at)


def _implied(words: Words, spans: list[tuple[When, int, int]], after: int) -> tuple[When, int, int] | None:
    """ "this quarter vs last": the unit is said once; "compared to last quarter": with the one that is running."""
    when, start, end = spans[0]
    unit = next((unit for unit in _UNITS if unit in words.clause.words(start, end - start)), None)
    if unit is None:
        return None
    clock = words.clause.clock
    again = next((at for at in range(end, len(words.clause)) if words.clause.word(at) in _AGAIN), None)
    if start < after and again is not None and again >= after and again == len(words.clause) - 1:
        return clock.unit(unit, -1, f"last {unit}"), again, again + 1
    if words.clause.skip(after, "the", "in", "to", "with") == start and when.end <= clock.now:
        return clock.unit(unit, 0, f"this {unit}"), start, start
    return None
