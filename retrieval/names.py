"""Matching names as people type them: typos, accents, nicknames, initials, swapped order, legal forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nicknames import NickNamer
from rapidfuzz.distance import DamerauLevenshtein

from retrieval.folding import company_key, fold

EXACT = 1.0
CERTAIN = 0.9
"""From here on a name names its record whole; below it names a part, or has a slip in it."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a name fits, and by what."""

    score: float
    """0 to 1; comparable between kinds of record."""
    matched: str
    """name, nickname, initials or typo."""


@dataclass(frozen=True, slots=True)
class _Word:
    """How one typed word meets one word of the name: what it costs, and why."""

    cost: float
    matched: str


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


@cache
def variants_of(word: str) -> frozenset[str]:
    """Names that a folded given name may stand for, or be called by: `bob` → `robert`, `rob`, …

    Two nicknames of one name count only when they are a letter apart: `jo` and `hannah` are both for Johanna.
    """
    namer = _nicknames()
    full = namer.canonicals_of(word)
    siblings = {each for name in full for each in namer.nicknames_of(name)}
    near = {each for each in siblings if DamerauLevenshtein.distance(word, each, score_cutoff=1) == 1}
    return frozenset(full | namer.nicknames_of(word) | near) - {word}


def match_name(query: str, label: str, context: str = "") -> Match | None:
    """How well `query` names `label`, or None; words it does not hold may come from `context` (an account, a city)."""
    typed, named = fold(query), fold(label)
    if not typed or not named:
        return None
    typed_key, named_key = company_key(query), company_key(label)
    return _whole(typed, named, typed_key, named_key) or _by_words(
        typed_key.split(), named_key.split(), fold(context).split()
    )


def same_name(one: str, other: str) -> bool:
    """Whether two full names are one: equal once folded, in either order, or with a nickname for a given name."""
    match = match_name(one, other)
    return match is not None and match.score >= CERTAIN and len(fold(one).split()) == len(fold(other).split())


def _whole(typed: str, named: str, typed_key: str, named_key: str) -> Match | None:
    if typed == named:
        return Match(EXACT, "name")
    if typed_key == named_key:
        return Match(0.98, "name")
    if sorted(typed.split()) == sorted(named.split()):
        return Match(0.97, "name")
    if typed.replace(" ", "") == named.replace(" ", "") or typed_key.replace(" ", "") == named_key.replace(" ", ""):
        return Match(0.96, "name")
    return None


def _by_words(typed: Sequence[str], named: Sequence[str], context: Sequence[str]) -> Match | None:
    """Each typed word must find a word of its own in the name, or else in the context."""
    free = list(named)
    met: list[_Word] = []
    outside = 0
    for word in sorted(typed, key=len, reverse=True):
        best = min(((_meet(word, other), other) for other in free), key=lambda pair: pair[0].cost, default=None)
        if best is not None and best[0].cost < 1:
            met.append(best[0])
            free.remove(best[1])
        elif word in context:
            outside += 1
        elif word not in _FILLERS:
            return None
    if not met or all(each.matched == "initials" for each in met):
        return None
    return _weigh(met, len(named), outside)


_FILLERS = frozenset(
    [
        "the",
        "of",
        "from",
        "at",
        "in",
        "for",
        "with",
        "and",
        "der",
        "die",
        "das",
        "von",
        "bei",
        "mit",
        "und",
        "mr",
        "mrs",
        "ms",
        "dr",
        "herr",
        "frau",
        "account",
        "contact",
        "company",
        "customer",
        "deal",
        "lead",
        "opportunity",
        "person",
        "task",
    ]
)
_WORST_FIRST = ("typo", "initials", "nickname", "prefix", "name")


def _weigh(met: Sequence[_Word], named: int, outside: int) -> Match:
    matched = min((each.matched for each in met), key=_WORST_FIRST.index)
    cost = max(each.cost for each in met)
    covered = len(met) / named
    # A name given whole outranks one given in part, whatever else fits; the context only tells equals apart.
    score = (0.95 if covered == 1 else 0.78 + 0.1 * covered) - 0.4 * cost + 0.02 * min(outside, 2)
    return Match(round(min(score, 0.96), 3), "name" if matched == "prefix" else matched)


def _meet(typed: str, named: str) -> _Word:
    if typed == named:
        return _Word(0, "name")
    if len(typed) == 1 or len(named) == 1:
        return _Word(0.15, "initials") if typed[0] == named[0] else _MISS
    if named in variants_of(typed):
        return _Word(0.08, "nickname")
    if len(typed) >= 3 and named.startswith(typed):
        return _Word(0.15, "prefix")
    slips = DamerauLevenshtein.distance(typed, named, score_cutoff=3)
    if slips <= _allowed_slips(typed, named):
        return _Word(0.2 + 0.4 * slips / max(len(typed), len(named)), "typo")
    return _MISS


_MISS = _Word(1, "typo")


def _allowed_slips(typed: str, named: str) -> int:
    """One slip in four letters, two in seven; in six when the word begins alike (`energy`, `energie`)."""
    length = min(len(typed), len(named))
    if length >= 7 or (length == 6 and typed[:3] == named[:3]):
        return 2
    return 1 if length >= 4 else 0
