"""`crm-agent summaries`: where things stand with an account, in a few sentences."""

import click

from commands.ids import record_id
from commands.invocation import Group, Invocation, pass_invocation
from commands.opening import open_desk
from commands.terminal import say, working
from retrieval.summaries.making import make_summaries
from tools.insights import check_may_infer
from tools.summaries import get_summary


@click.group(cls=Group)
def summaries() -> None:
    """Read where things stand with an account."""


@summaries.command()
@click.argument("account", metavar="ACCOUNT")
@pass_invocation
def show(invocation: Invocation, account: str) -> None:
    """Show an account's summary."""
    with open_desk(invocation) as desk:
        found = get_summary(desk.context, record_id(desk, account))
    invocation.answer(found, lambda: say(f"{found['text']}\n\nAs of {found['refreshed_at']}."))


@summaries.command()
@click.argument("accounts", metavar="[ACCOUNT]...", nargs=-1)
@pass_invocation
def make(invocation: Invocation, accounts: tuple[str, ...]) -> None:
    """Refresh the summaries of these accounts, or of all; it happens every night as well."""
    with open_desk(invocation) as desk, working("Summarising"):
        check_may_infer(desk.context)
        wanted = [record_id(desk, each) for each in accounts] or None
        done = make_summaries(desk.db, desk.who.tenant_id, wanted)
    removed = f", {done.removed} of deleted ones removed" if done.removed else ""
    invocation.answer(
        done.to_json(), lambda: say(f"{done.accounts} accounts: {done.changed} summaries say something new{removed}.")
    )
