"""Models that speak OpenAI's protocols; imported only when one is used (see `agent.models`)."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.exceptions import ModelRequestRejectedError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings


def openai_responses(name: str) -> OpenAIResponsesModel:
    """OpenAI over the Responses API."""
    return SummarisingModel(name, provider=OpenAIProvider())


def openai_chat(name: str) -> OpenAIChatModel:
    """OpenAI, or whatever OPENAI_BASE_URL points at, over chat completions."""
    return OpenAIChatModel(name, provider=OpenAIProvider())


def openai_compatible(name: str, url: str, key: str | None) -> OpenAIChatModel:
    """Any server that speaks chat completions, expecting of it no more than most of them keep."""
    return OpenAIChatModel(
        name,
        provider=OpenAIProvider(base_url=url, api_key=key),
        profile=OpenAIModelProfile(
            # Many servers take one system message and no more, and reject schemas marked strict.
            openai_chat_supports_multiple_system_messages=False,
            openai_supports_strict_tool_definition=False,
        ),
    )


class SummarisingModel(OpenAIResponsesModel):
    """Asks for a summary of the reasoning, which the audit log keeps, where there is one to be had.

    Models that do not reason refuse the question, and so does OpenAI for organizations it has not verified:
    https://help.openai.com/en/articles/10910291-api-organization-verification
    """

    _is_refused = False

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        try:
            return await super().request(messages, self._asking(model_settings), model_request_parameters)
        except ModelRequestRejectedError as error:
            self._go_on_without(error)
        return await super().request(messages, model_settings, model_request_parameters)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        rest = (model_request_parameters, run_context)
        async with AsyncExitStack() as stack:
            try:
                asked = super().request_stream(messages, self._asking(model_settings), *rest)
                stream = await stack.enter_async_context(asked)
            except ModelRequestRejectedError as error:
                self._go_on_without(error)
                stream = await stack.enter_async_context(super().request_stream(messages, model_settings, *rest))
            yield stream

    def _asking(self, settings: ModelSettings | None) -> ModelSettings | None:
        if self._is_refused or not self.profile.get("openai_supports_reasoning"):
            return settings
        return OpenAIResponsesModelSettings(**(settings or {}), openai_reasoning_summary="auto")

    def _go_on_without(self, error: ModelRequestRejectedError) -> None:
        """Asks for no summary from now on; raises the error again when it is about anything else."""
        if self._is_refused or "summar" not in str(error.body).lower():
            raise error
        self._is_refused = True
