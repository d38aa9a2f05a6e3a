"""`crm-agent user`: who signs in."""

import click

from commands.invocation import Group, Invocation, pass_invocation
from commands.opening import open_desk
from commands.terminal import rows, short


@click.group(cls=Group)
def user() -> None:
    """List the users of a tenant."""


@user.command("list")
@pass_invocation
def list_users(invocation: Invocation) -> None:
    """List everybody who has a sign-in, disabled ones too."""
    with open_desk(invocation) as desk, desk.db.read(desk.who) as session:
        found = session.rows(
            "SELECT u.id AS user_id, u.email, u.name, u.role, t.name AS team, u.time_zone, u.is_active FROM crm.users u"
            " LEFT JOIN crm.teams t ON t.tenant_id = u.tenant_id AND t.id = u.team_id ORDER BY u.email"
        )
    users = [{**row, "user_id": str(row["user_id"])} for row in found]
    columns = ("email", "name", "role", "team", "time_zone", "is_active")
    invocation.answer(
        {"users": users, "total": len(users)},
        lambda: rows(
            (*columns, "id"),
            [(*(each[name] for name in columns), short(each["user_id"])) for each in users],
            empty="There is nobody.",
        ),
    )
