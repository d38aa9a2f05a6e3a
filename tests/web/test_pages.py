"""The page as a browser has it: signing in, asking, and what other sites' pages cannot do."""

import re
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from schema.demo import DEMO_PASSWORD
from schema.identity import Identity
from tests.web.conftest import Site, csrf_of, running
from tests.web.test_api import problem_of
from web.attempts import MOST, Attempts
from web.service import Service, session_key
from web.sessions import SESSION_SECONDS, Sessions, begin_session

ADMIN = "admin@brightwater.example"


def sign_in(browser: httpx.Client, email: str, password: str, **more: str) -> httpx.Response:
    form = {"email": email, "password": password, "csrf": csrf_of(browser), **more}
    return browser.post("/ui/sign-in", data=form)


def test_the_root_leads_to_the_page(site: Site) -> None:
    with site.visitor() as visitor:
        assert visitor.get("/").headers["Location"] == "/ui"
        assert "<h1>Sign in</h1>" in visitor.get("/ui").text


def test_a_person_signs_in_asks_undoes_and_signs_out(site: Site) -> None:
    with site.person(ADMIN) as browser:
        page = browser.get("/ui")
        csrf = {"X-CSRF-Token": csrf_of(browser)}
        asked = browser.post("/api/v1/ask", json={"request": "add a note to Maria Lopez: hello"}, headers=csrf).json()
        undone = browser.post(f"/api/v1/runs/{asked['run_id']}/undo", json={}, headers=csrf).json()
        browser.post("/ui/sign-out", data={"csrf": csrf_of(browser)})
        after = browser.get("/api/v1/runs")

    assert "Amelie Brandt, admin at Brightwater" in page.text
    assert "model is offline" in page.text
    assert [each["action"] for each in asked["changes"]] == ["create"]
    assert len(undone["undone"]) == 1
    assert problem_of(after) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (ADMIN, "wrong"),
        ("nobody@nowhere.example", DEMO_PASSWORD),
        ("oliver.weiss@brightwater.example", DEMO_PASSWORD),
        ("a\0b@brightwater.example", DEMO_PASSWORD),
    ],
    ids=["wrong password", "unknown", "disabled", "null byte"],
)
def test_all_that_fails_at_signing_in_looks_the_same(site: Site, email: str, password: str) -> None:
    with site.visitor() as browser:
        refused = sign_in(browser, email, password)

    assert refused.status_code == 401
    assert "E-mail and password do not go together." in refused.text


def test_guessing_passwords_is_slowed_down() -> None:
    now = 0.0
    attempts = Attempts(clock=lambda: now)
    for _ in range(MOST):
        attempts.check(ADMIN)
        attempts.failed(ADMIN)

    with pytest.raises(Exception, match="Too many sign-ins"):
        attempts.check(ADMIN)
    attempts.check("somebody.else@brightwater.example")
    now = 301.0
    attempts.check(ADMIN)


def test_another_sites_page_cannot_make_changes(site: Site) -> None:
    with site.person(ADMIN) as browser:
        note = {"fields": {"body": "Hi"}, "reason": "Test"}
        answers = [
            browser.post("/api/v1/records/note", json=note),
            browser.post("/api/v1/records/note", json=note, headers={"X-CSRF-Token": "guessed"}),
            browser.post("/ui/sign-out", data={"csrf": "guessed"}),
        ]
        still_in = browser.get("/ui").text

    assert [problem_of(answer) for answer in answers] == [(403, "denied")] * 3
    assert "Sign out" in still_in


def test_signing_in_from_another_site_is_refused(site: Site) -> None:
    with site.visitor() as browser:
        refused = browser.post("/ui/sign-in", data={"email": ADMIN, "password": DEMO_PASSWORD, "csrf": "guessed"})

    assert refused.status_code == 401
    assert "reload" in refused.text


def test_a_name_that_points_here_from_elsewhere_is_not_served(site: Site) -> None:
    with site.visitor() as browser:
        assert browser.get("/ui", headers={"Host": "evil.example"}).status_code == 400


