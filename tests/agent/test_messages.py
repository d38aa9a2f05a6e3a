"""What a model said: reasoning told apart from answers, text made fit to be stored, conversations told again."""

import pytest
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    UserPromptPart,
)

from agent.messages import as_json, first_line, from_json, reasoning_of, retold
from agent.wire_text import storable

CALL = ToolCallPart("find_records", {"query": "Maria"}, tool_call_id="1")


@pytest.mark.parametrize(
    ("parts", "reasoning"),
    [
        ([TextPart("Maria is here.")], None),
        ([ThinkingPart("Who? "), TextPart("Maria is here.")], "Who?"),
        ([TextPart("I look for Maria."), CALL], "I look for Maria."),
        ([ThinkingPart("Who?"), TextPart("I look."), CALL], "Who?\nI look."),
        ([CALL], None),
        ([TextPart("a\0b"), CALL], "ab"),
    ],
)
def test_text_beside_a_call_is_reasoning_and_an_answer_is_not(
    parts: list[TextPart | ThinkingPart | ToolCallPart], reasoning: str | None
) -> None:
    assert reasoning_of(ModelResponse(parts=parts)) == reasoning


def test_a_message_survives_being_stored() -> None:
    message = ModelResponse(parts=[ThinkingPart("Hm"), TextPart("Ça va 🦊"), CALL], provider_name="openai")
    assert from_json([as_json(message)]) == [message]


def test_what_postgresql_cannot_hold_is_replaced_everywhere() -> None:
    broken = {"a\0": ["x\0y", {"b": "half \ud83d"}, 1, None]}
    assert storable(broken) == {"a": ["xy", {"b": "half \ufffd"}, 1, None]}


def test_an_earlier_run_is_retold_without_its_instructions_and_without_foreign_reasoning() -> None:
    request = ModelRequest(parts=[UserPromptPart("Hello")], instructions="Old rules")
    response = ModelResponse(parts=[ThinkingPart("Hm"), CALL], provider_name="offline")
    asked, answered = (retold(message, is_own=False) for message in (request, response))
    assert isinstance(asked, ModelRequest)
    assert asked.instructions is None
    assert answered.parts == [CALL]
    assert retold(response, is_own=True) == response


def test_a_first_line_is_cut_with_an_ellipsis() -> None:
    assert first_line("one\ntwo") == "one"
    assert first_line("a" * 400, 10) == "aaaaaaaaa…"
    assert first_line(None) is None
