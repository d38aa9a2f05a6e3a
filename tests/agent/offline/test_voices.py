"""What people say in more voices: alternatives, what never happened, parts of a whole, and news told in passing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agent.offline.form import (
    Analysis,
    AnyOf,
    Condition,
    Create,
    Growth,
    ListOf,
    Look,
    Mention,
    Puzzled,
    Refine,
    Reshape,
    Shift,
    Those,
    Update,
)
from agent.offline.lexicon.customs import OwnFields
from agent.offline.sql.conditions import where
from agent.offline.understand import understand
from tests.agent.offline.asking import SITUATION, only


def condition(request_: str, place: int = -1) -> Condition:
    listed = only(request_)
    assert isinstance(listed, ListOf), listed
    return listed.conditions[place]


@pytest.mark.parametrize(
    ("request_", "groups"),
    [
        ("open deals over 200k or in negotiation", [["amount > 200000"], ["stage = negotiation"]]),
        (
            "accounts that are either enterprise in Spain or mid market in Italy",
            [["tier = enterprise", "country = Spain"], ["tier = mid_market", "country = Italy"]],
        ),
    ],
)
def test_alternatives_are_kept_apart(request_: str, groups: list[list[str]]) -> None:
    either = condition(request_)
    assert isinstance(either.value, AnyOf)
    assert [[f"{c.column} {c.op} {c.value}" for c in group] for group in either.value.groups] == groups


def test_what_must_not_be_is_another_value_or_none_of_them() -> None:
    assert (condition("prospects that are not SMB").op, condition("prospects that are not SMB").value) == ("!=", "smb")
    listed = only("Sofia's open deals that are neither over 90k nor under 10k")
    assert [c.op for c in listed.conditions[-2:]] == ["not", "not"]


@pytest.mark.parametrize(
    ("request_", "linked", "op", "counted"),
    [
        ("accounts with no call in 60 days", "account_id", "not in", None),
        ("prospects we have never had a meeting with", "account_id", "not in", None),
        ("customers we haven't called in the last 90 days", "account_id", "not in", None),
        ("accounts with more than 3 open opportunities", "account_id", "in", (">", 3)),
        ("accounts with 2 or more open deals", "account_id", "in", (">=", 2)),
        ("which customers have bought at least 4 times?", "account_id", "in", (">=", 4)),
        ("reps with fewer than 12 open deals", "owner_id", "in", ("<", 12)),
        ("colleagues who have not won anything this quarter", "owner_id", "not in", None),
        ("open deals with no open task", "about_id", "not in", None),
    ],
)
def test_what_records_have_and_lack_is_another_list(
    request_: str, linked: str, op: str, counted: tuple[str, int] | None
) -> None:
    listed = only(request_)
    found = next(c for c in listed.conditions if isinstance(c.value, ListOf))
    assert isinstance(found.value, ListOf)
    assert (found.value.linked_by, found.op, found.value.counted) == (linked, op, counted)


@pytest.mark.parametrize("request_", ["contacts without an email", "contacts that don't have an email address"])
def test_a_field_that_is_called_like_a_record_is_a_field(request_: str) -> None:
    assert (condition(request_).column, condition(request_).op) == ("email", "is")


def test_few_of_them_counts_those_that_have_none() -> None:
    few = condition("accounts with fewer than 2 open deals")
    (said,) = where("account", [few], OwnFields.of({}))
    assert "NOT IN" in said
    assert "HAVING count(*) >= 2" in said


@pytest.mark.parametrize(
    ("request_", "how", "part", "against"),
    [
        ("what percentage of our customers are enterprise?", "share", ["tier"], []),
        ("what share of won deals came from referrals?", "share", ["source"], []),
        ("ratio of won to lost deals this year", "ratio", ["is_won"], ["is_lost"]),
        ("ratio of inbound to outbound calls", "ratio", ["direction"], ["direction"]),
    ],
)
def test_a_part_is_set_against_its_whole(request_: str, how: str, part: list[str], against: list[str]) -> None:
    read = only(request_)
    assert isinstance(read, Analysis)
    assert read.measures[0].how == how
    assert ([c.column for c in read.part], [c.column for c in read.against]) == (part, against)


def test_values_that_are_set_against_one_another_are_groups() -> None:
    assert only("win rate Germany vs Spain").groups == ("country",)
    assert only("Lena or Grace - who has won more this year, number of deals").groups == ("owner",)


@pytest.mark.parametrize(
    ("request_", "first"),
    [
        ("how many deals have we won since Easter Monday 2026?", "2026-04-06"),
        ("number of deals won in the first half of 2026", "2026-01-01"),
        ("deals won since Good Friday", "2026-04-03"),
        ("wins since 01.09.2026, how many?", "2026-09-01"),
    ],
)
def test_days_and_stretches_go_by_their_names(request_: str, first: str) -> None:
    read = only(request_)
    conditions = read.of.conditions if isinstance(read, Analysis) else read.conditions
    bound = next(c for c in conditions if c.op == ">=")
    assert str(bound.value)[:10] == first
    assert date.fromisoformat(first) < SITUATION.now.date()


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        ("Marcus Lee takes over the Yamada Robotics account from Emily", {"owner_id": "Marcus Lee"}),
        ("Globex expansion slips by a month", {"expected_close_date": Shift(0, 1)}),
        ("Zielony Foods grew to 160 employees", {"employee_count": 160}),
        ("Keiko Inoue works in the Sales department", {"department": "Sales"}),
        ("Viktor Hansen got promoted, he's CIO now", {"title": "CIO"}),
        ("Bill Harlow has moved from Initech to Larkfield Health", {"account_id": "Larkfield Health"}),
        ("Yamada Robotics API access is dead because of the price", {"stage": "lost", "loss_reason": "The price"}),
        ("knock 10 percent off the Acme supplier portal amount", {"amount": Growth(percent=Decimal(-10))}),
        ("the source of Mekong loom monitoring was a trade fair", {"source": "trade fair"}),
        ("They signed! Nordwind fleet planning is won :)", {"stage": "won"}),
        ("I've visited Granite Systems, tick off that task", {"status": "done"}),
    ],
)
def test_news_of_a_record_is_a_change(request_: str, fields: dict[str, Any]) -> None:
    read = only(request_)
    assert isinstance(read, Update), read
    found = next(values for values in read.by_kind.values() if set(values) == set(fields))
    assert {name: v.text if isinstance(v, Mention) else v for name, v in found.items()} == fields


@pytest.mark.parametrize(
    "request_",
    [
        "does Keiko Inoue work in the Sales department?",
        "should Marcus Lee take over the Yamada account",
        "if Globex expansion slips by a month we lose it",
        "deals that will close in December",
        "which company grew to 160 employees",
        "maybe Bill Harlow moved from Initech to Larkfield Health",
    ],
)
def test_what_is_asked_or_supposed_is_no_news(request_: str) -> None:
    read = understand(request_, SITUATION)
    assert isinstance(read, Puzzled) or not any(isinstance(each, Update | Create) for each in read)


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ("Maria Lopez called, their sales funnel is empty", "Their sales funnel is empty"),
        ("spoke to Javier Ruiz, they had ten wins of all time", "they had ten wins of all time"),
    ],
)
def test_what_is_told_keeps_its_words(request_: str, body: str) -> None:
    assert str(only(request_).fields["body"]).casefold() == body.casefold()


def test_what_was_tried_is_a_call_only_with_somebody() -> None:
    assert isinstance(only("tried Javier Ruiz, left him a voicemail"), Create)
    assert isinstance(understand("tried Globex pricing page", SITUATION), Puzzled)


def test_a_question_led_in_by_remind_me_is_no_task() -> None:
    assert isinstance(only("remind me, what does Imran Qureshi do at Meridian?"), Look)
    assert isinstance(only("remind me to ask what Imran Qureshi does"), Create)


@pytest.mark.parametrize(
    ("request_", "form"),
    [
        ("assign all of them to Grace Kim", Those),
        ("and the average?", Reshape),
        ("same for Jonas", Refine),
        ("without referrals", Refine),
    ],
)
def test_what_goes_on_from_before_says_what_changes(request_: str, form: type) -> None:
    assert isinstance(only(request_), form)
