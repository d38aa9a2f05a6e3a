"""How the index stands: models, what is covered, what waits and since when, and what was given up."""

from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

from retrieval.indexing.models import is_switched_off, list_models
from schema.session import ReadSession

MOST_SET_ASIDE = 100
"""Listed, that is; all are counted."""

_OF_TENANT: LiteralString = "(CAST(:tenant AS uuid) IS NULL OR tenant_id = CAST(:tenant AS uuid))"
_KINDS: LiteralString = f"""
SELECT r.kind, r.records, coalesce(c.chunks, 0) AS chunks FROM (
    SELECT kind, count(*) AS records FROM crm.records WHERE NOT is_deleted AND {_OF_TENANT} GROUP BY kind) r
LEFT JOIN (SELECT record_kind, count(*) AS chunks FROM crm.chunks WHERE {_OF_TENANT} GROUP BY record_kind) c
    ON c.record_kind = r.kind
ORDER BY r.kind"""
_VECTORS: LiteralString = (
    f"SELECT model_id, count(*) AS vectors FROM crm.embeddings WHERE {_OF_TENANT} GROUP BY model_id"
)
_QUEUE: LiteralString = f"""
SELECT count(DISTINCT record_id) AS depth, count(DISTINCT record_id) FILTER (WHERE error <> '') AS failed,
       coalesce(extract(epoch FROM clock_timestamp() - min(enqueued_at)), 0)::float8 AS oldest_seconds
FROM crm.embedding_queue WHERE set_aside_at IS NULL AND {_OF_TENANT}"""
_WHY: LiteralString = f"""
SELECT error, count(DISTINCT record_id) AS records FROM crm.embedding_queue
WHERE set_aside_at IS NULL AND error <> '' AND {_OF_TENANT} GROUP BY error ORDER BY 2 DESC LIMIT 10"""
_SET_ASIDE: LiteralString = """
SELECT q.record_id, q.record_kind AS kind, r.label, q.attempts, q.error, q.set_aside_at, t.slug AS tenant
FROM crm.embedding_queue q
JOIN crm.tenants t ON t.tenant_id = q.tenant_id
LEFT JOIN crm.records r ON r.tenant_id = q.tenant_id AND r.id = q.record_id
WHERE q.set_aside_at IS NOT NULL AND (CAST(:tenant AS uuid) IS NULL OR q.tenant_id = CAST(:tenant AS uuid))
ORDER BY q.set_aside_at DESC LIMIT :most"""
_GIVEN_UP: LiteralString = f"""
SELECT count(DISTINCT record_id) FROM crm.embedding_queue WHERE set_aside_at IS NOT NULL AND {_OF_TENANT}"""


def queue_depth(session: ReadSession) -> int:
    """How many changes wait to be indexed, of all tenants."""
    return int(session.scalar("SELECT count(*) FROM crm.embedding_queue WHERE set_aside_at IS NULL"))


def status(session: ReadSession, tenant: UUID | None = None) -> dict[str, Any]:
    """All of it, of one tenant or of all, ready for JSON."""
    kinds = session.rows(_KINDS, tenant=tenant)
    vectors = {row["model_id"]: row["vectors"] for row in session.rows(_VECTORS, tenant=tenant)}
    queue = session.rows(_QUEUE, tenant=tenant)[0]
    chunks = sum(row["chunks"] for row in kinds)
    return {
        "models": [
            {
                "name": model.name,
                "version": model.version,
                "dimensions": model.dimensions,
                "state": model.state,
                "vectors": vectors.get(model.id, 0),
                "coverage_percent": _percent(vectors.get(model.id, 0), chunks),
            }
            for model in list_models(session)
        ],
        "switched_off": is_switched_off(session),
        "chunks": chunks,
        "kinds": {row["kind"]: {"records": row["records"], "chunks": row["chunks"]} for row in kinds},
        "queue": {
            "depth": queue["depth"],
            "oldest_seconds": round(queue["oldest_seconds"], 1),
            "retried": queue["failed"],
            "why": {row["error"]: row["records"] for row in session.rows(_WHY, tenant=tenant)},
        },
        "set_aside": [_told(row) for row in session.rows(_SET_ASIDE, tenant=tenant, most=MOST_SET_ASIDE)],
        "set_aside_total": session.scalar(_GIVEN_UP, tenant=tenant),
    }


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "record_id": str(row["record_id"]), "set_aside_at": row["set_aside_at"].isoformat()}


def _percent(part: int, whole: int) -> float:
    """Rounded down, so that 100 means all."""
    return int(1000 * part / whole) / 10 if whole else 100.0
