"""Windows that nobody has signed in to; every test also proves that nothing leaves the machine, and nothing is complained of."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, ViewportSize, expect
from psycopg.conninfo import conninfo_to_dict

from evals.standin.server import StandIn
from schema.embedded_place import AdminUrl
from tests.commands.conftest import named
from tests.commands.terminal import Terminal
from tests.conftest import NOW
from tests.web.browser.script import scripted
from tests.web.browser.window import DESK, Opener, Scheme, Window
from tests.web.chromium import chromium
from tests.web.conftest import Site

LONGEST_WAIT = 15_000
"""Milliseconds: a busy machine is no failure."""


def terminal_of(site: Site, admin_url: AdminUrl, model: str) -> Terminal:
    """Commands on the module's database."""
    return Terminal(
        {
            "CRM_AGENT_HOME": str(site.service.settings.home),
            "CRM_AGENT_DATABASE_URL": named(admin_url, str(conninfo_to_dict(site.db.admin_url)["dbname"])),
            "CRM_AGENT_NOW": NOW.isoformat(),
            "CRM_AGENT_MODEL": model,
        }
    )


@pytest.fixture(scope="module")
def url(site: Site, admin_url: AdminUrl) -> Iterator[str]:
    """A server process on the module's database."""
    with terminal_of(site, admin_url, "offline").serving("--port", "0") as (_, said):
        yield said["url"]


@pytest.fixture(scope="module")
def scripted_url(site: Site, admin_url: AdminUrl) -> Iterator[str]:
    """Another, whose model says the script tells it to."""
    with StandIn(scripted) as stand_in:
        model = f"openai-compatible:scripted@{stand_in.url}"
        with terminal_of(site, admin_url, model).serving("--port", "0") as (_, said):
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

    def opened(viewport: ViewportSize = DESK, scheme: Scheme = "light", at: str = url) -> Window:
        page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
        page.set_default_timeout(LONGEST_WAIT)
        window = Window(page, [])
        windows.append(window)
        page.on("console", lambda said: window.complaints.append(said.text))
        page.on("pageerror", lambda error: window.complaints.append(error.message))
        page.on("dialog", lambda dialog: dismiss(dialog, window.complaints))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(f"{at}/ui")
        return window

    yield opened
    for window in windows:
        window.page.context.close()
    assert [window.complaints for window in windows] == [[]] * len(windows)
    assert hosts == {"127.0.0.1"}


def dismiss(dialog: Dialog, complaints: list[str]) -> None:
    complaints.append(dialog.message)
    dialog.dismiss()
