"""What an undo has done so far, what it left alone, and what it has yet to write: rows that become alike go together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tools.context import Call
from tools.records.children import set_tags
from tools.records.rows import Stored, Values, among, find_all, update_all
from tools.records.shown import as_json
from tools.records.statuses import Pipeline
from tools.records.tables import TAGS


@dataclass
class Undoing:
    """One undo on its way."""

    call: Call
    ids: frozenset[UUID]
    """The records it covers; one of them naming another is no obstacle."""
    merges: frozenset[UUID] = frozenset()
    """Changes that are parts of merges, which come back whole: deleted records too."""
    tags: dict[UUID, set[str]] = field(default_factory=dict[UUID, set[str]])
    """The tags of the records, as they are to be."""
    pipelines: dict[str, Pipeline] = field(default_factory=dict[str, Pipeline])
    """The moves that each kind allows, as far as they were asked for."""
    undone: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    conflicts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    _fresh: dict[UUID, Stored] = field(default_factory=dict[UUID, Stored])
    """Records as they stood when last read."""
    _stale: set[UUID] = field(default_factory=set[UUID])
    """Those of them that have been written since."""
    _waiting: list[tuple[Stored, Values]] = field(default_factory=list[tuple[Stored, Values]])

    def read(self) -> None:
        """Reads all records and their tags at once; they are locked."""
        session, tenant_id = self.call.session, self.call.tenant_id
        self._fresh = find_all(session, tenant_id, self.ids)
        theirs = TAGS.c.tenant_id == tenant_id, among(TAGS.c.record_id, self.ids)
        self.tags = {record_id: set() for record_id in self._fresh}
        for row in session.select(sa.select(TAGS.c.record_id, TAGS.c.tag).where(*theirs)):
            self.tags[row["record_id"]].add(row["tag"])

    def find(self, record_id: UUID) -> Stored | None:
        """The record as it stands."""
        if record_id in self._stale:
            self.flush()
            self._fresh |= find_all(self.call.session, self.call.tenant_id, self._stale)
            self._stale.clear()
        return self._fresh.get(record_id)

    def write(self, stored: Stored, values: Values) -> None:
        """Puts columns back, at the latest when somebody has to know."""
        self._waiting.append((stored, values))
        self._stale.add(stored.record_id)

    def write_now(self, stored: Stored, values: Values) -> None:
        """The same, where what comes next looks at more than this record."""
        self.write(stored, values)
        self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        update_all(self.call, self._waiting)
        self._waiting.clear()

    def finish(self) -> None:
        """Writes all there is to write."""
        self.flush()
        set_tags(self.call, self.tags)

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
