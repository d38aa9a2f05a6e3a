"""`db`, `doctor`, `token`, `user`, `tools`: running an installation."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from schema.embedded_place import AdminUrl
from tests.commands.conftest import named
from tests.commands.old_postgres import OldPostgres
from tests.commands.terminal import Terminal
from tests.commands.zygote import Zygote


@pytest.fixture(scope="module")
def fresh(zygote: Zygote) -> Iterator[Terminal]:
    """A terminal with a home of its own, and nothing in it."""
    with TemporaryDirectory(prefix="crm-") as folder:
        terminal = Terminal({"CRM_AGENT_HOME": str(Path(folder) / "home"), "CRM_AGENT_MODEL": "offline"}, zygote)
        yield terminal
        terminal.run("db", "down")


def test_a_database_lives_from_start_to_stop(fresh: Terminal) -> None:
    before = fresh.json("db", "status")
    started = fresh.json("db", "up")
    unprepared = fresh.run("user", "list", "--json")
    migrated, again = fresh.json("db", "migrate"), fresh.json("db", "migrate")
    seeded, kept = fresh.json("db", "seed"), fresh.json("db", "seed")
    status = fresh.json("db", "status")
    url = fresh.run("db", "url").out.strip()
    with psycopg.connect(url) as owner:
        owner.execute("SELECT crm.enter('brightwater')")
        owner.execute("SET ROLE crm_reader")
        counted = owner.execute("SELECT count(*) FROM crm_read.opportunities").fetchone()

    assert (before["is_running"], started["is_running"]) == (False, True)
    assert (unprepared.code, unprepared.error[0]) == (1, "setup")
    assert migrated == again
    assert (seeded["loaded"], kept["loaded"]) == (True, False)
    assert (status["is_current"], status["tenants"]) == (True, ["brightwater", "kestrel"])
    assert counted == (500,)
    assert fresh.json("doctor")["ok"] is True
    assert fresh.json("db", "down") == {"is_running": False, "was_running": True}
    assert fresh.json("db", "down") == {"is_running": False, "was_running": False}


def test_what_a_killed_server_left_behind_is_cleared(fresh: Terminal) -> None:
    fresh.json("db", "up")
    fresh.json("db", "down")
    home = Path(fresh.environment["CRM_AGENT_HOME"])
    # The pid file of a server that is gone, naming a process that is not one.
    (home / "data" / "postmaster.pid").write_text("1\n/elsewhere\n0\n5432\n/elsewhere\n\n  1 1\nready   \n")
    (home / "server.lock").touch()

    assert fresh.json("db", "up")["is_running"] is True


@pytest.mark.parametrize("command", [("user", "list"), ("ask", "show Maria Lopez"), ("db", "migrate"), ("serve",)])
def test_a_database_that_is_not_there_is_one_sentence(terminal: Terminal, command: tuple[str, ...]) -> None:
    ran = terminal.within(CRM_AGENT_DATABASE_URL="postgresql://nobody@127.0.0.1:1/crm").run(*command, "--json")

    assert (ran.code, ran.error[0]) == (1, "unavailable")
    assert "Traceback" not in ran.err


def test_a_postgres_that_is_too_old_is_one_sentence(
    terminal: Terminal, postgres_home: Path, admin_url: AdminUrl
) -> None:
    with psycopg.connect(admin_url) as admin:
        real = admin.info.parameter_status("server_version") or ""
    with OldPostgres(str(postgres_home / "socket" / ".s.PGSQL.5432"), real, real.replace("18", "15")) as port:
        old = terminal.within(CRM_AGENT_DATABASE_URL=f"postgresql://postgres@127.0.0.1:{port}/postgres")
        migrated, doctor = old.run("db", "migrate", "--json"), old.run("doctor", "--json")

    assert (migrated.code, migrated.error[0]) == (1, "setup")
    assert "version 15; crm-agent needs 16 or newer" in migrated.error[1]
    assert doctor.code == 1
    assert {each["name"]: each["level"] for each in doctor.json["findings"]}["versions"] == "problem"


def test_a_pgvector_that_is_too_old_is_one_sentence(terminal: Terminal) -> None:
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"]) as admin:
        admin.execute("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
    migrated = terminal.run("db", "migrate", "--json")
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"]) as admin:
        admin.execute("UPDATE pg_extension SET extversion = '0.8.5' WHERE extname = 'vector'")

    assert (migrated.code, migrated.error[0]) == (1, "setup")
    assert "pgvector on this server is 0.7.4; crm-agent needs 0.8 or newer" in migrated.error[1]


def test_a_server_of_ones_own_is_not_stopped(terminal: Terminal) -> None:
    ran = terminal.run("db", "down", "--json")

    assert (ran.code, ran.error[0]) == (1, "refused")


def test_an_empty_database_is_told_from_one_that_is_not_there(terminal: Terminal, admin_url: AdminUrl) -> None:
    ran = terminal.within(CRM_AGENT_DATABASE_URL=named(admin_url, "template1")).run("doctor", "--json")
    levels = {each["name"]: each["level"] for each in ran.json["findings"]}

    assert ran.code == 1
    assert (levels["python"], levels["schema"], ran.json["ok"]) == ("good", "problem", False)


def test_the_doctor_says_what_is_well(terminal: Terminal) -> None:
    told = terminal.json("doctor")
    findings = {each["name"]: each for each in told["findings"]}

    assert told["ok"] is True
    assert findings["wall"]["message"].startswith("Hardening is full")
    assert findings["row_security"]["level"] == findings["roles"]["level"] == findings["sign_in"]["level"] == "good"
    assert "offline" in findings["model"]["message"]
    assert "embedded on this machine" in findings["embedder"]["message"]
    assert all(each["message"].endswith(".") for each in told["findings"])


def test_the_doctor_names_the_embedder_and_whether_it_loads(terminal: Terminal) -> None:
    def told(embedder: str) -> tuple[str, str]:
        ran = terminal.within(CRM_AGENT_EMBEDDER=embedder, OPENAI_API_KEY="sk-made-up").run("doctor", "--json")
        finding = next(each for each in ran.json["findings"] if each["name"] == "embedder")
        return finding["level"], finding["message"]

    level, message = told("openai:text-embedding-3-large@512")
    assert level == "good"
    assert "openai:text-embedding-3-large@512, with placeholders" in message
    assert told("word2vec")[0] == "problem"
    assert told("cohere:embed-v4.0@256")[0] == "problem"


def test_a_token_is_shown_once_and_withdrawn(terminal: Terminal) -> None:
    made = terminal.json("token", "create", "--label", "nightly", "--scope", "*:read", "--expires", "90d")
    listed = terminal.json("token", "list")["tokens"]
    revoked = terminal.json("token", "revoke", made["token_id"][:18])

    assert made.keys() == {"token_id", "token", "user", "scopes", "expires_at"}
    assert made["token"].startswith("crm_")
    assert (made["user"], made["scopes"]) == ("admin@brightwater.example", ["*:read"])
    assert made["expires_at"] == "2027-02-18T09:30:00Z"
    assert made["token"] not in str(listed)
    assert revoked["revoked_at"] == "2026-11-20T09:30:00Z"


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("token", "create", "--scope", "everything"), "invalid"),
        (("token", "create", "--expires", "2020-01-01"), "invalid"),
        (("token", "create", "--user", "nobody@nowhere.example"), "unauthenticated"),
        (("token", "create", "--user", "admin@brightwater.example", "--as", "member@brightwater.example"), "denied"),
        (("token", "revoke", "ffffffff"), "not_found"),
    ],
)
def test_a_token_that_must_not_be_is_refused(terminal: Terminal, arguments: tuple[str, ...], kind: str) -> None:
    ran = terminal.run(*arguments, "--json")

    assert (ran.code, ran.error[0]) == (1, kind)


def test_a_members_list_of_tokens_holds_only_their_own(terminal: Terminal) -> None:
    terminal.json("token", "create", "--label", "admin's")
    terminal.json("token", "create", "--label", "member's", "--as", "member@brightwater.example")
    listed = terminal.json("token", "list", "--as", "member@brightwater.example")["tokens"]

    assert {each["user"] for each in listed} == {"member@brightwater.example"}


def test_users_are_listed(terminal: Terminal) -> None:
    users = terminal.json("user", "list")["users"]

    assert len(users) == 12
    assert {"admin", "manager", "member", "viewer"} == {each["role"] for each in users}


def test_the_tools_stay_within_their_budget(terminal: Terminal) -> None:
    told = terminal.json("tools", "--tokens")

    assert all(each.keys() >= {"name", "effect", "scope", "input_schema", "tokens"} for each in told["tools"])
    assert told["total_tokens"] == sum(each["tokens"] for each in told["tools"]) < 5000
    assert len(told["tools"]) <= 14
    assert told["tokenizer"]
