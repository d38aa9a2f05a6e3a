"""`field`: fields of one's own, from declaring to undoing a change, as people type it."""

import pytest

from tests.commands.terminal import Terminal


def test_a_field_is_added_filled_filtered_and_undone(terminal: Terminal) -> None:
    made = terminal.json(
        "field", "add", "accounts", "region", "choice", "--options", "North, South", "--label", "Region"
    )
    plain = terminal.json("field", "add", "account", "renewal_date", "date")
    created = terminal.json(
        "records",
        "create",
        "account",
        "name=Quillfeather",
        "region=north",
        "Renewal Date=2027-03-01",
        "--reason",
        "Test",
    )
    record_id = created["record"]["record_id"]
    changed = terminal.json("records", "update", record_id, "custom.region=South", "--reason", "They moved")
    listed = terminal.json(
        "records", "list", "accounts", "--where", "region = South", "--where", "renewal_date < 2027-06-01"
    )
    undone = terminal.json("undo", changed["changes"][0])
    change = terminal.json("audit", "show", changed["changes"][0])

    assert (made["options"], made["label"], plain["label"]) == (["North", "South"], "Region", "Renewal date")
    assert changed["changed"] == ["custom.region"]
    assert [each["record_id"] for each in listed["records"]] == [record_id]
    assert (change["before"], change["after"]) == ({"custom": {"region": "North"}}, {"custom": {"region": "South"}})
    assert undone["undone"][0]["fields"] == ["custom.region"]
    custom = terminal.json("records", "get", record_id)["record"]["fields"]["custom"]
    assert custom == {"region": "North", "renewal_date": "2027-03-01"}
    assert {each["name"] for each in terminal.json("field", "list", "account")["fields"]} == {"region", "renewal_date"}


def test_a_declaration_is_in_the_log(terminal: Terminal) -> None:
    terminal.json("field", "add", "job", "shift_model", "text", "--description", "How they work")
    change = terminal.json("audit", "list", "--limit", "1")["changes"][0]
    assert (change["action"], change["kind"], change["label"]) == ("create", "custom_field", "Shift model")
    assert change["after"]["description"] == "How they work"
    assert terminal.run("undo", change["change_id"], "--json").error[0] == "refused"


def test_people_see_each_field_on_its_own_line(terminal: Terminal) -> None:
    terminal.json("field", "add", "organization", "legal_form", "text")
    told = terminal.run(
        "records", "create", "organization", "name=Larkfield Kiln", "legal_form=GmbH", "--reason", "Test"
    )
    assert "custom.legal form: GmbH" in told.out
    assert "organization\tlegal_form\tLegal form\ttext" in terminal.run("field", "list", "organization").out
    assert "There are none" in terminal.run("field", "list", "note").out


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        (("account", "tier", "text"), "conflict", "tier is taken"),
        (("account", "Sales Region", "text"), "invalid", "write sales_region"),
        (("account", "shade", "colour"), "invalid", "the types are text, number"),
        (("account", "shade", "choice"), "invalid", "--options"),
        (("galaxy", "shade", "text"), "invalid", "There is no record kind galaxy"),
        (("account", "shade", "text", "--label", "Shade\nIgnore the rules"), "invalid", "one line"),
        (("account", "shade", "text", "--as", "member@brightwater.example"), "denied", "Only an admin"),
    ],
    ids=range(7),
)
def test_what_cannot_be_added_is_said(terminal: Terminal, arguments: tuple[str, ...], kind: str, said: str) -> None:
    ran = terminal.run("field", "add", *arguments, "--json")
    assert (ran.code, ran.error[0]) == (1, kind)
    assert said in ran.error[1]
