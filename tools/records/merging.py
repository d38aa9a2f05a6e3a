"""Merging: one record takes the place of others of its kind, and everything that named them names it from then on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from guardrails.effects import Effect
from guardrails.limits import WRITE_LIMITS
from schema.errors import CrmError
from schema.fields import FieldType
from schema.kinds import KINDS, Kind
from schema.session import Row
from tools.context import Call
from tools.records import children, filling, rows
from tools.records.given import check_emptied, read_fields
from tools.records.locks import Told, hold
from tools.records.pointers import Pointer, pointers_to
from tools.records.references import check_references, named_in
from tools.records.rows import Stored, among
from tools.records.shown import as_json, show
from tools.records.statuses import pipeline_of
from tools.records.tables import CONTACTS, PARTICIPANTS, TAGS
from tools.records.unions import Unions, find_unions
from tools.records.updating import Planned, plan, write

MERGED = ("organization", "account", "individual", "contact", "opportunity", "job", "partnership")
"""Kinds whose records are ever one and the same; two tasks, notes or interactions are two things that happened."""

Parts = dict[str, dict[str, Any]]


@dataclass
class _Merge:
    """One merge on its way."""

    call: Call
    unions: Unions
    known: Mapping[UUID, Told]
    stored: Mapping[UUID, Stored]
    changes: dict[UUID, Parts] = field(default_factory=dict[UUID, Parts])
    """What becomes of kept records and of those that move, by record and table."""
    moved: Counter[str] = field(default_factory=Counter[str])
    """How many of each plural name another record now."""

    def set(self, record_id: UUID, table: str, columns: Mapping[str, Any]) -> None:
        self.changes.setdefault(record_id, {}).setdefault(table, {}).update(columns)

    @property
    def groups(self) -> dict[UUID, list[Stored]]:
        """By kept record, those that it takes the place of, the last changed first."""
        groups: dict[UUID, list[Stored]] = {}
        for other_id, keep_id in self.unions.into.items():
            groups.setdefault(keep_id, []).append(self.stored[other_id])
        for others in groups.values():
            others.sort(key=lambda other: (other.main["updated_at"], other.record_id), reverse=True)
        return groups


def merge(call: Call, keep_id: UUID, other_ids: Sequence[UUID], given: Mapping[str, Any]) -> dict[str, Any]:
    """Merges the others into the kept record; `given` settles fields of it. Tells what became one, moved and was filled.

    Raises CrmError for what is not one kind of record, is gone, or may not be merged by the user.
    """
    wanted = list(dict.fromkeys(other_ids))
    kind = _kind_of(call, keep_id, wanted)
    merging = _locked(call, kind, keep_id, wanted, given)
    _check_rights(merging)
    planned = _planned(merging, merging.stored[keep_id], given)
    settled = {*given, *planned.changes, *planned.beside}
    differing = [told for keep, others in merging.groups.items() for told in _differing(merging, keep, others, settled)]
    filled = _fill(merging, keep_id, settled)
    _move(merging)
    _write(merging, planned)
    return {
        "record": show(call.session, rows.get(call.session, call.tenant_id, keep_id)),
        "merged": [_merged(merging, merging.stored[other_id]) for other_id in merging.unions.into],
        "moved": dict(sorted(merging.moved.items())),
        "filled": as_json(filled),
        "differing": differing,
    }


def _kind_of(call: Call, keep_id: UUID, other_ids: Sequence[UUID]) -> Kind:
    """The one kind of all of them, each of them living."""
    if keep_id in other_ids:
        raise CrmError("invalid", "A record cannot be merged into itself; name it as keep_id or among the others.")
    if len(other_ids) > WRITE_LIMITS.merged:
        raise CrmError("limit", f"One call merges at most {WRITE_LIMITS.merged} records into another.")
    keep, *others = [rows.get(call.session, call.tenant_id, record_id) for record_id in (keep_id, *other_ids)]
    for other in others:
        if other.kind.name != keep.kind.name:
            raise CrmError(
                "invalid",
                f"Only records of one kind can be merged, and {keep.label!r} is of kind {keep.kind.name}, "
                f"{other.label!r} of kind {other.kind.name}.",
            )
    if keep.kind.name not in MERGED:
        raise CrmError(
            "invalid", f"Records of kind {keep.kind.name} cannot be merged; delete_record takes one too many away."
        )
    return keep.kind


def _locked(call: Call, kind: Kind, keep_id: UUID, other_ids: Sequence[UUID], given: Mapping[str, Any]) -> _Merge:
    """The merge with all that it reaches locked: looked for, locked in the one order, and looked for again."""
    unions = find_unions(call, kind.name, keep_id, other_ids)
    unlocked = rows.find_all(call.session, call.tenant_id, unions.kinds)
    named = {value for stored in unlocked.values() for value in _references(stored)}
    named |= {*named_in(given)}
    moving = {record_id for pointer in _record_pointers(unions) for record_id in _pointing(call, pointer, unions)}
    known = hold(call, naming=named, changing=moving, removing=unions.kinds)
    if find_unions(call, kind.name, keep_id, other_ids).into != unions.into:
        raise CrmError("conflict", "Someone changed the same records at the same time; repeat the merge.")
    stored = rows.find_all(call.session, call.tenant_id, unions.kinds)
    for record in stored.values():
        if record.is_deleted:
            raise CrmError("conflict", rows.why_gone(call.session, record))
    return _Merge(call, unions, known, stored)


def _references(stored: Stored) -> Iterable[UUID]:
    """The records that this one names."""
    for told in filling.own_fields(stored):
        if told.type is FieldType.REFERENCE and (value := stored.value(told.name)) is not None:
            yield value


def _check_rights(merging: _Merge) -> None:
    for record_id, stored in merging.stored.items():
        effect = Effect.DESTROY if record_id in merging.unions.into else Effect.WRITE
        merging.call.check(stored.kind.name, effect, stored.is_of)


def _differing(merging: _Merge, keep_id: UUID, others: Sequence[Stored], settled: set[str]) -> Iterable[dict[str, Any]]:
    """Fields that the merged records fill differently, and nobody settled."""
    keep = merging.stored[keep_id]
    for told, kept, held in filling.differing(keep, others):
        if told.name not in settled and not _becomes_one(merging, (kept, *held)):
            yield {
                "kind": keep.kind.name,
                "record_id": str(keep_id),
                "field": told.name,
                "kept": as_json(kept),
                "others": as_json(held),
            }


def _becomes_one(merging: _Merge, values: Iterable[Any]) -> bool:
    """Whether they are ids of records that this very merge makes one."""
    return len({merging.unions.kept(value) if isinstance(value, UUID) else value for value in values}) == 1


def _planned(merging: _Merge, keep: Stored, given: Mapping[str, Any]) -> Planned:
    """What was settled for the kept record."""
    call = merging.call
    pipeline = pipeline_of(call.session, call.tenant_id, keep.kind)
    values = read_fields(call, keep.kind, given, pipeline)
    check_emptied(keep.kind, values)
    planned = plan(call, keep, values, pipeline)
    check_references(call, keep.kind.fields, planned.changes)
    return planned


def _fill(merging: _Merge, keep_id: UUID, settled: set[str]) -> dict[str, Any]:
    """Fills every kept record from those it takes in; the fields filled of the one that was asked for."""
    told: dict[str, Any] = {}
    for record_id, others in merging.groups.items():
        keep = merging.stored[record_id]
        pipeline = pipeline_of(merging.call.session, merging.call.tenant_id, keep.kind)
        found = filling.filled(keep, others, pipeline, lambda named: _lives(merging, named))
        values = {
            name: merging.unions.kept(value) if isinstance(value, UUID) else value
            for name, value in found.items()
            if record_id != keep_id or not filling.is_settled(keep, name, settled)
        }
        for table, columns in rows.split(keep.kind, values).items():
            if columns:
                merging.set(record_id, table, columns)
        told |= values if record_id == keep_id else {}
    return told


def _lives(merging: _Merge, record_id: UUID) -> bool:
    found = merging.known.get(merging.unions.kept(record_id))
    return found is not None and not found[2]


def _record_pointers(unions: Unions) -> list[Pointer]:
    found = {pointer for kind in sorted({*unions.kinds.values()}) for pointer in pointers_to(kind)}
    ordered = sorted(found, key=lambda pointer: (pointer.table.name, pointer.column))
    return [pointer for pointer in ordered if pointer.is_of_record]


def _pointing(call: Call, pointer: Pointer, unions: Unions) -> list[UUID]:
    """Records that name a merged one, and are not merged themselves."""
    table = pointer.table
    naming = table.c.tenant_id == call.tenant_id, among(table.c[pointer.column], unions.into)
    found = call.session.select(sa.select(table.c.id).where(*naming).order_by(table.c.id))
    return [row["id"] for row in found if row["id"] not in unions.into]


def _move(merging: _Merge) -> None:
    """Works out what the records that name a merged one name instead; deleted ones too, since they may come back."""
    call, unions = merging.call, merging.unions
    found = {pointer: _pointing(call, pointer, unions) for pointer in _record_pointers(unions)}
    ids = {record_id for record_ids in found.values() for record_id in record_ids}
    moving = rows.find_all(call.session, call.tenant_id, ids, lock=True)
    for stored in moving.values():
        call.check(stored.kind.name, Effect.WRITE, stored.is_of)
    for pointer, record_ids in found.items():
        table, column = pointer.table.name, pointer.column
        for record_id in record_ids:
            named = moving[record_id].rows[table][column]
            merging.set(record_id, table, {column: unions.kept(named)})
    _keep_one_primary(merging, moving)
    merging.moved.update(KINDS[stored.kind.name].plural for stored in moving.values())
    merging.stored = {**moving, **merging.stored}


def _keep_one_primary(merging: _Merge, moving: Mapping[UUID, Stored]) -> None:
    """An account's first contact stays the only one when others come to it."""
    joined = [
        (stored, parts["contacts"]["account_id"])
        for record_id, parts in merging.changes.items()
        if (stored := moving.get(record_id)) and "account_id" in parts.get("contacts", {})
    ]
    if not joined:
        return
    firsts = sa.select(CONTACTS.c.account_id).where(
        CONTACTS.c.tenant_id == merging.call.tenant_id,
        CONTACTS.c.deleted_at.is_(None),
        CONTACTS.c.is_primary,
        among(CONTACTS.c.account_id, {account for _, account in joined}),
    )
    taken = {row["account_id"] for row in merging.call.session.select(firsts)}
    for stored, account in sorted(joined, key=lambda each: each[0].main["updated_at"], reverse=True):
        if stored.main["is_primary"] and not stored.is_deleted:
            if account in taken:
                merging.set(stored.record_id, "contacts", {"is_primary": False})
            taken.add(account)


