"""What a check means by a value: days relative to the clock, oracles in SQL, and when two values are the same."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(r"\{(?P<day>today|" + "|".join(WEEKDAYS) + r")(?P<plus>[+-]\d+)?(?: (?P<time>\d\d:\d\d))?\}")
_NOW = re.compile(r"\{now\}")

Oracle = Callable[[str], list[list[Any]]]
"""Runs one SELECT as the case's user and returns its rows."""


def resolve(value: Any, now: datetime, zone: ZoneInfo, oracle: Oracle) -> Any:
    """The value with its days and oracles worked out.

    `{today}`, `{today-3}`, `{friday}` (the next one, never today), `{tuesday 15:00}` and `{now}` stand in any string;
    `{sql: SELECT …}` becomes the one value it yields, or the list of its first column when there are several.
    """
    if isinstance(value, str):
        return _dated(value, now.astimezone(zone))
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if fields.keys() == {"sql"}:
            rows = oracle(_dated(fields["sql"], now.astimezone(zone)))
            found = [row[0] for row in rows]
            return found[0] if len(found) == 1 else found
        return {name: resolve(each, now, zone, oracle) for name, each in fields.items()}
    if isinstance(value, list | tuple):
        return [resolve(each, now, zone, oracle) for each in cast("list[Any]", value)]
    return value


def _dated(text: str, now: datetime) -> str:
    def day(match: re.Match[str]) -> str:
        if match["day"] == "today":
            found = now.date()
        else:
            ahead = (WEEKDAYS.index(match["day"]) - now.weekday() - 1) % 7 + 1
            found = now.date() + timedelta(days=ahead)
        found += timedelta(days=int(match["plus"] or 0))
        if match["time"] is None:
            return found.isoformat()
        hour, minute = (int(part) for part in match["time"].split(":"))
        return datetime(found.year, found.month, found.day, hour, minute, tzinfo=now.tzinfo).isoformat()

    return _NOW.sub(now.isoformat(), _DAY.sub(day, text))


def is_same(expected: Any, actual: Any, zone: ZoneInfo) -> bool:
    """Whether `actual`, a value of the end state, is what a check expects.

    A day matches any moment of it in `zone`; a number matches by amount; `{contains: […]}` matches a text or a list
    that holds all of it, whatever the case; `{present: true}` anything but null; `{one_of: […]}` any of them.
    """
    if isinstance(expected, Mapping):
        return _meets(cast("Mapping[str, Any]", expected), actual, zone)
    if expected is None or actual is None:
        return expected is None and actual is None
    if isinstance(actual, datetime):
        return _is_moment(str(expected), actual, zone)
    if isinstance(actual, date):
        return str(expected) == actual.isoformat()
    if isinstance(actual, bool) or isinstance(expected, bool):
        return expected is actual
    if isinstance(actual, int | float | Decimal):
        return as_number(expected) == as_number(actual)
    if isinstance(actual, list):
        wanted = cast("list[Any]", expected) if isinstance(expected, list) else [expected]
        return sorted(map(str, wanted)) == sorted(map(str, cast("list[Any]", actual)))
    return str(expected) == str(actual)


def _meets(condition: Mapping[str, Any], actual: Any, zone: ZoneInfo) -> bool:
    (name, wanted), *others = condition.items()
    if not others and name == "contains":
        held = cast("list[Any]", actual) if isinstance(actual, list) else [actual or ""]
        text = " ".join(str(each) for each in held).casefold()
        return all(str(part).casefold() in text for part in wanted)
    if not others and name == "present":
        return (actual is not None) == wanted
    if not others and name == "one_of":
        return any(is_same(value, actual, zone) for value in wanted)
    raise ValueError(f"a check knows sql, contains, present and one_of, not {sorted(condition)}")


def _is_moment(expected: str, actual: datetime, zone: ZoneInfo) -> bool:
    if len(expected) == len("2026-11-20"):
        return actual.astimezone(zone).date().isoformat() == expected
    moment = datetime.fromisoformat(expected)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)) == actual


def as_number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f' ]\d{3})*(?:[.,]\d+)?")


def is_told(value: Any, text: str) -> bool:
    """Whether an answer holds a value: a number however it is grouped, a date however it is written, a name however
    it is accented; a list when it holds all of it."""
    match value:
        case list():
            return all(is_told(each, text) for each in cast("list[Any]", value))
        case datetime():
            return is_told(value.date(), text)
        case date():
            return any(squeezed(form) in squeezed(text) for form in _written(value))
        case bool() | None:
            return str(value).casefold() in text.casefold()
        case int() | float() | Decimal():
            return any(as_number(value) in _readings(found) for found in _NUMBER.findall(text))
        case _:
            return squeezed(str(value)) in squeezed(text)


def squeezed(text: str) -> str:
    """Letters and digits alone, without case and accents, so that phone numbers and names compare."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def _readings(text: str) -> set[Decimal | None]:
    """What a written number may mean: 1.250,50 and 1,250.50 alike."""
    bare = re.sub(r"[\u00a0\u202f' ]", "", text)
    english, continental = bare.replace(",", ""), bare.replace(".", "").replace(",", ".")
    return {as_number(english), as_number(continental)}


def _written(day: date) -> list[str]:
    month, short = day.strftime("%B"), day.strftime("%b")
    return [
        day.isoformat(),
        *(form.format(d=day.day, y=day.year) for name in (month, short) for form in (f"{{d}} {name}", f"{name} {{d}}")),
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ]
