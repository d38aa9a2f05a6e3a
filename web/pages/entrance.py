"""What stands before NiceGUI: only who is signed in gets in, a socket only to its own page, scripts only with a nonce."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

from anyio import to_thread
from nicegui import Client
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.pages.sign_in import sign_in_page
from web.pages.visitor import Visitor, place, placed, visitor_of
from web.service import service_of
from web.shield import live_policy

PAGES = "/ui"
_ASSETS = f"{PAGES}/_nicegui/"
_SOCKET = f"{PAGES}/_nicegui_ws/"

_TAGS = re.compile(rb"<(script|style)\b")
_STYLED = re.compile(rb' style="display: none"')
"""The one style attribute of NiceGUI's own page, which a nonce cannot allow."""


class Entrance:
    """NiceGUI's pages, entered through here."""

    def __init__(self, pages: ASGIApp) -> None:
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        if scope["type"] == "http" and path.startswith(_ASSETS):
            await self.pages(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visitor = await to_thread.run_sync(visitor_of, connection)
        if path.startswith(_SOCKET):
            if visitor is not None and _is_own(connection, visitor):
                await self.pages(scope, receive, send)
            else:
                await _refuse(scope, receive, send)
        elif visitor is None:
            form = await to_thread.run_sync(sign_in_page, connection, service_of(connection))
            await form(scope, receive, send)
        else:
            place(connection, visitor)
            if path == PAGES:
                scope.update(path=f"{PAGES}/", root_path=PAGES)
            await self.pages(_unpacked(scope), receive, _with_nonce(send))


def _is_own(connection: HTTPConnection, visitor: Visitor) -> bool:
    """Whether the socket comes from our own page, and from one that this visitor opened."""
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        return False
    wanted = parse_qs(connection.url.query).get("client_id", [""])[0]
    client = Client.instances.get(wanted)
    # Of a page that is gone NiceGUI says so, and the browser opens it anew; a socket of no page could claim any.
    return bool(wanted) and (client is None or placed(client.request).is_same_as(visitor))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4401})
    else:
        await PlainTextResponse("Sign in first.", 401)(scope, receive, send)


def _unpacked(scope: Scope) -> Scope:
    """The request, asking for an answer that is not compressed."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


def _with_nonce(send: Send) -> Send:
    """Marks the page's own scripts and styles; what anybody wrote is escaped before, so that it has no tags to mark."""
    nonce = secrets.token_urlsafe(16)
    start: Message = {}
    body = bytearray()

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        page = _TAGS.sub(rb'<\1 nonce="' + nonce.encode() + b'"', _STYLED.sub(b" hidden", bytes(body)))
        headers = MutableHeaders(scope=start)
        is_page = headers.get("content-type", "").startswith("text/html")
        content = page if is_page else bytes(body)
        headers["Content-Length"] = str(len(content))
        if is_page:
            headers["Content-Security-Policy"] = live_policy(nonce)
        await send(start)
        await send({"type": "http.response.body", "body": content})

    return marked
