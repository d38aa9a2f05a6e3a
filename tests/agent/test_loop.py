"""The run loop against a real provider's protocol and a real database: what is stored, told and given back."""

import json
from uuid import UUID

import pytest

from agent.events import RunEvent, ignore
from agent.instructions import INSTRUCTIONS_HASH
from agent.loop import ask
from evals.standin.script import Call, Reply, Request
from evals.standin.server import StandIn
from schema import audit
from schema.audit import ChangeFilter
from schema.errors import CrmError
from schema.session import Row
from tests.agent.standins import PROTOCOLS, kinds_in_order, model_at, replies, update
from tests.schema.filled import Filled
from tools.context import ToolContext


def steps_of(desk: ToolContext, run_id: str) -> list[Row]:
    with desk.db.store(desk.who) as session:
        return session.rows("SELECT * FROM crm.steps WHERE run_id = :run ORDER BY position", run=UUID(run_id))


def run_of(desk: ToolContext, run_id: str) -> Row:
    with desk.db.store(desk.who) as session:
        return session.rows("SELECT * FROM crm.runs WHERE id = :run", run=UUID(run_id))[0]


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_request_becomes_an_audited_change(desk: ToolContext, near: Filled, protocol: str, is_streamed: bool) -> None:
    opportunity = near.ids["opportunities"]
    events: list[RunEvent] = []
    script = [
        Reply(
            reasoning="They mean the opportunity.",
            text="I look for the opportunity.",
            calls=(Call("get_record", {"record_id": str(opportunity)}),),
        ),
        update(opportunity, reasoning="It is the one.", amount="2500.00"),
        Reply(text=f"[A opportunity](crm://opportunity/{opportunity}) is now 2,500 EUR."),
    ]
    with replies(*script) as stand_in:
        result = ask(
            desk,
            "Set the amount to 2500",
            model=model_at(stand_in, protocol),
            on_event=events.append if is_streamed else ignore,
            is_streamed=is_streamed,
        )

    assert result.status == "completed"
    assert [request.is_streamed for request in stand_in.requests] == [is_streamed] * 3
    assert result.understood == "They mean the opportunity."
    assert [(call["tool"], call["outcome"], call["effect"]) for call in result.tool_calls] == [
        ("get_record", "ok", "read"),
        ("update_record", "ok", "write"),
    ]
    (change,) = result.changes
    assert change["before"] == {"amount": "1000.10"}
    assert change["after"] == {"amount": "2500.00"}
    assert change["tool_call_id"] == result.tool_calls[1]["tool_call_id"]
    assert result.citations == [{"kind": "opportunity", "record_id": str(opportunity), "label": "A opportunity"}]
    assert (result.usage.requests, result.usage.input_tokens, result.usage.output_tokens) == (3, 300, 30)
    assert result.usage.cost_usd is None

    with desk.db.read(desk.who) as session:
        (logged,) = audit.list_changes(session, ChangeFilter(run_id=UUID(result.run_id)))["changes"]
    assert logged["prompt"] == "Set the amount to 2500"
    assert logged["reasoning"] == "It is the one.\nI change what was asked."
    assert logged["via_agent"]
    assert logged["model"] == result.model


def test_the_result_has_exactly_the_keys_of_the_contract(desk: ToolContext) -> None:
    with replies(Reply(text="Nothing to do.")) as stand_in:
        told = ask(desk, "Hello", model=model_at(stand_in)).to_json()
    assert list(told) == [
        "run_id",
        "conversation_id",
        "status",
        "answer",
        "understood",
        "tool_calls",
        "changes",
        "proposals",
        "citations",
        "sql",
        "ungrounded",
        "model",
        "usage",
        "duration_ms",
    ]
    assert list(told["usage"]) == ["requests", "input_tokens", "output_tokens", "cost_usd"]
    assert json.loads(json.dumps(told)) == told


def test_the_run_is_stored_with_what_it_was_told(desk: ToolContext) -> None:
    with replies(Reply(text="Hello, Ada.")) as stand_in:
        result = ask(desk, "Hello 🦊", model=model_at(stand_in))
    run = run_of(desk, result.run_id)
    assert (run["prompt"], run["status"], run["answer"]) == ("Hello 🦊", "completed", "Hello, Ada.")
    assert (run["instructions_hash"], run["clock"]) == (INSTRUCTIONS_HASH, desk.world.now())
    asked, answered = steps_of(desk, result.run_id)
    assert (asked["kind"], answered["kind"]) == ("request", "response")
    assert asked["message"]["instructions"] == stand_in.requests[0].messages[0].text
    assert f"Ada Admin ({desk.who.email})" in asked["message"]["instructions"]


def test_every_step_is_stored_before_the_next_begins(desk: ToolContext, near: Filled) -> None:
    stored: list[tuple[int, int]] = []

    def script(request: Request) -> Reply:
        with desk.db.store(desk.who) as session:
            run = session.scalar("SELECT id FROM crm.runs WHERE status = 'running'")
            steps = session.scalar("SELECT count(*) FROM crm.steps WHERE run_id = :run", run=run)
            calls = session.scalar(
                "SELECT count(*) FROM crm.tool_calls WHERE run_id = :run AND outcome = 'ok'", run=run
            )
        stored.append((steps, calls))
        return [
            update(near.ids["opportunities"], amount="1"),
            update(near.ids["opportunities"], amount="2"),
            Reply(text="Done."),
        ][request.number]

    with StandIn(script) as stand_in:
        ask(desk, "Twice", model=model_at(stand_in))
    assert stored == [(1, 0), (3, 1), (5, 2)]


