"""The command line as its users have it: a process of its own, with arguments, stdin and an environment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.commands.zygote import Zygote

PROGRAM = Path(sys.executable).with_name("crm-agent")
SECONDS = 120


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> tuple[str, str]:
        """Kind and sentence of the failure document."""
        told = self.json["error"]
        return told["kind"], told["message"]


@dataclass(frozen=True)
class Terminal:
    """Runs `crm-agent` in one environment, with nothing of the tester's own."""

    environment: Mapping[str, str]
    zygote: Zygote | None = None
    """What to fork from; None starts the program itself, as people do."""

    def run(self, *arguments: str, stdin: str | bytes = b"") -> Ran:
        if self.zygote is not None:
            return self._forked(self.zygote, arguments, stdin)
        done = subprocess.run(
            [PROGRAM, *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            env=self.whole_environment,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def serving(self, *arguments: str) -> Generator[tuple[subprocess.Popen[str], dict[str, Any]]]:
        """A running `serve`, and what it said of itself; it must end well on Ctrl-C."""
        with subprocess.Popen(
            [PROGRAM, "serve", "--json", *arguments], env=self.whole_environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                yield process, json.loads(process.stdout.readline())
                process.send_signal(signal.SIGINT)
                assert process.wait(SECONDS) == 0
            finally:
                process.kill()

    def _forked(self, zygote: Zygote, arguments: tuple[str, ...], stdin: str | bytes) -> Ran:
        with TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("in", "out", "err")]
            files[0].write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
            files[1].touch()
            files[2].touch()
            code = zygote.run(arguments, self.whole_environment, files)
            return Ran(code, files[1].read_text(encoding="utf-8"), files[2].read_text(encoding="utf-8"))

    def json(self, *arguments: str, stdin: str | bytes = b"") -> dict[str, Any]:
        """The document of a command that must succeed."""
        ran = self.run(*arguments, "--json", stdin=stdin)
        assert ran.code == 0, (arguments, ran)
        return ran.json

    def within(self, **changes: str) -> "Terminal":
        """The same with other variables."""
        return replace(self, environment={**self.environment, **changes})

    @property
    def whole_environment(self) -> dict[str, str]:
        foreign = ("CRM_AGENT_", "OPENAI_", "PG")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {**kept, **self.environment}
