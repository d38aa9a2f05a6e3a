"""The gate's rules: which of an agent's writes wait, and that a person's never do."""

import pytest

from guardrails.effects import Effect
from guardrails.gate import MOST_RECORDS, RULES, Write, rule_named, rule_that_asks
from tools.registry import REGISTRY


def asks(tool: str, count: int = 1, *, via_agent: bool = True, effect: Effect | None = None) -> str | None:
    rule = rule_that_asks(Write(tool, effect or REGISTRY[tool].effect, count, via_agent))
    return rule.id if rule else None


WRITES = [name for name, spec in REGISTRY.items() if spec.effect is not Effect.READ]


@pytest.mark.promise("gate:human")
@pytest.mark.parametrize(
    ("tool", "rule"),
    [("delete_record", "deletes"), ("merge_records", "merges"), ("update_records", "by_filter")],
)
def test_what_destroys_merges_or_is_chosen_by_a_filter_waits(tool: str, rule: str) -> None:
    assert asks(tool) == rule


@pytest.mark.promise("gate:human")
def test_any_tool_that_destroys_waits_whatever_it_is_called() -> None:
    assert asks("a_tool_to_come", effect=Effect.DESTROY) == "deletes"


@pytest.mark.promise("gate:human")
@pytest.mark.parametrize("tool", WRITES)
def test_more_records_than_a_few_wait_whatever_the_tool(tool: str) -> None:
    assert asks(tool, MOST_RECORDS + 1) is not None


@pytest.mark.parametrize("tool", ["create_record", "update_record", "restore_record", "undo"])
def test_a_few_records_pass(tool: str) -> None:
    assert asks(tool, MOST_RECORDS) is None


@pytest.mark.parametrize("tool", WRITES)
def test_a_persons_own_call_and_one_that_changes_nothing_pass(tool: str) -> None:
    assert asks(tool, 1000, via_agent=False) is None
    assert asks(tool, 0) is None


def test_each_rule_says_why_in_words_that_complete_a_sentence() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule_named(rule.id) is rule
        assert rule.why[0].islower()
        assert not rule.why.endswith(".")
