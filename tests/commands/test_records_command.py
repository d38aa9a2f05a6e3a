"""`records`, `audit` and `undo`: a person's own reads and changes."""

import json

import pytest

from tests.commands.terminal import Terminal

ADMIN = "admin@brightwater.example"


def test_a_record_is_found_listed_and_read(terminal: Terminal) -> None:
    found = terminal.json("records", "find", "maria lopez", "--kind", "contact")
    record_id = found["records"][0]["record_id"]
    listed = terminal.json("records", "list", "contacts", "--where", "full_name = Maria Lopez", "--order", "full_name")
    read = terminal.json("records", "get", record_id[:18])

    assert found["records"][0]["label"] == "Maria Lopez"
    assert record_id in {each["record_id"] for each in listed["records"]}
    assert listed["filters"] == ["full_name = Maria Lopez"]
    assert read["record"]["record_id"] == record_id
    assert {"timeline", "related"} <= read.keys()


def test_a_change_is_logged_as_a_persons_own_and_can_be_undone(terminal: Terminal) -> None:
    made = terminal.json(
        "records", "create", "organization", "name=Quillfeather 😀", "tags=a,b", "--reason", "Met them"
    )
    record_id = made["record"]["record_id"]
    terminal.json("records", "update", record_id, "city=Lübeck", "--if-version", "1", "--reason", "They told us")
    change = terminal.json("audit", "list", "--record", record_id, "--limit", "1")["changes"][0]
    shown = terminal.json("audit", "show", change["change_id"][:13])
    undone = terminal.json("undo", change["change_id"])

    assert (change["action"], change["before"], change["after"]) == ("update", {"city": None}, {"city": "Lübeck"})
    assert (change["actor"], change["via_agent"], change["reason"]) == (ADMIN, False, "They told us")
    assert (change["run_id"], change["prompt"], change["model"]) == (None, None, None)
    assert shown == change
    assert [each["fields"] for each in undone["undone"]] == [["city"]]
    assert undone["conflicts"] == []
    assert terminal.json("records", "get", record_id)["record"]["fields"]["city"] is None


def test_a_deleted_record_comes_back(terminal: Terminal) -> None:
    note = terminal.json("records", "create", "note", "body=To be deleted", "--reason", "Test")["record"]["record_id"]
    terminal.json("records", "delete", note, "--reason", "Not needed")
    gone = terminal.run("records", "get", note, "--json")
    terminal.json("records", "restore", note)

    assert (gone.code, gone.error[0]) == (1, "not_found")
    assert terminal.json("records", "get", note)["record"]["fields"]["body"] == "To be deleted"
    actions = [each["action"] for each in terminal.json("audit", "list", "--record", note)["changes"]]
    assert actions == ["restore", "delete", "create"]


def test_duplicates_become_one_record_and_two_again(terminal: Terminal) -> None:
    def make(name: str) -> str:
        made = terminal.json(
            "records", "create", "organization", f"name={name}", "city=Kiel", "--reason", "Test", "--anyway"
        )
        return str(made["record"]["record_id"])

    keep, other, third = make("Quillfeather"), make("Quillfeather AG"), make("Quillfeather GmbH")
    account = terminal.json(
        "records", "create", "account", f"organization_id={other}", "name=Quill", "--reason", "Test"
    )
    told = terminal.run("records", "merge", keep, other, third, "--set", "city=Bonn", "--reason", "One company")
    change = terminal.json("audit", "list", "--record", other, "--limit", "1")["changes"][0]
    shown = terminal.run("audit", "show", change["change_id"])
    moved = terminal.json("records", "get", account["record"]["record_id"])["record"]["fields"]["organization_id"]
    undone = terminal.run("undo", change["change_id"])

    assert f"Merged organization Quillfeather AG ({other[:13]}) into Quillfeather ({keep[:13]})" in told.out
    assert "Moved along: 1 account\n" in told.out
    assert "name stays Quillfeather, not Quillfeather" in told.out
    assert (change["action"], change["reason"], change["after"]["merged_into_id"], moved) == (
        "merge",
        "One company",
        keep,
        keep,
    )
    assert "merged into: Quillfeather" in shown.out
    assert "Brought back organization Quillfeather AG" in undone.out
    assert "Changed back organization Quillfeather (city)" in undone.out
    assert terminal.json("records", "get", third)["record"]["fields"]["name"] == "Quillfeather GmbH"


