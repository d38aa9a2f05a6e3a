"""Opening the installation for a command: settings, database, and who asks."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from commands.environment import open_settings
from commands.invocation import DEMO_ADMIN, Invocation
from schema.database import Database
from schema.demo.tenants import BRIGHTWATER
from schema.errors import CrmError, Kind
from schema.identity import Identity
from schema.installation import open_database
from schema.settings import Settings
from schema.world import World
from tools.calls import ToolOutcome
from tools.context import ToolContext
from tools.execute import execute


@dataclass(frozen=True)
class Desk:
    """A signed-in person in front of an open database."""

    settings: Settings
    world: World
    db: Database
    who: Identity

    @property
    def context(self) -> ToolContext:
        """What a tool call of this person starts from."""
        return ToolContext(db=self.db, world=self.world, who=self.who)

    def call(self, tool: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """What the tool returned; its audit context says a person did it. Raises CrmError when it failed."""
        return result_of(execute(self.context, tool, args))


@contextmanager
def open_desk(invocation: Invocation) -> Generator[Desk]:
    """Signs in whoever `--as` names. Raises CrmError when there is no such user or no database."""
    settings = open_settings()
    world = World.from_environment()
    db = open_database(settings, world)
    try:
        yield Desk(settings, world, db, _signed_in(db, invocation))
    finally:
        db.close()


def _signed_in(db: Database, invocation: Invocation) -> Identity:
    try:
        return db.sign_in(invocation.email, invocation.tenant)
    except CrmError as error:
        is_unsaid = error.kind == "unauthenticated" and invocation.email == DEMO_ADMIN and invocation.tenant is None
        if is_unsaid and not _has_demo(db):
            raise CrmError(
                "unauthenticated",
                "Say who you are with --as EMAIL: without it the demo company's admin asks, and that company is not"
                " loaded. `crm-agent tenant list` shows the tenants and their admins.",
            ) from None
        raise


def _has_demo(db: Database) -> bool:
    with db.across_tenants() as session:
        return bool(session.scalar("SELECT EXISTS (SELECT FROM crm.tenants WHERE slug = :slug)", slug=BRIGHTWATER.slug))


@contextmanager
def operating(settings: Settings | None = None) -> Generator[tuple[Database, Settings]]:
    """The database for whoever runs the installation and holds its passwords; nobody signs in."""
    settings = settings or open_settings()
    db = open_database(settings, World.from_environment())
    try:
        yield db, settings
    finally:
        db.close()


def result_of(outcome: ToolOutcome) -> dict[str, Any]:
    """What the call returned. Raises CrmError when it failed or was denied."""
    if outcome.error is not None:
        kind, message = outcome.error
        raise CrmError(cast("Kind", kind), message)
    return dict(outcome.result)
