"""Which records become one when some of a kind do: merging people makes contacts one, merging contacts people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.session import Row
from tools.context import Call
from tools.records.rows import among
from tools.records.tables import CONTACTS


@dataclass
class Unions:
    """Which record takes which one's place, over all kinds that a merge reaches."""

    into: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """Merged record → the one that is kept."""
    kinds: dict[UUID, str] = field(default_factory=dict[UUID, str])
    """Record kind of every record in it."""

    def add(self, kind: str, keep_id: UUID, other_ids: Iterable[UUID]) -> None:
        for other_id in other_ids:
            self.into[other_id] = keep_id
            self.kinds |= {keep_id: kind, other_id: kind}

    def kept(self, record_id: UUID) -> UUID:
        """The record that stands for this one afterwards."""
        return self.into.get(record_id, record_id)

    def of_kind(self, kind: str) -> list[UUID]:
        """The merged records and the kept ones."""
        return [record_id for record_id, told in self.kinds.items() if told == kind]


def find_unions(call: Call, kind: str, keep_id: UUID, other_ids: Sequence[UUID]) -> Unions:
    """The merge that was asked for, and what it entails.

    Two contacts are one person, so the individuals behind them become one. One person cannot be a contact of one account
    twice, so where that would come about those contacts become one: the kept record's own stays.
    """
    unions = Unions()
    unions.add(kind, keep_id, other_ids)
    if kind == "contact":
        people = {row["id"]: row["individual_id"] for row in _contacts(call, CONTACTS.c.id, [keep_id, *other_ids])}
        keep = people.get(keep_id)
        others = dict.fromkeys(people[each] for each in other_ids if each in people and people[each] != keep)
        if keep is not None and others:
            unions.add("individual", keep, others)
    if kind in {"contact", "individual"} and (people := unions.of_kind("individual")):
        _unite_contacts(unions, _contacts(call, CONTACTS.c.individual_id, people))
    elif kind == "account":
        _unite_contacts(unions, _contacts(call, CONTACTS.c.account_id, [keep_id, *other_ids]))
    return unions


def _contacts(call: Call, column: sa.ColumnElement[Any], ids: Iterable[UUID]) -> list[Row]:
    return call.session.select(
        sa.select(CONTACTS.c.id, CONTACTS.c.individual_id, CONTACTS.c.account_id)
        .where(CONTACTS.c.tenant_id == call.tenant_id, CONTACTS.c.deleted_at.is_(None), among(column, ids))
        .order_by(CONTACTS.c.id)
    )


def _unite_contacts(unions: Unions, contacts: Sequence[Row]) -> None:
    alike: dict[tuple[UUID, UUID | None], list[Row]] = {}
    for row in contacts:
        if row["id"] not in unions.into:
            account = row["account_id"] and unions.kept(row["account_id"])
            alike.setdefault((unions.kept(row["individual_id"]), account), []).append(row)
    for group in alike.values():
        first = min(group, key=lambda row: _rank(unions, row))
        unions.add("contact", first["id"], [row["id"] for row in group if row is not first])


def _rank(unions: Unions, row: Mapping[str, Any]) -> tuple[bool, bool, UUID]:
    """A contact that is kept anyway comes first, then one of a kept record's own, then the oldest."""
    is_own = row["individual_id"] not in unions.into and row["account_id"] not in unions.into
    return row["id"] not in unions.kinds, not is_own, row["id"]
