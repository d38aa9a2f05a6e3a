"""`/api/v1/approvals`: what waits, shown and decided over HTTP, by who may and by nobody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx
import psycopg
import pytest

from evals import snapshot
from evals.snapshot import Snapshot
from tests.web.conftest import Site

promise = pytest.mark.promise

API = "/api/v1"
ADMIN, MANAGER, MEMBER, VIEWER = (f"{role}@brightwater.example" for role in ("admin", "manager", "member", "viewer"))
NAMES = (
    "Quay",
    "Tidal mill",
    "Lighthouse",
    "Signal buoy",
    "Drydock",
    "Capstan",
    "Windlass",
    "Bollard",
    "Fender",
    "Jetty",
    "Hawser",
    "Sluice",
)

_numbers = count()


@pytest.fixture(scope="module")
def decider(site: Site) -> Iterator[httpx.Client]:
    """A program that says by name that it decides."""
    with site.client(ADMIN, "*", "approval:write") as client:
        yield client


def rows(site: Site) -> Snapshot:
    with psycopg.connect(site.db.admin_url, autocommit=True) as admin:
        return snapshot.take(admin)


def waits(client: httpx.Client) -> dict[str, Any]:
    """The run of a request to delete an opportunity of the caller's own."""
    name = NAMES[next(_numbers)]
    body = {"fields": {"name": name}, "reason": "A test"}
    assert client.post(f"{API}/records/opportunity", json=body).status_code == 201
    result = client.post(f"{API}/ask", json={"prompt": f"delete the opportunity {name}"}).json()
    assert result["status"] == "needs_approval", result
    return result


def path_of(result: dict[str, Any], verb: str = "") -> str:
    return f"{API}/approvals/{result['proposals'][0]['approval_id']}{verb and '/' + verb}"


@promise("gate:human")
def test_a_proposal_is_shown_and_then_made_exactly_so(site: Site, decider: httpx.Client) -> None:
    result = waits(decider)
    before = rows(site)
    shown = decider.get(path_of(result)).json()
    listed = decider.get(f"{API}/approvals").json()
    assert shown["approval_id"] in [each["approval_id"] for each in listed["items"]]
    assert before.changed_keys(rows(site)) == {}
    answer = decider.post(path_of(result, "approve"))
    told = answer.json()
    assert (answer.status_code, told["approval"]["status"], told["run"]["status"]) == (200, "approved", "completed")
    done = [{name: change[name] for name in shown["changes"][0]} for change in told["changes"]]
    assert done == shown["changes"]
    again = decider.post(path_of(result, "approve"))
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")


@promise("gate:human")
def test_a_rejection_is_told_to_the_model_and_changes_nothing(site: Site, decider: httpx.Client) -> None:
    result = waits(decider)
    before = rows(site)
    told = decider.post(path_of(result, "reject"), json={"reason": "Not \x00 yet"}).json()
    assert (told["approval"]["status"], told["changes"], told["run"]["changes"]) == ("rejected", [], [])
    assert before.changed_keys(rows(site)) == {}


@promise("gate:human")
def test_a_rejection_needs_no_body(decider: httpx.Client) -> None:
    assert decider.post(path_of(waits(decider), "reject")).status_code == 200


@promise("gate:human")
@pytest.mark.parametrize("scopes", [("*",), ("*:write", "*:read"), ("approval:read",)], ids=str)
def test_a_models_token_does_not_open_the_gate(site: Site, decider: httpx.Client, scopes: tuple[str, ...]) -> None:
    result = waits(decider)
    with site.client(ADMIN, *scopes) as client:
        for verb in ("approve", "reject"):
            answer = client.post(path_of(result, verb))
            assert (answer.status_code, "approval:write" in answer.json()["detail"]) == (403, True)
    assert decider.get(path_of(result)).json()["status"] == "pending"


@promise("gate:human")
@promise("rights:user")
def test_others_do_not_see_it_and_managers_decide_it(site: Site) -> None:
    with (
        site.client(MEMBER, "*", "approval:write") as member,
        site.client(VIEWER, "*", "approval:write") as viewer,
        site.client(MANAGER, "*", "approval:write") as manager,
    ):
        result = waits(member)
        assert viewer.get(path_of(result)).status_code == 404
        assert viewer.post(path_of(result, "approve")).status_code == 404
        told = manager.post(path_of(result, "approve")).json()
        assert (told["approval"]["asked_by"], told["approval"]["decided_by"]) == (MEMBER, MANAGER)
        assert told["run"]["status"] == "completed"


@promise("tenant:sealed")
def test_another_tenants_proposal_is_not_found(site: Site, decider: httpx.Client) -> None:
    result = waits(decider)
    with site.client("admin@kestrel.example", "*", "approval:write") as stranger:
        for answer in (
            stranger.get(path_of(result)),
            stranger.post(path_of(result, "approve")),
            stranger.post(path_of(result, "reject")),
        ):
            assert answer.status_code == 404
        assert stranger.get(f"{API}/approvals?status=all").json()["total"] == 0


@promise("gate:human")
def test_eight_who_approve_at_once_approve_once(site: Site, decider: httpx.Client) -> None:
    result = waits(decider)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(decider.post, [path_of(result, "approve")] * 8))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    run = decider.get(f"{API}/runs/{result['run_id']}").json()
    assert len(run["changes"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/approvals?status=odd", 422),
        ("GET", "/approvals?limit=0", 422),
        ("GET", "/approvals?unknown=1", 422),
        ("GET", "/approvals/nonsense", 422),
        ("POST", "/approvals/01926796-0168-728e-8ce9-31e58c79314c/approve", 404),
    ],
)
def test_what_cannot_be_is_a_problem_document(decider: httpx.Client, method: str, path: str, status: int) -> None:
    answer = decider.request(method, API + path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_nobody_decides_without_saying_who(site: Site, decider: httpx.Client) -> None:
    result = waits(decider)
    with site.visitor() as visitor:
        assert visitor.post(path_of(result, "approve")).status_code == 401


@promise("gate:human")
def test_another_sites_page_does_not_decide_for_who_is_signed_in(site: Site, decider: httpx.Client) -> None:
    result = waits(decider)
    with site.person(ADMIN) as browser:
        assert browser.post(path_of(result, "approve")).status_code == 403
    assert decider.get(path_of(result)).json()["status"] == "pending"
