"""`crm-agent sql`: a question in SQL, answered by the reader."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from commands.invocation import Command, Invocation, end, pass_invocation
from commands.opening import open_desk
from commands.terminal import page, pairs, rows, say, working
from guardrails.limits import SQL_LIMITS
from tools.execute import execute
from tools.sql.answer import as_sql_answer


@click.command(cls=Command)
@click.argument("query", nargs=-1, required=True, metavar="SELECT…")
@click.option(
    "--limit", type=click.IntRange(1, SQL_LIMITS.most_rows), default=SQL_LIMITS.rows, show_default=True, metavar="N"
)
@pass_invocation
def sql(invocation: Invocation, query: Sequence[str], limit: int) -> None:
    """Answer one SELECT over the views; `-` reads it from stdin.

    The same guard, role and limits as for a model. What runs is shown with `--json`.
    """
    text = sys.stdin.read() if tuple(query) == ("-",) else " ".join(query)
    with open_desk(invocation) as desk, working("Reading"):
        answer = as_sql_answer(execute(desk.context, "query_sql", {"sql": text, "limit": limit}))
    invocation.answer(answer, lambda: _show(answer))
    if not answer["accepted"]:
        end(1)


def _show(answer: Mapping[str, Any]) -> None:
    if not answer["accepted"]:
        say(f"{answer['message']} ({answer['rule']})", err=True)
        return
    names = [column["name"] for column in answer["columns"]]
    if len(answer["rows"]) == 1 and len(names) > 1:
        pairs(zip(names, answer["rows"][0], strict=True))
    else:
        rows(names, answer["rows"], empty="No rows.")
    for note in answer["notes"]:
        say(f"Note: {note}", err=True)
    page(answer["returned"], answer["total"], "raise --limit to see more.")
