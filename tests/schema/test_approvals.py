"""The database's own part of the gate: who decides, once, on what cannot be rewritten, and for one change alone."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from schema.database import Database, sqlstate
from schema.identity import Identity
from schema.session import Change, WriteSession
from tests.schema.filled import Filled, change, table

APPROVALS = table("approvals")
ACCOUNTS = table("accounts")

promise = pytest.mark.promise


def deciding(approval_id: UUID, status: str, who: UUID) -> Any:
    return update(APPROVALS).where(APPROVALS.c.id == approval_id).values(status=status, decided_by=who)


def approve(session: WriteSession, near: Filled) -> None:
    assert session.execute(deciding(near.ids["approvals"], "approved", near.who.user_id)) == 1


def refused(database: Database, who: Identity, statement: Any, told: Change | None = None) -> str | None:
    """The state of the error that a statement of the application ends with."""
    with (
        pytest.raises(DBAPIError) as caught,
        database.write(who, told or change(database)) as session,
    ):
        session.execute(statement)
    return sqlstate(caught.value)


def approved_change(database: Database, near: Filled, *, call: UUID | None = None) -> Change:
    return Change(
        database.world.new_id(),
        "As approved",
        via_agent=True,
        tool_call_id=call or near.ids["tool_calls"],
        approval_id=near.ids["approvals"],
    )


def touch(session: WriteSession) -> int:
    return session.execute(update(ACCOUNTS).values(tier="smb", version=ACCOUNTS.c.version + 1))


@promise("gate:human")
@pytest.mark.parametrize("status", ["approved", "rejected"])
def test_an_agent_cannot_decide(database: Database, near: Filled, status: str) -> None:
    statement = deciding(near.ids["approvals"], status, near.who.user_id)
    assert refused(database, near.who, statement, change(database, via_agent=True)) == "CA004"
    with pytest.raises(DBAPIError), database.job(near.who.tenant_id, change(database)) as session:
        session.execute(statement)


@promise("gate:human")
def test_who_decides_is_who_signed_the_transaction(database: Database, near: Filled) -> None:
    with database.write(near.who, change(database)) as session:
        other = session.select(
            insert(table("users"))
            .values(
                tenant_id=near.who.tenant_id,
                id=database.world.new_id(),
                email="other@near.example",
                name="Other",
                role="manager",
                created_at=database.world.now(),
                updated_at=database.world.now(),
            )
            .returning(table("users").c.id)
        )[0]["id"]
    assert refused(database, near.who, deciding(near.ids["approvals"], "approved", other)) == "CA004"


@promise("gate:human")
def test_no_proposal_is_born_approved(database: Database, near: Filled) -> None:
    with database.read(near.who) as session:
        row = session.select(select(APPROVALS))[0]
    for status in ("approved", "rejected", "expired", "stale"):
        decider = near.who.user_id if status in {"approved", "rejected"} else None
        born = {**row, "id": database.world.new_id(), "status": status, "decided_by": decider}
        assert refused(database, near.who, insert(APPROVALS).values(born)) == "CA004"


@promise("gate:human")
@pytest.mark.parametrize(
    "values",
    [
        {"status": "pending", "decided_by": None},
        {"status": "rejected"},
        {"decided_by": UUID(int=7)},
        {"decision_reason": "Never said"},
        {"decided_at": None},
        {"args": {"record_id": "another"}},
        {"fingerprint": "1"},
        {"tool_call_id": UUID(int=7)},
    ],
    ids="+".join,
)
def test_a_decision_cannot_be_rewritten(database: Database, near: Filled, values: dict[str, Any]) -> None:
    with database.write(near.who, change(database)) as session:
        session.execute(
            deciding(near.ids["approvals"], "approved", near.who.user_id).values(decided_at=database.world.now())
        )
    assert refused(database, near.who, update(APPROVALS).values(values)) == "CA004"


@promise("gate:human")
@pytest.mark.parametrize("values", [{"args": {"all": True}}, {"fingerprint": "1"}, {"changes": []}, {"tool": "undo"}])
def test_what_was_proposed_cannot_be_rewritten(database: Database, near: Filled, values: dict[str, Any]) -> None:
    values = {"changes": [{}]} if "changes" in values else values
    assert refused(database, near.who, update(APPROVALS).values(values)) == "CA004"


@promise("gate:human")
@promise("audit:joined")
def test_a_change_is_approved_in_the_transaction_of_its_decision(database: Database, near: Filled) -> None:
    told = approved_change(database, near)
    with database.write(near.who, change(database)) as session:
        approve(session, near)
        database.speak(session, near.who, told)
        assert touch(session) == 1
        logged = session.rows("SELECT approval_id FROM crm.audit_events WHERE reason = 'As approved'")
    assert [row["approval_id"] for row in logged] == [near.ids["approvals"]]


@promise("gate:human")
def test_a_change_cannot_name_an_approval_that_it_does_not_have(database: Database, near: Filled) -> None:
    statement = update(ACCOUNTS).values(tier="smb", version=ACCOUNTS.c.version + 1)
    pending = approved_change(database, near)
    assert refused(database, near.who, statement, pending) == "CA001"
    with database.write(near.who, change(database)) as session:
        approve(session, near)
    for used in (pending, approved_change(database, near, call=database.world.new_id())):
        assert refused(database, near.who, statement, used) == "CA001"


@promise("gate:human")
def test_an_approval_is_for_the_call_that_waits(database: Database, near: Filled) -> None:
    with database.write(near.who, change(database)) as session:
        approve(session, near)
        database.speak(session, near.who, approved_change(database, near, call=database.world.new_id()))
        with pytest.raises(DBAPIError) as caught, session.savepoint():
            touch(session)
    assert sqlstate(caught.value) == "CA001"


@promise("gate:human")
def test_the_application_cannot_remove_a_proposal(database: Database, near: Filled) -> None:
    assert refused(database, near.who, APPROVALS.delete()) == "42501"
