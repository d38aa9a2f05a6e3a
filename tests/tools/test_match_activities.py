"""match_activities: the interactions nearest to a vector, for people's own SQL."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg import sql

from guardrails.sql import guard
from guardrails.sql.guarded import GuardedQuery
from schema.database import Database
from tests.conftest import NOW
from tests.retrieval.search.indexed import ByWords, index, serve_model
from tests.tools.desk import Desk, fill_tenant

promise = pytest.mark.promise

EMBEDDER = ByWords(64)
_CALL = "SELECT id, subject, notes, similarity FROM match_activities({}, {}, {})"


@pytest.fixture(scope="module")
def desks(open_desk: Callable[[], Desk]) -> list[Desk]:
    """Two tenants with texts of their own."""
    desks = [open_desk(), open_desk()]
    serve_model(desks[0].database, EMBEDDER)
    for number, desk in enumerate(desks):
        for at in range(12):
            body = f"The invoice of tenant {number} came with reminder {at}"
            desk.create("interaction", kind="email", subject=f"Mail {at}", body=body)
        desk.create("note", body="An invoice, and no interaction")
        index(desk.database, desk.who, EMBEDDER)
    return desks


def vector(text: str) -> str:
    return str(EMBEDDER.embed_query(text).tolist())


def matched(desk: Desk, asked: str, threshold: float | None = 0.1, count: int | None = 5) -> Sequence[tuple[Any, ...]]:
    """As an owner at a psql prompt has it."""
    with psycopg.connect(desk.database.admin_url) as owner:
        owner.execute("SELECT crm.enter(%s)", [desk.who.tenant_slug])
        owner.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(desk.database.roles.name("reader"))))
        owner.execute("SET search_path = crm_read")
        return owner.execute(sql.SQL(_CALL).format(asked, threshold, count)).fetchall()


@promise("tenant:sealed")
def test_it_finds_the_nearest_interactions_of_the_tenant_entered(desks: list[Desk]) -> None:
    asked = vector("invoice reminder")
    seen: list[set[Any]] = []
    for number, desk in enumerate(desks):
        found = matched(desk, asked)
        assert len(found) == 5
        assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)
        assert all(0.1 <= row[3] <= 1 and f"tenant {number}" in row[2] for row in found)
        seen.append({row[0] for row in found})
        assert matched(desk, asked, 0.999) == []
        assert len(matched(desk, asked, -1, 150)) == 12
    assert seen[0].isdisjoint(seen[1])


def test_a_deleted_interaction_is_not_found(desks: list[Desk]) -> None:
    first = matched(desks[0], vector("reminder 3"))[0][0]
    desks[0].ok("delete_record", record_id=str(first))
    assert first not in {row[0] for row in matched(desks[0], vector("reminder 3"), -1, 100)}
    desks[0].ok("restore_record", record_id=str(first))


def test_the_application_calls_it_too(desks: list[Desk]) -> None:
    with desks[0].database.read(desks[0].who) as session:
        named = session.scalar(
            "SELECT count(*) FROM crm_read.match_activities(CAST(:vector AS vector), 0.1, 5)", vector=vector("invoice")
        )
    assert named == 5


def test_nothing_asked_for_is_nothing_found(desks: list[Desk]) -> None:
    for count in (0, -1, None):
        assert matched(desks[0], vector("invoice"), 0.1, count) == []
    assert len(matched(desks[0], vector("invoice"), None, 3)) == 3
    assert len(matched(desks[0], str([0.0] * 64), -1, 3)) == 3


def test_a_vector_that_does_not_fit_is_refused_in_a_sentence(desks: list[Desk]) -> None:
    with pytest.raises(
        psycopg.DataError, match="has 3 dimensions, and those of the model that serves, by-words, have 64"
    ):
        matched(desks[0], "[1, 2, 3]")
    with pytest.raises(psycopg.DataError, match="NaN"):
        matched(desks[0], str(["NaN"] * 64).replace("'", ""))


def test_without_a_model_it_says_so(empty_database: Database) -> None:
    fill_tenant(empty_database, "harbour")
    with pytest.raises(psycopg.Error, match="No embedding model serves searches yet"):
        matched(Desk.of(empty_database, "harbour"), vector("invoice"))


@promise("sql:read-only")
def test_a_models_sql_may_not_call_it() -> None:
    for call in ("match_activities('[1]', 0, 1)", "crm_read.match_activities('[1]', 0, 1)"):
        found = guard(f"SELECT * FROM {call}", clock=NOW, zone=ZoneInfo("Europe/Berlin"))
        assert not isinstance(found, GuardedQuery)
