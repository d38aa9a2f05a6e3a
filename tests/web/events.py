"""Server-sent run events as a program reads them."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Told:
    """One event; a comment has no id and no kind."""

    id: int | None
    kind: str
    fields: dict[str, Any]


@contextmanager
def chatting(
    client: httpx.Client, request: str, headers: dict[str, str] | None = None, **more: Any
) -> Generator[Iterator[Told]]:
    """The events of one request, as they come; leaving the block closes the connection."""
    with client.stream("POST", "/api/v1/chat", json={"request": request, **more}, headers=headers) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield _events(response.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[Told]:
    block: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            block[name] = value.removeprefix(" ")
        elif block:
            number = int(block["id"]) if "id" in block else None
            yield Told(number, block.get("event", ""), json.loads(block.get("data", "{}")))
            block = {}
