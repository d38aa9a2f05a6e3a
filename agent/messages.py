"""What a model said, read from its messages: the reasoning before a call, and a conversation told again."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
)

from agent.wire_text import storable, storable_text


def reasoning_of(response: ModelResponse) -> str | None:
    """What the model thought, and what it said beside its tool calls; None when it did neither.

    Text without a call is the answer itself, and no reasoning.
    """
    counted = ThinkingPart | TextPart if response.tool_calls else ThinkingPart
    said = (part.content.strip() for part in response.parts if isinstance(part, counted))
    return storable_text("\n".join(text for text in said if text)) or None


def first_line(text: str | None, most: int = 300) -> str | None:
    """The first line, cut to `most` characters; None stays None."""
    if text is None:
        return None
    line = text.split("\n", 1)[0].strip()
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def as_json(message: ModelMessage) -> dict[str, Any]:
    """The message as pydantic-ai writes it, fit for a JSONB column."""
    return storable(ModelMessagesTypeAdapter.dump_python([message], mode="json")[0])


def from_json(stored: Sequence[dict[str, Any]]) -> list[ModelMessage]:
    return ModelMessagesTypeAdapter.validate_python(list(stored))


def retold(message: ModelMessage, *, is_own: bool) -> ModelMessage:
    """An earlier run's message for the next request of its conversation; `is_own` when the same model goes on.

    Its instructions go, because the new run brings its own. Another model's reasoning goes too: it would be sent back
    as ordinary text. One's own stays, because OpenAI refuses a tool call without the reasoning that came with it.
    """
    if isinstance(message, ModelRequest):
        return replace(message, instructions=None)
    if is_own:
        return message
    return replace(message, parts=[part for part in message.parts if not isinstance(part, ThinkingPart)])


DRY = {"is_dry_run": True}
"""Marks the first request of a dry run, which must not go on as a real one."""

WAITING = "This change waits for a person's decision. It has not been made."


def with_open_calls_answered(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    """The conversation with an answer to each call that has none, because its run waits for a person or was cut off."""
    told: list[ModelMessage] = []
    for at, message in enumerate(messages):
        told.append(message)
        if isinstance(message, ModelResponse) and (open_calls := _open_calls(message, messages[at + 1 :])):
            told.append(ModelRequest([_waiting(call) for call in open_calls]))
    return told


def _open_calls(response: ModelResponse, following: Sequence[ModelMessage]) -> list[ToolCallPart]:
    """The calls of a response without an answer before the next response; some servers number calls afresh in each."""
    requests = takewhile(lambda message: isinstance(message, ModelRequest), following)
    answers = (part for message in requests for part in message.parts)
    answered = {getattr(part, "tool_call_id", None) for part in answers}
    return [call for call in response.tool_calls if call.tool_call_id not in answered]


def _waiting(call: ToolCallPart) -> ToolReturnPart:
    return ToolReturnPart(call.tool_name, WAITING, tool_call_id=call.tool_call_id, outcome="failed")
