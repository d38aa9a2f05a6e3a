"""Insights over REST: listed with their evidence, verified and rejected by people alone."""

from typing import Any

import httpx
import pytest

from retrieval.insights.making import make_insights, make_insights_of_facts, today_in
from retrieval.insights.rules import RULES, RulesReader
from retrieval.insights.store import Wanted
from tests.web.conftest import Site


@pytest.fixture(scope="module", autouse=True)
def inferred(site: Site) -> None:
    who = site.db.sign_in("admin@brightwater.example")
    make_insights(site.db, Wanted(who.tenant_id, RULES), RulesReader(), limit=200)
    make_insights_of_facts(site.db, who.tenant_id, today_in(site.db, who.time_zone))


def listed(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/insights", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_insights_are_listed_page_by_page(admin: httpx.Client) -> None:
    first = listed(admin, kind="sentiment", limit=3)
    rest = listed(admin, kind="sentiment", limit=200, cursor=first["next_cursor"])
    assert len(first["items"]) == 3
    assert len(rest["items"]) + 3 == first["total"] == rest["total"]
    for each in first["items"]:
        assert each["kind"] == "sentiment"
        assert each["is_inferred"] is True
        assert each["evidence"][0]["quote"]
        assert (each["model"], each["verified_by_user"]) == ("rules", None)


def test_filters_are_those_of_every_list(admin: httpx.Client) -> None:
    found = listed(admin, where=["statement = negative", "confidence >= 0.8"])["items"]
    assert {each["statement"] for each in found} == {"negative"}
    assert all(each["confidence"] >= 0.8 for each in found)
    for wrong in ({"where": ["colour = red"]}, {"verdict": "maybe"}, {"limit": 0}, {"colour": "red"}):
        assert admin.get("/api/v1/insights", params=wrong).status_code == 422


def test_a_person_says_yes_and_no(site: Site, admin: httpx.Client) -> None:
    right, wrong = (each["insight_id"] for each in listed(admin, limit=2)["items"])
    with site.person("member@brightwater.example") as browser:
        refused = browser.post(f"/api/v1/insights/{right}/verify", json={"verified": True})
        assert refused.status_code == 403
    assert admin.post(f"/api/v1/insights/{right}/verify", json={"verified": True}).json()["change_id"]
    told = admin.post(f"/api/v1/insights/{wrong}/verify", json={"verified": False}).json()
    assert told["insight"]["verified_by_user"] is False
    assert told["insight"]["verified_by"] == "admin@brightwater.example"
    assert [each["insight_id"] for each in listed(admin, verdict="rejected")["items"]] == [wrong]
    assert admin.get(f"/api/v1/insights/{right}").json()["verified_by_user"] is True
    change = admin.get(f"/api/v1/audit/{told['change_id']}").json()
    assert change["before"]["insights"][0].get("verified_by_user") is None
    assert change["after"]["insights"][0]["verified_by_user"] is False


def test_a_token_that_may_not_read_what_an_insight_rests_on_does_not_see_it(site: Site, admin: httpx.Client) -> None:
    found = listed(admin, limit=200, where=["record_kind != interaction"])["items"]
    insight = next(each for each in found if each["evidence"] and each["evidence"][0]["kind"] != each["record_kind"])
    path, kind = f"/api/v1/insights/{insight['insight_id']}", f"{insight['record_kind']}:read"
    with site.client("admin@brightwater.example", kind) as narrow:
        assert narrow.get(path).status_code == 404
        seen = listed(narrow, limit=200)["items"]
    assert {each["record_kind"] for each in seen} == {insight["record_kind"]}
    assert {passage["kind"] for each in seen for passage in each["evidence"]} == {insight["record_kind"]}
    with site.client("admin@brightwater.example", kind, f"{insight['evidence'][0]['kind']}:read") as wider:
        assert wider.get(path).json() == insight


def test_who_may_not_change_records_may_not_verify(site: Site, admin: httpx.Client) -> None:
    insight = listed(admin, limit=1, verdict="unverified")["items"][0]["insight_id"]
    with site.client("viewer@brightwater.example", "*") as viewer:
        assert viewer.get(f"/api/v1/insights/{insight}").status_code == 200
        assert viewer.post(f"/api/v1/insights/{insight}/verify", json={"verified": True}).status_code == 403
    for body in ({}, {"verified": None}, {"verified": "perhaps"}, {"verified": True, "why": "so"}):
        assert admin.post(f"/api/v1/insights/{insight}/verify", json=body).status_code == 422
    unknown = "01a1f84a-95c0-7f2b-9cf4-bb9e0d0c23aa"
    assert admin.post(f"/api/v1/insights/{unknown}/verify", json={"verified": True}).status_code == 404
    with site.visitor() as visitor:
        assert visitor.get("/api/v1/insights").status_code == 401
