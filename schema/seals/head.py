"""The head of a batch: what is signed, and how it is written."""

import base64
import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any

from schema.seals.keys import PublicKey, SealKey
from schema.seals.leaf import FORM

NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """One batch of one tenant's events; each names the one before by its hash."""

    tenant_id: str
    batch: int
    """Counts from 1 within the tenant."""
    first: int
    last: int
    """Event ids of the first and the last event; no event of the tenant lies between this batch and the one before."""
    count: int
    size: int
    """How many events of the tenant are sealed with this batch."""
    root: str
    """The RFC 6962 root over the batch's leaves, in hexadecimal."""
    previous: str
    """SHA-256 of the canonical bytes of the head before."""
    sealed_at: str
    key_id: str
    form: int = FORM

    def canonical(self) -> bytes:
        """The bytes that are signed: JSON with sorted keys and no space."""
        return canonical(asdict(self))

    def hash(self) -> str:
        return sha256(self.canonical()).hexdigest()

    @classmethod
    def from_json(cls, told: Any) -> "Head":
        """Raises TypeError or ValueError for what is no head."""
        head = cls(**told)
        kinds = cls.__annotations__
        for name in cls.__dataclass_fields__:
            if type(getattr(head, name)) is not kinds[name]:
                raise ValueError(name)
        return head


def canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Seal:
    """A signed head with the ids and leaves of its events, as a line of the seals file holds it."""

    head: Head
    signature: bytes
    events: tuple[int, ...]
    leaves: tuple[bytes, ...]

    @classmethod
    def sign(cls, key: SealKey, head: Head, events: tuple[int, ...], leaves: tuple[bytes, ...]) -> "Seal":
        return cls(head, key.sign(head.canonical()), events, leaves)

    def is_signed_with(self, key: PublicKey) -> bool:
        return self.head.key_id == key.key_id and key.has_signed(self.head.canonical(), self.signature)

    def to_json(self) -> dict[str, Any]:
        """Event ids travel as the steps between them, which are short."""
        return {
            "head": asdict(self.head),
            "signature": encode(self.signature),
            "events": [self.events[0], *(later - earlier for earlier, later in pairwise(self.events))],
            "leaves": encode(b"".join(self.leaves)),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Seal":
        """Raises KeyError, TypeError or ValueError for what is no seal."""
        leaves = decode(told["leaves"])
        return cls(
            Head.from_json(told["head"]),
            decode(told["signature"]),
            tuple(accumulate(told["events"])),
            tuple(leaves[place : place + 32] for place in range(0, len(leaves), 32)),
        )


def encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
