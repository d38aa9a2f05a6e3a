"""Dates, times and periods as people say them: "next Tuesday at 3pm", "end of the month", "last quarter", "3 Dec"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from babel import Locale

from agent.offline.text import Shape, Token
from agent.offline.values.calendar import Clock, When, shifted
from agent.offline.values.hours import CLOCK_WORDS, DAYTIMES, daytime, plain_hour, time_at, with_time
from agent.offline.values.numbers import number_at
from agent.offline.words import word_set

_ENGLISH = Locale("en")
Found = tuple[When, int]


def _names(*forms: Mapping[int, str]) -> dict[str, int]:
    """Lower-case names → their number in the calendar."""
    return {name.lower().rstrip("."): index for form in forms for index, name in form.items()}


MONTHS = _names(_ENGLISH.months["format"]["wide"], _ENGLISH.months["format"]["abbreviated"]) | {"sept": 9}
WEEKDAYS = _names(_ENGLISH.days["format"]["wide"], _ENGLISH.days["format"]["abbreviated"]) | {
    "tues": 1, "weds": 2, "thur": 3, "thurs": 3,
}  # fmt: skip
_UNITS = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "wk": "week", "wks": "week", "month": "month",
    "months": "month", "quarter": "quarter", "quarters": "quarter", "qtr": "quarter", "year": "year", "years": "year",
    "weekend": "weekend", "fortnight": "fortnight", "fortnights": "fortnight", "half": "half", "hour": "hour",
    "hours": "hour", "hrs": "hour", "hr": "hour", "minute": "minute", "minutes": "minute", "mins": "minute", "min": "minute",
}  # fmt: skip
_OFFSETS = {
    "this": 0,
    "current": 0,
    "the": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
    "upcoming": 1,
    "last": -1,
    "previous": -1,
    "past": -1,
    "prior": -1,
}
_DAY_WORDS = {
    "today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1, "eod": 0, "cob": 0,
}  # fmt: skip
_PERIOD_SHORT = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}
_STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "fortnight": timedelta(weeks=2)}
_IN_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def when_at(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """The date, time or period that starts at a token, and the index after it; the longest reading wins."""
    found = [hit for rule in _RULES if (hit := rule(tokens, at, clock))]
    if not found:
        return _clock_today(tokens, at, clock)
    when, end = max(found, key=lambda hit: hit[1])
    if moved := _in_year(tokens, end, when, clock):
        return moved
    return with_time(tokens, end, when)


def _in_year(tokens: Sequence[Token], at: int, when: When, clock: Clock) -> Found | None:
    """A month, quarter or half with the year it is in said beside it: "Q3 last year", "October of this year"."""
    start = at + 1 if at < len(tokens) and tokens[at].word in ("of", "in", ",") else at
    words = [token.word for token in tokens[start : start + 2]]
    if len(words) < 2 or words[1] != "year" or words[0] not in ("last", "previous", "this", "next"):
        return None
    days = (when.end - when.start).days
    if when.start.day != 1 or not 27 < days < 190 or when.said.startswith(("last ", "this ", "next ", "past ")):
        return None
    year = clock.today.year + _OFFSETS[words[0]]
    first, after = when.start.date(), when.end.date()
    months = (year - first.year) * 12
    name = when.said.removesuffix(f" {first.year}")
    return clock.span(shifted(first, months), shifted(after, months), f"{name} {year}"), start + 2


def _clock_today(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """A bare time: today at that time; a date after it may say otherwise ("3pm tomorrow")."""
    if tokens[at].word in DAYTIMES:
        return None
    hour = plain_hour(tokens, at)
    if (read := time_at(tokens, at) or hour) is None:
        return None
    end = read[1]
    if end < len(tokens) and tokens[end].word in ("on", ","):
        end += 1
    found = [hit for rule in _RULES if end < len(tokens) and (hit := rule(tokens, end, clock))]
    if found and found[0][0].end - found[0][0].start <= timedelta(days=1, hours=1) and not found[0][0].is_instant:
        return found[0][0].at(read[0]), found[0][1]
    # "At 3" alone may be anything; only with a day beside it is it an hour.
    return None if hour is not None and read is hour else (clock.one_day(clock.today, "today").at(read[0]), read[1])


def _named_day(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    word = tokens[at].word
    rest = [t.word for t in tokens[at + 1 : at + 4]]
    if word == "now" or (word == "right" and rest[:1] == ["now"]):
        return When(clock.now, clock.now, "now"), at + (1 if word == "now" else 2)
    lead = 1 if word == "the" else 0
    words = [t.word for t in tokens[at : at + 4]][lead:]
    if words[:2] == ["day", "after"] and words[2:3] == ["tomorrow"]:
        return clock.one_day(clock.today + timedelta(days=2), "the day after tomorrow"), at + lead + 3
    if words[:2] == ["day", "before"] and words[2:3] == ["yesterday"]:
        return clock.one_day(clock.today - timedelta(days=2), "the day before yesterday"), at + lead + 3
    length = (
        lead + 3 if words[:3] == ["end", "of", "day"] else lead + 4 if words[:4] == ["end", "of", "the", "day"] else 0
    )
    if length or word in ("eod", "cob"):
        return _end_of_day(tokens, at + (length or 1), clock)
    if words[:2] == ["first", "thing"] and at + lead + 2 < len(tokens) and tokens[at + lead + 2].word == "tomorrow":
        return clock.one_day(clock.today + timedelta(days=1), "tomorrow").at(CLOCK_WORDS["morning"]), at + lead + 3
    if word == "tonight":
        read = time_at(tokens, at + 2) if rest[:1] == ["at"] else None
        return clock.one_day(clock.today, "today").at(read[0] if read else CLOCK_WORDS["night"]), read[
            1
        ] if read else at + 1
    if word in _DAY_WORDS:
        return clock.one_day(clock.today + timedelta(days=_DAY_WORDS[word]), word), at + 1
    if word == "this" and rest[:1] and rest[0] in DAYTIMES:
        hour, end = daytime(tokens, at + 1) or (CLOCK_WORDS[rest[0]], at + 2)
        return clock.one_day(clock.today, "today").at(hour), end
    if word == "last" and rest[:1] == ["night"]:
        return clock.one_day(clock.today - timedelta(days=1), "yesterday").at(time(20)), at + 2
    return None


def _holiday(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """ "Easter Monday 2026", "Good Friday", "Christmas": without a year the next one, and the last one when looking back."""
    words = [token.word for token in tokens[at : at + 2]]
    name, length = (" ".join(words), 2) if " ".join(words) in _HOLIDAYS else (words[0], 1)
    of_year = _HOLIDAYS.get(name)
    if of_year is None:
        return None
    year, end = _year_number(tokens, at + length)
    if year:
        return clock.one_day(of_year(year), f"{name.title()} {year}"), end
    this = of_year(clock.today.year)
    ahead = this if this >= clock.today else of_year(this.year + 1)
    behind = this if this <= clock.today else of_year(this.year - 1)
    back = clock.one_day(behind, f"{name.title()} {behind.year}")
    when = clock.one_day(ahead, f"{name.title()} {ahead.year}")
    return replace(when, earlier=None if ahead == behind else back), end


def _easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


_HOLIDAYS: Mapping[str, Callable[[int], date]] = {
    **{
        name: lambda year, days=days: _easter(year) + timedelta(days=days)
        for name, days in {
            "good friday": -2, "easter": 0, "easter sunday": 0, "easter monday": 1, "whit sunday": 49, "pentecost": 49, "whit monday": 50,
        }.items()
    },
    **{
        name: lambda year, month=month, day=day: date(year, month, day)
        for name, (month, day) in {
            "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26),
            "new year": (1, 1), "new year's": (1, 1), "labour day": (5, 1),
        }.items()
    },
}  # fmt: skip


def _end_of_day(tokens: Sequence[Token], at: int, clock: Clock) -> Found:
    """The end of today, or of the day said after it: "EOD Friday"."""
    step = at + 1 if at < len(tokens) and tokens[at].word in ("on", "of", ",") else at
    day = next((hit for rule in _DAYS if step < len(tokens) and (hit := rule(tokens, step, clock))), None)
    if day and not day[0].is_instant and day[0].end - day[0].start <= timedelta(days=1, hours=1):
        return day[0].at(CLOCK_WORDS["eod"]), day[1]
    return clock.one_day(clock.today, "today"), at


def _weekday(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """A weekday; "next" means the following calendar week's, "last" the most recent one."""
    word, offset, start = tokens[at].word, None, at
    if word in ("this", "next", "last", "coming", "past", "previous") and at + 1 < len(tokens):
        offset, at = word, at + 1
    name = tokens[at].word.removesuffix("s") if tokens[at].word not in WEEKDAYS else tokens[at].word
    if name not in WEEKDAYS or (
        name in ("sun", "sat", "wed", "mon") and offset is None and start and not _dated(tokens, start)
    ):
        return None
    if offset is None and _in_name(tokens, at):
        return None
    day = WEEKDAYS[name]
    ahead = clock.today + timedelta(days=(day - clock.today.weekday() - 1) % 7 + 1)
    behind = clock.today - timedelta(days=(clock.today.weekday() - day - 1) % 7 + 1)
    monday = clock.today - timedelta(days=clock.today.weekday())
    chosen = {
        "this": monday + timedelta(days=day), "next": monday + timedelta(days=7 + day), "last": behind, "past": behind,
        "previous": behind, "coming": ahead,
    }.get(offset or "", ahead)  # fmt: skip
    end = at + 1
    after = [t.word for t in tokens[end : end + 2]]
    if offset is None and after == ["next", "week"]:
        chosen, end = monday + timedelta(days=7 + day), end + 2
    elif offset is None and after[:1] == ["week"]:
        chosen, end = ahead + timedelta(days=7), end + 1
    said = f"{chosen:%A}"
    when = clock.one_day(chosen, said)
    if offset is None and end == at + 1:
        when = When(when.start, when.end, said, clock.one_day(behind, said))
    return when, end


