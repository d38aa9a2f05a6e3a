"""merge_records: what becomes one, what moves, what is filled, and that nothing of it is lost, done by halves or final."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from evals import snapshot
from evals.invariants import violations
from evals.snapshot import Snapshot
from schema.audit import ChangeFilter, list_changes
from schema.session import Change
from tests.tools.desk import Desk
from tests.tools.proposing import proposed, shown
from tools.approvals import approve

promise = pytest.mark.promise

KEPT_BY_ITSELF = {"version", "updated_at", "updated_by", "via_agent"}
"""Columns that tell that something happened, even when all is as it was."""


def merge(desk: Desk, keep: Mapping[str, Any], *others: Mapping[str, Any], **args: Any) -> dict[str, Any]:
    other_ids = [other["record_id"] for other in others]
    return desk.ok("merge_records", keep_id=keep["record_id"], other_ids=other_ids, **args)


def make(desk: Desk, kind: str, /, **fields: Any) -> dict[str, Any]:
    """A record, even though it looks like one that exists: that is what merging is for."""
    return desk.ok("create_record", kind=kind, fields=fields, create_anyway=True)["record"]


def undo(desk: Desk, change: str) -> dict[str, Any]:
    return desk.ok("undo", change_id=change)


def rows_of(desk: Desk) -> dict[tuple[str, str], dict[str, Any]]:
    """Every business row of the desk's tenant, without the columns that the store keeps by itself."""
    with psycopg.connect(desk.database.admin_url, autocommit=True) as admin:
        taken: Snapshot = snapshot.take(admin)
    mine = str(desk.who.tenant_id)
    return {
        (table, key): {name: value for name, value in row.read().items() if name not in KEPT_BY_ITSELF}
        for table, rows in taken.tables.items()
        for key, row in rows.items()
        if key.startswith(mine)
    }


def assert_sound(desk: Desk) -> None:
    """Rows, log and registry agree."""
    with psycopg.connect(desk.database.admin_url) as admin:
        records = [
            str(row[0])
            for row in admin.execute("SELECT id FROM crm.records WHERE tenant_id = %s", [desk.who.tenant_id])
        ]
        assert violations(admin, records) == []


def insight(desk: Desk, record: Mapping[str, Any]) -> None:
    with desk.database.write(desk.who, Change(uuid4(), "A model saw it")) as session:
        session.rows(
            "WITH made AS (INSERT INTO crm.ai_insights (tenant_id, id, record_id, kind, statement, confidence, model,"
            " created_at, updated_at) VALUES (:tenant, :id, :record, 'risk', 'Late', 0.5, 'm', now(), now()) RETURNING 1)"
            " SELECT * FROM made",
            tenant=desk.who.tenant_id,
            id=uuid4(),
            record=UUID(record["record_id"]),
        )


