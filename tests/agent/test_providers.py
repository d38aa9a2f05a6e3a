"""What is asked of real OpenAI: a summary of the reasoning, where there is one to be had."""

import pytest

from agent.loop import ask
from evals.standin.script import Fault, FaultKind, Outcome, Reply, Request, Script
from evals.standin.server import StandIn
from tools.context import ToolContext

UNVERIFIED = Fault(
    FaultKind.STATUS,
    400,
    "unsupported_value",
    "Your organization must be verified to generate reasoning summaries.",
)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")


def summaries_asked(stand_in: StandIn) -> list[str | None]:
    return [summary_in(request) for request in stand_in.requests]


def summary_in(request: Request) -> str | None:
    reasoning: dict[str, str] = request.body.get("reasoning") or {}
    return reasoning.get("summary")


def verified(_: Request) -> Outcome:
    return Reply(text="Yes.")


def unverified(request: Request) -> Outcome:
    return UNVERIFIED if summary_in(request) else Reply(text="Yes.")


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    ("model", "script", "asked"),
    [
        ("openai:gpt-5.4-mini", verified, ["auto"]),
        ("openai:gpt-5.4-mini", unverified, ["auto", None]),
        ("openai:gpt-4o", unverified, [None]),
    ],
)
def test_a_summary_is_asked_for_until_it_is_refused(
    desk: ToolContext,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    script: Script,
    asked: list[str | None],
    is_streamed: bool,
) -> None:
    with StandIn(script) as stand_in:
        monkeypatch.setenv("OPENAI_BASE_URL", stand_in.url)
        result = ask(desk, "Hello", model=model, is_streamed=is_streamed)
    assert (result.status, result.answer, result.model) == ("completed", "Yes.", model)
    assert summaries_asked(stand_in) == asked
    assert stand_in.requests[0].headers["authorization"] == "Bearer sk-made-up"


def test_the_price_of_a_known_model_is_told(desk: ToolContext, monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(lambda _: Reply(text="Yes.", input_tokens=1_000_000, output_tokens=0)) as stand_in:
        monkeypatch.setenv("OPENAI_BASE_URL", stand_in.url)
        cost = ask(desk, "Hello", model="openai-chat:gpt-4o").usage.cost_usd
    assert cost is not None
    assert float(cost) > 0


def test_another_rejection_is_not_asked_twice(desk: ToolContext, monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(lambda _: Fault(FaultKind.STATUS, 400, "invalid_request_error", "No.")) as stand_in:
        monkeypatch.setenv("OPENAI_BASE_URL", stand_in.url)
        result = ask(desk, "Hello", model="openai:gpt-5.4-mini")
    assert (result.status, len(stand_in.requests)) == ("failed", 1)
