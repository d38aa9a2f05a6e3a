"""Work in the background: round after round, alone where that matters, and over when serving is."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import create_engine

from schema.background import in_background
from schema.database import Database, role_url
from schema.errors import CrmError

SOON = 0.005


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(SOON)


def test_rounds_follow_each_other_and_end_with_the_block(empty_database: Database) -> None:
    rounds: list[bool] = []
    with in_background(
        empty_database, "counting", lambda stopping: rounds.append(stopping.is_set()), interval=SOON, complaint="No."
    ):
        until(lambda: len(rounds) > 3)
    done = len(rounds)
    time.sleep(5 * SOON)

    assert len(rounds) == done
    assert "counting" not in {thread.name for thread in threading.enumerate()}


def test_a_last_round_knows_that_it_is_one(empty_database: Database) -> None:
    rounds: list[bool] = []
    with in_background(
        empty_database,
        "counting",
        lambda stopping: rounds.append(stopping.is_set()),
        interval=600,
        complaint="No.",
        has_last_round=True,
    ):
        until(lambda: len(rounds) == 1)

    assert rounds == [False, True]


def test_a_long_round_is_cut_short(empty_database: Database) -> None:
    began, may_end = threading.Event(), threading.Event()

    def wait(_: threading.Event) -> None:
        began.set()
        may_end.wait(60)

    with in_background(empty_database, "waiting", wait, interval=600, complaint="No.", cut_short=may_end.set):
        began.wait(60)

    assert may_end.is_set()


def test_what_goes_wrong_is_told_once_and_tried_again(
    empty_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[Exception] = [
        CrmError("setup", "No key."),
        CrmError("setup", "No key."),
        KeyError("x"),
        KeyError("y"),
    ]
    left = list(failures)

    def fail(_: threading.Event) -> None:
        if left:
            raise left.pop(0)

    with in_background(empty_database, "failing", fail, interval=SOON, complaint="It could not be done."):
        until(lambda: not left)

    assert [(record.getMessage(), bool(record.exc_info)) for record in caplog.records] == [
        ("No key.", False),
        ("It could not be done.", True),
    ]


def test_one_of_several_does_the_work_alone(empty_database: Database) -> None:
    with empty_database.alone("counting") as first, empty_database.alone("counting") as second:
        assert (first, second) == (True, False)
        with empty_database.alone("something else") as other:
            assert other
    with empty_database.alone("counting") as again:
        assert again


def test_too_much_at_once_is_said_in_a_sentence(empty_database: Database) -> None:
    address = role_url(empty_database.admin_url, empty_database.roles, "system")
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(address, autocommit=True),
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.05,
    )
    narrow = replace(empty_database, system=engine)
    with narrow.alone("holding the only one"):
        with pytest.raises(CrmError, match="Too much is done at once") as refused, narrow.across_tenants():
            pass
        assert refused.value.kind == "unavailable"
    engine.dispose()
