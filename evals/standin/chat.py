"""OpenAI's chat completions, seen from the server: reading a request, writing an answer whole or in pieces.

Format: https://platform.openai.com/docs/api-reference/chat
"""

import json
from collections.abc import Iterator
from typing import Any, cast

from evals.standin.script import Call, Message, Reply


def read_messages(body: dict[str, Any]) -> tuple[Message, ...]:
    return tuple(_message(item) for item in body.get("messages", []))


def read_tools(body: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return tuple(tool["function"] for tool in body.get("tools", []) if tool.get("type") == "function")


def _message(item: dict[str, Any]) -> Message:
    role = "system" if item["role"] == "developer" else item["role"]
    made: list[dict[str, Any]] = item.get("tool_calls") or []
    calls = tuple(Call(call["function"]["name"], call["function"]["arguments"], call["id"]) for call in made)
    return Message(role, content_text(item.get("content")), calls, item.get("tool_call_id"))


def content_text(content: Any) -> str:
    """The text of a message's content, which is a string or a list of parts."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in cast("list[dict[str, Any]]", content))
    return content or ""


def whole(reply: Reply, model: str, first_call: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.reasoning:
        message["reasoning_content"] = reply.reasoning
    if reply.calls:
        message["tool_calls"] = [_call(call, at, first_call) for at, call in enumerate(reply.calls)]
    choice = {"index": 0, "message": message, "finish_reason": _finish_reason(reply)}
    return _envelope("chat.completion", model, [choice]) | {"usage": _usage(reply)}


def pieces(reply: Reply, model: str, first_call: int) -> Iterator[dict[str, Any]]:
    """The chunks of a stream, each to be sent as one server-sent event; `[DONE]` is the server's to add."""
    yield _chunk(model, {"role": "assistant", "content": ""})
    for word in words(reply.reasoning):
        yield _chunk(model, {"reasoning_content": word})
    for word in words(reply.text):
        yield _chunk(model, {"content": word})
    for at, call in enumerate(reply.calls):
        whole_call = _call(call, at, first_call)
        arguments = whole_call["function"]["arguments"]
        head = whole_call | {"index": at, "function": {"name": call.tool, "arguments": ""}}
        yield _chunk(model, {"tool_calls": [head]})
        for half in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
            yield _chunk(model, {"tool_calls": [{"index": at, "function": {"arguments": half}}]})
    yield _chunk(model, {}, _finish_reason(reply))
    yield _envelope("chat.completion.chunk", model, []) | {"usage": _usage(reply)}


def words(text: str) -> list[str]:
    """`text` in pieces of one word each, blanks kept."""
    return text.replace(" ", " \0").split("\0") if text else []


def arguments_text(call: Call) -> str:
    return call.args if isinstance(call.args, str) else json.dumps(call.args, ensure_ascii=False)


def _call(call: Call, at: int, first_call: int) -> dict[str, Any]:
    return {
        "id": call.call_id or f"call_{first_call + at}",
        "type": "function",
        "function": {"name": call.tool, "arguments": arguments_text(call)},
    }


def _finish_reason(reply: Reply) -> str:
    if reply.is_cut_off:
        return "length"
    return "tool_calls" if reply.calls else "stop"


def _chunk(model: str, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return _envelope("chat.completion.chunk", model, [{"index": 0, "delta": delta, "finish_reason": finish_reason}])


def _envelope(kind: str, model: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "chatcmpl-standin", "object": kind, "created": 0, "model": model, "choices": choices}


def _usage(reply: Reply) -> dict[str, Any]:
    return {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
    }