def two_accounts(desk: Desk) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two accounts for one customer, each with all that can belong to an account."""
    organization = make(desk, "organization", name="Nordlicht", domain="nordlicht.example")
    keep = make(desk, "account", name="Nordlicht", organization_id=organization["record_id"], tags=["a"])
    other = make(desk, "account", name="Nordlicht Energie", tier="enterprise", tags=["a", "b"], status="customer")
    maria = make(desk, "contact", full_name="Maria Lopez", account_id=keep["record_id"], is_primary=True)
    individual = desk.fields(maria)["individual_id"]
    again = make(desk, "contact", individual_id=individual, account_id=other["record_id"], title="CFO", is_primary=True)
    jonas = make(desk, "contact", full_name="Jonas Berg", account_id=other["record_id"], is_primary=True)
    for account, contact in ((keep, maria), (other, again), (other, jonas)):
        named = {"account_id": account["record_id"], "contact_id": contact["record_id"]}
        for kind in ("opportunity", "job", "partnership"):
            make(desk, kind, name=f"{kind} with {contact['label']} {account['label']} {contact['record_id']}", **named)
        make(desk, "task", title="Call", about_id=account["record_id"])
        make(desk, "note", body="They moved", about_id=contact["record_id"])
        make(desk, "interaction", kind="call", about_id=contact["record_id"])
        make(desk, "interaction", kind="email", about_id=account["record_id"], subject="Hello")
    insight(desk, other)
    gone = make(desk, "task", title="Old", about_id=other["record_id"])
    desk.ok("delete_record", record_id=gone["record_id"])
    return keep, other


@promise("undo:any")
def test_accounts_with_all_that_belongs_to_them(desk: Desk) -> None:
    keep, other = two_accounts(desk)
    before = rows_of(desk)
    result = merge(desk, keep, other)
    assert [(each["kind"], each["label"]) for each in result["merged"]] == [
        ("account", "Nordlicht Energie"),
        ("contact", "Maria Lopez"),
    ]
    assert result["filled"] == {"tier": "enterprise"}
    assert {each["field"] for each in result["differing"]} == {"name", "status"}
    assert result["record"]["fields"]["tags"] == ["a", "b"]
    assert result["moved"] == {
        "contacts": 1,
        "insights": 1,
        "interactions": 4,
        "jobs": 2,
        "notes": 1,
        "opportunities": 2,
        "partnerships": 2,
        "tags": 1,
        "tasks": 3,
    }
    contacts = desk.find(kinds=["contact"])["records"]
    assert {(each["label"], each["fields"]["account_id"], each["fields"]["title"]) for each in contacts} == {
        ("Maria Lopez", keep["record_id"], "CFO"),
        ("Jonas Berg", keep["record_id"], None),
    }
    assert [each["label"] for each in contacts if each["fields"]["is_primary"]] == ["Maria Lopez"]
    for kind in ("opportunity", "job", "partnership", "interaction"):
        found = desk.find(kinds=[kind])["records"]
        assert {each["fields"]["account_id"] for each in found} == {keep["record_id"]}
    left = {other["record_id"], result["merged"][1]["record_id"]}
    for (table, key), row in rows_of(desk).items():
        if row.get("merged_into_id"):
            continue
        pointing = {name for name, value in row.items() if str(value) in left and name not in {"id", "record_id"}}
        assert not pointing or table == "records", (table, key, pointing)
    assert_sound(desk)
    undone = undo(desk, result["changes"][-1])
    assert undone["conflicts"] == []
    assert rows_of(desk) == before
    assert_sound(desk)


@promise("undo:any")
def test_people_whose_contacts_become_one(desk: Desk) -> None:
    account = make(desk, "account", name="Nordlicht")
    elsewhere = make(desk, "account", name="Solvento")
    keep = make(desk, "individual", given_name="Maria", family_name="Lopez", email="maria@n.example")
    other = make(desk, "individual", given_name="M.", family_name="Lopez", phone="+49 30 1234567", email="ml@n.example")
    first = make(desk, "contact", individual_id=keep["record_id"], account_id=account["record_id"], title="CFO")
    second = make(
        desk, "contact", individual_id=other["record_id"], account_id=account["record_id"], department="Finance"
    )
    third = make(desk, "contact", individual_id=other["record_id"], account_id=elsewhere["record_id"])
    deal = make(desk, "opportunity", name="Wind", account_id=account["record_id"], contact_id=second["record_id"])
    both = [{"individual_id": each["record_id"], "role": "attendee"} for each in (keep, other)]
    meeting = make(desk, "interaction", kind="meeting", about_id=deal["record_id"], participants=both)
    call = make(desk, "interaction", kind="call", about_id=second["record_id"])
    before = rows_of(desk)
    result = merge(desk, keep, other)
    assert {(each["kind"], each["record_id"], each["into_id"]) for each in result["merged"]} == {
        ("individual", other["record_id"], keep["record_id"]),
        ("contact", second["record_id"], first["record_id"]),
    }
    assert result["filled"] == {"phone": "+49301234567"}
    assert {each["field"] for each in result["differing"]} == {"given_name", "email"}
    assert desk.fields(deal)["contact_id"] == first["record_id"]
    assert (desk.fields(third)["full_name"], desk.fields(third)["individual_id"]) == ("Maria Lopez", keep["record_id"])
    assert (desk.fields(first)["title"], desk.fields(first)["department"]) == ("CFO", "Finance")
    assert [each["full_name"] for each in desk.fields(meeting)["participants"]] == ["Ada Admin", "Maria Lopez"]
    assert "Maria Lopez" in {each["full_name"] for each in desk.fields(call)["participants"]}
    assert desk.fields(call)["about_id"] == first["record_id"]
    assert_sound(desk)
    assert undo(desk, result["changes"][0])["conflicts"] == []
    assert rows_of(desk) == before
    assert_sound(desk)


@promise("undo:any")
def test_two_contacts_bring_the_people_behind_them_along(desk: Desk) -> None:
    account = make(desk, "account", name="Nordlicht")
    keep = make(desk, "contact", full_name="Maria Lopez", account_id=account["record_id"])
    other = make(desk, "contact", full_name="Maria Lopez-Ruiz", email="maria@n.example", title="CFO")
    make(desk, "interaction", kind="call", about_id=other["record_id"])
    before = rows_of(desk)
    result = merge(desk, keep, other, fields={"full_name": "Maria Ruiz", "department": "Finance"})
    assert [each["kind"] for each in result["merged"]] == ["contact", "individual"]
    fields = result["record"]["fields"]
    assert (fields["full_name"], fields["email"], fields["title"], fields["department"], fields["account_id"]) == (
        "Maria Ruiz",
        "maria@n.example",
        "CFO",
        "Finance",
        account["record_id"],
    )
    assert desk.find(kinds=["individual"])["total"] == 1
    assert len(desk.ok("get_record", record_id=keep["record_id"])["timeline"]) >= 2
    assert undo(desk, result["changes"][1])["conflicts"] == []
    assert rows_of(desk) == before


@promise("undo:any")
def test_organizations_with_their_accounts(desk: Desk) -> None:
    keep = make(desk, "organization", name="Nordlicht")
    others = [
        make(desk, "organization", name="Nordlicht AG", annual_revenue="1000000", currency="USD", city="Kiel"),
        make(desk, "organization", name="Nordlicht GmbH", annual_revenue="500", currency="EUR", industry="Energy"),
    ]
    for number, organization in enumerate((keep, *others)):
        make(desk, "account", name=f"Account {number}", organization_id=organization["record_id"])
    before = rows_of(desk)
    result = merge(desk, keep, *others)
    fields = result["record"]["fields"]
    assert (fields["city"], fields["industry"]) == ("Kiel", "Energy")
    assert (fields["annual_revenue"], fields["currency"]) in (("1000000.00", "USD"), ("500.00", "EUR"))
    assert result["moved"] == {"accounts": 2}
    assert {each["fields"]["organization_id"] for each in desk.find(kinds=["account"])["records"]} == {
        keep["record_id"]
    }
    assert len(result["changes"]) == 5
    assert undo(desk, result["changes"][2])["conflicts"] == []
    assert rows_of(desk) == before


def test_amounts_never_change_their_currency(desk: Desk) -> None:
    bare = make(desk, "opportunity", name="Wind", stage="won")
    dollars = make(desk, "opportunity", name="Wind park", amount="100", currency="USD", source="fair")
    lost = make(desk, "opportunity", name="Wind parks", stage="lost", loss_reason="Price", amount="7")
    result = merge(desk, bare, dollars)
    assert (result["filled"]["amount"], result["filled"]["currency"]) == ("100.00", "USD")
    result = merge(desk, bare, lost)
    fields = result["record"]["fields"]
    assert (fields["amount"], fields["currency"], fields["loss_reason"]) == ("100.00", "USD", None)
    assert {each["field"]: (each["kept"], each["others"]) for each in result["differing"]}["amount"] == (
        "100.00",
        ["7.00"],
    )


def test_what_was_settled_is_what_it_becomes(desk: Desk) -> None:
    keep = make(desk, "opportunity", name="Wind", amount="100")
    other = make(desk, "opportunity", name="Wind park", amount="200", stage="proposal")
    result = merge(desk, keep, other, fields={"name": "Wind park", "stage": "proposal", "tags": ["big"]})
    fields = result["record"]["fields"]
    assert (fields["name"], fields["stage"], fields["amount"], fields["tags"]) == (
        "Wind park",
        "proposal",
        "100.00",
        ["big"],
    )
    assert {each["field"] for each in result["differing"]} == {"amount"}
    assert result["record"]["version"] == 2


def test_a_merged_record_says_where_it_went(desk: Desk) -> None:
    first, second, third = (make(desk, "account", name=f"Nordlicht {n}") for n in (1, 2, 3))
    merged = merge(desk, second, first)
    merge(desk, third, second)
    for tool, args in (
        ("get_record", {}),
        ("update_record", {"fields": {"tier": "smb"}}),
        ("delete_record", {}),
    ):
        kind, message = desk.refusal(tool, record_id=first["record_id"], **args)
        assert kind == "not_found"
        assert message == (
            f"The account 'Nordlicht 1' was merged into 'Nordlicht 3', which is {third['record_id']}; use that one."
        )
    assert (
        "merged into 'Nordlicht 3'"
        in desk.refusal("create_record", kind="opportunity", fields={"name": "x", "account_id": first["record_id"]})[1]
    )
    gone = desk.find("Nordlicht", deleted=True)["records"]
    assert {(each["label"], each["detail"]) for each in gone} == {
        ("Nordlicht 1", "merged into Nordlicht 2"),
        ("Nordlicht 2", "merged into Nordlicht 3"),
    }
    kind, message = desk.refusal("restore_record", record_id=first["record_id"])
    assert (kind, f"undo the merge, which is change {merged['changes'][-1]}" in message) == ("conflict", True)
    assert "undo that merge first" in desk.refusal("undo", change_id=merged["changes"][-1])[1]


def test_log_and_timeline_say_what_was_merged_into_what(desk: Desk) -> None:
    keep = make(desk, "account", name="Nordlicht")
    other = make(desk, "account", name="Nordlicht AG")
    result = merge(desk, keep, other, reason="One customer, entered twice")
    with desk.database.read(desk.who) as session:
        (change,) = [
            each for each in list_changes(session, ChangeFilter(limit=9))["changes"] if each["action"] == "merge"
        ]
    assert (change["label"], change["before"]["name"], change["change_id"]) == (
        "Nordlicht AG",
        "Nordlicht AG",
        result["changes"][0],
    )
    assert change["after"] == {"merged_into_id": keep["record_id"], "merged_into_label": "Nordlicht"}
    told = desk.ok("get_record", record_id=keep["record_id"])["timeline"][0]
    assert (told["type"], told["label"], told["text"], told["change_id"]) == (
        "change",
        "merged Nordlicht AG into this",
        "One customer, entered twice",
        result["changes"][0],
    )


@promise("undo:any")
def test_an_undo_leaves_what_changed_since(desk: Desk) -> None:
    keep = make(desk, "account", name="Nordlicht")
    other = make(desk, "account", name="Nordlicht AG", tier="smb")
    stays, moves, goes = (make(desk, "opportunity", name=f"Deal {n}", account_id=other["record_id"]) for n in range(3))
    result = merge(desk, keep, other)
    elsewhere = make(desk, "account", name="Solvento")
    desk.update(keep, tier="enterprise")
    desk.update(stays, amount="5")
    desk.update(moves, account_id=elsewhere["record_id"])
    desk.ok("delete_record", record_id=goes["record_id"])
    fresh = make(desk, "opportunity", name="Deal 4", account_id=keep["record_id"])
    undone = undo(desk, result["changes"][-1])
    assert {(each["label"], each["field"]) for each in undone["conflicts"]} == {
        ("Nordlicht", "tier"),
        ("Deal 1", "account_id"),
    }
    assert {each["action"] for each in undone["undone"]} == {"restore", "update"}
    assert desk.fields(other)["tier"] == "smb"
    assert (desk.fields(stays)["account_id"], desk.fields(stays)["amount"]) == (other["record_id"], "5.00")
    assert desk.fields(moves)["account_id"] == elsewhere["record_id"]
    assert desk.fields(fresh)["account_id"] == keep["record_id"]
    desk.ok("restore_record", record_id=goes["record_id"])
    assert desk.fields(goes)["account_id"] == other["record_id"]


@promise("undo:any")
def test_an_undone_merge_can_be_made_again_and_taken_back_again(desk: Desk) -> None:
    keep, other = two_accounts(desk)
    apart = rows_of(desk)
    merged = merge(desk, keep, other)
    together = rows_of(desk)
    undone = undo(desk, merged["changes"][0])
    again = undo(desk, undone["changes"][-1])
    assert again["conflicts"] == []
    assert {each["action"] for each in again["undone"]} == {"merge", "update"}
    without_moment = {key: {**row, "deleted_at": bool(row.get("deleted_at"))} for key, row in rows_of(desk).items()}
    assert without_moment == {key: {**row, "deleted_at": bool(row.get("deleted_at"))} for key, row in together.items()}
    assert undo(desk, again["changes"][3])["conflicts"] == []
    assert rows_of(desk) == apart
    assert_sound(desk)
    assert "Nothing is left to undo" in desk.refusal("undo", change_id=merged["changes"][0])[1]


@promise("undo:any")
def test_a_run_with_a_merge_comes_back_as_it_was(desk: Desk) -> None:
    keep, other = two_accounts(desk)
    before = rows_of(desk)
    run = desk.new_run("Tidy up")
    tidy = desk.within(run_id=run)
    tidy.update(other, tier="smb")
    tidy.ok("update_records", kind="opportunity", where=["stage = new"], fields={"stage": "lost", "loss_reason": "x"})
    merge(tidy, keep, other)
    tidy.update(keep, name="Nordlicht SE")
    tidy.ok("update_records", kind="task", where=["status = open"], fields={"tags": ["tidy"], "status": "done"})
    result = desk.ok("undo", run_id=str(run))
    assert result["conflicts"] == []
    assert rows_of(desk) == before
    assert_sound(desk)


@pytest.mark.parametrize(
    ("keep", "others", "kind", "told"),
    [
        ("account", ["account"], "invalid", "cannot be merged into itself"),
        ("account", ["other account", "contact"], "invalid", "Only records of one kind can be merged"),
        ("task", ["other task"], "invalid", "Records of kind task cannot be merged"),
        ("account", [], "invalid", "other_ids"),
        ("account", ["nothing"], "not_found", "There is no record"),
        ("account", ["gone"], "not_found", "was deleted"),
    ],
)
def test_what_cannot_be_merged_is_one_sentence(desk: Desk, keep: str, others: list[str], kind: str, told: str) -> None:
    made = {
        "account": make(desk, "account", name="Nordlicht")["record_id"],
        "other account": make(desk, "account", name="Solvento")["record_id"],
        "gone": make(desk, "account", name="Gone")["record_id"],
        "contact": make(desk, "contact", full_name="Maria Lopez")["record_id"],
        "task": make(desk, "task", title="Call")["record_id"],
        "other task": make(desk, "task", title="Write")["record_id"],
        "nothing": str(UUID(int=5)),
    }
    desk.ok("delete_record", record_id=made["gone"])
    refusal = desk.refusal("merge_records", keep_id=made[keep], other_ids=[made[each] for each in others])
    assert refusal[0] == kind
    assert told in refusal[1]


@promise("rights:user")
def test_a_merge_needs_the_right_to_delete_the_others(desk: Desk) -> None:
    member = desk.as_role("member")
    mine, theirs = make(member, "account", name="Mine"), make(desk, "account", name="Theirs")
    keep = make(desk, "account", name="Kept")
    assert (
        "somebody else's"
        in member.refusal("merge_records", keep_id=keep["record_id"], other_ids=[theirs["record_id"]])[1]
    )
    for denied in (
        desk.as_role("viewer"),
        desk.within(scopes=frozenset({"*:read", "*:write"})),
        desk.within(scopes=frozenset({"account:destroy"})),
    ):
        assert denied.refusal("merge_records", keep_id=keep["record_id"], other_ids=[mine["record_id"]])[0] == "denied"
    deal = make(desk, "opportunity", name="Wind", account_id=mine["record_id"])
    accounts_only = member.within(scopes=frozenset({"account:*"}))
    assert (
        accounts_only.refusal("merge_records", keep_id=keep["record_id"], other_ids=[mine["record_id"]])[0] == "denied"
    )
    merge(member, keep, mine)
    assert desk.fields(deal)["account_id"] == keep["record_id"]


@promise("gate:human")
def test_a_merge_that_was_approved_is_the_one_that_was_shown(desk: Desk) -> None:
    keep, other = two_accounts(desk)
    before = rows_of(desk)
    approval = proposed(desk, "merge_records", keep_id=keep["record_id"], other_ids=[other["record_id"]])
    assert rows_of(desk) == before
    merges = [(each["kind"], each["after"]) for each in shown(desk, approval) if each["action"] == "merge"]
    assert [kind for kind, _ in merges] == ["account", "contact"]
    assert merges[0][1] == {"merged_into_id": keep["record_id"], "merged_into_label": "Nordlicht"}
    decided = approve(desk.context, approval)
    assert {each["action"] for each in decided.changes} == {"update", "merge"}
    assert_sound(desk)
    assert undo(desk, decided.changes[0]["change_id"])["conflicts"] == []
    assert rows_of(desk) == before


def test_a_merged_record_can_be_read_as_it_was(desk: Desk) -> None:
    keep, other = two_accounts(desk)
    later = desk.at(timedelta(days=3))
    merge(later, keep, other)
    then = later.ok("get_record", record_id=other["record_id"], as_of="2026-11-21")
    assert (then["record"]["label"], then["record"]["fields"]["tier"]) == ("Nordlicht Energie", "enterprise")
