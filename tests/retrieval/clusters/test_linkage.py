"""The same vectors give the same clusters, in whatever order; a few more change little."""

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.clusters.linkage import ALONE, Vectors, clusters_of, middles_of, reach_of
from retrieval.clusters.matching import match


def around(seed: int, groups: int, each: int, noise: float = 0.3, dimensions: int = 24) -> tuple[Vectors, list[int]]:
    """Vectors around as many directions, and which of them each is around."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(groups, dimensions))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    vectors = (
        np.repeat(middles, each, axis=0) + noise * random.normal(size=(groups * each, dimensions)) / dimensions**0.5
    )
    told = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return told, [at // each for at in range(groups * each)]


def same_groups(first: list[int], second: list[int]) -> bool:
    return {frozenset(np.flatnonzero(np.array(first) == label)) for label in set(first)} == {
        frozenset(np.flatnonzero(np.array(second) == label)) for label in set(second)
    }


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(3, 12))
@settings(max_examples=40, deadline=None)
def test_groups_are_found_and_the_order_does_not_matter(seed: int, groups: int, each: int) -> None:
    vectors, told = around(seed, groups, each, noise=0.1, dimensions=64)
    labels = clusters_of(vectors, 3).tolist()
    assert same_groups(labels, told)
    order = np.random.default_rng(seed).permutation(len(vectors))
    shuffled = clusters_of(vectors[order], 3)
    back = np.empty_like(shuffled)
    back[order] = shuffled
    assert same_groups(back.tolist(), labels)


def test_what_is_like_nothing_else_is_alone_and_the_largest_comes_first() -> None:
    vectors = np.eye(8, dtype=np.float32)[[0, 0, 0, 1, 1, 1, 1, 2, 3, 3]]
    assert clusters_of(vectors, 3).tolist() == [1, 1, 1, 0, 0, 0, 0, ALONE, ALONE, ALONE]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_very_few_make_no_cluster(count: int) -> None:
    vectors = np.full((count, 4), 0.5, np.float32)
    assert clusters_of(vectors, 3).tolist() == [ALONE] * count


def test_all_alike_are_one_cluster_whatever_stands_between_equal_distances() -> None:
    vectors = np.tile(np.array([[0.6, 0.8]], np.float32), (500, 1))
    assert set(clusters_of(vectors, 3).tolist()) == {0}
    assert set(clusters_of(np.zeros((9, 4), np.float32), 3).tolist()) <= {0, ALONE}


def test_it_is_average_linkage_as_defined() -> None:
    """Against the definition: always join the two clusters whose members are nearest on average."""
    vectors, _ = around(7, 5, 8, noise=1.2)
    reach = reach_of(vectors)
    clusters = [[at] for at in range(len(vectors))]
    apart = 1 - vectors @ vectors.T

    def mean(first: list[int], second: list[int]) -> float:
        return float(apart[np.ix_(first, second)].mean())

    while len(clusters) > 1:
        pairs = [(mean(a, b), i, j) for i, a in enumerate(clusters) for j, b in enumerate(clusters) if i < j]
        nearest, i, j = min(pairs)
        if nearest > reach:
            break
        clusters[i] += clusters.pop(j)
    told = np.empty(len(vectors), int)
    for label, members in enumerate(clusters):
        told[members] = label
    assert same_groups(clusters_of(vectors, 1).tolist(), told.tolist())


def test_more_than_can_be_compared_go_to_the_nearest_middle() -> None:
    vectors, told = around(3, 4, 40, noise=0.1, dimensions=64)
    order = np.random.default_rng(1).permutation(len(vectors))
    assert same_groups(clusters_of(vectors[order], 3, most=60).tolist(), [told[at] for at in order])
    assert all(abs(np.linalg.norm(middle) - 1) < 1e-5 for middle in middles_of(vectors, told).values())


def test_a_cluster_keeps_its_id_as_long_as_most_of_it_stays() -> None:
    ids = [UUID(int=at) for at in range(30)]
    old, older, new = UUID(int=100), UUID(int=101), UUID(int=102)
    known = {old: set(ids[:10]), older: set(ids[10:20]), new: set(ids[20:22])}
    found = {0: set(ids[1:12]), 1: set(ids[12:20]), 2: set(ids[22:30])}
    assert match(known, found) == {0: old, 1: older}
    split = {0: set(ids[:6]), 1: set(ids[6:10])}
    assert match({old: set(ids[:10])}, split) == {0: old}
    assert match({}, found) == {}
    assert match(known, {}) == {}
