"""Two tenants in one database, a row in every table of each."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.migrate import migrate
from schema.seals import Sealer
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, make_template, url_of
from tests.schema.filled import Filled, fill


@pytest.fixture(scope="session")
def two_tenants(admin_url: AdminUrl, settings: Settings) -> tuple[str, Filled, Filled]:
    """The name of a template with tenants near and far in it, and who may see what."""
    filled: list[Filled] = []

    def make(url: str) -> None:
        migrate(url, settings)
        database = Database.open(url, settings, World.fixed(NOW, seed=1))
        filled.extend(fill(database, slug) for slug in ("near", "far"))
        database.refresh_analytics()
        Sealer(database, sealed_apart(settings)).seal()
        database.close()

    return make_template(admin_url, "template_two_tenants", make), filled[0], filled[1]


def sealed_apart(settings: Settings) -> Settings:
    """The settings under which the two tenants' log is sealed."""
    return replace(settings, seals=settings.home / "two_tenants.jsonl")


@pytest.fixture
def database(
    new_database: Callable[[str, World], Database], two_tenants: tuple[str, Filled, Filled], world: World
) -> Database:
    """A database of one's own with both tenants in it."""
    return new_database(two_tenants[0], world)


@pytest.fixture
def near(two_tenants: tuple[str, Filled, Filled]) -> Filled:
    return two_tenants[1]


@pytest.fixture
def far(two_tenants: tuple[str, Filled, Filled]) -> Filled:
    return two_tenants[2]


@pytest.fixture(scope="session")
def shared(admin_url: AdminUrl, settings: Settings, two_tenants: tuple[str, Filled, Filled]) -> Iterator[Database]:
    """One database for tests that leave it as it was."""
    name = make_template(admin_url, "shared_two_tenants", lambda _: None, template=two_tenants[0])
    database = Database.open(url_of(admin_url, name), settings, World.fixed(NOW, seed=2))
    yield database
    database.close()
