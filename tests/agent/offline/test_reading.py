"""Questions people ask: fields in every order, last talks, histories, roles, lists within lists, sums and follow-ups."""

from typing import Any

import pytest

from agent.offline.form import Analysis, Happened, LastTalk, ListOf, Look, Measure, More, Puzzled, Refine
from agent.offline.plans.steps import Call, Say
from agent.offline.understand import understand
from tests.agent.offline.asking import SITUATION, Talk, found, record, run

ACME = record(
    "account", 10, "Acme Corp", name="Acme Corp", owner_name="Jonas Keller", owner_id="u", organization_id="o"
)
DEAL = record(
    "opportunity",
    30,
    "Globex expansion",
    name="Globex expansion",
    owner_id="u",
    owner_name="Jonas Keller",
    stage="proposal",
)


def meant(request_: str) -> Any:
    meaning = understand(request_, SITUATION)
    assert not isinstance(meaning, Puzzled), meaning
    return meaning[0]


@pytest.mark.parametrize(
    ("request_", "named", "wanted"),
    [
        ("which tier is Globex?", "Globex", "tier"),
        ("What industry is Initech in?", "Initech", "industry"),
        ("in which country is Larkfield", "Larkfield", "country"),
        ("How many employees does Acme have?", "Acme", "employee_count"),
        ("How much revenue does Larkfield make?", "Larkfield", "annual_revenue"),
        ("Does Zoë van der Berg have an email address on file?", "Zoë van der Berg", "email"),
        ("Do we have a phone number for Karen O'Neill?", "Karen O'Neill", "phone"),
        ("how likely is the Acme renewal?", "Acme renewal", "probability"),
        ("when was the Globex pilot won?", "Globex pilot", "closed_at"),
        ("why did we lose the Initech analytics pilot?", "Initech analytics pilot", "loss_reason"),
        ("who is the contact for the Acme renewal", "Acme renewal", "contact_id"),
        ("hey, who's looking after Larkfield these days?", "Larkfield", "owner_id"),
        ("What is Robert Chen's role at Acme?", "Robert Chen", "title"),
    ],
)
def test_a_field_is_asked_for_in_many_orders(request_: str, named: str, wanted: str) -> None:
    look = meant(request_)
    assert isinstance(look, Look)
    assert (look.mention.text, look.wanted) == (named, (wanted,))


@pytest.mark.parametrize(
    ("request_", "title", "company"),
    [
        ("COO of Initech", "COO", "Initech"),
        ("who's the head of procurement at Solvento?", "head of procurement", "Solvento"),
        ("head of purchasing at Nordwind Logistik", "head of purchasing", "Nordwind Logistik"),
        ("who runs procurement at Acme", "head of procurement", "Acme"),
        ("email of the CFO of Globex", "CFO", "Globex"),
    ],
)
def test_people_are_named_by_their_role(request_: str, title: str, company: str) -> None:
    look = meant(request_)
    assert isinstance(look, Look)
    assert look.mention.refers == "role"
    assert look.mention.at is not None
    assert (look.mention.text, look.mention.at.text) == (title, company)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("who did we last talk to at Acme?", ("Acme", None, True)),
        ("Please could you tell me when we last spoke with Hannah Meyer?", ("Hannah Meyer", None, False)),
        ("when was our last contact with Globex", ("Globex", None, False)),
        ("what was our last email with Acme about?", ("Acme", "email", False)),
        ("how long since we talked to Initech?", ("Initech", None, False)),
        ("have we been in touch with Larkfield recently?", ("Larkfield", None, False)),
        ("has Globex gone quiet?", ("Globex", None, False)),
    ],
)
def test_the_last_talk_is_asked_for(request_: str, expected: tuple[str, str | None, bool]) -> None:
    talk = meant(request_)
    assert isinstance(talk, LastTalk)
    assert (talk.mention.text, talk.kind, talk.asks_who) == expected


@pytest.mark.parametrize(
    ("request_", "named", "only_changes", "since"),
    [
        ("what changed on the Acme renewal?", "Acme renewal", True, ""),
        ("what happened with Globex this month", "Globex", False, "2026-11-01"),
        ("changes to the Globex expansion since 2 November", "Globex expansion", True, "2026-11-02"),
        ("who created the Acme renewal", "Acme renewal", True, ""),
    ],
)
def test_a_history_is_asked_for(request_: str, named: str, only_changes: bool, since: str) -> None:
    happened = meant(request_)
    assert isinstance(happened, Happened)
    assert (happened.mention.text, happened.only_changes, happened.since[:10]) == (named, only_changes, since)


