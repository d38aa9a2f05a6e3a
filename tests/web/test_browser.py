"""The page in a real browser before a real `crm-agent serve`; every test also proves that nothing leaves the machine."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, ViewportSize, expect
from psycopg.conninfo import conninfo_to_dict

from schema.embedded_place import AdminUrl
from tests.commands.conftest import named
from tests.commands.terminal import Terminal
from tests.conftest import NOW
from tests.web.chromium import chromium
from tests.web.conftest import Site

ADMIN = "admin@brightwater.example"
DESK = ViewportSize(width=1000, height=800)
PHONE = ViewportSize(width=360, height=740)
LONGEST_WAIT = 15_000
"""Milliseconds: a busy machine is no failure."""
READABLE = 4.5
"""The least contrast of text, WCAG 2.2 success criterion 1.4.3."""

Scheme = Literal["light", "dark"]
Opener = Callable[..., "Window"]


@dataclass(frozen=True)
class Window:
    """A page that nobody has signed in to, and what its browser complained of."""

    page: Page
    complaints: list[str]

    def sign_in(self) -> None:
        self.page.get_by_role("button", name="admin").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def ask(self, request: str) -> Locator:
        """The article with what came of it."""
        self.page.get_by_label("What do you want to know or to change?").fill(request)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        return self.answered()

    def answered(self) -> Locator:
        newest = self.page.get_by_role("article").first
        expect(newest.get_by_text(re.compile("· offline ·"))).to_be_visible()
        return newest

    def tab_to(self, wanted: Locator) -> None:
        """Presses Tab as often as it takes."""
        for _ in range(30):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("each => each === document.activeElement"):
                return
        pytest.fail(f"Tab never reaches {wanted}")


@pytest.fixture(scope="module")
def url(site: Site, admin_url: AdminUrl) -> Iterator[str]:
    """A server process on the module's database."""
    terminal = Terminal(
        {
            "CRM_AGENT_HOME": str(site.service.settings.home),
            "CRM_AGENT_DATABASE_URL": named(admin_url, str(conninfo_to_dict(site.db.admin_url)["dbname"])),
            "CRM_AGENT_NOW": NOW.isoformat(),
            "CRM_AGENT_MODEL": "offline",
        }
    )
    with terminal.serving("--port", "0") as (_, said):
        yield said["url"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=LONGEST_WAIT)
    with chromium() as running:
        yield running


@pytest.fixture
def open_window(browser: Browser, url: str) -> Iterator[Opener]:
    """Opens the page as somebody new; at the end nothing may have been complained of, or asked of another machine."""
    windows: list[Window] = []
    hosts: set[str | None] = set()

    def opened(viewport: ViewportSize = DESK, scheme: Scheme = "light") -> Window:
        page = browser.new_page(viewport=viewport, color_scheme=scheme)
        page.set_default_timeout(LONGEST_WAIT)
        window = Window(page, [])
        windows.append(window)
        page.on("console", lambda said: window.complaints.append(said.text))
        page.on("pageerror", lambda error: window.complaints.append(error.message))
        page.on("dialog", lambda dialog: dismiss(dialog, window.complaints))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(f"{url}/ui")
        return window

    yield opened
    for window in windows:
        window.page.close()
    assert [window.complaints for window in windows] == [[]] * len(windows)
    assert hosts == {"127.0.0.1"}


def dismiss(dialog: Dialog, complaints: list[str]) -> None:
    complaints.append(dialog.message)
    dialog.dismiss()


def rows_of(article: Locator) -> dict[str, tuple[str, str]]:
    """Field: before and after, of all changes shown."""
    lines = [row.locator("th, td").all_inner_texts() for row in article.locator("tbody tr").all()]
    return {name: (before, after) for name, before, after in lines}


def stage_of(site: Site, name: str) -> str:
    with site.db.read(site.db.sign_in(ADMIN)) as session:
        return session.rows("SELECT stage FROM opportunities WHERE name = :name", name=name)[0]["stage"]


