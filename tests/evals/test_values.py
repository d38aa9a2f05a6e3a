"""When two values are the same, and when an answer tells one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evals.values import is_same, is_told, resolve

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def no_oracle(query: str) -> list[list[Any]]:
    raise AssertionError(query)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("{today}", "2026-11-20"),
        ("{today-1}", "2026-11-19"),
        ("{friday}", "2026-11-27"),
        ("{saturday}", "2026-11-21"),
        ("{thursday+7}", "2026-12-03"),
        ("{monday 09:30}", "2026-11-23T09:30:00+01:00"),
        ("due {today} or {tuesday}", "due 2026-11-20 or 2026-11-24"),
        ("{now}", "2026-11-20T10:30:00+01:00"),
        ("{any}", "{any}"),
    ],
)
def test_days_are_worked_out_from_the_clock(text: str, day: str) -> None:
    assert resolve(text, NOW, BERLIN, no_oracle) == day


def test_today_is_the_asking_users_day() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert resolve("{today}", late, BERLIN, no_oracle) == "2026-11-21"
    assert resolve("{today}", late, ZoneInfo("America/New_York"), no_oracle) == "2026-11-20"


def test_an_oracle_gives_one_value_or_the_list_of_them() -> None:
    asked: list[str] = []

    def oracle(query: str) -> list[list[Any]]:
        asked.append(query)
        return [[1, "x"]] if "one" in query else [["a"], ["b"]]

    value = {"x": {"sql": "one {today}"}, "y": [{"sql": "many"}]}
    assert resolve(value, NOW, BERLIN, oracle) == {"x": 1, "y": [["a", "b"]]}
    assert asked == ["one 2026-11-20", "many"]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (120000, Decimal("120000.00")),
        ("15.5", Decimal("15.50")),
        (None, None),
        (True, True),
        ("2026-11-20", datetime(2026, 11, 19, 23, 30, tzinfo=UTC)),
        ("2026-11-20T10:30", NOW),
        ("2026-11-20T09:30:00+00:00", NOW),
        ("2026-12-01", date(2026, 12, 1)),
        ({"contains": ["Friday", "PROPOSAL"]}, "the proposal by friday"),
        ({"contains": ["Maria"]}, ["Maria Lopez (callee)", "Amelie (caller)"]),
        ({"present": True}, 0),
        ({"present": False}, None),
        ({"one_of": [1, 2]}, 2),
        (["a", "b"], ["b", "a"]),
    ],
)
def test_values_that_are_the_same(expected: Any, actual: Any) -> None:
    assert is_same(expected, actual, BERLIN)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (120000, Decimal("120000.01")),
        (120000, None),
        (None, Decimal(0)),
        (True, 1),
        ("2026-11-20", NOW.replace(hour=23)),
        ("2026-11-20T10:30:00+00:00", NOW),
        ("2026-12-01", date(2026, 12, 2)),
        ({"contains": ["Friday", "price"]}, "the proposal by friday"),
        ({"contains": ["x"]}, None),
        ({"present": True}, None),
        ({"one_of": [1, 2]}, 3),
        (["a"], ["a", "b"]),
        ("Globex", "globex"),
    ],
)
def test_values_that_differ(expected: Any, actual: Any) -> None:
    assert not is_same(expected, actual, BERLIN)


def test_a_condition_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="containts"):
        is_same({"containts": ["x"]}, "x", BERLIN)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (96000, "It is worth €96,000."),
        (96000, "96.000,00 EUR"),
        (96000, "96000.00"),
        (Decimal("1250.50"), "1.250,50 €"),
        (157, "There are 157 open ones."),
        (date(2026, 12, 31), "on 31 December 2026"),
        (date(2026, 12, 31), "Dec 31"),
        (date(2026, 12, 31), "2026-12-31"),
        (date(2026, 12, 31), "31.12.2026"),
        ("Małgorzata Żółć", "Malgorzata Zolc, owner"),
        ("+13125550142", "call +1 312-555-0142"),
        (["Acme", "Globex"], "Globex and ACME"),
    ],
)
def test_what_an_answer_tells(value: Any, answer: str) -> None:
    assert is_told(value, answer)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (96000, "It is worth 69,000."),
        (15, "there are 157"),
        (date(2026, 12, 31), "on 30 December 2026"),
        ("Globex", "Glob"),
        (["Acme", "Globex"], "Acme alone"),
    ],
)
def test_what_an_answer_does_not_tell(value: Any, answer: str) -> None:
    assert not is_told(value, answer)
