"""`crm-agent ask`: one request in plain language, and what came of it."""

import sys
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import click

from agent.events import RunEvent
from agent.loop import ask as run_request
from agent.models import choose_model
from agent.result import load_result
from commands.approvals import go_on
from commands.ids import whole_id
from commands.invocation import Command, Invocation, end, pass_invocation
from commands.opening import Desk, open_desk
from commands.outcome import WAITING_OR_DONE, show_outcome
from commands.terminal import told, working
from schema.errors import CrmError
from tools.approvals import approve

_ROUNDS = 20


@click.command(cls=Command)
@click.argument("request", nargs=-1, required=True)
@click.option("--conversation", metavar="ID", help="Go on with this conversation.")
@click.option("--model", metavar="NAME", help="offline, openai:NAME, openai-compatible:NAME@URL or PROVIDER:NAME.")
@click.option("--yes", is_flag=True, help="Approve what waits for a person, as yourself and with your own rights.")
@click.option("--dry-run", is_flag=True, help="Show what would be changed, and change nothing.")
@pass_invocation
def ask(
    invocation: Invocation,
    request: Sequence[str],
    conversation: str | None,
    model: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    """Ask for something in plain language; `-` reads the request from stdin.

    What it changes is logged, and `undo` takes it back. What a person has to decide first is shown, and waits.
    """
    if yes and dry_run:
        raise click.UsageError("--yes approves changes and --dry-run makes none; give one of them.")
    text = sys.stdin.read() if tuple(request) == ("-",) else " ".join(request)
    with open_desk(invocation) as desk:
        choice = choose_model(model or desk.settings.model)
        going_on = whole_id(desk, conversation, ("conversation",))[1] if conversation else None
        with working("Thinking") as tell:
            result = run_request(
                desk.context,
                text,
                conversation_id=going_on,
                model=choice,
                on_event=lambda event: _watch(event, tell),
                is_dry_run=dry_run,
            ).to_json()
            if yes:
                result = _with_approvals(desk, result)
    invocation.answer(result, lambda: show_outcome(result))
    if result["status"] not in WAITING_OR_DONE:
        end(1)


def _with_approvals(desk: Desk, result: dict[str, Any]) -> dict[str, Any]:
    """The run gone on to its end, each proposal approved by the person at the desk, as `approvals approve` does.

    What cannot be approved any more goes back to the model, or comes again as a fresh proposal, at most so often.
    """
    for _ in range(_ROUNDS):
        if result["status"] != "needs_approval" or not result["proposals"]:
            return result
        for proposal in result["proposals"]:
            _approve(desk, UUID(proposal["approval_id"]))
        result = go_on(desk, UUID(result["run_id"])) or load_result(desk.context, UUID(result["run_id"])).to_json()
    return result


def _approve(desk: Desk, approval_id: UUID) -> None:
    try:
        approve(desk.context, approval_id)
    except CrmError as error:
        # Decided by somebody else, or replaced by a fresh proposal, which the next round takes up.
        if error.kind != "conflict":
            raise


def _watch(event: RunEvent, tell: Callable[[str], None]) -> None:
    """Each tool call in a dim line, while it happens."""
    if event.kind == "tool_call":
        tell(f"{event.fields['tool']}: {told(event.fields['args'])}")
    elif event.kind == "tool_result" and event.fields["outcome"] != "ok":
        tell(f"{event.fields['tool']}: {event.fields['message']}")
