"""Where the rows of a batch part from what was sealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.seals.head import Seal
from schema.seals.leaf import Fields, event_id_of, in_place_of, leaf_of
from schema.seals.merkle import root

_TRIED = 100
"""Changed events that are tried in each other's places, to tell a swap from a change."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The first event that is not as it was sealed, and what became of it."""

    event_id: int | None
    problem: str
    missing_from: str | None = None
    """The tenant that a removed event is missing from."""
    is_of_seal: bool = False
    """True when a seal is wrong, and the event only the first that it covers: less exact than what a row shows."""

    @property
    def order(self) -> tuple[bool, bool, int]:
        return self.event_id is None, self.is_of_seal, self.event_id or 0


def difference(seal: Seal, rows: Sequence[Fields]) -> Problem | None:
    """The first event of the batch that was removed, inserted, reordered or changed; rows come in order of event id."""
    found = {event_id_of(fields): fields for fields in rows}
    sealed = dict(zip(seal.events, seal.leaves, strict=False))
    changed = [event for event, fields in found.items() if event in sealed and leaf_of(fields) != sealed[event]]
    first = min([*(sealed.keys() ^ found.keys()), *changed[:1]], default=None)
    if first is None or _lead_to_root(seal, rows):
        return None
    if first not in found:
        return Problem(first, "It was removed after it was sealed.", missing_from=seal.head.tenant_id)
    if first not in sealed:
        return Problem(first, "It was inserted among sealed events.")
    if _was_swapped(first, changed[:_TRIED], found, sealed):
        return Problem(first, "It was reordered after it was sealed: it stands in another event's place.")
    return Problem(first, "It was changed after it was sealed.")


def _lead_to_root(seal: Seal, rows: Sequence[Fields]) -> bool:
    """Whether the rows are what the head signs after all, so that it is the leaves beside it that are wrong."""
    return len(rows) == seal.head.count and root([leaf_of(fields) for fields in rows]).hex() == seal.head.root


def _was_swapped(event: int, changed: Sequence[int], found: dict[int, Fields], sealed: dict[int, bytes]) -> bool:
    """Whether the row, in the place of another one that changed, is what was sealed there."""
    return any(leaf_of(in_place_of(found[event], other)) == sealed[other] for other in changed if other != event)
