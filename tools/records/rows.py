"""The rows behind records: one generic store for all kinds, with the bookkeeping that every change needs."""

from collections.abc import Iterable, Mapping, Sequence
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
from tools.records.tables import RECORDS, TABLES, table_of

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
    return find_all(session, tenant_id, [record_id], lock=lock).get(record_id)


def find_all(
    session: ReadSession, tenant_id: UUID, record_ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, Stored]:
    """Those of the records that exist, deleted or not, by id and in its order; locked in the order that everybody locks in."""
    registry = session.select(
        sa.select(RECORDS.c.id, RECORDS.c.kind, RECORDS.c.label)
        .where(RECORDS.c.tenant_id == tenant_id, among(RECORDS.c.id, record_ids))
        .order_by(RECORDS.c.id)
    )
    labels_of = {row["id"]: row["label"] for row in registry}
    kind_of_id = {row["id"]: row["kind"] for row in registry}
    found: dict[UUID, dict[str, Mapping[str, Any]]] = {record_id: {} for record_id in labels_of}
    # A record's first table is locked first, whoever comes, so that two changes of one record queue and never deadlock.
    for name in TABLES:
        ids = [record_id for record_id, kind in kind_of_id.items() if name in KINDS[kind].tables]
        if ids:
            table = table_of(name)
            query = sa.select(table).where(table.c.tenant_id == tenant_id, among(table.c.id, ids)).order_by(table.c.id)
            # Weaker than FOR UPDATE: a record that is only changed may be named by a new one meanwhile.
            for row in session.select(query.with_for_update(key_share=True) if lock else query):
                found[row["id"]][name] = row
    return {
        record_id: Stored(KINDS[kind_of_id[record_id]], record_id, labels_of[record_id], found[record_id])
        for record_id in found
    }


def among(column: sa.ColumnElement[Any], ids: Iterable[UUID]) -> sa.ColumnElement[bool]:
    """True for rows with one of these ids, however many: they travel as one array."""
    return column == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid())))


def get(session: ReadSession, tenant_id: UUID, record_id: UUID, *, lock: bool = False) -> Stored:
    """The living record; raises CrmError of kind not_found when there is none or it is deleted."""
    stored = find(session, tenant_id, record_id, lock=lock)
    if stored is None:
        raise CrmError("not_found", f"There is no record {record_id}. find_records gives ids for names.")
    if stored.is_deleted:
        raise CrmError("not_found", why_gone(session, stored))
    return stored


def why_gone(session: ReadSession, stored: Stored) -> str:
    """One sentence on a deleted record, with what to do about it."""
    kept: Stored | None = stored
    while kept is not None and kept.main["merged_into_id"] is not None:
        kept = find(session, stored.main["tenant_id"], kept.main["merged_into_id"])
    if kept is None or kept is stored:
        return f"The {stored.kind.name} {stored.label!r} was deleted; restore_record brings it back."
    told = f"The {stored.kind.name} {stored.label!r} was merged into {kept.label!r}, which is {kept.record_id}"
    return f"{told} and was deleted since." if kept.is_deleted else f"{told}; use that one."


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
    update_all(call, [(stored, values)])


def update_all(call: Call, changes: Sequence[tuple[Stored, Values]]) -> None:
    """Writes changed columns of many records, with one statement for all that become alike."""
    stamps = {"updated_at": call.world.now(), "updated_by": call.who.user_id, "via_agent": call.context.via_agent}
    alike: dict[str, dict[str, tuple[Mapping[str, Any], list[UUID]]]] = {name: {} for name in TABLES}
    for stored, values in changes:
        main = stored.kind.table
        for name, columns in {
            **values,
            main: {**values.get(main, {}), **stamps, "version": stored.version + 1},
        }.items():
            if columns:
                _, ids = alike[name].setdefault(repr(sorted(columns.items())), (columns, []))
                ids.append(stored.record_id)
    for name, groups in alike.items():
        table = table_of(name)
        for columns, ids in groups.values():
            mine = sa.and_(table.c.tenant_id == call.tenant_id, among(table.c.id, ids))
            call.writing.execute(sa.update(table).where(mine).values(**columns))
    for stored, _ in changes:
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


def typed(table: str, image: Mapping[str, Any]) -> dict[str, Any]:
    """An image's values as Python ones: to_jsonb writes ids, times and dates as text, decimals as numbers."""
    columns = table_of(table).c
    return {name: from_image(columns[name].type, value) for name, value in image.items() if name in columns}
