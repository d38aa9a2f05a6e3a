"""Indexing what was written a moment ago where it is searched for: on a command line no worker runs beside."""

import logging
import time
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from retrieval.indexing.beginning import begin
from retrieval.indexing.queue import waiting
from retrieval.indexing.sources import Sources
from retrieval.indexing.worker import Worker
from schema.database import Database
from schema.errors import CrmError

RECORDS = 100
"""Of more than these a worker has to take care: nobody waits so long for an answer."""
SECONDS = 3.0

_log = logging.getLogger("crm-agent")


def catch_up(
    db: Database,
    tenant: UUID,
    embedder: str,
    *,
    limit: int = RECORDS,
    seconds: float = SECONDS,
    sources: Sources | None = None,
) -> int:
    """Indexes what waits of the tenant, if that is no more than `limit` and as far as it gets in `seconds`.

    Returns how many records still wait, counted up to about `limit`. Nothing that goes wrong is raised: what is not
    indexed is searched as it was before.
    """
    try:
        with db.across_tenants() as session:
            count = waiting(session, tenant, limit + 1)
        if not 0 < count <= limit:
            return count
        sources = sources or Sources()
        begin(db, sources, embedder)
        ends = time.monotonic() + seconds
        Worker(db, sources, tenant=tenant).drain(lambda: time.monotonic() > ends)
        with db.across_tenants() as session:
            return waiting(session, tenant, limit + 1)
    except (CrmError, SQLAlchemyError) as error:
        _log.debug("not caught up: %s", error)
        return 0
