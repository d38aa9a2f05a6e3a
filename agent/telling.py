"""pydantic-ai's events and messages retold as run events."""

from collections.abc import Iterator
from typing import Any, cast

from pydantic_ai.messages import (
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
)

from agent.events import EventKind, RunEvent
from agent.wire_text import storable, storable_text


def told_piece(event: object) -> RunEvent | None:
    """A piece of a streamed response, if it is one that people see."""
    match event:
        case PartStartEvent(part=TextPart(content=text)) | PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return _delta("text", text)
        case PartStartEvent(part=ThinkingPart(content=text)):
            return _delta("reasoning", text)
        case PartDeltaEvent(delta=ThinkingPartDelta(content_delta=str(text))):
            return _delta("reasoning", text)
        case _:
            return None


def told_whole(response: ModelResponse) -> Iterator[RunEvent]:
    """A response that came in one piece."""
    for part in response.parts:
        if isinstance(part, TextPart | ThinkingPart) and (
            event := _delta("text" if isinstance(part, TextPart) else "reasoning", part.content)
        ):
            yield event


def told_call(event: FunctionToolCallEvent) -> RunEvent:
    return RunEvent(
        "tool_call",
        {
            "provider_call_id": event.part.tool_call_id,
            "tool": event.part.tool_name,
            "args": args_of(event),
        },
    )


def told_result(event: FunctionToolResultEvent) -> RunEvent:
    part = event.part
    is_ok = part.outcome == "success"
    return RunEvent(
        "tool_result",
        {
            "provider_call_id": part.tool_call_id,
            "tool": part.tool_name,
            "outcome": "ok" if is_ok else "failed",
            "message": None if is_ok else storable_text(str(part.content)),
        },
    )


def changes_in(event: FunctionToolResultEvent) -> list[str]:
    """The ids of the changes that a tool's result names."""
    result: object = event.part.content
    if event.part.outcome != "success" or not isinstance(result, dict):
        return []
    return cast("dict[str, Any]", result).get("changes", [])


def args_of(event: FunctionToolCallEvent) -> dict[str, Any]:
    """The arguments as an object; what is no object stands under `unreadable`, as it was sent."""
    try:
        return storable(event.part.args_as_dict(raise_if_invalid=True))
    except (ValueError, AssertionError):
        return {"unreadable": storable_text(str(event.part.args))}


def _delta(kind: EventKind, text: str) -> RunEvent | None:
    return RunEvent(kind, {"delta": storable_text(text)}) if text else None
