"""The planner as a model: its messages, its streams and its endings."""

import pytest
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from agent.offline import OfflineModel
from tests.agent.offline.asking import SITUATION, found, record

OUTPUTS = ModelRequestParameters(
    output_tools=[ToolDefinition(name="ask_person", kind="output"), ToolDefinition(name="decline", kind="output")],
    output_mode="tool",
    allow_text_output=True,
)
MODEL = OfflineModel(SITUATION)
ANNAS = [record("contact", number, "Anna Schmidt", account_name=f"Account {number}") for number in (1, 2)]


async def respond(messages: list[ModelMessage]) -> ModelResponse:
    return await MODEL.request(messages, None, OUTPUTS)


def asked(prompt: str) -> ModelMessage:
    return ModelRequest([UserPromptPart(prompt)])


def returned(call: ToolCallPart, content: object) -> ModelMessage:
    return ModelRequest([ToolReturnPart(call.tool_name, content, call.tool_call_id)])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


async def test_reasoning_comes_before_the_call_and_ids_count_on() -> None:
    messages: list[ModelMessage] = [asked("log a call with Anna Schmidt: hello")]
    response = await respond(messages)
    thinking, call = response.parts
    assert isinstance(thinking, ThinkingPart)
    assert thinking.content.splitlines()[0] == "Understood: log a call with Anna Schmidt"
    assert isinstance(call, ToolCallPart)
    assert (call.tool_name, call.tool_call_id) == ("find_records", "call-1")
    messages += [response, returned(call, found(*ANNAS, ambiguous=True))]
    question = (await respond(messages)).parts[1]
    assert isinstance(question, ToolCallPart)
    assert (question.tool_name, question.tool_call_id) == ("ask_person", "call-2")


async def test_an_answer_in_the_next_turn_goes_on_with_the_plan() -> None:
    messages: list[ModelMessage] = [asked("log a call with Anna Schmidt: hello")]
    first = await respond(messages)
    find = first.parts[1]
    assert isinstance(find, ToolCallPart)
    messages += [first, returned(find, found(*ANNAS, ambiguous=True))]
    second = await respond(messages)
    ask = second.parts[1]
    assert isinstance(ask, ToolCallPart)
    messages += [second, returned(ask, "Final result processed."), asked("the second")]
    create = (await respond(messages)).parts[1]
    assert isinstance(create, ToolCallPart)
    assert (create.tool_name, create.tool_call_id) == ("create_record", "call-3")
    assert create.args_as_dict()["fields"]["about_id"] == ANNAS[1]["record_id"]


async def test_what_it_cannot_do_is_declined() -> None:
    response = await respond([asked("asdf qwer zxcv")])
    decline = response.parts[1]
    assert isinstance(decline, ToolCallPart)
    assert decline.tool_name == "decline"
    assert "I can look up records" in decline.args_as_dict()["why"]


async def test_without_output_tools_it_speaks_in_text() -> None:
    response = await MODEL.request([asked("asdf qwer zxcv")], None, ModelRequestParameters())
    assert isinstance(response.parts[1], TextPart)


async def test_a_stream_ends_as_the_whole_response() -> None:
    messages: list[ModelMessage] = [asked("how many open deals do we have?")]
    async with MODEL.request_stream(messages, None, OUTPUTS) as stream:
        events = [event async for event in stream]
    assert events
    assert stream.get().parts == (await respond(messages)).parts


async def test_calls_of_another_model_are_remembered_and_not_replayed() -> None:
    deal = record("opportunity", 3, "Acme renewal", stage="proposal")
    theirs = ToolCallPart("find_records", {"query": "acme"}, tool_call_id="call_x")
    messages: list[ModelMessage] = [
        asked("comment va Acme ?"),
        ModelResponse([theirs]),
        returned(theirs, found(deal)),
        ModelResponse([TextPart("Bien.")]),
        asked("move it to negotiation"),
    ]
    call = (await respond(messages)).parts[1]
    assert isinstance(call, ToolCallPart)
    assert (call.tool_name, call.args_as_dict()["record_id"]) == ("update_record", deal["record_id"])
