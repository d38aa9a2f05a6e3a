"""`crm-agent audit`: who changed what, when, and what led to it."""

from collections.abc import Mapping
from typing import Any

import click

from commands.ids import record_id, whole_id
from commands.invocation import Group, Invocation, pass_invocation
from commands.moments import read_moment
from commands.opening import open_desk
from commands.sealing import export_log, seal, verify_log
from commands.terminal import cut, differences, facts, page, rows, say, short
from schema.audit import PAGE, ChangeFilter, get_change, list_changes
from schema.errors import CrmError

_FACTS = (
    "change_id", "occurred_at", "action", "kind", "label", "record_id", "actor", "on_behalf_of", "via_agent", "reason",
    "prompt", "reasoning", "model", "tool", "run_id", "tool_call_id", "approval_id", "approved_by",
)  # fmt: skip


@click.group(cls=Group)
def audit() -> None:
    """Read who changed what, when and why."""


for command in (seal, verify_log, export_log):
    audit.add_command(command)


@audit.command("list")
@click.option("--run", metavar="RUN", help="Only what this run changed.")
@click.option("--record", metavar="ID", help="Only changes of this record.")
@click.option("--actor", metavar="WHO", help="Only what this e-mail did, or an agent did for it; or agent:MODEL.")
@click.option("--since", metavar="WHEN", help="2026-11-20, 2026-11-20T09:30, today, yesterday, 2h or 7d.")
@click.option("--limit", type=click.IntRange(1, 1000), default=PAGE, show_default=True)
@click.option("--cursor", metavar="CURSOR", help="Where the page before ended: its next_cursor.")
@pass_invocation
def list_audit(
    invocation: Invocation,
    run: str | None,
    record: str | None,
    actor: str | None,
    since: str | None,
    limit: int,
    cursor: str | None,
) -> None:
    """List changes, newest first."""
    with open_desk(invocation) as desk:
        wanted = ChangeFilter(
            run_id=whole_id(desk, run, ("run",))[1] if run else None,
            record_id=record_id(desk, record) if record else None,
            actor=actor,
            since=read_moment(since, desk.who, desk.world) if since else None,
            cursor=read_cursor(cursor),
            limit=limit,
        )
        with desk.db.read(desk.who) as session:
            found = list_changes(session, wanted)
    invocation.answer(found, lambda: _show_list(found))


@audit.command()
@click.argument("id_", metavar="CHANGE")
@pass_invocation
def show(invocation: Invocation, id_: str) -> None:
    """Show one change with everything that led to it."""
    with open_desk(invocation) as desk:
        _, whole = whole_id(desk, id_, ("change",))
        with desk.db.read(desk.who) as session:
            change = get_change(session, whole)
    invocation.answer(change, lambda: _show(change))


def read_cursor(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CrmError("invalid", f"{text!r} is no cursor; give the next_cursor of the page before.")
    return int(text)


def _show_list(found: Mapping[str, Any]) -> None:
    lines = [
        (
            short(each["change_id"]),
            each["occurred_at"],
            f"{_login(each['on_behalf_of'])} (agent)" if each["via_agent"] else _login(each["actor"]),
            f"{each['action']} {each['kind']} {each['label']}",
            cut(each["reason"]),
        )
        for each in found["changes"]
    ]
    rows(("change", "when (UTC)", "who", "what", "why"), lines, empty="Nothing was changed.")
    if found["next_cursor"]:
        page(len(lines), found["total"], f"--cursor {found['next_cursor']} shows the next ones.")


def _login(email: str | None) -> str:
    """Enough of an e-mail to know a colleague by."""
    return (email or "").split("@")[0]


def _show(change: Mapping[str, Any]) -> None:
    facts({name: change[name] for name in _FACTS if change[name] not in (None, "")})
    say("")
    for line in differences(change):
        say(line)
