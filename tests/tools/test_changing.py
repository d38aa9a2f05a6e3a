"""update_record, delete_record, restore_record: fields, moves, versions, and what they refuse."""

from uuid import uuid4

import pytest

from tests.tools.desk import Desk


def test_only_what_differs_is_changed(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100.00")
    result = desk.update(made, amount="100", description="Twelve turbines", tags=["Green"])
    assert result["changed"] == ["description", "tags"]
    assert result["record"]["fields"]["description"] == "Twelve turbines"
    assert result["record"]["fields"]["tags"] == ["green"]
    assert result["record"]["version"] == 2
    assert len(result["changes"]) == 1


def test_changing_nothing_leaves_the_record_alone(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    result = desk.update(made, name="Nordlicht", status="Prospect")
    assert (result["changed"], result["changes"], result["record"]["version"]) == ([], [], 1)


def test_null_empties_a_field_and_what_is_needed_cannot_be_emptied(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100")
    assert desk.update(made, amount=None)["record"]["fields"]["amount"] is None
    assert (
        "name of a record of kind opportunity cannot be empty"
        in desk.refusal("update_record", record_id=made["record_id"], fields={"name": ""})[1]
    )


def test_large_amounts_keep_every_cent(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="9999999999999999.99")
    assert desk.fields(made)["amount"] == "9999999999999999.99"


def test_winning_sets_closed_at_and_reopening_clears_it(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park")
    won = desk.update(made, stage="won")["record"]["fields"]
    assert (won["is_won"], won["closed_at"]) == (True, "2026-11-20T09:30:00Z")
    reopened = desk.update(made, stage="negotiation")["record"]["fields"]
    assert (reopened["is_open"], reopened["closed_at"]) == (True, None)


def test_the_probability_follows_the_stage_unless_set_by_hand(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park")
    moved = desk.update(made, stage="proposal")
    assert moved["changed"] == ["stage", "probability"]
    assert desk.update(made, stage="negotiation", probability="60")["record"]["fields"]["probability"] == "60.00"
    assert desk.update(made, stage="proposal")["changed"] == ["stage"]
    assert desk.update(made, stage="lost")["record"]["fields"]["probability"] == "0.00"


def test_staying_where_it_is_moves_nothing(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", probability="33")
    assert desk.update(made, stage="new")["changed"] == []


def test_a_forbidden_move_says_where_it_may_go(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", stage="won")
    kind, message = desk.refusal("update_record", record_id=made["record_id"], fields={"stage": "lost"})
    assert kind == "conflict"
    assert message == (
        "An opportunity cannot move from won to lost. From won it may go to: new, qualified, proposal, negotiation."
    )
    assert desk.fields(made)["stage"] == "won"


def test_completing_a_task_sets_completed_at(desk: Desk) -> None:
    made = desk.create("task", title="Send proposal")
    assert desk.update(made, status="done")["record"]["fields"]["completed_at"] == "2026-11-20T09:30:00Z"
    assert desk.update(made, status="in progress")["record"]["fields"]["completed_at"] is None


def test_a_contacts_name_and_email_are_its_individuals(desk: Desk) -> None:
    made = desk.create("contact", full_name="Maria Lopez", title="CFO")
    result = desk.update(made, full_name="Maria Ruiz", email="Maria@Acme.example", title="CEO")
    assert result["changed"] == ["title", "family_name", "email"]
    assert (result["record"]["label"], result["record"]["fields"]["email"]) == ("Maria Ruiz", "maria@acme.example")
    assert len(result["changes"]) == 2


def test_an_older_version_is_refused_and_says_who_changed_it(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="100")
    desk.as_role("manager").update(made, amount="200")
    kind, message = desk.refusal(
        "update_record", record_id=made["record_id"], fields={"amount": "300"}, if_version=made["version"]
    )
    assert kind == "conflict"
    assert "manager@harbour.example changed amount" in message
    assert desk.fields(made)["amount"] == "200.00"
    assert desk.ok("update_record", record_id=made["record_id"], fields={"amount": "300"}, if_version=2)["changed"]


def test_participants_of_an_interaction_can_be_replaced(desk: Desk) -> None:
    maria = desk.create("contact", full_name="Maria Lopez")
    call = desk.create("interaction", kind="call", about_id=maria["record_id"])
    result = desk.update(call, participants=[{"user_id": str(desk.who.user_id)}])
    assert result["changed"] == ["participants"]
    assert [each["full_name"] for each in result["record"]["fields"]["participants"]] == ["Ada Admin"]


def test_a_record_cannot_be_about_itself(desk: Desk) -> None:
    made = desk.create("task", title="Loop")
    assert (
        "about itself"
        in desk.refusal("update_record", record_id=made["record_id"], fields={"about_id": made["record_id"]})[1]
    )


def test_a_deleted_record_is_hidden_and_comes_back_as_it_was(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht", tags=["key"])
    deleted = desk.ok("delete_record", record_id=made["record_id"])
    assert deleted["record"]["label"] == "Nordlicht"
    assert len(deleted["changes"]) == 1
    assert desk.find("Nordlicht")["total"] == 0
    assert desk.refusal("get_record", record_id=made["record_id"])[0] == "not_found"
    assert (
        "restore_record brings it back"
        in desk.refusal("update_record", record_id=made["record_id"], fields={"name": "X"})[1]
    )
    restored = desk.ok("restore_record", record_id=made["record_id"])["record"]["fields"]
    assert restored["tags"] == ["key"]
    assert desk.find("Nordlicht", kinds=["account"])["total"] == 1


def test_restoring_what_lives_is_refused(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    assert "is not deleted" in desk.refusal("restore_record", record_id=made["record_id"])[1]


def test_an_individual_that_is_a_contact_stays(desk: Desk) -> None:
    made = desk.create("contact", full_name="Maria Lopez")
    individual = made["fields"]["individual_id"]
    assert "delete these contacts first" in desk.refusal("delete_record", record_id=individual)[1]
    desk.ok("delete_record", record_id=made["record_id"])
    desk.ok("delete_record", record_id=individual)
    assert "restore the individual" in desk.refusal("restore_record", record_id=made["record_id"])[1]


@pytest.mark.parametrize("tool", ["get_record", "delete_record", "restore_record"])
def test_an_unknown_id_is_not_found(untouched: Desk, tool: str) -> None:
    assert untouched.refusal(tool, record_id=str(uuid4()))[0] == "not_found"
