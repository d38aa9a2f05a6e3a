"""An answer with a number that no tool returned is sent back once, and then listed."""

import pytest

from agent.loop import ask
from evals.standin.script import Call, Reply, Request
from evals.standin.server import StandIn
from tests.agent.standins import PROTOCOLS, model_at
from tests.schema.filled import Filled
from tools.context import ToolContext

FIND = Reply(text="I look.", calls=(Call("find_records", {"kinds": ["opportunity"]}),))

promise = pytest.mark.promise


def said(*outcomes: Reply) -> StandIn:
    """A stand-in that gives one outcome for each message of the model in the whole conversation."""

    def script(request: Request) -> Reply:
        return outcomes[sum(message.role == "assistant" for message in request.messages)]

    return StandIn(script)


@promise("exact:numbers")
@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_model_is_asked_once_to_mend_a_number(
    desk: ToolContext, near: Filled, protocol: str, is_streamed: bool
) -> None:
    with said(FIND, Reply(text="It is worth 7,777 EUR."), Reply(text="It is worth 1,000.10 EUR.")) as stand_in:
        result = ask(desk, "What is it worth?", model=model_at(stand_in, protocol), is_streamed=is_streamed)
    assert (result.status, result.answer, result.ungrounded) == ("completed", "It is worth 1,000.10 EUR.", [])
    assert result.usage.requests == 3


@promise("exact:numbers")
def test_what_stays_ungrounded_is_listed(desk: ToolContext, near: Filled) -> None:
    with said(FIND, Reply(text="It is worth 7,777 EUR."), Reply(text="It is worth 8,888 EUR.")) as stand_in:
        result = ask(desk, "What is it worth?", model=model_at(stand_in))
    assert (result.status, result.ungrounded) == ("completed", ["8,888"])


def test_a_number_from_an_earlier_turn_is_grounded(desk: ToolContext, near: Filled) -> None:
    with said(FIND, Reply(text="There is one."), Reply(text="As I saw, 1,000.10 EUR.")) as stand_in:
        first = ask(desk, "What is there?", model=model_at(stand_in))
        second = ask(desk, "And its worth?", conversation_id=first.conversation_id, model=model_at(stand_in))
    assert (second.answer, second.ungrounded) == ("As I saw, 1,000.10 EUR.", [])
