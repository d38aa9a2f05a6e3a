"""What an undo has done so far, and what it left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tools.records.rows import Stored
from tools.records.shown import as_json


@dataclass
class Undoing:
    """One undo on its way."""

    ids: frozenset[UUID]
    """The records it covers; one of them naming another is no obstacle."""
    merges: frozenset[UUID] = frozenset()
    """Changes that are parts of merges, which come back whole: deleted records too."""
    undone: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    conflicts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def conflict(self, stored: Stored, name: str, expected: Any, found: Any) -> None:
        self.conflicts.append(
            {
                "kind": stored.kind.name,
                "record_id": str(stored.record_id),
                "label": stored.label,
                "field": name,
                "expected": as_json(expected),
                "found": as_json(found),
            }
        )

    def done(self, change_id: UUID, stored: Stored, action: str, fields: Sequence[str]) -> None:
        self.undone.append(
            {
                "change_id": str(change_id),
                "action": action,
                "kind": stored.kind.name,
                "record_id": str(stored.record_id),
                "label": stored.label,
                "fields": list(fields),
            }
        )
