"""Sealed logs: one of a test's own, and one that all share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, make_template, url_of
from tests.schema.conftest import sealed_apart
from tests.schema.filled import Filled
from tests.schema.seals.log import Log, sealed_log


@pytest.fixture
def log(database: Database, settings: Settings, near: Filled, far: Filled, tmp_path: Path) -> Log:
    return sealed_log(database, sealed_apart(settings), near, far, tmp_path)


@pytest.fixture(scope="session")
def kept(
    admin_url: AdminUrl,
    settings: Settings,
    two_tenants: tuple[str, Filled, Filled],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Log]:
    """A log that every test leaves as it was."""
    name = make_template(admin_url, "kept_log", lambda _: None, template=two_tenants[0])
    database = Database.open(url_of(admin_url, name), settings, World.fixed(NOW, seed=3))
    yield sealed_log(database, sealed_apart(settings), *two_tenants[1:], tmp_path_factory.mktemp("kept"))
    database.close()


@pytest.fixture
def touched(kept: Log) -> Iterator[Log]:
    """The same for a test that tampers: it is put back afterwards."""
    with kept.put_back():
        yield kept
