"""Records as tools answer with them: the row of their view, as JSON."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.kinds import KINDS, Kind
from schema.session import ReadSession, Row
from schema.views import VIEWS
from tools.records.rows import Stored
from tools.records.tables import RECORDS, TAGS, table_of


def as_json(value: Any) -> Any:
    """Decimals as strings, times as RFC 3339 in UTC, ids as text; containers item by item."""
    match value:
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return {key: as_json(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple():
            return [as_json(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def view_rows(session: ReadSession, kind: str, record_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """The view's row of each of these records that lives; `user` is a kind too."""
    wanted = list(record_ids)
    if not wanted:
        return {}
    view, key = view_of(kind)
    clause = VIEWS[view].clause()
    return {row[key]: row for row in session.select(sa.select(clause).where(clause.c[key].in_(wanted)))}


def view_of(kind: str) -> tuple[str, str]:
    """The kind's view and its key column."""
    return ("users", "user_id") if kind == "user" else (KINDS[kind].view, KINDS[kind].id_column)


def show(session: ReadSession, stored: Stored) -> dict[str, Any]:
    """The record with every column of its view, its tags, and an interaction's participants."""
    kind = stored.kind
    row = view_rows(session, kind.name, [stored.record_id]).get(stored.record_id) or _without_view(stored)
    tags = tags_of(session, stored)
    return _whole(
        session, kind, stored.record_id, row, {"label": stored.label, "version": stored.version, "tags": tags}
    )


def show_new(session: ReadSession, tenant_id: UUID, kind: Kind, record_id: UUID) -> dict[str, Any]:
    """The same of a record that the transaction has just made, whose own rows need not be read to know it."""
    main = table_of(kind.table)
    tags = sa.select(TAGS.c.tag).where(TAGS.c.tenant_id == tenant_id, TAGS.c.record_id == record_id)
    beside = session.select(
        sa.select(
            RECORDS.c.label, main.c.version, sa.func.array(tags.order_by(TAGS.c.tag).scalar_subquery()).label("tags")
        )
        .join(main, sa.and_(main.c.tenant_id == RECORDS.c.tenant_id, main.c.id == RECORDS.c.id))
        .where(RECORDS.c.tenant_id == tenant_id, RECORDS.c.id == record_id)
    )[0]
    return _whole(session, kind, record_id, view_rows(session, kind.name, [record_id])[record_id], beside)


def _whole(
    session: ReadSession, kind: Kind, record_id: UUID, row: Mapping[str, Any], beside: Mapping[str, Any]
) -> dict[str, Any]:
    """`beside` is what the view's row does not hold: label, version, tags."""
    fields = {name: value for name, value in row.items() if name != kind.id_column}
    fields["tags"] = beside["tags"]
    if kind.name == "interaction":
        fields["participants"] = participants_of(session, record_id)
    return {
        "kind": kind.name,
        "record_id": str(record_id),
        "label": beside["label"],
        "version": beside["version"],
        "fields": as_json(fields),
    }


def _without_view(stored: Stored) -> dict[str, Any]:
    """What a deleted record still holds: no view shows it."""
    own = {name: stored.value(name) for name, field in stored.kind.fields.items() if field.table in stored.rows}
    return {**own, "deleted_at": stored.main["deleted_at"]}


def tags_of(session: ReadSession, stored: Stored) -> list[str]:
    rows = session.select(
        sa.select(TAGS.c.tag)
        .where(TAGS.c.tenant_id == stored.main["tenant_id"], TAGS.c.record_id == stored.record_id)
        .order_by(TAGS.c.tag)
    )
    return [row["tag"] for row in rows]


def participants_of(session: ReadSession, interaction_id: UUID) -> list[Row]:
    """Who took part, with names, as the view shows them."""
    clause = VIEWS["interaction_participants"].clause()
    shown = [clause.c.individual_id, clause.c.user_id, clause.c.full_name, clause.c.role]
    return session.select(
        sa.select(*shown).where(clause.c.interaction_id == interaction_id).order_by(clause.c.role, clause.c.full_name)
    )


_DETAILS: Mapping[str, tuple[str, ...]] = {
    "organization": ("industry", "city", "country"),
    "account": ("tier", "status", "country", "owner_name"),
    "individual": ("city", "country", "email"),
    "contact": ("title", "account_name", "email"),
    "opportunity": ("account_name", "stage", "amount", "currency", "owner_name"),
    "job": ("account_name", "status", "position", "owner_name"),
    "partnership": ("account_name", "status", "partner_type", "owner_name"),
    "task": ("status", "due_at", "assignee_name", "about_label"),
    "note": ("author_name", "about_label", "created_at"),
    "interaction": ("kind", "direction", "occurred_at", "about_label"),
    "user": ("role", "email"),
}
CONTEXTS: Mapping[str, tuple[str, ...]] = {
    "account": ("industry", "country"),
    "contact": ("account_name", "title"),
    "individual": ("city", "country"),
    "opportunity": ("account_name", "contact_name", "stage"),
    "job": ("account_name", "contact_name"),
    "partnership": ("account_name", "contact_name"),
    "task": ("about_label", "assignee_name"),
    "note": ("about_label",),
    "interaction": ("about_label", "account_name", "kind"),
}
"""View columns whose words a person adds to a name to say which one is meant."""


def detail(kind: str, row: Mapping[str, Any]) -> str:
    """A line that tells records of the same name apart."""
    shown: list[str] = []
    for name in _DETAILS[kind]:
        value = row.get(name)
        if value is None or value == "":
            continue
        text = value.date().isoformat() if isinstance(value, datetime) else str(value)
        if name == "currency" and shown and row.get("amount") is not None:
            shown[-1] += f" {text}"
        elif name != "currency":
            shown.append(text)
    return ", ".join(shown)


def label_of(kind: Kind | None, row: Mapping[str, Any]) -> str:
    """What people call the record, from its view's row; a note's is its first line."""
    if kind is None:
        return str(row["name"])
    text = str(row.get(kind.label_field) or "").split("\n", 1)[0]
    if not text and kind.name == "interaction":
        return f"{str(row['kind']).capitalize()} on {row['occurred_at']:%Y-%m-%d}"
    return text[:80] if kind.name == "note" else text
