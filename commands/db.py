"""`crm-agent db`: the database's life, from the first start to the demo company."""

from typing import Any

import click

from commands.backup import backup, restore_backup
from commands.environment import open_settings
from commands.going_back import go_back
from commands.invocation import Group, Invocation, pass_invocation
from commands.progress import bars
from commands.terminal import facts, say, working
from schema import demo, embedded, roles
from schema.errors import CrmError
from schema.inspection import head_revision, inspect
from schema.installation import admin_url
from schema.migrate import migrate as migrate_database
from schema.settings import Settings
from schema.world import World


@click.group(cls=Group)
def db() -> None:
    """Start, stop, prepare and fill the database.

    Without CRM_AGENT_DATABASE_URL this is an embedded PostgreSQL whose data lies in CRM_AGENT_HOME.
    """


db.add_command(backup)
db.add_command(restore_backup)


@db.command()
@pass_invocation
def up(invocation: Invocation) -> None:
    """Start the embedded PostgreSQL, if it is not running."""
    settings = open_settings()
    _only_embedded(settings, "is started and stopped by whoever runs it")
    with working("Starting PostgreSQL"):
        address = embedded.start(settings.home)
    state = embedded.status(settings.home)
    document = {"is_running": True, "pid": state.pid, "url": address, "data": str(state.data)}
    invocation.answer(document, lambda: say(f"PostgreSQL is running (process {state.pid})."))


@db.command()
@pass_invocation
def down(invocation: Invocation) -> None:
    """Stop the embedded PostgreSQL of this home; its data stays."""
    settings = open_settings()
    _only_embedded(settings, "is not stopped from here")
    was_running = embedded.stop(settings.home)
    sentence = "PostgreSQL has stopped; its data stays." if was_running else "PostgreSQL was not running."
    invocation.answer({"is_running": False, "was_running": was_running}, lambda: say(sentence))


@db.command()
@pass_invocation
def url(invocation: Invocation) -> None:
    """Print a URL that owns the database, for psql and other tools."""
    address = admin_url(open_settings())
    invocation.answer({"url": address}, lambda: click.echo(address))


@db.command()
@click.option("--to", metavar="REVISION", help="Go back to this revision, and lose what later ones brought.")
@click.option("--yes", is_flag=True, help="With --to: do not ask.")
@pass_invocation
def migrate(invocation: Invocation, to: str | None, yes: bool) -> None:
    """Bring roles, tables, views, triggers and policies up to date.

    With --to, make the database ready for an earlier version of crm-agent, whose own `db migrate` must follow.
    """
    settings, world = open_settings(), World.from_environment()
    if to is not None and to != head_revision():
        go_back(invocation, settings, to, without_asking=yes)
        return
    address = admin_url(settings)
    with working("Migrating") as tell:
        revision = migrate_database(address, settings, world, lambda done: tell(f"Revision {done}"))
    invocation.answer({"revision": revision}, lambda: say(f"The database is at revision {revision}."))


@db.command()
@pass_invocation
def status(invocation: Invocation) -> None:
    """Say where the database is and what is in it; starts nothing."""
    settings = open_settings()
    document = _server(settings)
    if document["is_running"] is not False:
        document |= _contents(settings.database_url or embedded.status(settings.home).url, settings)
    invocation.answer(document, lambda: facts(document))


@db.command()
@click.option("--scale", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many times the usual.")
@click.option("--seed", type=int, default=demo.SEED, show_default=True, help="The same seed gives the same company.")
@pass_invocation
def seed(invocation: Invocation, scale: int, seed: int) -> None:
    """Load the demo company, once: later calls leave it as it is."""
    settings, world = open_settings(), World.from_environment()
    address = admin_url(settings)
    rows = load_demo(address, settings, world, scale=scale, seed=seed)
    loaded = f"The demo company is loaded; everybody's password is {demo.DEMO_PASSWORD}."
    kept = "The demo company was loaded before; it was left as it is."
    invocation.answer({"loaded": rows is not None, "rows": rows or {}}, lambda: say(kept if rows is None else loaded))


def load_demo(
    address: str, settings: Settings, world: World, *, scale: int = 1, seed: int = demo.SEED
) -> dict[str, int] | None:
    """Rows loaded by table, or None when the demo company was there."""
    found = inspect(address, roles.load(settings))
    if found.revision is None:
        raise CrmError("setup", "The database has not been prepared yet; run `crm-agent db migrate`.")
    if found.has_demo:
        return None
    with bars() as tell:
        return demo.load(address, world, seed=seed, scale=scale, progress=tell)


def _only_embedded(settings: Settings, but: str) -> None:
    if settings.database_url:
        raise CrmError("refused", f"CRM_AGENT_DATABASE_URL names a server of your own, which {but}.")


def _server(settings: Settings) -> dict[str, Any]:
    if settings.database_url:
        return {"is_embedded": False, "is_running": None}
    state = embedded.status(settings.home)
    return {
        "is_embedded": True,
        "is_running": state.is_running,
        "pid": state.pid,
        "url": state.url,
        "data": str(state.data),
        "log": str(state.log),
        "runs_as": state.runs_as,
    }


def _contents(address: str, settings: Settings) -> dict[str, Any]:
    found = inspect(address, roles.load(settings))
    return {
        "is_running": True,
        "postgres": found.postgres,
        "pgvector": found.vector,
        "revision": found.revision,
        "is_current": found.is_current,
        "tenants": list(found.tenants),
        "size_bytes": found.size_bytes,
    }
