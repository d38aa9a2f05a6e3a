"""Shorthand for making insights in a test's tenant, and looking at what came of it."""

from typing import Any

from retrieval.insights.claim import Maker, Reader
from retrieval.insights.making import make_insights, make_insights_of_facts, today_in
from retrieval.insights.rules import RulesReader
from retrieval.insights.store import Counts, Wanted
from tests.tools.desk import Desk
from tools.insights import InsightFilter, list_insights


class OtherRules(RulesReader):
    """The rules as a later version has them."""

    maker = Maker("rules", "2")


def account(desk: Desk, name: str = "Nordlicht") -> str:
    organization = desk.create("organization", name=name)
    made = desk.create("account", name=name, organization_id=organization["record_id"], status="customer")
    return made["record_id"]


def mail(desk: Desk, body: str, **fields: Any) -> str:
    """An inbound e-mail, unless the fields say otherwise."""
    told = {
        "kind": "email",
        "direction": "inbound",
        "subject": "A mail",
        "occurred_at": "2026-11-19T10:00:00Z",
        "body": body,
    }
    return desk.create("interaction", **{**told, **fields})["record_id"]


def infer(desk: Desk, reader: Reader | None = None, **wanted: Any) -> Counts:
    reader = reader or RulesReader()
    return make_insights(desk.database, Wanted(desk.who.tenant_id, reader.maker, **wanted), reader)


def infer_facts(desk: Desk) -> Counts:
    return make_insights_of_facts(desk.database, desk.who.tenant_id, today_in(desk.database, desk.who.time_zone))


def found(desk: Desk, *where: str, verdict: str = "all") -> list[dict[str, Any]]:
    return list_insights(desk.context, InsightFilter(where, verdict, limit=200))["insights"]


def statements(desk: Desk, *where: str, verdict: str = "all") -> list[str]:
    return sorted(each["statement"] for each in found(desk, *where, verdict=verdict))
