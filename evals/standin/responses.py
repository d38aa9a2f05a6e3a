"""OpenAI's responses, seen from the server: reading a request, writing an answer whole or in pieces.

Format: https://platform.openai.com/docs/api-reference/responses
"""

from collections.abc import Iterator
from typing import Any

from evals.standin.chat import arguments_text, content_text, words
from evals.standin.script import Call, Message, Reply


def read_messages(body: dict[str, Any]) -> tuple[Message, ...]:
    messages = [Message("system", body["instructions"])] if body.get("instructions") else []
    items = body.get("input", [])
    if isinstance(items, str):
        return (*messages, Message("user", items))
    for item in items:
        _add_item(messages, item)
    return tuple(messages)


def read_tools(body: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return tuple(tool for tool in body.get("tools", []) if tool.get("type") == "function")


def _add_item(messages: list[Message], item: dict[str, Any]) -> None:
    kind = item.get("type", "message")
    if kind == "function_call_output":
        messages.append(Message("tool", content_text(item["output"]), call_id=item["call_id"]))
    elif kind == "function_call":
        _join_assistant(messages, calls=(Call(item["name"], item["arguments"], item["call_id"]),))
    elif kind == "message" and item["role"] == "assistant":
        _join_assistant(messages, text=content_text(item["content"]))
    elif kind == "message":
        role = "system" if item["role"] == "developer" else item["role"]
        messages.append(Message(role, content_text(item["content"])))


def _join_assistant(messages: list[Message], text: str = "", calls: tuple[Call, ...] = ()) -> None:
    """Here one turn of the model is several items; a script sees it as one message."""
    if messages and messages[-1].role == "assistant":
        last = messages.pop()
        text, calls = last.text + text, last.calls + calls
    messages.append(Message("assistant", text, calls))


def whole(reply: Reply, model: str, first_call: int) -> dict[str, Any]:
    return _envelope(model, _status(reply)) | {
        "output": [_item(item) for item in _items(reply, first_call)],
        "usage": {
            "input_tokens": reply.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": reply.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.input_tokens + reply.output_tokens,
        },
    }


def pieces(reply: Reply, model: str, first_call: int) -> Iterator[dict[str, Any]]:
    """The events of a stream; each names its own type."""
    events = [{"type": "response.created", "response": _envelope(model, "in_progress")}]
    for at, item in enumerate(_items(reply, first_call)):
        events += _item_events(item, at)
    end = "response.incomplete" if reply.is_cut_off else "response.completed"
    events.append({"type": end, "response": whole(reply, model, first_call)})
    for number, event in enumerate(events):
        yield event | {"sequence_number": number}


def _items(reply: Reply, first_call: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if reply.reasoning:
        items.append({"type": "reasoning", "id": "rs_standin", "text": reply.reasoning})
    if reply.text:
        items.append({"type": "message", "id": "msg_standin", "text": reply.text})
    for at, call in enumerate(reply.calls):
        call_id = call.call_id or f"call_{first_call + at}"
        items.append(
            {"type": "function_call", "id": f"fc_{call_id}", "call_id": call_id, "name": call.tool}
            | {"text": arguments_text(call)}
        )
    return items


def _item(item: dict[str, Any], *, is_begun: bool = False) -> dict[str, Any]:
    """An output item as the protocol has it; with `is_begun` still empty, as a stream announces it."""
    text = "" if is_begun else item["text"]
    status = "in_progress" if is_begun else "completed"
    shown = {key: value for key, value in item.items() if key != "text"}
    if item["type"] == "reasoning":
        return shown | {"summary": [] if is_begun else [{"type": "summary_text", "text": text}]}
    if item["type"] == "function_call":
        return shown | {"arguments": text, "status": status}
    return shown | {"role": "assistant", "status": status, "content": [] if is_begun else [_output_text(text)]}


def _item_events(item: dict[str, Any], at: int) -> list[dict[str, Any]]:
    place = {"output_index": at, "item_id": item["id"]}
    middle = {"reasoning": _reasoning_events, "message": _text_events, "function_call": _call_events}[item["type"]]
    return [
        {"type": "response.output_item.added", "output_index": at, "item": _item(item, is_begun=True)},
        *middle(item["text"], place),
        {"type": "response.output_item.done", "output_index": at, "item": _item(item)},
    ]


def _reasoning_events(text: str, place: dict[str, Any]) -> list[dict[str, Any]]:
    place = place | {"summary_index": 0}
    kind = "response.reasoning_summary"
    return [
        place | {"type": f"{kind}_part.added", "part": {"type": "summary_text", "text": ""}},
        *(place | {"type": f"{kind}_text.delta", "delta": word} for word in words(text)),
        place | {"type": f"{kind}_text.done", "text": text},
        place | {"type": f"{kind}_part.done", "part": {"type": "summary_text", "text": text}},
    ]


def _text_events(text: str, place: dict[str, Any]) -> list[dict[str, Any]]:
    place = place | {"content_index": 0}
    return [
        place | {"type": "response.content_part.added", "part": _output_text("")},
        *(place | {"type": "response.output_text.delta", "delta": word, "logprobs": []} for word in words(text)),
        place | {"type": "response.output_text.done", "text": text, "logprobs": []},
        place | {"type": "response.content_part.done", "part": _output_text(text)},
    ]


def _call_events(text: str, place: dict[str, Any]) -> list[dict[str, Any]]:
    kind = "response.function_call_arguments"
    halves = (text[: len(text) // 2], text[len(text) // 2 :])
    return [
        *(place | {"type": f"{kind}.delta", "delta": half} for half in halves),
        place | {"type": f"{kind}.done", "arguments": text},
    ]


def _output_text(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


def _status(reply: Reply) -> str:
    return "incomplete" if reply.is_cut_off else "completed"


def _envelope(model: str, status: str) -> dict[str, Any]:
    return {
        "id": "resp_standin",
        "object": "response",
        "created_at": 0,
        "status": status,
        "model": model,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "instructions": None,
        "metadata": {},
        "temperature": None,
        "top_p": None,
    }
