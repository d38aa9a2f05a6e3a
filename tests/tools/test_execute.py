"""execute: one path for every caller; outcomes are stored, repeats are harmless, errors are sentences."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from schema.session import Change, Row
from tests.tools.desk import Desk
from tools.calls import ToolOutcome
from tools.execute import LARGEST_ARGS
from tools.records.tables import TOOL_CALLS, USERS

promise = pytest.mark.promise


def stored(desk: Desk) -> list[Row]:
    with desk.database.read(desk.who) as session:
        return session.select(select(TOOL_CALLS).order_by(TOOL_CALLS.c.id))


def events(desk: Desk, change_id: str) -> list[Row]:
    with desk.database.read(desk.who) as session:
        return session.rows("SELECT * FROM crm.audit_events WHERE change_id = :change_id", change_id=UUID(change_id))


def test_a_persons_change_has_a_call_and_no_run(desk: Desk) -> None:
    outcome = desk.call("create_record", kind="account", fields={"name": "Nordlicht"}, reason="New customer")
    (call,) = stored(desk)
    assert (call["id"], call["outcome"], call["run_id"], call["reason"]) == (
        outcome.tool_call_id,
        "ok",
        None,
        "New customer",
    )
    (event,) = events(desk, outcome.result["changes"][0])
    assert (event["tool_call_id"], event["run_id"], event["prompt"], event["model"], event["via_agent"]) == (
        outcome.tool_call_id,
        None,
        None,
        None,
        False,
    )
    assert (event["actor"], event["reason"], event["tool"]) == (
        "admin@harbour.example",
        "New customer",
        "create_record",
    )


@promise("audit:joined")
def test_an_agents_change_leads_to_prompt_reasoning_and_model(desk: Desk) -> None:
    run = desk.new_run("Add Nordlicht")
    agent = desk.within(
        run_id=run,
        via_agent=True,
        model="offline",
        prompt="Add Nordlicht",
        reasoning="It is new",
        provider_call_id="c1",
    )
    made = agent.create("account", name="Nordlicht")
    (event,) = events(desk, made["changes"][0])
    assert (event["actor"], event["on_behalf_of"], event["via_agent"]) == ("agent:offline", desk.who.email, True)
    assert (event["run_id"], event["prompt"], event["reasoning"], event["model"]) == (
        run,
        "Add Nordlicht",
        "It is new",
        "offline",
    )


@promise("nothing-hidden")
def test_an_unknown_argument_names_the_known_ones(untouched: Desk) -> None:
    kind, message = untouched.refusal("delete_record", record_id=str(uuid4()), resaon="x")
    assert kind == "invalid"
    assert message == ("delete_record has no argument resaon; did you mean reason? It takes reason, record_id.")


@pytest.mark.parametrize(
    ("tool", "args", "words"),
    [
        ("update_record", {"fields": {"name": "x"}, "reason": "y"}, "update_record needs the argument record_id."),
        ("delete_record", {"record_id": "acme", "reason": "y"}, "record_id of delete_record:"),
        ("delete_record", {"record_id": str(uuid4()), "reason": " "}, "reason of delete_record:"),
        ("update_record", {"record_id": str(uuid4()), "fields": {}, "reason": "y"}, "fields of update_record:"),
        ("drop_database", {}, "There is no tool drop_database. The tools are describe_schema"),
        ("find_record", {}, "did you mean find_records"),
    ],
)
def test_bad_arguments_are_a_sentence_and_stored(untouched: Desk, tool: str, args: dict[str, Any], words: str) -> None:
    outcome = untouched.call(tool, **args)
    assert outcome.outcome == "failed"
    assert outcome.error is not None
    assert words in outcome.error[1]
    assert any(call["id"] == outcome.tool_call_id and call["outcome"] == "failed" for call in stored(untouched))


def test_a_repeated_call_does_nothing_again(desk: Desk) -> None:
    agent = desk.within(run_id=desk.new_run(), via_agent=True, model="offline", provider_call_id="call_1")
    first = agent.call("create_record", kind="note", fields={"body": "Once"})
    again = agent.call("create_record", kind="note", fields={"body": "Once"})
    assert (again.is_replay, again.result, again.tool_call_id) == (True, first.result, first.tool_call_id)
    assert desk.count("notes") == 1
    other = agent.within(provider_call_id="call_2").call("create_record", kind="note", fields={"body": "Once"})
    assert (other.is_replay, desk.count("notes")) == (False, 2)


def test_a_repeated_failure_is_answered_as_it_was(desk: Desk) -> None:
    agent = desk.within(run_id=desk.new_run(), via_agent=True, model="offline", provider_call_id="call_1")
    first = agent.call("create_record", kind="note", fields={})
    again = agent.call("create_record", kind="note", fields={"body": "Now right"})
    assert (again.is_replay, again.error, desk.count("notes")) == (True, first.error, 0)


def test_a_call_left_open_is_run_under_its_own_id(desk: Desk) -> None:
    run = desk.new_run()
    agent = desk.within(run_id=run, via_agent=True, model="offline", provider_call_id="call_1")
    call_id = desk.database.world.new_id()
    with desk.database.store(desk.who) as session:
        session.execute(
            TOOL_CALLS.insert().values(
                tenant_id=desk.who.tenant_id,
                id=call_id,
                run_id=run,
                user_id=desk.who.user_id,
                provider_call_id="call_1",
                tool="create_record",
                args={},
                effect="write",
                created_at=desk.database.world.now(),
            )
        )
    outcome = agent.call("create_record", kind="note", fields={"body": "Once"})
    assert outcome.tool_call_id == call_id
    assert events(desk, outcome.result["changes"][0])[0]["tool_call_id"] == call_id
    assert [call["outcome"] for call in stored(desk)] == ["ok"]


def test_a_failed_change_leaves_nothing_but_its_call(desk: Desk) -> None:
    contact = {"full_name": "Maria Lopez", "account_id": str(uuid4())}
    outcome: ToolOutcome = desk.call("create_record", kind="contact", fields=contact)
    assert outcome.outcome == "failed"
    assert [call["outcome"] for call in stored(desk)] == ["failed"]
    assert desk.count("individuals") == 0


def test_reads_are_stored_too(desk: Desk) -> None:
    desk.find(kinds=["account"])
    desk.ok("describe_schema", view="opportunity")
    assert [(call["tool"], call["effect"], call["outcome"]) for call in stored(desk)] == [
        ("find_records", "read", "ok"),
        ("describe_schema", "read", "ok"),
    ]


@pytest.mark.parametrize("text", ["null\x00byte", "lone \ud83d surrogate"])
def test_what_cannot_be_stored_is_refused_in_a_sentence(desk: Desk, text: str) -> None:
    assert "cannot be stored" in desk.refusal("create_record", kind="note", fields={"body": text})[1]
    assert "cannot be stored" in desk.refusal("find_records", query=text)[1]
    kind, _ = desk.refusal("create_record", kind="note", fields={"body": "x"}, reason=text)
    assert kind == "invalid"
    assert [call["outcome"] for call in stored(desk)] == ["failed"] * 3


def test_a_huge_argument_is_refused_and_not_kept(desk: Desk) -> None:
    kind, message = desk.refusal("create_record", kind="note", fields={"body": "x" * LARGEST_ARGS})
    assert (kind, "1,000,000" in message) == ("limit", True)
    assert stored(desk)[0]["args"] == {"omitted": "too large to keep"}


def test_emoji_and_other_scripts_are_kept(desk: Desk) -> None:
    made = desk.create("note", body="Прекрасно 🎉 很好", tags=["größe"])
    assert desk.fields(made)["body"] == "Прекрасно 🎉 很好"


def test_a_user_disabled_meanwhile_gets_a_sentence_without_database_words(desk: Desk) -> None:
    nora = desk.as_role("nora")
    with desk.database.write(desk.who, Change(desk.database.world.new_id(), "Left the company")) as session:
        session.execute(USERS.update().where(USERS.c.id == nora.who.user_id).values(is_active=False))
    kind, message = nora.refusal("find_records", query="x")
    assert kind == "unauthenticated"
    assert message == "This user has been disabled since; an admin can enable it."
