"""Grounding: which numbers of an answer no tool result holds or yields."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any, cast

MOST_PAIRED = 40
"""Numbers of one row or column that are compared two by two; among more, nearly everything would follow from something."""

_IDS = re.compile(r"crm://\S+?(?=[)\s]|$)|\b[0-9a-f]{8}-[0-9a-f-]{4,27}\b|https?://\S+|\S+@\S+", re.IGNORECASE)
_MONTH = "jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
_DATES = re.compile(
    rf"""
      \b\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
    | \b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:{_MONTH})[a-zä]*\.?(?:,?\s+\d{{4}})?
    | \b(?:{_MONTH})[a-zä]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?
    | \b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b
    | \b\d{{1,2}}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?
    | \bQ[1-4]\b
    | \b\d{{1,2}}\s*[ap]\.?m\.?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ORDINALS = re.compile(
    r"(?m)^\s*\d{1,3}[.)]\s|\b\d+(?:st|nd|rd|th)\b|(?<![\w.,€$£])(?:19|20)\d\d(?![\d.,]*\d)(?!\s*(?:%|€|eur|usd))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"\s?(?P<scale>thousand|million|billion|mio|mrd|bn|[km](?![a-z]))?",
    re.IGNORECASE,
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mio": 6, "million": 6, "bn": 9, "mrd": 9, "billion": 9}


@dataclass(frozen=True, slots=True)
class _Said:
    """A number of the answer; written in ways that mean two things, it has two readings."""

    text: str
    readings: tuple[tuple[Decimal, Decimal], ...]
    """Value and half a unit of its last digit: what rounding may have taken."""

    def fits(self, known: Iterable[Decimal]) -> bool:
        return any(abs(value - abs(each)) <= slack for each in known for value, slack in self.readings)


def ungrounded(answer: str, results: Sequence[object], told: Sequence[str] = ()) -> list[str]:
    """The numbers of `answer` that neither stand in the results nor follow from them, as they are written.

    Results are JSON values; `told` is what people said, whose numbers may be repeated. What follows: how many there are
    (in all, or with one value in common), sums, averages, differences, shares and growth within a row or a column. Dates,
    times, years and list markers are no numbers here.
    """
    said = list(_said(answer))
    if not said:
        return []
    plain = {number for each in (*results, *told) for number in _plain(each)}
    open_ = [each for each in said if not each.fits(plain)]
    if not open_:
        return []
    yielded = {number for each in results for number in _yielded(each)}
    return list(dict.fromkeys(each.text for each in open_ if not each.fits(yielded)))


def _said(answer: str) -> Iterator[_Said]:
    text = _IDS.sub(" ", answer)
    for pattern in (_DATES, _ORDINALS):
        text = pattern.sub(" ", text)
    for match in _NUMBER.finditer(text):
        scale = _SCALES.get((match["scale"] or "").lower(), 0)
        readings = tuple(_read(digits, scale) for digits in dict.fromkeys(_spellings(match["digits"])))
        yield _Said(match[0].strip(), readings)


def _spellings(digits: str) -> Iterator[str]:
    """The number with a point for its decimals: `1.234` may be one thousand or a little more than one."""
    digits = re.sub(r"['\u00a0\u202f ]", "", digits)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        yield digits
        return
    last = marks[-1]
    whole, _, rest = digits.rpartition(last)
    if len(set(marks)) == 1 and len(rest) == 3:
        yield digits.replace(last, "")
    if len(set(marks)) == 2 or len(marks) == 1:
        yield f"{re.sub('[.,]', '', whole)}.{rest}"


def _read(digits: str, scale: int) -> tuple[Decimal, Decimal]:
    value = Decimal(digits).scaleb(scale)
    decimals = len(digits.partition(".")[2])
    return value, Decimal(5).scaleb(scale - decimals - 1) if scale or decimals or value >= 1000 else Decimal(0)


def _plain(value: object) -> Iterator[Decimal]:
    """Every number in a JSON value, those inside its texts included, and the length of every list."""
    match value:
        case bool() | None:
            return
        case int() | float() | Decimal():
            yield from _decimal(str(value))
        case str():
            yield from _decimal(value)
            for said in _said(value):
                yield from (reading for reading, _ in said.readings)
        case Mapping():
            for each in cast("Mapping[str, object]", value).values():
                yield from _plain(each)
        case list() | tuple():
            items = cast("Sequence[object]", value)
            yield Decimal(len(items))
            for each in items:
                yield from _plain(each)
        case _:
            return


def _decimal(text: str) -> Iterator[Decimal]:
    if len(text) > 40:
        return
    try:
        number = Decimal(text)
    except InvalidOperation:
        return
    if number.is_finite():
        yield number
        # A share of 0.375 may be told as 37.5 %.
        yield number * 100


def _yielded(value: object) -> Iterator[Decimal]:
    """What follows from the tables in a result."""
    for rows in _tables(value):
        for row in rows:
            yield from _paired(row)
        for column in zip(*rows, strict=False):
            yield from _of_column(column)


def _tables(value: object) -> Iterator[list[list[Any]]]:
    """Every list of rows or records inside it; a lone record is a table of one row."""
    match value:
        case Mapping():
            fields = cast("Mapping[str, object]", value)
            yield [list(fields.values())]
            for each in fields.values():
                yield from _tables(each)
        case list():
            items = cast("list[object]", value)
            if items and all(isinstance(each, list) for each in items):
                yield cast("list[list[Any]]", items)
                return
            records = [_flat(cast("Mapping[str, object]", each)) for each in items if isinstance(each, Mapping)]
            if records:
                names = dict.fromkeys(name for record in records for name in record)
                yield [[record.get(name) for name in names] for record in records]
            for each in items:
                yield from _tables(each)
        case _:
            return


def _flat(record: Mapping[str, object]) -> dict[str, object]:
    """A record with its fields beside what names it."""
    flat: dict[str, object] = {}
    for name, value in record.items():
        flat |= _flat(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {name: value}
    return flat


def _of_column(column: Sequence[object]) -> Iterator[Decimal]:
    for value in set(map(str, column)):
        yield Decimal(sum(str(each) == value for each in column))
    numbers = [number for each in column for number in list(_number(each))]
    if numbers:
        yield sum(numbers, Decimal(0))
        yield sum(numbers, Decimal(0)) / len(numbers)
        total = sum(numbers, Decimal(0))
        yield from (number / total * 100 for number in numbers if total)
        yield from _paired(numbers)


def _paired(values: Sequence[object]) -> Iterator[Decimal]:
    numbers = [number for each in values for number in _number(each)]
    if len(numbers) > MOST_PAIRED:
        return
    for first, second in combinations(numbers, 2):
        yield first + second
        yield first - second
        for part, whole in ((first, second), (second, first)):
            if whole:
                yield part / whole
                yield part / whole * 100
                yield (part - whole) / whole * 100


def _number(value: object) -> Iterator[Decimal]:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return
    found = list(_decimal(str(value)))
    if found:
        yield found[0]
