"""The planner as a pydantic-ai model: one request in, the next tool call or the ending out."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import ModelMessage, ModelResponse, ModelResponsePart, TextPart, ThinkingPart, ToolCallPart
from pydantic_ai.models import CompletedStreamedResponse, Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from agent.offline.conversation import calls_in, turns_of
from agent.offline.plans.steps import Ask, Call, Calls, Decline, Say
from agent.offline.replay import Next, next_step
from agent.offline.situation import Situation


class OfflineModel(Model[None]):
    """Plans with words alone. It asks and declines through the output tools the agent offers for that."""

    def __init__(self, situation: Situation, *, settings: ModelSettings | None = None) -> None:
        super().__init__(settings=settings, profile=ModelProfile(supports_thinking=True))
        self._situation = situation

    @property
    def model_name(self) -> str:
        return "offline"

    @property
    def system(self) -> str:
        return "offline"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        return self._response(messages, parameters)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,  # noqa: ARG002  part of the protocol
    ) -> AsyncGenerator[StreamedResponse]:
        _, parameters = self.prepare_request(model_settings, model_request_parameters)
        response = self._response(messages, parameters)
        yield CompletedStreamedResponse(response, model_request_parameters=parameters, replay_events=True)

    def _response(self, messages: list[ModelMessage], parameters: ModelRequestParameters) -> ModelResponse:
        upcoming = next_step(turns_of(messages), self._situation)
        outputs = {tool.name for tool in parameters.output_tools}
        parts = _parts(upcoming, calls_in(messages) + 1, outputs)
        return ModelResponse(
            parts=parts, model_name=self.model_name, provider_name="offline", usage=RequestUsage(), finish_reason="stop"
        )


def _parts(upcoming: Next, number: int, outputs: set[str]) -> list[ModelResponsePart]:
    """How it was understood, then the calls, the question, the refusal or the answer; calls are numbered from there."""
    step, call_id = upcoming.step, f"call-{number}"
    calls = step.calls if isinstance(step, Calls) else (step,) if isinstance(step, Call) else ()
    lines = [upcoming.understood, *dict.fromkeys(call.why for call in calls)]
    thinking = ThinkingPart("\n".join(line for line in lines if line) or "Not understood.")
    match step:
        case Calls():
            made = (ToolCallPart(c.tool, dict(c.args), tool_call_id=f"call-{n}") for n, c in enumerate(calls, number))
            return [thinking, *made]
        case Call():
            return [thinking, ToolCallPart(step.tool, dict(step.args), tool_call_id=call_id)]
        case Ask() if "ask_person" in outputs:
            asked = {"question": step.question, "options": list(step.options)}
            return [thinking, ToolCallPart("ask_person", asked, tool_call_id=call_id)]
        case Decline() if "decline" in outputs:
            return [thinking, ToolCallPart("decline", {"why": step.why}, tool_call_id=call_id)]
        case Ask():
            return [
                thinking,
                TextPart("\n".join([step.question, *(f"{n}. {option}" for n, option in enumerate(step.options, 1))])),
            ]
        case Decline():
            return [thinking, TextPart(step.why)]
        case Say():
            return [thinking, TextPart(step.text)]
