"""`erase` as people and programs call it."""

import psycopg

from tests.commands.terminal import Terminal

PERSON = "siobhan.oconnor@meridian-retail.example"


def test_a_person_is_shown_what_would_go_and_then_it_goes(terminal: Terminal) -> None:
    terminal.json("audit", "seal")
    before = terminal.json("audit", "verify")
    there = terminal.json("records", "find", PERSON)["records"][0]
    would = terminal.json("erase", "siobhán o'connor", "--dry-run")
    shown = terminal.run("erase", PERSON, "--dry-run")
    done = terminal.json("erase", would["individual_id"][:13])
    after = terminal.json("audit", "verify")
    gone = terminal.run("erase", PERSON, "--json")
    again = terminal.json("erase", done["individual_id"])

    assert (would["dry_run"], done["dry_run"]) == (True, False)
    assert would["erased"] == done["erased"]
    assert done["erased"]["individuals"] == done["erased"]["contacts"] == 1
    assert done["erased"]["interactions"] > 0
    assert done["total"] == sum(done["erased"].values())
    assert {left["what"] for left in done["stays"]} >= {"backups and exports made before"}
    assert shown.out.startswith("Would be erased:\n")
    assert "What stays, and why:" in shown.out
    assert there["fields"]["email"] == PERSON
    assert (before["erased"], after["erased"]) == (0, done["erased"]["audit_events"])
    assert after["ok"]
    assert gone.error[0] == "not_found"
    assert (again["was_erased"], again["erased"]) == (True, {})
    assert "Siobh" not in str(terminal.json("records", "find", "Siobhan O'Connor")["records"])


def test_the_record_says_that_it_was_erased(terminal: Terminal) -> None:
    person = terminal.json("erase", "Renate Groß-Hartmann")["individual_id"]
    newest = terminal.json("audit", "list", "--record", person)["changes"][0]
    past = terminal.run("records", "get", person, "--as-of", "2026-11-19", "--json")
    undone = terminal.run("undo", newest["change_id"])

    assert (newest["label"], newest["reason"], newest["action"]) == (
        "Erased person", "Personal data was erased.", "delete",
    )  # fmt: skip
    assert past.error == ("not_found", "What 'Erased person' was then has been erased for good.")
    assert undone.out == "Left as it is: personal data of individual Erased person is erased for good now, not empty.\n"


def test_bad_input_is_one_sentence(terminal: Terminal) -> None:
    several = terminal.run("erase", "Anna Schmidt")
    nobody = terminal.run("erase", "Nobody Atall")
    viewer = terminal.run("erase", "Claire Fontaine", "--as", "manager@brightwater.example")
    company = terminal.run("erase", _id_of(terminal, "account"))

    assert (several.code, several.out) == (1, "")
    assert "individuals are called Anna Schmidt: " in several.err
    assert several.err.endswith("Give an id or an e-mail.\n")
    assert nobody.err == (
        "No individual has 'Nobody Atall' as its id, e-mail address or whole name; `records find` shows who there is.\n"
    )
    assert viewer.err == "Only an admin may erase a person's data.\n"
    assert company.err.startswith("No individual has ")


def _id_of(terminal: Terminal, kind: str) -> str:
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"]) as admin:
        found = admin.execute("SELECT id::text FROM crm.records WHERE kind = %s LIMIT 1", [kind]).fetchone()
    assert found is not None
    return str(found[0])
