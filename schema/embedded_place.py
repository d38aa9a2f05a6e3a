"""Where an embedded server lives: its folders, its socket, its URL, and what can be seen of it from outside."""

import errno
import hashlib
import os
import re
import socket
import struct
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NewType
from urllib.parse import quote

from schema.errors import CrmError

AdminUrl = NewType("AdminUrl", str)
"""A URL, as psql takes it, of the superuser on database `postgres`."""

PORT = 5432
SUPERUSER = "postgres"

# A Unix socket's path has 108 bytes with its closing null on Linux and 104 elsewhere.
LONGEST_SOCKET = 103
# PostgreSQL cuts paths at 1,024 bytes, and puts file names of its own behind ours.
LONGEST_DATA = 900

# The first words of PostgreSQL's protocol (its manual, chapter "Frontend/Backend Protocol"). A connect alone proves
# nothing: the kernel accepts for a server that has just been killed, or is recovering from a crash of one of its own.
_PARAMETERS = f"user\0{SUPERUSER}\0database\0postgres\0\0".encode()
_STARTUP = struct.pack("!ii", 8 + len(_PARAMETERS), 3 << 16) + _PARAMETERS
_READY = b"Z\0\0\0\5I"
_TERMINATE = b"X\0\0\0\4"
_NOT_NOW = b"C57P03\0"


@dataclass(frozen=True)
class Postmaster:
    pid: int
    status: str
    """`starting`, `ready`, `stopping`; empty before the first of them."""


@dataclass(frozen=True)
class Place:
    home: Path
    """Absolute, symlinks resolved: every process must see the same paths."""

    sockets: Path
    """The folder of the Unix socket: in the home, or a short one when that would be too long for a socket."""

    @classmethod
    def of(cls, home: Path) -> "Place":
        """Raises CrmError (setup) for a home that no server can live in."""
        with explained(home):
            try:
                home = home.resolve()
            except RuntimeError:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
        written = os.fsencode(home)
        if len(written) > LONGEST_DATA:
            raise CrmError(
                "setup", f"CRM_AGENT_HOME is {len(written)} bytes long; choose a path of at most {LONGEST_DATA}."
            )
        if re.search(rb"[\x00-\x1f]", written):
            raise CrmError("setup", f"CRM_AGENT_HOME is {str(home)!r}; a path with control characters cannot be used.")
        sockets = home / "socket"
        # libpq reads a comma in a host as the end of it.
        if len(os.fsencode(sockets / socket_name())) > LONGEST_SOCKET or "," in str(home):
            sockets = Path("/tmp") / f"crm-agent-{hashlib.sha256(written).hexdigest()[:16]}"  # noqa: S108
        return cls(home, sockets)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.home / "server.lock"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def url(self) -> AdminUrl:
        host = quote(os.fsencode(self.sockets), safe="/")
        return AdminUrl(f"postgresql://{SUPERUSER}@/postgres?host={host}&port={PORT}")

    def postmaster(self) -> Postmaster | None:
        """What the pid file says, be it true or stale; None when there is none or it makes no sense."""
        with explained(self.home):
            try:
                lines = self.pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
            except (FileNotFoundError, NotADirectoryError):
                return None
        if not lines or not lines[0].strip().isdigit():
            return None
        return Postmaster(int(lines[0]), lines[7].strip() if len(lines) > 7 else "")

    def answers(self) -> bool:
        """Whether a server of this home takes connections now; costs a file read and a connection."""
        postmaster = self.postmaster()
        if postmaster is None or postmaster.status != "ready":
            return False
        reply = b""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(10)
            try:
                probe.connect(os.fsencode(self.sockets / socket_name()))
                probe.sendall(_STARTUP)
                while not reply.endswith(_READY) and (received := probe.recv(8192)):
                    reply += received
                probe.sendall(_TERMINATE)
            except OSError:
                # A refusal closes the connection behind it; what it said has been read.
                pass
        return bool(reply) and _NOT_NOW not in reply

    def living(self) -> Postmaster | None:
        """The server whose pid the file holds, if that process is there and is this home's PostgreSQL.

        A pid alone proves nothing: after a restart of the machine or the container another process may have it.
        """
        postmaster = self.postmaster()
        if postmaster is None or f"-D {self.data} " not in _command_line(postmaster.pid):
            return None
        return postmaster


def socket_name() -> str:
    return f".s.PGSQL.{PORT}"


def _command_line(pid: int) -> str:
    """The arguments of a process, a space after each; empty for none and for a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
        except OSError:
            return ""
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip() + " "


@contextmanager
def explained(home: Path) -> Generator[None]:
    """Turns the system's refusal into a sentence about the home."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            sentence = (
                f"CRM_AGENT_HOME is {home}, and this user may not use {error.filename or 'it'};"
                " run as the user it belongs to, or set CRM_AGENT_HOME to a folder of your own."
            )
        else:
            reason = (error.strerror or str(error)).lower()
            sentence = f"CRM_AGENT_HOME is {home}, and it cannot hold the database: {reason}."
        raise CrmError("setup", sentence) from None
