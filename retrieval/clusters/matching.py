"""Which of yesterday's clusters each of today's is, by the records they share."""

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar
from uuid import UUID

LEAST_SHARED = 0.3
"""Of the records of both together; below it a cluster is a new one."""

Found = TypeVar("Found", bound=Hashable)


def match(known: Mapping[UUID, AbstractSet[UUID]], found: Mapping[Found, AbstractSet[UUID]]) -> dict[Found, UUID]:
    """The earlier id of each cluster that had one; no id is given twice, and the largest overlaps choose first."""
    clusters_of: dict[UUID, list[UUID]] = {}
    for cluster, members in known.items():
        for member in members:
            clusters_of.setdefault(member, []).append(cluster)
    overlaps: list[tuple[float, str, int, Found]] = []
    for order, (label, members) in enumerate(found.items()):
        shared: dict[UUID, int] = {}
        for member in members:
            for cluster in clusters_of.get(member, ()):
                shared[cluster] = shared.get(cluster, 0) + 1
        for cluster, count in shared.items():
            part = count / len(members | known[cluster])
            if part >= LEAST_SHARED:
                overlaps.append((-part, str(cluster), order, label))
    matched: dict[Found, UUID] = {}
    taken: set[str] = set()
    for _, cluster, _, label in sorted(overlaps, key=lambda each: each[:3]):
        if label not in matched and cluster not in taken:
            matched[label] = UUID(cluster)
            taken.add(cluster)
    return matched
