"""The database itself keeps that only a person says yes or no to an insight, and that a no is not forgotten."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Executable, delete, insert, update
from sqlalchemy.exc import DBAPIError

from schema.database import Database, sqlstate
from tests.schema.filled import Filled, change, fill, table

INSIGHTS = table("ai_insights")


@pytest.fixture
def near(empty_database: Database) -> Filled:
    return fill(empty_database, "near")


Attempt = Callable[[Executable], str | None]
"""Runs a statement; the error's code, or None when it was let through."""


@pytest.fixture
def agent(empty_database: Database, near: Filled) -> Attempt:
    return partial(attempt, empty_database, near, True)


@pytest.fixture
def person(empty_database: Database, near: Filled) -> Attempt:
    return partial(attempt, empty_database, near, False)


def attempt(database: Database, near: Filled, via_agent: bool, statement: Executable) -> str | None:
    try:
        with database.write(near.who, change(database, via_agent=via_agent)) as session:
            session.execute(statement)
    except DBAPIError as error:
        return sqlstate(error)
    return None


def says(near: Filled, verdict: bool | None, by: UUID | None) -> Executable:
    return (
        update(INSIGHTS)
        .where(INSIGHTS.c.id == near.ids["ai_insights"])
        .values(verified_by_user=verdict, verified_by=by, verified_at=None)
    )


def test_an_agent_says_neither_yes_nor_no(near: Filled, agent: Attempt, person: Attempt) -> None:
    for verdict in (True, False):
        assert agent(says(near, verdict, near.who.user_id)) == "CA004"
    assert person(says(near, True, near.who.user_id)) is None
    assert agent(says(near, False, near.who.user_id)) == "CA004"
    assert person(says(near, False, near.who.user_id)) is None


def test_nobody_decides_in_anothers_name_or_takes_a_decision_back(
    near: Filled, person: Attempt, empty_database: Database
) -> None:
    assert person(says(near, True, empty_database.world.new_id())) == "CA004"
    assert person(says(near, True, None)) == "CA004"
    assert person(says(near, False, near.who.user_id)) is None
    assert person(says(near, None, None)) == "CA004"
    assert person(delete(INSIGHTS)) == "CA004"


def test_what_was_inferred_cannot_be_rewritten(agent: Attempt, person: Attempt) -> None:
    for someone in (agent, person):
        assert someone(update(INSIGHTS).values(statement="All is well")) == "CA004"
        assert someone(update(INSIGHTS).values(confidence="1")) == "CA004"


def test_none_is_made_already_verified_by_an_agent(near: Filled, agent: Attempt, empty_database: Database) -> None:
    now = empty_database.world.now()
    row = {
        "tenant_id": near.who.tenant_id,
        "id": empty_database.world.new_id(),
        "record_id": near.ids["accounts"],
        "kind": "risk",
        "statement": "None",
        "confidence": "0.5",
        "model": "m",
        "created_at": now,
        "updated_at": now,
        "verified_by_user": True,
        "verified_by": near.who.user_id,
    }
    assert agent(insert(INSIGHTS).values(row)) == "CA004"


def test_a_claim_is_the_statement_folded(near: Filled, empty_database: Database) -> None:
    with empty_database.job(near.who.tenant_id, change(empty_database)) as session:
        session.execute(update(INSIGHTS).values(statement="Über-fällig: SEIT  Mai!"))
        assert session.scalar("SELECT claim FROM crm.ai_insights") == "uber fallig seit mai"
