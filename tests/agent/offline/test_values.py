"""Numbers, dates and durations, where they stand in a text."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from agent.offline.text import tidy, tokens_of
from agent.offline.understand import whole
from agent.offline.values.contacts import bare_domain, phone_in_full
from agent.offline.values.numbers import number_at
from tests.agent.offline.asking import SITUATION


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("45k", "45000", None),
        ("€1.2m", "1200000", "EUR"),
        ("1,200 EUR", "1200", "EUR"),
        ("1.200,50 €", "1200.50", "EUR"),
        ("3,5 Mio", "3500000", None),
        ("€3,5 Mio", "3500000", "EUR"),
        ("$60k", "60000", "USD"),
        ("EUR 250,000", "250000", "EUR"),
        ("twenty five thousand euros", "25000", "EUR"),
        ("a hundred and twenty", "120", None),
        ("forty-five grand", "45000", None),
        ("half a million dollars", "500000", "USD"),
        ("two million pounds", "2000000", "GBP"),
        ("ten", "10", None),
    ],
)
def test_amounts(text: str, amount: str, currency: str | None) -> None:
    tokens = tokens_of(tidy(text))
    hit = number_at(tokens, 0)
    assert hit is not None
    assert hit[1] == len(tokens)
    assert (hit[0].amount, hit[0].currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["10%", "ten per cent", "10 percent"])
def test_percentages(text: str) -> None:
    hit = number_at(tokens_of(text), 0)
    assert hit is not None
    assert (hit[0].amount, hit[0].is_percent) == (10, True)


# The moment of asking is Wednesday 25 November 2026, 10:30 in Berlin.
DATES = [
    ("today", "2026-11-25T00:00", "2026-11-26T00:00"),
    ("tomorrow at 4", "2026-11-26T16:00", "2026-11-26T16:00"),
    ("Friday", "2026-11-27T00:00", "2026-11-28T00:00"),
    ("this Friday", "2026-11-27T00:00", "2026-11-28T00:00"),
    ("next Friday", "2026-12-04T00:00", "2026-12-05T00:00"),
    ("next Tuesday at 3pm", "2026-12-01T15:00", "2026-12-01T15:00"),
    ("3pm tomorrow", "2026-11-26T15:00", "2026-11-26T15:00"),
    ("yesterday at 14:30", "2026-11-24T14:30", "2026-11-24T14:30"),
    ("in two weeks", "2026-12-09T00:00", "2026-12-10T00:00"),
    ("a fortnight ago", "2026-11-11T00:00", "2026-11-12T00:00"),
    ("a week from Friday", "2026-12-04T00:00", "2026-12-05T00:00"),
    ("end of month", "2026-11-30T00:00", "2026-12-01T00:00"),
    ("the end of next quarter", "2027-03-31T00:00", "2027-04-01T00:00"),
    ("EOW", "2026-11-27T00:00", "2026-11-28T00:00"),
    ("3 Dec", "2026-12-03T00:00", "2026-12-04T00:00"),
    ("December 3rd, 2027", "2027-12-03T00:00", "2027-12-04T00:00"),
    ("2026-12-03", "2026-12-03T00:00", "2026-12-04T00:00"),
    ("3/12", "2026-12-03T00:00", "2026-12-04T00:00"),
    ("03.12.2026", "2026-12-03T00:00", "2026-12-04T00:00"),
    ("this month", "2026-11-01T00:00", "2026-12-01T00:00"),
    ("next quarter", "2027-01-01T00:00", "2027-04-01T00:00"),
    ("Q3 2026", "2026-07-01T00:00", "2026-10-01T00:00"),
    ("last October", "2026-10-01T00:00", "2026-11-01T00:00"),
    ("last 30 days", "2026-10-26T00:00", "2026-11-26T00:00"),
    ("this weekend", "2026-11-28T00:00", "2026-11-30T00:00"),
    ("tomorrow morning", "2026-11-26T09:00", "2026-11-26T09:00"),
]


@pytest.mark.parametrize(("text", "start", "end"), DATES)
def test_dates(text: str, start: str, end: str) -> None:
    clause = whole(tidy(text), SITUATION)
    hit = clause.when(0)
    assert hit is not None
    assert hit[1] == len(clause)
    assert (f"{hit[0].start:%Y-%m-%dT%H:%M}", f"{hit[0].end:%Y-%m-%dT%H:%M}") == (start, end)


def test_slash_dates_follow_the_users_side_of_the_ocean() -> None:
    american = replace(SITUATION, time_zone="America/New_York")
    hit = whole("3/12", american).when(0)
    assert hit is not None
    assert (hit[0].day.month, hit[0].day.day) == (3, 12)


def test_what_happened_reads_a_weekday_backwards() -> None:
    hit = whole("Monday", SITUATION).when(0)
    assert hit is not None
    assert (hit[0].day.isoformat(), hit[0].past.day.isoformat()) == ("2026-11-30", "2026-11-23")


def test_quarters_follow_the_fiscal_year() -> None:
    hit = whole("this quarter", replace(SITUATION, fiscal_year_start_month=2)).when(0)
    assert hit is not None
    assert (hit[0].day.isoformat(), hit[0].last_day.isoformat()) == ("2026-11-01", "2027-01-31")


@pytest.mark.parametrize("text", ["Jan Novak", "April Smith", "May Chen", "may", "the weather", "Sun Microsystems"])
def test_names_are_no_dates(text: str) -> None:
    assert whole(text, SITUATION).when(0) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20 minute", 1200),
        ("20-minute", 1200),
        ("half an hour", 1800),
        ("1.5 hours", 5400),
        ("an hour and a half", 5400),
        ("1h30", 5400),
        ("45min", 2700),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    clause = whole(text, SITUATION)
    assert clause.duration(0) == (seconds, len(clause))


def test_addresses_take_their_stored_form() -> None:
    assert phone_in_full("030 901820", "Europe/Berlin") == "+4930901820"
    assert phone_in_full("+1 312 555 0199", "Europe/Berlin") == "+13125550199"
    assert bare_domain("https://www.Acme.example/about") == "acme.example"


def test_invisible_characters_and_odd_quotes_are_gone() -> None:
    assert tidy("“Acme”\u200b \x00 – it’s") == '"Acme" - it\'s'


def test_days_before_the_clock_change_keep_the_wall_clock() -> None:
    before = replace(SITUATION, now=datetime(2026, 10, 23, 9, 0, tzinfo=UTC))
    hit = whole("Monday at 9am", before).when(0)
    assert hit is not None
    assert hit[0].start.isoformat() == "2026-10-26T09:00:00+01:00"
