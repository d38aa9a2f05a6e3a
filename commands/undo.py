"""`crm-agent undo`: takes back a change, or everything a run changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from commands.ids import whole_id
from commands.invocation import Command, Invocation, pass_invocation
from commands.opening import Desk, open_desk, result_of
from commands.terminal import say, told, words
from tools.execute import execute


@click.command(cls=Command)
@click.argument("id_", metavar="RUN|CHANGE")
@click.option("--reason", metavar="WHY", help="One sentence, kept with the change.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken back, and change nothing.")
@pass_invocation
def undo(invocation: Invocation, id_: str, reason: str | None, dry_run: bool) -> None:
    """Take back a change, or all changes of a run.

    A field that was changed again since is left as it is, and listed. An undo is a change, and can be undone too.
    """
    with open_desk(invocation) as desk:
        noun, whole = whole_id(desk, id_)
        why = reason or f"{desk.who.name} took the {noun} {id_.strip()[:8]} back."
        args = {f"{noun}_id": str(whole), "reason": why}
        result = _rehearsed(desk, args) if dry_run else desk.call("undo", args)
    if dry_run:
        say("A dry run: nothing was changed.", err=True)
    invocation.answer(result, lambda: show_undone(result))


def _rehearsed(desk: Desk, args: Mapping[str, Any]) -> dict[str, Any]:
    """What `undo` would return; its changes are none."""
    told = result_of(execute(replace(desk.context, rehearsed=[]), "undo", args))
    return {**told.get("would_be", told), "changes": []}


_VERBS = {
    "create": "Created",
    "update": "Changed back",
    "delete": "Deleted",
    "restore": "Brought back",
    "merge": "Merged again",
}


def show_undone(result: Mapping[str, Any]) -> None:
    """What was taken back, and what was left as it is."""
    for each in result["undone"]:
        fields = f" ({', '.join(map(words, each['fields']))})" if each["fields"] else ""
        say(f"{_VERBS[each['action']]} {each['kind']} {each['label']}{fields}")
    for each in result["conflicts"]:
        say(
            f"Left as it is: {words(each['field'])} of {each['kind']} {each['label']} is {told(each['found']) or 'empty'}"
            f" now, not {told(each['expected']) or 'empty'}."
        )
