"""Tab in a shell: commands, options, kinds and views, without importing what they need."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cli import COMMANDS
from schema.kinds import KINDS
from schema.views import VIEWS
from tests.commands.terminal import PROGRAM, Ran, Terminal


@pytest.fixture(scope="module")
def shell() -> Iterator[Terminal]:
    """A terminal of somebody with no installation, and a cache of their own."""
    with TemporaryDirectory(prefix="crm-") as folder:
        yield Terminal({"CRM_AGENT_HOME": "/nonexistent/crm-agent", "XDG_CACHE_HOME": folder})


def pressed(shell: Terminal, *words: str) -> Ran:
    """What is offered when Tab is pressed at the end of the last word."""
    line = " ".join(["crm-agent", *words])
    return shell.within(_CRM_AGENT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words))).run()


def offered(shell: Terminal, *words: str) -> set[str]:
    ran = pressed(shell, *words)
    assert (ran.code, ran.err) == (0, "")
    return {each.partition(",")[2] for each in ran.out.splitlines()}


def test_what_can_be_typed_is_offered(shell: Terminal) -> None:
    assert offered(shell, "") == {name for name, lazy in COMMANDS.items() if not lazy.hidden}
    assert {"create", "list", "update"} <= offered(shell, "records", "")
    assert offered(shell, "records", "list", "o") == {"organization", "opportunity"}
    assert offered(shell, "records", "create", "") == set(KINDS)
    assert offered(shell, "records", "find", "Maria", "--kind", "") == {*KINDS, "user"}
    assert offered(shell, "export", "") == set(VIEWS)
    assert offered(shell, "--as", "a@b.example", "export", "leads", "--format", "") == {"csv", "jsonl", "parquet"}
    assert {"--where", "--output", "--json", "--as", "--tenant"} <= offered(shell, "export", "leads", "--")
    assert offered(shell, "user", "create", "--role", "m") == {"manager", "member"}
    assert offered(shell, "nonsense", "") == offered(shell, "")
    assert pressed(shell, "export", "--output", "").out == "file,\n"


def test_a_second_press_imports_no_command(shell: Terminal) -> None:
    offered(shell, "export", "")
    program = (
        "import os, sys, cli\ntry: cli.main([])\nexcept SystemExit: print(' '.join(sys.modules), file=sys.stderr)\n"
    )
    ran = subprocess.run(
        [PROGRAM.with_name("python"), "-c", program],
        env={
            **shell.whole_environment,
            "_CRM_AGENT_COMPLETE": "bash_complete",
            "COMP_WORDS": "crm-agent export ",
            "COMP_CWORD": "2",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert "plain,opportunities" in ran.stdout
    assert not {"sqlalchemy", "rich", "commands.export", "schema.views"} & set(ran.stderr.split())


def test_a_cache_that_is_old_spoilt_or_cannot_be_written_does_no_harm(shell: Terminal) -> None:
    folder = Path(shell.environment["XDG_CACHE_HOME"]) / "crm-agent"
    offered(shell, "export", "")
    (kept,) = folder.iterdir()
    for spoilt in ("", "{}", '{"stamp": 1, "commands": {}}', "[1]"):
        kept.write_text(spoilt)
        assert offered(shell, "export", "task") == {"tasks"}

    assert [each.name for each in folder.iterdir()] == ["completion.json"]
    assert offered(shell.within(XDG_CACHE_HOME="/proc/none"), "export", "task") == {"tasks"}


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: Terminal, name: str) -> None:
    ran = shell.run("completion", name)

    assert (ran.code, ran.err) == (0, "")
    assert "_CRM_AGENT_COMPLETE" in ran.out
    assert shell.run("completion", "tcsh").code == 2


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        (("crm-agent", "exp"), ["export"]),
        (("crm-agent", "export", "sales"), ["sales_analytics"]),
        (("crm-agent", "records", "list", "part"), ["partnership"]),
    ],
)
def test_bash_itself_completes(shell: Terminal, words: Sequence[str], reply: Sequence[str]) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    line = " ".join(words)
    program = (
        f'eval "$({PROGRAM} completion bash)"; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1};'
        ' _crm_agent_completion crm-agent; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{PROGRAM.parent}:{shell.whole_environment['PATH']}"
    done = subprocess.run(
        [bash, "-c", program], env={**shell.whole_environment, "PATH": path}, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == list(reply)
