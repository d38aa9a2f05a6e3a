"""A proposal put to the person in a conversation; nobody else can answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from commands.approvals import show_proposal
from commands.lines import Lines
from commands.opening import Desk
from commands.streaming import show_change
from commands.terminal import say
from tools.approvals import Decided, approve, get_approval, reject

DECIDE = "Approve? [y/N/details] "


def decide(desk: Desk, lines: Lines, proposal: Mapping[str, Any], *, is_shown: bool) -> Decided | None:
    """What the person decides; None leaves it waiting. From a pipe, a line that decides nothing is the next request."""
    approval_id = UUID(proposal["approval_id"])
    if is_shown:
        _show(proposal)
    while (line := _answer(lines)) is not None:
        word, _, reason = line.partition(" ")
        word = word.lower().rstrip(",:") or ("no" if lines.is_asked_for else "")
        if word in {"y", "yes"}:
            return approve(desk.context, approval_id)
        if word in {"n", "no"}:
            return reject(desk.context, approval_id, reason)
        if word in {"d", "details"}:
            if is_shown:
                show_proposal(get_approval(desk.context, approval_id))
        elif lines.is_asked_for:
            say("Answer y, n or details.")
        else:
            lines.give_back(line)
            return None
    return None


def _show(proposal: Mapping[str, Any]) -> None:
    for change in proposal["sample"]:
        show_change(change)
    if proposal["count"] > len(proposal["sample"]):
        say(f"and {proposal['count'] - len(proposal['sample'])} more; details shows them all")


def _answer(lines: Lines) -> str | None:
    try:
        return lines.next(DECIDE)
    except KeyboardInterrupt:
        say("")
        return None
