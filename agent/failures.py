"""Why a run could not go on, told to a person in one sentence that also says what to do."""

from dataclasses import dataclass

from pydantic_ai import exceptions

from guardrails.limits import RunLimits
from schema.errors import CrmError


@dataclass(frozen=True, slots=True)
class Failure:
    kind: str
    """A kind of CrmError, or `internal` for what nobody foresaw."""
    sentence: str


def explain(error: BaseException, model: str, limits: RunLimits) -> Failure:
    """What to tell the person; provider texts, which may hold keys and addresses, are never passed on."""
    model = model.removeprefix("openai-compatible:").replace("@http", " at http")
    if isinstance(error, CrmError):
        return Failure(error.kind, error.message)
    if isinstance(error, exceptions.RunTimedOut):
        return Failure(
            "limit", f"The run took longer than {limits.seconds:g} seconds and was stopped; ask for less at once."
        )
    if isinstance(error, exceptions.UsageLimitExceeded):
        return Failure("limit", _limit_sentence(error, limits))
    if isinstance(error, exceptions.ModelAPIError):
        return _provider_failure(error, model)
    if isinstance(error, exceptions.UnexpectedModelBehavior):
        return Failure("unavailable", _behaviour_sentence(error, model))
    return Failure("internal", "Something went wrong inside crm-agent and the run was stopped; its log says what.")


def _limit_sentence(error: exceptions.UsageLimitExceeded, limits: RunLimits) -> str:
    text = error.message
    if "request_limit" in text:
        return (
            f"The model asked {limits.requests} times without reaching an answer and was stopped; ask for less at once."
        )
    if "tool_calls_limit" in text:
        return f"The run needed more than {limits.tool_calls} tool calls and was stopped; ask for less at once."
    return f"The run used more than {limits.total_tokens:,} tokens and was stopped; ask for less at once."


_UNREADABLE = "The answer of {model} could not be read; ask again, or use another model."

# From the particular to the general: a quota error is no rate limit, a timeout is also a connection error.
_PROVIDER_FAILURES: tuple[tuple[type[exceptions.ModelAPIError], str, str], ...] = (
    (
        exceptions.ModelAuthenticationError,
        "setup",
        "The provider of {model} rejected the key; check it (OPENAI_API_KEY for OpenAI), or use the model offline.",
    ),
    (
        exceptions.ModelQuotaExceededError,
        "unavailable",
        "The provider of {model} says that the account's quota is used up; top it up, or use the model offline.",
    ),
    (
        exceptions.ModelRateLimitError,
        "unavailable",
        "The provider of {model} takes no more requests for now (rate limit); ask again {when}.",
    ),
    (
        exceptions.ModelNotFoundError,
        "setup",
        "The provider knows no model {model} at this address; check CRM_AGENT_MODEL and OPENAI_BASE_URL.",
    ),
    (
        exceptions.ModelContextWindowExceededError,
        "limit",
        "The conversation has grown too long for {model}; start a new one, or ask for less at once.",
    ),
    (
        exceptions.ModelRequestRejectedError,
        "unavailable",
        "The provider of {model} rejected the request; check that this model can call tools, or use another.",
    ),
    (
        exceptions.ModelTimeoutError,
        "unavailable",
        "The provider of {model} did not answer in time; ask again later, or use the model offline.",
    ),
    (
        exceptions.ModelRequestTimeout,
        "unavailable",
        "The provider of {model} did not answer in time; ask again later, or use the model offline.",
    ),
)


def _provider_failure(error: exceptions.ModelAPIError, model: str) -> Failure:
    for category, kind, sentence in _PROVIDER_FAILURES:
        if isinstance(error, category):
            when = f"in {error.retry_after:.0f} seconds" if error.retry_after else "in a minute"
            return Failure(kind, sentence.format(model=model, when=when))
    if isinstance(error, exceptions.ModelConnectionError):
        return Failure("unavailable", _connection_sentence(error, model))
    if isinstance(error.__cause__, ValueError):
        return Failure("unavailable", _UNREADABLE.format(model=model))
    return Failure("unavailable", f"The provider of {model} failed; ask again later, or use the model offline.")


def _connection_sentence(error: exceptions.ModelConnectionError, model: str) -> str:
    if error.in_stream or error.phase == "read":
        return f"The provider of {model} broke off in the middle of its answer; ask again."
    return f"The provider of {model} cannot be reached; check the address and the network, or use the model offline."


def _behaviour_sentence(error: exceptions.UnexpectedModelBehavior, model: str) -> str:
    if isinstance(error, exceptions.ContentFilterError):
        return f"The provider of {model} withheld its answer (content filter); put the request in other words."
    if isinstance(error, exceptions.IncompleteToolCall):
        return f"The answer of {model} was cut off in the middle of a tool call; ask for less at once."
    if "retries" in error.message:
        return f"The model {model} kept calling tools in ways that do not work and was stopped; reword, or use another model."
    return _UNREADABLE.format(model=model)
