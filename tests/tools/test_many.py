"""update_records: one change to all that fit, what cannot have it left out and listed, and nothing done by halves."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from guardrails.limits import WRITE_LIMITS
from schema.session import Change
from tests.tools.desk import Desk
from tools.approvals import approve

promise = pytest.mark.promise


def update(desk: Desk, kind: str, *where: str, **fields: Any) -> dict[str, Any]:
    return desk.ok("update_records", kind=kind, where=list(where), fields=fields)


@contextmanager
def refused_by_the_database(desk: Desk, name: str) -> Generator[None]:
    """A rule that only the database knows, against an opportunity of this name having a source."""
    alter = "ALTER TABLE crm.leads "
    with psycopg.connect(desk.database.admin_url, autocommit=True) as admin:
        admin.execute(f"{alter} ADD CONSTRAINT odd CHECK (name <> '{name}' OR source IS NULL) NOT VALID".encode())
        try:
            yield
        finally:
            admin.execute(f"{alter} DROP CONSTRAINT odd".encode())


def test_all_that_fit_are_changed_and_nothing_else(desk: Desk) -> None:
    small = desk.create("opportunity", name="Small", amount="10")
    large = [desk.create("opportunity", name=f"Large {n}", amount=f"{n}000.50") for n in range(1, 8)]
    dollars = desk.create("opportunity", name="Abroad", amount="5000", currency="USD")
    result = update(desk, "opportunity", "amount >= 1000", "stage = new", stage="Proposal", tags=["Autumn"])
    assert (result["matched"], result["changed"], result["unchanged"], result["conflicts"]) == (8, 8, 0, [])
    assert result["totals"] == {"EUR": "28003.50", "USD": "5000.00"}
    assert result["filters"] == ["amount >= 1000", "stage = new"]
    assert result["fields"] == {"stage": "proposal", "tags": ["autumn"]}
    assert len(result["changes"]) == 8
    assert len(result["sample"]) == 5
    first = result["sample"][0]
    assert (first["label"], first["before"], first["after"]) == (
        "Large 1",
        {"stage": "new", "probability": "10.00"},
        {"stage": "proposal", "probability": "50"},
    )
    for made in (*large, dollars):
        fields = desk.fields(made)
        assert (fields["stage"], fields["probability"], fields["tags"]) == ("proposal", "50.00", ["autumn"])
    assert desk.fields(small)["stage"] == "new"


def test_tags_are_added_and_taken_off_beside_those_there_are(desk: Desk) -> None:
    plain = desk.create("task", title="A")
    tagged = desk.create("task", title="B", tags=["keep", "old"])
    result = update(desk, "task", "is_open = true", tags=["+2027", "-old"])
    assert (result["changed"], result["unchanged"]) == (2, 0)
    assert desk.fields(plain)["tags"] == ["2027"]
    assert desk.fields(tagged)["tags"] == ["2027", "keep"]
    assert update(desk, "task", "is_open = true", tags="+2027")["unchanged"] == 2
    assert (
        "+ or -"
        in desk.refusal("update_record", record_id=plain["record_id"], fields={"tags": ["+a", "b"]}, reason="R")[1]
    )


def test_what_cannot_change_is_left_out_and_listed(desk: Desk) -> None:
    won = desk.create("opportunity", name="Won", stage="won")
    lost = desk.create("opportunity", name="Lost", stage="lost", loss_reason="Price")
    fresh = desk.create("opportunity", name="Fresh")
    result = update(desk, "opportunity", "opportunity_id is not null", stage="lost", loss_reason="Price")
    assert (result["matched"], result["changed"], result["unchanged"]) == (3, 1, 1)
    assert result["conflicts"] == [
        {
            "kind": "opportunity",
            "record_id": won["record_id"],
            "label": "Won",
            "why": "An opportunity cannot move from won to lost. From won it may go to: "
            "new, qualified, proposal, negotiation.",
        }
    ]
    assert result["conflicts_total"] == 1
    versions = [desk.ok("get_record", record_id=each["record_id"])["record"]["version"] for each in (won, lost, fresh)]
    assert versions == [1, 1, 2]


def test_only_what_the_database_refuses_is_left_out(desk: Desk) -> None:
    for number in range(9):
        desk.create("opportunity", name="Odd" if number == 4 else f"Deal {number}")
    with refused_by_the_database(desk, "Odd"):
        result = update(desk, "opportunity", "stage = new", source="fair", tags=["x"])
    assert (result["changed"], [each["label"] for each in result["conflicts"]]) == (8, ["Odd"])
    assert result["conflicts"][0]["why"] == "A value lies outside what its field allows."
    assert len(result["changes"]) == 8
    odd = desk.find("Odd", kinds=["opportunity"])["records"][0]
    assert (desk.fields(odd)["source"], desk.fields(odd)["tags"]) == (None, [])


def test_nothing_that_fits_is_no_error(desk: Desk) -> None:
    desk.create("task", title="Call")
    result = update(desk, "task", "priority = urgent", status="done")
    assert (result["matched"], result["changed"], result["changes"], result["sample"]) == (0, 0, [], [])


def test_people_behind_contacts_change_too(desk: Desk) -> None:
    account = desk.create("account", name="Nordlicht")
    for name in ("Maria Lopez", "Jonas Berg"):
        desk.create("contact", full_name=name, account_id=account["record_id"])
    result = update(desk, "contact", f"account_id = {account['record_id']}", phone="+49 30 1234567", department="IT")
    assert (result["changed"], len(result["changes"])) == (2, 4)
    found = desk.find(kinds=["contact"])["records"]
    assert {(each["fields"]["phone"], each["fields"]["department"]) for each in found} == {("+49301234567", "IT")}


def test_filters_may_name_tags_and_the_asking_user(desk: Desk) -> None:
    nora = desk.as_role("nora")
    nora.create("task", title="Hers")
    desk.create("task", title="Mine", tags=["fair"])
    assert update(desk, "task", "tag = fair", "assignee_id = me", priority="high")["changed"] == 1
    assert update(nora, "task", "assignee_id = me", assignee_id=str(desk.who.user_id))["changed"] == 1


@pytest.mark.parametrize(
    ("args", "kind", "told"),
    [
        (
            {"where": []},
            "invalid",
            "Say which tasks with where; if every single one is meant, write task_id is not null.",
        ),
        ({"where": ["  "]}, "invalid", "Say which tasks"),
        ({"where": ["prioritty = high"]}, "invalid", "did you mean priority"),
        ({"fields": {"prioritty": "high"}}, "invalid", "did you mean priority"),
        ({"fields": {}}, "invalid", "fields"),
        ({"fields": {"title": None}}, "invalid", "title of a record of kind task cannot be empty"),
        ({"fields": {"status": "finished"}}, "invalid", "status is one of open, in_progress, done, cancelled"),
        ({"fields": {"assignee_id": str(UUID(int=7))}}, "not_found", "there is no user"),
        ({"fields": {"about_id": str(UUID(int=7))}}, "not_found", "there is no record"),
        ({"kind": "user"}, "invalid", "There is no record kind 'user'"),
    ],
)
def test_what_is_wrong_with_the_call_itself_is_one_sentence(
    desk: Desk, args: dict[str, Any], kind: str, told: str
) -> None:
    desk.create("task", title="Call")
    whole: dict[str, Any] = {"kind": "task", "where": ["status = open"], "fields": {"priority": "high"}, **args}
    refusal = desk.refusal("update_records", **whole)
    assert refusal[0] == kind
    assert told in refusal[1]
    assert desk.find(kinds=["task"])["records"][0]["fields"]["priority"] == "normal"


def test_more_than_a_call_may_change_is_refused_and_as_many_are_changed(desk: Desk) -> None:
    most = WRITE_LIMITS.records
    tenant = desk.who.tenant_id
    with desk.database.write(desk.who, Change(desk.database.world.new_id(), "Filled for a test")) as session:
        session.rows(
            "WITH made AS (INSERT INTO crm.notes (tenant_id, id, body, created_at, updated_at)"
            " SELECT :tenant, gen_random_uuid(), 'Note ' || n, now(), now() FROM generate_series(1, :count) n"
            " RETURNING 1) SELECT count(*) FROM made",
            tenant=tenant,
            count=most + 1,
        )
    kind, message = desk.refusal("update_records", kind="note", where=["body ~ note"], fields={"body": "x"})
    assert (kind, message) == (
        "limit",
        "5,001 notes fit these filters, and one call changes at most 5,000; narrow the filters.",
    )
    result = update(desk, "note", "body ~ note", "body != 'Note 1'", body="Told", tags=["told"])
    assert (result["changed"], len(result["changes"])) == (most, most)
    assert desk.find(kinds=["note"], where=["tag = told"])["total"] == most


@promise("rights:user")
def test_nobody_changes_more_than_they_may(desk: Desk) -> None:
    desk.create("task", title="Call")
    args: dict[str, Any] = {"kind": "task", "where": ["status = open"], "fields": {"priority": "high"}}
    assert desk.as_role("viewer").refusal("update_records", **args)[0] == "denied"
    for scopes in ({"*:read"}, {"note:*"}, {"task:write"}):
        assert desk.within(scopes=frozenset(scopes)).refusal("update_records", **args)[0] == "denied"
    assert desk.as_role("member", scopes=frozenset({"task:*"})).ok("update_records", **args)["changed"] == 1


@promise("undo:any")
def test_each_change_can_be_undone(desk: Desk) -> None:
    for number in range(3):
        desk.create("task", title=f"Call {number}")
    result = update(desk, "task", "status = open", status="done", tags=["x"])
    for change in result["changes"]:
        assert desk.ok("undo", change_id=change)["conflicts"] == []
    found = desk.find(kinds=["task"], where=["status = open", "tag is null", "completed_at is null"])
    assert found["total"] == 3


@promise("gate:human")
def test_what_is_approved_is_what_was_seen(desk: Desk) -> None:
    for number in range(6):
        desk.create("task", title=f"Call {number}")
    agent = desk.within(run_id=desk.new_run(), via_agent=True, model="offline", prompt="Do it", provider_call_id="1")
    args: dict[str, Any] = {"kind": "task", "where": ["status = open"], "fields": {"status": "done"}}
    asked = agent.call("update_records", **args)
    assert asked.outcome == "proposed"
    assert asked.result["proposal"]["count"] == 6
    later = desk.create("task", title="Made since")
    assert desk.find(kinds=["task"], where=["status = open"])["total"] == 7
    decided = approve(desk.context, UUID(asked.result["proposal"]["approval_id"]))
    assert len(decided.changes) == 6
    assert [each["record_id"] for each in desk.find(kinds=["task"], where=["status = open"])["records"]] == [
        later["record_id"]
    ]
