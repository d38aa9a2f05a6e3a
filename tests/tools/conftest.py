"""A tenant of one's own for tests that call tools."""

from collections.abc import Callable, Iterator

import pytest

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.migrate import migrate
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, make_template, url_of
from tests.tools.desk import Desk, email_of, fill_tenant


@pytest.fixture(scope="session")
def desk_template(admin_url: AdminUrl, settings: Settings) -> str:
    """The name of a template with a tenant of five users and no records."""

    def make(url: str) -> None:
        migrate(url, settings)
        database = Database.open(url, settings, World.fixed(NOW, seed=11))
        fill_tenant(database)
        database.close()

    return make_template(admin_url, "template_desk", make)


@pytest.fixture
def desk(new_database: Callable[[str, World], Database], desk_template: str) -> Desk:
    """Calls tools as the tenant's admin; `desk.as_role` gives the others."""
    return Desk.of(new_database(desk_template, World.fixed(NOW, seed=12)), email_of("admin"))


@pytest.fixture(scope="session")
def untouched(admin_url: AdminUrl, settings: Settings, desk_template: str) -> Iterator[Desk]:
    """A desk for tests whose calls change no record: they share it."""
    name = make_template(admin_url, "untouched_desk", lambda _: None, template=desk_template)
    database = Database.open(url_of(admin_url, name), settings, World.fixed(NOW, seed=13))
    yield Desk.of(database, email_of("admin"))
    database.close()
