"""`crm-agent field`: a tenant's own fields of its records."""

import click

from commands.fields import kind_named
from commands.invocation import Group, Invocation, pass_invocation
from commands.opening import open_desk
from commands.terminal import rows, say
from schema.customs import TYPES, Declaration, default_label
from schema.errors import CrmError
from schema.kinds import KINDS
from tools import customs
from tools.arguments import unknown_name


@click.group(cls=Group)
def field() -> None:
    """Add and list fields of your own."""


@field.command()
@click.argument("kind")
@click.argument("name")
@click.argument("type_", metavar="TYPE")
@click.option("--label", metavar="TEXT", help="What people call it; the name in plain words otherwise.")
@click.option("--options", metavar="A,B,C", help="What a choice may be.")
@click.option("--description", metavar="TEXT", help="What it means, in one line, for people and models.")
@pass_invocation
def add(
    invocation: Invocation,
    kind: str,
    name: str,
    type_: str,
    label: str | None,
    options: str | None,
    description: str | None,
) -> None:
    """Add a field NAME of TYPE to the records of KIND.

    Types: text, number, boolean, date, datetime, choice. A field stays: its type is what values were stored by.
    """
    told = Declaration(
        _known(kind),
        name,
        type_.strip().lower(),
        default_label(name) if label is None else label.strip(),
        tuple(each.strip() for each in options.split(",")) if options is not None else (),
        description.strip() if description and description.strip() else None,
    )
    with open_desk(invocation) as desk:
        made = customs.declare(desk.context, told)
    example = f"custom.{made['name']}"
    invocation.answer(
        made,
        lambda: say(
            f"Records of kind {made['kind']} have a field {made['name']} ({made['label']}, {made['type']}) from now on."
            f" Filters and forms call it {example}."
        ),
    )


@field.command("list")
@click.argument("kind", required=False)
@pass_invocation
def list_fields(invocation: Invocation, kind: str | None) -> None:
    """List the fields of your own, of one KIND or of all."""
    wanted = _known(kind) if kind else None
    with open_desk(invocation) as desk:
        found = customs.list_fields(desk.context, wanted)
    columns = ("kind", "name", "label", "type", "options", "description")
    invocation.answer(
        {"fields": found, "total": len(found)},
        lambda: rows(
            columns,
            [tuple(each[column] for column in columns) for each in found],
            empty=f"There are none; `field add KIND NAME TYPE` makes one of type {', '.join(TYPES)}.",
        ),
    )


def _known(text: str) -> str:
    kind = kind_named(text)
    if kind not in KINDS:
        raise CrmError("invalid", unknown_name("There is no record kind", text[:50], KINDS, "The kinds are"))
    return kind
