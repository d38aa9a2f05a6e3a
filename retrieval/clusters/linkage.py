"""Agglomerative clustering by average linkage: no random start, no number of clusters to guess, the same for the same vectors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

ALONE = -1
"""The label of what is in no cluster."""
MOST = 4_000
"""Vectors that are compared each with each, 64 MB; more are given to the cluster whose middle is nearest."""
FAR = 0.6
"""A mean cosine distance beyond which two groups of texts are about different things, to all-MiniLM-L6-v2 and its like."""
NEARER_THAN_MEAN = 0.8
"""The same as a part of the mean distance between all of them."""
SAME = 0.05
"""Texts nearer than this say the same, however near all the others are."""


def clusters_of(vectors: Vectors, smallest: int, most: int = MOST) -> NDArray[np.intp]:
    """A label for each row, counted from 0 with the largest cluster first; ALONE for rows whose cluster is smaller than
    `smallest`.

    `vectors` is (n, d) float32 of length one each. Two clusters are joined while the mean cosine distance between their members
    is within reach. The order of the rows decides between equal distances alone; rows after the first `most` join the nearest.
    """
    if not len(vectors):
        return np.empty(0, np.intp)
    compared = vectors[:most]
    reach = reach_of(compared)
    labels = _numbered(_joined(_merges(compared), len(compared), reach), smallest)
    if len(vectors) > most:
        labels = np.concatenate([labels, _nearest(vectors[most:], compared, labels, reach)])
    return labels


def reach_of(vectors: Vectors) -> float:
    """How far apart alike texts may be: less with an embedder to which all texts are near."""
    count = len(vectors)
    if count < 2:
        return FAR
    total = vectors.sum(axis=0, dtype=np.float64)
    mean = 1 - (total @ total - count) / (count * (count - 1))
    return max(SAME, min(FAR, NEARER_THAN_MEAN * float(mean)))


def middles_of(vectors: Vectors, labels: Sequence[int]) -> dict[int, Vectors]:
    """The mean of each cluster's vectors, at length one."""
    told = np.asarray(labels)
    return {
        int(label): at_length_one(vectors[told == label].mean(axis=0, keepdims=True))[0]
        for label in np.unique(told)
        if label != ALONE
    }


def at_length_one(vectors: Vectors) -> Vectors:
    """Each row by its length; a row of nothing stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _merges(vectors: Vectors) -> list[tuple[int, int, float]]:
    """All merges with their distances, by chains of nearest neighbours (Murtagh 1983): O(n²), exact for average linkage."""
    distances = 1 - vectors @ vectors.T
    np.fill_diagonal(distances, np.inf)
    sizes = np.ones(len(vectors))
    merges: list[tuple[int, int, float]] = []
    chain: list[int] = []
    alive = np.ones(len(vectors), bool)
    while len(merges) < len(vectors) - 1:
        if not chain:
            chain.append(int(np.argmax(alive)))
        last = chain[-1]
        nearest = int(np.argmin(distances[last]))
        # Of equally near ones the one before in the chain, or it would never close.
        if len(chain) > 1 and distances[last, chain[-2]] <= distances[last, nearest]:
            nearest = chain[-2]
            del chain[-2:]
            merges.append((min(last, nearest), max(last, nearest), float(distances[last, nearest])))
            _merge(distances, sizes, alive, min(last, nearest), max(last, nearest))
        else:
            chain.append(nearest)
    return merges


def _merge(distances: Vectors, sizes: NDArray[np.float64], alive: NDArray[np.bool_], kept: int, gone: int) -> None:
    """Lance and Williams' update for average linkage, in place."""
    total = sizes[kept] + sizes[gone]
    row = (sizes[kept] * distances[kept] + sizes[gone] * distances[gone]) / total
    row[kept] = row[gone] = np.inf
    row[~alive] = np.inf
    distances[kept] = distances[:, kept] = row
    distances[gone] = distances[:, gone] = np.inf
    sizes[kept], alive[gone] = total, False


def _joined(merges: Sequence[tuple[int, int, float]], count: int, distance: float) -> NDArray[np.intp]:
    """The root of each row's cluster when all merges up to the distance are made."""
    parents = np.arange(count)

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = int(parents[at])
        return at

    for first, second, apart in merges:
        if apart <= distance:
            parents[root(second)] = root(first)
    return np.array([root(at) for at in range(count)], np.intp)


def _numbered(roots: NDArray[np.intp], smallest: int) -> NDArray[np.intp]:
    """Labels by size, the larger cluster first, and the one that begins earlier of two that are as large."""
    found, first, counts = np.unique(roots, return_index=True, return_counts=True)
    order = sorted(range(len(found)), key=lambda at: (-counts[at], first[at]))
    names = {int(found[at]): label for label, at in enumerate(each for each in order if counts[each] >= smallest)}
    return np.array([names.get(int(root), ALONE) for root in roots], np.intp)


def _nearest(others: Vectors, compared: Vectors, labels: NDArray[np.intp], distance: float) -> NDArray[np.intp]:
    middles = middles_of(compared, labels.tolist())
    if not middles:
        return np.full(len(others), ALONE, np.intp)
    names = np.array([*middles], np.intp)
    likeness = others @ np.stack([*middles.values()]).T
    best = likeness.argmax(axis=1)
    return np.where(1 - likeness.max(axis=1) <= distance, names[best], ALONE).astype(np.intp)
