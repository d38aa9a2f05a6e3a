"""A tenant's log as lines of JSON that verify without the database: events with their proofs, heads, the public key."""

import json
from collections.abc import Iterator
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import text

from schema.database import Database
from schema.identity import Identity
from schema.seals.file import SealsFile, lines, seals_path
from schema.seals.head import encode
from schema.seals.keys import find_key
from schema.seals.leaf import CLEAR, FORM, PARTS, RANGE, SETTINGS, Fields, event_id_of, fields_of, leaf_of, texts_of
from schema.seals.merkle import levels, proof
from schema.session import ReadSession
from schema.settings import Settings

_SEALS: LiteralString = "SELECT head, signature FROM crm.audit_seals WHERE tenant_id = :tenant ORDER BY batch"
_BLOCK = 10_000
_NO_END = 2**63 - 1


def export(db: Database, settings: Settings, who: Identity) -> Iterator[dict[str, Any]]:
    """The documents of the tenant's export, one a line, as of one moment.

    First `{"log"}`, then `{"erasure"}`s, then each `{"head"}` with its `{"event"}`s after it, and last the events that
    no seal covers yet, whose `batch` is null.
    """
    key = find_key(settings)
    with db.across_tenants() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        session.rows(SETTINGS)
        yield {
            "log": {
                "form": FORM,
                "tenant_id": str(who.tenant_id),
                "tenant": who.tenant_slug,
                "key_id": key.public.key_id if key else None,
                "public_key": encode(key.public.raw) if key else None,
                "columns": CLEAR,
                "parts": PARTS,
                "exported_at": db.world.now().isoformat(),
            }
        }
        yield from _erasures(settings, str(who.tenant_id))
        last = 0
        for kept in session.rows(_SEALS, tenant=who.tenant_id):
            head = json.loads(kept["head"])
            yield {"head": head, "signature": kept["signature"]}
            yield from _batch(session, who.tenant_id, last, head)
            last = head["last"]
        while rows := _rows(session, who.tenant_id, last, _NO_END):
            yield from ({"event": texts_of(fields), "batch": None} for fields in rows)
            last = event_id_of(rows[-1])


def _erasures(settings: Settings, tenant_id: str) -> Iterator[dict[str, Any]]:
    with SealsFile(seals_path(settings)).reading() as opened:
        if opened is None:
            return
        said = [line.said for line in lines(opened.file, 0, opened.end) if line.said and "erasure" in line.said]
    yield from (each for each in said if each["erasure"].get("tenant_id") == tenant_id)


def _batch(session: ReadSession, tenant_id: UUID, after: int, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rows = _rows(session, tenant_id, after, head["last"])
    tree = levels([leaf_of(fields) for fields in rows])
    for position, fields in enumerate(rows):
        yield {
            "event": texts_of(fields),
            "batch": head["batch"],
            "position": position,
            "proof": [partner.hex() for partner in proof(tree, position)],
        }


def _rows(session: ReadSession, tenant_id: UUID, after: int, through: int) -> list[Fields]:
    limit = _BLOCK if through == _NO_END else _NO_END
    return [
        fields_of(line) for line in session.copied(RANGE, tenant=tenant_id, after=after, through=through, limit=limit)
    ]
