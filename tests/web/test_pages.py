"""The page as a browser has it: signing in, asking, and what other sites' pages cannot do."""

import re

import httpx
import pytest

from schema.demo import DEMO_PASSWORD
from tests.web.conftest import Site, csrf_of, running
from tests.web.test_api import problem_of
from web.attempts import MOST, Attempts
from web.service import Service, session_key

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
