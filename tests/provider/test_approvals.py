"""A provider that fails after a person approved: one sentence, the change made once, the run readable."""

from uuid import UUID

import pytest

from agent.events import RunEvent, ignore
from agent.loop import ask, resume
from agent.result import AskResult, load_result
from evals.standin.script import Call, Fault, FaultKind, Outcome, Reply, Request, Slow
from evals.standin.server import StandIn
from guardrails.limits import RunLimits
from schema.errors import CrmError
from tests.agent.standins import PROTOCOLS, model_at, replies
from tests.schema.filled import Filled
from tests.tools.proposing import moment
from tools.approvals import approve
from tools.context import ToolContext

promise = pytest.mark.promise

LIMITS = RunLimits(requests=4, tool_calls=5, total_tokens=500, seconds=4, attempts=2)
SECRET = "secret-detail-of-the-provider"

FAULTS: dict[str, tuple[Outcome, str]] = {
    "401": (Fault(FaultKind.STATUS, 401, "invalid_api_key"), "rejected the key"),
    "429": (Fault(FaultKind.STATUS, 429, "rate_limit_exceeded", retry_after="0.1"), "rate limit"),
    "500": (Fault(FaultKind.STATUS, 500), "failed"),
    "cut": (Fault(FaultKind.CUT_STREAM), "broke off"),
    "malformed": (Fault(FaultKind.MALFORMED), "could not be read"),
    "empty": (Fault(FaultKind.EMPTY), ""),
    "slow": (Slow(6), "longer than 4 seconds"),
    "endless loop": (Reply(calls=(Call("find_records", {"query": "Zoë"}),), input_tokens=1), "asked 4 times"),
    "many tokens": (Reply(calls=(Call("find_records", {"query": "Zoë"}),), input_tokens=600), "500 tokens"),
    "unknown tools": (Reply(calls=(Call("drop_table", {"name": "runs"}),), input_tokens=1), "do not work"),
}


def delete(near: Filled, *, beside: tuple[Call, ...] = ()) -> Reply:
    call = Call("delete_record", {"record_id": str(near.ids["tasks"]), "reason": "It is done."})
    return Reply(calls=(call, *beside))


def waits(desk: ToolContext, stand_in: StandIn, protocol: str = "chat") -> AskResult:
    result = ask(desk, "Delete the task", model=model_at(stand_in, protocol), limits=LIMITS)
    assert result.status == "needs_approval", result.answer
    return result


def approved(desk: ToolContext, waiting: AskResult) -> None:
    approve(desk, UUID(waiting.proposals[0]["approval_id"]))


@promise("gate:human")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_after_the_approval_is_one_sentence_and_the_change_stays_made_once(
    desk: ToolContext, near: Filled, fault: str
) -> None:
    outcome, told = FAULTS[fault]
    with replies(delete(near), outcome) as stand_in:
        waiting = waits(desk, stand_in)
        approved(desk, waiting)
        after = moment(desk.db)
        ended = resume(desk, UUID(waiting.run_id), model=model_at(stand_in), limits=LIMITS)
        assert (ended.status, told in ended.answer, SECRET in ended.answer) == ("failed", True, False)
        assert ("\n" in ended.answer, ended.answer.endswith(".")) == (False, True)
        assert "can be undone" in ended.answer
        assert [(each["action"], each["kind"]) for each in ended.changes] == [("delete", "task")]
        stored = load_result(desk, UUID(waiting.run_id))
        assert (stored.status, stored.answer, stored.changes) == (ended.status, ended.answer, ended.changes)
        with pytest.raises(CrmError) as caught:
            resume(desk, UUID(waiting.run_id), model=model_at(stand_in), limits=LIMITS)
    assert caught.value.kind == "conflict"
    assert moment(desk.db).is_as(after)


@promise("gate:human")
@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("fault", ["500", "cut", "malformed"])
def test_it_is_so_in_both_protocols_streamed_or_not(
    desk: ToolContext, near: Filled, fault: str, protocol: str, is_streamed: bool
) -> None:
    events: list[RunEvent] = []
    with replies(delete(near), FAULTS[fault][0]) as stand_in:
        waiting = waits(desk, stand_in, protocol)
        approved(desk, waiting)
        model = model_at(stand_in, protocol)
        run_id = UUID(waiting.run_id)
        told = events.append if is_streamed else ignore
        ended = resume(desk, run_id, model=model, limits=LIMITS, on_event=told, is_streamed=is_streamed)
    assert (ended.status, len(ended.changes)) == ("failed", 1)
    if is_streamed:
        assert [event.kind for event in events][-2:] == ["error", "run_finished"]


@promise("gate:human")
def test_a_passing_fault_is_waited_out(desk: ToolContext, near: Filled) -> None:
    def script(request: Request) -> Outcome:
        passing = Fault(FaultKind.STATUS, 503, retry_after="0.1")
        return [delete(near), passing, Reply(text="Gone.")][min(request.number, 2)]

    with StandIn(script) as stand_in:
        waiting = waits(desk, stand_in)
        approved(desk, waiting)
        ended = resume(desk, UUID(waiting.run_id), model=model_at(stand_in))
    assert (ended.status, ended.answer, len(ended.changes)) == ("completed", "Gone.", 1)


@promise("gate:human")
def test_a_slow_provider_keeps_nobody_from_deciding(desk: ToolContext, near: Filled) -> None:
    """While one run waits for its answer, another proposal is approved, and its rows are free."""
    note = Call("delete_record", {"record_id": str(near.ids["notes"]), "reason": "It is old."})
    with replies(Reply(calls=(note,)), Reply(text="Gone too.")) as other:
        beside = ask(desk, "Delete the note", model=model_at(other))

    def script(request: Request) -> Outcome:
        if request.number == 0:
            return delete(near)
        approved(desk, beside)
        return Slow(0.5, Reply(text="Gone."))

    with StandIn(script) as stand_in:
        waiting = waits(desk, stand_in)
        approved(desk, waiting)
        ended = resume(desk, UUID(waiting.run_id), model=model_at(stand_in), limits=LIMITS)
    assert (ended.status, ended.answer) == ("completed", "Gone.")
    assert len(load_result(desk, UUID(beside.run_id)).changes) == 1


@promise("gate:human")
@pytest.mark.parametrize("unknown", [Call("drop_table", {"name": "runs"}), Call("delete_record", '{"broken')], ids=str)
def test_calls_that_cannot_be_made_beside_a_waiting_one_change_nothing(
    desk: ToolContext, near: Filled, unknown: Call
) -> None:
    before = moment(desk.db)
    with replies(delete(near, beside=(unknown, unknown)), Reply(text="Gone.")) as stand_in:
        waiting = waits(desk, stand_in)
        assert [call["outcome"] for call in waiting.tool_calls] == ["proposed", "failed", "failed"]
        assert moment(desk.db).is_as(before)
        approved(desk, waiting)
        ended = resume(desk, UUID(waiting.run_id), model=model_at(stand_in))
    assert (ended.status, len(ended.changes)) == ("completed", 1)
    assert [call["outcome"] for call in ended.tool_calls] == ["ok", "failed", "failed"]


@promise("gate:human")
@pytest.mark.parametrize("fault", ["500", "cut", "malformed"])
def test_a_fault_before_any_proposal_leaves_nothing_to_decide(desk: ToolContext, fault: str) -> None:
    before = moment(desk.db)
    with replies(FAULTS[fault][0]) as stand_in:
        ended = ask(desk, "Delete the task", model=model_at(stand_in), limits=LIMITS)
    assert (ended.status, ended.proposals) == ("failed", [])
    assert moment(desk.db).is_as(before)
