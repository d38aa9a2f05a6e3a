"""What every test may ask for: one real PostgreSQL for the session, a database of one's own, how much effort to spend."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from schema import embedded
from schema.database import Database
from schema.demo import load
from schema.embedded_place import AdminUrl
from schema.migrate import migrate, protect_database
from schema.settings import Settings
from schema.world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--prove", action="store_true", help="repeat what is repeated a hundred times as often")


@pytest.fixture(scope="session")
def effort(pytestconfig: pytest.Config) -> int:
    """What a test multiplies its rounds by: 1, or 100 for `make prove`."""
    return 100 if pytestconfig.getoption("--prove") else 1


@pytest.fixture(scope="session")
def postgres_home() -> Iterator[Path]:
    """The home of the session's server; it runs once `admin_url` was asked for."""
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        home = Path(folder) / "home"
        yield home
        embedded.stop(home)


@pytest.fixture(scope="session")
def admin_url(postgres_home: Path) -> AdminUrl:
    """The superuser's URL of the session's running server."""
    return embedded.start(postgres_home)


NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""The tests' idea of now: a Friday morning."""


@pytest.fixture(scope="session")
def settings(postgres_home: Path) -> Settings:
    """The settings of an installation on the session's server."""
    return Settings(home=postgres_home)


@pytest.fixture(scope="session")
def empty_template(admin_url: AdminUrl, settings: Settings) -> str:
    """The name of a migrated database with no tenant in it."""
    return make_template(admin_url, "template_empty", lambda url: migrate(url, settings))


@pytest.fixture
def new_database(admin_url: AdminUrl, settings: Settings) -> Iterator[Callable[[str, World], Database]]:
    """Makes databases for one test, each a clone of a template; they are gone when it ends."""
    made: list[tuple[Database, str]] = []

    def clone(template: str, world: World) -> Database:
        name = f"clone_{uuid4().hex}"
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
        database = Database.open(url_of(admin_url, name), settings, world)
        with psycopg.connect(database.admin_url) as admin:
            protect_database(admin, database.roles)
        made.append((database, name))
        return database

    yield clone
    for database, _ in made:
        database.close()
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for _, name in made:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def world() -> World:
    """A clock that stands still at NOW, and ids that are the same each time."""
    return World.fixed(NOW)


@pytest.fixture
def empty_database(new_database: Callable[[str, World], Database], empty_template: str, world: World) -> Database:
    """A migrated database with no tenant, for one test."""
    return new_database(empty_template, world)


@pytest.fixture(scope="session")
def demo_template(admin_url: AdminUrl, empty_template: str) -> str:
    """The name of a migrated database with the demo company in it, whose history ends at NOW."""
    return make_template(admin_url, "template_demo", lambda url: load(url, World.fixed(NOW)), template=empty_template)


@pytest.fixture
def demo_database(new_database: Callable[[str, World], Database], demo_template: str, world: World) -> Database:
    """The demo company, for one test to do with as it likes."""
    return new_database(demo_template, world)


def url_of(admin_url: str, database: str) -> str:
    """The same server's URL for another database."""
    return make_conninfo(admin_url, dbname=database)


def make_template(admin_url: AdminUrl, name: str, fill: Callable[[str], object], template: str = "template1") -> str:
    """Makes a database from another one and fills it; returns its name. It lives as long as the session's server."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    fill(url_of(admin_url, name))
    return name
