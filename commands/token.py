"""`crm-agent token`: the secrets by which programs sign in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import click

from commands.invocation import Group, Invocation, pass_invocation
from commands.moments import read_moment
from commands.opening import Desk, open_desk
from commands.terminal import rows, say, short
from tools.records.shown import as_json
from web.tokens import create_token, list_tokens, revoke_token


@click.group(cls=Group)
def token() -> None:
    """Make, list and withdraw API tokens."""


@token.command()
@click.option(
    "--user", metavar="EMAIL", help="Who it acts for; an admin may name others. Whoever --as names otherwise."
)
@click.option("--label", default="", metavar="TEXT", help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="KIND:EFFECT",
    help="What it may do, as opportunity:write or *:read; may be given again. All that its user may do otherwise.",
)
@click.option("--expires", metavar="WHEN", help="A date or time, or after how many days, as 90d. Never otherwise.")
@pass_invocation
def create(invocation: Invocation, user: str | None, label: str, scopes: Sequence[str], expires: str | None) -> None:
    """Make a token; its secret is shown this once."""
    with open_desk(invocation) as desk:
        holder = desk.db.sign_in(user, desk.who.tenant_slug) if user else desk.who
        ends = _end(expires, desk) if expires else None
        made = create_token(desk.db, desk.who, user=holder, label=label, scopes=scopes, expires_at=ends)
    document = {
        "token_id": str(made.token_id),
        "token": made.secret,
        "user": holder.email,
        "scopes": list(made.scopes),
        "expires_at": as_json(made.expires_at),
    }

    def show() -> None:
        say(f"{made.secret}\n")
        say(f"It acts for {holder.email}; it is shown this once, and kept nowhere. Send it as: Authorization: Bearer …")

    invocation.answer(document, show)


@token.command("list")
@pass_invocation
def list_all(invocation: Invocation) -> None:
    """List your tokens; an admin sees everybody's."""
    with open_desk(invocation) as desk:
        tokens = [_worded(row) for row in list_tokens(desk.db, desk.who)]
    columns = ("user", "label", "scopes", "created_at", "expires_at", "revoked_at")
    invocation.answer(
        {"tokens": tokens, "total": len(tokens)},
        lambda: rows(
            (*columns, "id"),
            [(*(each[name] for name in columns), short(each["token_id"])) for each in tokens],
            empty="There are no tokens; `token create` makes one.",
        ),
    )


@token.command()
@click.argument("id_", metavar="ID")
@pass_invocation
def revoke(invocation: Invocation, id_: str) -> None:
    """Withdraw a token: from now on it is refused."""
    with open_desk(invocation) as desk:
        ended = _worded(revoke_token(desk.db, desk.who, id_))
    invocation.answer(ended, lambda: say(f"The token {short(ended['token_id'])} of {ended['user']} is withdrawn."))


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: as_json(value) if isinstance(value, datetime | UUID) else value for name, value in row.items()}


def _end(text: str, desk: Desk) -> datetime:
    days = text.strip().lower().removesuffix("d")
    if days.isascii() and days.isdigit() and len(days) <= 4:
        return desk.world.now() + timedelta(days=int(days))
    return read_moment(text, desk.who, desk.world)
