"""The stand-in's HTTP server: loopback, a free port, a thread a connection."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

from evals.standin import chat, embeddings, responses
from evals.standin.script import Fault, FaultKind, Message, Outcome, Reply, Request, Script, Slow

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Protocol:
    name: Literal["chat", "responses", "embeddings"]
    read_messages: Callable[[Body], tuple[Message, ...]]
    read_tools: Callable[[Body], tuple[Body, ...]]
    whole: Callable[[Reply, str, int], Body]
    pieces: Callable[[Reply, str, int], Iterator[Body]]


_PROTOCOLS = {
    "/v1/chat/completions": _Protocol("chat", chat.read_messages, chat.read_tools, chat.whole, chat.pieces),
    "/v1/responses": _Protocol(
        "responses", responses.read_messages, responses.read_tools, responses.whole, responses.pieces
    ),
}


def _protocol(path: str, body: Body) -> _Protocol | None:
    if path != "/v1/embeddings":
        return _PROTOCOLS.get(path)
    # Here an answer depends on what was asked, and never comes in pieces.
    return _Protocol(
        "embeddings",
        embeddings.read_messages,
        lambda _: (),
        lambda reply, _model, _call: embeddings.whole(body, reply),
        lambda _reply, _model, _call: iter(()),
    )


class StandIn:
    """A provider on `url` for as long as the `with` block lasts; `requests` holds what it was sent."""

    def __init__(self, script: Script, *, port: int = 0) -> None:
        self._script = script
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL that an OpenAI client is given."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, protocol: _Protocol, headers: dict[str, str], body: Body) -> tuple[Request, Outcome]:
        """The request as the script saw it, and what the script says to it."""
        with self._lock:
            request = Request(
                protocol=protocol.name,
                model=str(body.get("model", "")),
                messages=protocol.read_messages(body),
                tools=protocol.read_tools(body),
                is_streamed=bool(body.get("stream")),
                number=len(self.requests),
                headers=headers,
                body=body,
            )
            self.requests.append(request)
        outcome = self._script(request)
        if isinstance(outcome, Slow):
            time.sleep(outcome.seconds)
            outcome = outcome.then
        return request, outcome


def _handler_of(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        provider = stand_in

    return Handler


class _Handler(BaseHTTPRequestHandler):
    provider: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        protocol = _protocol(self.path, body)
        if protocol is None:
            self._send_json(404, _error_body("not_found", f"No such path: {self.path}"))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request, outcome = self.provider.answer(protocol, headers, body)
        try:
            self._send(protocol, request, outcome)
        except (BrokenPipeError, ConnectionResetError):
            # The agent gave up waiting, which is its right.
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's name
        pass

    def _send(self, protocol: _Protocol, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Fault):
            self._send_fault(protocol, request, outcome)
            return
        assert isinstance(outcome, Reply)  # noqa: S101  a Slow was resolved before
        if protocol.name == "embeddings" and (refusal := embeddings.refusal(request.body)):
            self._send_json(400, _error_body("invalid_request_error", refusal))
            return
        first_call = 1 + sum(len(message.calls) for message in request.messages)
        if request.is_streamed:
            self._send_events(protocol.pieces(outcome, request.model, first_call), is_cut=False)
        else:
            self._send_json(200, protocol.whole(outcome, request.model, first_call))

    def _send_fault(self, protocol: _Protocol, request: Request, fault: Fault) -> None:
        if fault.kind is FaultKind.STATUS:
            retry = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._send_json(fault.status, _error_body(fault.code, fault.message), retry)
        elif fault.kind is FaultKind.MALFORMED:
            self._send_bytes(200, b'{"id": "broken", "choices": [{"mess', "application/json")
        elif fault.kind is FaultKind.EMPTY:
            self._send_json(200, protocol.whole(Reply(vectors=()), request.model, 1))
        elif request.is_streamed:
            events = list(protocol.pieces(Reply(text="The first half of an answer"), request.model, 1))
            self._send_events(events[: len(events) // 2], is_cut=True)
        else:
            self._send_half(json.dumps(protocol.whole(Reply(text="Half."), request.model, 1)).encode())

    def _send_json(self, status: int, body: Body, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(body).encode(), "application/json", headers)

    def _send_bytes(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_half(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _send_events(self, events: Iterable[Body], *, is_cut: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in events:
            named = f"event: {event['type']}\n" if "type" in event else ""
            self._send_chunk(f"{named}data: {json.dumps(event)}\n\n".encode())
        if is_cut:
            self.close_connection = True
            return
        self._send_chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _send_chunk(self, text: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))


def _error_body(code: str, message: str) -> Body:
    return {"error": {"message": message, "type": code, "param": None, "code": code}}
