"""`db backup|restore` as people and programs call them."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.commands.terminal import Terminal
from tests.commands.zygote import Zygote


@pytest.fixture
def elsewhere(zygote: Zygote) -> Iterator[Terminal]:
    """A machine that has nothing but the program."""
    with TemporaryDirectory(prefix="crm-") as folder:
        terminal = Terminal({"CRM_AGENT_HOME": str(Path(folder) / "home"), "CRM_AGENT_MODEL": "offline"}, zygote)
        yield terminal
        terminal.run("db", "down")


def test_an_installation_moves_to_another_machine(terminal: Terminal, elsewhere: Terminal, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.zip")
    terminal.json("records", "create", "note", "body=Moved along", "--reason", "Test")
    terminal.json("audit", "seal")
    taken = terminal.json("db", "backup", file)
    again = terminal.run("db", "backup", file, "--json")
    restored = elsewhere.json("db", "restore", file)
    found = elsewhere.json("records", "list", "note", "--where", "body = Moved along")
    refused = elsewhere.run("db", "restore", file, "--json")
    unconfirmed = elsewhere.run("db", "restore", file, "--replace")
    elsewhere.json("records", "create", "note", "body=Gone again", "--reason", "Test")
    elsewhere.json("audit", "seal")
    replaced = elsewhere.json("db", "restore", file, "--replace", "--yes")

    assert taken["tenants"] == ["brightwater", "kestrel"]
    assert taken["total_rows"] == sum(taken["rows"].values())
    assert (taken["has_key"], taken["bytes"]) == (True, Path(file).stat().st_size)
    assert again.error == ("invalid", f"{file} exists; name another file.")
    assert restored["verify"]["ok"]
    assert restored["verify"]["sealed"] == restored["rows"]["crm.audit_events"]
    assert found["total"] == 1
    assert refused.error[0] == "refused"
    assert (unconfirmed.code, unconfirmed.err) == (
        1, "Replacing what is in database postgres needs --yes as well.\n",
    )  # fmt: skip
    assert (replaced["replaced"], len(replaced["kept"])) == (["brightwater", "kestrel"], 1)
    assert replaced["verify"]["ok"]
    assert elsewhere.json("records", "list", "note", "--where", "body = Gone again")["total"] == 0
    assert elsewhere.json("doctor")["ok"]


def test_people_are_told_in_sentences(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    terminal.json("audit", "seal")
    said = terminal.run("db", "backup", str(file), "--without-key")
    nothing = tmp_path / "nothing.zip"
    nothing.write_text("No backup")

    assert said.out.splitlines()[0].startswith("Wrote ")
    assert "is not in it; without it the restored log cannot be verified." in said.out
    assert terminal.run("db", "restore", str(nothing)).err == (
        f"{nothing} is no backup of crm-agent, or was cut short.\n"
    )
    assert terminal.run("db", "restore", str(tmp_path / "absent.zip")).err == (
        f"{tmp_path / 'absent.zip'} cannot be read: no such file or directory.\n"
    )