_DATED_WORDS = word_set("on by next this last until before due every")


def _dated(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token before announces a date, so that "sun" or "wed" is a day and no other word."""
    return tokens[at - 1].word in _DATED_WORDS or tokens[at].is_capitalised


def _relative_unit(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """ "this month", "next quarter", "last 30 days", "the coming two weeks", "year to date"."""
    start = at
    words = [t.word for t in tokens[at : at + 3]]
    if (
        words[:2] == ["the", words[1] if len(words) > 1 else ""]
        and len(words) > 1
        and words[1] in _OFFSETS
        and words[1] != "the"
    ):
        at += 1
    word = tokens[at].word
    if words[:3] == ["year", "to", "date"] or word == "ytd":
        year = clock.unit("year", 0, "this year")
        return When(year.start, clock.now, "this year so far"), start + (1 if word == "ytd" else 3)
    if word not in _OFFSETS or word == "the" or at + 1 >= len(tokens):
        return None
    offset, at = _OFFSETS[word], at + 1
    prefix = "fiscal " if tokens[at].word in ("fiscal", "financial") else ""
    at += 1 if tokens[at].word in ("fiscal", "financial", "calendar", "whole", "entire") else 0
    if at < len(tokens) and (unit := _UNITS.get(tokens[at].word)) in (
        "day",
        "week",
        "weekend",
        "month",
        "quarter",
        "half",
        "year",
    ):
        named = f"{word} {prefix}{unit}"
        return clock.unit("fiscal year" if prefix and unit == "year" else unit or "day", offset, named), at + 1
    if (
        at < len(tokens)
        and _UNITS.get(tokens[at].word) == "fortnight"
        and offset
        and (moved := _moved(clock.now, "fortnight", offset))
    ):
        first, last = sorted((moved.date(), clock.today))
        return clock.span(first, last + timedelta(days=1), f"{word} fortnight"), at + 1
    if at < len(tokens) and tokens[at].word in MONTHS and offset:
        return _month(clock, MONTHS[tokens[at].word], offset), at + 1
    return _counted(tokens, at, clock, offset) if offset else None


def _counted(tokens: Sequence[Token], at: int, clock: Clock, offset: int) -> Found | None:
    """The last or the next so many units, up to or from now."""
    number = number_at(tokens, at) if at < len(tokens) else None
    if number is None or number[0].whole is None or number[1] >= len(tokens):
        return None
    unit = _UNITS.get(tokens[number[1]].word)
    moved = _moved(clock.now, unit or "", number[0].whole * offset)
    if unit is None or moved is None:
        return None
    said = f"{'last' if offset < 0 else 'next'} {number[0].whole} {unit}{'s' if number[0].whole != 1 else ''}"
    if unit in ("hour", "minute"):
        return When(min(moved, clock.now), max(moved, clock.now), said), number[1] + 1
    first, last = sorted((moved.date(), clock.today))
    return clock.span(first, last + timedelta(days=1), said), number[1] + 1


def _moved(moment: datetime, unit: str, amount: int) -> datetime | None:
    """A moment some units on or back; None past the calendar's ends."""
    try:
        if unit in _STEPS:
            return moment + _STEPS[unit] * amount
        if unit in _IN_MONTHS:
            return datetime.combine(shifted(moment.date(), _IN_MONTHS[unit] * amount), moment.timetz())
        if unit in ("hour", "minute"):
            return moment + timedelta(**{f"{unit}s": amount})
    except (OverflowError, ValueError):
        return None
    return None


def _in_units(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """ "in two weeks", "3 days ago", "a month from now", "within 10 days", "a week from Friday"."""
    lead = tokens[at].word
    start = at + 1 if lead in ("in", "within") else at
    if start >= len(tokens):
        return None
    counted = _amount_of_units(tokens, start)
    if counted is None:
        return None
    amount, unit, end = counted
    tail = [t.word for t in tokens[end : end + 2]]
    if tail[:1] == ["ago"] or tail[:1] == ["back"]:
        return _landing(clock, unit, -amount, end + 1)
    if tail[:1] in (["later"], ["hence"]) or tail in (["from", "now"], ["from", "today"]):
        return _landing(clock, unit, amount, end + (1 if tail[0] in ("later", "hence") else 2))
    if tail[:1] in (["from"], ["after"]) and end + 1 < len(tokens) and (base := when_at(tokens, end + 1, clock)):
        moved = _moved(base[0].start, unit, amount)
        return (clock.one_day(moved.date(), f"{moved:%A}"), base[1]) if moved else None
    if lead == "in":
        end += 1 if tail[:2] == ["'", "time"] or tail[:1] == ["time"] else 0
        return _landing(clock, unit, amount, end)
    if lead == "within" and (moved := _moved(clock.now, unit, amount)):
        return clock.span(clock.today, moved.date() + timedelta(days=1), f"within {amount} {unit}s"), end
    return None


def _landing(clock: Clock, unit: str, amount: int, end: int) -> Found | None:
    moved = _moved(clock.now, unit, amount)
    if moved is None:
        return None
    if unit in ("hour", "minute"):
        return When(moved, moved, f"{moved:%H:%M}"), end
    return clock.one_day(moved.date(), f"{moved:%A %-d %B}"), end


def stretch_at(tokens: Sequence[Token], at: int) -> tuple[int, str, int] | None:
    """How many of which unit stand at a token: "two weeks" → 2, week; and the index after them."""
    return _amount_of_units(tokens, at) if at < len(tokens) else None


def _amount_of_units(tokens: Sequence[Token], at: int) -> tuple[int, str, int] | None:
    """How many of which unit: "two weeks", "a couple of days", "half a year", "a fortnight"."""
    words = [t.word for t in tokens[at : at + 4]]
    if words[:2] == ["half", "a"] and words[2:3] == ["year"]:
        return 6, "month", at + 3
    if words[:2] in (["half", "an"], ["half", "a"]) and words[2:3] == ["hour"]:
        return 30, "minute", at + 3
    if words[0] in ("a", "an", "one") and len(words) > 1 and words[1] in _UNITS:
        return 1, _UNITS[words[1]], at + 2
    if words[:2] == ["a", "few"] and words[2:3] and words[2] in _UNITS:
        return 3, _UNITS[words[2]], at + 3
    number = number_at(tokens, at)
    if number is None or number[0].whole is None or number[0].is_ordinal or number[0].looks_like_money:
        return None
    end = number[1] + (1 if [t.word for t in tokens[number[1] : number[1] + 1]] in (["of"], ["-"]) else 0)
    if end >= len(tokens) or tokens[end].word not in _UNITS:
        return None
    return number[0].whole, _UNITS[tokens[end].word], end + 1


def _edge(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """ "end of the month", "beginning of next quarter", "the last day of the year", "mid December", "EOW"."""
    word = tokens[at].word
    if word in _PERIOD_SHORT:
        return _last_of(clock, clock.unit(_PERIOD_SHORT[word], 0, f"this {_PERIOD_SHORT[word]}")), at + 1
    lead = 1 if word == "the" else 0
    words = [t.word for t in tokens[at : at + 6]][lead:]
    if words[:3] in (["last", "day", "of"], ["first", "day", "of"]):
        lead, words = lead + 1, ["end" if words[0] == "last" else "start", *words[2:]]
    if not words or words[0] not in ("end", "start", "beginning", "middle", "mid", "late", "early", "close"):
        return None
    step = 1
    while step < len(words) and words[step] in ("of", "the", "-"):
        step += 1
    at += lead + step
    if at >= len(tokens):
        return None
    if tokens[at].word in _UNITS and _UNITS[tokens[at].word] in ("week", "month", "quarter", "year"):
        span: Found | None = clock.unit(_UNITS[tokens[at].word], 0, f"this {tokens[at].word}"), at + 1
    else:
        span = next(
            (hit for rule in (_relative_unit, _month_day, _quarter_named, _year) if (hit := rule(tokens, at, clock))),
            None,
        )
    if span is None:
        return None
    period, end = span
    if words[0] in ("end", "late", "close"):
        return _last_of(clock, period), end
    if words[0] in ("middle", "mid"):
        middle = period.start + (period.end - period.start) / 2
        return clock.one_day(middle.date(), f"the middle of {period.said}"), end
    return clock.one_day(period.day, f"the start of {period.said}"), end


def _last_of(clock: Clock, period: When) -> When:
    """The last day of a period; a week's is its Friday."""
    if period.later is not None:
        return replace(_last_of(clock, replace(period, later=None)), later=_last_of(clock, period.later))
    is_week = period.end - period.start <= timedelta(days=7, hours=1)
    last = period.day + timedelta(days=4) if is_week and period.start.weekday() == 0 else period.last_day
    return clock.one_day(last, f"the end of {period.said}")


def _month(clock: Clock, month: int, offset: int | None, year: int | None = None) -> When:
    """A month: the running or next one of that name, with the one behind as its earlier reading."""
    today = clock.today
    ahead = year or (today.year if month >= today.month else today.year + 1)
    behind = year or (today.year if month <= today.month else today.year - 1)
    if offset is not None and offset < 0 and month == today.month:
        behind -= 1

    def span(of_year: int) -> When:
        first = date(of_year, month, 1)
        return clock.span(first, shifted(first, 1), f"{_ENGLISH.months['format']['wide'][month]} {of_year}")

    if offset is not None:
        return span(behind if offset < 0 else ahead)
    later = span(ahead)
    return later if ahead == behind else When(later.start, later.end, later.said, span(behind))


def _month_day(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """ "3 Dec", "December 15th 2026", "the 3rd of March", "in March", "March 2027"."""
    start = at + 1 if tokens[at].word == "the" and at + 1 < len(tokens) else at
    words = [t.word for t in tokens[start : start + 5]]
    if (
        words[0] in MONTHS
        and not _in_name(tokens, start)
        and not (
            words[0] in ("may", "mar", "jan")
            and not tokens[start].is_capitalised
            and not (start and _announced(tokens, start))
        )
    ):
        day, end = _day_number(tokens, start + 1)
        year, after = _year_number(tokens, end if day else start + 1)
        if day:
            return _exact(clock, year, MONTHS[words[0]], day, after)
        return _month(clock, MONTHS[words[0]], None, year), after
    day, end = _day_number(tokens, start)
    if not day:
        return None
    end += 1 if end < len(tokens) and tokens[end].word == "of" else 0
    if end < len(tokens) and tokens[end].word in MONTHS:
        year, after = _year_number(tokens, end + 1)
        return _exact(clock, year, MONTHS[tokens[end].word], day, after)
    is_ordinal = tokens[start].shape is Shape.NUMBER and tokens[start].word.endswith(("st", "nd", "rd", "th"))
    if is_ordinal and start > at:
        month = clock.today if day >= clock.today.day else shifted(clock.today.replace(day=1), 1)
        return _exact(clock, month.year, month.month, day, start + 1)
    return None


def _in_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a month's name belongs to a person: "Jan Novak", "April Smith", "Theresa May"."""
    if tokens[at].word not in _GIVEN_NAMES:
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after and after.shape is Shape.WORD and after.is_capitalised and after.word not in WEEKDAYS:
        return True
    if after and after.shape is Shape.POSSESSIVE:
        return True
    before = tokens[at - 1] if at else None
    return bool(
        before and before.shape is Shape.WORD and before.is_capitalised and at > 1 and before.word not in WEEKDAYS
    )


_GIVEN_NAMES = ("jan", "may", "april", "june", "august", "mar", "sun", "sat", "wed", "mon")


_ANNOUNCED_WORDS = word_set("in by since until before after of this next last on for from during")


def _announced(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at - 1].word in _ANNOUNCED_WORDS


def _day_number(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    if (
        at < len(tokens)
        and tokens[at].shape is Shape.NUMBER
        and (match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", tokens[at].word))
    ):
        day = int(match[1])
        return (day, at + 1) if 1 <= day <= 31 else (None, at)
    return None, at


def _year_number(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    step = at + 1 if at + 1 < len(tokens) and tokens[at].word == "," else at
    if step < len(tokens) and re.fullmatch(r"(?:19|20)\d\d", tokens[step].word):
        return int(tokens[step].word), step + 1
    return None, at


def _exact(clock: Clock, year: int | None, month: int, day: int, end: int) -> Found | None:
    """A day of the calendar; without a year the next one, with the one behind as its earlier reading."""
    try:
        if year is not None:
            exact = date(year, month, day)
            return clock.one_day(exact, f"{exact:%-d %B %Y}"), end
        this = date(clock.today.year, month, day)
        ahead = this if this >= clock.today else date(this.year + 1, month, day)
        behind = this if this <= clock.today else date(this.year - 1, month, day)
    except ValueError:
        return None
    when = clock.one_day(ahead, f"{ahead:%-d %B %Y}")
    back = clock.one_day(behind, f"{behind:%-d %B %Y}")
    return When(when.start, when.end, when.said, None if behind == ahead else back), end


def _written(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """Dates in digits: 2026-12-03, 3/12 in the user's order, 03.12.2026."""
    token = tokens[at]
    if token.shape is Shape.ISO_DATE:
        try:
            read = datetime.fromisoformat(
                "-".join(part.zfill(2) for part in re.split(r"[-/]", token.text.replace(" ", "T"), maxsplit=2))
            )
        except ValueError:
            return None
        when = clock.one_day(read.date(), f"{read:%-d %B %Y}")
        return (when.at(read.time()) if len(token.text) > 10 else when), at + 1
    if token.shape is not Shape.SLASH_DATE:
        return None
    parts = [int(part) for part in re.split(r"[/.-]", token.text.rstrip(".")) if part]
    if len(parts) < 2:
        return None
    day, month = (parts[1], parts[0]) if clock.month_first and "/" in token.text else (parts[0], parts[1])
    if month > 12 >= day:
        day, month = month, day
    year = parts[2] + (2000 if parts[2] < 100 else 0) if len(parts) > 2 else None
    return _exact(clock, year, month, day, at + 1) if 1 <= month <= 12 else None


def _quarter_named(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    """ "Q3", "Q3 2026", "the third quarter", "H1"."""
    if tokens[at].word in ("fiscal", "financial") and at + 1 < len(tokens):
        at += 1
    word = tokens[at].word
    if match := re.fullmatch(r"([qh])([1-4])", word):
        year, end = _year_number(tokens, at + 1)
        if match[1] == "q":
            return clock.quarter(int(match[2]), year, f"Q{match[2]} {year or clock.today.year}"), end
        first = date(year or clock.today.year, 1 if match[2] == "1" else 7, 1)
        return clock.span(first, shifted(first, 6), f"H{match[2]} {first.year}"), end
    start = at + 1 if word == "the" else at
    number = number_at(tokens, start) if start + 1 < len(tokens) else None
    if (
        number
        and number[0].is_ordinal
        and number[1] < len(tokens)
        and tokens[number[1]].word in ("quarter", "half")
        and number[0].amount <= (4 if tokens[number[1]].word == "quarter" else 2)
    ):
        end = number[1] + (2 if [t.word for t in tokens[number[1] + 1 : number[1] + 2]] == ["of"] else 1)
        is_half = tokens[number[1]].word == "half"
        year, end = _year_number(tokens, end)
        if is_half:
            first = date(year or clock.today.year, 1 if number[0].amount == 1 else 7, 1)
            return clock.span(first, shifted(first, 6), f"H{number[0].amount} {first.year}"), end
        return clock.quarter(int(number[0].amount), year, f"Q{number[0].amount}"), end
    return None


_YEAR_WORDS = word_set("in since during of before after until for throughout")


def _year(tokens: Sequence[Token], at: int, clock: Clock) -> Found | None:
    year, end = _year_number(tokens, at)
    announced = at and tokens[at - 1].word in _YEAR_WORDS
    return (clock.span(date(year, 1, 1), date(year + 1, 1, 1), str(year)), end) if year and announced else None


_RULES: tuple[Callable[[Sequence[Token], int, Clock], Found | None], ...] = (
    _named_day, _weekday, _relative_unit, _in_units, _edge, _written, _month_day, _quarter_named, _year, _holiday,
)  # fmt: skip
_DAYS = (_named_day, _weekday, _written, _month_day)
"""The rules that read a single day."""
