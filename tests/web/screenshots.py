"""Pictures of the pages, into docs/screenshots: sign-in, a conversation, a proposal, a record; light, dark, on a phone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.commands.terminal import Terminal
from tests.conftest import NOW
from tests.web.browser.window import Scheme, Window
from tests.web.chromium import chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESK = ViewportSize(width=1100, height=800)
PHONE = ViewportSize(width=390, height=780)
LIST = "open deals over 100k closing this month"
MOVE = "Move Solvento grid analytics to negotiation"
CALL = "Log a call with Maria Lopez: she wants the proposal by Friday"
DELETE = "delete Anna Schmidt"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="crm-") as folder:
        home = str(Path(folder) / "home")
        terminal = Terminal({"CRM_AGENT_HOME": home, "CRM_AGENT_MODEL": "offline", "CRM_AGENT_NOW": NOW.isoformat()})
        try:
            with terminal.serving("--prepare", "--port", "0") as (_, said), chromium() as browser:
                _take(browser, f"{said['url']}/ui")
        finally:
            terminal.run("db", "down")


def _take(browser: Browser, url: str) -> None:
    light = _window(browser, url, DESK, "light")
    _shoot(light.page, "sign-in")
    light.sign_in()
    light.ask(LIST)
    changed = light.ask(MOVE)
    _shoot(light.page, "answer")
    changed.get_by_role("button", name="Undo this change").click()
    expect(changed.locator(".undo").get_by_role("status")).to_have_text("Taken back: 1.")
    light.page.get_by_role("link", name="Solvento grid analytics").first.click()
    expect(light.page.get_by_role("heading", name="Timeline")).to_be_visible()
    _shoot(light.page, "record")
    dark = _window(browser, url, DESK, "dark")
    dark.sign_in()
    dark.ask(CALL)
    _shoot(dark.page, "answer-dark")
    phone = _window(browser, url, PHONE, "light")
    _shoot(phone.page, "sign-in-phone")
    phone.sign_in()
    phone.ask(DELETE)
    phone.ask("2")
    _shoot(phone.page, "proposal-phone")
    dark.page.get_by_role("link", name="New conversation").click()
    dark.ask(DELETE)
    dark.ask("2")
    _shoot(dark.page, "proposal-dark")


def _window(browser: Browser, url: str, viewport: ViewportSize, scheme: Scheme) -> Window:
    page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
    page.goto(url)
    return Window(page, [])


def _shoot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