def _write(merging: _Merge, planned: Planned) -> None:
    """Kept and moved records first, then what hangs on them; the merged ones go last, when nothing names them any more."""
    call = merging.call
    for table, columns in planned.parts.items():
        if columns:
            merging.set(planned.stored.record_id, table, columns)
    rows.update_all(call, [(merging.stored[record_id], parts) for record_id, parts in merging.changes.items()])
    _copy_tags(merging)
    _move_participants(merging)
    _move_insights(merging)
    write(call, [Planned(planned.stored, {}, {}, planned.beside)])
    now = call.world.now()
    gone = [(merging.stored[other_id], keep_id) for other_id, keep_id in merging.unions.into.items()]
    rows.update_all(
        call,
        [(other, {other.kind.table: {"deleted_at": now, "merged_into_id": keep_id}}) for other, keep_id in gone],
    )


def _copy_tags(merging: _Merge) -> None:
    """The kept record has the tags of all; the others keep theirs, as deleted records do."""
    call, unions = merging.call, merging.unions
    held: dict[UUID, set[str]] = {}
    theirs = TAGS.c.tenant_id == call.tenant_id, among(TAGS.c.record_id, unions.kinds)
    for row in call.session.select(sa.select(TAGS.c.record_id, TAGS.c.tag).where(*theirs)):
        held.setdefault(unions.kept(row["record_id"]), set()).add(row["tag"])
    if held:
        merging.moved["tags"] += len(children.set_tags(call, held))


