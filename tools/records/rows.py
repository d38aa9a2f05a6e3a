"""The rows behind records: one generic store for all kinds, with the bookkeeping that every change needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from schema.kinds import KINDS, Kind
from schema.session import ReadSession
from tools.context import Call
from tools.records.tables import RECORDS, table_of

BOOKKEEPING = frozenset(
    [
        "tenant_id",
        "id",
        "kind",
        "record_kind",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "via_agent",
        "version",
        "deleted_at",
        "merged_into_id",
    ]
)
"""Columns the store keeps by itself; everything else of a row is what people wrote."""

Values = Mapping[str, Mapping[str, Any]]
"""Table → column → value."""


@dataclass(frozen=True)
class Stored:
    """One record as its tables hold it."""

    kind: Kind
    record_id: UUID
    label: str
    rows: Mapping[str, Mapping[str, Any]]
    """Table → column → value."""

    @property
    def main(self) -> Mapping[str, Any]:
        return self.rows[self.kind.table]

    @property
    def version(self) -> int:
        return self.main["version"]

    @property
    def is_deleted(self) -> bool:
        return self.main["deleted_at"] is not None

    def value(self, field: str) -> Any:
        """What a writable field of the record's own tables holds."""
        told = self.kind.fields[field]
        return self.rows[told.table][told.column]

    def is_of(self, user_id: UUID) -> bool:
        """True for the one who created it or answers for it."""
        owner = self.kind.owner_field
        return user_id in {self.main["created_by"], self.value(owner) if owner else None}


def kind_of(name: str) -> Kind:
    """The record kind of that name; raises CrmError of kind invalid with the kinds there are."""
    if name not in KINDS:
        raise CrmError("invalid", f"There is no record kind {name!r}; the kinds are {', '.join(KINDS)}.")
    return KINDS[name]


def find(session: ReadSession, tenant_id: UUID, record_id: UUID, *, lock: bool = False) -> Stored | None:
    """The record, deleted or not; `lock` keeps others from changing it until the transaction ends."""
    registry = session.select(
        sa.select(RECORDS.c.kind, RECORDS.c.label).where(RECORDS.c.tenant_id == tenant_id, RECORDS.c.id == record_id)
    )
    if not registry:
        return None
    kind = KINDS[registry[0]["kind"]]
    rows: dict[str, Mapping[str, Any]] = {}
    for name in kind.tables:
        table = table_of(name)
        query = sa.select(table).where(table.c.tenant_id == tenant_id, table.c.id == record_id)
        # The first table is locked first, whoever comes, so that two changes of one record queue and never deadlock.
        rows[name] = session.select(query.with_for_update() if lock else query)[0]
    return Stored(kind, record_id, registry[0]["label"], rows)


def get(session: ReadSession, tenant_id: UUID, record_id: UUID, *, lock: bool = False) -> Stored:
    """The living record; raises CrmError of kind not_found when there is none or it is deleted."""
    stored = find(session, tenant_id, record_id, lock=lock)
    if stored is None:
        raise CrmError("not_found", f"There is no record {record_id}. find_records gives ids for names.")
    if stored.is_deleted:
        raise CrmError(
            "not_found", f"The {stored.kind.name} {stored.label!r} was deleted; restore_record brings it back."
        )
    return stored


def split(kind: Kind, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Field values as table → column → value; fields of other tables (tags, participants) are left out."""
    parts: dict[str, dict[str, Any]] = {name: {} for name in kind.tables}
    for name, value in values.items():
        field = kind.fields[name]
        if field.table in parts:
            parts[field.table][field.column] = value
    return parts


def insert(call: Call, kind: Kind, record_id: UUID, values: Values) -> None:
    """Writes a new record's rows."""
    now = call.world.now()
    stamps = {
        "created_at": now,
        "created_by": call.who.user_id,
        "updated_at": now,
        "updated_by": call.who.user_id,
        "via_agent": call.context.via_agent,
    }
    for name in kind.tables:
        keys: dict[str, Any] = {"tenant_id": call.tenant_id, "id": record_id}
        if kind.table == "leads":
            keys["kind"] = kind.name
        row = {**keys, **(stamps if name == kind.table else {}), **values.get(name, {})}
        call.writing.execute(sa.insert(table_of(name)).values(row))
    call.touch(record_id)


def update(call: Call, stored: Stored, values: Values) -> None:
    """Writes changed columns; the first table always changes, because it holds the version."""
    table = stored.kind.table
    stamps = {
        "updated_at": call.world.now(),
        "updated_by": call.who.user_id,
        "via_agent": call.context.via_agent,
        "version": stored.version + 1,
    }
    changed = {**values, table: {**values.get(table, {}), **stamps}}
    for name in stored.kind.tables:
        if changed.get(name):
            target = table_of(name)
            call.writing.execute(
                sa.update(target)
                .where(target.c.tenant_id == call.tenant_id, target.c.id == stored.record_id)
                .values(**changed[name])
            )
    call.touch(stored.record_id)


def is_nullable(table: str, column: str) -> bool:
    return bool(table_of(table).c[column].nullable)


def labels(session: ReadSession, tenant_id: UUID, record_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str, bool]]:
    """Kind, label and whether it is deleted, of each record that exists."""
    wanted = list(record_ids)
    if not wanted:
        return {}
    found = session.select(sa.select(RECORDS).where(RECORDS.c.tenant_id == tenant_id, RECORDS.c.id.in_(wanted)))
    return {row["id"]: (row["kind"], row["label"], row["is_deleted"]) for row in found}


def from_image(stored_as: sa.types.TypeEngine[Any], value: Any) -> Any:
    """A value of a row's JSON image, as the column's own type."""
    if value is None or not isinstance(value, str | int | float | Decimal) or isinstance(value, bool):
        return value
    match stored_as:
        case sa.Uuid():
            return UUID(str(value))
        case sa.DateTime():
            return datetime.fromisoformat(str(value))
        case sa.Date():
            return date.fromisoformat(str(value))
        case sa.Numeric():
            return Decimal(str(value))
        case _:
            return value
