"""Databases to back up, and databases to restore into."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from schema.backup import Backup, Manifest, Restored, back_up, look_at, restore
from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.roles import load
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW, url_of
from tests.schema.seals.conftest import log as log  # noqa: PLC0414 — a fixture

WORLD = World.fixed(NOW, seed=9)


def silent(_title: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def take(source: Database, settings: Settings, path: Path, *, with_key: bool = True) -> Manifest:
    return back_up(source.admin_url, settings, WORLD, path, silent, with_key=with_key)


@dataclass(frozen=True)
class Target:
    """An installation that has nothing yet: a database, and a home for the seals."""

    url: str
    settings: Settings

    def restore(self, path: Path, *, replace: bool = False, with_key: bool = True) -> Restored:
        with Backup.open(path) as backup:
            backup.check(silent)
            found = look_at(self.url, load(self.settings))
            return restore(backup, self.url, self.settings, WORLD, found, silent, replace=replace, with_key=with_key)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as admin:
            return admin.execute(query.encode()).fetchall()


@pytest.fixture
def new_target(admin_url: AdminUrl, settings: Settings, tmp_path: Path) -> Iterator[Callable[[], Target]]:
    """Makes empty databases; they are gone when the test ends."""
    names: list[str] = []

    def make() -> Target:
        name = f"target_{uuid4().hex}"
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        names.append(name)
        home = tmp_path / f"home{len(names)}"
        home.mkdir()
        return Target(url_of(admin_url, name), replace(settings, home=home, seals=None))

    yield make
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for name in names:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def target(new_target: Callable[[], Target]) -> Target:
    return new_target()
