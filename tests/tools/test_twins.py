"""The twin check: what looks like an existing record is shown, not made, even when two creators race."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from schema.world import World
from tests.tools.desk import Desk

promise = pytest.mark.promise


def twins(desk: Desk, kind: str, /, **fields: Any) -> list[tuple[str, str, list[str]]]:
    result = desk.ok("create_record", kind=kind, fields=fields)
    assert not result["created"]
    assert result["changes"] == []
    return [(twin["kind"], twin["label"], twin["matched"]) for twin in result["twins"]]


@promise("twin:found")
def test_companies_match_by_name_without_legal_form_and_by_domain(desk: Desk) -> None:
    desk.create("organization", name="Müller & Söhne GmbH", domain="mueller.example")
    assert twins(desk, "organization", name="Muller und Sohne", domain="www.mueller.example") == [
        ("organization", "Müller & Söhne GmbH", ["name", "domain"])
    ]
    assert twins(desk, "organization", name="Other", domain="mueller.example") == [
        ("organization", "Müller & Söhne GmbH", ["domain"])
    ]
    desk.create("account", name="Müller & Söhne GmbH")
    assert twins(desk, "account", name="MULLER & SOHNE")[0][2] == ["name"]
    desk.create("organization", name="Müller Logistik")


@promise("twin:found")
def test_people_match_by_email_phone_and_name_within_the_account(desk: Desk) -> None:
    acme = desk.create("account", name="Acme")["record_id"]
    other = desk.create("account", name="Other")["record_id"]
    desk.create("contact", full_name="Robert Smith", email="r@acme.example", phone="+49301234567", account_id=acme)
    assert twins(
        desk, "contact", full_name="R Smith", email="R@acme.example", phone="030 1234567", account_id=other
    ) == [("contact", "Robert Smith", ["e-mail", "phone"])]
    assert twins(desk, "contact", full_name="Bob Smith", account_id=acme) == [("contact", "Robert Smith", ["name"])]
    assert twins(desk, "individual", given_name="Robert", family_name="Smith")[0][0] == "individual"
    desk.create("contact", full_name="Robert Smith", account_id=other)


@promise("twin:found")
def test_a_person_who_is_no_contact_yet_is_shown_as_individual(desk: Desk) -> None:
    person = desk.create("individual", given_name="Ana", family_name="Sousa", email="ana@sousa.example")
    assert twins(desk, "contact", full_name="Ana S.", email="ana@sousa.example") == [
        ("individual", "Ana Sousa", ["e-mail"])
    ]
    desk.create("contact", individual_id=person["record_id"])
    assert twins(desk, "contact", individual_id=person["record_id"]) == [("contact", "Ana Sousa", ["individual"])]


@promise("twin:found")
def test_leads_tasks_and_interactions_match_what_is_open_or_just_happened(desk: Desk) -> None:
    acme = desk.create("account", name="Acme")["record_id"]
    lead = desk.create("opportunity", name="Renewal", account_id=acme)
    assert twins(desk, "opportunity", name="RENEWAL", account_id=acme)[0][2] == ["name"]
    desk.create("opportunity", name="Renewal")
    desk.update(lead, stage="won")
    desk.create("opportunity", name="Renewal", account_id=acme)
    task = desk.create("task", title="Call back", about_id=acme)
    assert twins(desk, "task", title="Call back!", about_id=acme)[0][2] == ["title"]
    desk.update(task, status="done")
    desk.create("task", title="Call back", about_id=acme)
    talk: dict[str, Any] = {"kind": "call", "body": "Wants it by Friday", "about_id": acme}
    desk.create("interaction", **talk, occurred_at="2026-11-20T10:00:00+01:00")
    assert twins(desk, "interaction", **talk, occurred_at="2026-11-20T10:00:40+01:00")[0][2] == ["content and time"]
    desk.create("interaction", **talk, occurred_at="2026-11-20T11:00:00+01:00")


@promise("twin:found")
def test_a_twin_is_created_only_when_told_to(desk: Desk) -> None:
    desk.create("account", name="Acme")
    again = desk.ok("create_record", kind="account", fields={"name": "Acme"}, create_anyway=True)
    assert again["created"]
    assert desk.find("Acme", kinds=["account"])["ambiguous"]


@promise("twin:found")
def test_a_deleted_record_is_no_twin(desk: Desk) -> None:
    made = desk.create("account", name="Acme")
    desk.ok("delete_record", record_id=made["record_id"])
    desk.create("account", name="Acme")


@promise("twin:found")
@pytest.mark.parametrize(
    ("kind", "fields", "table"),
    [
        ("organization", {"name": "Acme GmbH", "domain": "acme.example"}, "organizations"),
        ("contact", {"full_name": "Maria Lopez", "email": "maria@acme.example"}, "contacts"),
        ("task", {"title": "Call Maria"}, "tasks"),
    ],
)
def test_of_creators_who_race_one_wins(desk: Desk, kind: str, fields: Mapping[str, Any], table: str) -> None:
    racers = [desk.within(world=World.fixed(desk.database.world.now(), seed=100 + number)) for number in range(8)]

    def create(racer: Desk) -> dict[str, Any]:
        return racer.ok("create_record", kind=kind, fields=fields)

    with ThreadPoolExecutor(len(racers)) as pool:
        results = list(pool.map(create, racers))
    assert sum(result["created"] for result in results) == 1
    assert desk.count(table) == 1


def test_a_call_repeated_at_the_same_time_runs_once(desk: Desk) -> None:
    agent = desk.within(run_id=desk.new_run(), via_agent=True, model="offline", provider_call_id="call_1")
    racers = [agent.within(world=World.fixed(desk.database.world.now(), seed=200 + number)) for number in range(6)]

    def create(racer: Desk) -> dict[str, Any]:
        return racer.ok("create_record", kind="note", fields={"body": "x"})

    with ThreadPoolExecutor(len(racers)) as pool:
        results = list(pool.map(create, racers))
    assert desk.count("notes") == 1
    assert all(result == results[0] for result in results)


def test_two_changes_of_one_record_queue(desk: Desk) -> None:
    made = desk.create("opportunity", name="Wind park", amount="0")

    def change(amount: int) -> dict[str, Any]:
        return desk.update(made, amount=str(amount))

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(change, range(1, 9)))
    assert sorted(result["record"]["version"] for result in results) == list(range(2, 10))
