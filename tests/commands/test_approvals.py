"""`approvals`, `ask --yes` and `ask --dry-run`: what waits for a person, from the terminal to the audit log."""

from typing import Any

import psycopg
import pytest

from evals import snapshot
from evals.snapshot import Snapshot
from tests.commands.terminal import Terminal

promise = pytest.mark.promise

PROPOSAL = ["approval_id", "fingerprint", "action", "kind", "count", "sample", "expires_at"]
MEMBER = ("--as", "member@brightwater.example")
VIEWER = ("--as", "viewer@brightwater.example")
MANAGER = ("--as", "manager@brightwater.example")


def rows(terminal: Terminal) -> Snapshot:
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"], autocommit=True) as admin:
        return snapshot.take(admin)


def named(terminal: Terminal, name: str, *who: str) -> str:
    """A new opportunity of this name."""
    created = terminal.json(
        "records", "create", "opportunity", f"name={name}", "amount=100", "--reason", "A test", *who
    )
    record: dict[str, Any] = created["record"]
    return str(record["record_id"])


def asked(terminal: Terminal, name: str, *more: str) -> dict[str, Any]:
    return terminal.json("ask", f"delete the opportunity {name}", *more)


@promise("gate:human")
@promise("audit:joined")
def test_a_deletion_waits_is_shown_and_is_approved(terminal: Terminal) -> None:
    record_id = named(terminal, "Quayside cranes")
    before = rows(terminal)
    result = asked(terminal, "Quayside cranes")
    assert (result["status"], result["changes"]) == ("needs_approval", [])
    (proposal,) = result["proposals"]
    assert list(proposal) == PROPOSAL
    assert (proposal["action"], proposal["kind"], proposal["count"]) == ("delete", "opportunity", 1)
    assert proposal["sample"][0]["record_id"] == record_id

    short = proposal["approval_id"][:18]
    listed = terminal.json("approvals", "list")["approvals"]
    assert proposal["approval_id"] in [each["approval_id"] for each in listed]
    shown = terminal.json("approvals", "show", short)
    assert (shown["fingerprint"], shown["status"]) == (proposal["fingerprint"], "pending")
    assert before.changed_keys(rows(terminal)) == {}

    decided = terminal.json("approvals", "approve", short)
    assert (decided["approval"]["status"], decided["run"]["status"]) == ("approved", "completed")
    done = [{name: change[name] for name in shown["changes"][0]} for change in decided["changes"]]
    assert done == shown["changes"]
    (logged,) = terminal.json("audit", "list", "--run", result["run_id"])["changes"]
    assert (logged["approval_id"], logged["approved_by"]) == (proposal["approval_id"], "admin@brightwater.example")
    again = terminal.run("approvals", "approve", short, "--json")
    assert (again.code, again.error[0]) == (1, "conflict")


@promise("gate:human")
def test_a_rejection_changes_nothing_and_ends_the_run(terminal: Terminal) -> None:
    named(terminal, "Tidal mills")
    before = rows(terminal)
    result = asked(terminal, "Tidal mills")
    decided = terminal.json("approvals", "reject", result["proposals"][0]["approval_id"], "--reason", "They still pay")
    assert (decided["approval"]["status"], decided["approval"]["decision_reason"]) == ("rejected", "They still pay")
    assert (decided["changes"], decided["run"]["changes"]) == ([], [])
    assert decided["run"]["tool_calls"][-1]["outcome"] == "denied"
    assert before.changed_keys(rows(terminal)) == {}


@promise("gate:human")
def test_yes_decides_as_oneself(terminal: Terminal) -> None:
    named(terminal, "Harbour lights")
    result = asked(terminal, "Harbour lights", "--yes")
    assert (result["status"], result["proposals"]) == ("completed", [])
    assert [(each["action"], each["label"]) for each in result["changes"]] == [("delete", "Harbour lights")]
    (logged,) = terminal.json("audit", "list", "--run", result["run_id"])["changes"]
    assert logged["approved_by"] == "admin@brightwater.example"


@promise("gate:human")
@promise("rights:user")
@pytest.mark.parametrize("who", [VIEWER, MEMBER], ids=["viewer", "member"])
def test_yes_gives_no_right_that_one_has_not(terminal: Terminal, who: tuple[str, str]) -> None:
    named(terminal, f"Ferry pier {who[1]}")
    before = rows(terminal)
    ran = terminal.run("ask", f"delete the opportunity Ferry pier {who[1]}", "--yes", "--json", *who)
    assert ran.json["changes"] == []
    assert before.changed_keys(rows(terminal)) == {}


