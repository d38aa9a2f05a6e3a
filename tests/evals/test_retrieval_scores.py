"""Scores of rankings, worked out by hand."""

from math import log2

import pytest

from evals.retrieval.scores import Score, average, score


def test_a_page_with_all_that_is_relevant_first_is_perfect() -> None:
    assert score(["a", "b", "c"], {"a": 2, "b": 1}) == Score(1.0, 1.0, 1.0)


def test_what_comes_late_or_not_at_all_counts_less() -> None:
    found = score(["x", "b", "y", "a"], {"a": 2, "b": 1, "c": 2})

    assert found.recall == pytest.approx(2 / 3)
    assert found.reciprocal_rank == 0.5
    assert found.gain == pytest.approx((1 / log2(3) + 3 / log2(5)) / (3 + 3 / log2(3) + 1 / 2))


def test_what_is_not_on_the_first_page_was_not_found() -> None:
    assert score([*"abcdefghij", "k"], {"k": 2}) == Score(0.0, 0.0, 0.0)
    assert score([], {"k": 2}) == Score(0.0, 0.0, 0.0)


def test_of_more_than_a_page_can_hold_a_page_is_asked() -> None:
    relevant = {f"r{number}": 2 for number in range(12)}

    assert score(list(relevant)[:10], relevant) == Score(1.0, 1.0, 1.0)


def test_scores_are_averaged_one_by_one() -> None:
    assert average([Score(1.0, 1.0, 0.5), Score(0.0, 0.5, 0.0)]) == Score(0.5, 0.75, 0.25)
