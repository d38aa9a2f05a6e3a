"""What of a tool's result a model is told."""

from typing import Any

from agent.toolset import LONGEST_LIST, shortened


def test_long_lists_are_cut_and_counted() -> None:
    result: dict[str, Any] = {
        "changes": [str(number) for number in range(5_000)],
        "undone": [{}] * 7,
        "rows": [[1]] * 500,
    }
    told = shortened(result)
    assert told["changes"] == result["changes"][:LONGEST_LIST]
    assert told["changes_total"] == 5_000
    assert (told["undone"], told["rows"]) == (result["undone"], result["rows"])
    assert "undone_total" not in told


def test_a_total_that_the_tool_gave_stays() -> None:
    assert shortened({"conflicts": [{}] * 101, "conflicts_total": 900})["conflicts_total"] == 900
