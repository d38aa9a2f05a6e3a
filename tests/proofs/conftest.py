"""The demo company where processes are killed, and who watches."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from evals.invariants import newest_event
from evals.world import url_of
from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW
from tests.proofs.victim import Scene
from tests.proofs.watch import Watch

ADMIN = "admin@brightwater.example"
NewDatabase = Callable[[str, World], Database]


@pytest.fixture
def scene(new_database: NewDatabase, admin_url: AdminUrl, demo_template: str, settings: Settings) -> Scene:
    """The demo company in a database of its own."""
    made = conninfo_to_dict(new_database(demo_template, World.fixed(NOW)).admin_url)
    return Scene(url_of(admin_url, str(made["dbname"])), settings, ADMIN)


@pytest.fixture
def watch(scene: Scene) -> Iterator[Watch]:
    with psycopg.connect(scene.admin_url, autocommit=True) as admin:
        yield Watch(admin, newest_event(admin))
