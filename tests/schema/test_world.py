"""Clock and ids: ordered, unique, and the same again when the environment asks for that."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from schema.errors import CrmError
from schema.world import World, new_ids

MOMENT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def test_the_clock_is_the_real_one_by_default() -> None:
    before = datetime.now(UTC)

    assert before <= World.from_environment({}).now() <= datetime.now(UTC)


def test_the_clock_stands_still_at_the_moment_asked_for() -> None:
    world = World.from_environment({"CRM_AGENT_NOW": "2026-11-21T09:30:00+01:00"})

    assert world.now() == world.now() == MOMENT
    assert world.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_read_as_utc() -> None:
    assert World.from_environment({"CRM_AGENT_NOW": "2026-11-21 08:30"}).now() == MOMENT


def test_an_id_is_a_uuid_of_version_7_that_begins_with_the_time() -> None:
    new = World.fixed(MOMENT).new_id()

    assert new.version == 7
    assert new.variant == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").variant
    assert new.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_ids_grow_while_the_clock_stands_still_and_when_it_goes_back() -> None:
    moments = iter([MOMENT, MOMENT, MOMENT - timedelta(hours=1), MOMENT + timedelta(milliseconds=1)] * 500)
    new_id = new_ids(lambda: next(moments), random.Random(7))

    ids = [new_id() for _ in range(2000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 2000
    assert {new.version for new in ids} == {7}


def test_ids_of_several_threads_never_meet() -> None:
    world = World.from_environment({})
    with ThreadPoolExecutor(8) as threads:
        started = [threads.submit(world.new_id) for _ in range(4000)]
        ids = [one.result() for one in started]

    assert len(set(ids)) == 4000


def test_the_same_commands_in_a_fresh_home_get_the_same_ids(tmp_path: Path) -> None:
    first, second = ([_seeded(home).new_id() for _ in range(3)] for home in (tmp_path / "one", tmp_path / "another"))

    assert first == second


def test_the_next_command_in_the_same_home_gets_other_ids(tmp_path: Path) -> None:
    assert _seeded(tmp_path).new_id() != _seeded(tmp_path).new_id()


def _seeded(home: Path) -> World:
    return World.from_environment(
        {"CRM_AGENT_HOME": str(home), "CRM_AGENT_SEED": "42", "CRM_AGENT_NOW": MOMENT.isoformat()}
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CRM_AGENT_NOW", "tomorrow"),
        ("CRM_AGENT_NOW", "1969-12-31T23:59:59Z"),
        ("CRM_AGENT_NOW", "9999-12-31T23:59:59-12:00"),
        ("CRM_AGENT_NOW", "0001-01-01T00:00:00+12:00"),
        ("CRM_AGENT_SEED", "seven"),
        ("CRM_AGENT_SEED", "1" * 5000),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(CrmError, match=variable) as caught:
        World.from_environment({"CRM_AGENT_HOME": str(tmp_path), variable: value})

    assert caught.value.kind == "setup"


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CrmError, match="CRM_AGENT_HOME"):
        _seeded(tmp_path / "file")
