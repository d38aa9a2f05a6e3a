"""Questions as they are asked in passing: places in a list, typing errors in what is listed, and whom nobody talks to."""

import pytest

from agent.offline.form import Analysis, ListOf, Puzzled, Refine
from agent.offline.plans.steps import Call, Decline
from agent.offline.understand import understand
from tests.agent.offline.asking import SITUATION, Talk, found, only, plain, record

TASKS = [record("task", number, f"Task {number}", due_at=None) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("request_", "kind", "conditions"),
    [
        ("how many contacts at Acme have no phone number", "contact", ["account_id = @Acme", "phone is null"]),
        ("which contacts at Acme have no email", "contact", ["account_id = @Acme", "email is null"]),
        ("how many deals at Acme are open", "opportunity", ["account_id = @Acme", "is_open = true"]),
        ("which of our accounts in logistics are enterprise", "account", ["industry ~ logistics", "tier = enterprise"]),
        ("tasks older than 3 months", "task", ["created_at < 2026-08-25T00:00:00+02:00"]),
        ("deals created more than 2 years ago", "opportunity", ["created_at < 2024-11-25T00:00:00+01:00"]),
        ("calls less than two weeks old", "interaction", ["kind = call", "occurred_at >= 2026-11-11T00:00:00+01:00"]),
        ("list proposal-stage deals", "opportunity", ["stage = proposal"]),
        (
            "deals that were lost because of price last quarter",
            "opportunity",
            [
                "is_lost = true",
                "loss_reason ~ price",
                "closed_at >= 2026-07-01T00:00:00+02:00",
                "closed_at < 2026-10-01T00:00:00+02:00",
            ],
        ),
        (
            "who haven't we talked to in the past two months",
            "account",
            ["last_interaction_at silent 2026-09-26T10:30:00+02:00"],
        ),
        (
            "what did Emily Carter do yesterday",
            "interaction",
            [
                "user_id = @Emily Carter",
                "occurred_at >= 2026-11-24T00:00:00+01:00",
                "occurred_at < 2026-11-25T00:00:00+01:00",
            ],
        ),
        ("shwo me the deels of Tomasz", "opportunity", ["whose = @Tomasz"]),
        ("show me the tsks for Acme", "task", ["whose = @Acme"]),
    ],
)
def test_a_list_is_read_from_everyday_words(request_: str, kind: str, conditions: list[str]) -> None:
    command = only(request_)
    assert isinstance(command, ListOf)
    assert command.kinds[0] == kind
    assert sorted(f"{each.column} {each.op} {plain(each.value)}" for each in command.conditions) == sorted(conditions)


@pytest.mark.parametrize(
    ("request_", "limit", "mine"),
    [
        ("which five customers have spent the most with us since January", 5, False),
        ("which customers bought the most this year", None, False),
        ("who are our biggest customers", 5, False),
        ("top 3 accounts", 3, False),
        ("my biggest customers", 5, True),
    ],
)
def test_customers_are_ranked_by_what_was_won(request_: str, limit: int | None, mine: bool) -> None:
    command = only(request_)
    assert isinstance(command, Analysis)
    assert (command.groups, command.ranked, command.limit) == (("account",), "most", limit)
    assert (command.measures[0].how, command.measures[0].column) == ("sum", "amount")
    columns = {condition.column for condition in command.of.conditions}
    assert ("is_won" in columns, "owner_id" in columns) == (True, mine)


def test_a_mended_noun_is_told_as_mended() -> None:
    assert only("shwo me the deels of Tomasz").noun == "deals"


def test_newest_first_is_an_order_and_no_number() -> None:
    command = only("list contacts, newest first")
    assert (command.order_by, command.limit) == ("created_at desc", None)


def test_a_superlative_without_a_column_is_not_passed_over() -> None:
    meaning = understand("biggest contacts", SITUATION)
    assert isinstance(meaning, Puzzled)
    assert '"biggest"' in meaning.why


@pytest.mark.parametrize("request_", ["how many are there", "how many is that?", "how many", "how many in total"])
def test_a_list_is_counted(request_: str) -> None:
    command = only(request_)
    assert isinstance(command, Refine)
    assert command.counting


def listed() -> Talk:
    talk = Talk()
    talk.say("my overdue tasks")
    talk.answer(found(*({**task, "score": None} for task in TASKS)))
    return talk


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("push the first one to next Monday", 0),
        ("mark the second one as done", 1),
        ("mark number 2 as done", 1),
        ("set the priority of the last one to high", 2),
    ],
)
def test_a_record_is_named_by_its_place_in_the_list_before(said: str, place: int) -> None:
    step = listed().say(said)
    assert isinstance(step, Call)
    assert (step.tool, step.args["record_id"]) == ("update_record", TASKS[place]["record_id"])


@pytest.mark.parametrize(
    ("talk", "said", "told"),
    [
        (Talk(), "mark the second one as done", "There is no list"),
        (listed(), "mark the ninth one as done", "shows 3 records"),
        (listed(), "move the first one to negotiation", "is the task Task 1, no opportunity"),
    ],
)
def test_a_place_that_is_none_is_told(talk: Talk, said: str, told: str) -> None:
    step = talk.say(said)
    assert isinstance(step, Decline)
    assert told in step.why


def test_whoever_it_was_given_to_is_reminded() -> None:
    globex, jonas = record("account", 40, "Globex"), record("user", 50, "Jonas Keller")
    talk = Talk()
    talk.say("change the owner of Globex to Jonas and remind him to introduce himself next Friday")
    talk.answer(found(globex))
    talk.answer(found(jonas))
    step = talk.answer({"changed": ["owner_id"], "record": globex, "changes": []})
    assert isinstance(step, Call)
    assert step.tool == "create_record"
    assert step.args["fields"]["title"] == "Introduce himself"
    assert step.args["fields"]["assignee_id"] == jonas["record_id"]
