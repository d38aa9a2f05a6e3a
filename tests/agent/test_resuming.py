"""Runs left behind after a decision are taken on, once, by whoever serves."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest

from agent.loop import ask
from agent.result import load_result
from agent.resuming import Resumer, resuming
from evals.standin.script import Call, Reply, Slow
from evals.standin.server import StandIn
from schema.database import Database
from schema.settings import Settings
from schema.world import World
from tests.agent.standins import model_at, replies
from tests.conftest import NOW
from tests.schema.filled import Filled, change, fill, table
from tools.approvals import approve
from tools.context import ToolContext

promise = pytest.mark.promise


@pytest.fixture
def near(empty_database: Database) -> Filled:
    return fill(empty_database, "near")


@pytest.fixture
def desk(empty_database: Database, near: Filled) -> ToolContext:
    return ToolContext(empty_database, empty_database.world, near.who)


def waits(desk: ToolContext, near: Filled, stand_in: StandIn) -> tuple[UUID, UUID]:
    """A run that waits, and its proposal."""
    result = ask(desk, "Delete the task", model=model_at(stand_in))
    return UUID(result.run_id), UUID(result.proposals[0]["approval_id"])


def deleting(near: Filled) -> StandIn:
    call = Call("delete_record", {"record_id": str(near.ids["tasks"]), "reason": "It is done."})
    return replies(Reply(calls=(call,)), Reply(text="Gone."))


def looks(resumer: Resumer) -> list[UUID]:
    return asyncio.run(resumer.look())


@promise("gate:human")
def test_a_decided_run_is_taken_on_at_the_second_look(desk: ToolContext, near: Filled) -> None:
    resumer = Resumer(desk.db)
    with deleting(near) as stand_in:
        run_id, approval_id = waits(desk, near, stand_in)
        assert [looks(resumer), looks(resumer)] == [[], []]
        approve(desk, approval_id)
        assert [looks(resumer), looks(resumer), looks(resumer)] == [[], [run_id], []]
    result = load_result(desk, run_id)
    assert (result.status, result.answer, len(result.changes)) == ("completed", "Gone.", 1)


@promise("gate:human")
def test_time_that_ran_out_ends_the_waiting(desk: ToolContext, near: Filled, settings: Settings) -> None:
    later = Database.open(desk.db.admin_url, settings, World.fixed(NOW + timedelta(hours=72), seed=9))
    resumer = Resumer(later)
    with deleting(near) as stand_in:
        run_id, _ = waits(desk, near, stand_in)
        assert [looks(resumer), looks(resumer)] == [[], [run_id]]
        assert "Nobody decided in time" in stand_in.requests[-1].messages[-1].text
    later.close()
    result = load_result(desk, run_id)
    assert (result.status, result.changes) == ("completed", [])


def test_two_servers_take_a_run_on_once(desk: ToolContext, near: Filled) -> None:
    resumers = [Resumer(desk.db), Resumer(desk.db)]

    async def at_once() -> list[list[UUID]]:
        return await asyncio.gather(*(resumer.look() for resumer in resumers))

    with deleting(near) as stand_in:
        run_id, approval_id = waits(desk, near, stand_in)
        approve(desk, approval_id)
        asyncio.run(at_once())
        found = asyncio.run(at_once())
    assert sorted(found, key=len) == [[], [run_id]]
    assert len(stand_in.requests) == 2


def test_what_cannot_go_on_is_tried_once_and_keeps_nobody_else(desk: ToolContext, near: Filled) -> None:
    resumer = Resumer(desk.db)
    with deleting(near) as stand_in:
        run_id, approval_id = waits(desk, near, stand_in)
        approve(desk, approval_id)
        with desk.db.store(desk.who) as session:
            session.rows("UPDATE crm.runs SET model = 'nobody-knows-it' WHERE id = :run RETURNING id", run=run_id)
        assert [looks(resumer) for _ in range(3)] == [[], [], []]
    assert load_result(desk, run_id).status == "needs_approval"
    assert load_result(desk, run_id).changes


def test_the_runs_of_the_disabled_stay_where_they_are(desk: ToolContext, near: Filled) -> None:
    resumer = Resumer(desk.db)
    with deleting(near) as stand_in:
        _, approval_id = waits(desk, near, stand_in)
        approve(desk, approval_id)
        with desk.db.write(desk.who, change(desk.db)) as session:
            session.execute(table("users").update().values(is_active=False))
        assert [looks(resumer), looks(resumer)] == [[], []]


def test_it_goes_on_in_the_background_while_something_serves(desk: ToolContext, near: Filled) -> None:
    with deleting(near) as stand_in:
        run_id, approval_id = waits(desk, near, stand_in)
        approve(desk, approval_id)
        with resuming(desk.db, interval=0.02):
            deadline = time.monotonic() + 60
            while load_result(desk, run_id).status != "completed":
                assert time.monotonic() < deadline
                time.sleep(0.02)
    assert load_result(desk, run_id).answer == "Gone."


def test_serving_ends_without_waiting_for_a_slow_provider(desk: ToolContext, near: Filled) -> None:
    call = Call("delete_record", {"record_id": str(near.ids["tasks"]), "reason": "It is done."})
    with replies(Reply(calls=(call,)), Slow(30, Reply(text="Late."))) as stand_in:
        run_id, approval_id = waits(desk, near, stand_in)
        approve(desk, approval_id)
        began = time.monotonic()
        with resuming(desk.db, interval=0.02):
            while len(stand_in.requests) < 2:
                assert time.monotonic() < began + 60
                time.sleep(0.02)
    result = load_result(desk, run_id)
    assert (result.status, len(result.changes)) == ("interrupted", 1)
