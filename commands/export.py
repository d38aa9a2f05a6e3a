"""`crm-agent export`: the rows of a view as a file, as whoever asks may see them."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click
import sqlalchemy as sa

from commands.draft import draft
from commands.formats import BYTE_ORDER_MARK, FORMATS, Batches, write_document
from commands.invocation import Command, Invocation, Suggested, pass_invocation
from commands.opening import Desk, open_desk
from commands.progress import bars
from commands.terminal import say
from guardrails.effects import Effect
from guardrails.rights import check
from guardrails.where import Filterable, parse_filters
from schema.errors import CrmError
from schema.kinds import KINDS
from schema.session import ReadSession
from schema.views import VIEWS, View
from tools.arguments import unknown_name
from tools.context import Call
from tools.finding import filterable

STDOUT = "-"


@click.command("export", cls=Command)
@click.argument("view", metavar="VIEW", type=Suggested(VIEWS))
@click.option(
    "--where", multiple=True, metavar="FILTER", help="A filter such as 'amount >= 10000'; several are and-ed."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(tuple(FORMATS)),
    help="csv for spreadsheets, jsonl or parquet for programs; told by FILE's ending otherwise, else csv.",
)
@click.option("--output", default=STDOUT, metavar="FILE", help="Where to; - is stdout, which it is otherwise.")
@pass_invocation
def export(invocation: Invocation, view: str, where: Sequence[str], format_: str | None, output: str) -> None:
    """Write the rows of VIEW, such as opportunities or sales_analytics.

    In csv, a text that a spreadsheet would run as a formula gets an apostrophe before it; jsonl and parquet hold every
    value as it is. With --json and no --format, stdout gets one JSON document.
    """
    chosen = view_named(view)
    format_ = format_ or _format_of(output)
    if output == STDOUT:
        write = write_document if invocation.as_json and format_ is None else FORMATS[format_ or "csv"]
        if format_ == "parquet" and sys.stdout.isatty():
            raise click.UsageError("Parquet is not for reading on a terminal; give --output FILE.")
        _export(invocation, chosen, where, write, sys.stdout.buffer)
        return
    path = Path(output).absolute()
    format_ = format_ or "csv"
    with draft(path) as file:
        if format_ == "csv":
            # In a pipe it would end up in the name of the first column.
            file.write(BYTE_ORDER_MARK)
        total = _export(invocation, chosen, where, FORMATS[format_], file)
    document = {"view": chosen.name, "format": format_, "file": str(path), "total": total, "filters": list(where)}
    invocation.answer(document, lambda: say(f"Wrote {total:,} {'row' if total == 1 else 'rows'} to {path}."))


def view_named(name: str) -> View:
    """The view, also by its kind in the singular. Raises CrmError (invalid) naming near ones."""
    wanted = name.strip().lower()
    wanted = KINDS[wanted].view if wanted in KINDS else wanted
    if wanted not in VIEWS:
        raise CrmError("invalid", unknown_name("There is no view", name, VIEWS, "The views are"))
    return VIEWS[wanted]


def _format_of(output: str) -> str | None:
    ending = Path(output).suffix.lower().removeprefix(".")
    return ending if ending in FORMATS else None


def _export(
    invocation: Invocation,
    view: View,
    where: Sequence[str],
    write: Callable[[BinaryIO, View, Batches], None],
    file: BinaryIO,
) -> int:
    """Writes the rows from one snapshot; returns how many."""
    with open_desk(invocation) as desk:
        if view.record_kind is not None:
            check(desk.who.role, None, view.record_kind, Effect.READ, is_own=False)
        with desk.db.read(desk.who) as session, bars() as tell:
            clause = view.clause()
            conditions = [each.sql for each in parse_filters(_filterable(desk, session, view), where)]
            chosen = sa.select(clause).where(*conditions)
            rows = chosen.order_by(*_order(view, clause))
            total = session.select(sa.select(sa.func.count().label("total")).select_from(chosen.subquery()))[0]["total"]
            done = 0

            def counted() -> Iterator[Sequence[Sequence[Any]]]:
                nonlocal done
                for batch in session.stream(rows):
                    yield batch
                    done += len(batch)
                    tell(f"Exporting {view.name}", done, max(done, total))

            write(file, view, counted())
            _check_saw_all(session)
            return done


def _filterable(desk: Desk, session: ReadSession, view: View) -> Filterable:
    kind = view.record_kind or ("user" if view.name == "users" else None)
    if kind is not None:
        return filterable(Call(desk.context, session), kind)
    return Filterable.of(view, now=desk.world.now(), zone=desk.context.zone, user_id=desk.who.user_id, choices={})


def _order(view: View, clause: sa.TableClause) -> list[sa.ColumnElement[Any]]:
    """By key, which is by when records were made; by all that can be compared where a row has no key of its own."""
    first = next(iter(clause.c))
    if first.name.endswith("_id") and view.name != "interaction_participants":
        return [first]
    return [clause.c[column.name] for column in view.columns if column.type != "jsonb"]


def _check_saw_all(session: ReadSession) -> None:
    """A context that ended on the way may have hidden the rest of the rows."""
    if session.scalar("SELECT crm.current_tenant()") is None:
        raise CrmError("limit", "The export took too long to be whole; narrow it with --where, or write it to a file.")
