"""What a person says in a conversation, line by line: typed at a prompt, or from a pipe."""

import readline
import sys

import click

from commands.terminal import say


class Lines:
    """The lines of stdin. At a terminal each is asked for; from a pipe they come one after another."""

    def __init__(self, *, is_asked_for: bool) -> None:
        self.is_asked_for = is_asked_for
        self._held: str | None = None
        # Its import is what lets `input` edit lines; earlier ones come back in this process only.
        readline.set_auto_history(is_asked_for)

    def next(self, prompt: str) -> str | None:
        """The next line, without the blanks around it; None when there is none. Raises KeyboardInterrupt."""
        if self._held is not None:
            line, self._held = self._held, None
            return line
        if not self.is_asked_for:
            return line.strip() if (line := sys.stdin.readline()) else None
        try:
            return input(prompt).strip()
        except EOFError:
            click.echo()
            return None

    def next_said(self, prompt: str) -> str | None:
        """The next line that says something. Ctrl-C at the prompt only begins a new one."""
        while True:
            try:
                line = self.next(prompt)
            except KeyboardInterrupt:
                if not self.is_asked_for:
                    raise
                say("\nNothing is being worked on; /quit or Ctrl-D ends.", dim=True)
                continue
            if line is None or line:
                return line

    def give_back(self, line: str) -> None:
        """Makes it the next one."""
        self._held = line
