"""Merkle trees as RFC 6962 has them: hashes of leaves and nodes, roots, and proofs that a leaf is in a tree."""

from collections.abc import Sequence
from hashlib import sha256

LEAF = b"\x00"
NODE = b"\x01"
"""The two prefixes keep a node from being passed off as a leaf (RFC 6962, section 2.1)."""


def levels(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    """The tree from its leaves to its root, each level half as long; a last node without a partner moves up as it is.

    This is the same tree as splitting at the largest power of two (RFC 6962), built from below.
    """
    made: list[Sequence[bytes]] = [leaves]
    while len(made[-1]) > 1:
        below = made[-1]
        above = [sha256(NODE + below[i] + below[i + 1]).digest() for i in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            above.append(below[-1])
        made.append(above)
    return made


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over at least one leaf."""
    return levels(leaves)[-1][0]


def proof(tree: Sequence[Sequence[bytes]], position: int) -> list[bytes]:
    """The audit path of the leaf at `position` in a tree that `levels` made: the partners, from below."""
    path: list[bytes] = []
    for level in tree[:-1]:
        partner = position ^ 1
        if partner < len(level):
            path.append(level[partner])
        position //= 2
    return path


def root_from(leaf: bytes, position: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its audit path lead to, or None when the path does not fit the tree's size."""
    if not 0 <= position < count:
        return None
    partners = iter(path)
    node = leaf
    while count > 1:
        if position ^ 1 < count:
            partner = next(partners, None)
            if partner is None:
                return None
            node = sha256(NODE + (partner + node if position % 2 else node + partner)).digest()
        position, count = position // 2, (count + 1) // 2
    return node if next(partners, None) is None else None
