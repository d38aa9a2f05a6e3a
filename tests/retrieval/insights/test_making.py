"""Insights are stored apart from what people wrote, read once a version, and a person's yes or no outlives them."""

from datetime import timedelta
from uuid import UUID

import pytest

from retrieval.insights.claim import Claim, Maker
from retrieval.insights.making import change_by
from retrieval.insights.rules import RULES
from retrieval.insights.settling import Known, settle
from retrieval.insights.store import InsightWriter
from schema.errors import CrmError
from tests.retrieval.insights.reading import OtherRules, account, found, infer, infer_facts, mail, statements
from tests.tools.desk import Desk, fill_tenant
from tools.insights import get_insight, judge_insight

BAD = "The invoice is wrong again and we are losing our patience."


def test_a_text_is_read_once_and_again_when_it_has_changed(desk: Desk) -> None:
    record = mail(desk, BAD)
    mail(desk, "See you on Tuesday.")
    first, second = infer(desk), infer(desk)
    assert (first.read, first.made) == (2, 1)
    assert second.read == 0
    (insight,) = found(desk, "kind = sentiment")
    assert (insight["statement"], insight["record_id"], insight["is_inferred"]) == ("negative", record, True)
    assert insight["evidence"][0]["quote"] == BAD
    desk.update(record, body="The invoice is fine, thank you for the great help.")
    again = infer(desk)
    assert (again.read, again.made, again.removed) == (1, 1, 1)
    assert statements(desk, "kind = sentiment") == ["positive"]


def test_what_an_older_version_made_is_made_anew_and_what_was_verified_stays(desk: Desk) -> None:
    verified, other = mail(desk, BAD), mail(desk, f"{BAD} Again.")
    infer(desk)
    kept = found(desk, f"record_id = {verified}")[0]["insight_id"]
    judge_insight(desk.context, UUID(kept), is_right=True)
    counts = infer(desk, OtherRules())
    assert (counts.read, counts.renewed, counts.made) == (2, 1, 0)
    assert {each["record_id"]: each["model_version"] for each in found(desk)} == {verified: "1", other: "2"}
    assert get_insight(desk.context, UUID(kept))["verified_by_user"] is True


def test_a_rejection_is_remembered_by_later_versions_too(desk: Desk) -> None:
    record = mail(desk, BAD)
    infer(desk)
    (insight,) = found(desk)
    judge_insight(desk.context, UUID(insight["insight_id"]), is_right=False)
    for reader in (None, OtherRules()):
        counts = infer(desk, reader, again=True)
        assert (counts.read, counts.made, counts.suppressed) == (1, 0, 1)
    desk.update(record, body=f"{BAD} I mean it.")
    assert infer(desk, OtherRules()).made == 0
    assert [each["verified_by_user"] for each in found(desk)] == [False]
    assert [each for each in desk.ok("get_record", record_id=record)["timeline"] if each["type"] == "insight"] == []


def test_a_decision_is_logged_in_the_persons_name(desk: Desk) -> None:
    record = mail(desk, BAD)
    infer(desk)
    (insight,) = found(desk)
    member = desk.as_role("member")
    done = judge_insight(member.context, UUID(insight["insight_id"]), is_right=True)
    again = judge_insight(member.context, UUID(insight["insight_id"]), is_right=True)
    assert done["insight"]["verified_by"] == member.who.email
    assert again["change_id"] is None
    change = desk.ok("get_record", record_id=record)
    assert "insights" not in change["record"]["fields"]
    with desk.database.read(desk.who) as session:
        rows = session.rows(
            "SELECT actor, reason, before ->> 'verified_by_user' AS before, after ->> 'verified_by_user' AS after"
            " FROM crm.audit_events WHERE change_id = :change",
            change=UUID(done["change_id"]),
        )
    reason = "Verified the inferred sentiment: negative"
    assert rows == [{"actor": member.who.email, "reason": reason, "before": None, "after": "true"}]


def test_what_was_inferred_can_be_taken_back_and_that_too(desk: Desk) -> None:
    record = mail(desk, BAD)
    infer(desk)
    with desk.database.read(desk.who) as session:
        change = session.scalar("SELECT change_id FROM crm.audit_events WHERE table_name = 'ai_insights'")
    undone = desk.ok("undo", change_id=str(change))
    assert (undone["undone"][0]["fields"], found(desk)) == (["insights"], [])
    desk.ok("undo", change_id=undone["changes"][0])
    assert [(each["record_id"], each["statement"]) for each in found(desk)] == [(record, "negative")]


def test_who_may_not_change_the_record_may_not_decide(desk: Desk) -> None:
    mail(desk, BAD)
    infer(desk)
    insight = UUID(found(desk)[0]["insight_id"])
    agent = desk.within(via_agent=True)
    narrow = desk.within(scopes=frozenset({"interaction:read"}))
    for other in (desk.as_role("viewer"), agent, narrow, desk.within(run_id=desk.new_run())):
        with pytest.raises(CrmError) as refused:
            judge_insight(other.context, insight, is_right=True)
        assert refused.value.kind == "denied"
    elsewhere = desk.within(scopes=frozenset({"account:read"}))
    assert found(elsewhere) == []
    with pytest.raises(CrmError) as unknown:
        get_insight(elsewhere.context, insight)
    assert unknown.value.kind == "not_found"


