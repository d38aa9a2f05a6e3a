"""What belongs to a record, and what it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.kinds import KINDS
from schema.views import VIEWS
from tools.context import Call
from tools.records.rows import Stored, labels
from tools.records.shown import as_json, detail, label_of, participants_of, view_of
from tools.records.tables import table_of

MOST = 10


@dataclass(frozen=True)
class Belonging:
    """Records of `kind` whose `column` names a record."""

    kind: str
    column: str


BELONGINGS: Mapping[str, tuple[Belonging, ...]] = {
    "organization": (Belonging("account", "organization_id"),),
    "account": (
        Belonging("contact", "account_id"),
        Belonging("opportunity", "account_id"),
        Belonging("job", "account_id"),
        Belonging("partnership", "account_id"),
    ),
    "individual": (Belonging("contact", "individual_id"),),
    "contact": (
        Belonging("opportunity", "contact_id"),
        Belonging("job", "contact_id"),
        Belonging("partnership", "contact_id"),
    ),
}
_ABOUT = (Belonging("task", "about_id"),)
_ORDER = {"contact": "full_name", "account": "name"}


def related_to(call: Call, stored: Stored) -> dict[str, Any]:
    """By plural: `{"total", "records"}` of what belongs to it; by singular: what it names; an interaction's participants."""
    related: dict[str, Any] = _named_by(call, stored)
    for each in (*BELONGINGS.get(stored.kind.name, ()), *_ABOUT):
        found = _belonging(call, each, stored.record_id)
        if found["total"]:
            related[KINDS[each.kind].plural] = found
    if stored.kind.name == "interaction":
        related["participants"] = as_json(participants_of(call.session, stored.record_id))
    return related


def _belonging(call: Call, told: Belonging, record_id: UUID) -> dict[str, Any]:
    view, key = view_of(told.kind)
    clause = VIEWS[view].clause()
    here = clause.c[told.column] == record_id
    order = clause.c[_ORDER[told.kind]] if told.kind in _ORDER else clause.c.updated_at.desc()
    found = call.session.select(sa.select(clause).where(here).order_by(order).limit(MOST))
    counted = call.session.select(sa.select(sa.func.count().label("total")).select_from(clause).where(here))
    return {
        "total": counted[0]["total"],
        "records": [
            {
                "kind": told.kind,
                "record_id": str(row[key]),
                "label": label_of(KINDS[told.kind], row),
                "detail": detail(told.kind, row),
            }
            for row in found
        ],
    }


def _named_by(call: Call, stored: Stored) -> dict[str, Any]:
    names = {
        name: stored.value(name)
        for name in ("organization_id", "account_id", "individual_id", "contact_id", "about_id")
        if name in stored.kind.fields and stored.value(name) is not None
    }
    known = labels(call.session, call.tenant_id, names.values())
    return {
        name.removesuffix("_id"): {
            "kind": known[record_id][0],
            "record_id": str(record_id),
            "label": known[record_id][1],
        }
        for name, record_id in names.items()
        if record_id in known and not known[record_id][2]
    }


def dependents_of(call: Call, stored: Stored) -> list[tuple[str, UUID, str]]:
    """Kind, id and label of every living record that names this one; a contact is behind nothing of its individual."""
    found: list[tuple[str, UUID, str]] = []
    for kind, table_name, column in _references_to(stored.kind.name):
        table = table_of(table_name)
        main = table_of(KINDS[kind].table)
        rows = call.session.select(
            sa.select(main.c.id).where(
                main.c.tenant_id == call.tenant_id,
                main.c.deleted_at.is_(None),
                *([main.c.kind == kind] if KINDS[kind].table == "leads" else []),
                main.c.id.in_(
                    sa.select(table.c.id).where(
                        table.c.tenant_id == call.tenant_id, table.c[column] == stored.record_id
                    )
                ),
            )
        )
        known = labels(call.session, call.tenant_id, [row["id"] for row in rows])
        found += [(known[row["id"]][0], row["id"], known[row["id"]][1]) for row in rows]
    return found


def _references_to(kind: str) -> list[tuple[str, str, str]]:
    """Kind, table and column of every reference that may name a record of this kind."""
    return [
        (each.name, field.table, field.column)
        for each in KINDS.values()
        for field in each.fields.values()
        if field.type == "reference"
        and field.table in each.tables
        and (not field.references or kind in field.references)
    ]
