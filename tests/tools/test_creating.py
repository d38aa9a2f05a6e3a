"""create_record: every kind, its defaults, and what it refuses."""

from typing import Any
from uuid import uuid4

import pytest

from schema.kinds import KINDS
from tests.tools.desk import Desk


def test_an_organization_shows_what_was_given(desk: Desk) -> None:
    made = desk.create("organization", name="Nordlicht Energie GmbH", domain="https://www.Nordlicht.example/about")
    assert made["label"] == "Nordlicht Energie GmbH"
    assert made["fields"]["domain"] == "nordlicht.example"
    assert made["fields"]["tags"] == []
    assert made["version"] == 1
    assert len(made["changes"]) == 1


def test_an_opportunity_gets_owner_stage_currency_and_probability(desk: Desk) -> None:
    account = desk.create("account", name="Nordlicht")
    made = desk.create("opportunity", name="Wind park", account_id=account["record_id"], amount="45000.50")
    fields = made["fields"]
    assert fields["owner_name"] == "Ada Admin"
    assert (fields["stage"], fields["is_open"]) == ("new", True)
    assert (fields["amount"], fields["currency"], fields["probability"]) == ("45000.50", "EUR", "10.00")
    assert fields["account_name"] == "Nordlicht"
    assert fields["closed_at"] is None


def test_an_opportunity_created_won_is_closed_now(desk: Desk) -> None:
    fields = desk.create("opportunity", name="Quick one", stage="Won")["fields"]
    assert (fields["is_won"], fields["closed_at"], fields["probability"]) == (True, "2026-11-20T09:30:00Z", "100.00")


def test_a_contact_brings_its_individual(desk: Desk) -> None:
    account = desk.create("account", name="Nordlicht")
    made = desk.create(
        "contact",
        full_name="Ludwig van der Beek",
        email="L.vanderBeek@Nordlicht.example",
        phone="030 1234567",
        account_id=account["record_id"],
        title="CFO",
    )
    assert made["label"] == "Ludwig van der Beek"
    assert made["fields"]["email"] == "l.vanderbeek@nordlicht.example"
    assert made["fields"]["phone"] == "+49301234567"
    assert len(made["changes"]) == 2
    individual = desk.ok("get_record", record_id=made["fields"]["individual_id"])["record"]
    assert (individual["fields"]["given_name"], individual["fields"]["family_name"]) == ("Ludwig", "van der Beek")


def test_a_contact_of_a_known_individual_adds_no_second_one(desk: Desk) -> None:
    person = desk.create("individual", given_name="Ana", family_name="Sousa")
    desk.create("contact", individual_id=person["record_id"], title="Board member", email="ana@sousa.example")
    assert desk.count("individuals") == 1
    assert desk.fields(person)["email"] == "ana@sousa.example"


def test_a_logged_call_knows_whom_it_was_with(desk: Desk) -> None:
    account = desk.create("account", name="Nordlicht")
    contact = desk.create("contact", full_name="Maria Lopez", account_id=account["record_id"])
    made = desk.create("interaction", kind="call", body="Wants the proposal by Friday", about_id=contact["record_id"])
    fields = made["fields"]
    assert (fields["account_id"], fields["about_label"]) == (account["record_id"], "Maria Lopez")
    assert (fields["occurred_at"], fields["source"], fields["direction"]) == (
        "2026-11-20T09:30:00Z",
        "manual",
        "outbound",
    )
    assert {(each["full_name"], each["role"]) for each in fields["participants"]} == {
        ("Maria Lopez", "callee"),
        ("Ada Admin", "caller"),
    }


def test_an_inbound_email_turns_the_roles_round(desk: Desk) -> None:
    contact = desk.create("contact", full_name="Maria Lopez")
    lead = desk.create("opportunity", name="Wind park", contact_id=contact["record_id"])
    made = desk.create("interaction", kind="email", direction="inbound", subject="Yes", about_id=lead["record_id"])
    assert {(each["full_name"], each["role"]) for each in made["fields"]["participants"]} == {
        ("Maria Lopez", "from"),
        ("Ada Admin", "to"),
    }


def test_named_participants_say_what_it_is_about(desk: Desk) -> None:
    contact = desk.create("contact", full_name="Maria Lopez")
    made = desk.create("interaction", kind="meeting", participants=[{"contact_id": contact["record_id"]}])
    assert made["fields"]["about_id"] == contact["record_id"]
    assert {(each["full_name"], each["role"]) for each in made["fields"]["participants"]} == {
        ("Maria Lopez", "attendee"),
        ("Ada Admin", "attendee"),
    }


def test_a_task_is_for_the_user_and_a_naive_time_is_theirs(desk: Desk) -> None:
    fields = desk.create("task", title="Send proposal", due_at="2026-11-27T15:00")["fields"]
    assert fields["assignee_name"] == "Ada Admin"
    assert (fields["status"], fields["priority"]) == ("open", "normal")
    assert fields["due_at"] == "2026-11-27T14:00:00Z"


def test_a_task_due_on_a_day_is_due_at_the_end_of_work(desk: Desk) -> None:
    assert desk.create("task", title="Send", due_at="2026-11-27")["fields"]["due_at"] == "2026-11-27T16:00:00Z"