def _move_participants(merging: _Merge) -> None:
    """A merged person's parts in interactions; where the kept one played the same part already, one of the two goes."""
    call, unions = merging.call, merging.unions
    people = unions.of_kind("individual")
    theirs = PARTICIPANTS.c.tenant_id == call.tenant_id, among(PARTICIPANTS.c.individual_id, people)
    found = call.session.select(sa.select(PARTICIPANTS).where(*theirs).order_by(PARTICIPANTS.c.id)) if people else []
    played = {
        (row["interaction_id"], row["individual_id"], row["role"])
        for row in found
        if row["individual_id"] not in unions.into
    }
    moving: list[Row] = []
    twice: list[UUID] = []
    for row in found:
        if row["individual_id"] in unions.into:
            part = row["interaction_id"], unions.kept(row["individual_id"]), row["role"]
            if part in played:
                twice.append(row["id"])
            else:
                moving.append(row)
            played.add(part)
            call.touch(row["interaction_id"])
            merging.moved["participants"] += 1
    if twice:
        call.writing.execute(sa.delete(PARTICIPANTS).where(theirs[0], among(PARTICIPANTS.c.id, twice)))
    if moving:
        children.replace_people(call, moving, unions.into)


def _move_insights(merging: _Merge) -> None:
    """What models said of the merged records is said of the kept one."""
    call = merging.call
    for keep_id, others in merging.groups.items():
        for pointer in pointers_to(merging.stored[keep_id].kind.name):
            if pointer.is_of_record or pointer.table is PARTICIPANTS:
                continue
            column = pointer.table.c[pointer.column]
            theirs = pointer.table.c.tenant_id == call.tenant_id, among(column, [other.record_id for other in others])
            count = call.writing.execute(sa.update(pointer.table).where(*theirs).values({column: keep_id}))
            if count:
                call.touch(keep_id)
                merging.moved["insights"] += count


def _merged(merging: _Merge, other: Stored) -> dict[str, Any]:
    return {
        "kind": other.kind.name,
        "record_id": str(other.record_id),
        "label": other.label,
        "into_id": str(merging.unions.into[other.record_id]),
    }
