"""`audit seal|verify|export` as people and programs call them."""

import json
from pathlib import Path

import psycopg
import pytest

from tests.commands.terminal import Terminal

promise = pytest.mark.promise
SMALL = ("--as", "manager@kestrel.example")
"""A tenant whose log is short."""


@pytest.fixture
def sealed(terminal: Terminal) -> Terminal:
    """The terminal after one more change was sealed."""
    terminal.json("records", "create", "note", "body=Sealed", "--reason", "Test")
    assert terminal.json("audit", "seal")["unsealed"] == 0
    return terminal


def test_sealing_says_how_many_and_nothing_is_left(sealed: Terminal) -> None:
    sealed.json("records", "create", "note", "body=One more", "--reason", "Test")
    before = sealed.json("audit", "verify")
    done = sealed.json("audit", "seal")
    after = sealed.json("audit", "verify")

    assert before["unsealed"] == done["sealed"] > 0
    assert (done["seals"], done["unsealed"]) == (1, 0)
    assert after == {
        "ok": True,
        "checked": before["checked"] + done["sealed"],
        "sealed": before["sealed"] + done["sealed"],
        "unsealed": 0,
        "erased": 0,
        "first_bad": None,
    }
    assert sealed.json("audit", "seal") == {"sealed": 0, "seals": 0, "unsealed": 0}
    assert sealed.run("audit", "seal").out == "Sealed 0 events.\n"
    assert sealed.run("audit", "verify").out.startswith("The log is as it was written: ")


def test_a_change_is_listed_as_sealed_once_it_is(sealed: Terminal) -> None:
    sealed.json("records", "create", "note", "body=Not yet", "--reason", "Test")
    newest, older = sealed.json("audit", "list", "--limit", "2")["changes"]
    assert (newest["sealed"], older["sealed"]) == (False, True)
    sealed.json("audit", "seal")
    assert sealed.json("audit", "show", newest["change_id"])["sealed"]


@promise("audit:sealed")
def test_a_touched_event_is_told_with_exit_code_1(sealed: Terminal) -> None:
    with psycopg.connect(sealed.environment["CRM_AGENT_DATABASE_URL"]) as admin:
        (event, reason) = admin.execute(
            "SELECT event_id, reason FROM crm.audit_events ORDER BY event_id DESC LIMIT 1"
        ).fetchall()[0]
        admin.execute("UPDATE crm.audit_events SET reason = 'Another one' WHERE event_id = %s", [event])
    try:
        told = sealed.run("audit", "verify", "--json")
        said = sealed.run("audit", "verify")
    finally:
        with psycopg.connect(sealed.environment["CRM_AGENT_DATABASE_URL"]) as admin:
            admin.execute("UPDATE crm.audit_events SET reason = %s WHERE event_id = %s", [reason, event])

    assert told.code == said.code == 1
    assert told.json["first_bad"] == {"event_id": event, "problem": "It was changed after it was sealed."}
    assert said.out == f"Event {event}: It was changed after it was sealed.\n"


def test_one_tenant_is_verified_alone(sealed: Terminal) -> None:
    counts = [sealed.json("audit", "verify", "--tenant", slug)["sealed"] for slug in ("brightwater", "kestrel")]

    assert min(counts) > 0
    assert sum(counts) == sealed.json("audit", "verify")["sealed"]
    assert sealed.run("audit", "verify", "--tenant", "nobody", "--json").error == ("not_found", "No tenant nobody.")


def test_an_export_verifies_where_there_is_no_installation(sealed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    sealed.json("records", "create", "note", "body=After the seal", "--reason", "Test", *SMALL)
    done = sealed.json("audit", "export", str(file), *SMALL)
    piped = sealed.run("audit", "export", "-", *SMALL)
    elsewhere = Terminal({"CRM_AGENT_HOME": str(tmp_path / "home")}, sealed.zygote)
    found = elsewhere.json("audit", "verify", "--file", str(file))
    key_id = found["key_id"]

    assert file.stat().st_mode & 0o777 == 0o600
    assert {**done, "file": ""} == {"file": "", "events": found["checked"] + 1, "seals": done["seals"], "unsealed": 1}
    assert found == {
        "ok": True, "checked": found["sealed"], "sealed": found["sealed"], "unsealed": 1, "erased": 0, "first_bad": None,
        "key_id": key_id, "trusted": False,
    }  # fmt: skip
    assert not (tmp_path / "home").exists()
    assert len(piped.out.splitlines()) == len(file.read_text(encoding="utf-8").splitlines())
    assert elsewhere.run("audit", "verify", "--file", "-", stdin=piped.out).code == 0
    assert elsewhere.json("audit", "verify", "--file", str(file), "--key", key_id)["trusted"]
    other = elsewhere.run("audit", "verify", "--file", str(file), "--key", "0" * 16, "--json")
    assert (other.code, other.json["ok"]) == (1, False)
    sealed.json("audit", "seal")


def test_only_admins_and_managers_export_the_log(sealed: Terminal, tmp_path: Path) -> None:
    ran = sealed.run("audit", "export", str(tmp_path / "log.jsonl"), "--as", "viewer@kestrel.example", "--json")

    assert (ran.code, ran.error[0]) == (1, "denied")
    assert list(tmp_path.iterdir()) == []


def test_an_export_does_not_overwrite_the_seals(sealed: Terminal) -> None:
    ran = sealed.run("audit", "export", sealed.environment["CRM_AGENT_SEALS"], "--json")

    assert (ran.code, ran.error[0]) == (1, "invalid")
    assert sealed.json("audit", "verify")["ok"]


@pytest.mark.parametrize("text", ["", "no json\n", "[]\n", '{"head": 1}\n'])
def test_what_is_no_export_is_one_sentence(sealed: Terminal, tmp_path: Path, text: str) -> None:
    (tmp_path / "log").write_text(text)
    ran = sealed.run("audit", "verify", "--file", str(tmp_path / "log"), "--json")

    assert (ran.code, ran.error[0]) == (1, "invalid")


def test_a_file_that_cannot_be_read_or_written_is_one_sentence(sealed: Terminal, tmp_path: Path) -> None:
    absent = sealed.run("audit", "verify", "--file", str(tmp_path / "absent"), "--json")
    nowhere = sealed.run("audit", "export", str(tmp_path / "no" / "log"), "--json")
    alone = sealed.run("audit", "verify", "--key", "1", "--json")

    assert (absent.code, absent.error[0]) == (nowhere.code, nowhere.error[0]) == (1, "invalid")
    assert alone.code == 2


def test_serving_seals_what_is_written(sealed: Terminal) -> None:
    with Terminal(sealed.environment).serving("--port", "0"):
        sealed.json("records", "create", "note", "body=While serving", "--reason", "Test")
    found = sealed.json("audit", "verify")

    assert (found["ok"], found["unsealed"]) == (True, 0)


def test_a_line_of_an_export_is_json_by_itself(sealed: Terminal) -> None:
    body = "Sealed\tnote\nwith a \\ in it"
    sealed.json("records", "create", "note", f"body={body}", "--reason", "Test", *SMALL)
    sealed.json("audit", "seal")
    log, *lines = [json.loads(line) for line in sealed.run("audit", "export", "-", *SMALL).out.splitlines()]

    assert set(log) == {"log"}
    assert lines[0]["head"]["batch"] == 1
    assert {"event", "batch", "position", "proof"} == set(lines[1])
    assert json.loads(lines[-1]["event"]["after"])["body"] == body
