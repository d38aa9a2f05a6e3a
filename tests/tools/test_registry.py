"""The registry: what each tool declares, its schema, and what all of them cost a model."""

import json

import pytest

from guardrails.effects import Effect
from guardrails.rights import is_scope
from schema.views import VIEWS
from tests.tools.desk import Desk
from tools import MODULES
from tools.context import Call
from tools.registry import REGISTRY, ToolArgs, tool
from tools.tokens import TOKENIZER, count_tokens, tool_tokens

EFFECTS = {
    "describe_schema": "read",
    "find_records": "read",
    "get_record": "read",
    "query_sql": "read",
    "search": "read",
    "create_record": "write",
    "update_record": "write",
    "update_records": "write",
    "merge_records": "destroy",
    "delete_record": "destroy",
    "restore_record": "write",
    "undo": "write",
}
BUDGET = 4000


def test_every_tool_declares_what_it_does_to_the_world() -> None:
    assert {name: spec.effect.value for name, spec in REGISTRY.items()} == EFFECTS
    assert all(spec.scope == f"record:{spec.effect}" for spec in REGISTRY.values() if spec.name != "undo")
    assert all(is_scope(spec.scope.replace("record", "*")) for spec in REGISTRY.values())
    assert len(MODULES) == 8


@pytest.mark.parametrize("name", list(EFFECTS))
def test_a_schema_is_flat_closed_and_explained(name: str) -> None:
    schema = REGISTRY[name].input_schema()
    text = json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert "$ref" not in text
    assert "anyOf" not in text
    assert '"title": "' not in text
    assert all("description" in told for told in schema["properties"].values())
    assert REGISTRY[name].description
    assert (
        ("reason" in schema["required"]) is (REGISTRY[name].effect is not Effect.READ) if "required" in schema else True
    )


@pytest.mark.parametrize("name", [name for name, effect in EFFECTS.items() if effect != "read"])
def test_every_write_takes_a_reason_last(name: str) -> None:
    assert list(REGISTRY[name].input_schema()["properties"])[-1] == "reason"


def test_two_tools_cannot_share_a_name() -> None:
    def undo(_call: Call, args: ToolArgs) -> dict[str, object]:
        """Another one."""
        return {"args": args}

    with pytest.raises(ValueError, match="two tools are called undo"):
        tool(effect=Effect.READ, scope="record:read")(undo)


def test_the_tools_fit_the_budget() -> None:
    told = tool_tokens()
    assert told["tokenizer"] == TOKENIZER
    assert told["total_tokens"] == sum(each["tokens"] for each in told["tools"]) <= BUDGET


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("hello world", 2), ("embeddings", 4), ('{"a":1}', 7), ("x" * 250, 125), ("日本", 2)]
)
def test_tokens_are_counted_as_wordpiece_does(text: str, count: int) -> None:
    assert count_tokens(text) == count


def test_the_catalog_is_told_in_short_and_in_full(untouched: Desk) -> None:
    short = untouched.ok("describe_schema")["catalog"]
    assert all(f"{view}(" in short for view in VIEWS)
    full = untouched.ok("describe_schema", view="opportunity")["catalog"]
    assert "expected_close_date" in full
    assert "stage: new (open)" in full
    assert untouched.refusal("describe_schema", view="deals")[0] == "not_found"
