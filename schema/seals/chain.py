"""What can be wrong with a seal by itself and with its place in the chain, rows aside."""

from collections.abc import Iterator

from schema.seals.head import NOTHING_BEFORE, Head, Seal
from schema.seals.keys import PublicKey
from schema.seals.leaf import FORM
from schema.seals.merkle import root


def faults(seal: Seal, before: Head | None, key: PublicKey | None) -> Iterator[str]:
    """A sentence for each thing that is wrong with a seal after `before`."""
    head = seal.head
    named = f"Seal {head.batch} (events {head.first} to {head.last})"
    if key is None:
        yield f"The key that {named} was signed with is missing."
    elif not seal.is_signed_with(key):
        yield f"{named} is not signed with this installation's key."
    if head.form != FORM:
        yield f"{named} has form {head.form}, which this version does not know."
    if not _follows(head, before):
        yield f"{named} does not follow the seal before it: a seal was removed, inserted or reordered."
    if not _holds(seal):
        yield f"The leaves of {named} do not lead to its root."


def _follows(head: Head, before: Head | None) -> bool:
    if before is None:
        return (head.batch, head.previous, head.size) == (1, NOTHING_BEFORE, head.count)
    return (head.batch, head.previous, head.size) == (before.batch + 1, before.hash(), before.size + head.count) and (
        head.first > before.last
    )


def _holds(seal: Seal) -> bool:
    head, events = seal.head, seal.events
    return (
        head.count == len(events) == len(seal.leaves) > 0
        and (head.first, head.last) == (events[0], events[-1])
        and root(seal.leaves).hex() == head.root
    )
