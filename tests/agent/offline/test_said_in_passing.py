"""Requests as people throw them in: excuses, names after colons, changes without a verb or relative to what is there."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from agent.offline.form import Choose, Create, Growth, ListOf, Puzzled, Undo, Update
from agent.offline.plans.steps import Ask, Call, Decline, Say
from agent.offline.understand import understand
from tests.agent.offline.asking import SITUATION, Talk, found, only, plain, record, run

RENEWAL = record("opportunity", 30, "Acme renewal", stage="proposal", amount="180000.00", currency="EUR")
CHANGE = "0199a1b2-1111-7000-8000-123456789abc"


def plains(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in fields.items()}


@pytest.mark.parametrize(
    "request_",
    [
        "oops, that was wrong - undo it please",
        "no wait, undo",
        "No, wait! Undo that.",
        "undo it",
        "scrap that",
        "that was a mistake, undo the last change",
        "hang on, wrong deal. take that back",
        "sorry, my mistake - can you revert that?",
    ],
)
def test_an_undo_is_heard_behind_an_excuse(request_: str) -> None:
    command = only(request_)
    assert isinstance(command, Undo)
    assert (command.target, command.mention) == ("", None)


@pytest.mark.parametrize("request_", ["no undo", "wait, don't undo it", "oops", "that was wrong", "please stop undo"])
def test_no_undo_is_heard_where_none_is_asked_for(request_: str) -> None:
    meaning = understand(request_, SITUATION)
    assert isinstance(meaning, Puzzled) or not any(isinstance(command, Undo) for command in meaning)


def test_scrapping_what_is_asked_about_takes_nothing_else_back() -> None:
    talk = Talk()
    talk.say("move the Acme renewal to negotiation")
    talk.answer(found(RENEWAL))
    talk.answer({"changed": ["stage"], "record": RENEWAL, "changes": [CHANGE]})
    assert isinstance(talk.say("create an opportunity worth 45k"), Ask)
    for answer in ("scrap that", "no", "never mind", "undo that", "wait, forget it"):
        assert Talk(list(talk.turns)).say(answer) == Say("All right, nothing was created."), answer
    named = Talk(list(talk.turns)).say("Nordwind upsell")
    assert isinstance(named, Call)
    assert named.args["fields"]["name"] == "Nordwind upsell"


@pytest.mark.parametrize(
    ("request_", "kind", "fields"),
    [
        (
            "new contact at Globex: Peter Lange, VP Sales, peter.lange@globex.example, +49 170 1234567",
            "contact",
            {
                "account_id": "@Globex",
                "full_name": "Peter Lange",
                "title": "VP Sales",
                "email": "peter.lange@globex.example",
                "phone": "+491701234567",
            },
        ),
        (
            "add a contact at Initech: Priscilla Vance, procurement manager",
            "contact",
            {"account_id": "@Initech", "full_name": "Priscilla Vance", "title": "procurement manager"},
        ),
        (
            "new contact at Globex: VP Sales, +49 170 1234567, Peter Lange",
            "contact",
            {"account_id": "@Globex", "title": "VP Sales", "phone": "+491701234567", "full_name": "Peter Lange"},
        ),
        (
            "new contact at Globex: peter.lange@globex.example, Peter Lange, Head of IT",
            "contact",
            {
                "account_id": "@Globex",
                "email": "peter.lange@globex.example",
                "full_name": "Peter Lange",
                "title": "Head of IT",
            },
        ),
        (
            "new opportunity for Acme Corp: Toledo extension, 60k USD, close end of January",
            "opportunity",
            {
                "account_id": "@Acme Corp",
                "name": "Toledo extension",
                "amount": "60000",
                "currency": "USD",
                "expected_close_date": "2027-01-31",
            },
        ),
        (
            "new opportunity: Toledo extension, 45k, Acme Corp",
            "opportunity",
            {"name": "Toledo extension", "amount": "45000", "account_id": "@Acme Corp"},
        ),
        (
            "create a job at Globex: Plant controller, salary 60k to 75k",
            "job",
            {"account_id": "@Globex", "name": "Plant controller", "salary_min": "60000", "salary_max": "75000"},
        ),
        (
            "create an opportunity for Acme Corp, amount: 45k",
            "opportunity",
            {"account_id": "@Acme Corp", "amount": "45000"},
        ),
    ],
)
def test_a_name_stands_after_a_colon_among_fields_in_any_order(
    request_: str, kind: str, fields: Mapping[str, Any]
) -> None:
    command = only(request_)
    assert isinstance(command, Create)
    assert (command.kind, plains(command.fields)) == (kind, fields)


@pytest.mark.parametrize(
    ("request_", "title"),
    [
        ("remind me on Dec 7 to check in", "Check in"),
        ("remind me on Dec 7 to follow up", "Follow up"),
        ("remind me on Dec 7 to log in", "Log in"),
        ("remind me on Dec 7 to sign off", "Sign off"),
        ("remind me on Dec 7 to call back", "Call back"),
    ],
)
def test_a_reminder_may_end_with_the_little_word_of_its_verb(request_: str, title: str) -> None:
    command = only(request_)
    assert isinstance(command, Create)
    assert plains(command.fields) == {"due_at": "2026-12-07T17:00:00+01:00", "title": title, "assignee_id": "@me"}


@pytest.mark.parametrize("request_", ["remind me on Dec 7 to check in with", "remind me to send the offer to"])
def test_a_reminder_that_breaks_off_is_still_none(request_: str) -> None:
    assert isinstance(understand(request_, SITUATION), Puzzled)


@pytest.mark.parametrize(
    ("request_", "named", "values"),
    [
        (
            "acme supplier portal: move to proposal and set amount to 82k",
            "acme supplier portal",
            {"stage": "proposal", "amount": "82000"},
        ),
        (
            "Acme renewal: set amount to 82k, move it to negotiation",
            "Acme renewal",
            {"stage": "negotiation", "amount": "82000"},
        ),
        ("acme renewal won", "acme renewal", {"stage": "won"}),
        ("the Acme renewal closed lost", "Acme renewal", {"stage": "lost"}),
        ("increase the amount of Acme renewal by 10%", "Acme renewal", {"amount": Growth(percent=Decimal(10))}),
        ("cut Acme renewal's amount by 5k", "Acme renewal", {"amount": Growth(amount=Decimal(-5000))}),
    ],
)
def test_a_change_needs_no_full_sentence(request_: str, named: str, values: Mapping[str, Any]) -> None:
    command = only(request_)
    assert isinstance(command, Update)
    assert (command.mention.text, command.by_kind["opportunity"]) == (named, values)


@pytest.mark.parametrize(
    "request_",
    [
        "Acme renewal: move to purple and set amount to 82k",
        "Acme renewal: move to proposal and mark as won",
        "Acme renewal: increase by 10%",
        "Acme renewal won?",
        "well done",
        "increase the probability of the Acme renewal by 10%",
        "change the amount of the Acme renewal by 10%",
        "reduce the amount of the Acme renewal by 100%",
    ],
)
def test_what_is_not_all_read_is_no_change(request_: str) -> None:
    assert isinstance(understand(request_, SITUATION), Puzzled)


def test_a_terse_change_of_a_name_in_part_is_confirmed_first() -> None:
    for request in ("acme won", "Acme: move to won", "Dana said: move to proposal and set amount to 82k"):
        _, end = run(request, [found(RENEWAL | {"score": 0.9})])
        assert isinstance(end, Ask), request
    calls, end = run("acme renewal won", [found(RENEWAL | {"score": 1.0})])
    assert isinstance(end, Call)
    assert (len(calls), end.args["fields"]) == (1, {"stage": "won"})


def test_a_growth_without_a_field_is_asked_about() -> None:
    assert isinstance(only("raise the Acme renewal by 10%"), Choose)


@pytest.mark.parametrize(
    ("request_", "amount"),
    [
        ("increase the amount of Acme renewal by 10%", "198000.00"),
        ("lower the amount of Acme renewal by 2.5 percent", "175500.00"),
        ("reduce the Acme renewal by 5k", "175000.00"),
        ("raise the amount of Acme renewal by 5000 EUR", "185000.00"),
    ],
)
def test_a_growth_is_worked_out_from_the_amount_there_is(request_: str, amount: str) -> None:
    _, end = run(request_, [found(RENEWAL), {"record": RENEWAL, "timeline": []}])
    assert isinstance(end, Call)
    assert end.args["fields"] == {"amount": amount}


@pytest.mark.parametrize(
    ("request_", "held"),
    [
        ("raise the amount of Acme renewal by 5000 USD", {"amount": "180000.00", "currency": "EUR"}),
        ("reduce the Acme renewal by 5k", {"amount": "100.00", "currency": "EUR"}),
        ("raise the amount of Acme renewal by 10%", {"amount": None, "currency": "EUR"}),
    ],
)
def test_a_growth_that_does_not_work_out_changes_nothing(request_: str, held: Mapping[str, Any]) -> None:
    deal = record("opportunity", 30, "Acme renewal", **held)
    _, end = run(request_, [found(deal), {"record": deal, "timeline": []}])
    assert isinstance(end, Decline)


@pytest.mark.parametrize(
    ("request_", "kind", "column"),
    [("deals in negotiation as of today", "opportunity", "stage"), ("contacts at Acme pls", "contact", "account_id")],
)
def test_a_list_may_end_with_a_courtesy(request_: str, kind: str, column: str) -> None:
    command = only(request_)
    assert isinstance(command, ListOf)
    assert (command.kinds[0], [each.column for each in command.conditions]) == (kind, [column])