@pytest.mark.parametrize("given", ["data", "stdin", "dash"])
def test_fields_come_as_json_too(terminal: Terminal, given: str) -> None:
    fields = json.dumps({"title": f"Call back ({given})", "priority": "high", "tags": ["x"]})
    arguments = {"data": ["--data", fields], "stdin": [], "dash": ["--data", "-"]}[given]
    made = terminal.json(
        "records", "create", "task", *arguments, "--reason", "Test", stdin="" if given == "data" else fields
    )

    assert made["record"]["fields"]["priority"] == "high"
    assert made["record"]["fields"]["tags"] == ["x"]


@pytest.mark.promise("twin:found")
def test_a_twin_is_shown_and_nothing_is_created(terminal: Terminal) -> None:
    alike = ("records", "create", "organization", "name=Solvento Energy", "--reason", "Test")
    refused, told = terminal.run(*alike, "--json"), terminal.run(*alike)

    assert (refused.code, refused.json["created"]) == (1, False)
    assert [twin["label"] for twin in refused.json["twins"]] == ["Solvento Energy"]
    assert "--anyway" in told.out
    assert terminal.json(*alike, "--anyway")["created"] is True


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        (("records", "list", "opportunity", "--where", "amuont > 5"), "invalid", "amount"),
        (("records", "list", "unicorn"), "invalid", "unicorn"),
        (("records", "get", "abc"), "invalid", "first 8"),
        (("records", "get", "not-an-id"), "invalid", "id"),
        (("records", "get", "00000000-0000-0000-0000-000000000000"), "not_found", "00000000"),
        (("records", "create", "note", "colour=red", "--reason", "Test"), "invalid", "colour"),
        (("audit", "list", "--since", "a while ago"), "invalid", "a while ago"),
        (("audit", "list", "--cursor", "x"), "invalid", "cursor"),
        (("undo", "ffffffff"), "not_found", "ffffffff"),
        (("user", "list", "--as", "nobody@nowhere.example"), "unauthenticated", "nobody@nowhere.example"),
        (("user", "list", "--tenant", "nowhere"), "unauthenticated", "nowhere"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    terminal: Terminal, arguments: tuple[str, ...], kind: str, says: str
) -> None:
    ran = terminal.run(*arguments, "--json")

    assert ran.code == 1
    assert ran.error[0] == kind
    assert says in ran.error[1]
    assert "Traceback" not in ran.err


def test_people_read_a_sentence_on_stderr(terminal: Terminal) -> None:
    ran = terminal.run("--as", "nobody@nowhere.example", "user", "list")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "No user nobody@nowhere.example; `user list` shows who there is.\n"


@pytest.mark.promise("rights:user")
def test_a_viewer_changes_nothing(terminal: Terminal) -> None:
    ran = terminal.run(
        "--as", "viewer@brightwater.example", "records", "create", "note", "body=Hi", "--reason", "Test", "--json"
    )

    assert (ran.code, ran.error[0]) == (1, "denied")


@pytest.mark.promise("tenant:sealed")
def test_another_tenants_record_is_not_there(terminal: Terminal) -> None:
    foreign = terminal.json("records", "list", "account", "--limit", "1", "--as", "admin@kestrel.example")
    ran = terminal.run("records", "get", foreign["records"][0]["record_id"], "--json")

    assert (ran.code, ran.error[0]) == (1, "not_found")


def test_the_log_comes_in_pages(terminal: Terminal) -> None:
    first = terminal.json("audit", "list", "--limit", "2")
    second = terminal.json("audit", "list", "--limit", "2", "--cursor", first["next_cursor"])
    both = terminal.json("audit", "list", "--limit", "4")

    assert [each["change_id"] for each in both["changes"]] == [
        each["change_id"] for page in (first, second) for each in page["changes"]
    ]
    assert first["total"] == second["total"] == both["total"] > 1000


def test_tables_in_a_pipe_are_lines_with_tabs(terminal: Terminal) -> None:
    lines = terminal.run("records", "list", "opportunity", "--limit", "3").out.splitlines()

    assert len(lines) == 4
    assert {line.count("\t") for line in lines} == {5}
    assert lines[0].startswith("id\tname\tstage\tamount")


def test_what_people_wrote_does_not_command_the_terminal(terminal: Terminal) -> None:
    title = "Red \x1b[31malert\x07 \x9b2J"
    made = terminal.json("records", "create", "task", "--data", json.dumps({"title": title}), "--reason", "Test")
    shown = terminal.run("records", "get", made["record"]["record_id"]).out
    logged = terminal.run("audit", "list", "--limit", "1").out

    assert made["record"]["fields"]["title"] == title
    assert "Red �[31malert� �2J" in shown
    assert not {"\x1b", "\x07", "\x9b"} & {*shown, *logged}
