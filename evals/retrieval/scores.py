"""How well a ranking answers a query: recall, reciprocal rank and discounted cumulative gain, of its first ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import mean

PAGE = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Each from 0 to 1."""

    recall: float
    """Of the relevant records, or of ten where there are more, those on the page."""
    reciprocal_rank: float
    """1 by the place of the first relevant record; 0 when none is on the page."""
    gain: float
    """nDCG: what each record is worth at its place, 2^grade - 1 by log2(place + 1), beside the best page there could be
    (Järvelin and Kekäläinen 2002)."""


def score(found: Sequence[str], relevant: Mapping[str, int]) -> Score:
    """Of the records found, best first, by their grades; one without a grade is not relevant."""
    page = found[:PAGE]
    grades = [relevant.get(name, 0) for name in page]
    first = next((place for place, grade in enumerate(grades, 1) if grade), None)
    best = sorted(relevant.values(), reverse=True)[:PAGE]
    return Score(
        recall=sum(grade > 0 for grade in grades) / len(best),
        reciprocal_rank=1 / first if first else 0.0,
        gain=_worth(grades) / _worth(best),
    )


def average(scores: Sequence[Score]) -> Score:
    return Score(
        mean(each.recall for each in scores),
        mean(each.reciprocal_rank for each in scores),
        mean(each.gain for each in scores),
    )


def _worth(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))
