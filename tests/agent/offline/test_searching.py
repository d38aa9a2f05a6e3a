"""What texts say, asked for in everyday words: one search, its filters apart from its topic."""

from typing import Any

import pytest

from agent.offline.form import SearchFor
from agent.offline.plans.steps import Call, Decline, Say
from agent.offline.understand import understand
from tests.agent.offline.asking import ME, SITUATION, found, record, run

CALLS = {"kinds": ["interaction"], "where": ["kind = call"]}
SAID = {"kinds": ["interaction", "note"]}
LAST_QUARTER = ["date >= 2026-07-01T00:00:00+02:00", "date < 2026-10-01T00:00:00+02:00"]


def result(*results: dict[str, Any], **told: Any) -> dict[str, Any]:
    """A result of search."""
    base: dict[str, Any] = {
        "total": len(results),
        "returned": len(results),
        "truncated": False,
        "filters": [],
        "notes": [],
    }
    return {"results": list(results), **base, "degraded": False, **told}


def hit(number: int, label: str, snippet: str) -> dict[str, Any]:
    return {**record("interaction", number, label), "detail": "call, inbound", "snippet": snippet}


@pytest.mark.parametrize(
    ("prompt", "args"),
    [
        ("search for onboarding problems", {"query": "onboarding problems"}),
        ("Search for GDPR", {"query": "GDPR"}),
        ("search our notes for the works council", {"query": "works council", "kinds": ["note"]}),
        ("find calls about pricing", {"query": "pricing", **CALLS}),
        (
            "show me my notes about delivery times",
            {"query": "delivery times", "kinds": ["note"], "where": [f"owner = {ME}"]},
        ),
        ("emails mentioning a discount", {"query": "discount", "kinds": ["interaction"], "where": ["kind = email"]}),
        ("who complained about billing?", {"query": "who complained about billing", **SAID}),
        ("unhappy customers who mentioned billing", {"query": "unhappy customers who mentioned billing", **SAID}),
        ("which customers are unhappy with support", {"query": "customers are unhappy with support", **SAID}),
        ("what did customers say about the new release", {"query": "new release", **SAID}),
        ("anything about data residency last quarter", {"query": "data residency", "where": LAST_QUARTER}),
        (
            "do we have anything on delays since October",
            {"query": "delays", "where": ["date >= 2026-10-01T00:00:00+02:00"]},
        ),
        (
            "find calls about late deliveries from enterprise customers",
            {"query": "late deliveries", "kinds": ["interaction"], "where": ["kind = call", "tier = enterprise"]},
        ),
        ("anything about training in Germany", {"query": "training", "where": ["country = Germany"]}),
    ],
)
def test_a_topic_is_searched_for(prompt: str, args: dict[str, Any]) -> None:
    calls, end = run(prompt, [result()])
    assert [call.tool for call in calls] == ["search"]
    assert {name: value for name, value in calls[0].args.items() if name != "limit"} == args
    assert isinstance(end, Say)
    assert "I found no" in end.text


@pytest.mark.parametrize(
    "prompt",
    [
        "calls about Globex",
        "find meetings about the Acme renewal",
        "search for Maria Lopez",
        "search for open deals over 50k",
        "tasks about deals in negotiation",
        "who talked to Maria Lopez",
        "how many customers complained about billing",
        "add a note to Acme: they are unhappy about billing",
        "remind me to search for onboarding problems",
        "log a call with Maria Lopez about pricing",
    ],
)
def test_records_numbers_and_changes_are_no_search(prompt: str) -> None:
    meaning = understand(prompt, SITUATION)
    assert not any(isinstance(command, SearchFor) for command in (meaning if isinstance(meaning, tuple) else ()))


def test_what_was_found_is_told_with_its_passage() -> None:
    found_two = result(hit(7, "Call: billing", "She is angry about the invoice."), hit(8, "Call", ""), truncated=True)
    _, end = run(
        "who complained about billing", [found_two | {"notes": ["3 records are not indexed yet as they stand now."]}]
    )
    assert isinstance(end, Say)
    assert (
        "[Call: billing](crm://interaction/00000000-0000-0000-0000-000000000007) (call, inbound): She is angry"
        in end.text
    )
    assert "There is more" in end.text
    assert end.text.endswith("3 records are not indexed yet as they stand now.")


def test_an_account_that_is_named_narrows_it() -> None:
    acme = record("account", 5, "Acme Corp")
    calls, step = run("anything about late deliveries at Acme", [found(acme)])
    assert calls[0].tool == "find_records"
    assert isinstance(step, Call)
    assert step.args == {"query": "late deliveries", "where": [f"account = {acme['record_id']}"], "limit": 8}


def test_the_like_of_a_record_is_searched_for() -> None:
    deal = record("opportunity", 9, "Globex expansion")
    calls, step = run("opportunities similar to the Globex expansion", [found(deal)])
    assert isinstance(step, Call)
    assert (step.tool, step.args["similar_to"], step.args["kinds"]) == ("search", deal["record_id"], ["opportunity"])
    calls, step = run("deals like our biggest win this quarter", [found(deal)])
    assert calls[0].args["where"][:1] == ["is_won = true"]
    assert calls[0].args["order_by"] == "amount desc"
    assert isinstance(step, Call)
    assert step.args["similar_to"] == deal["record_id"]
    assert isinstance(run("deals like our biggest win this quarter", [found()])[1], Decline)
