"""Worlds: a template database with the demo company, and clones of it that a case has for itself."""

import hashlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from evals import snapshot
from evals.invariants import newest_event
from evals.snapshot import Snapshot
from schema import demo
from schema.migrate import migrate, protect_database
from schema.roles import load as load_roles
from schema.settings import Settings
from schema.world import World

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""The moment at which every case happens: a Friday morning."""

_TEMPLATE = "crm_eval_template_"
_CLONE = "crm_eval_case_"
_LEFT_BY_RUNS = ("approvals", "tool_calls", "steps", "runs", "conversations")
"""What a run leaves behind besides its changes, in an order that keys allow to be deleted."""


@dataclass(frozen=True)
class Clone:
    """One database like the template, until a case changes it."""

    admin_url: str
    base: Snapshot
    """The rows it started with."""
    newest_event: int
    events: int
    """How many events its log started with."""


@dataclass
class Worlds:
    """A clone of one template on one server, put back to how it was after each case; gone when the block ends."""

    admin_url: str
    """A superuser's URL of the server."""
    settings: Settings
    template: str
    _name: str | None = None
    _clone: Clone | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    @contextmanager
    def clone(self) -> Generator[Clone]:
        """A database for one case.

        Putting back the few rows a case changed takes a tenth of what a new clone does; the rows are compared
        afterwards, and a clone that is not exactly what it was is thrown away.
        """
        clone = self._clone = self._clone or self._create()
        is_as_it_was = False
        try:
            yield clone
            is_as_it_was = _put_back(clone)
        finally:
            if not is_as_it_was:
                self._drop()

    def _create(self) -> Clone:
        self._name = f"{_CLONE}{uuid4().hex}"
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            copy_database(admin, self.template, self._name)
        url = url_of(self.admin_url, self._name)
        with psycopg.connect(url) as admin:
            protect_database(admin, load_roles(self.settings))
            counted = admin.execute("SELECT count(*) FROM crm.audit_events").fetchone()
            return Clone(url, snapshot.take(admin), newest_event(admin), counted[0] if counted else 0)

    def _drop(self) -> None:
        if self._name:
            with psycopg.connect(self.admin_url, autocommit=True) as admin:
                drop_databases(admin, [self._name])
        self._name = self._clone = None


def _put_back(clone: Clone) -> bool:
    with psycopg.connect(clone.admin_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM crm.audit_events WHERE event_id > %s", [clone.newest_event])
        for table in _LEFT_BY_RUNS:
            admin.execute(sql.SQL("DELETE FROM crm.{}").format(sql.Identifier(table)))
        return _log_is_as_it_was(admin, clone) and snapshot.put_back(admin, clone.base)


def _log_is_as_it_was(admin: psycopg.Connection, clone: Clone) -> bool:
    row = admin.execute(
        "SELECT count(*), count(*) FILTER (WHERE xmin::text::bigint >= %s) FROM crm.audit_events",
        [clone.base.next_transaction % 2**32],
    ).fetchone()
    return row == (clone.events, 0)


def make_template(admin_url: str, settings: Settings) -> str:
    """The name of a database with the demo company as of NOW; made if this version's is not there yet.

    Clones and templates of other versions, left by processes that were killed, are dropped.
    """
    name = _TEMPLATE + _fingerprint()
    with psycopg.connect(admin_url, autocommit=True) as admin:
        known = {str(row[0]) for row in admin.execute("SELECT datname FROM pg_database").fetchall()}
        drop_databases(admin, (old for old in known if old.startswith((_TEMPLATE, _CLONE)) and old != name))
        if name in known:
            return name
        unfinished = f"{_TEMPLATE}{uuid4().hex}"
        copy_database(admin, "template1", unfinished)
        world = World.fixed(NOW)
        migrate(url_of(admin_url, unfinished), settings, world)
        demo.load(url_of(admin_url, unfinished), world)
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (unfinished, name))))
    return name


def copy_database(admin: psycopg.Connection, source: str, name: str) -> None:
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, source))))


def drop_databases(admin: psycopg.Connection, names: Iterable[str]) -> None:
    for name in names:
        with suppress(psycopg.errors.InvalidCatalogName):
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def url_of(admin_url: str, database: str) -> str:
    """The same server's URL for another database."""
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


def _fingerprint() -> str:
    """What the template is made from, in short: this version's schema and demo company."""
    folder = Path(str(files("schema")))
    sources = sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".sql"})
    digest = hashlib.sha256(NOW.isoformat().encode())
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
