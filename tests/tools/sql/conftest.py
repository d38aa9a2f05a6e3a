"""The demo company for tests that only read; all share one copy of it."""

from collections.abc import Iterator

import pytest

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.migrate import as_admin, driver_connection, protect_database
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, make_template, url_of
from tools.context import ToolContext


@pytest.fixture(scope="session")
def demo(admin_url: AdminUrl, settings: Settings, demo_template: str) -> Iterator[Database]:
    """A copy of the demo company that nobody changes."""
    name = make_template(admin_url, "sql_tests", lambda _: None, template=demo_template)
    database = Database.open(url_of(admin_url, name), settings, World.fixed(NOW))
    with as_admin(database.admin_url) as connection:
        protect_database(driver_connection(connection), database.roles)
    yield database
    database.close()


@pytest.fixture
def desk(demo: Database) -> ToolContext:
    return ToolContext(db=demo, world=demo.world, who=demo.sign_in("admin@brightwater.example"))
