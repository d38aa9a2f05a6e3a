"""What the books say of open opportunities and of accounts: risks by plain rules, how they feel lately, what is promised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, LiteralString
from uuid import UUID

from retrieval.insights.claim import Claim, Evidence
from schema.session import ReadSession, Row

SILENT_DAYS = {"opportunity": 30, "account": 90}
STALLED_DAYS = 60
FELT_DAYS = 60
"""How long a feeling counts."""
PLANNED_DAYS = 30
_MOST_STEPS = 2

# The views show the tenant of the context alone.
_OPPORTUNITIES: LiteralString = """
SELECT o.opportunity_id AS record_id, o.account_id, o.stage, o.expected_close_date,
       (o.last_interaction_at AT TIME ZONE t.time_zone)::date AS talked_on,
       (o.created_at AT TIME ZONE t.time_zone)::date AS created_on,
       (coalesce(m.moved_at, o.created_at) AT TIME ZONE t.time_zone)::date AS moved_on
FROM crm_read.opportunities o CROSS JOIN crm_read.tenants t
LEFT JOIN (SELECT record_id, max(changed_at) AS moved_at FROM crm_read.status_changes
           WHERE record_id = ANY(:records) GROUP BY record_id) m ON m.record_id = o.opportunity_id
WHERE o.is_open AND o.opportunity_id = ANY(:records)"""
_ACCOUNTS: LiteralString = """
SELECT a.account_id AS record_id, a.status, (a.last_interaction_at AT TIME ZONE t.time_zone)::date AS talked_on
FROM crm_read.accounts a CROSS JOIN crm_read.tenants t WHERE a.account_id = ANY(:records)"""
_SUBJECTS: LiteralString = """
SELECT account_id AS id FROM crm_read.accounts
UNION ALL SELECT opportunity_id FROM crm_read.opportunities WHERE is_open
UNION ALL SELECT n.record_id FROM crm_read.insights n JOIN crm_read.opportunities o ON o.opportunity_id = n.record_id
          WHERE NOT o.is_open AND n.model = 'rules' AND n.verified_by_user IS NULL
ORDER BY id"""
# How they felt and what was promised, interaction by interaction, newest first; what a person rejected does not count.
_TOLD: LiteralString = """
SELECT n.id, n.kind, n.statement, n.confidence, n.raw_output, i.id AS interaction_id, i.account_id, i.about_id, i.occurred_at,
       (i.occurred_at AT TIME ZONE t.time_zone)::date AS day,
       EXISTS (SELECT FROM crm.interactions w WHERE w.tenant_id = i.tenant_id AND w.account_id = i.account_id
               AND (w.direction = 'outbound' OR w.kind IN ('call', 'meeting'))
               AND w.occurred_at > i.occurred_at AND w.deleted_at IS NULL) AS is_answered,
       e.field, e.quote, e.start_at, e.end_at
FROM crm.ai_insights n
JOIN crm.interactions i ON i.tenant_id = n.tenant_id AND i.id = n.record_id AND i.deleted_at IS NULL
JOIN crm.tenants t ON t.tenant_id = n.tenant_id
LEFT JOIN crm.insight_evidence e ON e.tenant_id = n.tenant_id AND e.insight_id = n.id AND e.position = 0
WHERE n.tenant_id = :tenant AND n.kind IN ('sentiment', 'next_step') AND n.verified_by_user IS NOT FALSE
  AND i.occurred_at >= :since AND (i.about_id = ANY(:records) OR i.account_id = ANY(:records))
