"""How the page looks and is used: by keyboard alone, in the dark, on a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.browser.window import DEAL, LOG, MOVE, PHONE, QUESTION, Opener, Scheme, stage_of
from tests.web.conftest import Site

READABLE = 4.5
"""The least contrast of text, WCAG 2.2 success criterion 1.4.3."""


def test_a_keyboard_is_enough(open_window: Opener, site: Site) -> None:
    window = open_window()
    page = window.page
    window.tab_to(page.get_by_role("button", name="admin"))
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    expect(page.get_by_label(QUESTION)).to_be_focused()
    page.keyboard.type("Move Solvento grid")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("analytics to negotiation")
    written = page.get_by_label(QUESTION).input_value()
    page.keyboard.press("Enter")
    article = window.answered()
    expect(page.get_by_label(QUESTION)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    focused = page.evaluate("document.activeElement.closest('article') !== null")
    window.tab_to(article.locator("details.call summary").last)
    page.keyboard.press("Enter")
    expect(article.locator("details.call dl").last).to_be_visible()
    window.tab_to(article.get_by_role("button", name="Undo this change"))
    outlines = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    expect(article.locator(".undo").get_by_role("status")).to_have_text("Taken back: 1.")
    assert written == "Move Solvento grid\nanalytics to negotiation"
    assert focused
    assert (outline, outlines) == ("solid", "solid")
    assert stage_of(site, DEAL) == "proposal"


def test_an_enter_that_ends_the_choice_of_a_word_sends_nothing(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    window.page.get_by_label(QUESTION).fill("so")
    window.page.get_by_label(QUESTION).dispatch_event("keydown", {"key": "Enter", "isComposing": True})

    expect(window.page.get_by_label(QUESTION)).to_have_value("so")
    expect(window.page.get_by_role("article")).to_have_count(0)


def test_what_happens_is_told_to_those_who_cannot_see_it(open_window: Opener) -> None:
    window = open_window()
    window.sign_in()
    article = window.ask(MOVE)
    page = window.page
    article.get_by_role("button", name="Undo this change").click()
    expect(article.locator(".undo").get_by_role("status")).to_have_text("Taken back: 1.")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea, nav")]
            .filter((each) => each.type !== "hidden" && each.offsetParent !== null)
            .filter((each) => !(each.ariaLabel || each.textContent.trim() || each.labels?.length)).length"""
    )

    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(article.get_by_role("heading", level=2)).to_have_text(f"You: {MOVE}")
    assert nameless == 0
    assert page.evaluate("document.documentElement.lang") == "en-US"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_either_scheme(open_window: Opener, scheme: Scheme) -> None:
    window = open_window(scheme=scheme)
    page = window.page
    seen = {"sign in": contrast(page.get_by_role("button", name="Sign in")), "body": contrast(page.locator("body"))}
    is_dark = luminance(colour_of(page.locator("body"), "backgroundColor")) < 0.2
    window.sign_in()
    article = window.ask(f"delete {DEAL}")
    paper, card = page.locator("body"), article.locator(".proposal")
    seen |= {
        "page": contrast(paper),
        "hint": contrast(page.locator(".place > .hint"), paper),
        "prompt": contrast(article.locator(".prompt")),
        "answer": contrast(article.locator(".answer"), paper),
        "state": contrast(article.locator(".state").last, paper),
        "about": contrast(article.locator(":scope > .about"), paper),
        "card": contrast(card.locator("td").first, card),
        "field": contrast(card.locator("tbody th").first, card),
        "approve": contrast(card.get_by_role("button", name="Approve")),
        "reject": contrast(card.get_by_role("button", name="Reject"), card),
        "send": contrast(page.get_by_role("button", name="Send")),
        "sign out": contrast(page.get_by_role("button", name="Sign out"), page.get_by_role("banner")),
        "current": contrast(page.locator("nav a[aria-current]")),
    }
    card.get_by_role("button", name="Reject").click()
    expect(article.locator(".answer")).to_contain_text("rejected this change")
    seen["not allowed"] = contrast(article.locator(".call.bad .state"), paper)

    assert {what: ratio for what, ratio in seen.items() if ratio < READABLE} == {}
    assert (luminance(colour_of(paper, "backgroundColor")) < 0.2) is is_dark is (scheme == "dark")


def test_a_phone_scrolls_in_one_direction(open_window: Opener) -> None:
    window = open_window(PHONE)
    wide = [overflow(window.page)]
    window.sign_in()
    wide.append(overflow(window.page))
    for request in (LOG, "open deals over 10k", f"delete {DEAL}"):
        article = window.ask(request)
        article.locator("details.call summary").last.click()
        expect(article.locator("details.call dl").last).to_be_visible()
        wide.append(overflow(window.page))
    article.get_by_role("button", name="Reject").click()
    talks = window.page.get_by_role("navigation", name="Conversations").get_by_role("link")
    expect(talks.first).to_be_hidden()
    window.page.get_by_role("button", name="Conversations").click()
    expect(talks.first).to_be_visible()
    wide.append(overflow(window.page))

    assert wide == [0] * len(wide)


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
