"""Who waits for whom: rows are locked in one order, so that changes which meet wait in line and never deadlock.

A record that goes away (deleted, merged) waits for those who are just naming it, and they for it: nothing new can come
to hang on a record that is no more.
"""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from schema.kinds import KINDS
from tools.context import Call
from tools.records.rows import among, labels
from tools.records.tables import TABLES, table_of

Told = tuple[str, str, bool]
"""Kind, label, and whether it is deleted."""


def hold(
    call: Call, *, naming: Iterable[UUID] = (), changing: Iterable[UUID] = (), removing: Iterable[UUID] = ()
) -> dict[UUID, Told]:
    """Locks the records until the transaction ends; tells those that exist as they stand then, by id.

    To be called before any of them is locked otherwise.
    """
    named, changed, removed = set(naming), set(changing), set(removing)
    found = labels(call.session, call.tenant_id, named | changed | removed)
    for name in TABLES:
        ids = [record_id for record_id, (kind, _, _) in found.items() if KINDS[kind].table == name]
        if not ids:
            continue
        table = table_of(name)
        query = sa.select(table.c.id, table.c.deleted_at.is_not(None).label("is_deleted"))
        query = query.where(table.c.tenant_id == call.tenant_id, among(table.c.id, ids)).order_by(table.c.id)
        weak = removed.isdisjoint(ids)
        rows = call.session.select(query.with_for_update(key_share=weak, read=weak and changed.isdisjoint(ids)))
        for row in rows:
            kind, label, _ = found[row["id"]]
            found[row["id"]] = kind, label, row["is_deleted"]
    return found
