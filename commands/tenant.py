"""`crm-agent tenant`: the companies of this installation, for whoever runs it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import click

from commands.invocation import Group, Invocation, pass_invocation
from commands.opening import operating
from commands.passwords import can_ask, new_password, password_option, show_password
from commands.terminal import rows, say
from schema.checks import read_currency, read_email, read_name, read_slug, read_time_zone, slug_of
from schema.errors import CrmError
from schema.tenants import NewTenant, create_tenant, list_tenants
from tools.records.shown import as_json


@click.group(cls=Group)
def tenant() -> None:
    """Make and list the tenants of this installation.

    Nobody signs in for this: whoever can read CRM_AGENT_HOME, where the passwords of the database's roles are, may.
    """


@tenant.command()
@click.option("--name", metavar="NAME", help="The company.")
@click.option("--slug", metavar="SLUG", help="Its short name for commands; made from the name otherwise.")
@click.option("--time-zone", metavar="ZONE", help="An IANA name such as Europe/Berlin; UTC otherwise.")
@click.option("--currency", metavar="CODE", help="An ISO 4217 code; EUR otherwise.")
@click.option(
    "--fiscal-year-start", type=click.IntRange(1, 12), metavar="MONTH", help="1 to 12; 1, calendar quarters, otherwise."
)
@click.option("--admin-email", metavar="EMAIL", help="Who signs in first, and makes the other users.")
@click.option("--admin-name", metavar="NAME", help="The full name of that person.")
@password_option
@pass_invocation
def create(invocation: Invocation, password_stdin: bool, **given: Any) -> None:
    """Make a tenant and its first admin; what is not given is asked for at a terminal."""
    wanted = _asked(given) if can_ask(invocation) and not password_stdin else _given(given)
    wanted.checked()
    with operating() as (db, _):
        if wanted.slug in {each["slug"] for each in list_tenants(db)}:
            raise CrmError("conflict", f"There is a tenant {wanted.slug} already; choose another slug.")
        password = new_password(invocation, wanted.admin_email, from_stdin=password_stdin)
        admin = create_tenant(db, replace(wanted, password_hash=password.hash))
    document = {
        "tenant_id": str(admin.tenant_id),
        "slug": admin.tenant_slug,
        "name": admin.tenant_name,
        "time_zone": admin.time_zone,
        "currency": admin.currency,
        "fiscal_year_start_month": admin.fiscal_year_start_month,
        "admin": {"user_id": str(admin.user_id), "email": admin.email, "name": admin.name},
        "password": password.shown,
    }
    invocation.answer(document, lambda: _show(document))


@tenant.command("list")
@pass_invocation
def list_all(invocation: Invocation) -> None:
    """List all tenants, with how many may sign in and who can make users."""
    with operating() as (db, _):
        tenants = [{name: as_json(value) for name, value in row.items()} for row in list_tenants(db)]
    columns = ("slug", "name", "time_zone", "currency", "users", "admins", "created_at")
    invocation.answer(
        {"tenants": tenants, "total": len(tenants)},
        lambda: rows(
            columns,
            [[each[name] for name in columns] for each in tenants],
            empty="There is no tenant yet; `tenant create` makes one, and `db seed` loads the demo company.",
        ),
    )


def _show(made: Mapping[str, Any]) -> None:
    email = made["admin"]["email"]
    say(f"{made['name']} is there, as tenant {made['slug']}: {made['time_zone']}, {made['currency']}.")
    show_password(email, made["password"])
    say(f'Ask as {email}: crm-agent --as {email} ask "Create an account Acme"')


def _given(given: Mapping[str, Any]) -> NewTenant:
    """The tenant that the options describe. Raises UsageError naming what is missing."""
    needed = [f"--{name.replace('_', '-')}" for name in ("name", "admin_email", "admin_name") if not given[name]]
    if needed:
        raise click.UsageError(f"Nobody can be asked here; give {', '.join(needed)}.")
    return _tenant(given)


def _tenant(told: Mapping[str, Any]) -> NewTenant:
    slug = told["slug"] or slug_of(told["name"])
    if not slug:
        raise click.UsageError(f"No slug can be made from {told['name']!r}; give --slug.")
    return NewTenant(
        slug=slug,
        name=told["name"],
        admin_email=told["admin_email"],
        admin_name=told["admin_name"],
        time_zone=told["time_zone"] or "UTC",
        currency=told["currency"] or "EUR",
        fiscal_year_start_month=told["fiscal_year_start"] or 1,
    )


def _asked(given: Mapping[str, Any]) -> NewTenant:
    """The tenant that options and answers describe; what was answered wrong is asked again."""
    told = dict(given)

    def ask(option: str, question: str, read: Callable[[str], Any], default: Any = None) -> None:
        if told[option] is None:
            told[option] = click.prompt(question, default=default, value_proc=_retried(read), err=True)

    ask("name", "Name of the company", lambda text: read_name(text, "The name"))
    ask("slug", "Slug, its short name for commands", read_slug, slug_of(told["name"]) or None)
    ask("time_zone", "Time zone", read_time_zone, "UTC")
    ask("currency", "Currency", read_currency, "EUR")
    ask("fiscal_year_start", "First month of its fiscal year", _month, 1)
    ask("admin_email", "E-mail of the first admin", read_email)
    ask("admin_name", "Full name of the first admin", lambda text: read_name(text, "The name"))
    return _tenant(told)


def _month(text: str) -> int:
    if not re.fullmatch(r"0?[1-9]|1[0-2]", str(text).strip()):
        raise CrmError("invalid", "A month is a number from 1 to 12.")
    return int(text)


def _retried(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The reader, whose refusal makes click ask again."""

    def retried(text: str) -> Any:
        try:
            return read(text)
        except CrmError as error:
            raise click.UsageError(error.message) from None

    return retried
