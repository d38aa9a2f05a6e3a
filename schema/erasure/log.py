"""Taking the person out of the audit log: which events hold something of theirs, and what of them goes.

An event that holds anything of the person's loses all its personal parts, and with them its salt: were one part left
with its salt, the text of another could be guessed, name by name, from the hash that stays.
"""

import secrets
from collections.abc import Iterator
from typing import LiteralString
from uuid import UUID

from schema.erasure.looking import Looking
from schema.erasure.person import Person
from schema.erasure.reach import Links
from schema.seals.erasure import Hashes, hashes_of
from schema.session import ReadSession, Row

_PARTS = ("before", "after", "prompt", "reasoning", "reason")

_CANDIDATES: LiteralString = """
SELECT event_id, record_id, run_id, table_name, before, after, prompt, reasoning, reason FROM crm.audit_events
WHERE tenant_id = :tenant AND event_id > :after AND operation_id <> :operation
  AND (record_id = ANY(:records) OR run_id = ANY(:runs)
       OR concat_ws(' ', before, after, prompt, reasoning, reason) ~ :unique)
ORDER BY event_id LIMIT :limit
"""
_FRESH: LiteralString = """
SELECT event_id FROM crm.audit_events
WHERE tenant_id = :tenant AND operation_id = :operation AND before IS NOT NULL
"""
_NOTHING = "$."
"""An expression that finds nothing."""
_BLOCK = 2000


def fresh_parts(session: ReadSession, person: Person, operation_id: UUID) -> dict[int, Hashes]:
    """The same for what the erasure itself has logged so far.

    It keeps its reason and what is left of the row, and loses what was there before. No seal covers it yet, so any text
    may stand for the hash of that: a random one, from which nothing can be guessed.
    """
    rows = session.rows(_FRESH, tenant=person.tenant_id, operation=operation_id)
    return {row["event_id"]: {"before": secrets.token_hex(32)} for row in rows}


def parts_to_erase(
    session: ReadSession, person: Person, looking: Looking, links: Links, operation_id: UUID
) -> dict[int, Hashes]:
    """The hashes that stay in the place of each part that goes, by event, for what was logged before."""
    found = [row["event_id"] for row in _candidates(session, person, links, looking, operation_id)]
    return hashes_of(session, person.tenant_id, found, _PARTS)


def _candidates(
    session: ReadSession, person: Person, links: Links, looking: Looking, operation_id: UUID
) -> Iterator[Row]:
    own = {*person.own, *links.about}
    after = 0
    while rows := session.rows(
        _CANDIDATES,
        tenant=person.tenant_id,
        after=after,
        operation=operation_id,
        records=list({*own, *(record_id for record_id, reach in links.records.items() if reach)}),
        runs=list(links.runs),
        unique=looking.sought or _NOTHING,
        limit=_BLOCK,
    ):
        yield from (row for row in rows if row["record_id"] in own or _tells_of(row, looking, links))
        after = rows[-1]["event_id"]


def _tells_of(event: Row, looking: Looking, links: Links) -> bool:
    images, words = links.of_record(event["record_id"]), links.of_run(event["run_id"])
    without = links.without(event["record_id"])
    return any(
        looking.redactor.value(event[part], images if part in ("before", "after") else max(images, words), without)
        != event[part]
        for part in _PARTS
    )
