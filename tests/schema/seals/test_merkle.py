"""Roots and proofs are RFC 6962's."""

from collections.abc import Sequence
from hashlib import sha256

import pytest

from schema.seals.merkle import levels, proof, root, root_from


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two below the count."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


def made(count: int) -> list[bytes]:
    return [sha256(b"\x00" + bytes([number])).digest() for number in range(count)]


@pytest.mark.parametrize("count", range(1, 34))
def test_root_and_every_proof(count: int) -> None:
    leaves = made(count)
    tree = levels(leaves)

    assert root(leaves) == by_definition(leaves)
    for position, leaf in enumerate(leaves):
        path = proof(tree, position)
        assert root_from(leaf, position, count, path) == root(leaves)
        assert root_from(leaf, position, count, [*path, leaf]) is None
        assert root_from(made(40)[39], position, count, path) != root(leaves)
        assert not path or root_from(leaf, position, count, path[:-1]) is None


def test_a_position_outside_the_tree_has_no_root() -> None:
    assert root_from(made(1)[0], 1, 1, []) is None
    assert root_from(made(1)[0], -1, 1, []) is None


def test_the_known_root_of_eight_leaves() -> None:
    """From the test vectors of Certificate Transparency's reference implementation."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in inputs]

    assert root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
