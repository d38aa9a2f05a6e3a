"""`crm-agent approvals`: the changes that wait for a person, and the person's decisions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import click

from agent.decided import after_decision
from commands.ids import whole_id
from commands.invocation import Group, Invocation, end, pass_invocation
from commands.opening import Desk, open_desk
from commands.outcome import show_outcome
from commands.terminal import cut, differences, facts, harmless, page, rows, say, short, words, working
from schema.errors import CrmError
from schema.models.approvals import APPROVAL_STATUSES
from tools.approvals import PAGE, Decided, approve, get_approval, list_approvals, reject

_FACTS = (
    "approval_id", "status", "action", "kind", "count", "why", "reason", "asked_by", "prompt", "reasoning", "model", "tool",
    "run_id", "created_at", "expires_at", "decided_by", "decided_at", "decision_reason", "replaced_by", "fingerprint",
)  # fmt: skip


@click.group(cls=Group)
def approvals() -> None:
    """Decide on the changes that wait for a person."""


@approvals.command("list")
@click.option("--status", type=click.Choice([*APPROVAL_STATUSES, "all"]), default="pending", show_default=True)
@click.option("--limit", type=click.IntRange(1, 200), default=PAGE, show_default=True)
@click.option("--cursor", metavar="CURSOR", help="Where the page before ended: its next_cursor.")
@pass_invocation
def list_(invocation: Invocation, status: str, limit: int, cursor: str | None) -> None:
    """List proposals, newest first: your own; managers and admins see everybody's."""
    with open_desk(invocation) as desk:
        after = whole_id(desk, cursor, ("approval",))[1] if cursor else None
        wanted = None if status == "all" else status
        found = list_approvals(desk.context, status=wanted, limit=limit, after=after)
    invocation.answer(found, lambda: _show_list(found))


@approvals.command()
@click.argument("id_", metavar="APPROVAL")
@pass_invocation
def show(invocation: Invocation, id_: str) -> None:
    """Show exactly what a proposal would change."""
    with open_desk(invocation) as desk:
        found = get_approval(desk.context, _whole(desk, id_))
    invocation.answer(found, lambda: show_proposal(found))


@approvals.command("approve")
@click.argument("id_", metavar="APPROVAL")
@pass_invocation
def approve_(invocation: Invocation, id_: str) -> None:
    """Make the change exactly as it is shown; the run that waits for it goes on.

    When records have changed since, nothing is done, and a fresh proposal takes its place.
    """
    with open_desk(invocation) as desk:
        _decided(invocation, desk, approve(desk.context, _whole(desk, id_)))


@approvals.command("reject")
@click.argument("id_", metavar="APPROVAL")
@click.option("--reason", metavar="WHY", help="What the agent is told.")
@pass_invocation
def reject_(invocation: Invocation, id_: str, reason: str | None) -> None:
    """Decline a proposal; nothing is changed, and the run that waits for it goes on."""
    with open_desk(invocation) as desk:
        _decided(invocation, desk, reject(desk.context, _whole(desk, id_), reason))


def _decided(invocation: Invocation, desk: Desk, decided: Decided) -> None:
    run = go_on(desk, decided.run_id)
    answer = {"approval": decided.approval, "changes": decided.changes, "run": run}
    invocation.answer(answer, lambda: _show_decided(decided, run))
    # That the model refuses after a rejection is what was to be expected.
    if run is not None and run["status"] in {"failed", "interrupted"}:
        end(1)


def go_on(desk: Desk, run_id: UUID | None) -> dict[str, Any] | None:
    """The run's result after it went on; None when it has no run, or does not go on."""
    with working("Going on"):
        result = after_decision(desk.context, run_id, _show_kept)
    return result.to_json() if result else None


def _show_kept(error: CrmError) -> None:
    click.secho(harmless(f"The run does not go on: {error.message}"), fg="red", err=True)


def _whole(desk: Desk, id_: str) -> UUID:
    return whole_id(desk, id_, ("approval",))[1]


def _show_list(found: Mapping[str, Any]) -> None:
    columns = ("approval", "status", "action", "what", "asked_by", "reason", "expires_at")
    rows(
        columns,
        [
            [
                short(each["approval_id"]),
                each["status"],
                each["action"],
                _what(each),
                each["asked_by"],
                cut(each["reason"]),
                each["expires_at"],
            ]
            for each in found["approvals"]
        ],
        empty="Nothing waits for a decision.",
    )
    page(len(found["approvals"]), found["total"], f"go on with --cursor {found['next_cursor']}")


def _what(approval: Mapping[str, Any]) -> str:
    first = approval["sample"][0] if approval["sample"] else None
    label = f"{first['kind']} {first['label']}" if first else approval["kind"]
    return label if approval["count"] <= 1 else f"{label} and {approval['count'] - 1} more"


def show_proposal(found: Mapping[str, Any]) -> None:
    """A proposal with each record's fields before and after."""
    facts({name: found[name] for name in _FACTS if found.get(name) is not None})
    for change in found["changes"]:
        say(f"\n{change['action']} {change['kind']} {change['label']} ({short(change['record_id'])})", bold=True)
        for line in differences(change):
            say(f"  {line}")
    if found["totals"]:
        say("Worth: " + ", ".join(f"{amount} {currency}" for currency, amount in found["totals"].items()))
    for each in found["conflicts"]:
        say(f"Left out: {each['kind']} {each['label']}: {each['why']}")
    if found["status"] == "pending":
        say(f"\nDecide with: crm-agent approvals approve|reject {short(found['approval_id'])}", dim=True)


def _show_decided(decided: Decided, run: Mapping[str, Any] | None) -> None:
    say(f"{words(decided.approval['status']).capitalize()}: {_what(decided.approval)}", bold=True)
    if run is not None:
        show_outcome(run)
    elif decided.run_id is not None and decided.changes:
        say(f"Take it back with: crm-agent undo {short(decided.run_id)}")
