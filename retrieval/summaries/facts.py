"""The facts of accounts that a summary tells, counted by SQL; none of them changes by the mere passing of a day."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from schema.session import ReadSession, Row

NEWEST_TALKS = 12
_NAMED_DEALS = 3

# The views show the tenant of the context alone.
_ACCOUNTS: LiteralString = """
SELECT account_id AS record_id, name, tier, status, industry, country, owner_name FROM crm_read.accounts
WHERE account_id = ANY(:records)"""
_DEALS: LiteralString = """
SELECT account_id AS record_id, name, is_open, is_won, amount, currency, expected_close_date FROM crm_read.opportunities
WHERE account_id = ANY(:records) ORDER BY expected_close_date NULLS LAST, opportunity_id"""
_TASKS: LiteralString = """
SELECT l.account_id AS record_id, count(*) AS open, min(CAST(t.due_at AT TIME ZONE z.time_zone AS date)) AS next_due
FROM crm_read.tasks t CROSS JOIN crm_read.tenants z
JOIN (SELECT account_id, account_id AS about_id FROM crm_read.accounts UNION ALL
      SELECT account_id, opportunity_id FROM crm_read.opportunities) l ON l.about_id = t.about_id
WHERE t.is_open AND l.account_id = ANY(:records) GROUP BY l.account_id"""
_COUNTS: LiteralString = """
SELECT i.account_id AS record_id, count(*) AS talks, max(i.occurred_at) AS last_at FROM crm_read.interactions i
WHERE i.account_id = ANY(:records) GROUP BY i.account_id"""
_TALKS: LiteralString = """
SELECT * FROM (
    SELECT i.account_id AS record_id, i.interaction_id, i.kind, i.direction, i.body,
           CAST(i.occurred_at AT TIME ZONE z.time_zone AS date) AS day,
           row_number() OVER (PARTITION BY i.account_id ORDER BY i.occurred_at DESC, i.interaction_id) AS place
    FROM crm_read.interactions i CROSS JOIN crm_read.tenants z WHERE i.account_id = ANY(:records)
) newest WHERE place <= :most ORDER BY record_id, place"""
_INFERRED: LiteralString = """
SELECT record_id, kind, statement FROM crm_read.insights
WHERE record_id = ANY(:records) AND kind IN ('sentiment', 'risk') AND verified_by_user IS NOT FALSE
ORDER BY kind DESC, statement"""


def facts_of(session: ReadSession, records: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The facts of each account that lives, as JSON: dates as ISO 8601, money as strings by currency."""
    given = {"records": list(records)}
    found = {row["record_id"]: _account(row) for row in session.rows(_ACCOUNTS, **given)}
    for account, deals in _by_record(session.rows(_DEALS, **given)).items():
        found[account] |= _deals(deals)
    for row in session.rows(_TASKS, **given):
        found[row["record_id"]]["tasks"] = {"open": row["open"], "next_due": _text(row["next_due"])}
    for row in session.rows(_COUNTS, **given):
        found[row["record_id"]]["interactions"] = row["talks"]
    for account, told in _by_record(session.rows(_INFERRED, **given)).items():
        found[account]["inferred"] = [row["statement"] for row in told]
    return found


def talks_of(session: ReadSession, records: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """The newest interactions of each account, newest first, with their texts."""
    return _by_record(session.rows(_TALKS, records=list(records), most=NEWEST_TALKS))


def _account(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "record_id"}


def _deals(deals: Sequence[Row]) -> dict[str, Any]:
    open_ones = [deal for deal in deals if deal["is_open"]]
    won = [deal for deal in deals if deal["is_won"]]
    dates = [deal["expected_close_date"] for deal in open_ones if deal["expected_close_date"]]
    return {
        "open": {
            "count": len(open_ones),
            "worth": _worth(open_ones),
            "names": [deal["name"] for deal in open_ones[:_NAMED_DEALS]],
            "next_close": _text(min(dates, default=None)),
        },
        "won": {"count": len(won), "worth": _worth(won)},
        "lost": {"count": len(deals) - len(open_ones) - len(won)},
    }


def _worth(deals: Sequence[Row]) -> dict[str, str]:
    """The sum by currency, each apart: sums of several currencies are no number."""
    sums: dict[str, Any] = {}
    for deal in deals:
        if deal["amount"] is not None:
            sums[deal["currency"]] = sums.get(deal["currency"], 0) + deal["amount"]
    return {currency: str(sums[currency]) for currency in sorted(sums)}


def _by_record(rows: Sequence[Row]) -> dict[UUID, list[Row]]:
    grouped: dict[UUID, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["record_id"], []).append(row)
    return grouped


def _text(value: object) -> str | None:
    return None if value is None else str(value)


Facts = Mapping[str, Any]
