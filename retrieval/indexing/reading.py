"""What records say now, as the chunks that should be stored of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import LiteralString
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from retrieval import chunks
from retrieval.chunks import Chunk, chunks_of, columns_of
from retrieval.indexing.queue import Job
from schema.kinds import KINDS
from schema.session import Row, WriteSession
from schema.views import VIEWS

# The views show the tenant of the context, to the system too.
_ENTER: LiteralString = """
SELECT set_config('crm.context', crm.sign(:tenant, NULL, 'person', 'system', pg_backend_pid(), 900, NULL), true)"""


def wanted_chunks(session: WriteSession, tenant: UUID, jobs: Iterable[Job]) -> Mapping[UUID, Sequence[Chunk]]:
    """The chunks of each record of one tenant, by its id; none of one that is deleted or says nothing."""
    session.scalar(_ENTER, tenant=tenant)
    by_kind: dict[str, list[UUID]] = {}
    for job in jobs:
        by_kind.setdefault(job.kind, []).append(job.record_id)
    found: dict[UUID, Sequence[Chunk]] = {}
    for kind, ids in by_kind.items():
        if kind in chunks.KINDS:
            found |= {row["record_id"]: chunks_of(kind, row) for row in _rows(session, kind, ids)}
    return found


def _rows(session: WriteSession, kind: str, ids: Sequence[UUID]) -> list[Row]:
    view, key = VIEWS[KINDS[kind].view].clause(), KINDS[kind].id_column
    columns = [view.c[column] for column in columns_of(kind)]
    wanted = sa.literal(list(ids), ARRAY(sa.Uuid()))
    return session.select(sa.select(view.c[key].label("record_id"), *columns).where(view.c[key] == sa.any_(wanted)))
