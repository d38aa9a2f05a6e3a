"""NiceGUI as it is mounted: set up once a process, entered by who is signed in, with nothing kept in its own storage."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files

from fastapi import FastAPI
from nicegui import ui
from starlette.routing import Route

from web.pages import chat, record
from web.pages.entrance import PAGES, Entrance
from web.pages.sign_in import STATIC_PATH

_HEAD = f'<link rel="stylesheet" href="{STATIC_PATH}/page.css">'


@cache
def _nicegui() -> FastAPI:
    """One for the process: NiceGUI itself is one."""
    inner = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.page("/", title="crm-agent")(chat.chat_page)
    ui.page("/records/{kind}/{record_id}", title="crm-agent")(record.record_page)
    ui.add_head_html(_HEAD, shared=True)
    ui.run_with(  # pyright: ignore[reportUnknownMemberType]
        inner,
        title="crm-agent",
        favicon=str(files("web") / "static" / "icon.svg"),
        dark=None,
        language="en-US",
        binding_refresh_interval=None,
        reconnect_timeout=10,
        tailwind=False,
        show_welcome_message=False,
    )
    return inner


def install_pages(app: FastAPI) -> None:
    """Adds `/ui` and what is below it; `running_pages` must be around the time that it serves."""
    entrance = Entrance(_nicegui())
    app.router.routes.append(Route(PAGES, endpoint=entrance, methods=["GET"], include_in_schema=False))
    app.mount(PAGES, entrance)


@asynccontextmanager
async def running_pages() -> AsyncGenerator[None]:
    """NiceGUI's own life."""
    inner = _nicegui()
    async with inner.router.lifespan_context(inner):
        yield
