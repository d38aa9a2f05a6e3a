"""Runs commands in processes forked from one that has imported everything: a test need not wait for imports."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import NoReturn

from cli import COMMANDS, main


@dataclass(frozen=True)
class Zygote:
    """A process that waits for orders, and forks for each."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls) -> "Zygote":
        command = [sys.executable, "-m", "tests.commands.zygote"]
        here = Path(__file__).resolve().parent.parent.parent
        pipe = subprocess.PIPE
        return cls(subprocess.Popen(command, cwd=here, stdin=pipe, stdout=pipe, text=True))

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], files: Sequence[Path]) -> int:
        """The exit code of `crm-agent`; `files` are its stdin, stdout and stderr."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"arguments": list(arguments), "environment": dict(environment), "files": list(map(str, files))}
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate()


def _serve() -> None:
    with os.fdopen(os.dup(0)) as orders, os.fdopen(os.dup(1), "w") as answers:
        for line in orders:
            child = os.fork()
            if child == 0:
                _become(**json.loads(line))
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def _become(arguments: list[str], environment: dict[str, str], files: list[str]) -> NoReturn:
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, path in enumerate(files):
        os.dup2(os.open(path, os.O_RDWR), descriptor)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        for number, mode, errors in ((0, "r", "surrogateescape"), (1, "w", "strict"), (2, "w", "strict"))
    )
    code = 1
    try:
        main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    for lazy in COMMANDS.values():
        resolve_name(lazy.path)
    _serve()
