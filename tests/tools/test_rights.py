"""Who may do what: every role and scope, tried through the tools."""

import pytest

from tests.tools.desk import Desk

promise = pytest.mark.promise

NOTHING = {"create": False, "update": False, "delete own": False, "delete other": False, "restore": False}
EVERYTHING = dict.fromkeys(NOTHING, True)
MAY = {
    "admin": EVERYTHING,
    "manager": EVERYTHING,
    "member": EVERYTHING | {"delete other": False},
    "viewer": NOTHING,
}


@promise("rights:user")
@pytest.mark.parametrize("role", list(MAY))
def test_each_role_may_what_the_table_says(desk: Desk, role: str) -> None:
    user = desk.as_role(role)
    owned = desk.create("account", name="Owned", owner_id=str(user.who.user_id))
    other = desk.create("account", name="Other")
    gone = desk.create("task", title="Gone")
    desk.ok("delete_record", record_id=gone["record_id"])
    tried = {
        "create": user.call("create_record", kind="note", fields={"body": "x"}),
        "update": user.call("update_record", record_id=other["record_id"], fields={"tier": "smb"}),
        "delete own": user.call("delete_record", record_id=owned["record_id"]),
        "delete other": user.call("delete_record", record_id=other["record_id"]),
        "restore": user.call("restore_record", record_id=gone["record_id"]),
    }
    assert {name: outcome.outcome for name, outcome in tried.items()} == {
        name: "ok" if may else "denied" for name, may in MAY[role].items()
    }
    assert user.find(kinds=["task"])["total"] == (1 if MAY[role]["restore"] else 0)


@promise("rights:user")
def test_an_agent_can_do_no_more_than_its_user(desk: Desk) -> None:
    viewer = desk.as_role("viewer")
    agent = viewer.within(run_id=viewer.new_run(), via_agent=True, model="offline", provider_call_id="c")
    assert agent.refusal("create_record", kind="note", fields={"body": "x"})[0] == "denied"


@promise("rights:user")
def test_undo_needs_the_rights_of_what_it_does(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    changed = desk.update(made, tier="smb")
    assert desk.as_role("viewer").refusal("undo", change_id=changed["changes"][0])[0] == "denied"
    desk.as_role("member").ok("undo", change_id=changed["changes"][0])
    kind, message = desk.as_role("member").refusal("undo", change_id=made["changes"][0])
    assert (kind, "somebody else's" in message) == ("denied", True)
    desk.as_role("manager").ok("undo", change_id=made["changes"][0])


@promise("rights:user")
def test_a_token_narrows_its_user(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    reader = desk.within(scopes=frozenset({"*:read"}))
    assert reader.find("Nordlicht")["total"] == 1
    assert reader.refusal("create_record", kind="note", fields={"body": "x"})[0] == "denied"
    notes = desk.within(scopes=frozenset({"note:*"}))
    notes.create("note", body="x")
    assert notes.refusal("update_record", record_id=made["record_id"], fields={"tier": "smb"})[0] == "denied"
    assert notes.refusal("get_record", record_id=made["record_id"])[0] == "denied"
    assert notes.refusal("find_records", query="x", kinds=["account"])[0] == "denied"
    assert notes.find("Nordlicht")["total"] == 0
    assert desk.within(scopes=frozenset()).refusal("find_records", query="x")[0] == "denied"


@promise("rights:user")
def test_a_token_cannot_widen_its_user(desk: Desk) -> None:
    viewer = desk.as_role("viewer", scopes=frozenset({"*"}))
    assert viewer.refusal("create_record", kind="note", fields={"body": "x"})[0] == "denied"
