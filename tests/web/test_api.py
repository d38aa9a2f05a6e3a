"""The API as programs use it, over a real connection."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from schema.world import World
from tests.conftest import NOW
from tests.web.conftest import Site, running
from web.tokens import list_tokens, revoke_token

MEMBER = "member@brightwater.example"


def problem_of(response: httpx.Response) -> tuple[int, str]:
    """Status and kind of a problem document."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    told = response.json()
    assert told.keys() >= {"type", "title", "status", "detail", "kind"}
    assert told["status"] == response.status_code
    assert "Traceback" not in response.text
    return response.status_code, told["kind"]


def created(client: httpx.Client, kind: str, **fields: Any) -> str:
    response = client.post(f"/api/v1/records/{kind}", json={"fields": fields, "reason": "A test needs it"})
    assert response.status_code == 201, response.text
    return response.json()["record"]["record_id"]


def test_the_server_lives_and_is_ready(site: Site) -> None:
    with site.visitor() as visitor:
        assert visitor.get("/healthz").json() == {"status": "ok"}
        assert visitor.get("/readyz").json() == {"status": "ready", "model": "offline"}


def test_a_request_becomes_an_audited_change_and_is_undone(admin: httpx.Client) -> None:
    asked = admin.post("/api/v1/ask", json={"request": "Log a call with Maria Lopez: she wants the proposal by Friday"})
    result = asked.json()
    run = admin.get(f"/api/v1/runs/{result['run_id']}").json()
    logged = admin.get("/api/v1/audit", params={"run": result["run_id"]}).json()
    undone = admin.post(f"/api/v1/runs/{result['run_id']}/undo").json()

    assert (asked.status_code, result["status"], result["model"]) == (200, "completed", "offline")
    assert [(each["action"], each["kind"]) for each in result["changes"]] == [("create", "interaction")]
    assert (run["answer"], run["changes"]) == (result["answer"], result["changes"])
    assert [each["change_id"] for each in logged["items"]] == [each["change_id"] for each in result["changes"]]
    assert logged["items"][0]["via_agent"] is True
    assert len(undone["undone"]) == 1


def test_a_record_goes_through_its_life(admin: httpx.Client) -> None:
    record = f"/api/v1/records/task/{created(admin, 'task', title='Ring them 🔔', priority='low')}"
    patched = admin.patch(record, json={"fields": {"priority": "high"}, "reason": "It is urgent", "if_version": 1})
    stale = admin.patch(record, json={"fields": {"priority": "low"}, "reason": "It is not", "if_version": 1})
    deleted = admin.delete(record, params={"reason": "Done by phone"})
    gone = admin.get(record)
    restored = admin.post(f"{record}/restore", json={"reason": "Not done after all"})
    timeline = admin.get(f"{record}/timeline").json()
    change_id = patched.json()["changes"][0]
    change = admin.get(f"/api/v1/audit/{change_id}").json()
    undone = admin.post(f"/api/v1/changes/{change_id}/undo", json={"reason": "No"}).json()

    assert patched.json()["changed"] == ["priority"]
    assert problem_of(stale) == (409, "conflict")
    assert (deleted.status_code, problem_of(gone)) == (200, (404, "not_found"))
    assert restored.json()["record"]["fields"]["title"] == "Ring them 🔔"
    assert timeline["total"] == len(timeline["items"]) == 4
    assert (change["before"], change["after"]) == ({"priority": "low"}, {"priority": "high"})
    assert (change["via_agent"], change["run_id"], change["reason"]) == (False, None, "It is urgent")
    assert undone["undone"][0]["fields"] == ["priority"]
    assert admin.get(record).json()["record"]["fields"]["priority"] == "low"


def test_duplicates_become_one_record_and_two_again(admin: httpx.Client) -> None:
    keep, other = (created(admin, "organization", name=name) for name in ("Quillfeather One", "Pennyworth Two"))
    account = created(admin, "account", name="Pennyworth account", organization_id=other)
    merged = admin.post(f"/api/v1/records/organization/{keep}/merge", json={"other_ids": [other]})
    named = admin.get(f"/api/v1/records/account/{account}").json()["record"]["fields"]["organization_id"]
    gone = admin.get(f"/api/v1/records/organization/{other}")
    wrong = admin.post(f"/api/v1/records/contact/{keep}/merge", json={"other_ids": [other]})
    itself = admin.post(f"/api/v1/records/organization/{keep}/merge", json={"other_ids": [keep]})
    undone = admin.post(f"/api/v1/changes/{merged.json()['changes'][0]}/undo")

    assert (merged.status_code, merged.json()["moved"], named) == (200, {"accounts": 1}, keep)
    assert problem_of(gone) == (404, "not_found")
    assert keep in gone.json()["detail"]
    assert (problem_of(wrong), problem_of(itself)) == ((404, "not_found"), (422, "invalid"))
    assert sorted(each["action"] for each in undone.json()["undone"]) == ["restore", "update"]
    assert admin.get(f"/api/v1/records/organization/{other}").status_code == 200


