"""What results belong together: the thread and the account of each record."""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import LiteralString
from uuid import UUID

from retrieval.folding import fold
from schema.session import ReadSession

_GROUPS: LiteralString = """
SELECT f.id, m.about_id, m.subject, coalesce(m.account_id, a.id, l.account_id, c.account_id) AS account_id
FROM unnest(CAST(:ids AS uuid[])) AS f(id)
LEFT JOIN crm.interactions x ON x.tenant_id = :tenant AND x.id = f.id
LEFT JOIN crm.tasks t ON t.tenant_id = :tenant AND t.id = f.id
LEFT JOIN crm.notes n ON n.tenant_id = :tenant AND n.id = f.id
CROSS JOIN LATERAL (
    SELECT coalesce(x.about_id, t.about_id, n.about_id) AS about_id, x.account_id, coalesce(x.subject, t.title) AS subject
) m
LEFT JOIN crm.accounts a ON a.tenant_id = :tenant AND a.id = coalesce(m.about_id, f.id)
LEFT JOIN crm.leads l ON l.tenant_id = :tenant AND l.id = coalesce(m.about_id, f.id)
LEFT JOIN crm.contacts c ON c.tenant_id = :tenant AND c.id = coalesce(m.about_id, f.id)
"""
_REPLY = re.compile(r"\s*(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|r)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def groups_of(session: ReadSession, tenant: UUID, records: Sequence[UUID]) -> Mapping[UUID, tuple[Hashable, Hashable]]:
    """Thread and account of each record, None where it has none. Mails, calls and tasks are one thread when they have the
    same subject, but for what replies add to it, and concern the same record."""
    found: dict[UUID, tuple[Hashable, Hashable]] = {}
    for row in session.rows(_GROUPS, ids=list(records), tenant=tenant):
        place = row["account_id"] or row["about_id"]
        subject = fold(_REPLY.sub("", row["subject"] or "", count=1))
        found[row["id"]] = (place, subject) if place and subject else None, place
    return found
