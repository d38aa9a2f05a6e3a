"""A person's window in a real browser before a real `crm-agent serve`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.web.conftest import Site

ADMIN = "admin@brightwater.example"
DESK = ViewportSize(width=1000, height=800)
PHONE = ViewportSize(width=360, height=740)
QUESTION = "What do you want to know or to change?"
MOVE = "Move Solvento grid analytics to negotiation"
LOG = "Log a call with Maria Lopez: she wants the proposal by Friday"
DEAL = "Solvento grid analytics"

Scheme = Literal["light", "dark"]
Opener = Callable[..., "Window"]


@dataclass(frozen=True)
class Window:
    """A page that nobody has signed in to, and what its browser complained of."""

    page: Page
    complaints: list[str]

    def sign_in(self, login: str = "admin") -> None:
        self.page.get_by_role("button", name=login).click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def ask(self, request: str) -> Locator:
        """The article with what came of it."""
        before = self.page.get_by_role("article").count()
        self.page.get_by_label(QUESTION).fill(request)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("article")).to_have_count(before + 1)
        return self.answered()

    def answered(self) -> Locator:
        """The newest article, once its run is over."""
        newest = self.page.get_by_role("article").last
        expect(newest).to_have_attribute("aria-busy", "false")
        return newest

    def tab_to(self, wanted: Locator) -> None:
        """Presses Tab as often as it takes."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("each => each === document.activeElement"):
                return
        pytest.fail(f"Tab never reaches {wanted}")


def rows_of(article: Locator) -> dict[str, tuple[str, str]]:
    """Field: before and after, of all changes shown."""
    lines = [row.locator("th, td").all_inner_texts() for row in article.locator("tbody tr").all()]
    return {name: (before, after) for name, before, after in lines}


def stage_of(site: Site, name: str) -> str:
    with site.db.read(site.db.sign_in(ADMIN)) as session:
        return session.rows("SELECT stage FROM opportunities WHERE name = :name", name=name)[0]["stage"]


def exists(site: Site, name: str) -> bool:
    with site.db.read(site.db.sign_in(ADMIN)) as session:
        return bool(session.rows("SELECT 1 FROM opportunities WHERE name = :name", name=name))
