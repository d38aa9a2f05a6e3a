"""The stand-in provider, driven by OpenAI's own client: both protocols, whole and in pieces."""

import json
from collections.abc import Sequence
from typing import Any, Literal

import openai
import pytest

from evals.standin.script import Call, Fault, FaultKind, Reply, Request, in_turn
from evals.standin.server import StandIn

REPLY = Reply(
    text="Looking for Zoë.",
    reasoning="Who is she?",
    calls=(Call("find_records", {"query": "Zoë"}), Call("get_record", '{"broken')),
)


def sumprod(some: Sequence[float], others: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(some, others, strict=True))


def client_of(stand_in: StandIn) -> openai.OpenAI:
    return openai.OpenAI(base_url=stand_in.url, api_key="sk-made-up", max_retries=0)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_chat_completions_carry_text_reasoning_and_calls(is_streamed: bool) -> None:
    with StandIn(in_turn([REPLY])) as stand_in, client_of(stand_in) as client:
        messages: Any = [{"role": "user", "content": "Find Zoë"}]
        if is_streamed:
            with client.chat.completions.stream(model="m", messages=messages) as stream:
                completion: Any = stream.get_final_completion()
        else:
            completion = client.chat.completions.create(model="m", messages=messages)
    message = completion.choices[0].message
    assert message.content == "Looking for Zoë."
    assert message.reasoning_content == "Who is she?"
    assert [(call.id, call.function.name) for call in message.tool_calls] == [
        ("call_1", "find_records"),
        ("call_2", "get_record"),
    ]
    assert json.loads(message.tool_calls[0].function.arguments) == {"query": "Zoë"}
    assert message.tool_calls[1].function.arguments == '{"broken'
    assert completion.usage.total_tokens == 110
    assert completion.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("is_streamed", [False, True])
def test_responses_carry_text_reasoning_and_calls(is_streamed: bool) -> None:
    with StandIn(in_turn([REPLY])) as stand_in, client_of(stand_in) as client:
        if is_streamed:
            with client.responses.stream(model="m", input="Find Zoë") as stream:
                response: Any = stream.get_final_response()
        else:
            response = client.responses.create(model="m", input="Find Zoë")
    assert response.output_text == "Looking for Zoë."
    assert response.output[0].summary[0].text == "Who is she?"
    assert [(item.call_id, item.name) for item in response.output[2:]] == [
        ("call_1", "find_records"),
        ("call_2", "get_record"),
    ]
    assert response.usage.total_tokens == 110


def test_a_script_sees_the_same_conversation_in_both_protocols() -> None:
    seen: list[Request] = []

    def script(request: Request) -> Reply:
        seen.append(request)
        return Reply(text="Yes")

    call = {"id": "c1", "type": "function", "function": {"name": "t", "arguments": "{}"}}
    chat: Any = [
        {"role": "system", "content": "Rules"},
        {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
        {"role": "assistant", "content": "Wait", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]
    items: Any = [
        {"role": "user", "content": [{"type": "input_text", "text": "Hello"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Wait"}]},
        {"type": "function_call", "call_id": "c1", "name": "t", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "42"},
    ]
    with StandIn(script) as stand_in, client_of(stand_in) as client:
        client.chat.completions.create(model="m", messages=chat)
        client.responses.create(model="m", instructions="Rules", input=items)
    assert seen[0].messages == seen[1].messages
    assert [message.role for message in seen[0].since_the_person_spoke] == ["assistant", "tool"]
    assert (seen[0].protocol, seen[1].protocol) == ("chat", "responses")


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(FaultKind.STATUS, 401, "invalid_api_key"), openai.AuthenticationError),
        (Fault(FaultKind.STATUS, 429, "rate_limit_exceeded", retry_after="7"), openai.RateLimitError),
        (Fault(FaultKind.STATUS, 500), openai.InternalServerError),
    ],
)
def test_a_fault_is_what_openai_would_send(fault: Fault, error: type[openai.APIStatusError], is_streamed: bool) -> None:
    with StandIn(in_turn([fault])) as stand_in, client_of(stand_in) as client, pytest.raises(error) as caught:
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello"}], stream=is_streamed)
    assert caught.value.response.headers.get("Retry-After") == fault.retry_after


@pytest.mark.parametrize("encoding", ["float", openai.omit], ids=["float", "base64"])
def test_embeddings_of_texts_that_share_words_lie_near(encoding: Literal["float"] | openai.Omit) -> None:
    texts = ["The invoice is wrong.", "a wrong invoice", "The weather"]
    with StandIn(in_turn([Reply()])) as stand_in, client_of(stand_in) as client:
        answer = client.embeddings.create(
            model="text-embedding-3-large", input=texts, dimensions=512, encoding_format=encoding
        )
        default = client.embeddings.create(model="text-embedding-3-large", input=texts[0])
    invoice, wrong, weather = (item.embedding for item in answer.data)
    assert (len(invoice), len(default.data[0].embedding)) == (512, 3072)
    assert sumprod(invoice, invoice) == pytest.approx(1)
    assert sumprod(invoice, wrong) > sumprod(wrong, weather) + 0.3
    assert [message.text for message in stand_in.requests[0].messages] == texts
    assert answer.usage.total_tokens == 9


@pytest.mark.parametrize(("texts", "dimensions"), [(["text", ""], 512), ([], 512), (["text"], 4000)])
def test_embeddings_are_refused_where_openai_refuses(texts: list[str], dimensions: int) -> None:
    with StandIn(in_turn([Reply()])) as stand_in, client_of(stand_in) as client, pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="text-embedding-3-large", input=texts, dimensions=dimensions)


def test_an_unknown_path_is_not_found() -> None:
    with StandIn(in_turn([Reply()])) as stand_in, client_of(stand_in) as client, pytest.raises(openai.NotFoundError):
        client.moderations.create(input="text")
