"""What the command line does before any command: help, options, bad usage, what it imports."""

import subprocess
import sys

import pytest

from tests.commands.terminal import PROGRAM, Terminal
from tests.commands.zygote import Zygote

HEAVY = {"agent", "fastapi", "openai", "pydantic_ai", "sqlalchemy", "uvicorn"}


@pytest.fixture
def nowhere(zygote: Zygote) -> Terminal:
    """A terminal of somebody who has no installation."""
    return Terminal({"CRM_AGENT_HOME": "/nonexistent/crm-agent"}, zygote)


def imported(module: str) -> set[str]:
    """The packages that importing a module brings along."""
    program = f"import sys, {module}; print(' '.join({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_help_names_every_command_and_imports_none(nowhere: Terminal) -> None:
    told = nowhere.run("--help")

    assert told.code == 0
    for command in ("serve", "ask", "records", "audit", "undo", "db", "user", "token", "tools", "doctor"):
        assert f"\n  {command} " in told.out
    assert imported("cli") & HEAVY == set()


def test_records_do_without_models_and_servers() -> None:
    assert imported("commands.records") & (HEAVY - {"sqlalchemy"}) == set()


def test_a_package_that_an_update_needs_is_named() -> None:
    program = "import sys; sys.modules['uvicorn'] = None; import cli; cli.main(['serve'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (1, "The package uvicorn is not installed; `make install` does it.\n")


@pytest.mark.parametrize("command", ["serve", "ask", "undo", "doctor", "tools", "records create", "audit list"])
def test_help_of_a_command_shows_the_common_options(nowhere: Terminal, command: str) -> None:
    told = nowhere.run(*command.split(), "--help")

    assert told.code == 0
    assert all(option in told.out for option in ("--json", "--as EMAIL", "--tenant SLUG"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("records", "nonsense"),
        ("records", "create", "note", "body=Hi"),
        ("records", "list", "note", "--limit", "many"),
        ("records", "create", "note", "no-equals", "--reason", "Test"),
        ("records", "create", "note", "--data", "[1]", "--reason", "Test"),
        ("ask",),
    ],
)
def test_bad_usage_ends_with_2(nowhere: Terminal, arguments: tuple[str, ...]) -> None:
    people, programs = nowhere.run(*arguments), nowhere.run(*arguments, "--json")

    assert (people.code, people.out, programs.code) == (2, "", 2)
    assert "Error: " in people.err
    assert programs.error[0] == "invalid"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CRM_AGENT_DATABASE_URL", "mysql://localhost/crm"),
        ("CRM_AGENT_NOW", "yesterday"),
        ("CRM_AGENT_LOG", "loud"),
        ("CRM_AGENT_ROLE_PREFIX", "Über"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(nowhere: Terminal, variable: str, value: str) -> None:
    ran = nowhere.within(**{variable: value}).run("db", "migrate", "--json")

    assert ran.code == 1
    assert ran.error[0] == "setup"
    assert variable in ran.error[1]


def test_a_home_that_cannot_be_made_is_one_sentence(nowhere: Terminal) -> None:
    ran = nowhere.within(CRM_AGENT_HOME="/proc/crm-agent").run("user", "list")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("CRM_AGENT_HOME is /proc/crm-agent")
    assert ran.err.count("\n") == 1


def test_the_program_itself_starts() -> None:
    told = Terminal({}).run("--version")

    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("crm-agent ")


def test_a_closed_pipe_is_no_error() -> None:
    with subprocess.Popen(
        f"{PROGRAM} --help | head -c 1", shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        out, err = process.communicate()

    assert (out, err) == (b"U", b"")
