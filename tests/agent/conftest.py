"""A desk to ask from: the admin of a tenant with one record of each kind."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.migrate import protect_database
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, make_template, url_of
from tests.schema.filled import Filled, fill
from tools.context import ToolContext

_numbers = count(1)


@pytest.fixture(scope="session")
def shared_database(admin_url: AdminUrl, settings: Settings, empty_template: str) -> Iterator[Database]:
    """One database for all tests of this folder; each has a tenant of its own in it."""
    name = make_template(admin_url, "agent_tests", lambda _: None, template=empty_template)
    database = Database.open(url_of(admin_url, name), settings, World.fixed(NOW))
    with psycopg.connect(database.admin_url) as admin:
        protect_database(admin, database.roles)
    yield database
    database.close()


@pytest.fixture
def near(shared_database: Database) -> Filled:
    return fill(shared_database, f"near{next(_numbers)}")


@pytest.fixture
def desk(shared_database: Database, near: Filled) -> ToolContext:
    return ToolContext(db=shared_database, world=shared_database.world, who=near.who)


@pytest.fixture
def other_desk(shared_database: Database) -> ToolContext:
    """A desk in another tenant of the same database."""
    other = fill(shared_database, f"other{next(_numbers)}")
    return ToolContext(db=shared_database, world=shared_database.world, who=other.who)
