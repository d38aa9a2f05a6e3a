"""Models that speak OpenAI's protocols; imported only when one is used (see `agent.models`)."""

from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider


def openai_responses(name: str) -> OpenAIResponsesModel:
    """OpenAI over the Responses API, asked to sum up its reasoning, which the audit log keeps."""
    return OpenAIResponsesModel(
        name, provider=OpenAIProvider(), settings=OpenAIResponsesModelSettings(openai_reasoning_summary="auto")
    )


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
