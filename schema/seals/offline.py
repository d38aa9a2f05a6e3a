"""Verifies an export with nothing but the export, and the id of the key that is trusted."""

import json
from collections.abc import Iterable
from typing import Any

from schema.errors import CrmError
from schema.seals.chain import faults
from schema.seals.compare import Problem
from schema.seals.erasure import Erasure
from schema.seals.head import Head, Seal, decode
from schema.seals.keys import PublicKey
from schema.seals.leaf import erased_parts, event_id_of, fields_from, leaf_of
from schema.seals.merkle import root, root_from
from schema.seals.verdict import Findings, Verdict


def verify_export(lines: Iterable[str], trusted: str | None = None) -> tuple[Verdict, str | None]:
    """The verdict over an export's lines, and the id of the key that it holds.

    With `trusted`, the id of a key that is known from elsewhere, the export's key must be that one. Raises CrmError
    (invalid) for what is no export.
    """
    reader = _Reader(trusted)
    for number, line in enumerate(lines, start=1):
        try:
            reader.read(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise CrmError("invalid", f"Line {number} is none of an export of the audit log.") from None
    return reader.verdict(), reader.key.key_id if reader.key else None


class _Reader:
    """One pass over the lines."""

    def __init__(self, trusted: str | None) -> None:
        self.key: PublicKey | None = None
        self._trusted = trusted
        self._has_begun = False
        self._before: Head | None = None
        self._open: Seal | None = None
        """The head whose events are being read."""
        self._events: list[int] = []
        self._leaves: list[bytes] = []
        self._proofs: list[tuple[int, tuple[bytes, ...]]] = []
        self._allowed: dict[int, frozenset[str]] = {}
        self._found = Findings()

    def read(self, said: dict[str, Any]) -> None:
        if not self._has_begun:
            self._begin(said["log"])
        elif "erasure" in said:
            self._allow(Erasure.from_json(said))
        elif "head" in said:
            self._close()
            self._open = Seal(Head.from_json(said["head"]), decode(said["signature"]), (), ())
        else:
            self._event(said)

    def verdict(self) -> Verdict:
        if not self._has_begun:
            raise CrmError("invalid", "The file is empty.")
        self._close()
        self._found.sealed = self._before.size if self._before else 0
        return self._found.verdict()

    def _begin(self, log: dict[str, Any]) -> None:
        self._has_begun = True
        if log["public_key"] is not None:
            self.key = PublicKey(decode(log["public_key"]))
            if self._trusted is not None and self.key.key_id != self._trusted:
                self._found.bad_seal(None, f"The export is signed with key {self.key.key_id}, not {self._trusted}.")

    def _allow(self, erasure: Erasure) -> None:
        if self.key is None or not erasure.is_signed_with(self.key):
            self._found.bad_seal(min(erasure.events), "An erasure of it is not signed with the export's key.")
            return
        for event, parts in erasure.events.items():
            self._allowed[event] = self._allowed.get(event, frozenset()) | frozenset(parts)

    def _event(self, said: dict[str, Any]) -> None:
        fields = fields_from(said["event"])
        event = event_id_of(fields)
        parts = frozenset(erased_parts(fields))
        self._found.erased += bool(parts)
        for part in sorted(parts - self._allowed.get(event, frozenset())):
            self._found.bad(Problem(event, f"Its {part} was removed, and no signed erasure says so."))
        if said["batch"] is None:
            self._close()
            self._found.unsealed += 1
            return
        self._sealed(event, leaf_of(fields), said)

    def _sealed(self, event: int, leaf: bytes, said: dict[str, Any]) -> None:
        head = self._open.head if self._open else None
        self._found.checked += 1
        if head is None or said["batch"] != head.batch:
            self._found.bad(Problem(event, "It was inserted: no seal before it has it."))
        elif said["position"] != len(self._leaves):
            self._found.bad(Problem(event, "It was inserted or reordered, or one before it was removed."))
        self._events.append(event)
        self._leaves.append(leaf)
        self._proofs.append((said["position"], tuple(bytes.fromhex(partner) for partner in said["proof"])))

    def _close(self) -> None:
        """Checks the seal whose events have all been read."""
        if self._open is None:
            return
        head = self._open.head
        whole = Seal(head, self._open.signature, tuple(self._events), tuple(self._leaves))
        for fault in faults(whole, self._before, self.key):
            self._found.bad_seal(head.first, fault)
        if root(self._leaves or [b""]).hex() != head.root:
            self._name_changed(head)
        if len(self._events) < head.count:
            last = self._events[-1] if self._events else None
            after = f"after event {last} " if last is not None else ""
            self._found.bad(Problem(head.last, f"An event {after}was removed from seal {head.batch}."))
        self._before, self._open = head, None
        self._events, self._leaves, self._proofs = [], [], []

    def _name_changed(self, head: Head) -> None:
        """Each event's own proof says whether it is one that the head signs."""
        for event, leaf, (position, path) in zip(self._events, self._leaves, self._proofs, strict=True):
            found = root_from(leaf, position, head.count, path)
            if found is None or found.hex() != head.root:
                self._found.bad(Problem(event, "It was changed after it was sealed."))
