"""`crm-agent user`: who signs in."""

from typing import Any

import click

from commands.invocation import Group, Invocation, pass_invocation
from commands.opening import open_desk
from commands.passwords import new_password, password_option, show_password
from commands.terminal import rows, say, short
from schema.models.tenancy import ROLES
from schema.session import Row
from web.users import NewUser, check_may_change_users, create_user, list_users, set_active

reason_option = click.option("--reason", metavar="WHY", help="One sentence, kept with the change.")


@click.group(cls=Group)
def user() -> None:
    """List, make, disable and enable the users of a tenant; an admin may."""


@user.command("list")
@pass_invocation
def list_all(invocation: Invocation) -> None:
    """List everybody who has a sign-in, disabled ones too."""
    with open_desk(invocation) as desk:
        users = [_told(row) for row in list_users(desk.db, desk.who)]
    columns = ("email", "name", "role", "team", "time_zone", "is_active")
    invocation.answer(
        {"users": users, "total": len(users)},
        lambda: rows(
            (*columns, "id"),
            [(*(each[name] for name in columns), short(each["user_id"])) for each in users],
            empty="There is nobody.",
        ),
    )


@user.command()
@click.argument("address", metavar="EMAIL")
@click.option("--name", required=True, metavar="NAME", help="The full name.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True, help="What they may do.")
@click.option("--team", metavar="TEAM", help="Whom they sell with.")
@click.option("--new-team", metavar="TEAM", help="The same, and the team is made if it is not there.")
@click.option("--time-zone", metavar="ZONE", help="An IANA name such as Europe/Berlin; the tenant's otherwise.")
@password_option
@reason_option
@pass_invocation
def create(
    invocation: Invocation, address: str, team: str | None, new_team: str | None, password_stdin: bool, **given: Any
) -> None:
    """Make a user who signs in with EMAIL."""
    if team and new_team:
        raise click.UsageError("Give --team or --new-team, not both.")
    reason = given.pop("reason")
    with open_desk(invocation) as desk:
        check_may_change_users(desk.who)
        password = new_password(invocation, address, from_stdin=password_stdin)
        new = NewUser(
            email=address, team=team or new_team, makes_team=bool(new_team), password_hash=password.hash, **given
        )
        made = _told(create_user(desk.db, desk.who, new, reason))
        slug = desk.who.tenant_slug

    def show() -> None:
        say(f"{made['name']} may sign in as {made['email']}, {made['role']} of {slug}.")
        show_password(made["email"], password.shown)

    invocation.answer({**made, "password": password.shown}, show)


@user.command()
@click.argument("address", metavar="EMAIL")
@reason_option
@pass_invocation
def disable(invocation: Invocation, address: str, reason: str | None) -> None:
    """Keep a user out: sign-in, sessions and tokens stop at once. Their records stay."""
    _switch(invocation, address, reason, is_active=False)


@user.command()
@click.argument("address", metavar="EMAIL")
@reason_option
@pass_invocation
def enable(invocation: Invocation, address: str, reason: str | None) -> None:
    """Let a disabled user in again, with the tokens they had."""
    _switch(invocation, address, reason, is_active=True)


def _switch(invocation: Invocation, address: str, reason: str | None, *, is_active: bool) -> None:
    with open_desk(invocation) as desk:
        changed = _told(set_active(desk.db, desk.who, address, is_active=is_active, reason=reason))
    can = "can sign in" if is_active else "can no longer sign in, and their tokens and sessions have stopped"
    invocation.answer(changed, lambda: say(f"{changed['name']} ({changed['email']}) {can}."))


def _told(row: Row) -> dict[str, Any]:
    return {**row, "user_id": str(row["user_id"])}
