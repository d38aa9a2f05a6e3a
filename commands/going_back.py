"""`crm-agent db migrate --to`: back to an earlier revision, once a person has read what that takes away."""

from collections.abc import Sequence

import click

from commands.invocation import Invocation
from commands.passwords import can_ask
from commands.terminal import say, working
from schema import roles
from schema.downgrade import Step, downgrade, steps_down
from schema.errors import CrmError
from schema.inspection import inspect
from schema.installation import admin_url
from schema.settings import Settings


def go_back(invocation: Invocation, settings: Settings, to: str, *, without_asking: bool) -> None:
    """Takes the later revisions back. Raises CrmError: not_found, invalid, refused, setup."""
    address = admin_url(settings)
    current = inspect(address, roles.load(settings)).revision
    if current is None:
        raise CrmError("setup", "The database has not been prepared yet; there is nothing to go back from.")
    steps = steps_down(current, to)
    if steps and not without_asking:
        _ask(invocation, current, to, steps)
    if steps:
        with working("Going back") as tell:
            downgrade(address, to, lambda done: tell(f"Took back revision {done}"))

    def show() -> None:
        say(f"The database is at revision {to}." if steps else f"The database was at revision {to} already.")
        say("Run the `db migrate` of the version it is meant for: until then nobody sees a row. This version's brings")
        say("the tables back, empty.")

    invocation.answer({"revision": to, "undone": [step.revision for step in steps]}, show)


def _ask(invocation: Invocation, current: str, to: str, steps: Sequence[Step]) -> None:
    """Lists what goes. Raises CrmError (refused) when nobody can answer, Abort when the answer is no."""
    if not can_ask(invocation):
        names = ", ".join(step.revision for step in steps)
        raise CrmError(
            "refused",
            f"Going back to {to} drops what {names} brought, with all data in it; --yes says that you mean it.",
        )
    click.secho(f"Going back from {current} to {to} drops these, with all data in them:", fg="red", err=True)
    for step in steps:
        click.echo(f"  {step.revision}  {step.told}", err=True)
    click.echo("`crm-agent db backup FILE` keeps a copy.", err=True)
    click.confirm("Go back?", abort=True, err=True)
