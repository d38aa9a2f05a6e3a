"""What people see of an answer: tables, facts, before and after; lines with tabs where stdout is no terminal."""

import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

SHOWN_ID = 18
"""Characters of an id that are shown: its milliseconds and 12 random bits; any 8 or more may be typed."""


@contextmanager
def working(title: str) -> Generator[Callable[[str], None]]:
    """Shows on stderr that long work goes on; what is told in between stays there. Silent where nobody watches."""
    messages = Console(stderr=True)
    if not messages.is_terminal:
        yield lambda _: None
        return
    with messages.status(title):
        yield lambda told: messages.print(f"  {escape(told)}", style="dim")


def say(sentence: str) -> None:
    """One sentence for people; nothing in it is taken for markup."""
    click.echo(sentence)


def facts(values: Mapping[str, Any]) -> None:
    """Names and values, one a line."""
    lines = [(words(name), told(value)) for name, value in values.items()]
    if not sys.stdout.isatty():
        _tabbed(lines)
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in lines:
        table.add_row(name, Text(value))
    Console().print(table)


def rows(columns: Sequence[str], values: Iterable[Sequence[Any]], *, empty: str) -> None:
    """A table; the sentence `empty` when it has no rows."""
    names, lines = [words(name) for name in columns], [[told(value) for value in row] for row in values]
    if not lines:
        say(empty)
    elif not sys.stdout.isatty():
        _tabbed([names, *lines])
    else:
        table = Table(*names, box=SIMPLE, pad_edge=False, header_style="bold")
        for line in lines:
            table.add_row(*map(Text, line))
        Console().print(table)


def _tabbed(lines: Iterable[Sequence[str]]) -> None:
    """For the next program in the pipe: nothing wrapped, cut off or padded."""
    for line in lines:
        click.echo("\t".join(line))


def page(shown: int, total: int, next_step: str) -> None:
    """How much of a list was shown, on stderr, when that was not all."""
    if shown < total:
        click.secho(f"{shown} of {total}; {next_step}", fg="bright_black", err=True)


def told(value: Any) -> str:
    """A value as people read it; nothing for null, one line."""
    match value:
        case None:
            return ""
        case True | False:
            return "yes" if value else "no"
        case list():
            return ", ".join(told(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return ", ".join(f"{name} {told(each)}" for name, each in value.items() if each is not None)  # pyright: ignore[reportUnknownVariableType]
        case _:
            return " ".join(str(value).split())


def words(name: str) -> str:
    return name.replace("_", " ")


def short(identifier: Any) -> str:
    """The beginning of an id, enough to type it again."""
    return str(identifier or "")[:SHOWN_ID]


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """What a change did, a line a field: `stage: proposal → won`; ids that stand beside a name are left out."""
    was, now = before or {}, after or {}
    names = [name for name in {**was, **now} if not _is_named_elsewhere(name, {**was, **now})]
    return [
        f"{words(name)}: {_side(was, name, before)} → {_side(now, name, after)}"
        if before is not None and after is not None
        else f"{words(name)}: {told(now.get(name, was.get(name)))}"
        for name in names
        if (was.get(name), now.get(name)) != (None, None)
    ]


def _side(values: Mapping[str, Any], name: str, present: Mapping[str, Any] | None) -> str:
    return (told(values.get(name)) or "(none)") if present is not None else ""


def _is_named_elsewhere(name: str, values: Mapping[str, Any]) -> bool:
    """Whether it is an id with a name or label beside it, or a stamp that every record carries."""
    if name in {"version", "created_at", "updated_at", "via_agent", "custom"}:
        return True
    stem = name.removesuffix("_id")
    return stem != name and any(f"{stem}_{word}" in values for word in ("name", "label"))
