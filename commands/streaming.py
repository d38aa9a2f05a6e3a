"""An answer in Markdown that arrives piece by piece, as a terminal shows it: links by name, tables whole, nothing obeyed."""

import re
import sys

import click
from rich.console import Console
from rich.markdown import Markdown

from commands.terminal import harmless

_LINK = re.compile(r"\[(?P<label>[^\]\n]*)\]\(crm://[^)\n]*\)")
_UNFINISHED = re.compile(r"(\[[^\]\n]{0,300}(\](\([^)\n]{0,300})?)?|\*)\Z")
"""What may yet become a link or bold type."""


class Prose:
    """Prints the pieces as they come; `end` prints what was held back."""

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