@pytest.mark.promise("nothing-hidden")
def test_pages_of_records_leave_nothing_out(admin: httpx.Client) -> None:
    pages: list[str] = []
    query: dict[str, Any] = {"where": ["stage in (proposal, negotiation)", "amount > 1000"], "limit": 20}
    while True:
        page = admin.get("/api/v1/records/opportunity", params=query).json()
        pages += [each["record_id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert len(pages) == len(set(pages)) == page["total"] > 20


def test_an_order_holds_across_pages(admin: httpx.Client) -> None:
    query = {"order": "amount desc", "limit": 30}
    first = admin.get("/api/v1/records/opportunities", params=query).json()
    second = admin.get("/api/v1/records/opportunities", params={**query, "cursor": first["next_cursor"]}).json()
    amounts = [float(each["fields"]["amount"]) for page in (first, second) for each in page["items"]]

    assert amounts == sorted(amounts, reverse=True)
    assert len({each["record_id"] for page in (first, second) for each in page["items"]}) == 60


@pytest.mark.promise("twin:found")
def test_a_twin_is_a_conflict_that_shows_it(admin: httpx.Client) -> None:
    body = {"fields": {"name": "Solvento Energy"}, "reason": "Test"}
    refused = admin.post("/api/v1/records/organization", json=body)

    assert problem_of(refused) == (409, "conflict")
    assert [twin["label"] for twin in refused.json()["twins"]] == ["Solvento Energy"]
    assert admin.post("/api/v1/records/organization", json={**body, "create_anyway": True}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "options", "expected"),
    [
        ("GET", "/api/v1/records/unicorn", {}, (404, "not_found")),
        ("GET", "/api/v1/records/note/00000000-0000-7000-8000-000000000000", {}, (404, "not_found")),
        ("GET", "/api/v1/records/note/nonsense", {}, (422, "invalid")),
        ("GET", "/api/v1/records/note?colour=red", {}, (422, "invalid")),
        ("GET", "/api/v1/records/note?where=colour%20%3D%20red", {}, (422, "invalid")),
        ("GET", "/api/v1/records/note?cursor=nonsense", {}, (422, "invalid")),
        ("GET", "/api/v1/records/note?limit=100000", {}, (422, "invalid")),
        ("GET", "/api/v1/audit?cursor=nonsense", {}, (422, "invalid")),
        ("GET", "/api/v1/audit/00000000-0000-7000-8000-000000000000", {}, (404, "not_found")),
        ("GET", "/api/v1/runs/00000000-0000-7000-8000-000000000000", {}, (404, "not_found")),
        ("POST", "/api/v1/runs/00000000-0000-7000-8000-000000000000/undo", {}, (404, "not_found")),
        ("POST", "/api/v1/records/note", {"json": {"fields": {"colour": "red"}, "reason": "x"}}, (422, "invalid")),
        ("POST", "/api/v1/records/note", {"json": {"fields": {"body": "no reason"}}}, (422, "invalid")),
        ("POST", "/api/v1/records/note", {"content": b"{"}, (422, "invalid")),
        ("POST", "/api/v1/ask", {"json": {"request": ""}}, (422, "invalid")),
        ("POST", "/api/v1/ask", {"json": {"request": "a\0b"}}, (422, "invalid")),
        ("POST", "/api/v1/ask", {"content": b'{"request": "\\ud800"}'}, (422, "invalid")),
        ("POST", "/api/v1/ask", {"json": {"request": "x" * 40_000}}, (413, "limit")),
        ("POST", "/api/v1/ask", {"json": {"request": "hello", "model": "openai:gpt"}}, (422, "invalid")),
        ("POST", "/api/v1/ask", {"content": b"x" * 2_000_000}, (413, "limit")),
        ("POST", "/api/v1/ask", {"content": iter([b"x" * 600_000, b"x" * 600_000])}, (413, "limit")),
        ("PUT", "/api/v1/ask", {}, (405, "invalid")),
        ("GET", "/nowhere", {}, (404, "not_found")),
    ],
)
def test_what_cannot_be_done_is_a_problem_document(
    admin: httpx.Client, method: str, path: str, options: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert problem_of(admin.request(method, path, **options)) == expected


@pytest.mark.parametrize(
    ("headers", "content", "says"),
    [
        ({"Content-Type": "application/json"}, b"{bad", "its body is no JSON, from character 1 on"),
        ({"Content-Type": "application/json"}, b"[]", "its body must be a JSON object, sent as application/json"),
        ({}, b'{"fields": {}}', "its body must be a JSON object, sent as application/json"),
    ],
)
def test_a_body_that_does_not_fit_is_told_how(
    admin: httpx.Client, headers: dict[str, str], content: bytes, says: str
) -> None:
    response = admin.post("/api/v1/records/note", content=content, headers=headers)

    assert response.json()["detail"] == f"The request does not fit: {says}."


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer crm_nonsense"}, {"Authorization": "Basic YTpi"}])
@pytest.mark.parametrize("path", ["records/note", "audit", "runs", "ask"])
def test_nothing_is_told_to_strangers(site: Site, header: dict[str, str], path: str) -> None:
    with site.visitor() as visitor:
        method = "POST" if path == "ask" else "GET"
        refused = visitor.request(method, f"/api/v1/{path}", headers=header, json={"request": "list notes"})

    assert problem_of(refused) == (401, "unauthenticated")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.promise("rights:user")
@pytest.mark.parametrize(
    ("email", "scopes", "allowed"),
    [
        ("admin@brightwater.example", (), True),
        (MEMBER, (), True),
        (MEMBER, ("note:write", "note:read"), True),
        (MEMBER, ("*:read",), False),
        (MEMBER, ("task:write",), False),
        ("viewer@brightwater.example", (), False),
        ("viewer@brightwater.example", ("*",), False),
    ],
)
def test_a_token_does_what_both_scopes_and_role_allow(
    site: Site, email: str, scopes: tuple[str, ...], allowed: bool
) -> None:
    with site.client(email, *scopes) as client:
        response = client.post("/api/v1/records/note", json={"fields": {"body": "Hi"}, "reason": "Test"})

    assert response.status_code == 201 if allowed else problem_of(response) == (403, "denied")


@pytest.mark.promise("rights:user")
def test_an_agent_does_no_more_than_the_token_it_was_asked_with(site: Site) -> None:
    with site.client(MEMBER, "*:read") as client:
        result = client.post("/api/v1/ask", json={"request": "add a note to Maria Lopez: hello"}).json()

    assert result["changes"] == []
    assert {call["outcome"] for call in result["tool_calls"] if call["effect"] == "write"} <= {"denied"}


def test_a_token_that_was_withdrawn_is_refused(site: Site) -> None:
    who = site.db.sign_in("daniel.okafor@brightwater.example")
    with site.client(who.email, expires_at=NOW + timedelta(days=1)) as client:
        before = client.get("/api/v1/records/note")
        revoke_token(site.db, who, str(list_tokens(site.db, who)[0]["token_id"]))
        after = client.get("/api/v1/records/note")

    assert before.status_code == 200
    assert problem_of(after) == (401, "unauthenticated")


def test_a_token_ends_when_it_was_to(site: Site) -> None:
    with site.client(MEMBER, expires_at=NOW + timedelta(days=1)) as client:
        later = replace(site.service, world=World.fixed(NOW + timedelta(days=2)))
        later = replace(later, db=replace(site.db, world=later.world))
        with running(later) as url:
            refused = client.get(f"{url}/api/v1/records/note")

    assert problem_of(refused) == (401, "unauthenticated")


@pytest.mark.promise("tenant:sealed")
def test_nothing_of_another_tenant_is_reached(site: Site, admin: httpx.Client) -> None:
    ours = admin.get("/api/v1/records/account", params={"limit": 1}).json()["items"][0]["record_id"]
    change = admin.get("/api/v1/audit", params={"limit": 1}).json()["items"][0]["change_id"]
    run = admin.post("/api/v1/ask", json={"request": "show Solvento Energy"}).json()["run_id"]
    with site.client("admin@kestrel.example") as kestrel:
        answers = [
            kestrel.get(f"/api/v1/records/account/{ours}"),
            kestrel.patch(f"/api/v1/records/account/{ours}", json={"fields": {"tier": "smb"}, "reason": "x"}),
            kestrel.delete(f"/api/v1/records/account/{ours}"),
            kestrel.get(f"/api/v1/audit/{change}"),
            kestrel.post(f"/api/v1/changes/{change}/undo"),
            kestrel.get(f"/api/v1/runs/{run}"),
            kestrel.post(f"/api/v1/runs/{run}/undo"),
        ]

    assert [problem_of(answer) for answer in answers] == [(404, "not_found")] * len(answers)


def test_a_member_sees_their_own_runs_and_a_manager_all(site: Site, admin: httpx.Client) -> None:
    run_id = admin.post("/api/v1/ask", json={"request": "show Solvento Energy"}).json()["run_id"]
    with site.client(MEMBER) as member, site.client("manager@brightwater.example") as manager:
        own = member.post("/api/v1/ask", json={"request": "show Solvento Energy"}).json()["run_id"]
        listed = {each["run_id"] for each in member.get("/api/v1/runs").json()["items"]}
        everybodys = {each["run_id"] for each in manager.get("/api/v1/runs").json()["items"]}
        refused = member.get(f"/api/v1/runs/{run_id}")

    assert own in listed
    assert run_id not in listed
    assert {own, run_id} <= everybodys
    assert problem_of(refused) == (404, "not_found")


def test_the_documentation_loads_nothing_from_elsewhere(site: Site) -> None:
    with site.visitor() as visitor:
        page = visitor.get("/docs")
        assets = ["/docs/assets/swagger-ui-bundle.js", "/docs/assets/swagger-ui.css", "/ui/static/docs.js"]
        found = [visitor.get(path).status_code for path in assets]
        paths = visitor.get("/openapi.json").json()["paths"]

    assert found == [200, 200, 200]
    assert all(path in page.text for path in assets)
    assert "//" not in page.text.replace("</", "")
    assert {"/api/v1/ask", "/api/v1/records/{kind}", "/api/v1/audit", "/readyz"} <= paths.keys()
