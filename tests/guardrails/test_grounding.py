"""Numbers of an answer against what the tools returned."""

import pytest

from guardrails.grounding import ungrounded

STAGES = {
    "columns": [
        {"name": "stage", "type": "text"},
        {"name": "count", "type": "int8"},
        {"name": "sum", "type": "numeric"},
    ],
    "rows": [["won", 139, "8709374.00"], ["lost", 204, "13031071.00"]],
    "total": 6,
}
RECORDS = {
    "records": [
        {"kind": "task", "label": "Call Room 101 GmbH", "fields": {"priority": "high", "amount": "1200.50"}},
        {"kind": "task", "label": "Write", "fields": {"priority": "high", "amount": "99.50"}},
        {"kind": "task", "label": "Ask", "fields": {"priority": "low", "amount": None}},
    ],
    "total": 37,
}

promise = pytest.mark.promise


@promise("exact:numbers")
@pytest.mark.parametrize(
    "answer",
    [
        "139 deals were won, worth 8,709,374.00 EUR.",
        "139 Abschlüsse, 8.709.374,00 EUR",
        "8 709 374 EUR",
        "about 8.7 million",
        "8.71m",
        "343 in all",
        "204 lost: 65 more than won",
        "40.5 % were won",
        "1. won: 139\n2. lost: 204",
        "In Q3 2026, by 2026-09-30 at 23:59, 139 were won",
        "On 3 October 2026 it was 139; on Oct 4, 2026 too",
        "[X](crm://task/01a1eb44-d070-73b4-b2b0-7f91631a3cbb): 139",
        "Nothing to count here.",
    ],
)
def test_what_stands_in_a_result_or_follows_from_it_is_grounded(answer: str) -> None:
    assert ungrounded(answer, [STAGES]) == []


@promise("exact:numbers")
@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("140 deals were won", ["140"]),
        ("worth 8,709,375 EUR", ["8,709,375"]),
        ("about 8.9 million", ["8.9 million"]),
        ("41.5 % were won", ["41.5"]),
        ("139 were won, 12 of them big", ["12"]),
        ("12 won, 12 lost", ["12"]),
        ("€2500 each", ["2500"]),
    ],
)
def test_a_number_from_nowhere_is_named_as_it_is_written(answer: str, found: list[str]) -> None:
    assert ungrounded(answer, [STAGES]) == found


def test_records_can_be_counted_summed_and_averaged() -> None:
    answer = "3 of 37 tasks are shown, 2 of them high, worth 1,300.00 together and 650 on average, one at Room 101."
    assert ungrounded(answer, [RECORDS]) == []


def test_what_a_person_said_may_be_repeated() -> None:
    assert ungrounded("I set the amount to 45,000.", [], ["set the amount to 45000"]) == []
    assert ungrounded("I set the amount to 46,000.", [], ["set the amount to 45000"]) == ["46,000"]


def test_without_any_result_every_number_is_ungrounded() -> None:
    assert ungrounded("You have 17 open deals.", []) == ["17"]
