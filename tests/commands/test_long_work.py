"""Long work: shown to whoever watches, silent otherwise; and going back to an earlier revision, which asks first."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.conversing import converse
from tests.commands.terminal import Terminal


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("export", "interactions", "--output", "rows.jsonl"), "Exporting interactions"),
        (("audit", "seal"), "Sealing"),
        (("audit", "verify"), "Verifying"),
        (("db", "migrate"), "Migrating"),
    ],
)
def test_long_work_is_shown_to_people_and_kept_from_programs(
    terminal: Terminal, tmp_path: Path, arguments: Sequence[str], shown: str
) -> None:
    program = Terminal(terminal.environment)
    whole = [str(tmp_path / each) if each.endswith(".jsonl") else each for each in arguments]
    code, seen = converse(program, whole, [])
    quiet_code, quiet = converse(program, [*whole, "--json"], [])
    piped = terminal.run(*whole)

    assert (code, quiet_code, piped.code) == (0, 0, 0)
    assert shown in seen
    assert json.loads(quiet)
    assert piped.err == ""


def test_loading_the_demo_shows_how_far_it_is(terminal: Terminal, tmp_path: Path) -> None:
    home = Terminal({"CRM_AGENT_HOME": str(tmp_path / "home"), "CRM_AGENT_MODEL": "offline"}, terminal.zygote)
    home.json("db", "migrate")
    code, seen = converse(Terminal(home.environment), ("db", "seed"), [])
    home.json("db", "down")

    assert code == 0
    assert "Brightwater" in seen
    assert "100%" in seen
    assert "The demo company is loaded" in seen


def test_going_back_asks_first_and_says_what_goes(terminal: Terminal) -> None:
    program = Terminal(terminal.environment)
    head = terminal.json("db", "status")["revision"]
    unasked = terminal.run("db", "migrate", "--to", "0004", "--json")
    refused, seen = converse(program, ("db", "migrate", "--to", "0004"), [("Go back? [y/N]: ", "n")])
    kept = terminal.json("db", "status")["revision"]
    agreed, told = converse(program, ("db", "migrate", "--to", "0004"), [("Go back? [y/N]: ", "y")])
    below = terminal.run("records", "list", "account", "--json")
    doctor = {each["name"]: each for each in terminal.run("doctor", "--json").json["findings"]}
    again = terminal.json("db", "migrate", "--to", "0004")
    further = terminal.json("db", "migrate", "--to", "0003", "--yes")
    up = terminal.json("db", "migrate", "--to", head)

    assert (unasked.code, unasked.error[0]) == (1, "refused")
    assert "--yes" in unasked.error[1]
    assert refused == 1
    assert kept == head
    assert "0005  Salts of audit events, and their seals." in seen
    assert "db backup" in seen
    assert agreed == 0
    assert "The database is at revision 0004." in told
    assert (below.code, below.error) == (
        1,
        ("setup", "The database is not at this version's schema; run `crm-agent db migrate`."),
    )
    assert doctor["schema"]["level"] == "problem"
    assert again == {"revision": "0004", "undone": []}
    assert further == {"revision": "0003", "undone": ["0004"]}
    assert up == {"revision": head}
    assert len(terminal.json("records", "list", "account")["records"]) == 20


@pytest.mark.parametrize(
    ("to", "kind", "says"),
    [
        ("9999", "not_found", "0001"),
        ("head", "not_found", "base"),
        ("", "not_found", "base"),
        ("1", "not_found", "0001"),
    ],
)
def test_a_revision_that_is_not_there_is_one_sentence(terminal: Terminal, to: str, kind: str, says: str) -> None:
    ran = terminal.run("db", "migrate", "--to", to, "--yes", "--json")

    assert (ran.code, ran.error[0]) == (1, kind)
    assert says in ran.error[1]