@promise("gate:human")
@promise("rights:user")
def test_who_decides_is_who_may(terminal: Terminal) -> None:
    named(terminal, "Signal buoys", *MEMBER)
    approval_id = asked(terminal, "Signal buoys", *MEMBER)["proposals"][0]["approval_id"]
    for command in ("show", "approve", "reject"):
        ran = terminal.run("approvals", command, approval_id, "--json", *VIEWER)
        assert (ran.code, ran.error[0]) == (1, "not_found")
    decided = terminal.json("approvals", "approve", approval_id, *MANAGER)
    assert (decided["approval"]["asked_by"], decided["approval"]["decided_by"]) == (MEMBER[1], MANAGER[1])
    assert decided["changes"][0]["on_behalf_of"] == MEMBER[1]


@promise("gate:human")
@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("Dredging", "delete the opportunity {name}"),
        ("Slipway", "set {name} to 7k"),
        ("Breakwater", "add a note to {name}: hello"),
        ("Gangway", "show {name}"),
    ],
)
def test_a_dry_run_shows_and_changes_nothing(terminal: Terminal, name: str, request_: str) -> None:
    named(terminal, name)
    before = rows(terminal)
    events = terminal.json("audit", "list", "--limit", "1")["total"]
    waiting = terminal.json("approvals", "list")["total"]
    ran = terminal.run("ask", request_.format(name=name), "--dry-run", "--json")
    result = ran.json
    assert result["changes"] == []
    assert all(list(proposal) == PROPOSAL for proposal in result["proposals"])
    assert before.changed_keys(rows(terminal)) == {}
    assert terminal.json("audit", "list", "--limit", "1")["total"] == events
    assert terminal.json("approvals", "list")["total"] == waiting
    for proposal in result["proposals"]:
        refused = terminal.run("approvals", "approve", proposal["approval_id"], "--json")
        assert (refused.code, "dry run" in refused.error[1]) == (1, True)


def test_a_dry_run_proposes_what_it_would_do(terminal: Terminal) -> None:
    record_id = named(terminal, "Lock gates")
    result = terminal.json("ask", "set Lock gates to 7k", "--dry-run")
    (proposal,) = result["proposals"]
    (change,) = proposal["sample"]
    assert (proposal["action"], change["record_id"], change["after"]["amount"]) == ("update", record_id, "7000.00")
    assert (result["status"], "dry run" in result["answer"]) == ("completed", True)


def test_yes_and_dry_run_exclude_each_other(terminal: Terminal) -> None:
    assert terminal.run("ask", "delete X", "--yes", "--dry-run").code == 2


def test_people_see_what_waits_and_how_to_decide(terminal: Terminal) -> None:
    named(terminal, "Beacon works")
    asked_ = terminal.run("ask", "delete the opportunity Beacon works")
    assert (asked_.code, "waits for your approval" in asked_.out) == (0, True)
    assert "crm-agent approvals approve|reject " in asked_.out
    listed = terminal.run("approvals", "list")
    assert "Beacon works" in listed.out
    approval_id = terminal.json("approvals", "list", "--limit", "1")["approvals"][0]["approval_id"]
    shown = terminal.run("approvals", "show", approval_id)
    assert "delete opportunity Beacon works" in shown.out
    done = terminal.run("approvals", "approve", approval_id)
    assert (done.code, "Approved" in done.out, "crm-agent undo " in done.out) == (0, True, True)
    nothing = terminal.run("approvals", "list", *VIEWER)
    assert "Nothing waits" in nothing.out


def test_lists_go_on_and_filter_by_status(terminal: Terminal) -> None:
    everything = terminal.json("approvals", "list", "--status", "all", "--limit", "200")
    first = terminal.json("approvals", "list", "--status", "all", "--limit", "1")
    second = terminal.json("approvals", "list", "--status", "all", "--limit", "1", "--cursor", first["next_cursor"])
    assert first["approvals"] + second["approvals"] == everything["approvals"][:2]
    for status in ("approved", "rejected", "discarded"):
        found = terminal.json("approvals", "list", "--status", status)["approvals"]
        assert found
        assert {each["status"] for each in found} == {status}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "01926796-0168-728e-8ce9-31e58c79314c"), 1),
        (("approve", "01926796-0168-728e-8ce9-31e58c79314c"), 1),
        (("reject", "nonsense"), 1),
        (("list", "--status", "odd"), 2),
        (("approve",), 2),
    ],
)
def test_what_is_not_there_is_one_sentence(terminal: Terminal, arguments: tuple[str, ...], code: int) -> None:
    ran = terminal.run("approvals", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err


@promise("gate:human")
def test_a_run_that_cannot_go_on_does_not_hide_that_the_change_was_made(terminal: Terminal) -> None:
    record_id = named(terminal, "Pilot boats")
    result = asked(terminal, "Pilot boats")
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"]) as admin:
        admin.execute("UPDATE crm.runs SET model = 'nobody-knows-it' WHERE id = %s", [result["run_id"]])
    ran = terminal.run("approvals", "approve", result["proposals"][0]["approval_id"], "--json")
    assert (ran.code, ran.json["run"], ran.json["changes"][0]["record_id"]) == (0, None, record_id)
    assert "does not go on" in ran.err
