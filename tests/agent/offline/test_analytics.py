"""Analytic questions: what they are read as, the SQL they become, and how the numbers are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.offline.form import Analysis, AsOf, ListOf, Measure, Puzzled
from agent.offline.plans.steps import Decline, Say
from agent.offline.situation import Situation
from agent.offline.understand import understand
from guardrails.sql import GuardedQuery, guard
from schema.fields import Field, FieldType
from tests.agent.offline.asking import ME, SITUATION, Talk, found, record

LENA = record("user", 7, "Lena Hoffmann", email="lena@brightwater.example")


def meant(request: str) -> Analysis:
    meaning = understand(request, SITUATION)
    assert not isinstance(meaning, Puzzled), meaning
    (command,) = meaning
    assert isinstance(command, Analysis), command
    return command


def answered(columns: Sequence[str], *rows: list[Any], total: int | None = None) -> dict[str, Any]:
    """A result of query_sql."""
    count = len(rows) if total is None else total
    return {
        "accepted": True,
        "sql": "SELECT 1",
        "columns": [{"name": name, "type": "text"} for name in columns],
        "rows": list(rows),
        "total": count,
        "returned": len(rows),
        "truncated": count > len(rows),
        "notes": [],
    }


def sql_of(talk: Talk) -> str:
    assert talk.call.tool == "query_sql"
    return " ".join(str(talk.call.args["sql"]).split())


def asked(request: str, situation: Situation = SITUATION) -> str:
    talk = Talk(situation=situation)
    talk.say(request)
    return sql_of(talk)


def told(request: str, *rows: list[Any], total: int | None = None) -> str:
    talk = Talk()
    talk.say(request)
    step = talk.answer(answered((), *rows, total=total))
    assert isinstance(step, Say), step
    return step.text


QUESTIONS: dict[str, tuple[str, tuple[str, ...], list[str]]] = {
    "average deal size last quarter": ("average amount", (), ["closed_at", "closed_at", "is_won"]),
    "win rate by owner this year": ("rate", ("owner",), ["closed_at", "closed_at", "is_open"]),
    "top 5 accounts by won revenue": ("sum amount", ("account",), ["is_won"]),
    "which industries bring the most revenue": ("sum amount", ("industry",), ["is_won"]),
    "how many calls did we make last week per person": ("count", ("owner",), ["kind", "occurred_at", "occurred_at"]),
    "deals by source and stage": ("count", ("source", "stage"), []),
    "median days to close": ("median cycle", (), ["is_won"]),
    "sales cycle by industry": ("average cycle", ("industry",), ["is_won"]),
    "how long does it take us to win a deal": ("average cycle", (), ["is_won"]),
    "forecast for this quarter": ("weighted amount", (), ["expected_close_date", "expected_close_date", "is_open"]),
    "total pipeline by stage": ("sum amount", ("stage",), ["is_open"]),
    "share of lost deals by reason": ("count", ("loss_reason",), ["is_lost"]),
    "growth of interactions month over month": ("count", ("month",), []),
    "tasks overdue per assignee": ("count", ("owner",), ["due_at", "is_open"]),
    "number of accounts per country, only Germany and France": ("count", ("country",), ["country"]),
    "which of my deals is the biggest": ("most amount", ("record",), ["owner_id"]),
    "how much did we win in 2025": ("sum amount", (), ["closed_at", "closed_at", "is_won"]),
    "emails sent vs received last month": (
        "count",
        ("direction",),
        ["direction", "kind", "occurred_at", "occurred_at"],
    ),
    "revenue per month this year": ("sum amount", ("month",), ["closed_at", "closed_at", "is_won"]),
    "how many deals in negotiation above 50k EUR": ("count", (), ["amount", "currency", "stage"]),
    "tasks completed per week since September": ("count", ("week",), ["completed_at", "status"]),
    "how many hours of calls last week": ("sum hours", (), ["kind", "occurred_at", "occurred_at"]),
    "deals won q3 by ower": ("count", ("owner",), ["closed_at", "closed_at", "is_won"]),
    "why do we lose deals": ("count", ("loss_reason",), ["is_lost"]),
    "smallest amount we ever won": ("least amount", (), ["is_won"]),
}


@pytest.mark.parametrize("request_", QUESTIONS)
def test_a_question_has_its_measure_groups_and_conditions(request_: str) -> None:
    analysis = meant(request_)
    measure, groups, columns = QUESTIONS[request_]
    first = analysis.measures[0]
    assert f"{first.how} {first.column}".strip() == measure
    assert analysis.groups == groups
    assert sorted(condition.column for condition in analysis.of.conditions) == columns


@pytest.mark.parametrize(
    "request_",
    [each for each in QUESTIONS if "quarter" not in each or "this" in each] + ["compare Q2 and Q3 revenue by owner"],
)
def test_what_is_written_passes_the_guard_as_it_stands(request_: str) -> None:
    query = guard(asked(request_), clock=SITUATION.now, zone=ZoneInfo(SITUATION.time_zone), limit=200, audience="model")
    assert isinstance(query, GuardedQuery), query


@pytest.mark.parametrize(
    "request_",
    [
        "average happiness of our customers",
        "revenue by product",
        "revenue by zodiac sign",
        "average number of contacts per account",
        "win rate of enterprise deals vs smb deals",
        "did we win more deals this year than last year?",
        "how many emails per day on average",
    ],
)
def test_what_is_matched_weakly_is_declined(request_: str) -> None:
    assert isinstance(understand(request_, SITUATION), Puzzled)


def test_money_is_added_by_currency_and_never_across() -> None:
    assert asked("total revenue this year") == (
        "SELECT currency, sum(amount) AS total, count(*) AS count, count(*) FILTER (WHERE amount IS NULL) AS without "
        "FROM opportunities WHERE is_won AND closed_at >= '2026-01-01' AND closed_at < '2027-01-01' "
        "GROUP BY currency ORDER BY currency, total DESC NULLS LAST"
    )
    text = told("total revenue this year", ["CHF", "100.00", 1, 0], ["EUR", "2500.50", 2, 1])
    assert text == (
        "Total amount of deals (won and closed in this year: 1 Jan – 31 Dec 2026): €2,500.50 (2 deals and 1 of them "
        "without an amount) and CHF\u00a0100 (1 deal). Currencies are kept apart, not converted."
    ).replace("CHF\u00a0", text[text.index("CHF") : text.index("100 (1")])


def test_the_greatest_are_ranked_within_each_currency_with_ties() -> None:
    sql = asked("top 5 accounts by won revenue")
    assert "rank() OVER (PARTITION BY currency ORDER BY total DESC NULLS LAST)" in sql
    assert "WHERE place <= 5" in sql
    text = told("top 5 accounts by won revenue", ["Acme", "01926130-7a60-728e-8ce9-31e58c79314c", "EUR", "10.00", 1, 0])
    assert "| [Acme](crm://account/01926130-7a60-728e-8ce9-31e58c79314c) | €10 | 1 |" in text


def test_people_of_the_same_name_are_kept_apart() -> None:
    assert "GROUP BY owner_name, owner_id" in asked("deals by owner")


def test_quarters_are_the_companys_own() -> None:
    fiscal = replace(SITUATION, fiscal_year_start_month=2)
    sql = asked("revenue by quarter", fiscal)
    assert "(date_trunc('quarter', closed_at - interval '1 months') + interval '1 months')::date AS quarter" in sql
    talk = Talk(situation=fiscal)
    talk.say("how many deals did we win last quarter")
    assert "closed_at >= '2026-08-01' AND closed_at < '2026-11-01'" in sql_of(talk)


def test_a_quote_in_a_name_stays_inside_its_literal() -> None:
    talk = Talk()
    talk.say("number of contacts called O'Neill by account")
    assert "ILIKE '%O''Neill%'" in sql_of(talk)


def test_what_closed_was_taken_for_is_said() -> None:
    text = told("how many deals closed this quarter", [9])
    assert text.startswith("9 deals (closed in this quarter: 1 Oct – 31 Dec 2026 and won).")
    assert "won ones as closed" in text


def test_two_periods_are_compared_in_the_order_of_time() -> None:
    request = "how do won deals this quarter compare to last quarter"
    text = told(request, [4, 5, 1, "25.0"])
    assert "| last quarter | this quarter | change | growth |" in text
    assert "| 4 | 5 | 1 | +25% |" in text
    assert "This quarter: 1 Oct – 31 Dec 2026 (not over yet)." in text


def test_a_gap_in_a_series_yields_no_growth() -> None:
    assert "CASE WHEN lag(month) OVER (ORDER BY month) = (month - interval '1 month')::date" in asked(
        "growth of interactions month over month"
    )


def test_cut_off_rows_are_told() -> None:
    text = told("deals by account", ["Acme", "01926130-7a60-728e-8ce9-31e58c79314c", 3], total=300)
    assert "1 of 300 rows are shown." in text


def test_nothing_found_for_an_unknown_word_is_no_answer() -> None:
    talk = Talk()
    talk.say("win rate in the glorp sector")
    talk.answer(answered((), [None, 0]))
    assert talk.call.tool == "find_records"
    assert isinstance(talk.answer(found(total=0)), Decline)


def test_a_name_is_resolved_and_an_ambiguous_one_asked_about() -> None:
    talk = Talk()
    talk.say("how much did Lena win in 2026")
    assert talk.call.tool == "find_records"
    talk.answer(found(LENA))
    assert f"owner_id = '{LENA['record_id']}'" in sql_of(talk)
    step = talk.answer(answered((), ["EUR", "47000.00", 2, 0]))
    assert isinstance(step, Say)
    assert "of Lena Hoffmann" in step.text


def test_a_follow_up_changes_one_part() -> None:
    talk = Talk()
    talk.say("how many deals did we win this quarter?")
    talk.answer(answered((), [9]))
    talk.say("and last quarter?")
    assert "closed_at >= '2026-07-01' AND closed_at < '2026-10-01'" in sql_of(talk)
    talk.answer(answered((), [17]))
    talk.say("by owner")
    assert "GROUP BY owner_name" in sql_of(talk)
    talk.answer(answered((), ["Lena", 2]))
    talk.say("only in Germany")
    assert "account_id IN (SELECT account_id FROM accounts WHERE country = 'Germany')" in sql_of(talk)
    talk.answer(answered((), ["Lena", 1]))
    talk.say("which ones?")
    assert talk.call.tool == "find_records"


def test_a_list_can_be_counted_by_groups() -> None:
    talk = Talk()
    talk.say("show my open deals")
    talk.answer(found(record("opportunity", 3, "One"), record("opportunity", 4, "Two")))
    talk.say("by stage")
    assert sql_of(talk).startswith("SELECT stage, count(*) AS count FROM opportunities WHERE")
    assert f"owner_id = '{ME}'" in sql_of(talk)


def test_a_follow_up_with_nothing_before_it_is_declined() -> None:
    assert isinstance(Talk().say("by owner"), Decline)
    assert isinstance(Talk().say("which ones?"), Decline)


def test_a_record_that_was_ranked_can_be_spoken_of() -> None:
    talk = Talk()
    talk.say("which of my deals is the biggest")
    talk.answer(answered((), ["Big one", "01926130-7a60-728e-8ce9-31e58c79314c", "EUR", "90000.00"]))
    talk.say("who owns it?")
    assert talk.call.args == {"record_id": "01926130-7a60-728e-8ce9-31e58c79314c"}


def test_lists_and_changes_are_no_analyses() -> None:
    for request in ("open deals over 50k", "top 5 opportunities", "our pipeline", "show my tasks by due date"):
        meaning = understand(request, SITUATION)
        assert not isinstance(meaning, Puzzled), request
        assert isinstance(meaning[0], ListOf), request


def test_averages_stand_beside_medians_where_both_are_asked_for() -> None:
    assert meant("mean and median deal size").measures[:2] == (
        Measure("average", "amount"),
        Measure("median", "amount"),
    )


def test_a_list_is_put_in_order_and_not_counted() -> None:
    meaning = understand("accounts sorted by country", SITUATION)
    assert not isinstance(meaning, Puzzled)
    assert isinstance(meaning[0], ListOf)


def test_fields_of_a_tenants_own_group_and_narrow() -> None:
    region = Field("region", FieldType.CHOICE, "", choices=("North", "South"), label="Sales region")
    seats = Field("seats", FieldType.NUMBER, "", label="Seats")
    own = replace(SITUATION, customs={"account": {"region": region, "seats": seats}})
    assert asked("how many accounts per sales region", own).startswith(
        "SELECT custom->>'region' AS own_region, count(*)"
    )
    sql = asked("accounts with more than 50 seats by country", own)
    assert "WHERE (custom->>'seats')::numeric > 50 GROUP BY country" in sql
    query = guard(sql, clock=SITUATION.now, zone=ZoneInfo("Europe/Berlin"), limit=9, audience="model")
    assert isinstance(query, GuardedQuery)


class TestAsOf:
    def test_the_moment_is_the_end_of_the_day(self) -> None:
        meaning = understand("what did the Nordwind deal look like on 1 October, who changed it and why?", SITUATION)
        assert not isinstance(meaning, Puzzled)
        (command,) = meaning
        assert isinstance(command, AsOf)
        assert datetime.fromisoformat(command.moment) == datetime(2026, 10, 1, 22, tzinfo=UTC)
        assert command.mention.text == "Nordwind"

    def test_what_differs_now_and_each_change_since_are_told(self) -> None:
        deal = record("opportunity", 5, "Nordwind rollout")
        then = {**deal, "fields": {"stage": "proposal", "amount": "58000.00", "currency": "EUR", "owner_id": ME}}
        now = {**deal, "fields": {**then["fields"], "stage": "won", "owner_name": "Ada Admin"}}
        change = {
            "at": "2026-10-26T02:42:00Z",
            "type": "status",
            "label": "proposal → won",
            "text": "They signed.",
            "fields": ["stage"],
            "who": "sofia@brightwater.example",
        }
        talk = Talk()
        talk.say("what did the Nordwind deal look like on 1 October, and who changed it since and why?")
        talk.answer(found(deal))
        assert talk.call.args["as_of"].startswith("2026-10-02T00:00:00")
        talk.answer({"record": then, "timeline": []})
        step = talk.answer({"record": now, "timeline": [change, {**change, "at": "2026-09-01T08:00:00Z"}]})
        assert isinstance(step, Say)
        assert "- stage: proposal (now won)" in step.text
        assert "- owner: Ada Admin\n" in step.text
        assert "1 change since:" in step.text
        assert "by sofia@brightwater.example - They signed." in step.text

    def test_what_is_still_to_come_has_no_state(self) -> None:
        assert isinstance(understand("what will Acme look like as of 1 March 2027", SITUATION), Puzzled)
