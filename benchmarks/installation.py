"""A server of the benchmarks' own, with databases to measure on."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from schema import embedded
from schema.database import Database
from schema.migrate import migrate, protect_database
from schema.settings import Settings
from schema.world import World


@dataclass(frozen=True, slots=True)
class Server:
    """An embedded server in a temporary home."""

    settings: Settings
    admin_url: str

    def make(self, name: str, template: str | None = None) -> Database:
        """A migrated database, or a clone of another."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template or "template1")
                )
            )
        url = make_conninfo(self.admin_url, dbname=name)
        if template is None:
            migrate(url, self.settings)
        database = Database.open(url, self.settings, World.from_environment({}))
        with psycopg.connect(url) as admin:
            protect_database(admin, database.roles)
        return database


@contextmanager
def server() -> Generator[Server]:
    """Starts a server in a folder of its own, and ends it."""
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        home = Path(folder) / "home"
        try:
            yield Server(Settings(home=home), embedded.start(home))
        finally:
            embedded.stop(home)