def test_browsers_are_told_to_be_strict(site: Site) -> None:
    with site.visitor() as browser:
        page = browser.get("/ui")
        cookie = page.headers["Set-Cookie"].lower()
        policy = page.headers["Content-Security-Policy"]

    assert all(flag in cookie for flag in ("httponly", "samesite=lax"))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"<script(?! src)|\son\w+=|<style|javascript:|style=", page.text) is None
    assert page.headers["Cache-Control"] == "no-store"


def client_id_of(browser: httpx.Client) -> str:
    """The id of a page just opened, which its socket must name."""
    found = re.search(r"'client_id': '([^']+)'", browser.get("/ui").text)
    assert found is not None
    return found[1]


def socket_of(browser: httpx.Client, client_id: str | None, **headers: str) -> int:
    """The status of the socket's first request."""
    query = {"EIO": "4", "transport": "polling"} | ({"client_id": client_id} if client_id else {})
    return browser.get("/ui/_nicegui_ws/socket.io/", params=query, headers=headers).status_code


@pytest.mark.parametrize("path", ["/ui", "/ui/records/account/01926796-0168-728e-8ce9-31e58c79314c"])
def test_a_page_behind_the_sign_in_runs_its_own_scripts_alone(site: Site, path: str) -> None:
    with site.person(ADMIN) as browser:
        pages = [browser.get(path) for _ in range(2)]
    policies = [page.headers["Content-Security-Policy"] for page in pages]
    nonces = [re.findall(r"'nonce-([^']+)'", policy) for policy in policies]
    tags = re.findall(r"<(?:script|style)\b[^>]*>", pages[0].text)

    assert all("unsafe" not in policy and "default-src 'none'" in policy for policy in policies)
    assert all("frame-ancestors 'none'" in policy and "connect-src 'self'" in policy for policy in policies)
    assert len(set(nonces[0])) == len(set(nonces[1])) == 1
    assert nonces[0][0] != nonces[1][0]
    assert tags
    assert all(f'nonce="{nonces[0][0]}"' in tag for tag in tags)
    assert re.search(r"<[a-z]+ [^>]*\s(on\w+|style)=", pages[0].text) is None
    assert re.search(r"https?://(?!127\.0\.0\.1)", re.sub(r"http://www\.w3\.org/\S+", "", pages[0].text)) is None
    assert pages[0].headers["Cache-Control"] == "no-store"


def test_nobody_sees_a_page_without_signing_in(site: Site) -> None:
    with site.visitor() as visitor:
        for path in ("/ui", "/ui/", "/ui/records/account/01926796-0168-728e-8ce9-31e58c79314c", "/ui/nonsense"):
            shown = visitor.get(path)
            assert "<h1>Sign in</h1>" in shown.text
            assert "nicegui" not in shown.text
        assert socket_of(visitor, None) == 401
        asset = visitor.get("/ui/_nicegui/3.18.0/static/nicegui.js")

    assert asset.status_code == 200
    assert "max-age" in asset.headers["Cache-Control"]


@pytest.mark.promise("tenant:sealed")
def test_a_socket_belongs_to_the_page_that_its_own_visitor_opened(site: Site) -> None:
    with (
        site.person(ADMIN) as browser,
        site.person("member@brightwater.example") as colleague,
        site.person("admin@kestrel.example") as stranger,
    ):
        client_id = client_id_of(browser)
        refused = [socket_of(other, client_id) for other in (colleague, stranger)]
        elsewhere = socket_of(browser, client_id, Origin="https://evil.example")
        nameless = socket_of(browser, None)
        own = socket_of(browser, client_id, Origin=site.url)

    assert (refused, elsewhere, nameless, own) == ([401, 401], 401, 401, 200)


