"""`crm-agent search`: records by what they say, in meaning and in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from commands.ids import record_id
from commands.invocation import Command, Invocation, Suggested, pass_invocation
from commands.opening import open_desk
from commands.terminal import page, rows, say, short, working
from retrieval.indexing.catching_up import catch_up
from tools.searching import MOST, SEARCHED


@click.command(cls=Command)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=Suggested(SEARCHED),
    metavar="KIND",
    help="Only records of this kind, or interactions such as call; may be given again.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="FILTER",
    help="A filter such as 'owner = me', 'tier = enterprise' or 'date >= 2026-07-01'; several are and-ed.",
)
@click.option("--limit", type=click.IntRange(1, MOST), default=10, show_default=True, metavar="N")
@click.option(
    "--threshold", type=click.FloatRange(-1, 1), metavar="X", help="Least similarity in meaning, such as 0.4."
)
@click.option("--similar-to", metavar="ID", help="Find the like of this record; with QUERY, of both together.")
@pass_invocation
def search(
    invocation: Invocation,
    query: Sequence[str],
    kinds: Sequence[str],
    where: Sequence[str],
    limit: int,
    threshold: float | None,
    similar_to: str | None,
) -> None:
    """Find records by what their texts say: mails, calls, notes, tasks, descriptions.

    Words in "quotes" must occur as they stand, and what has a minus before it must not.
    """
    args: dict[str, Any] = {"where": list(where), "limit": limit}
    args |= {"query": " ".join(query)} if query or similar_to is None else {}
    args |= {"threshold": threshold} if threshold is not None else {}
    args |= {"kinds": list(kinds)} if kinds else {}
    with open_desk(invocation) as desk, working("Searching"):
        if similar_to is not None:
            args["similar_to"] = str(record_id(desk, similar_to))
        # No worker may be running, and who has just written something expects to find it.
        catch_up(desk.db, desk.who.tenant_id, desk.settings.embedder)
        found = desk.call("search", args)
    invocation.answer(found, lambda: _show(found))


def _show(found: Mapping[str, Any]) -> None:
    lines = [
        (short(each["record_id"]), each["kind"], each["label"], each["detail"], each["snippet"], _score(each))
        for each in found["results"]
    ]
    rows(("id", "kind", "record", "detail", "passage", "similarity"), lines, empty="Nothing was found.")
    for note in found["notes"]:
        say(f"Note: {note}", err=True)
    page(found["returned"], found["total"], "raise --limit to see more.")


def _score(result: Mapping[str, Any]) -> str:
    return "" if result["vector_score"] is None else f"{result['vector_score']:.2f}"
