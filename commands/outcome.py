"""What people see of a run's result in a terminal."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.markdown import Markdown

from commands.terminal import differences, harmless, say, short, words

WAITING_OR_DONE = {"completed", "needs_approval", "needs_input"}
_LINK = re.compile(r"\[(?P<label>[^\]]*)\]\(crm://[^)]*\)")


def show_outcome(result: Mapping[str, Any]) -> None:
    """How it was understood, the answer, what changed or waits, and what can be done next."""
    if result["understood"]:
        say(result["understood"], dim=True)
    _show_answer(result["answer"])
    for change in result["changes"]:
        _show_change(change)
    for proposal in result["proposals"]:
        _show_proposal(proposal, is_waiting=result["status"] == "needs_approval")
    if result["changes"]:
        say(f"Take it back with: crm-agent undo {short(result['run_id'])}")
    elif result["status"] == "needs_input":
        say(f'Answer with: crm-agent ask --conversation {short(result["conversation_id"])} "…"')
    status = "" if result["status"] == "completed" else f"{words(result['status'])} · "
    click.secho(f"{status}{result['model']} · run {short(result['run_id'])}", dim=True, err=True)


def _show_change(change: Mapping[str, Any]) -> None:
    say(f"{change['action']} {change['kind']} {change['label']} ({short(change['record_id'])})", bold=True)
    for line in differences(change):
        say(f"  {line}")


def _show_proposal(proposal: Mapping[str, Any], *, is_waiting: bool) -> None:
    for change in proposal["sample"]:
        _show_change(change)
    if proposal["count"] > len(proposal["sample"]):
        say(f"and {proposal['count'] - len(proposal['sample'])} more")
    if is_waiting:
        say(f"Decide with: crm-agent approvals approve|reject {short(proposal['approval_id'])}")


def _show_answer(answer: str) -> None:
    """Markdown in a terminal, its source in a pipe; a link to a record is its name."""
    text = harmless(_LINK.sub(lambda link: link["label"], answer))
    if sys.stdout.isatty():
        Console().print(Markdown(text, hyperlinks=False))
    else:
        click.echo(text)
