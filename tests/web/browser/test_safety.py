"""What people and models wrote never runs, and an open page asks each time who its visitor is."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.browser.window import ADMIN, DEAL, MOVE, QUESTION, Opener, rows_of, stage_of
from tests.web.conftest import Site


def test_what_people_wrote_is_text_and_never_runs(open_window: Opener) -> None:
    text = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    window = open_window()
    window.sign_in()
    article = window.ask(f"Add a note to Maria Lopez: {text}")
    article.locator("details.call summary").last.click()
    body = rows_of(article)["body"]
    window.page.reload()
    again = rows_of(window.answered())["body"]

    assert body == again == ("–", text)
    assert window.page.locator(".turns script, .turns img").count() == 0
    assert window.page.evaluate("window.ran") is None


def test_what_a_model_says_loads_nothing_and_leads_nowhere(open_window: Opener, scripted_url: str) -> None:
    window = open_window(at=scripted_url)
    window.sign_in()
    article = window.ask("Say something nasty")
    article.locator("details.reasoning summary").click()
    window.ask("Call something nasty")
    window.page.reload()
    window.answered()

    assert window.page.locator(".turns script, .turns img, .turns a, .turns b, .turns [style]").count() == 0
    expect(window.page.get_by_text("here (https://evil.example/?q=secret)")).to_be_visible()
    assert window.page.evaluate("window.ran") is None


INTRUDE = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = 1";
    document.body.append(script);
}"""


@pytest.mark.parametrize("is_signed_in", [False, True], ids=["sign-in page", "conversation"])
def test_a_script_that_got_into_the_page_would_not_run(open_window: Opener, is_signed_in: bool) -> None:
    window = open_window()
    if is_signed_in:
        window.sign_in()
        window.ask("who is Maria Lopez")
    window.page.evaluate(INTRUDE)
    ran = window.page.evaluate("new Promise((told) => setTimeout(() => told(window.ran), 100))")
    complaints = list(window.complaints)
    window.complaints.clear()

    assert ran is None
    assert complaints
    assert all("Content Security Policy" in complaint for complaint in complaints)


@pytest.mark.promise("rights:user")
def test_an_open_page_does_nothing_more_for_whoever_signed_out(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask(MOVE)
    other = window.page.context.new_page()
    other.goto(window.page.url)
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    article.get_by_role("button", name="Undo this change").click()
    expect(article.locator(".undo").get_by_role("status")).to_have_text("You are signed out; sign in again.")
    window.page.get_by_label(QUESTION).fill("Move Solvento grid analytics to won")
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("heading", name="Sign in")).to_be_visible()
    stayed = stage_of(site, DEAL)
    with site.client(ADMIN) as admin:
        runs = {
            run["prompt"]: run["run_id"] for run in admin.get("/api/v1/runs", params={"limit": 200}).json()["items"]
        }
        admin.post(f"/api/v1/runs/{runs[MOVE]}/undo")

    assert stayed == "negotiation"
    assert "Move Solvento grid analytics to won" not in runs


@pytest.mark.promise("rights:user")
def test_a_viewer_can_look_and_change_nothing(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in("viewer")
    article = window.ask(MOVE)

    expect(article.locator("details.call .state").last).to_contain_text(re.compile("not allowed|failed"))
    expect(article.locator(".change")).to_have_count(0)
    assert stage_of(site, DEAL) == "proposal"


def test_two_people_in_one_browser_see_their_own(open_window: Opener) -> None:
    first, second = open_window(), open_window()
    first.sign_in("admin")
    second.sign_in("member")
    first.ask("who is Maria Lopez")
    second.page.reload()

    expect(second.page.get_by_role("article")).to_have_count(0)
    expect(second.page.get_by_role("navigation", name="Conversations")).not_to_contain_text("who is Maria Lopez")


def test_signing_out_leads_back_to_the_form(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    window.page.get_by_role("button", name="Sign out").click()

    expect(window.page.get_by_role("heading", name="Sign in")).to_be_visible()
    window.page.reload()
    expect(window.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_one_sentence(open_window: Opener) -> None:
    window = open_window()
    window.page.get_by_label("E-mail", exact=True).fill(ADMIN)
    window.page.get_by_label("Password").fill("wrong")
    window.page.get_by_role("button", name="Sign in").click()

    expect(window.page.get_by_role("alert")).to_have_text("E-mail and password do not go together.")
    assert all("401" in complaint for complaint in window.complaints)
    window.complaints.clear()
