"""get_record: the record, its timeline and its neighbours; and ids given by their beginning."""

from datetime import timedelta

import pytest

from schema.errors import CrmError
from tests.tools.desk import Desk
from tools.records.ids import resolve_prefix


def test_an_account_shows_what_belongs_to_it(desk: Desk) -> None:
    organization = desk.create("organization", name="Nordlicht")
    account = desk.create("account", name="Nordlicht", organization_id=organization["record_id"])
    maria = desk.create("contact", full_name="Maria Lopez", account_id=account["record_id"], title="CFO")
    for number in range(12):
        desk.create("opportunity", name=f"Deal {number}", account_id=account["record_id"])
    desk.create("task", title="Call", about_id=account["record_id"])
    related = desk.ok("get_record", record_id=account["record_id"])["related"]
    assert related["organization"]["label"] == "Nordlicht"
    assert related["contacts"]["records"][0] | {"detail": ""} == {
        "kind": "contact",
        "record_id": maria["record_id"],
        "label": "Maria Lopez",
        "detail": "",
    }
    assert (related["opportunities"]["total"], len(related["opportunities"]["records"])) == (12, 10)
    assert related["tasks"]["total"] == 1
    person = desk.ok("get_record", record_id=maria["record_id"])["related"]
    assert {"account", "individual"} <= set(person)


def test_a_timeline_is_everything_newest_first(desk: Desk) -> None:
    account = desk.create("account", name="Nordlicht")
    maria = desk.create("contact", full_name="Maria Lopez", account_id=account["record_id"])
    lead = desk.create("opportunity", name="Wind", account_id=account["record_id"], contact_id=maria["record_id"])
    later = desk.at(timedelta(hours=1))
    later.create("interaction", kind="call", body="x" * 400, about_id=lead["record_id"])
    later = desk.at(timedelta(hours=2))
    later.create("note", body="They like blue", about_id=lead["record_id"])
    later = desk.at(timedelta(hours=3))
    later.update(lead, stage="proposal")
    timeline = later.ok("get_record", record_id=lead["record_id"])["timeline"]
    assert [each["type"] for each in timeline] == ["status", "note", "interaction", "change"]
    assert timeline[0]["label"] == "new → proposal"
    assert timeline[2]["text"].endswith("…")
    assert timeline == sorted(timeline, key=lambda each: each["at"], reverse=True)
    assert "interaction" in [
        each["type"] for each in later.ok("get_record", record_id=account["record_id"])["timeline"]
    ]
    assert "interaction" in [each["type"] for each in later.ok("get_record", record_id=maria["record_id"])["timeline"]]
    individual = maria["fields"]["individual_id"]
    assert "interaction" in [each["type"] for each in later.ok("get_record", record_id=individual)["timeline"]]


def test_a_change_in_the_timeline_can_be_undone(desk: Desk) -> None:
    made = desk.create("account", name="Nordlicht")
    desk.update(made, tier="smb")
    newest = desk.ok("get_record", record_id=made["record_id"])["timeline"][0]
    assert (newest["fields"], newest["who"]) == (["tier"], "admin@harbour.example")
    desk.ok("undo", change_id=newest["change_id"])
    assert desk.fields(made)["tier"] is None


def test_a_contact_as_of_a_day_has_the_name_of_that_day(desk: Desk) -> None:
    made = desk.create("contact", full_name="Maria Lopez", email="maria@acme.example")
    later = desk.at(timedelta(days=3))
    later.update(made, full_name="Maria Ruiz", email="ruiz@acme.example")
    then = later.ok("get_record", record_id=made["record_id"], as_of="2026-11-20")["record"]["fields"]
    assert (then["full_name"], then["email"]) == ("Maria Lopez", "maria@acme.example")
    assert later.fields(made)["full_name"] == "Maria Ruiz"
    assert later.refusal("get_record", record_id=made["record_id"], as_of="the other day")[0] == "invalid"


def test_a_record_deleted_then_says_so(desk: Desk) -> None:
    made = desk.create("task", title="Call")
    later = desk.at(timedelta(days=1))
    later.ok("delete_record", record_id=made["record_id"])
    assert "was deleted then" in later.refusal("get_record", record_id=made["record_id"], as_of="2026-11-21")[1]
    assert (
        later.ok("get_record", record_id=made["record_id"], as_of="2026-11-20")["record"]["fields"]["title"] == "Call"
    )


def test_a_unique_beginning_is_an_id(desk: Desk) -> None:
    made = desk.create("task", title="Call")
    other = desk.create("task", title="Write")
    alike = len(
        next(text for text in [made["record_id"][:n] for n in range(36, 0, -1)] if other["record_id"].startswith(text))
    )
    with desk.database.read(desk.who) as session:
        assert str(resolve_prefix(session, desk.who, made["record_id"][: alike + 1])) == made["record_id"]
        assert str(resolve_prefix(session, desk.who, made["record_id"].upper())) == made["record_id"]
        for text, kind in (
            (made["record_id"][:8], "invalid"),
            (made["record_id"][:7], "invalid"),
            ("ffffffff", "not_found"),
            ("acme", "invalid"),
        ):
            with pytest.raises(CrmError) as caught:
                resolve_prefix(session, desk.who, text)
            assert caught.value.kind == kind
