"""Pictures of the page, of which docs/screenshots keeps two: sign-in, a change, a list; light, dark, on a phone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, ViewportSize

from tests.commands.terminal import Terminal
from tests.conftest import NOW
from tests.web.chromium import chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESK = ViewportSize(width=960, height=720)
PHONE = ViewportSize(width=390, height=780)
REQUEST = "Log a call with Maria Lopez: she wants the proposal by Friday"
MOVE = "Move Solvento grid analytics to negotiation"
LIST = "open deals over 10k"


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
    light = browser.new_page(viewport=DESK, color_scheme="light")
    light.goto(url)
    _shoot(light, "sign-in")
    _sign_in(light)
    _ask(light, MOVE)
    _shoot(light, "answer")
    light.get_by_role("button", name="Undo this change").click()
    light.get_by_text("Taken back: 1.").wait_for()
    dark = browser.new_page(viewport=DESK, color_scheme="dark")
    dark.goto(url)
    _sign_in(dark)
    _ask(dark, REQUEST)
    _shoot(dark, "answer-dark")
    phone = browser.new_page(viewport=PHONE, color_scheme="light")
    phone.goto(url)
    _shoot(phone, "sign-in-phone")
    _sign_in(phone)
    _ask(phone, MOVE)
    _shoot(phone, "answer-phone")
    phone.get_by_label("What do you want to know or to change?").fill(LIST)
    phone.get_by_role("button", name="Ask", exact=True).click()
    phone.get_by_role("article").nth(1).wait_for()
    phone.get_by_text("Working on it").wait_for(state="detached")
    _shoot(phone, "list-phone")


def _sign_in(page: Page) -> None:
    page.get_by_role("button", name="admin").click()
    page.get_by_role("button", name="Sign out").wait_for()


def _ask(page: Page, request: str) -> None:
    page.get_by_label("What do you want to know or to change?").fill(request)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Undo this change").wait_for()


def _shoot(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


if __name__ == "__main__":
    main()
