"""A run as a terminal shows it while it goes on: text as it comes, tool calls in dim lines, changes with both sides."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.markdown import Markdown

from agent.events import RunEvent
from commands.terminal import cut, differences, harmless, say, short, told, words

_LINK = re.compile(r"\[(?P<label>[^\]\n]*)\]\(crm://[^)\n]*\)")
_UNFINISHED = re.compile(r"(\[[^\]\n]{0,300}(\](\([^)\n]{0,300})?)?|\*)\Z")
"""What may yet become a link or bold type."""


class Prose:
    """Markdown that arrives in pieces: links by name, tables whole, nothing in it obeyed. `end` prints what was held back."""

    def __init__(self) -> None:
        self.text = ""
        """All of it, as it came."""
        self._held = ""
        self._table: list[str] = []
        self._is_mid_line = False
        self._is_bold = False
        self._is_terminal = sys.stdout.isatty()

    def add(self, piece: str) -> None:
        self.text += piece
        *lines, rest = (self._held + harmless(piece)).split("\n")
        self._held = ""
        for line in lines:
            self._line(line)
        if self._is_row(rest):
            self._held = rest
            return
        found = _UNFINISHED.search(rest)
        ready = rest[: found.start()] if found else rest
        self._held = rest[len(ready) :]
        if ready:
            self._end_table()
            self._write(ready)
            self._is_mid_line = True

    def end(self) -> None:
        """Ends the text with a line end, unless there was none or it has one."""
        if self._held:
            self._line(self._held)
            self._held = ""
        elif self._is_mid_line:
            self._line("")
        self._end_table()
        sys.stdout.flush()

    def _line(self, line: str) -> None:
        if self._is_row(line):
            self._table.append(line)
            return
        self._end_table()
        self._write(f"{line}\n")
        self._is_mid_line = False

    def _is_row(self, line: str) -> bool:
        return self._is_terminal and not self._is_mid_line and line.startswith("|")

    def _end_table(self) -> None:
        if self._table:
            Console().print(Markdown(_LINK.sub(_label, "\n".join(self._table)), hyperlinks=False))
            self._table = []

    def _write(self, text: str) -> None:
        text = _LINK.sub(_label, text)
        if not self._is_terminal:
            click.echo(text, nl=False)
            return
        for number, part in enumerate(text.split("**")):
            self._is_bold ^= number > 0
            click.secho(part, bold=self._is_bold or None, nl=False)


def _label(link: re.Match[str]) -> str:
    return link["label"]


def show_change(change: Mapping[str, Any]) -> None:
    """A change, made or proposed, with before and after."""
    say(f"{change['action']} {change['kind']} {told(change['label'])} ({short(change['record_id'])})", bold=True)
    for line in differences(change):
        say(f"  {line}")


class Shown:
    """One run as the terminal shows it, event by event: the text as it comes, tool calls in dim lines."""

    def __init__(self) -> None:
        self._prose = Prose()
        self._understood = ""
        self._is_understood = False

    def watch(self, event: RunEvent) -> None:
        """Shows one event."""
        fields = event.fields
        match event.kind:
            case "reasoning":
                self._understood += fields["delta"]
            case "text":
                self._say_understood()
                self._prose.add(fields["delta"])
                sys.stdout.flush()
            case "tool_call":
                self._say_understood()
                self._aside(f"{fields['tool']}: {cut(fields['args'])}")
            case "tool_result" if fields["outcome"] == "failed":
                self._aside(f"{fields['tool']}: {fields['message']}")
            case "change":
                self._prose.end()
                show_change(fields)
            case _:
                pass

    def end(self, result: Mapping[str, Any]) -> None:
        """Shows what was not told as text: a question, a refusal, a failure; and how to go on from here."""
        self._say_understood()
        self._prose.end()
        answer = str(result["answer"])
        if answer and answer.strip() not in self._prose.text:
            prose = Prose()
            prose.add(answer)
            prose.end()
        status = "" if result["status"] in {"completed", "needs_input"} else f"{words(result['status'])} · "
        undo = " · /undo takes it back" if result["changes"] else ""
        click.secho(f"{status}run {short(result['run_id'])}{undo}", dim=True, err=True)

    def _say_understood(self) -> None:
        """The first line of the reasoning, once; the rest is in the log."""
        line = self._understood.strip().split("\n")[0]
        if line and not self._is_understood:
            self._is_understood = True
            self._aside(line)

    def _aside(self, text: str) -> None:
        self._prose.end()
        click.secho(f"  {told(text)}", dim=True, err=True)