@pytest.mark.parametrize(
    ("request_", "kind", "column", "op", "inner"),
    [
        ("contacts at accounts in Germany", "contact", "account_id", "in", ["country = Germany"]),
        ("deals of enterprise accounts", "opportunity", "account_id", "in", ["tier = enterprise"]),
        ("enterprise deals", "opportunity", "account_id", "in", ["tier = enterprise"]),
        ("tasks about deals in negotiation", "task", "about_id", "in", ["stage = negotiation"]),
        ("accounts with open deals over 200k", "account", "account_id", "in", ["is_open = true", "amount > 200000"]),
        ("accounts without open deals", "account", "account_id", "not in", ["is_open = true"]),
        ("accounts with more than 1000 employees", "account", "organization_id", "in", ["employee_count > 1000"]),
    ],
)
def test_a_list_may_hold_a_list(request_: str, kind: str, column: str, op: str, inner: list[str]) -> None:
    listed = meant(request_)
    assert isinstance(listed, ListOf)
    (condition,) = listed.conditions
    assert (listed.kinds, condition.column, condition.op) == ((kind,), column, op)
    assert isinstance(condition.value, ListOf)
    assert [f"{c.column} {c.op} {c.value}" for c in condition.value.conditions] == inner


@pytest.mark.parametrize(
    ("request_", "conditions"),
    [
        ("accounts in Germany or France", ["country in Germany, France"]),
        ("accounts in Spain, Italy and Portugal", ["country in Spain, Italy, Portugal"]),
        ("accounts outside Germany", ["country != Germany"]),
        ("acounts in germny", ["country = Germany"]),
        ("open deals in USD", ["is_open = true", "currency = USD"]),
        ("contacts whose title contains director", ["title ~ director"]),
        ("quick one: how many open opportunities are there? thx", ["is_open = true"]),
    ],
)
def test_conditions_are_read(request_: str, conditions: list[str]) -> None:
    listed = meant(request_)
    assert isinstance(listed, ListOf)
    assert [f"{c.column} {c.op} {c.value}" for c in listed.conditions] == conditions


def test_what_was_sold_is_a_sum_of_what_was_won() -> None:
    summed = meant("what did we sell last quarter?")
    assert isinstance(summed, Analysis)
    assert summed.measures[0] == Measure("sum", "amount")
    assert [c.column for c in summed.of.conditions] == ["is_won", "closed_at", "closed_at"]


@pytest.mark.parametrize(
    "request_", ["average happiness of our customers", "quota by owner", "average number of contacts per account"]
)
def test_what_cannot_be_computed_is_declined(request_: str) -> None:
    assert isinstance(understand(request_, SITUATION), Puzzled)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("only mine", Refine),
        ("how many of those are over 100k?", Refine),
        ("only the open ones", Refine),
        ("and last quarter?", Refine),
        ("and next week?", Refine),
        ("sort by amount", Refine),
        ("next page", More),
        ("show me more", More),
    ],
)
def test_what_goes_on_from_a_list_is_known(request_: str, expected: type) -> None:
    assert isinstance(meant(request_), expected)


def test_an_owner_is_told_by_name() -> None:
    _, end = run("who owns the Globex expansion?", [found(DEAL)])
    assert isinstance(end, Say)
    assert "owner: Jonas Keller" in end.text


def test_what_only_the_company_keeps_is_read_there() -> None:
    full: dict[str, Any] = {"record": ACME, "timeline": [], "related": {}}
    company: dict[str, Any] = {
        "record": record("organization", 11, "Acme", employee_count=4200),
        "timeline": [],
        "related": {},
    }
    _, end = run("How many employees does Acme have?", [found(ACME), full, company])
    assert isinstance(end, Say)
    assert "employees: 4,200" in end.text


def test_a_refined_list_keeps_its_conditions_and_its_date() -> None:
    talk = Talk()
    talk.say("deals won this quarter")
    talk.answer(found(DEAL))
    step = talk.say("and last quarter?")
    assert isinstance(step, Call)
    assert step.args["where"] == [
        "is_won = true",
        "closed_at >= 2026-07-01T00:00:00+02:00",
        "closed_at < 2026-10-01T00:00:00+02:00",
    ]


def test_a_list_within_a_list_passes_ids_on() -> None:
    talk = Talk()
    talk.say("contacts at accounts in Germany")
    step = talk.answer(found(ACME))
    assert isinstance(step, Call)
    assert step.args["where"] == [f"account_id in ({ACME['record_id']})"]


def test_a_list_within_too_long_a_list_is_declined() -> None:
    _, end = run("contacts at accounts in Germany", [found(ACME, total=900)])
    assert "more than I can look through" in str(end)