def test_insights_are_marked_as_inferred_beside_a_record(desk: Desk) -> None:
    record = mail(desk, BAD)
    infer(desk)
    told = desk.ok("get_record", record_id=record)["timeline"]
    (shown,) = [each for each in told if each["type"] == "insight"]
    assert (shown["text"], shown["is_inferred"], shown["label"]) == ("negative", True, "inferred sentiment")
    assert not any(each.get("fields") == ["insights"] for each in told)


def test_an_unknown_filter_is_an_error_that_names_near_ones(desk: Desk) -> None:
    with pytest.raises(CrmError) as unknown:
        found(desk, "confidense > 0.5")
    assert "confidence" in unknown.value.message
    with pytest.raises(CrmError):
        found(desk, verdict="maybe")


def test_silence_late_closing_and_complaints_are_risks_of_accounts_and_opportunities(desk: Desk) -> None:
    customer = account(desk)
    deal = desk.create(
        "opportunity", name="Renewal", account_id=customer, amount="1000", expected_close_date="2026-11-25"
    )
    mail(desk, BAD, account_id=customer, about_id=deal["record_id"], occurred_at="2026-11-10T10:00:00Z")
    mail(desk, "This is unacceptable, I am furious.", account_id=customer, occurred_at="2026-11-18T10:00:00Z")
    infer(desk)
    infer_facts(desk)
    assert statements(desk, "kind = risk", "record_kind = account") == ["Unhappy: complained again on 2026-11-18"]
    assert statements(desk, "kind = sentiment", "record_kind = account") == ["negative on 2026-11-18"]
    assert infer_facts(desk).made == 0
    later = desk.at(timedelta(days=70))
    infer_facts(later)
    assert statements(later, "kind = risk", "record_kind = opportunity") == [
        "Expected to close on 2026-11-25 and still open",
        "In new since 2026-11-20",
        "No contact since 2026-11-10",
    ]
    assert statements(later, "kind = sentiment", "record_kind = account") == []
    late = next(each for each in found(later, "kind = risk") if each["statement"].startswith("Expected"))
    assert [(each["field"], each["quote"], each["start"]) for each in late["evidence"]] == [
        ("expected_close_date", "2026-11-25", None)
    ]


def test_a_rejected_risk_stays_away_until_the_facts_are_others(desk: Desk) -> None:
    customer = account(desk)
    mail(desk, "Hello, a question.", account_id=customer, occurred_at="2026-06-01T10:00:00Z")
    infer_facts(desk)
    (risk,) = found(desk, "kind = risk")
    assert risk["statement"] == "No contact since 2026-06-01"
    judge_insight(desk.context, UUID(risk["insight_id"]), is_right=False)
    assert infer_facts(desk.at(timedelta(days=30))).made == 0
    mail(desk, "Hello, another question.", account_id=customer, occurred_at="2026-11-20T08:00:00Z")
    assert infer_facts(desk.at(timedelta(days=120))).made == 1


def test_an_open_promise_is_the_next_step_until_its_day_and_a_risk_after_it(desk: Desk) -> None:
    customer = account(desk)
    text = "I'll send the quote by Tuesday."
    mail(desk, text, direction="outbound", account_id=customer)
    infer(desk)
    infer_facts(desk)
    promise = f"We promised: {text} (by 2026-11-24)"
    assert statements(desk, "record_kind = account", "kind = next_step") == [promise]
    later = desk.at(timedelta(days=6))
    infer_facts(later)
    assert statements(later, "record_kind = account") == [
        "We promised something by 2026-11-24 and have not written since"
    ]


def test_the_same_in_other_words_stays_rejected_and_other_numbers_do_not() -> None:
    maker = Maker("a-model", "1", "2")
    no = Known(UUID(int=1), "risk", "they withhold payment until the invoice is corrected", maker, verdict=False)
    claims = [
        Claim("risk", "They withhold the payment until the invoice is corrected.", 0.7),
        Claim("risk", "They withhold payment until invoice 26 is corrected", 0.7),
        Claim("risk", "A competitor is in play", 0.7),
        Claim("risk", "?!", 0.7),
    ]
    settled = settle([no], claims, maker, of_text=True)
    assert [claim.statement for claim in settled.fresh] == [claims[1].statement, claims[2].statement]
    assert (settled.suppressed, settled.gone) == (1, [])


def test_thousands_of_claims_are_written_at_once(desk: Desk) -> None:
    record, tenant = UUID(account(desk)), desk.who.tenant_id
    claims = [Claim("topic", f"topic {number}", 0.5) for number in range(6_000)]
    with desk.database.job(tenant, change_by(desk.database, RULES)) as session:
        writer = InsightWriter(session, tenant, desk.database.world, kinds=("topic",), of_text=False)
        writer.write({record: (RULES, claims)})
    assert desk.count("ai_insights") == writer.counts.made == 6_000


def test_one_tenant_reads_nothing_of_another(desk: Desk) -> None:
    mail(desk, BAD)
    fill_tenant(desk.database, "other")
    other = Desk.of(desk.database, "other")
    assert infer(other).read == 0
    infer(desk)
    assert found(other) == []