ORDER BY i.occurred_at DESC, n.id"""


@dataclass(frozen=True, slots=True)
class _About:
    """What interactions of one record said, newest first."""

    feelings: Sequence[Row]
    steps: Sequence[Row]


def subjects_of_facts(session: ReadSession) -> list[UUID]:
    """Every account, every open opportunity, and those closed since of which something is claimed still."""
    return list(dict.fromkeys(row["id"] for row in session.rows(_SUBJECTS)))


def claims_of_facts(
    session: ReadSession, tenant_id: UUID, records: Sequence[UUID], today: date
) -> dict[UUID, list[Claim]]:
    """Claims about each of these records, none included: what no longer holds has to go."""
    since = today - timedelta(days=max(FELT_DAYS, PLANNED_DAYS))
    told = session.rows(_TOLD, tenant=tenant_id, since=since, records=list(records))
    by_lead, by_account = _grouped(told, "about_id"), _grouped(told, "account_id")
    claims: dict[UUID, list[Claim]] = {each: [] for each in records}
    for row in session.rows(_OPPORTUNITIES, records=list(records)):
        claims[row["record_id"]] = _of_opportunity(row, by_lead.get(row["record_id"]), today)
    for row in session.rows(_ACCOUNTS, records=list(records)):
        claims[row["record_id"]] = _of_account(row, by_account.get(row["record_id"]), today)
    return claims


def _grouped(told: Iterable[Row], column: str) -> Mapping[UUID, _About]:
    feelings: dict[UUID, list[Row]] = {}
    steps: dict[UUID, list[Row]] = {}
    for row in told:
        if row[column] is not None:
            (feelings if row["kind"] == "sentiment" else steps).setdefault(row[column], []).append(row)
    return {each: _About(feelings.get(each, ()), steps.get(each, ())) for each in {*feelings, *steps}}


def _of_opportunity(row: Row, about: _About | None, today: date) -> list[Claim]:
    return [*_silence("opportunity", row, today), *_overdue(row, today), *_stalled(row, today), *_told(about, today)]


def _of_account(row: Row, about: _About | None, today: date) -> list[Claim]:
    silence = _silence("account", row, today) if row["status"] == "customer" else []
    return [*silence, *_told(about, today)]


def _told(about: _About | None, today: date) -> list[Claim]:
    if about is None:
        return []
    return [*_feeling(about.feelings, today), *_broken_promise(about.steps, today), *_next_steps(about.steps, today)]


def _silence(kind: str, row: Row, today: date) -> list[Claim]:
    talked = row["talked_on"] or row.get("created_on")
    limit = SILENT_DAYS[kind]
    if talked is None or (today - talked).days <= limit:
        return []
    field = "last_interaction_at" if row["talked_on"] else "created_at"
    statement = f"No contact since {talked}" if row["talked_on"] else f"No contact since it was created on {talked}"
    return [_risk("silence", statement, row["record_id"], field, talked, (today - talked).days / limit)]


def _overdue(row: Row, today: date) -> list[Claim]:
    expected = row["expected_close_date"]
    if expected is None or expected >= today:
        return []
    late = (today - expected).days
    statement = f"Expected to close on {expected} and still open"
    return [_risk("overdue", statement, row["record_id"], "expected_close_date", expected, 1 + late / 30)]


def _stalled(row: Row, today: date) -> list[Claim]:
    days = (today - row["moved_on"]).days
    if days <= STALLED_DAYS:
        return []
    statement = f"In {row['stage']} since {row['moved_on']}"
    return [_risk("stalled", statement, row["record_id"], "stage", row["stage"], days / STALLED_DAYS)]


def _risk(risk: str, statement: str, record_id: UUID, field: str, value: object, times: float) -> Claim:
    """`times` is how far it is beyond its limit; at the limit it is as likely as not to matter."""
    confidence = round(min(0.9, 0.3 + 0.2 * times), 3)
    fact = Evidence(record_id, field, str(value))
    return Claim("risk", statement, confidence, (fact,), {"risk": risk, "times_the_limit": round(times, 2)})


def _feeling(feelings: Sequence[Row], today: date) -> list[Claim]:
    """How the newest says they feel; several complaints in a row are a risk. A later text is a new claim."""
    recent = [row for row in feelings if (today - row["day"]).days <= FELT_DAYS]
    if not recent or recent[0]["statement"] == "mixed":
        return []
    label, day = recent[0]["statement"], recent[0]["day"]
    streak = recent[: next((at for at, row in enumerate(recent) if row["statement"] != label), len(recent))]
    evidence = tuple(each for row in streak[:3] for each in _evidence(row))
    raw = {"in_a_row": len({row["interaction_id"] for row in streak})}
    confidence = round(min(0.95, float(streak[0]["confidence"]) + 0.05 * (raw["in_a_row"] - 1)), 3)
    claims = [Claim("sentiment", f"{label} on {day}", confidence, evidence, raw)]
    if label == "negative" and raw["in_a_row"] > 1:
        statement = f"Unhappy: complained again on {day}"
        claims.append(Claim("risk", statement, confidence, evidence, {"risk": "unhappy", **raw}))
    return claims


def _next_steps(steps: Sequence[Row], today: date) -> list[Claim]:
    open_steps = [row for row in steps if _is_open(row, today)][:_MOST_STEPS]
    return [
        Claim("next_step", row["statement"], float(row["confidence"]), _evidence(row), _raw(row)) for row in open_steps
    ]


def _is_open(row: Row, today: date) -> bool:
    """Dated ones until their day; the others until somebody of ours has written since, for a month at most."""
    due = _due_on(row)
    if due is not None:
        return due >= today
    return not row["is_answered"] and (today - row["day"]).days <= PLANNED_DAYS


def _broken_promise(steps: Sequence[Row], today: date) -> list[Claim]:
    for row in steps:
        due = _due_on(row)
        is_ours = _raw(row).get("role") == "ours"
        if is_ours and due is not None and due < today and not row["is_answered"]:
            statement = f"We promised something by {due} and have not written since"
            return [Claim("risk", statement, 0.6, _evidence(row), {"risk": "promise"})]
    return []


def _due_on(row: Row) -> date | None:
    told = _raw(row).get("due_on")
    return date.fromisoformat(told) if isinstance(told, str) else None


def _raw(row: Row) -> dict[str, Any]:
    return row["raw_output"] or {}


def _evidence(row: Row) -> tuple[Evidence, ...]:
    if row["quote"] is None:
        return ()
    return (Evidence(row["interaction_id"], row["field"], row["quote"], row["start_at"], row["end_at"]),)
