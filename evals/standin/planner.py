"""A pydantic-ai model put behind the wire: the stand-in answers as the offline planner, or any other, would."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, cast

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from evals.standin.script import Call, Message, Reply, Request, Script


def planned_by(make: Callable[[], Model[Any]]) -> Script:
    """A script that hands each request to a model that `make` builds afresh, and sends what it says."""

    def script(request: Request) -> Reply:
        parameters = ModelRequestParameters(
            function_tools=[
                ToolDefinition(
                    name=tool["name"],
                    description=tool.get("description"),
                    parameters_json_schema=tool.get("parameters", {}),
                )
                for tool in request.tools
            ]
        )
        response = asyncio.run(make().request(as_messages(request.messages), None, parameters))
        return as_reply(response)

    return script


def as_messages(wire: Sequence[Message]) -> list[ModelMessage]:
    """The request as pydantic-ai would hold it: results joined in one message, each with its tool's name."""
    tools = {call.call_id: call.tool for message in wire for call in message.calls}
    messages: list[ModelMessage] = []
    for message in wire:
        if message.role == "assistant":
            messages.append(ModelResponse(parts=_said(message)))
        elif message.role != "system":
            part = _returned(message, tools) if message.role == "tool" else UserPromptPart(message.text)
            _add_to_request(messages, part)
    return messages


def as_reply(response: ModelResponse) -> Reply:
    return Reply(
        text="".join(part.content for part in response.parts if isinstance(part, TextPart)),
        reasoning="\n".join(part.content for part in response.parts if isinstance(part, ThinkingPart)),
        calls=tuple(Call(part.tool_name, part.args_as_dict(), part.tool_call_id) for part in response.tool_calls),
        input_tokens=response.usage.input_tokens,
        output_tokens=response.usage.output_tokens,
    )


def _said(message: Message) -> list[ModelResponsePart]:
    text: list[ModelResponsePart] = [TextPart(message.text)] if message.text else []
    return [*text, *(ToolCallPart(call.tool, call.args, tool_call_id=call.call_id or "") for call in message.calls)]


def _returned(message: Message, tools: dict[str | None, str]) -> ToolReturnPart[Any]:
    """A tool's result; over the wire a failure is an object with nothing but `error`."""
    name, call_id = tools.get(message.call_id, ""), message.call_id or ""
    if isinstance(content := _parsed(message.text), dict):
        fields = cast("dict[str, Any]", content)
        if fields.keys() == {"error"}:
            return ToolReturnPart(name, fields["error"], tool_call_id=call_id, outcome="failed")
        return ToolReturnPart(name, fields, tool_call_id=call_id)
    return ToolReturnPart(name, str(content), tool_call_id=call_id)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _add_to_request(messages: list[ModelMessage], part: ModelRequestPart) -> None:
    if messages and isinstance(last := messages[-1], ModelRequest):
        messages[-1] = ModelRequest(parts=[*last.parts, part])
    else:
        messages.append(ModelRequest(parts=[part]))
