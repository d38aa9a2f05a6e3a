"""What a person did: an agent takes it back only when a person says so; what a deletion takes away is told whole."""

import pytest

from tests.tools.desk import Desk
from tests.tools.proposing import agent_of, approved, proposed, shown
from tools.approvals import get_approval

promise = pytest.mark.promise


@promise("gate:human")
def test_an_agent_takes_back_a_persons_work_only_when_approved(desk: Desk) -> None:
    made = desk.create("task", title="Call the bank")
    approval_id = proposed(desk, "undo", change_id=made["changes"][0])
    assert desk.find(kinds=["task"])["total"] == 1
    assert get_approval(desk.context, approval_id)["rule"] == "persons_work"
    approved(desk, approval_id)
    assert desk.find(kinds=["task"])["total"] == 0


@promise("gate:human")
def test_an_agent_takes_back_its_own_work_by_itself(desk: Desk) -> None:
    made = agent_of(desk).create("task", title="Call the bank")
    agent_of(desk).ok("undo", change_id=made["changes"][0])
    assert desk.find(kinds=["task"])["total"] == 0


@promise("audit:joined")
def test_a_deletion_tells_every_field_that_goes_whichever_table_it_lies_in(desk: Desk) -> None:
    deal = desk.create("opportunity", name="Pumps", amount="100.00")
    desk.update(deal, amount="250.00")
    approval_id = proposed(desk, "delete_record", record_id=deal["record_id"])
    (change,) = shown(desk, approval_id)
    assert (change["before"]["amount"], change["before"]["stage"], change["after"]) == ("250.00", "new", None)
    (made,) = approved(desk, approval_id).changes
    assert made["before"]["amount"] == "250.00"
    restored = desk.ok("restore_record", record_id=deal["record_id"])["record"]
    desk.update(restored, amount="300.00")
    (again,) = shown(desk, proposed(desk, "delete_record", record_id=deal["record_id"]))
    assert again["before"]["amount"] == "300.00"
