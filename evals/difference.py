"""The net difference between two moments, record by record, in the words of the views."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from evals.snapshot import Image, Row, Snapshot
from schema.kinds import KINDS
from schema.triggers import AUDITED

Action = Literal["create", "update", "delete", "restore"]

_STAMPS = frozenset(
    {
        "tenant_id",
        "id",
        "record_kind",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "via_agent",
        "version",
        "deleted_at",
    }
)
"""Columns that say who and when; a record that differs in nothing else is what it was."""

_KIND_OF_TABLE = {table.name: table.record_kind for table in AUDITED}
_CHILDREN = {"record_tags": "tags", "interaction_participants": "participants"}


@dataclass(frozen=True)
class NetChange:
    """One record that is not what it was."""

    action: Action
    kind: str
    """The record kind; a table's name for rows that are no record."""
    record_id: str
    label: str
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """By view column; of an update, what differs alone."""
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.after.items() if value is not None)
        return f"{self.action} {self.kind} {self.label!r}" + (f" ({told})" if told else "")


def difference(before: Snapshot, after: Snapshot) -> list[NetChange]:
    """Every record that differs, a contact's individual being part of its contact."""
    folded = dict.fromkeys(_contact_or_self(record_id, before, after) for record_id in before.changed_records(after))
    found = [_net(record_id, before, after) for record_id in folded]
    return [change for change in found if change is not None]


def _contact_or_self(record_id: str, before: Snapshot, after: Snapshot) -> str:
    contacts = sorted(after.contacts_of.get(record_id) or before.contacts_of.get(record_id) or ())
    changed = [contact for contact in contacts if before.by_record.get(contact) != after.by_record.get(contact)]
    return (changed or contacts or [record_id])[0]


def _net(record_id: str, before: Snapshot, after: Snapshot) -> NetChange | None:
    old, new = _State.of(record_id, before), _State.of(record_id, after)
    kind = new.kind or old.kind
    label = after.label_of(record_id) or record_id
    if old.is_alive and new.is_alive:
        names = [name for name in {**old.fields, **new.fields} if old.fields.get(name) != new.fields.get(name)]
        if not names:
            return None
        changed = ({name: state.fields.get(name) for name in names} for state in (old, new))
        return NetChange("update", kind, record_id, label, *changed)
    if new.is_alive:
        return NetChange("restore" if old.exists else "create", kind, record_id, label, after=new.fields)
    if old.is_alive:
        return NetChange("delete", kind, record_id, label, before=old.fields)
    return None


@dataclass(frozen=True)
class _State:
    kind: str
    exists: bool
    is_alive: bool
    fields: Mapping[str, Any]

    @classmethod
    def of(cls, record_id: str, snapshot: Snapshot) -> "_State":
        rows = list(snapshot.by_record.get(record_id, ()))
        own = [row for row in rows if row.table not in {*_CHILDREN, "records"}]
        images = [(row, row.read()) for row in own]
        kind = _kind_of(images)
        if kind == "contact":
            individual = snapshot.individual_of[record_id]
            images += [(row, row.read()) for row in snapshot.by_record[individual] if row.table == "individuals"]
        fields = _worded(kind, images) | _children(rows, snapshot)
        is_deleted = any(image.get("deleted_at") for row, image in images if row.record_id == record_id)
        return cls(kind, bool(own), bool(own) and not is_deleted, fields)


def _kind_of(images: Iterable[tuple[Row, Image]]) -> str:
    for row, image in images:
        kind = _KIND_OF_TABLE.get(row.table, row.table)
        if kind != "?":
            return kind or str(image["kind"])
    return ""


def _worded(kind: str, images: Iterable[tuple[Row, Image]]) -> dict[str, Any]:
    """Columns under the names the record's view gives them."""
    names = {(told.table, told.column): told.name for told in KINDS[kind].fields.values()} if kind in KINDS else {}
    found: dict[str, Any] = {}
    for row, image in images:
        for column, value in image.items():
            name = names.get((row.table, column), column)
            if column not in _STAMPS and (column != "kind" or name in names.values()):
                found[name] = value
    return found


def _children(rows: Iterable[Row], snapshot: Snapshot) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.table in _CHILDREN:
            image = row.read()
            person = image.get("individual_id") or image.get("user_id")
            told = str(image["tag"]) if "tag" in image else f"{snapshot.label_of(str(person))} ({image['role']})"
            found.setdefault(_CHILDREN[row.table], []).append(told)
    return {name: sorted(values) for name, values in found.items()}
