"""`GET /search/semantic`: what texts say, over REST."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.retrieval.search.indexed import index
from tests.web.conftest import Site

KEYS = {"kind", "record_id", "label", "snippet", "score", "vector_score", "text_score"}


@pytest.fixture(scope="module")
def kestrel(site: Site) -> Iterator[httpx.Client]:
    """A program that reads the smaller of the two companies, whose words are indexed."""
    index(site.db, site.db.sign_in("admin@kestrel.example"), None)
    with site.client("admin@kestrel.example") as client:
        yield client


def found(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/search/semantic", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_search_is_narrowed_by_kinds_and_filters(kestrel: httpx.Client) -> None:
    told = found(
        kestrel, q="wrong invoice", kind=["call", "note"], where=["tier = enterprise", "date >= 2026-01-01"], limit=2
    )
    assert {"results", "total", "truncated", "filters", "duration_ms"} <= told.keys()
    assert 0 < len(told["results"]) <= 2
    assert all(each.keys() >= KEYS for each in told["results"])
    assert {each["kind"] for each in told["results"]} <= {"interaction", "note"}
    assert told["filters"][1:] == ["tier = enterprise", "date >= 2026-01-01"]


def test_the_like_of_a_record_is_found(kestrel: httpx.Client) -> None:
    one = kestrel.get("/api/v1/records/opportunity", params={"limit": 1}).json()["items"][0]
    told = found(kestrel, similar_to=one["record_id"])
    assert {each["kind"] for each in told["results"]} == {"opportunity"}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 422),
        ({"q": " "}, 422),
        ({"q": "x", "kind": "deal"}, 422),
        ({"q": "x", "where": "colour = red"}, 422),
        ({"q": "x", "threshold": 3}, 422),
        ({"q": "x", "limit": 1000}, 422),
        ({"q": "x", "colour": "red"}, 422),
        ({"q": "x" * 20_000}, 422),
        ({"similar_to": "00000000-0000-7000-8000-000000000000"}, 404),
    ],
)
def test_a_wrong_search_is_a_problem_document(kestrel: httpx.Client, query: dict[str, str], status: int) -> None:
    answer = kestrel.get("/api/v1/search/semantic", params=query)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_nobody_searches_without_signing_in(site: Site) -> None:
    with site.visitor() as visitor:
        assert visitor.get("/api/v1/search/semantic", params={"q": "bill"}).status_code == 401
