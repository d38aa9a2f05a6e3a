"""Nightly work is done once a night by each tenant's own clock, is caught up on when it was missed, and begins by no surprise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from retrieval.nightly import Night, do_night, due_nights, nightly
from schema.database import Database
from schema.world import World
from tests.retrieval.insights.reading import account, found, mail
from tests.tools.desk import Desk, fill_tenant


@pytest.fixture
def desk(empty_database: Database) -> Desk:
    """A tenant in Berlin with an angry customer."""
    fill_tenant(empty_database, "harbour")
    desk = Desk.of(empty_database, "harbour")
    mail(desk, "This is unacceptable.", account_id=account(desk))
    return desk


@pytest.fixture
def at(empty_database: Database) -> Callable[[int, int], Database]:
    """The database on that day of November 2026 at that hour, UTC."""
    return lambda day, hour: replace(
        empty_database, world=World.fixed(datetime(2026, 11, day, hour, 30, tzinfo=UTC), seed=day * 24 + hour)
    )


def days(db: Database) -> list[date]:
    return [night.day for night in due_nights(db)]


def test_a_night_is_due_by_the_tenants_clock_and_once(desk: Desk, at: Callable[[int, int], Database]) -> None:
    assert days(at(20, 9)) == []
    assert days(at(20, 23)) == []
    assert days(at(21, 1)) == [date(2026, 11, 21)]
    assert do_night(at(21, 1), due_nights(at(21, 1))[0])
    assert days(at(21, 2)) == []
    assert days(at(21, 20)) == []
    assert days(at(22, 1)) == [date(2026, 11, 22)]


def test_a_missed_night_is_made_up_for_by_day(desk: Desk, at: Callable[[int, int], Database]) -> None:
    do_night(at(21, 1), Night(desk.who.tenant_id, date(2026, 11, 21)))
    assert days(at(22, 12)) == []
    assert days(at(23, 12)) == [date(2026, 11, 23)]


def test_it_makes_insights_and_summaries(desk: Desk, at: Callable[[int, int], Database]) -> None:
    assert do_night(at(21, 1), Night(desk.who.tenant_id, date(2026, 11, 21)))
    assert {each["statement"] for each in found(desk)} >= {"negative", "negative on 2026-11-19"}
    assert desk.count("account_summaries") == 1


def test_stopped_it_is_not_done_and_goes_on_later(desk: Desk, at: Callable[[int, int], Database]) -> None:
    night = Night(desk.who.tenant_id, date(2026, 11, 21))
    assert not do_night(at(21, 1), night, lambda: True)
    assert due_nights(at(21, 1)) == [night]
    with at(21, 1).alone(f"crm.nightly work of {desk.who.tenant_id}"):
        assert not do_night(at(21, 1), night)
    assert do_night(at(21, 1), night)


def test_it_runs_while_something_serves(desk: Desk, at: Callable[[int, int], Database]) -> None:
    db = at(21, 1)
    with nightly(db, interval=0.05):
        while due_nights(db):
            continue
    assert desk.count("account_summaries") == 1
