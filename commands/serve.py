"""`crm-agent serve`: the API and the pages, on this machine alone unless told otherwise."""

import errno
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from pkgutil import resolve_name

import click
import uvicorn
from starlette.types import ASGIApp

from agent.resuming import resuming
from commands.db import load_demo
from commands.environment import open_settings
from commands.invocation import Command, Invocation, pass_invocation
from commands.terminal import say, working
from retrieval.indexing.background import indexing
from retrieval.indexing.status import queue_depth
from retrieval.nightly import nightly
from schema import embedded, roles
from schema.analytics import refreshing
from schema.database import Database
from schema.errors import CrmError
from schema.inspection import Inspection, inspect
from schema.installation import admin_url
from schema.migrate import migrate
from schema.seals import sealing
from schema.settings import Settings
from schema.world import World
from web.logs import configure_logs
from web.pages.sign_in import DEMO_USERS
from web.service import Service

PORT = 8000
PORTS_TRIED = 100
SHUTDOWN_SECONDS = 10
MANY_RECORDS = 500
"""To index take long enough to say so."""


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help=f"The port; {PORT}, or the next free one, otherwise.")
@click.option("--prepare", is_flag=True, hidden=True, help="First migrate, and load the demo company once.")
@pass_invocation
def serve(invocation: Invocation, host: str, port: int | None, prepare: bool) -> None:
    """Serve the API and the pages."""
    settings, world = open_settings(), World.from_environment()
    configure_logs(settings.log, with_tracebacks=True)
    with working("Starting PostgreSQL"):
        address = admin_url(settings)
    found = _prepared(address, settings, world) if prepare else inspect(address, roles.load(settings))
    if not found.is_current:
        raise CrmError("setup", "The database is not at this version's schema; run `crm-agent db migrate`.")
    with closing(_listen(host, port)) as listening, closing(Database.open(address, settings, world)) as db:
        service = Service.open(settings, world, db, host=host, has_demo=found.has_demo)
        url = _url(host, listening.getsockname()[1])
        # Ctrl-C is how serving ends; uvicorn raises it again when all requests are done.
        with (
            suppress(KeyboardInterrupt),
            sealing(db, settings),
            refreshing(db),
            resuming(db),
            indexing(db, settings),
            nightly(db),
        ):
            # Made before it is announced: its import takes a second, in which a Ctrl-C could get lost.
            app = resolve_name("server:create_app")(service)
            document = {"url": url, "model": service.model.name, "tenants": list(found.tenants)}
            invocation.answer(document, lambda: _greet(url, service))
            _serve(app, listening)


def _serve(app: ASGIApp, listening: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _prepared(address: str, settings: Settings, world: World) -> Inspection:
    """The database migrated, with a tenant in it: the demo company's when there was none."""
    with working("Migrating"):
        migrate(address, settings, world)
    found = inspect(address, roles.load(settings))
    if found.tenants:
        return found
    load_demo(address, settings, world)
    return inspect(address, roles.load(settings))


def _listen(host: str, port: int | None) -> socket.socket:
    """A socket on the port asked for; with none asked for, on the first free one."""
    ports = [port] if port is not None else list(range(PORT, PORT + PORTS_TRIED))
    for candidate in ports:
        try:
            return _bound(host, candidate)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            raise CrmError("setup", f"Nothing can listen on {host}, port {candidate}: {error.strerror}.") from None
        except UnicodeError:
            raise CrmError("setup", f"{host!r} is no address.") from None
    taken = f"Port {port} is" if port is not None else f"The ports {ports[0]} to {ports[-1]} are all"
    raise CrmError("setup", f"{taken} taken; choose another with --port.")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def _greet(url: str, service: Service) -> None:
    state: Mapping[bool, str] = {
        True: "The model is offline: no key is set, and requests are understood by built-in rules.",
        False: f"Requests go to the model {service.model.name}.",
    }
    say(f"crm-agent serves on {url}  (API: {url}/docs)")
    if service.demo_password is not None:
        people = ", ".join(f"{login}@brightwater.example" for login in DEMO_USERS)
        say(f"Sign in to the demo company as {people}; the password is {service.demo_password}")
    say(state[service.model.is_offline])
    with service.db.across_tenants() as session:
        depth = queue_depth(session)
    if depth > MANY_RECORDS:
        say(f"{depth:,} records are being indexed in the background; search finds each as soon as it is.")
    if service.settings.database_url is None:
        say(
            f"The data lies in {embedded.status(service.settings.home).data}. Ctrl-C stops serving; `crm-agent db down` the database."
        )
