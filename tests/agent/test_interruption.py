"""Runs that lose their process or their caller: closed as interrupted, what they changed kept."""

import asyncio
from uuid import UUID

import pytest

from agent.events import RunEvent
from agent.loop import ask, ask_async
from agent.result import load_result
from agent.store import Closing, close_run, mark_interrupted, open_run
from evals.standin.script import Reply, Slow
from tests.agent.standins import model_at, replies, update
from tests.schema.filled import Filled
from tools.context import ToolContext


def silent_for(desk: ToolContext, run_id: UUID, seconds: int) -> None:
    with desk.db.store(desk.who) as session:
        session.rows(
            "UPDATE crm.runs SET heartbeat_at = clock_timestamp() - make_interval(secs => :seconds)"
            " WHERE id = :run RETURNING id",
            seconds=seconds,
            run=run_id,
        )


def status_of(desk: ToolContext, run_id: UUID) -> str:
    return load_result(desk, run_id).status


@pytest.mark.parametrize(("seconds", "status"), [(61, "interrupted"), (50, "running")])
def test_a_run_that_is_silent_for_a_minute_has_lost_its_process(desk: ToolContext, seconds: int, status: str) -> None:
    run = open_run(desk, "Hello", "offline", "0", None)
    silent_for(desk, run.run_id, seconds)
    assert mark_interrupted(desk.db, desk.who) == ([run.run_id] if status == "interrupted" else [])
    assert status_of(desk, run.run_id) == status


def test_the_next_run_of_the_tenant_closes_it_too(desk: ToolContext) -> None:
    lost = open_run(desk, "Hello", "offline", "0", None)
    silent_for(desk, lost.run_id, 100)
    with replies(Reply(text="Hi")) as stand_in:
        ask(desk, "Hello again", model=model_at(stand_in))
    result = load_result(desk, lost.run_id)
    assert result.status == "interrupted"
    assert "can be undone" in result.answer


def test_another_tenants_runs_are_its_own_affair(desk: ToolContext, other_desk: ToolContext) -> None:
    run = open_run(desk, "Hello", "offline", "0", None)
    silent_for(desk, run.run_id, 100)
    assert mark_interrupted(other_desk.db, other_desk.who) == []
    assert status_of(desk, run.run_id) == "running"


def test_a_run_whose_caller_goes_away_is_closed_before_the_caller_is(desk: ToolContext, near: Filled) -> None:
    opened: list[UUID] = []

    async def go_away() -> None:
        changed = asyncio.Event()

        def watch(event: RunEvent) -> None:
            if event.kind == "run_started":
                opened.append(UUID(event.fields["run_id"]))
            if event.kind == "change":
                changed.set()

        task = asyncio.create_task(
            ask_async(
                desk,
                "Change it",
                model=model_at(stand_in),
                on_event=watch,
            )
        )
        await changed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with replies(update(near.ids["opportunities"], amount="7"), Slow(2, Reply(text="Too late."))) as stand_in:
        asyncio.run(go_away())
    result = load_result(desk, opened[0])
    assert result.status == "interrupted"
    assert [change["after"] for change in result.changes] == [{"amount": "7.00"}]


def test_a_conversation_goes_on_after_an_interrupted_run(desk: ToolContext, near: Filled) -> None:
    with replies(update(near.ids["opportunities"], amount="7"), Slow(2)) as stand_in, pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(ask_async(desk, "Change it", model=model_at(stand_in)), 1.2))
    with desk.db.store(desk.who) as session:
        conversation = session.scalar("SELECT conversation_id FROM crm.runs WHERE prompt = 'Change it'")
    with replies(Reply(text="Seven.")) as stand_in:
        result = ask(desk, "What is it now?", model=model_at(stand_in), conversation_id=conversation)
    assert result.status == "completed"
    roles = [message.role for message in stand_in.requests[0].messages]
    assert roles == ["system", "user", "assistant", "tool", "user"]


def test_a_run_that_was_given_up_by_mistake_can_still_end(desk: ToolContext) -> None:
    run = open_run(desk, "Hello", "offline", "0", None)
    silent_for(desk, run.run_id, 100)
    mark_interrupted(desk.db, desk.who)
    close_run(desk, run.run_id, Closing("completed", "Hi"))
    assert status_of(desk, run.run_id) == "completed"
