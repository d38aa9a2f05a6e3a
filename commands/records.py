"""`crm-agent records`: a person's own reads and changes, by the same tools an agent has."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import click

from commands.fields import kind_named, read_fields
from commands.ids import record_id, with_whole_ids
from commands.invocation import Group, Invocation, Suggested, end, pass_invocation
from commands.opening import Desk, open_desk
from commands.shown import show_candidates, show_list, show_merged, show_record, show_twins
from commands.terminal import differences, say, short
from schema.audit import get_change
from schema.kinds import KINDS

reason_option = click.option("--reason", required=True, metavar="WHY", help="One sentence, kept with the change.")
data_option = click.option("--data", metavar="JSON", help="Fields as one JSON object; - reads it from stdin.")
where_option = click.option(
    "--where", multiple=True, metavar="FILTER", help="A filter such as 'amount >= 10000'; several are and-ed."
)


@click.group(cls=Group)
def records() -> None:
    """Find, list, read and change records.

    Kinds: organization, account, individual, contact, opportunity, job, partnership, task, note, interaction.
    """


@records.command()
@click.argument("text")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=Suggested((*KINDS, "user")),
    help="Only records of this kind; may be given again.",
)
@where_option
@click.option("--limit", type=click.IntRange(1, 200), default=10, show_default=True)
@pass_invocation
def find(invocation: Invocation, text: str, kinds: Sequence[str], where: Sequence[str], limit: int) -> None:
    """Find records by name, e-mail, domain or phone."""
    args = {"query": text, "where": list(where), "limit": limit}
    if kinds:
        args["kinds"] = [kind_named(kind) for kind in kinds]
    with open_desk(invocation) as desk:
        found = desk.call("find_records", args)
    invocation.answer(found, lambda: show_candidates(found))


@records.command("list")
@click.argument("kind", type=Suggested(KINDS))
@where_option
@click.option("--order", metavar="FIELD [desc]", help="Such as 'amount desc'; the last changed come first otherwise.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@pass_invocation
def list_records(invocation: Invocation, kind: str, where: Sequence[str], order: str | None, limit: int) -> None:
    """List the records of one KIND."""
    args = {"kinds": [kind_named(kind)], "where": list(where), "order_by": order, "limit": limit}
    with open_desk(invocation) as desk:
        found = desk.call("find_records", args)
    invocation.answer(found, lambda: show_list(kind_named(kind), found))


@records.command()
@click.argument("id_", metavar="ID")
@click.option("--as-of", metavar="WHEN", help="The record as it stood then, such as 2026-10-01.")
@pass_invocation
def get(invocation: Invocation, id_: str, as_of: str | None) -> None:
    """Show one record with its timeline and what belongs to it."""
    with open_desk(invocation) as desk:
        found = desk.call("get_record", {"record_id": str(record_id(desk, id_)), "as_of": as_of})
    invocation.answer(found, lambda: show_record(found))


@records.command()
@click.argument("kind", type=Suggested(KINDS))
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@data_option
@reason_option
@click.option("--anyway", is_flag=True, help="Create it even though it looks like one that exists.")
@pass_invocation
def create(
    invocation: Invocation,
    kind: str,
    fields: Sequence[str],
    data: str | None,
    reason: str,
    anyway: bool,
) -> None:
    """Create a record of KIND."""
    kind, values = kind_named(kind), read_fields(fields, data)
    with open_desk(invocation) as desk:
        args = {"kind": kind, "fields": with_whole_ids(desk, kind, values), "reason": reason, "create_anyway": anyway}
        made = desk.call("create_record", args)
        if made["created"]:
            _tell(invocation, desk, made)
            return
    invocation.answer(made, lambda: show_twins(kind, made["twins"]))
    end(1)


@records.command()
@click.argument("id_", metavar="ID")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@data_option
@reason_option
@click.option("--if-version", type=int, metavar="N", help="Only if the record is still at this version.")
@pass_invocation
def update(
    invocation: Invocation, id_: str, fields: Sequence[str], data: str | None, reason: str, if_version: int | None
) -> None:
    """Change fields of one record; `field=` empties one."""
    values = read_fields(fields, data)

    def call(desk: Desk, whole: UUID) -> dict[str, Any]:
        args = {
            "fields": with_whole_ids(desk, _kind_of(desk, whole), values),
            "reason": reason,
            "if_version": if_version,
        }
        return desk.call("update_record", {"record_id": str(whole), **args})

    _change(invocation, id_, call)


@records.command()
@click.argument("id_", metavar="ID")
@click.option("--reason", metavar="WHY", help="One sentence, kept with the change.")
@pass_invocation
def delete(invocation: Invocation, id_: str, reason: str | None) -> None:
    """Delete one record; `restore` and `undo` bring it back."""
    _change(
        invocation,
        id_,
        lambda desk, whole: desk.call(
            "delete_record", {"record_id": str(whole), "reason": reason or f"{desk.who.name} deleted it."}
        ),
    )


@records.command()
@click.argument("id_", metavar="ID")
@click.option("--reason", metavar="WHY", help="One sentence, kept with the change.")
@pass_invocation
def restore(invocation: Invocation, id_: str, reason: str | None) -> None:
    """Bring back one deleted record."""
    _change(
        invocation,
        id_,
        lambda desk, whole: desk.call(
            "restore_record", {"record_id": str(whole), "reason": reason or f"{desk.who.name} brought it back."}
        ),
    )


@records.command()
@click.argument("keep", metavar="KEEP")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="Settles a field where the records differ.")
@click.option("--reason", metavar="WHY", help="One sentence, kept with the change.")
@pass_invocation
def merge(invocation: Invocation, keep: str, others: Sequence[str], fields: Sequence[str], reason: str | None) -> None:
    """Make duplicates one record: KEEP stays, and what belongs to each OTHER moves to it; `undo` takes it back whole."""
    values = read_fields(fields, None) if fields else {}
    with open_desk(invocation) as desk:
        kept = record_id(desk, keep)
        merged = desk.call(
            "merge_records",
            {
                "keep_id": str(kept),
                "other_ids": [str(record_id(desk, other)) for other in others],
                "fields": with_whole_ids(desk, _kind_of(desk, kept), values) if values else {},
                "reason": reason or f"{desk.who.name} merged them.",
            },
        )
    invocation.answer(merged, lambda: show_merged(merged))


def _kind_of(desk: Desk, whole: UUID) -> str:
    return str(desk.call("get_record", {"record_id": str(whole)})["record"]["kind"])


def _change(invocation: Invocation, id_: str, call: Callable[[Desk, UUID], dict[str, Any]]) -> None:
    with open_desk(invocation) as desk:
        _tell(invocation, desk, call(desk, record_id(desk, id_)))


def _tell(invocation: Invocation, desk: Desk, result: Mapping[str, Any]) -> None:
    """The tool's result, or what its changes did for people."""
    if invocation.as_json:
        invocation.answer(result, lambda: None)
        return
    with desk.db.read(desk.who) as session:
        changes = [get_change(session, UUID(change_id)) for change_id in result["changes"]]
    if not changes:
        say("Nothing was to be changed.")
    for change in changes:
        say(f"{change['action']} {change['kind']} {change['label']} ({short(change['record_id'])})")
        for line in differences(change):
            say(f"  {line}")
        say(f"Take it back with: crm-agent undo {short(change['change_id'])}")
