"""Dry runs: every write is shown exactly as it would be, on top of the ones before, and nothing of it stays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from schema import audit
from tests.tools.desk import Desk
from tests.tools.proposing import agent_of, moment
from tools.approvals import approve, list_approvals
from tools.calls import ToolOutcome
from tools.proposals import SAMPLE

promise = pytest.mark.promise
Calls = Callable[[Desk], list[tuple[str, dict[str, Any]]]]


def creates(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    account = desk.create("account", name="Nordlicht")["record_id"]
    return [
        ("create_record", {"kind": "opportunity", "fields": {"name": "Wind", "amount": "10", "account_id": account}}),
        ("create_record", {"kind": "contact", "fields": {"full_name": "Zoë Ørsted", "account_id": account}}),
        ("create_record", {"kind": "task", "fields": {"title": "Call", "about_id": account, "tags": ["Key"]}}),
        ("create_record", {"kind": "interaction", "fields": {"kind": "call", "body": "Hi", "about_id": account}}),
    ]


def updates(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    made = desk.create("opportunity", name="Wind", amount="10", tags=["old"])["record_id"]
    return [
        ("update_record", {"record_id": made, "fields": {"amount": "12.5", "stage": "proposal", "tags": ["new"]}}),
        ("update_record", {"record_id": made, "fields": {"amount": "13", "stage": "won"}}),
        ("delete_record", {"record_id": made}),
        ("restore_record", {"record_id": made}),
    ]


def bulk(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    for number in range(7):
        desk.create("task", title=f"Call {number}")
    some = {"kind": "task", "where": ["is_open = true"], "fields": {"priority": "high", "tags": ["Autumn"]}}
    return [("update_records", some), ("update_records", {**some, "fields": {"status": "done"}})]


def merge(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    kept = desk.create("account", name="Nordlicht")["record_id"]
    other = desk.create("account", name="Südwind", tags=["key"])["record_id"]
    desk.create("note", body="About the other", about_id=other)
    return [("merge_records", {"keep_id": kept, "other_ids": [other]})]


def undos(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    made = desk.create("account", name="Nordlicht")
    changed = desk.update(made, tier="smb", tags=["key"])
    return [("undo", {"change_id": changed["changes"][0]}), ("undo", {"change_id": made["changes"][0]})]


ALL: dict[str, Calls] = {"creates": creates, "updates": updates, "bulk": bulk, "merge": merge, "undos": undos}
each = pytest.mark.parametrize("calls", ALL.values(), ids=ALL)


def dry(desk: Desk) -> Desk:
    """The user's agent in a dry run."""
    agent = agent_of(desk)
    return Desk(agent.database, replace(agent.context, rehearsed=[]))


def sample(outcome: ToolOutcome) -> list[dict[str, Any]]:
    assert outcome.outcome == "proposed", outcome.result
    found: list[dict[str, Any]] = outcome.result["proposal"]["sample"]
    return found


def without_ids(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A rehearsed record's own id is never used again."""
    return [
        {
            "action": change["action"],
            "kind": change["kind"],
            "label": change["label"],
            "before": _plain(change["before"]),
            "after": _plain(change["after"]),
        }
        for change in changes
    ]


def _plain(side: dict[str, Any] | None) -> dict[str, Any] | None:
    return side and {name: value for name, value in side.items() if not name.endswith("_id")}


@promise("gate:human")
@each
def test_it_shows_what_is_then_really_done(desk: Desk, calls: Calls) -> None:
    todo = calls(desk)
    rehearsing = dry(desk)
    shown = [sample(rehearsing.call(tool, **args)) for tool, args in todo]
    done = [really_done(desk, tool, args) for tool, args in todo]
    assert [without_ids(each) for each in shown] == [without_ids(each)[:SAMPLE] for each in done]


def really_done(desk: Desk, tool: str, args: dict[str, Any]) -> list[dict[str, Any]]:
    outcome = agent_of(desk).call(tool, **args)
    if outcome.outcome == "proposed":
        return approve(desk.context, UUID(outcome.result["proposal"]["approval_id"])).changes
    assert outcome.outcome == "ok", outcome.result
    with desk.database.read(desk.who) as session:
        return audit.as_changes(session, audit.events_of(session, [UUID(each) for each in outcome.result["changes"]]))


@promise("gate:human")
@each
def test_nothing_of_it_stays_but_its_record(desk: Desk, calls: Calls) -> None:
    todo = calls(desk)
    before = moment(desk.database)
    rehearsing = dry(desk)
    for tool, args in todo:
        sample(rehearsing.call(tool, **args))
    assert moment(desk.database).is_as(before)
    assert list_approvals(desk.context)["total"] == 0
    kept = list_approvals(desk.context, status="discarded")["approvals"]
    assert {each["why"] for each in kept} == {"it is a dry run"}
    assert len(kept) == len(todo)


def test_later_calls_build_on_earlier_ones(desk: Desk) -> None:
    rehearsing = dry(desk)
    made = rehearsing.call("create_record", kind="account", fields={"name": "Nordlicht"})
    account: str = made.result["would_be"]["record"]["record_id"]
    (change,) = sample(
        rehearsing.call("create_record", kind="opportunity", fields={"name": "Wind", "account_id": account})
    )
    assert change["after"]["account_name"] == "Nordlicht"
    found = rehearsing.find("Nordlicht", kinds=["account"])
    assert [each["record_id"] for each in found["records"]] == [account]
    renamed = sample(rehearsing.call("update_record", record_id=account, fields={"name": "Südwind"}))
    assert (renamed[0]["before"], renamed[0]["after"]) == ({"name": "Nordlicht"}, {"name": "Südwind"})
    assert desk.find("Nordlicht", kinds=["account"])["total"] == 0


def test_what_would_fail_fails(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")["record_id"]
    rehearsing = dry(desk)
    sample(rehearsing.call("delete_record", record_id=made))
    kind, message = rehearsing.refusal("update_record", record_id=made, fields={"tier": "smb"})
    assert (kind, "deleted" in message) == ("not_found", True)
    viewer = dry(desk.as_role("viewer"))
    assert viewer.refusal("create_record", kind="note", fields={"body": "x"})[0] == "denied"


def test_a_dry_run_holds_no_row_between_its_calls(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    rehearsing = dry(desk)
    sample(rehearsing.call("update_record", record_id=made["record_id"], fields={"tier": "smb"}))
    desk.as_role("manager").update(made, tier="enterprise")
    again = sample(rehearsing.call("update_record", record_id=made["record_id"], fields={"name": "Südwind"}))
    assert again[0]["before"] == {"name": "Nordlicht"}
    assert desk.fields(made)["tier"] == "enterprise"
