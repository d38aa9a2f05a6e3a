"""`POST /api/v1/chat`: one request in plain language, told as server-sent events while it is done."""

import json
from collections.abc import AsyncGenerator

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from agent.events import RunEvent
from web.asking import AskBody
from web.caller import Caller, Served
from web.live import LiveRun
from web.problems import PROBLEM_RESPONSES

router = APIRouter(tags=["ask"], responses=PROBLEM_RESPONSES)

_STREAM = {200: {"description": "Run events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}}


@router.post("/chat", summary="Ask, and watch it being done", response_class=StreamingResponse, responses={**_STREAM})
async def chat(body: AskBody, caller: Caller, service: Served) -> StreamingResponse:
    """Runs the request, and tells what happens as server-sent events, each with an `id` that counts from 1:

    `run_started` (run_id, conversation_id, model) comes at once; then, as they happen, `text` and `reasoning` (delta),
    `tool_call` (provider_call_id, tool, args), `tool_result` (provider_call_id, tool, outcome, message), `change` and
    `proposal` (as in the result), `error` (kind, message); and last `run_finished`, with the whole result of `POST /ask`.
    A run that asks back or refuses has no text: its `answer` is in the result. Lines that begin with a colon keep the
    connection alive.

    Whoever closes the connection stops the run: a tool call under way is made whole, none begins after it, and the run
    is stored as interrupted. `GET /runs/{run_id}` then says how far it came. What cannot begin is a problem document.
    """
    run = await service.live.start(caller, body.request, conversation_id=body.conversation_id, model=service.model)
    # Told to proxies: nginx would otherwise hold events back until a buffer is full.
    return StreamingResponse(
        _events(run, service.heartbeat_seconds), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _events(run: LiveRun, patience: float) -> AsyncGenerator[str]:
    seen = 0
    try:
        while True:
            news = await run.after(seen, patience)
            for seen, event in news:
                yield _frame(seen, event)
            if not news:
                if run.is_over:
                    return
                yield ": still going on\n\n"
    finally:
        run.stop()


def _frame(number: int, event: RunEvent) -> str:
    return f"id: {number}\nevent: {event.kind}\ndata: {json.dumps(event.fields, ensure_ascii=False)}\n\n"
