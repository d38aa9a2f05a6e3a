"""PostgreSQL's own pg_dump and pg_restore: which ones to use, and how they are run."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schema import embedded
from schema.backup.archive import pieces
from schema.errors import CrmError

Name = Literal["pg_dump", "pg_restore"]


@dataclass(frozen=True)
class Program:
    """One of the programs, for one database."""

    name: Name
    path: Path
    url: str

    @classmethod
    def of(cls, name: Name, admin: psycopg.Connection, url: str) -> "Program":
        """The program that can talk to the server of this connection. Raises CrmError (setup) when there is none.

        The one that comes with the embedded server cannot speak TLS; then, and for a newer server, it is the one on PATH.
        """
        major = admin.info.server_version // 10000
        if major <= embedded.MAJOR and not admin.pgconn.ssl_in_use:
            return cls(name, embedded.binary(name), url)
        installed = shutil.which(name)
        if installed is None or _major(installed) < major:
            raise CrmError(
                "setup",
                f"A backup from or into this server needs PostgreSQL's own {name}, version {major} or newer, on the PATH;"
                f" {'there is none' if installed is None else f'{installed} is version {_major(installed)}'}.",
            )
        return cls(name, Path(installed), url)

    @contextmanager
    def reading(self, arguments: Sequence[str], told: Callable[[str], None]) -> Generator[Iterable[bytes]]:
        """What the program writes. Raises CrmError (unavailable) when it fails; ends it when the block does."""
        with self._running(arguments, told) as process:
            yield pieces(cast("IO[bytes]", process.stdout))

    def feed(self, arguments: Sequence[str], chunks: Iterable[bytes], told: Callable[[str], None]) -> None:
        """Gives the program its input, as far as it wants it. Raises CrmError (unavailable) when it fails."""
        with self._running(arguments, told) as process, suppress(BrokenPipeError):
            _write(process, chunks)

    def list_of(self, chunks: Iterable[bytes]) -> list[str]:
        """What a dump holds, a line for each thing, as `--use-list` takes it."""
        with tempfile.TemporaryFile() as written:
            with self._running(["--list"], lambda _: None, output=written) as process, suppress(BrokenPipeError):
                _write(process, chunks)
            written.seek(0)
            return written.read().decode().splitlines()

    @contextmanager
    def _running(
        self, arguments: Sequence[str], told: Callable[[str], None], output: IO[bytes] | None = None
    ) -> Generator[subprocess.Popen[bytes]]:
        # The password goes by the environment: arguments are for every user of the machine to see.
        parts = {name: str(value) for name, value in conninfo_to_dict(self.url).items() if value is not None}
        password = parts.pop("password", None)
        target = [] if arguments == ["--list"] else [f"--dbname={make_conninfo(**parts)}"]
        process = subprocess.Popen(
            [self.path, *arguments, *target],
            stdin=subprocess.PIPE,
            stdout=output or subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {}),
        )
        complaints = _Complaints(process, told)
        try:
            yield process
            with suppress(BrokenPipeError):
                if process.stdin is not None:
                    process.stdin.close()
            complaints.finish()
            if process.wait() != 0:
                raise CrmError("unavailable", f"{self.name} failed: {complaints.last}.")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()


class _Complaints:
    """Reads what a program says on stderr while others read what it writes."""

    def __init__(self, process: subprocess.Popen[bytes], told: Callable[[str], None]) -> None:
        self._said: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(process, told), daemon=True)
        self._thread.start()

    @property
    def last(self) -> str:
        """Why it failed, in its own words."""
        errors = [line for line in self._said if "error:" in line] or self._said[-1:] or ["it said nothing"]
        return errors[0].split("error:", 1)[-1].strip().rstrip(".")

    def finish(self) -> None:
        self._thread.join()

    def _read(self, process: subprocess.Popen[bytes], told: Callable[[str], None]) -> None:
        with suppress(ValueError):
            for raw in cast("IO[bytes]", process.stderr):
                line = raw.decode("utf-8", "replace").rstrip()
                self._said = [*self._said[-20:], line]
                told(line)


def _write(process: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    taken = cast("IO[bytes]", process.stdin)
    for chunk in chunks:
        taken.write(chunk)


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(?:\.|\s|devel|beta|rc|$)", said.rpartition(")")[2])
    return int(found[1]) if found else 0
