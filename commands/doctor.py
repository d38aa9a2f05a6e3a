"""`crm-agent doctor`: says in full sentences what works, what does not, and what to do about it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Literal

import click

from agent.models import choose_model
from commands.environment import open_settings
from commands.invocation import Command, Invocation, end, pass_invocation
from retrieval.embedders.choosing import choose_embedder
from schema import embedded, roles
from schema.database import Database
from schema.errors import CrmError
from schema.inspection import Inspection, head_revision, inspect
from schema.installation import admin_url
from schema.migrate import MINIMUM_POSTGRES
from schema.settings import Settings
from schema.world import World

Level = Literal["good", "warning", "problem"]
MINIMUM_PYTHON = (3, 11)
LOW_DISK = 2 * 1024**3
_MARKS = {"good": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and a full sentence on how it is."""

    name: str
    level: Level
    message: str


@click.command(cls=Command)
@pass_invocation
def doctor(invocation: Invocation) -> None:
    """Say in full sentences what works and what does not."""
    findings = list(examine(open_settings()))
    is_well = all(finding.level != "problem" for finding in findings)
    invocation.answer(
        {"ok": is_well, "findings": [asdict(finding) for finding in findings]},
        lambda: _show(findings),
    )
    if not is_well:
        end(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at everything an installation stands on; starts the embedded server if that is its database."""
    yield _python()
    yield _disk(settings)
    try:
        address = admin_url(settings)
        found = inspect(address, roles.load(settings))
    except CrmError as error:
        yield Finding("database", "problem", error.message)
    else:
        yield _server(settings, found)
        yield from _database(found)
        if found.is_current:
            yield _sign_in(settings, address)
    yield _model(settings)
    yield _embedder(settings)


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info < MINIMUM_PYTHON:
        return Finding("python", "problem", f"This is Python {version}; crm-agent needs 3.11 or newer.")
    return Finding("python", "good", f"Python is {version}, which is new enough.")


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Finding("disk", "problem", f"{settings.home} cannot be looked at: {error.strerror}.")
    if not os.access(place, os.W_OK):
        return Finding("disk", "problem", f"Nothing can be written in {place}; set CRM_AGENT_HOME to another folder.")
    size = f"{free / 1024**3:.1f} GiB are free where {settings.home} lies"
    if free < LOW_DISK:
        return Finding("disk", "warning", f"Only {size}; a database that runs out of space stops.")
    return Finding("disk", "good", f"{size}.")


def _server(settings: Settings, found: Inspection) -> Finding:
    if settings.database_url:
        return Finding("server", "good", f"Your own server answers; it is PostgreSQL {found.postgres}.")
    state = embedded.status(settings.home)
    return Finding(
        "server",
        "good",
        f"The embedded PostgreSQL {found.postgres} runs as system user {state.runs_as} (process {state.pid}); "
        f"its data lies in {state.data}.",
    )


def _database(found: Inspection) -> Iterator[Finding]:
    yield _versions(found)
    yield _schema(found)
    if found.revision is None:
        return
    yield _roles(found)
    yield _row_security(found)
    yield _wall(found)
    if found.is_current:
        yield _tenants(found)


def _versions(found: Inspection) -> Finding:
    major = int(found.postgres.split(".", 1)[0].split(" ", 1)[0])
    if major < MINIMUM_POSTGRES // 10000:
        return Finding("versions", "problem", f"This PostgreSQL is {found.postgres}; crm-agent needs 16 or newer.")
    if found.vector is None and found.revision is None:
        return Finding("versions", "good", f"PostgreSQL {found.postgres} is new enough.")
    if found.vector is None:
        return Finding("versions", "problem", "pgvector is not installed here; `crm-agent db migrate` installs it.")
    return Finding("versions", "good", f"PostgreSQL {found.postgres} and pgvector {found.vector} are new enough.")


def _schema(found: Inspection) -> Finding:
    if found.revision is None:
        return Finding("schema", "problem", "The database has not been prepared yet; run `crm-agent db migrate`.")
    if not found.is_known:
        return Finding(
            "schema",
            "problem",
            f"The database is at revision {found.revision}, which a newer version of crm-agent made; update the program.",
        )
    if not found.is_current:
        return Finding(
            "schema",
            "problem",
            f"The database is at revision {found.revision}, and this version needs {head_revision()}; run `crm-agent db migrate`.",
        )
    return Finding("schema", "good", f"The tables, views and triggers are up to date (revision {found.revision}).")


def _roles(found: Inspection) -> Finding:
    if found.missing_roles:
        names = ", ".join(found.missing_roles)
        return Finding("roles", "problem", f"Database roles are missing ({names}); run `crm-agent db migrate`.")
    if found.mighty_roles:
        names = ", ".join(found.mighty_roles)
        return Finding(
            "roles",
            "problem",
            f"Database roles may do too much ({names}), and could see every tenant's rows; run `crm-agent db migrate`.",
        )
    return Finding("roles", "good", "All database roles are there, and none may see past row level security.")


def _row_security(found: Inspection) -> Finding:
    if found.open_tables:
        names = ", ".join(found.open_tables)
        return Finding(
            "row_security",
            "problem",
            f"Row level security is not forced on {names}, so tenants could see each other's; run `crm-agent db migrate`.",
        )
    return Finding(
        "row_security", "good", "Row level security is forced on every table, so no tenant sees another's rows."
    )


def _wall(found: Inspection) -> Finding:
    if found.is_hardened:
        return Finding(
            "wall",
            "good",
            "Hardening is full: the database itself, and not only the SQL guard, keeps a model's SQL from functions that"
            " reach outside and from catalogs.",
        )
    return Finding(
        "wall",
        "warning",
        "This is a reduced database wall: without a superuser, functions and catalogs stay open to every role, "
        "and only the SQL guard keeps a model from them.",
    )


def _tenants(found: Inspection) -> Finding:
    if not found.tenants:
        return Finding(
            "tenants",
            "warning",
            "There is no tenant yet; `crm-agent tenant create` makes yours, and `crm-agent db seed` loads the demo company.",
        )
    return Finding("tenants", "good", f"The tenants are {', '.join(found.tenants)}.")


def _sign_in(settings: Settings, address: str) -> Finding:
    """Whether the passwords kept in the home are those of the database's roles."""
    try:
        with closing(Database.open(address, settings, World.from_environment())) as db:
            db.password_hash("nobody@doctor.invalid")
            with db.across_tenants() as session:
                session.scalar("SELECT count(*) FROM crm.tenants")
    except CrmError as error:
        return Finding("sign_in", "problem", f"The application cannot sign in to its database: {error.message}")
    return Finding("sign_in", "good", f"The application signs in with the passwords kept in {settings.home}.")


def _model(settings: Settings) -> Finding:
    try:
        choice = choose_model(settings.model)
    except CrmError as error:
        return Finding("model", "problem", error.message)
    if choice.is_offline:
        return Finding(
            "model",
            "warning",
            "The model is offline: built-in rules read your requests, which is less than a language model can do; set"
            " OPENAI_API_KEY or CRM_AGENT_MODEL for one.",
        )
    return Finding("model", "good", f"Requests go to the model {choice.name}.")


def _embedder(settings: Settings) -> Finding:
    try:
        with closing(choose_embedder(settings.embedder)) as embedder:
            embedder.load()
    except CrmError as error:
        return Finding("embedder", "problem", error.message)
    if embedder.is_local:
        return Finding(
            "embedder",
            "good",
            f"Texts are embedded on this machine ({embedder.version}, {embedder.dimensions} dimensions); the model loads.",
        )
    return Finding(
        "embedder",
        "good",
        f"Texts go to the embedder {embedder.name}, with placeholders for addresses and numbers; its client loads, and"
        " nothing was sent.",
    )


def _show(findings: Sequence[Finding]) -> None:
    for finding in findings:
        mark, color = _MARKS[finding.level]
        click.secho(mark, fg=color, nl=False)
        click.echo(f" {finding.message}")
    problems = sum(finding.level == "problem" for finding in findings)
    if problems:
        click.echo(f"\n{'One thing keeps' if problems == 1 else f'{problems} things keep'} crm-agent from working.")
    else:
        click.echo("\ncrm-agent can work.")
