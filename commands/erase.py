"""`crm-agent erase`: a person's data goes for good, and what stays is said."""

import sys
from uuid import UUID

import click

from commands.invocation import Command, Invocation, pass_invocation
from commands.opening import Desk, open_desk
from commands.terminal import harmless, rows, say, short, working
from schema.erasure import Erased, erase, find_individuals
from schema.errors import CrmError
from tools.records.ids import SHORTEST_PREFIX, resolve_prefix

_TABLES = {
    "audit_events": "events of the audit log",
    "ai_insights": "insights",
    "account_summaries": "summaries of accounts",
    "cluster_members": "places in clusters",
    "record_tags": "tags",
}
_HEX = frozenset("0123456789abcdef")


@click.command("erase", cls=Command)
@click.argument("individual")
@click.option("--dry-run", is_flag=True, help="Show what would be erased, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@pass_invocation
def erase_person(invocation: Invocation, individual: str, dry_run: bool, yes: bool) -> None:
    """Erase a person's data from records, texts, transcripts and the audit log, for good.

    INDIVIDUAL is an id, the beginning of one, an e-mail address, or a whole name that only one individual has. Nothing
    brings the data back, `undo` neither. The log verifies as before.
    """
    with open_desk(invocation) as desk:
        if desk.who.role != "admin":
            raise CrmError("denied", "Only an admin may erase a person's data.")
        individual_id = _individual(desk, individual)
        if not dry_run and not yes and not invocation.as_json and sys.stdin.isatty():
            _confirm(desk, individual_id)
        with working("Looking everywhere"):
            done = erase(desk.db, desk.settings, desk.who, individual_id, dry_run=dry_run)
    invocation.answer(done.to_json(), lambda: _show(done))


def _individual(desk: Desk, text: str) -> UUID:
    """The one individual that is meant. Raises CrmError (not_found, invalid) when there is none, or more than one."""
    digits = text.strip().lower().replace("-", "")
    is_id = SHORTEST_PREFIX <= len(digits) <= 32 and set(digits) <= _HEX
    with desk.db.read(desk.who) as session:
        whole = resolve_prefix(session, desk.who, digits) if is_id else None
        found = find_individuals(session, desk.who.tenant_id, text.strip(), whole)
    if not found:
        raise CrmError(
            "not_found",
            f"No individual has {text!r} as its id, e-mail address or whole name; `records find` shows who there is.",
        )
    if len(found) > 1:
        told = "; ".join(f"{short(each['id'])} {each['email'] or 'without an e-mail address'}" for each in found)
        raise CrmError(
            "invalid", f"{len(found)} individuals are called {found[0]['label']}: {told}. Give an id or an e-mail."
        )
    return found[0]["id"]


def _confirm(desk: Desk, individual_id: UUID) -> None:
    would = erase(desk.db, desk.settings, desk.who, individual_id, dry_run=True)
    _show(would)
    if not click.confirm("Erase it for good?", err=True):
        raise CrmError("refused", "Nothing was erased.")


def _show(done: Erased) -> None:
    if done.was_erased:
        say("This person's data was erased before; nothing was left to do.")
        return
    say("Erased for good:" if done.is_done else "Would be erased:")
    told = [(_TABLES.get(table, table.replace("_", " ")), count) for table, count in done.counts.items()]
    rows(("what", "rows"), told, empty="Nothing.")
    say("What stays, and why:")
    for left in done.stays:
        count = f"{left.count:,} " if left.count is not None else ""
        say(harmless(f"  {count}{left.what}: {left.why[0].lower()}{left.why[1:]}"))
    if done.is_done:
        say("The seals know of it: `crm-agent audit verify` verifies as before.")
