"""What the server serves: one open installation, its model, and where it listens."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import HTTPConnection

from agent.models import ModelChoice, choose_model
from schema import demo
from schema.database import Database
from schema.settings import Settings
from schema.world import World
from web.attempts import Attempts
from web.live import LiveRuns
from web.sessions import Sessions

LOOPBACK = ("127.0.0.1", "localhost", "::1")
KEY_FILE = "session.key"


@dataclass(frozen=True)
class Service:
    """Everything a request needs beside itself."""

    settings: Settings
    world: World
    db: Database
    model: ModelChoice
    host: str
    """The address it is bound to."""
    demo_password: str | None = None
    """The demo users' password, where the sign-in page may offer it: the demo company is loaded, and nobody but this
    machine can reach the page."""
    attempts: Attempts = field(default_factory=Attempts)
    sessions: Sessions = field(default_factory=Sessions)
    heartbeat_seconds: float = 15
    """How long a stream of events may be silent; proxies take one for dead after half a minute or more."""
    live: LiveRuns = field(default_factory=LiveRuns)

    @classmethod
    def open(cls, settings: Settings, world: World, db: Database, *, host: str, has_demo: bool) -> "Service":
        """Raises CrmError (setup) when the environment names a model that cannot be used."""
        offers_demo = has_demo and host in LOOPBACK
        return cls(
            settings=settings,
            world=world,
            db=db,
            model=choose_model(settings.model),
            host=host,
            demo_password=demo.DEMO_PASSWORD if offers_demo else None,
        )

    @property
    def hosts(self) -> list[str]:
        """The names it answers to. A page elsewhere could point a name of its own at this machine (DNS rebinding)."""
        return list(LOOPBACK) if self.host in LOOPBACK else ["*"]


def service_of(connection: HTTPConnection) -> Service:
    return connection.app.state.service


def session_key(home: Path) -> str:
    """What sign-in cookies are signed with; made once, for this user's eyes only."""
    path = home / KEY_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # A key cut short by a kill would sign with next to nothing.
        kept = path.read_text(encoding="ascii").strip()
        if len(kept) >= 32:
            return kept
        path.unlink()
        return session_key(home)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
