"""A model's answer checked against what its tools returned, and sent back once when a number in it has no source."""

from collections.abc import Sequence
from typing import Any, cast

from pydantic_ai import ModelRetry, RunContext
from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart, UserPromptPart

from agent.outputs import Output
from agent.toolset import RunScope
from guardrails.grounding import ungrounded


async def mend(ctx: RunContext[RunScope], output: Output) -> Output:
    """The answer as it is; the first time a number in it is ungrounded, a request to mend it instead.

    What is ungrounded after that is listed in the run's result. The offline planner takes its numbers from results, and
    has no second wording.
    """
    scope = ctx.deps
    if ctx.partial_output or not isinstance(output, str) or scope.is_asked_to_mend or scope.context.model == "offline":
        return output
    found = ungrounded(output, _results(ctx.messages), _told(ctx.messages))
    if not found:
        return output
    scope.is_asked_to_mend = True
    raise ModelRetry(
        f"These numbers are in no tool result and do not follow from one: {', '.join(found[:20])}. Look them up, or answer "
        "without them."
    )


def _results(messages: Sequence[ModelMessage]) -> list[Any]:
    return [cast("Any", part.content) for part in _parts(messages) if isinstance(part, ToolReturnPart)]


def _told(messages: Sequence[ModelMessage]) -> list[str]:
    return [str(part.content) for part in _parts(messages) if isinstance(part, UserPromptPart)]


def _parts(messages: Sequence[ModelMessage]) -> list[object]:
    return [part for message in messages if isinstance(message, ModelRequest) for part in message.parts]
