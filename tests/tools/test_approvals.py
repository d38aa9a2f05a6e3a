"""Proposals: shown exactly, decided once, by who may, and for what was shown or not at all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from schema.errors import CrmError
from schema.session import Change
from tests.tools.desk import Desk
from tests.tools.proposing import (
    agent_of,
    approval_row,
    approved,
    call_of,
    done,
    moment,
    outcome_of,
    proposed,
    shown,
    status,
)
from tools.approvals import approve, get_approval, list_approvals, reject
from tools.records.tables import USERS

promise = pytest.mark.promise
Propose = Callable[[Desk], UUID]


def deletion(desk: Desk, name: str = "Nordlicht") -> UUID:
    made = desk.create("account", name=name, tags=["key"])
    return proposed(desk, "delete_record", record_id=made["record_id"])


def deletion_of_a_call(desk: Desk) -> UUID:
    person = desk.create("individual", given_name="Zoë", family_name="Ørsted")
    made = desk.create(
        "interaction",
        kind="call",
        body="Hello",
        participants=[{"individual_id": person["record_id"], "role": "callee"}],
    )
    return proposed(desk, "delete_record", record_id=made["record_id"])


def bulk(desk: Desk) -> UUID:
    for number in range(1, 8):
        desk.create("opportunity", name=f"Deal {number}", amount=f"{number}000.50", tags=["Old"])
    return proposed(
        desk,
        "update_records",
        kind="opportunity",
        where=["stage = new"],
        fields={"stage": "won", "tags": ["Autumn"], "amount": "12.5"},
    )


def bulk_undo(desk: Desk) -> UUID:
    for number in range(1, 8):
        desk.create("task", title=f"Call {number}", tags=["old"])
    changed = desk.ok("update_records", kind="task", where=["is_open = true"], fields={"status": "done", "tags": []})
    assert len(changed["changes"]) == 7
    run = agent_of(desk)
    many = run.call("update_records", kind="task", where=["status = done"], fields={"status": "open"})
    first = UUID(many.result["proposal"]["approval_id"])
    approve(desk.context, first)
    return proposed(desk, "undo", run_id=str(approval_row(desk, first)["run_id"]))


PROPOSALS: dict[str, Propose] = {
    "delete": deletion,
    "delete with participants": deletion_of_a_call,
    "bulk": bulk,
    "undo of many": bulk_undo,
}
each_kind = pytest.mark.parametrize("propose", PROPOSALS.values(), ids=PROPOSALS)


def error_of(call: Callable[..., Any], *args: Any) -> tuple[str, str]:
    with pytest.raises(CrmError) as caught:
        call(*args)
    return caught.value.kind, caught.value.message


@promise("gate:human")
@each_kind
def test_what_is_done_is_exactly_what_was_shown(desk: Desk, propose: Propose) -> None:
    approval_id = propose(desk)
    wanted = shown(desk, approval_id)
    decided = approved(desk, approval_id)
    assert wanted
    assert done(decided) == wanted
    assert (decided.approval["status"], decided.approval["decided_by"]) == ("approved", desk.who.email)
    row = call_of(desk, approval_id)
    assert row["outcome"] == "ok"
    assert row["result"]["changes"] == [change["change_id"] for change in decided.changes]


@promise("gate:human")
@each_kind
def test_nothing_is_changed_before_a_person_decides(desk: Desk, propose: Propose) -> None:
    approval_id = propose(desk)
    before = moment(desk.database)
    get_approval(desk.context, approval_id)
    list_approvals(desk.context)
    args: dict[str, Any] = approval_row(desk, approval_id)["args"]
    again = agent_of(desk).call(approval_row(desk, approval_id)["tool"], **args)
    assert again.outcome == "proposed"
    assert moment(desk.database).is_as(before)
    reject(desk.context, approval_id, "Not today")
    assert moment(desk.database).is_as(before)


@promise("gate:human")
@promise("audit:joined")
@each_kind
def test_the_log_says_who_approved_what(desk: Desk, propose: Propose) -> None:
    approval_id = propose(desk)
    boss = desk.as_role("manager")
    decided = approved(boss, approval_id)
    for change in decided.changes:
        assert change["approval_id"] == str(approval_id)
        assert change["approved_by"] == boss.who.email
        assert (change["actor"], change["on_behalf_of"]) == ("agent:offline", desk.who.email)
        assert (change["via_agent"], change["prompt"]) == (True, "Tidy up")
        assert change["tool_call_id"] == str(call_of(desk, approval_id)["id"])


@promise("gate:human")
def test_a_proposal_is_approved_once(desk: Desk) -> None:
    approval_id = deletion(desk)
    approved(desk, approval_id)
    after = moment(desk.database)
    kind, message = error_of(approve, desk.context, approval_id)
    assert (kind, desk.who.email in message, "approved" in message) == ("conflict", True, True)
    assert error_of(reject, desk.context, approval_id)[0] == "conflict"
    assert moment(desk.database).is_as(after)
    assert outcome_of(desk, approval_id)[0] == "ok"


@promise("gate:human")
def test_a_rejected_one_is_not_made_and_the_model_is_told_why(desk: Desk) -> None:
    approval_id = deletion(desk)
    decided = reject(desk.context, approval_id, "  They still pay.\x00 ")
    assert (decided.approval["status"], decided.changes) == ("rejected", [])
    outcome, message = outcome_of(desk, approval_id)
    assert (outcome, "They still pay." in message, desk.who.name in message) == ("denied", True, True)
    assert error_of(approve, desk.context, approval_id)[0] == "conflict"
    assert desk.find("Nordlicht", kinds=["account"])["total"] == 1


@promise("gate:human")
@pytest.mark.parametrize("fields", [{"tier": "smb"}, {"tags": ["key", "new"]}, {"tags": []}], ids=str)
def test_rows_changed_since_make_a_fresh_proposal(desk: Desk, fields: dict[str, Any]) -> None:
    made = desk.create("account", name="Nordlicht", tags=["key"])
    old = proposed(desk, "delete_record", record_id=made["record_id"])
    desk.as_role("manager").update(made, **fields)
    before = moment(desk.database)
    kind, message = error_of(approve, desk.context, old)
    assert moment(desk.database).is_as(before)
    row = approval_row(desk, old)
    fresh: UUID = row["replaced_by"]
    assert (kind, row["status"], str(fresh) in message) == ("conflict", "stale", True)
    assert (status(desk, fresh), outcome_of(desk, fresh)[0]) == ("pending", "proposed")
    assert approval_row(desk, fresh)["fingerprint"] != row["fingerprint"]
    assert str(fresh) in error_of(approve, desk.context, old)[1]
    assert done(approved(desk, fresh)) == shown(desk, fresh)


@promise("gate:human")
def test_a_participant_added_since_makes_a_fresh_proposal(desk: Desk) -> None:
    people = [desk.create("individual", given_name=name, family_name="Ørsted") for name in ("Zoë", "Ada")]
    told = [{"individual_id": each["record_id"], "role": "attendee"} for each in people]
    made = desk.create("interaction", kind="meeting", body="Hello", participants=told[:1])
    old = proposed(desk, "delete_record", record_id=made["record_id"])
    desk.update(made, participants=told)
    assert error_of(approve, desk.context, old)[0] == "conflict"
    assert approval_row(desk, old)["status"] == "stale"


@promise("gate:human")
def test_rows_that_fit_the_filter_since_are_not_drawn_in(desk: Desk) -> None:
    approval_id = bulk(desk)
    late = desk.create("opportunity", name="Deal 8", amount="1")
    assert len(approved(desk, approval_id).changes) == 7
    assert desk.fields(late)["stage"] == "new"


@promise("gate:human")
def test_one_row_of_many_changed_makes_a_fresh_proposal_of_the_same_rows(desk: Desk) -> None:
    approval_id = bulk(desk)
    record = shown(desk, approval_id)[3]["record_id"]
    desk.update(record, amount="77")
    before = moment(desk.database)
    assert error_of(approve, desk.context, approval_id)[0] == "conflict"
    assert moment(desk.database).is_as(before)
    fresh: UUID = approval_row(desk, approval_id)["replaced_by"]
    changed = {each["record_id"]: each["before"] for each in shown(desk, fresh)}
    assert changed[record]["amount"] == "77.00"
    assert done(approved(desk, fresh)) == shown(desk, fresh)


@promise("gate:human")
def test_a_record_gone_meanwhile_ends_the_proposal_in_a_sentence(desk: Desk) -> None:
    approval_id = deletion(desk)
    record = shown(desk, approval_id)[0]["record_id"]
    desk.ok("delete_record", record_id=record)
    kind, message = error_of(approve, desk.context, approval_id)
    assert (kind, "can no longer be made" in message, "Nordlicht" in message) == ("conflict", True, True)
    assert status(desk, approval_id) == "stale"
    assert outcome_of(desk, approval_id) == ("failed", message.partition("made: ")[2])


@promise("gate:human")
def test_what_is_already_so_ends_the_proposal_in_a_sentence(desk: Desk) -> None:
    approval_id = bulk(desk)
    for change in shown(desk, approval_id):
        desk.update(change["record_id"], stage="won", tags=["Autumn"], amount="12.5")
    kind, message = error_of(approve, desk.context, approval_id)
    assert (kind, "Nothing is left to change" in message) == ("conflict", True)
    assert status(desk, approval_id) == "stale"
    assert outcome_of(desk, approval_id)[0] == "failed"


@promise("gate:human")
def test_an_undo_is_bound_to_the_run_that_was_shown(desk: Desk) -> None:
    agent = agent_of(desk)
    many = [agent.call("create_record", kind="task", fields={"title": f"Call {n}"}) for n in range(7)]
    assert all(each.outcome == "ok" for each in many)
    approval_id = proposed(desk, "undo")
    agent_of(desk).ok("create_record", kind="task", fields={"title": "Newer"})
    decided = approved(desk, approval_id)
    assert len(decided.changes) == 7
    assert desk.find("Newer", kinds=["task"])["total"] == 1


@promise("gate:human")
def test_nobody_decides_after_three_days(desk: Desk) -> None:
    approval_id = deletion(desk)
    assert status(desk.at(timedelta(hours=71, minutes=59)), approval_id) == "pending"
    late = desk.at(timedelta(hours=72))
    kind, message = error_of(approve, late.context, approval_id)
    assert (kind, "expired" in message) == ("conflict", True)
    assert error_of(reject, late.context, approval_id)[0] == "conflict"
    assert (status(desk, approval_id), outcome_of(desk, approval_id)[0]) == ("expired", "denied")
    assert desk.find("Nordlicht", kinds=["account"])["total"] == 1


@promise("gate:human")
def test_what_happens_at_the_moment_itself_does_not_make_it_another_change(desk: Desk) -> None:
    approval_id = bulk(desk)
    later = desk.at(timedelta(hours=5))
    decided = approved(later, approval_id)
    closed = {change["after"]["closed_at"] for change in decided.changes}
    assert closed == {"2026-11-20T14:30:00Z"}


@promise("gate:human")
@pytest.mark.parametrize("role", ["viewer", "nora"])
def test_who_may_not_see_a_proposal_does_not_decide_it(desk: Desk, role: str) -> None:
    approval_id = deletion(desk)
    other = desk.as_role(role)
    for decide in (approve, reject, get_approval):
        assert error_of(decide, other.context, approval_id)[0] == "not_found"
    assert list_approvals(other.context)["total"] == 0
    assert status(desk, approval_id) == "pending"


@promise("gate:human")
@promise("rights:user")
def test_a_member_decides_on_their_own_and_a_manager_on_everybodys(desk: Desk) -> None:
    member = desk.as_role("member")
    first, second = deletion(member), deletion(member, "Südwind")
    assert approved(member, first).approval["decided_by"] == member.who.email
    assert list_approvals(desk.as_role("manager").context)["total"] == 1
    assert approved(desk.as_role("manager"), second).approval["decided_by"] == desk.as_role("manager").who.email


@promise("gate:human")
@promise("rights:user")
def test_who_lost_the_right_meanwhile_decides_nothing(desk: Desk) -> None:
    member = desk.as_role("member")
    approval_id = deletion(member)
    _set(desk, member, role="viewer")
    assert error_of(approve, desk.as_role("member").context, approval_id)[0] == "denied"
    assert error_of(reject, desk.as_role("member").context, approval_id)[0] == "denied"


@promise("gate:human")
@promise("rights:user")
def test_the_agent_of_who_lost_the_right_changes_nothing(desk: Desk) -> None:
    member = desk.as_role("member")
    approval_id = deletion(member)
    _set(desk, member, role="viewer")
    before = moment(desk.database)
    kind, message = error_of(approve, desk.context, approval_id)
    assert (kind, member.who.email in message) == ("denied", True)
    assert moment(desk.database).is_as(before)
    assert status(desk, approval_id) == "pending"
    assert reject(desk.context, approval_id).approval["status"] == "rejected"


@promise("gate:human")
@promise("rights:user")
def test_the_agent_of_who_was_disabled_changes_nothing(desk: Desk) -> None:
    member = desk.as_role("member")
    approval_id = deletion(member)
    _set(desk, member, is_active=False)
    before = moment(desk.database)
    kind, message = error_of(approve, desk.context, approval_id)
    assert (kind, member.who.email in message, "disabled" in message) == ("denied", True, True)
    assert moment(desk.database).is_as(before)
    assert reject(desk.context, approval_id).approval["status"] == "rejected"


@promise("gate:human")
@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        ({"*"}, False),
        ({"*:*"}, False),
        ({"*:write", "approval:*"}, False),
        ({"record:write"}, False),
        ({"approval:write"}, True),
        ({"*", "approval:write"}, True),
    ],
)
def test_a_token_decides_only_when_it_says_so_by_name(desk: Desk, scopes: set[str], may: bool) -> None:
    approval_id = deletion(desk)
    token = desk.within(scopes=frozenset(scopes), channel="rest")
    if may:
        assert approved(token, approval_id).approval["status"] == "approved"
    else:
        assert "approval:write" in error_of(approve, token.context, approval_id)[1]
        assert error_of(reject, token.context, approval_id)[0] == "denied"
        assert status(desk, approval_id) == "pending"


@promise("gate:human")
@pytest.mark.parametrize(
    "circumstances", [{"via_agent": True}, {"run_id": uuid4()}, {"via_agent": True, "scopes": None}]
)
def test_no_agent_and_no_running_tool_decides(desk: Desk, circumstances: dict[str, Any]) -> None:
    approval_id = deletion(desk)
    for decide in (approve, reject):
        assert error_of(decide, desk.within(**circumstances).context, approval_id)[0] == "denied"
    assert status(desk, approval_id) == "pending"


@promise("rights:user")
def test_the_scopes_of_who_asked_hold_when_it_is_approved(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    narrow = desk.within(scopes=frozenset({"account:destroy"}))
    approval_id = proposed(narrow, "delete_record", record_id=made["record_id"])
    assert approval_row(desk, approval_id)["scopes"] == ["account:destroy"]
    assert approved(desk, approval_id).approval["status"] == "approved"


@promise("tenant:sealed")
def test_another_tenants_proposals_are_not_there(desk: Desk, open_desk: Callable[[], Desk]) -> None:
    approval_id = deletion(desk)
    other = open_desk()
    assert list_approvals(other.context, status=None)["total"] == 0
    for decide in (get_approval, approve, reject):
        assert error_of(decide, other.context, approval_id)[0] == "not_found"


def test_lists_go_on_from_page_to_page(desk: Desk) -> None:
    made = [deletion(desk, name) for name in ("Nord", "Harbour", "Quay", "Ferry", "Lighthouse")]
    first = list_approvals(desk.context, limit=2)
    second = list_approvals(desk.context, limit=2, after=UUID(first["next_cursor"]))
    third = list_approvals(desk.context, limit=2, after=UUID(second["next_cursor"]))
    found = [each["approval_id"] for page in (first, second, third) for each in page["approvals"]]
    assert found == [str(each) for each in reversed(made)]
    assert (first["total"], third["next_cursor"]) == (5, None)
    assert "changes" not in first["approvals"][0]
    assert error_of(lambda: list_approvals(desk.context, status="odd"))[0] == "invalid"


def test_numbers_of_any_spelling_are_the_same_change(desk: Desk) -> None:
    for number in range(6):
        desk.create("organization", name=f"Works {number}")
    where = ["organization_id is not null"]
    approval_id = proposed(
        desk, "update_records", kind="organization", where=where, fields={"annual_revenue": 1e15, "employee_count": 7.0}
    )
    assert len(approved(desk, approval_id).changes) == 6


def _set(desk: Desk, who: Desk, **values: Any) -> None:
    with desk.database.write(desk.who, Change(desk.database.world.new_id(), "Things changed")) as session:
        session.execute(sa.update(USERS).where(USERS.c.id == who.who.user_id).values(**values))
