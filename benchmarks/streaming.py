"""How late a token is seen, beside bare server-sent events: over the API, and in the conversation of a real browser."""

import asyncio
import json
import re
import shutil
import socket
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from statistics import fmean
from typing import Any

import httpx
import itsdangerous
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.models import ModelChoice
from benchmarks.installation import Server
from benchmarks.report import Figure
from schema.identity import Identity
from schema.tenants import NewTenant, create_tenant
from web.service import Service, session_key
from web.sessions import begin_session
from web.tokens import create_token

TOKENS = 150
PAUSE = 0.02
"""Seconds between tokens, as a fast provider has them."""
ROUNDS = 3
WORD = re.compile(r"z([a-j]{13})y")
"""A token: the moment it was said, in letters, because numbers in an answer are looked for in tool results."""

_LETTERS = str.maketrans("0123456789", "abcdefghij")
_DIGITS = str.maketrans("abcdefghij", "0123456789")

_BARE_PAGE = """<!doctype html><title>Bare</title><div class="turns"></div><script>
async function begin() {
  const reader = (await fetch("/stream")).body.pipeThrough(new TextDecoderStream()).getReader();
  const text = document.querySelector(".turns").appendChild(document.createTextNode(""));
  for (let piece; !(piece = await reader.read()).done; )
    for (const line of piece.value.split("\\n"))
      if (line.startsWith("data: ")) text.data += JSON.parse(line.slice(6)).delta;
}
</script>"""
_WATCH = """() => {
  window.seen = [];
  const turns = document.querySelector(".turns");
  const moment = (word) => Number([...word.slice(1, 14)].map((letter) => letter.charCodeAt(0) - 97).join(""));
  const look = () => {
    const words = turns.textContent.match(/z[a-j]{13}y/g) ?? [];
    while (seen.length < words.length) seen.push(Date.now() - moment(words[seen.length]));
  };
  new MutationObserver(look).observe(turns, {childList: true, subtree: true, characterData: true});
}"""

Latencies = list[float]


def measure(server: Server) -> Generator[Figure]:
    """A token every 20 ms; its latency is the moment it is read, or stands in the page, less the moment it was said."""
    database = server.make("streaming")
    who = create_tenant(database, NewTenant("stream", "Stream", "a@stream.example", "Ada"))
    with tempfile.TemporaryDirectory(prefix="crm-stream-") as folder:
        settings = replace(server.settings, home=Path(folder))
        service = Service.open(settings, database.world, database, host="127.0.0.1", has_demo=False)
        service = replace(service, model=ModelChoice("timed", lambda _: FunctionModel(stream_function=_say)))
        secret = create_token(database, who, user=who, label="bench", scopes=(), expires_at=None).secret
        with _serving(resolve_name("server:create_app")(service)) as ours, _serving(_bare()) as bare:
            yield _figure(
                "token latency, `POST /chat` ÷ bare server-sent events",
                [(_read("POST", f"{ours}/api/v1/chat", secret), _read("GET", f"{bare}/stream")) for _ in range(ROUNDS)],
            )
            if chromium := shutil.which("chromium"):
                cookie = _cookie(settings.home, who)
                yield _figure(
                    "token latency in the browser, page ÷ bare server-sent events", _pairs(chromium, ours, bare, cookie)
                )
    database.close()


def _figure(what: str, pairs: list[tuple[Latencies, Latencies]]) -> Figure:
    ours, bare = ([each for pair in pairs for each in pair[side]] for side in (0, 1))
    worst = [sorted(side)[len(side) * 95 // 100] for side in (ours, bare)]
    return Figure(
        what,
        # Means, because a browser's clock counts whole milliseconds, and half of the bare tokens can take none.
        f"{fmean(ours) / fmean(bare):.1f}×",
        "",
        f"means {fmean(ours):.1f} ÷ {fmean(bare):.1f} ms, 95th of 100 {worst[0]:.0f} and {worst[1]:.0f} ms;"
        f" {len(ours)} tokens, one every {PAUSE * 1000:.0f} ms",
    )


def _read(method: str, url: str, secret: str = "") -> Latencies:
    """Milliseconds; of the last event, which tells the whole answer again, nothing counts."""
    found: Latencies = []
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    body = {"request": "Say it"} if method == "POST" else None
    with httpx.stream(method, url, json=body, headers=headers, timeout=60) as response:
        for line in response.iter_lines():
            now = time.time() * 1000
            found += [now - float(word.translate(_DIGITS)) for word in WORD.findall(line)]
    return found[:TOKENS]


def _pairs(chromium: str, ours: str, bare: str, cookie: str) -> list[tuple[Latencies, Latencies]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        pairs = [(_seen(browser, f"{ours}/ui", cookie), _seen(browser, bare)) for _ in range(ROUNDS)]
        browser.close()
    return pairs


def _seen(browser: Browser, url: str, cookie: str = "") -> Latencies:
    """Milliseconds until each token stood in the page."""
    context = browser.new_context()
    if cookie:
        context.add_cookies([{"name": "crm_session", "value": cookie, "url": url}])
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".turns", state="attached")
    page.evaluate(_WATCH)
    if cookie:
        page.get_by_role("textbox").first.fill("Say it")
        page.keyboard.press("Enter")
    else:
        page.evaluate("void begin()")
    found: Latencies = []
    # The page's policy forbids the evaluation that waiting for a function needs.
    while len(found) < TOKENS:
        page.wait_for_timeout(500)
        found = page.evaluate("seen")
    context.close()
    return found[:TOKENS]


async def _said() -> AsyncIterator[str]:
    for _ in range(TOKENS):
        yield f"z{time.time() * 1000:.0f}y ".translate(_LETTERS)
        await asyncio.sleep(PAUSE)


async def _say(_: list[ModelMessage], __: AgentInfo) -> AsyncIterator[str]:
    async for token in _said():
        yield token


def _bare() -> ASGIApp:
    """Server-sent events with nothing around them."""

    async def events() -> AsyncGenerator[str]:
        async for token in _said():
            yield f"data: {json.dumps({'delta': token})}\n\n"

    async def stream(_: Request) -> StreamingResponse:
        return StreamingResponse(events(), media_type="text/event-stream")

    async def page(_: Request) -> HTMLResponse:
        return HTMLResponse(_BARE_PAGE)

    return Starlette(routes=[Route("/", page), Route("/stream", stream)])


def _cookie(home: Path, who: Identity) -> str:
    """The session of somebody who signed in."""
    session: dict[str, Any] = {}
    begin_session(session, who)
    return itsdangerous.TimestampSigner(session_key(home)).sign(b64encode(json.dumps(session).encode())).decode()


@contextmanager
def _serving(app: ASGIApp) -> Generator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=30)
    listening.close()
