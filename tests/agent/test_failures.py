"""What goes wrong at a provider: one sentence each, nothing half done, what was done before listed."""

import os
import signal
import socket
import threading
import time
from dataclasses import replace

import pytest

from agent.events import RunEvent, ignore
from agent.loop import ask
from agent.models import choose_model
from agent.result import AskResult
from evals.standin.script import Call, Fault, FaultKind, Outcome, Reply, Request, Slow, by_step
from evals.standin.server import StandIn
from guardrails.limits import RunLimits
from tests.agent.standins import PROTOCOLS, model_at, replies, update
from tests.schema.filled import Filled
from tools.context import ToolContext

LIMITS = RunLimits(requests=4, tool_calls=5, total_tokens=500, seconds=4, attempts=2)
LOOP = Reply(calls=(Call("find_records", {"query": "Zoë"}),), input_tokens=1)


def status(code: int, name: str = "error", retry_after: str | None = None) -> Fault:
    return Fault(FaultKind.STATUS, code, name, retry_after=retry_after)


FAULTS: dict[str, tuple[Outcome, str, str]] = {
    "401": (status(401, "invalid_api_key"), "setup", "rejected the key"),
    "403": (status(403), "setup", "rejected the key"),
    "404": (status(404, "model_not_found"), "setup", "knows no model"),
    "400": (status(400, "invalid_request_error"), "unavailable", "rejected the request"),
    "too long": (status(400, "context_length_exceeded"), "limit", "too long"),
    "429": (status(429, "rate_limit_exceeded", "0.2"), "unavailable", "rate limit"),
    "quota": (status(429, "insufficient_quota", "0.1"), "unavailable", "quota"),
    "500": (status(500), "unavailable", "failed"),
    "503": (status(503), "unavailable", "failed"),
    "cut": (Fault(FaultKind.CUT_STREAM), "unavailable", "broke off"),
    "malformed": (Fault(FaultKind.MALFORMED), "unavailable", "could not be read"),
    "empty": (Fault(FaultKind.EMPTY), "unavailable", ""),
    "slow": (Slow(6), "limit", "longer than 4 seconds"),
    "truncated": (
        Reply(calls=(Call("update_record", '{"record_id": "'),), is_cut_off=True),
        "unavailable",
        "cut off in the middle of a tool call",
    ),
    "broken arguments": (Reply(calls=(Call("update_record", '{"record_id": "'),)), "unavailable", "do not work"),
    "no object": (Reply(calls=(Call("update_record", "[1]"),)), "unavailable", "do not work"),
    "unknown tool": (Reply(calls=(Call("drop_table", {"name": "runs"}),)), "unavailable", "do not work"),
    "endless loop": (LOOP, "limit", "asked 4 times"),
    "many calls": (Reply(calls=(Call("find_records", {"query": "Zoë"}),) * 6), "limit", "more than 5 tool calls"),
    "many tokens": (replace(LOOP, input_tokens=600), "limit", "more than 500 tokens"),
}


def failed(desk: ToolContext, *script: Outcome, protocol: str = "chat", is_streamed: bool = False) -> AskResult:
    with replies(*script) as stand_in:
        return ask(desk, "Change it", model=model_at(stand_in, protocol), limits=LIMITS, is_streamed=is_streamed)


def error_kind(desk: ToolContext) -> str | None:
    with desk.db.store(desk.who) as session:
        return session.scalar("SELECT error_kind FROM crm.runs WHERE prompt = 'Change it'")


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_ends_in_one_sentence_and_what_was_changed_before_stays(
    desk: ToolContext, near: Filled, name: str
) -> None:
    fault, kind, told = FAULTS[name]
    result = failed(desk, update(near.ids["opportunities"], amount="7"), fault)
    assert result.status == "failed"
    assert error_kind(desk) == kind
    assert told in result.answer
    assert result.answer.endswith("; the change made before stays and can be undone.")
    assert ". " not in result.answer
    assert "secret" not in result.answer
    assert "Traceback" not in result.answer
    assert [change["after"] for change in result.changes] == [{"amount": "7.00"}]


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ["401", "429", "500", "cut", "malformed", "empty", "truncated", "broken arguments"])
def test_a_fault_at_once_changes_nothing_in_either_protocol(
    desk: ToolContext, name: str, protocol: str, is_streamed: bool
) -> None:
    fault, kind, _ = FAULTS[name]
    result = failed(desk, fault, protocol=protocol, is_streamed=is_streamed)
    assert (result.status, result.changes, error_kind(desk)) == ("failed", [], kind)
    assert result.answer.endswith(".")
    assert ". " not in result.answer


