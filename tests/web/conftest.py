"""A running server over the demo company, and callers of each kind."""

import re
import shutil
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import httpx
import psycopg
import pytest
import uvicorn
from psycopg import sql

from schema.database import Database
from schema.demo import DEMO_PASSWORD
from schema.embedded_place import AdminUrl
from schema.migrate import protect_database
from schema.settings import Settings
from schema.world import World
from server import create_app
from tests.conftest import NOW, url_of
from web.service import Service
from web.tokens import create_token

SECONDS = 60

collect_ignore = [] if shutil.which("chromium") else ["browser"]
"""Without a browser there is nothing to test in one; `.ci/run` installs it."""


@dataclass(frozen=True)
class Site:
    """A server on a loopback port, and what it serves."""

    url: str
    service: Service

    @property
    def db(self) -> Database:
        return self.service.db

    def visitor(self) -> httpx.Client:
        """Somebody who has not signed in."""
        return httpx.Client(base_url=self.url, timeout=SECONDS)

    def client(self, email: str, *scopes: str, expires_at: datetime | None = None) -> httpx.Client:
        """A program with a token of that user."""
        who = self.db.sign_in(email)
        token = create_token(self.db, who, user=who, label="test", scopes=scopes, expires_at=expires_at)
        headers = {"Authorization": f"Bearer {token.secret}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=SECONDS)

    @contextmanager
    def person(self, email: str, password: str = DEMO_PASSWORD) -> Generator[httpx.Client]:
        """A browser after signing in on the page."""
        with self.visitor() as browser:
            form = {"email": email, "password": password, "csrf": csrf_of(browser)}
            browser.post("/ui/sign-in", data=form)
            yield browser


def csrf_of(browser: httpx.Client) -> str:
    """The token in the page's forms: HTML before signing in, NiceGUI's elements afterwards."""
    found = re.search(r'name="csrf" value="([^"]+)"|"name":"csrf","value":"([^"]+)"', browser.get("/ui").text)
    assert found is not None
    return found[1] or found[2]


@pytest.fixture(scope="module")
def site(admin_url: AdminUrl, settings: Settings, demo_template: str) -> Iterator[Site]:
    """A server over a demo company that the tests of a module share."""
    name = f"web_{uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, demo_template))))
    world = World.fixed(NOW, seed=21)
    db = Database.open(url_of(admin_url, name), settings, world)
    with psycopg.connect(db.admin_url) as admin:
        protect_database(admin, db.roles)
    service = Service.open(settings, world, db, host="127.0.0.1", has_demo=True)
    with running(service) as url:
        yield Site(url, service)
    db.close()
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class running:  # noqa: N801 — used as a block: `with running(service) as url`
    """Serves from a thread while its block runs."""

    def __init__(self, service: Service) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(service), log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=30)
        self._socket.close()


@pytest.fixture(scope="module")
def admin(site: Site) -> Iterator[httpx.Client]:
    """A program that may do everything in brightwater."""
    with site.client("admin@brightwater.example") as client:
        yield client
