"""Changes that are only undone together: all that one merge did, or the undo of one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tools.context import Call


def with_whole_merges(call: Call, change_ids: Sequence[UUID]) -> tuple[list[UUID], frozenset[UUID]]:
    """The changes in their order, each that is part of a merge together with the rest of it, newest first; and those parts."""
    parts = _parts(call, change_ids)
    ordered: dict[UUID, None] = {}
    for change_id in change_ids:
        if change_id not in ordered:
            ordered |= dict.fromkeys(parts.get(change_id, [change_id]))
    wholes = {whole[0]: whole for whole in parts.values()}
    return list(ordered), frozenset(part for whole in wholes.values() for part in whole)


def _parts(call: Call, change_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """By change that is part of a merge, all changes of that merge, newest first."""
    made = call.session.rows(
        "SELECT DISTINCT change_id, tool_call_id FROM crm.audit_events"
        " WHERE change_id = ANY(:changes) AND tool IN ('merge_records', 'undo')",
        changes=list(change_ids),
    )
    calls = call.session.rows(
        "SELECT id, result -> 'changes' AS changes FROM crm.tool_calls WHERE id = ANY(:calls)",
        calls=list({row["tool_call_id"] for row in made}),
    )
    wholes: dict[UUID, list[UUID]] = {}
    for row in calls:
        whole = [UUID(change_id) for change_id in reversed(row["changes"] or ())]
        if whole and _merges(call, whole):
            wholes[row["id"]] = whole
    return {row["change_id"]: wholes[row["tool_call_id"]] for row in made if row["tool_call_id"] in wholes}


def _merges(call: Call, change_ids: list[UUID]) -> bool:
    return bool(
        call.session.scalar(
            "SELECT EXISTS (SELECT FROM crm.audit_events WHERE change_id = ANY(:changes)"
            " AND (action = 'merge' OR action = 'restore' AND before ->> 'merged_into_id' IS NOT NULL))",
            changes=change_ids,
        )
    )
