"""undo: each kind of change comes back, newer work is left and listed, and an undo can be undone."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.tools.desk import Desk
from tools.approvals import approve

promise = pytest.mark.promise


def undo(desk: Desk, change: str) -> dict[str, Any]:
    return desk.ok("undo", change_id=change)


@promise("undo:any")
def test_an_update_is_taken_back(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="9999999999999999.99", expected_close_date="2026-12-01")
    changed = desk.update(made, amount="1.5", expected_close_date=None, stage="won", description="x", tags=["a"])
    result = undo(desk, changed["changes"][0])
    assert result["conflicts"] == []
    assert set(result["undone"][0]["fields"]) == set(changed["changed"])
    fields = desk.fields(made)
    assert fields["amount"] == "9999999999999999.99"
    assert (fields["expected_close_date"], fields["stage"], fields["closed_at"], fields["description"]) == (
        "2026-12-01",
        "new",
        None,
        None,
    )
    assert fields["tags"] == []
    assert len(result["changes"]) == 1


@promise("undo:any")
def test_a_field_changed_since_is_left_and_listed(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100", source="web")
    changed = desk.update(made, amount="200", source="fair")
    desk.as_role("manager").update(made, amount="300")
    result = undo(desk, changed["changes"][0])
    assert result["conflicts"] == [
        {
            "kind": "opportunity",
            "record_id": made["record_id"],
            "label": "Wind park",
            "field": "amount",
            "expected": "200.00",
            "found": "300.00",
        }
    ]
    assert result["undone"][0]["fields"] == ["source"]
    fields = desk.fields(made)
    assert (fields["amount"], fields["source"]) == ("300.00", "web")


@promise("undo:any")
def test_a_create_is_taken_back_by_a_delete(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    result = undo(desk, made["changes"][0])
    assert [each["action"] for each in result["undone"]] == ["delete"]
    assert desk.find("Nordlicht", kinds=["account"])["total"] == 0


@promise("undo:any")
def test_a_create_whose_record_moved_on_is_left(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    desk.as_role("manager").update(made, tier="smb")
    result = undo(desk, made["changes"][0])
    assert (result["undone"], result["changes"]) == ([], [])
    assert [each["field"] for each in result["conflicts"]] == ["tier"]
    assert desk.find("Nordlicht", kinds=["account"])["total"] == 1


@promise("undo:any")
def test_a_create_that_others_build_on_is_left(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    desk.create("opportunity", name="Wind park", account_id=made["record_id"])
    result = undo(desk, made["changes"][0])
    assert [(each["field"], each["found"]) for each in result["conflicts"]] == [("used by", "opportunity Wind park")]


@promise("undo:any")
def test_a_delete_and_a_restore_are_taken_back(desk: Desk) -> None:
    made = desk.create("task", title="Call")
    deleted = desk.ok("delete_record", record_id=made["record_id"])
    undone = undo(desk, deleted["changes"][0])
    assert undone["undone"][0]["action"] == "restore"
    assert desk.fields(made)["title"] == "Call"
    deleted = desk.ok("delete_record", record_id=made["record_id"])
    restored = desk.ok("restore_record", record_id=made["record_id"])
    assert undo(desk, restored["changes"][0])["undone"][0]["action"] == "delete"
    assert desk.refusal("get_record", record_id=made["record_id"])[0] == "not_found"


@promise("undo:any")
def test_tags_and_participants_come_back(desk: Desk) -> None:
    maria = desk.create("contact", full_name="Maria Lopez")
    call = desk.create("interaction", kind="call", about_id=maria["record_id"], tags=["a", "b"])
    before = desk.fields(call)
    changed = desk.update(call, participants=[], tags=["b", "c"])
    undo(desk, changed["changes"][0])
    after = desk.fields(call)
    assert (after["participants"], after["tags"]) == (before["participants"], ["a", "b"])


@promise("undo:any")
def test_an_undo_can_be_undone(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100")
    changed = desk.update(made, amount="200")
    first = undo(desk, changed["changes"][0])
    undo(desk, first["changes"][0])
    assert desk.fields(made)["amount"] == "200.00"


@promise("undo:any")
def test_undoing_twice_says_nothing_is_left(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100")
    changed = desk.update(made, amount="200")
    undo(desk, changed["changes"][0])
    assert "Nothing is left to undo" in desk.refusal("undo", change_id=changed["changes"][0])[1]


@promise("undo:any")
def test_a_run_is_taken_back_newest_first(desk: Desk) -> None:
    kept = desk.create("account", name="Kept", tier="smb")
    doomed = desk.create("task", title="Doomed")
    run = desk.new_run("Set up Nordlicht")
    agent = desk.within(run_id=run, via_agent=True, model="offline", prompt="Set up Nordlicht")
    account = agent.create("account", name="Nordlicht")
    contact = agent.create("contact", full_name="Maria Lopez", account_id=account["record_id"])
    agent.create("opportunity", name="Wind", account_id=account["record_id"], contact_id=contact["record_id"])
    agent.update(account, tier="enterprise")
    agent.update(kept, tier="enterprise")
    asked = agent.call("delete_record", record_id=doomed["record_id"])
    approve(desk.context, UUID(asked.result["proposal"]["approval_id"]))
    result = desk.ok("undo", run_id=str(run))
    assert result["conflicts"] == []
    assert [each["action"] for each in result["undone"]] == [
        "restore",
        "update",
        "update",
        "delete",
        "delete",
        "delete",
        "delete",
    ]
    assert desk.fields(kept)["tier"] == "smb"
    assert desk.fields(doomed)["title"] == "Doomed"
    assert desk.find(kinds=["account"])["total"] == 1
    assert desk.find(kinds=["individual"])["total"] == 0
    assert "Nothing is left" in desk.refusal("undo", run_id=str(run))[1]


@promise("undo:any")
def test_an_update_of_a_record_deleted_since_is_left(desk: Desk) -> None:
    made = desk.create("task", title="Call")
    changed = desk.update(made, title="Call again")
    desk.ok("delete_record", record_id=made["record_id"])
    result = undo(desk, changed["changes"][0])
    assert [each["field"] for each in result["conflicts"]] == ["deleted_at"]
    assert result["undone"] == []


@promise("undo:any")
def test_a_status_moved_on_keeps_its_moment(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park")
    changed = desk.update(made, stage="won", description="x")
    desk.update(made, stage="negotiation")
    desk.update(made, stage="lost")
    result = undo(desk, changed["changes"][0])
    assert {each["field"]: each["found"] for each in result["conflicts"]} == {"stage": "lost", "probability": "0.00"}
    fields = desk.fields(made)
    assert (fields["stage"], fields["description"], fields["closed_at"] is None) == ("lost", None, False)


@promise("undo:any")
def test_without_an_id_the_askers_latest_run_is_taken_back(desk: Desk) -> None:
    kept = desk.create("account", name="Kept", tier="smb")
    for tier in ("mid_market", "enterprise"):
        agent = desk.within(
            run_id=desk.new_run(f"Make it {tier}"), via_agent=True, model="offline", prompt="Make it so"
        )
        agent.update(kept, tier=tier)
    assert "None of your runs" in desk.as_role("manager").refusal("undo")[1]
    desk.ok("undo")
    assert desk.fields(kept)["tier"] == "mid_market"
    assert "Nothing is left" in desk.refusal("undo")[1]


def test_undo_takes_a_run_or_a_change(untouched: Desk) -> None:
    both = {"run_id": str(uuid4()), "change_id": str(uuid4())}
    assert "not both" in untouched.refusal("undo", **both)[1]
    assert untouched.refusal("undo", change_id=str(uuid4()))[0] == "not_found"
    assert untouched.refusal("undo", run_id=str(uuid4()))[0] == "not_found"


def test_the_record_as_of_a_moment_before(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100.00", tags=["a"])
    later = desk.at(timedelta(days=10))
    later.update(made, amount="200", stage="proposal", tags=["b"])
    then = later.ok("get_record", record_id=made["record_id"], as_of="2026-11-25")
    assert then["record"]["fields"]["amount"] == "100.00"
    assert (then["record"]["fields"]["stage"], then["record"]["fields"]["tags"]) == ("new", ["a"])
    assert [each["type"] for each in then["timeline"]] == ["change"]
    assert "did not exist then" in later.refusal("get_record", record_id=made["record_id"], as_of="2026-11-01")[1]