@pytest.mark.promise("tenant:sealed")
def test_a_conversation_is_its_persons_own(site: Site) -> None:
    with site.client(ADMIN) as admin:
        asked = admin.post("/api/v1/ask", json={"request": "who is Maria Lopez"}).json()
    path = f"/ui?conversation={asked['conversation_id']}"
    with site.person(ADMIN) as browser:
        own = browser.get(path).text
    for other in ("member@brightwater.example", "admin@kestrel.example"):
        with site.person(other) as browser:
            shown = browser.get(path).text
            assert "You have no such conversation." in shown
            assert "Maria Lopez" not in shown.replace("Log a call with Maria Lopez", "")

    assert own.count("who is Maria Lopez") >= 2


@pytest.mark.promise("tenant:sealed")
def test_a_record_is_shown_to_those_who_may_read_it(site: Site) -> None:
    with site.client(ADMIN) as admin:
        record = admin.get("/api/v1/records/account", params={"limit": 1}).json()["items"][0]
    shown: dict[str, str] = {}
    for who in (ADMIN, "viewer@brightwater.example", "admin@kestrel.example"):
        with site.person(who) as browser:
            shown[who] = browser.get(f"/ui/records/account/{record['record_id']}").text
    with site.person(ADMIN) as browser:
        mistaken = browser.get(f"/ui/records/contact/{record['record_id']}").text
        nonsense = browser.get("/ui/records/account/nonsense")

    assert record["label"] in shown[ADMIN]
    assert record["label"] in shown["viewer@brightwater.example"]
    assert record["label"] not in shown["admin@kestrel.example"]
    assert "There is no contact with this id." in mistaken
    assert nonsense.status_code == 200


def test_signing_out_ends_the_session_wherever_its_cookie_went(site: Site) -> None:
    with site.person(ADMIN) as browser, site.visitor() as copy:
        copy.cookies.update(browser.cookies)
        client_id = client_id_of(copy)
        before = (socket_of(copy, client_id), copy.get("/api/v1/runs").status_code)
        browser.post("/ui/sign-out", data={"csrf": csrf_of(browser)})
        after = (socket_of(copy, client_id), copy.get("/api/v1/runs").status_code)
        page = copy.get("/ui").text

    assert (before, after) == ((200, 200), (401, 401))
    assert "<h1>Sign in</h1>" in page


def test_a_session_ends_by_itself_after_half_a_day() -> None:
    now = time.time()
    session: dict[str, Any] = {}
    begin_session(session, somebody())

    assert Sessions(clock=lambda: now).is_open(session)
    assert not Sessions(clock=lambda: now + SESSION_SECONDS + 1).is_open(session)
    assert not Sessions(clock=lambda: now).is_open({})


def somebody() -> Identity:
    return Identity(
        tenant_id=uuid4(), tenant_slug="t", tenant_name="T", user_id=uuid4(), email="a@t.example", name="A", role="admin",
        team_id=None, time_zone="UTC", currency="EUR", fiscal_year_start_month=1,
    )  # fmt: skip


def test_what_people_wrote_is_escaped(site: Site) -> None:
    with site.visitor() as browser:
        refused = sign_in(browser, '"><script>alert(1)</script>', "x", tenant="<b>")

    assert "<script>alert" not in refused.text


@pytest.mark.parametrize(("host", "has_demo", "offered"), [("127.0.0.1", False, False), ("0.0.0.0", True, False)])
def test_the_demo_is_offered_to_this_machine_alone(site: Site, host: str, has_demo: bool, offered: bool) -> None:
    known = site.service
    elsewhere = Service.open(known.settings, known.world, known.db, host=host, has_demo=has_demo)
    with running(elsewhere) as url, httpx.Client(base_url=url) as browser:
        text = browser.get("/ui").text
    with site.visitor() as browser:
        here = browser.get("/ui").text

    assert (DEMO_PASSWORD in text) is offered
    assert DEMO_PASSWORD in here
    assert "This is the demo company" in here


def test_the_session_key_is_for_one_users_eyes(site: Site) -> None:
    home = site.service.settings.home
    key = session_key(home)

    assert (home / "session.key").stat().st_mode & 0o777 == 0o600
    assert session_key(home) == key
    assert len(key) >= 32
