"""What PostgreSQL returns, as JSON has it: decimals as strings, times RFC 3339 in UTC, ids as text."""

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.array import register_array
from psycopg.types.datetime import DateLoader, TimeLoader, TimestampLoader, TimestamptzLoader, TimetzLoader

from schema.audit import as_text


class _Text(Loader):
    """As PostgreSQL writes it: an interval of a month is no number of days, and Python has no range of numbers."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


class _Date(DateLoader):
    """Python's years end at 9999, PostgreSQL's do not."""

    def load(self, data: Buffer) -> Any:
        return _or_text(super().load, data)


class _Timestamp(TimestampLoader):
    """As `_Date`."""

    def load(self, data: Buffer) -> Any:
        return _or_text(super().load, data)


class _Timestamptz(TimestamptzLoader):
    """As `_Date`."""

    def load(self, data: Buffer) -> Any:
        return _or_text(super().load, data)


class _Time(TimeLoader):
    """As `_Date`: 24:00 is no time in Python."""

    def load(self, data: Buffer) -> Any:
        return _or_text(super().load, data)


class _Timetz(TimetzLoader):
    """As `_Time`."""

    def load(self, data: Buffer) -> Any:
        return _or_text(super().load, data)


DEEPEST_DOCUMENT = 64
"""PostgreSQL nests documents thousands of levels deep; what hands an answer on would fail at some hundreds."""
_LONGEST_WHOLE = 400
"""Digits; Python refuses to read some thousands."""


class _Document(Loader):
    """json and jsonb with their numbers exact: one that a float would round stays text, as decimals do everywhere."""

    def load(self, data: Buffer) -> Any:
        text = bytes(data).decode()
        try:
            found = json.loads(text, parse_float=_decimal, parse_int=_whole)
        except RecursionError:
            return text
        return found if _is_flat(found, DEEPEST_DOCUMENT) else text


def _decimal(text: str) -> float | str:
    found = float(text)
    return found if math.isfinite(found) and Decimal(repr(found)) == Decimal(text) else text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_WHOLE else text


def _is_flat(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    return not isinstance(value, list) or (
        levels > 0 and all(_is_flat(each, levels - 1) for each in cast("list[object]", value))
    )


def _has_neighbours(value: datetime) -> bool:
    """Whether UTC's moment is in Python's years too."""
    return 1 < value.year < 9999


def _or_text(load: Any, data: Buffer) -> Any:
    try:
        return load(data)
    except psycopg.DataError:
        return bytes(data).decode()


_LOADERS: dict[str, type[Loader]] = {
    "json": _Document,
    "jsonb": _Document,
    "date": _Date,
    "timestamp": _Timestamp,
    "timestamptz": _Timestamptz,
    "time": _Time,
    "timetz": _Timetz,
    "interval": _Text,
    "int4range": _Text,
    "int8range": _Text,
    "numrange": _Text,
    "daterange": _Text,
    "tsrange": _Text,
    "tstzrange": _Text,
    "int4multirange": _Text,
    "int8multirange": _Text,
    "nummultirange": _Text,
    "datemultirange": _Text,
    "tsmultirange": _Text,
    "tstzmultirange": _Text,
    "bytea": _Text,
}


def cursor_of(connection: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
    """A cursor whose every value can be told in JSON; one statement at a time, by the protocol itself."""
    cursor = psycopg.Cursor(connection)
    for name, loader in _LOADERS.items():
        cursor.adapters.register_loader(name, loader)
        register_array(cursor.adapters.types[name], cursor)
    return cursor


def type_name(connection: psycopg.Connection[Any], oid: int) -> str:
    """PostgreSQL's name of a type: numeric, timestamptz, text[]."""
    found = connection.adapters.types.get(oid)
    if found is None:
        return "unknown"
    return f"{found.name}[]" if found.array_oid == oid else found.name


def as_json(value: Any) -> Any:
    """One value of a row."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case Decimal() | UUID():
            return str(value)
        case datetime() if value.tzinfo is not None and _has_neighbours(value):
            return as_text(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case list() | tuple():
            return [as_json(each) for each in cast("list[Any]", value)]
        case dict():
            return {name: as_json(each) for name, each in cast("dict[str, Any]", value).items()}
        case _:
            return str(value)