def test_nobody_listening_is_told(desk: ToolContext) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = ask(desk, "Change it", model=choose_model(f"openai-compatible:m@http://127.0.0.1:{port}", {}))
    assert (result.status, error_kind(desk)) == ("failed", "unavailable")
    assert "cannot be reached" in result.answer


@pytest.mark.parametrize("fault", [status(429, "rate_limit_exceeded", "0.1"), status(500)])
def test_a_passing_fault_is_waited_out(desk: ToolContext, fault: Fault) -> None:
    def script(request: Request) -> Outcome:
        return fault if request.number == 0 else Reply(text="Now it works.")

    with StandIn(script) as stand_in:
        result = ask(desk, "Change it", model=model_at(stand_in), limits=LIMITS)
    assert (result.status, result.answer, len(stand_in.requests)) == ("completed", "Now it works.", 2)
    assert result.usage.requests == 1


def test_waiting_for_a_provider_ends_with_the_runs_seconds(desk: ToolContext) -> None:
    began = time.monotonic()
    result = failed(desk, status(429, "rate_limit_exceeded", "30"))
    assert time.monotonic() - began < 10
    assert "longer than 4 seconds" in result.answer


def test_what_a_tool_refuses_is_told_to_the_model_which_goes_on(desk: ToolContext, near: Filled) -> None:
    wrong = Reply(calls=(Call("update_record", {"record": "Zoë", "reason": "Because"}), Call("nothing", {})))
    with replies(wrong, update(near.ids["opportunities"], amount="7"), Reply(text="Done.")) as stand_in:
        result = ask(desk, "Change it", model=model_at(stand_in))
    assert result.status == "completed"
    assert [(call["tool"], call["outcome"]) for call in result.tool_calls] == [
        ("update_record", "failed"),
        ("nothing", "failed"),
        ("update_record", "ok"),
    ]
    told = [message.text for message in stand_in.requests[1].messages if message.role == "tool"]
    assert "no argument record" in told[0]
    assert "nothing" in told[1]


def test_a_viewer_is_told_what_the_role_may_not(desk: ToolContext, near: Filled) -> None:
    viewer = replace(desk, who=replace(desk.who, role="viewer"))
    with replies(update(near.ids["opportunities"], amount="7"), Reply(text="You may not.")) as stand_in:
        result = ask(viewer, "Change it", model=model_at(stand_in))
    assert (result.status, result.changes) == ("completed", [])
    assert [call["outcome"] for call in result.tool_calls] == ["denied"]


def test_ctrl_c_marks_the_run_at_once_and_keeps_what_is_done(desk: ToolContext, near: Filled) -> None:
    def press(request: Request) -> Outcome:
        if request.number == 0:
            return update(near.ids["opportunities"], amount="7")
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        return Slow(3, Reply(text="Too late."))

    with StandIn(press) as stand_in:
        result = ask(desk, "Change it", model=model_at(stand_in))
    assert result.status == "interrupted"
    assert [change["after"] for change in result.changes] == [{"amount": "7.00"}]
    assert "interrupted" in result.answer


def test_an_error_is_an_event_before_the_end(desk: ToolContext) -> None:
    events: list[RunEvent] = []
    with replies(status(401)) as stand_in:
        ask(desk, "Change it", model=model_at(stand_in), on_event=events.append)
    assert [event.kind for event in events] == ["run_started", "error", "run_finished"]
    assert events[1].fields["kind"] == "setup"


def test_a_script_that_never_speaks_to_the_person_is_still_bounded(desk: ToolContext) -> None:
    with StandIn(by_step([LOOP])) as stand_in:
        result = ask(desk, "Change it", model=model_at(stand_in), on_event=ignore)
    assert (result.status, result.usage.requests) == ("failed", RunLimits().requests)
