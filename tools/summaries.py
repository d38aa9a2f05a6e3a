"""Account summaries for people to read; they are made from what is recorded, and say how old they are."""

from typing import Any, LiteralString
from uuid import UUID

from guardrails import rights
from guardrails.effects import Effect
from schema.errors import CrmError
from tools.context import ToolContext
from tools.records.shown import as_json

_SUMMARY: LiteralString = """
SELECT s.record_id AS account_id, r.label, s.text, s.facts, s.sentences, s.refreshed_at, s.changed_at
FROM crm.account_summaries s JOIN crm.records r ON r.tenant_id = s.tenant_id AND r.id = s.record_id
WHERE s.record_id = :account AND NOT r.is_deleted"""


def get_summary(desk: ToolContext, account_id: UUID) -> dict[str, Any]:
    """The account's summary with its facts and the sentences it quotes. Raises CrmError (not_found)."""
    rights.check(desk.who.role, desk.scopes, "account", Effect.READ, is_own=True)
    with desk.db.read(desk.who, desk.audience) as session:
        row = session.row(_SUMMARY, account=account_id)
    if row is None:
        raise CrmError(
            "not_found",
            f"There is no summary of {account_id}; summaries of accounts are made at night, or by `summaries make`.",
        )
    return as_json(row)
