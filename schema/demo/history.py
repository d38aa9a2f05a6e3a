"""What happened to each record: its rows as they stood after every change, and the change that led there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schema.demo.chance import Chance
from schema.demo.staff import Staff
from schema.kinds import KINDS
from schema.models import Base
from schema.models.base import SCHEMA

Row = dict[str, Any]

AGENT_TOOLS = {
    "create": "create_record",
    "update": "update_record",
    "delete": "delete_record",
    "restore": "restore_record",
}


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that happened to one record in one operation."""

    operation_id: UUID
    occurred_at: datetime
    action: str
    record_kind: str
    record_id: UUID
    user: Staff | None
    """None when the system itself did it."""
    via_agent: bool
    reason: str
    prompt: str | None

    @property
    def tool(self) -> str | None:
        return AGENT_TOOLS[self.action] if self.via_agent else None


@dataclass(frozen=True, slots=True)
class Version:
    """One table row, whole, as it stood after a change; without one where the table is not audited."""

    table: str
    change: Change | None
    row: Row


def _template(table: str, kind: str) -> Row:
    """A row of a record's table before anything is known of it."""
    row: Row = dict.fromkeys(Base.metadata.tables[f"{SCHEMA}.{table}"].columns.keys())
    fixed: Row = {"version": 1, "custom": {}, "via_agent": False, "record_kind": kind}
    if table in {"leads", *LEAD_TABLES}:
        fixed["kind"] = kind
    return {name: fixed.get(name) for name in row}


LEAD_TABLES = ("opportunities", "jobs", "partnerships")
TEMPLATES: Mapping[str, Mapping[str, Row]] = {
    kind.name: {table: _template(table, kind.name) for table in kind.tables} for kind in KINDS.values()
}
"""By kind and table; the first table of a kind has the version."""


class RecordHistory:
    """The life of one record, told in order; `versions` is what became of its rows."""

    def __init__(self, chance: Chance, tenant_id: UUID, kind: str) -> None:
        self.kind = kind
        self.versions: list[Version] = []
        self._chance = chance
        self._tenant_id = tenant_id
        self._rows: dict[str, Row] = {}
        self.changed_at = chance.now

    @property
    def id(self) -> UUID:
        return self._head["id"]

    @property
    def is_deleted(self) -> bool:
        """False as well where the present came before the deletion."""
        return self._head["deleted_at"] is not None

    @property
    def _head(self) -> Row:
        return next(iter(self._rows.values()))

    def value(self, name: str) -> Any:
        """What a field holds now."""
        return next(row[name] for row in self._rows.values() if name in row)

    def create(
        self,
        at: datetime,
        by: Staff,
        reason: str,
        fields: Mapping[str, Any],
        *,
        prompt: str | None = None,
        tags: tuple[str, ...] = (),
    ) -> UUID:
        """Brings the record to life; a prompt means that an agent did it. Returns its id."""
        at = min(at, self._chance.now)
        record_id = self._chance.new_id(at)
        change = self._change(at, by, "create", record_id, reason, prompt)
        standing = {
            "tenant_id": self._tenant_id,
            "id": record_id,
            "created_at": at,
            "created_by": by.user_id,
            "updated_at": at,
            "updated_by": by.user_id,
            "via_agent": prompt is not None,
            **fields,
        }
        for table, template in TEMPLATES[self.kind].items():
            row = {name: standing.get(name, default) for name, default in template.items()}
            self._rows[table] = row
            self.versions.append(Version(table, change, row))
        self.changed_at = at
        for tag in tags:
            self.part("record_tags", {"record_id": record_id, "tag": tag})
        return record_id

    def part(self, table: str, row: Row) -> None:
        """Adds a row that came with the record's latest change, such as a participant or a tag."""
        self.versions.append(Version(table, self.versions[-1].change, {"tenant_id": self._tenant_id, **row}))

    def update(
        self, at: datetime, by: Staff, reason: str, fields: Mapping[str, Any], *, prompt: str | None = None
    ) -> None:
        """One change of some fields; none where they hold those values already, or where the present has been reached."""
        if any(self.value(name) != wanted for name, wanted in fields.items()):
            self._write("update", at, by, reason, fields, prompt)

    def delete(self, at: datetime, by: Staff, reason: str, *, prompt: str | None = None) -> None:
        at = max(at, self.changed_at + timedelta(seconds=1))
        self._write("delete", at, by, reason, {"deleted_at": at}, prompt)

    def restore(self, at: datetime, by: Staff, reason: str) -> None:
        self._write("restore", at, by, reason, {"deleted_at": None}, None)

    def _write(
        self, action: str, at: datetime, by: Staff, reason: str, fields: Mapping[str, Any], prompt: str | None
    ) -> None:
        at = min(max(at, self.changed_at + timedelta(seconds=1)), self._chance.now)
        if at <= self.changed_at:
            return
        change = self._change(at, by, action, self.id, reason, prompt)
        head = self._head
        standing = {
            **fields,
            "updated_at": at,
            "updated_by": by.user_id,
            "via_agent": prompt is not None,
            "version": head["version"] + 1,
        }
        for table, row in self._rows.items():
            if row is head or any(name in row and row[name] != value for name, value in fields.items()):
                changed = {name: standing.get(name, value) for name, value in row.items()}
                self._rows[table] = changed
                self.versions.append(Version(table, change, changed))
        self.changed_at = at

    def _change(self, at: datetime, by: Staff, action: str, record_id: UUID, reason: str, prompt: str | None) -> Change:
        operation_id = self._chance.new_id(at)
        return Change(operation_id, at, action, self.kind, record_id, by, prompt is not None, reason, prompt)
