"""`crm-agent ask`: one request in plain language, and what came of it."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.markdown import Markdown

from agent.events import RunEvent
from agent.loop import ask as run_request
from agent.models import choose_model
from commands.ids import whole_id
from commands.invocation import Command, Invocation, end, pass_invocation
from commands.opening import open_desk
from commands.terminal import differences, harmless, say, short, told, words, working
from schema.errors import CrmError

WAITING_OR_DONE = {"completed", "needs_approval", "needs_input"}
_LINK = re.compile(r"\[(?P<label>[^\]]*)\]\(crm://[^)]*\)")


@click.command(cls=Command)
@click.argument("request", nargs=-1, required=True)
@click.option("--conversation", metavar="ID", help="Go on with this conversation.")
@click.option("--model", metavar="NAME", help="offline, openai:NAME, openai-compatible:NAME@URL or PROVIDER:NAME.")
@click.option("--yes", is_flag=True, hidden=True)
@click.option("--dry-run", is_flag=True, hidden=True)
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

    What it changes is logged, and `undo` takes it back.
    """
    if yes or dry_run:
        raise CrmError(
            "refused", "--yes and --dry-run arrive with approvals; nothing was asked and nothing was changed."
        )
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
            ).to_json()
    invocation.answer(result, lambda: _show(result))
    if result["status"] not in WAITING_OR_DONE:
        end(1)


def _watch(event: RunEvent, tell: Callable[[str], None]) -> None:
    """Each tool call in a dim line, while it happens."""
    if event.kind == "tool_call":
        tell(f"{event.fields['tool']}: {told(event.fields['args'])}")
    elif event.kind == "tool_result" and event.fields["outcome"] != "ok":
        tell(f"{event.fields['tool']}: {event.fields['message']}")


def _show(result: Mapping[str, Any]) -> None:
    if result["understood"]:
        say(result["understood"], dim=True)
    _show_answer(result["answer"])
    for change in result["changes"]:
        say(f"{change['action']} {change['kind']} {change['label']} ({short(change['record_id'])})", bold=True)
        for line in differences(change):
            say(f"  {line}")
    if result["changes"]:
        say(f"Take it back with: crm-agent undo {short(result['run_id'])}")
    elif result["status"] == "needs_input":
        say(f'Answer with: crm-agent ask --conversation {short(result["conversation_id"])} "…"')
    status = "" if result["status"] == "completed" else f"{words(result['status'])} · "
    click.secho(f"{status}{result['model']} · run {short(result['run_id'])}", dim=True, err=True)


def _show_answer(answer: str) -> None:
    """Markdown in a terminal, its source in a pipe; a link to a record is its name."""
    text = harmless(_LINK.sub(lambda link: link["label"], answer))
    if sys.stdout.isatty():
        Console().print(Markdown(text, hyperlinks=False))
    else:
        click.echo(text)
