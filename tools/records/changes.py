"""The changes a call has made, read back from the audit log of its own transaction."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from schema.session import ReadSession
from tools.context import Call


def change_id_of(operation_id: UUID, record_id: UUID) -> UUID:
    """The id that the audit triggers give to all events of one record in one operation."""
    return UUID(bytes=sha256(f"{operation_id}{record_id}".encode()).digest()[:16])


def changes_of(call: Call) -> list[str]:
    """The ids of this call's changes, in the order made."""
    operation = call.context.tool_call_id
    if operation is None or not call.touched:
        return []
    rows = call.session.rows(
        "SELECT change_id FROM crm.audit_events WHERE change_id = ANY(:changes)"
        " GROUP BY change_id ORDER BY min(event_id)",
        changes=[change_id_of(operation, record_id) for record_id in call.touched],
    )
    return [str(row["change_id"]) for row in rows]


def has_persons_change(session: ReadSession, change_ids: Sequence[UUID]) -> bool:
    """Whether one of the changes was made by no agent."""
    return bool(
        session.scalar(
            "SELECT EXISTS (SELECT FROM crm.audit_events WHERE change_id = ANY(:changes) AND NOT via_agent)",
            changes=list(change_ids),
        )
    )
