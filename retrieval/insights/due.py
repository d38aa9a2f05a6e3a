"""The day that a sentence names for something to come: "by Friday", "bis 12.12.", "avant le 3 mars", "tomorrow"."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from babel import Locale

from retrieval.insights.lexicon import Lexicon, lexicon_of, tokens_of

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?(?![\d])")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])")
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?")
_ENDS_A_WEEK = 4
"""Friday, counted from Monday."""
_A_YEAR_ON = 200
"""A day without a year that is longer ago than this is meant for next year."""


def due_in(text: str, said_on: date, language: str) -> date | None:
    """The first day after `said_on` that the sentence names; None when it names none.

    A date in figures is read day first, as in Europe, unless only month first makes one.
    """
    lexicon = lexicon_of(language)
    found = [*_in_figures(text, said_on)]
    words = [token.word for token in tokens_of(text)]
    rules: tuple[_Rule, ...] = (_named_day, _month_day, _weekday, _next_span)
    found += [day for at in range(len(words)) for rule in rules if (day := rule(words, at, said_on, lexicon))]
    ahead = [day for day in found if day >= said_on]
    return min(ahead) if ahead else None


_Rule = Callable[[Sequence[str], int, date, Lexicon], date | None]


def _in_figures(text: str, said_on: date) -> list[date]:
    found = [_day(int(year), int(month), int(day)) for year, month, day in _ISO.findall(text)]
    for pattern in (_DOTTED, _SLASHED):
        for first, second, year in pattern.findall(text):
            whole = int(year) + (2000 if len(year) == 2 else 0) if year else None
            day = _dated(whole, int(second), int(first), said_on)
            found.append(day or _dated(whole, int(first), int(second), said_on))
    return [day for day in found if day is not None]


def _dated(year: int | None, month: int, day: int, said_on: date) -> date | None:
    if year is not None:
        return _day(year, month, day)
    read = _day(said_on.year, month, day)
    if read is not None and (said_on - read).days > _A_YEAR_ON:
        return _day(said_on.year + 1, month, day)
    return read


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named_day(words: Sequence[str], at: int, said_on: date, lexicon: Lexicon) -> date | None:
    # German "morgen" is a greeting and a time of day too.
    if words[at - 1 : at] in (["guten"], ["am"]) and words[at] == "morgen":
        return None
    for name, days in lexicon.due["days"].items():
        parts = str(name).split()
        if words[at : at + len(parts)] == parts:
            return said_on + timedelta(days=int(days))
    return None


def _month_day(words: Sequence[str], at: int, said_on: date, lexicon: Lexicon) -> date | None:
    """3 December, December 3rd, 12 de marzo."""
    month = _months(lexicon.language).get(words[at])
    if month is None:
        return None
    before = words[at - 2] if at >= 2 and words[at - 1] in ("de", "of") else words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    for word in (before, after):
        number = _NUMBER.fullmatch(word)
        if number:
            return _dated(None, month, int(number[1]), said_on)
    return None


def _weekday(words: Sequence[str], at: int, said_on: date, lexicon: Lexicon) -> date | None:
    """The next such day; "next Friday" said on a Monday is the one of the following week."""
    number = _weekdays(lexicon.language).get(words[at])
    if number is None:
        return None
    days = (number - said_on.weekday()) % 7 or 7
    is_following = bool(at) and words[at - 1] in ("next", "nächsten", "nächster", "nächste")
    if is_following and days <= 6 - said_on.weekday():
        days += 7
    return said_on + timedelta(days=days)


def _next_span(words: Sequence[str], at: int, said_on: date, lexicon: Lexicon) -> date | None:
    """Next week ends on its Friday, next month on its last day."""
    around = {*words[max(0, at - 1) : at], *words[at + 1 : at + 2]}
    if around.isdisjoint(lexicon.due["next"]):
        return None
    if words[at] in lexicon.due["week"]:
        return said_on + timedelta(days=7 - said_on.weekday() + _ENDS_A_WEEK)
    if words[at] in lexicon.due["month"]:
        following = (said_on.replace(day=28) + timedelta(days=4)).replace(day=28) + timedelta(days=4)
        return following.replace(day=1) - timedelta(days=1)
    return None


@cache
def _months(language: str) -> dict[str, int]:
    names = Locale(language).months["format"]
    return _numbered(names["wide"]) | {
        name: number for name, number in _numbered(names["abbreviated"]).items() if name != "mar"
    }


@cache
def _weekdays(language: str) -> dict[str, int]:
    return _numbered(Locale(language).days["format"]["wide"])


def _numbered(names: Mapping[int, str]) -> dict[str, int]:
    return {name.casefold().rstrip("."): number for number, name in names.items()}