def test_the_demo_is_one_click_away(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()

    expect(window.page.get_by_text("Amelie Brandt, admin at Brightwater")).to_be_visible()
    expect(window.page.get_by_text("The model is offline")).to_be_visible()


def test_a_change_is_shown_with_before_and_after_and_undone_in_place(open_window: Opener, site: Site) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask("Move Solvento grid analytics to negotiation")
    shown = rows_of(article)
    moved = stage_of(site, "Solvento grid analytics")
    undo = article.get_by_role("button", name="Undo this change")
    undo.click()

    expect(article.get_by_role("status")).to_have_text("Taken back: 1.")
    expect(undo).to_be_disabled()
    expect(article.locator(".answer")).to_contain_text("Solvento grid analytics")
    assert shown["stage"] == ("proposal", "negotiation")
    assert (moved, stage_of(site, "Solvento grid analytics")) == ("negotiation", "proposal")


def test_a_new_record_is_shown_without_what_says_nothing(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask("Log a call with Maria Lopez: she wants the proposal by Friday")
    shown = rows_of(article)

    assert shown["body"] == ("–", "She wants the proposal by Friday")
    assert shown["about label"] == ("–", "Maria Lopez")
    assert {"via agent", "created at", "updated at", "about id", "user id", "interaction id"} & set(shown) == set()


def test_what_people_wrote_is_text_and_never_runs(open_window: Opener) -> None:
    text = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    window = open_window()
    window.sign_in()
    article = window.ask(f"Add a note to Maria Lopez: {text}")
    article.get_by_text(re.compile(r"tool calls?$")).click()
    article.get_by_text("Result", exact=True).first.click()

    assert rows_of(article)["body"] == ("–", text)
    assert article.locator("script, img").count() == 0
    assert window.page.evaluate("window.ran") is None


def test_a_script_that_got_into_the_page_would_not_run(open_window: Opener) -> None:
    window = open_window()
    window.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = 1";
            document.body.append(script);
        }"""
    )
    complaint = window.complaints.pop()

    assert "Content Security Policy" in complaint
    assert window.page.evaluate("window.ran") is None


def test_a_list_is_a_table_of_text(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    table = window.ask("open deals over 100k closing this month").get_by_role("table")

    assert table.locator("thead th").all_inner_texts()[:3] == ["name", "account", "stage"]
    expect(table.get_by_role("row", name="Matterhorn Insight licence")).to_contain_text("CHF128,000")


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


def test_a_keyboard_is_enough(open_window: Opener, site: Site) -> None:
    window = open_window()
    page = window.page
    window.tab_to(page.get_by_role("button", name="admin"))
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    window.tab_to(page.get_by_label("What do you want to know or to change?"))
    page.keyboard.type("Move Solvento grid analytics to negotiation")
    window.tab_to(page.get_by_role("button", name="Ask", exact=True))
    page.keyboard.press("Enter")
    article = window.answered()
    window.tab_to(article.get_by_role("button", name="Undo this change"))
    page.keyboard.press("Enter")

    expect(article.get_by_role("status")).to_have_text("Taken back: 1.")
    assert outline == "solid"
    assert stage_of(site, "Solvento grid analytics") == "proposal"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_either_scheme(open_window: Opener, scheme: Scheme) -> None:
    window = open_window(scheme=scheme)
    page = window.page
    seen = {"sign in": contrast(page.get_by_role("button", name="Sign in")), "body": contrast(page.locator("body"))}
    is_dark = luminance(colour_of(page.locator("body"), "backgroundColor")) < 0.2
    window.sign_in()
    article = window.ask("Move Solvento grid analytics to closed stage nonsense")
    seen |= {
        "answer": contrast(article.locator(".answer"), article),
        "about": contrast(article.locator(".about").last, article),
        "sign out": contrast(page.get_by_role("button", name="Sign out"), page.get_by_role("banner")),
    }

    assert {what: ratio for what, ratio in seen.items() if ratio < READABLE} == {}
    assert is_dark is (scheme == "dark")


def test_a_phone_scrolls_in_one_direction(open_window: Opener) -> None:
    window = open_window(PHONE)
    wide = [overflow(window.page)]
    window.sign_in()
    wide.append(overflow(window.page))
    for request in ("Log a call with Maria Lopez: she wants the proposal by Friday", "open deals over 10k"):
        article = window.ask(request)
        article.get_by_text(re.compile(r"tool calls?$")).click()
        article.get_by_text("Result", exact=True).first.click()
        wide.append(overflow(window.page))

    assert wide == [0, 0, 0, 0]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


Colour = tuple[float, float, float]


def contrast(text: Locator, behind: Locator | None = None) -> float:
    """WCAG's ratio, of the text as its opacity leaves it; `behind` has the background where the text has none."""
    paper = colour_of(behind or text, "backgroundColor")
    opacity = float(text.evaluate("each => getComputedStyle(each).opacity"))
    ink = colour_of(text, "color")
    red, green, blue = (opacity * over + (1 - opacity) * under for over, under in zip(ink, paper, strict=True))
    dark, light = sorted((luminance((red, green, blue)), luminance(paper)))
    return (light + 0.05) / (dark + 0.05)


def colour_of(element: Locator, name: str) -> Colour:
    """A computed colour that must not be transparent."""
    told = element.evaluate("(each, name) => getComputedStyle(each)[name]", name)
    found = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", told)
    assert found is not None, told
    red, green, blue = (int(each) / 255 for each in found.groups())
    return red, green, blue


def luminance(colour: Colour) -> float:
    """WCAG's relative luminance of an sRGB colour, 0 to 1."""
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
