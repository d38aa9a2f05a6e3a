"""Ids as people type them: a full UUID, or a unique beginning of one."""

import re
from uuid import UUID

import sqlalchemy as sa

from schema.errors import CrmError
from schema.identity import Identity
from schema.session import ReadSession
from tools.records.tables import RECORDS

SHORTEST_PREFIX = 8


def resolve_prefix(session: ReadSession, who: Identity, text: str) -> UUID:
    """The record whose id begins with `text`; raises CrmError when it is too short, unknown or not unique."""
    digits = text.strip().lower().replace("-", "")
    if not re.fullmatch(r"[0-9a-f]{1,32}", digits):
        raise CrmError("invalid", f"{text!r} is no id; an id is a UUID, or at least the first {SHORTEST_PREFIX} of it.")
    if len(digits) == 32:
        return UUID(digits)
    if len(digits) < SHORTEST_PREFIX:
        raise CrmError(
            "invalid", f"{text!r} is too short; give at least the first {SHORTEST_PREFIX} characters of the id."
        )
    # Ids that begin alike lie between the prefix filled up with 0 and with f: the key's own index finds them.
    lowest, highest = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = session.select(
        sa.select(RECORDS.c.id)
        .where(RECORDS.c.tenant_id == who.tenant_id, RECORDS.c.id.between(lowest, highest))
        .order_by(RECORDS.c.id)
        .limit(2)
    )
    if not found:
        raise CrmError("not_found", f"No record's id begins with {text}.")
    if len(found) > 1:
        raise CrmError("invalid", f"Several ids begin with {text}; give more of it.")
    return found[0]["id"]
