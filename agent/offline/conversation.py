"""The conversation so far, read from pydantic-ai's messages: turns of a prompt and the tool calls it led to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart, ToolReturnPart, UserPromptPart

OUTPUT_TOOLS = ("ask_person", "decline")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One tool call and what came of it."""

    tool: str
    result: Mapping[str, Any] | None
    """None when the call failed or has no result yet."""
    failure: str = ""


@dataclass(slots=True)
class Turn:
    """What one prompt of the person led to."""

    prompt: str
    calls: list[ToolCallPart] = field(default_factory=list[ToolCallPart])
    returns: dict[str, ToolReturnPart] = field(default_factory=dict[str, ToolReturnPart])

    def exchanges(self) -> Iterator[Exchange]:
        """The calls that have come back, in order."""
        for call in self.calls:
            part = self.returns.get(call.tool_call_id)
            if part is None:
                return
            yield _exchange(call.tool_name, part)


def turns_of(messages: Sequence[ModelMessage]) -> list[Turn]:
    """The turns, oldest first; what came before the first prompt is left out."""
    turns: list[Turn] = []
    for message in messages:
        if isinstance(message, ModelRequest):
            for part in message.parts:
                if isinstance(part, UserPromptPart):
                    turns.append(Turn(_text(part)))
                elif isinstance(part, ToolReturnPart) and turns:
                    turns[-1].returns[part.tool_call_id] = part
        elif turns:
            turns[-1].calls.extend(
                part for part in message.parts if isinstance(part, ToolCallPart) and part.tool_name not in OUTPUT_TOOLS
            )
    return turns


def calls_in(messages: Sequence[ModelMessage]) -> int:
    """How many tool calls the conversation holds: ids go on from there."""
    return sum(
        isinstance(part, ToolCallPart)
        for message in messages
        if isinstance(message, ModelResponse)
        for part in message.parts
    )


def _text(part: UserPromptPart) -> str:
    if isinstance(part.content, str):
        return part.content
    return " ".join(item for item in part.content if isinstance(item, str))


def _exchange(tool: str, part: ToolReturnPart) -> Exchange:
    if part.outcome != "success":
        return Exchange(tool, None, _sentence(part))
    content: object = part.content
    return Exchange(tool, cast("dict[str, Any]", content) if isinstance(content, dict) else {})


def _sentence(part: ToolReturnPart) -> str:
    if part.outcome == "denied":
        return "That was not approved; nothing was changed."
    return str(part.content)