def test_jobs_partnerships_and_notes(desk: Desk) -> None:
    job = desk.create("job", name="CTO search", position="CTO", salary_min="90000", salary_max="120000")
    partnership = desk.create("partnership", name="Reselling", partner_type="reseller", revenue_share="12.5%")
    note = desk.create("note", body="First line\nand more", about_id=job["record_id"], tags=["VIP", " vip ", "Q4"])
    assert (job["fields"]["currency"], job["fields"]["status"]) == ("EUR", "new")
    assert partnership["fields"]["revenue_share"] == "12.50"
    assert note["label"] == "First line"
    assert note["fields"]["tags"] == ["q4", "vip"]
    assert note["fields"]["author_name"] == "Ada Admin"


def test_organization_money_has_the_tenants_currency(desk: Desk) -> None:
    assert desk.create("organization", name="Rich", annual_revenue=1000000)["fields"]["currency"] == "EUR"
    assert desk.create("organization", name="Unknown")["fields"]["currency"] is None


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("opportunity", {"name": "A", "amout": "1"}, "no field amout; did you mean amount?"),
        ("opportunity", {"name": "A", "account_name": "B"}, "write account_id"),
        ("opportunity", {"name": "A", "status": "won"}, "did you mean stage?"),
        ("opportunity", {"name": "A", "amount": "10,000"}, "amount takes a plain amount"),
        ("opportunity", {"name": "A", "amount": "-1"}, "amount cannot be negative"),
        ("opportunity", {"name": "A", "amount": "0.001"}, "at most 2 decimal places"),
        ("opportunity", {"name": "A", "amount": "1e30"}, "too large"),
        ("opportunity", {"name": "A", "amount": "NaN"}, "amount takes a plain amount"),
        ("opportunity", {"name": "A", "amount": True}, "amount takes a plain amount"),
        ("opportunity", {"name": "A", "probability": 101}, "0 to 100"),
        ("opportunity", {"name": "A", "stage": "closed"}, "stage is one of new, qualified, proposal"),
        ("opportunity", {"name": "A", "expected_close_date": "next Friday"}, "a date such as 2026-11-27"),
        ("opportunity", {"name": "A", "currency": "ERU"}, "ISO 4217"),
        ("opportunity", {"name": "A", "owner_id": "Ada"}, "the full id of a user"),
        ("opportunity", {"name": "A", "account_id": str(uuid4())}, "there is no account"),
        ("opportunity", {"amount": "1"}, "needs name"),
        ("account", {"name": "A", "tier": "huge"}, "tier is one of enterprise, mid_market, smb"),
        ("contact", {"title": "CFO"}, "needs a name"),
        ("contact", {"full_name": "A B", "email": "nobody"}, "not an e-mail address"),
        ("contact", {"full_name": "A B", "phone": "call me"}, "not a phone number"),
        ("individual", {"email": "a@b.example"}, "needs given_name"),
        ("task", {"title": "A", "due_at": "soon"}, "a time such as"),
        ("task", {"title": "A", "about_id": "the Acme account"}, "full id of a record"),
        ("task", {"title": "null\x00byte"}, "cannot be stored"),
        ("task", {"title": "x" * 501}, "at most 500 characters"),
        ("note", {"body": "   "}, "needs body"),
        ("note", {"body": "x", "tags": [1]}, "a list of words"),
        ("interaction", {"subject": "x"}, "needs kind"),
        ("interaction", {"kind": "fax"}, "kind is one of email, call, meeting, chat"),
        ("interaction", {"kind": "call", "participants": [{"name": "Maria"}]}, "A participant has one of"),
        ("interaction", {"kind": "call", "participants": [{"user_id": str(uuid4())}]}, "there is no user"),
        ("interaction", {"kind": "call", "duration_seconds": 1.5}, "a whole number"),
        ("job", {"name": "A", "salary_min": 2, "salary_max": 1}, "more than salary_max"),
        ("job", {"name": "A", "source": "web"}, "no field source"),
        ("deal", {"name": "A"}, "no record kind 'deal'"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(untouched: Desk, kind: str, fields: dict[str, Any], words: str) -> None:
    _, message = untouched.refusal("create_record", kind=kind, fields=fields)
    assert words in message
    assert message.endswith((".", "?"))
    assert all(untouched.count(KINDS[each].table) == 0 for each in KINDS)


def test_a_reference_of_the_wrong_kind_or_deleted_is_refused(desk: Desk) -> None:
    account = desk.create("account", name="Nordlicht")
    organization = desk.create("organization", name="Nordlicht")
    wrong = {"name": "A", "account_id": organization["record_id"]}
    assert (
        "takes an account, and 'Nordlicht' is of kind organization"
        in desk.refusal("create_record", kind="opportunity", fields=wrong)[1]
    )
    desk.ok("delete_record", record_id=account["record_id"])
    assert (
        "was deleted"
        in desk.refusal("create_record", kind="opportunity", fields={"name": "A", "account_id": account["record_id"]})[
            1
        ]
    )
