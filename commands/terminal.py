"""What people see of an answer: tables, facts, before and after; lines with tabs where stdout is no terminal."""

import re
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.invocation import Invocation
from schema.telling import is_said_elsewhere, spread

SHOWN_ID = 13
"""Characters of an id that are shown: for most its milliseconds. Any 8 or more may be typed, if they are unique."""

LONGEST = 60

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WHOLE = 16
"""Words no longer than this are never broken: ids, dates, statuses."""


def is_watched() -> bool:
    """Whether somebody sees stderr as the work goes on, and not a program that asked for JSON."""
    context = click.get_current_context(silent=True)
    invocation = context.find_object(Invocation) if context else None
    return Console(stderr=True).is_terminal and not (invocation and invocation.as_json)


@contextmanager
def working(title: str) -> Generator[Callable[[str], None]]:
    """Shows on stderr that long work goes on; what is told in between stays there. Silent where nobody watches."""
    if not is_watched():
        yield lambda _: None
        return
    messages = Console(stderr=True)
    with messages.status(title):
        yield lambda told: messages.print(Text(f"  {told}", "dim", no_wrap=True, overflow="ellipsis"))


def say(text: str, **style: Any) -> None:
    """Lines for people; nothing in them is taken for markup."""
    click.secho(harmless(text), **style)


def harmless(text: str) -> str:
    """The text without what a terminal obeys: a mail's subject could otherwise rewrite the screen."""
    return _CONTROL.sub("\ufffd", text)


def facts(values: Mapping[str, Any]) -> None:
    """Names and values, one a line."""
    pairs(values.items())


def pairs(values: Iterable[tuple[str, Any]]) -> None:
    """The same, where a name may come twice."""
    lines = [(words(name), told(value)) for name, value in values]
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
        table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        lines = [[_MOMENT.sub(r"\1 \2", cell) for cell in line] for line in lines]
        for number, name in enumerate(names):
            longest = max(len(word) for line in lines for word in (line[number] or " ").split(" "))
            table.add_column(name, min_width=min(longest, _WHOLE), overflow="fold")
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
            return harmless(" ".join(str(value).split()))


def cut(value: Any) -> str:
    """A value as people read it, and no longer than a glance."""
    text = told(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def words(name: str) -> str:
    return name.replace("_", " ")


def short(identifier: Any) -> str:
    """The beginning of an id, enough to type it again."""
    return str(identifier or "")[:SHOWN_ID]


def differences(change: Mapping[str, Any]) -> list[str]:
    """What a change did, a line a field: `stage: proposal → won`; ids that stand beside a name are left out."""
    if change["action"] == "merge":
        return [f"merged into: {told(change['after']['merged_into_label'])}"]
    before, after = (None if change[side] is None else spread(change[side]) for side in ("before", "after"))
    sides = {**(before or {}), **(after or {})}
    names = [name for name in sides if not is_said_elsewhere(name, change["kind"], sides)]
    if before is None or after is None:
        return [f"{words(name)}: {_shown(name, sides[name])}" for name in names if told(sides[name])]
    return [f"{words(name)}: {_shown(name, before.get(name))} → {_shown(name, after.get(name))}" for name in names]


def _shown(name: str, value: Any) -> str:
    if name == "participants" and isinstance(value, list):
        roles = [str(each["role"]) for each in cast("list[dict[str, Any]]", value)]
        return f"{len(roles)} ({', '.join(roles)})" if roles else "(none)"
    return told(value) or "(none)"
