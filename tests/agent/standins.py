"""Models that lead to a stand-in provider, by each of the two protocols."""

from collections.abc import Sequence

from pydantic_ai.models.openai import OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from agent.models import ModelChoice, choose_model
from evals.standin.script import Call, Outcome, Reply, by_step
from evals.standin.server import StandIn

PROTOCOLS = ("chat", "responses")


def model_at(stand_in: StandIn, protocol: str = "chat") -> ModelChoice:
    if protocol == "chat":
        return choose_model(f"openai-compatible:scripted@{stand_in.url}", {})
    provider = OpenAIProvider(base_url=stand_in.url, api_key="sk-made-up")
    return ModelChoice("openai:scripted", lambda _: OpenAIResponsesModel("scripted", provider=provider))


def replies(*outcomes: Outcome) -> StandIn:
    """A stand-in that gives one outcome for each step of the run."""
    return StandIn(by_step(outcomes))


def update(record_id: object, *, reasoning: str = "", **fields: str) -> Reply:
    """A reply that changes a record."""
    args = {"record_id": str(record_id), "fields": fields, "reason": "The customer asked for it."}
    return Reply(text="I change what was asked.", reasoning=reasoning, calls=(Call("update_record", args),))


def kinds_in_order(events: Sequence[str]) -> list[str]:
    """Event kinds with repeats of one kind joined."""
    return [kind for at, kind in enumerate(events) if at == 0 or events[at - 1] != kind]
