"""A tenant of one's own for tests that call tools; all share one database, since tenants never meet."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.migrate import migrate
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, make_template, url_of
from tests.tools.desk import Desk, fill_tenant


@pytest.fixture(scope="session")
def open_desk(admin_url: AdminUrl, settings: Settings) -> Iterator[Callable[[], Desk]]:
    """Opens the desk of a new tenant's admin, with five users and no records."""
    url = url_of(admin_url, make_template(admin_url, "desks", lambda made: migrate(made, settings)))
    numbers = count(1)
    opened: list[Database] = []

    def open_one() -> Desk:
        number = next(numbers)
        database = Database.open(url, settings, World.fixed(NOW, seed=number))
        opened.append(database)
        fill_tenant(database, f"harbour-{number}")
        return Desk.of(database, f"harbour-{number}")

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Iterator[Desk]:
    """Calls tools as the admin of a tenant of one's own; `desk.as_role` gives the others."""
    desk = open_desk()
    yield desk
    desk.database.close()


@pytest.fixture(scope="session")
def untouched(open_desk: Callable[[], Desk]) -> Desk:
    """A desk for tests whose calls change no record: they share it."""
    return open_desk()