def test_a_question_back_waits_for_the_person(desk: ToolContext) -> None:
    question = Call(
        "ask_person", {"question": "Which Maria?", "options": ["Maria Lopez, Nordwind", "Maria Lopez, Kai"]}
    )
    with replies(Reply(calls=(question,))) as stand_in:
        result = ask(desk, "Call Maria", model=model_at(stand_in))
    assert result.status == "needs_input"
    assert result.answer == "Which Maria?\n1. Maria Lopez, Nordwind\n2. Maria Lopez, Kai"


def test_nothing_is_changed_beside_a_question(desk: ToolContext, near: Filled) -> None:
    change = update(near.ids["opportunities"], amount="1").calls[0]
    with replies(Reply(calls=(change, Call("ask_person", {"question": "Sure?"})))) as stand_in:
        result = ask(desk, "Set it", model=model_at(stand_in))
    assert (result.status, result.changes) == ("needs_input", [])
    assert [call["outcome"] for call in result.tool_calls] == ["failed"]


def test_a_refusal_says_why(desk: ToolContext) -> None:
    with replies(Reply(calls=(Call("decline", {"why": "The CRM holds no weather."}),))) as stand_in:
        result = ask(desk, "Will it rain?", model=model_at(stand_in))
    assert (result.status, result.answer) == ("refused", "The CRM holds no weather.")


def test_a_conversation_is_told_again_with_calls_and_results_together(desk: ToolContext, near: Filled) -> None:
    with replies(update(near.ids["opportunities"], reasoning="Hm", amount="7"), Reply(text="Done.")) as stand_in:
        first = ask(desk, "Set it to 7", model=model_at(stand_in))
    with replies(Reply(text="You are welcome.")) as stand_in:
        second = ask(desk, "Thanks", model=model_at(stand_in, "responses"), conversation_id=first.conversation_id)
    assert second.conversation_id == first.conversation_id
    sent = stand_in.requests[0].messages
    assert [message.role for message in sent] == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert sent[2].calls[0].call_id == sent[3].call_id
    assert "Hm" not in sent[2].text


def test_a_conversation_of_nobody_is_not_found_and_opens_no_run(desk: ToolContext) -> None:
    with pytest.raises(CrmError) as caught, replies(Reply(text="Hi")) as stand_in:
        ask(desk, "Hello", model=model_at(stand_in), conversation_id=UUID(int=7))
    assert caught.value.kind == "not_found"
    with desk.db.store(desk.who) as session:
        assert session.scalar("SELECT count(*) FROM crm.runs WHERE prompt = 'Hello' AND status = 'running'") == 0


def test_events_tell_the_run_in_order(desk: ToolContext, near: Filled) -> None:
    events: list[RunEvent] = []
    script = [
        update(near.ids["opportunities"], reasoning="They want seven.", amount="7"),
        Reply(text="It is seven now."),
    ]
    with replies(*script) as stand_in:
        result = ask(desk, "Seven", model=model_at(stand_in), on_event=events.append, is_streamed=True)
    assert kinds_in_order([event.kind for event in events]) == [
        "run_started",
        "reasoning",
        "text",
        "tool_call",
        "tool_result",
        "change",
        "text",
        "run_finished",
    ]
    text = "".join(event.fields["delta"] for event in events if event.kind == "text")
    assert text == "I change what was asked.It is seven now."
    assert [event.fields for event in events if event.kind == "change"] == result.changes
    assert events[-1].fields == result.to_json()
    json.dumps([event.fields for event in events])


def test_a_link_to_a_record_nobody_found_is_no_citation(desk: ToolContext) -> None:
    with replies(Reply(text=f"See [Ghost](crm://account/{UUID(int=9)}).")) as stand_in:
        assert ask(desk, "Ghost?", model=model_at(stand_in)).citations == []


def test_a_models_text_that_cannot_be_stored_is_stored_without_what_is_wrong(desk: ToolContext) -> None:
    reply = Reply(text="I look.", calls=(Call("find_records", '{"query": "a\\u0000b \\ud83d"}'),))
    with replies(reply, Reply(text="null\0byte and \ud83d half")) as stand_in:
        result = ask(desk, "Find a", model=model_at(stand_in))
    assert (result.status, result.answer) == ("completed", "nullbyte and \ufffd half")


def test_calls_numbered_afresh_in_each_response_are_still_made_each(desk: ToolContext, near: Filled) -> None:
    def same_id(amount: str) -> Reply:
        call = update(near.ids["opportunities"], amount=amount).calls[0]
        return Reply(calls=(Call(call.tool, call.args, "call_0"),))

    with replies(same_id("1"), same_id("2"), Reply(text="Done.")) as stand_in:
        result = ask(desk, "One, then two", model=model_at(stand_in))
    assert [change["after"] for change in result.changes] == [{"amount": "1.00"}, {"amount": "2.00"}]
