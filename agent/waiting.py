"""What a person is told when a run waits for a decision, or when it was a dry run."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from guardrails.gate import rule_named
from schema.kinds import KINDS
from schema.session import ReadSession, Row
from tools.proposals import proposals_of_run

DRY_RUN = "This was a dry run; nothing was changed."
_VERBS = {
    "create": "creating",
    "update": "changing",
    "delete": "deleting",
    "restore": "restoring",
    "merge": "merging",
    "undo": "taking back changes to",
}


def waiting_sentence(session: ReadSession, run_id: Any) -> str:
    """Says what waits and why, in Markdown; the answer of a run whose status is needs_approval."""
    waiting = [row for row in proposals_of_run(session, run_id) if row["status"] == "pending"]
    told = [_told(row) for row in waiting]
    if not told:
        return "What waited has been decided; the run goes on."
    if len(told) == 1:
        return f"{_capital(told[0])} waits for your approval, because {_why(waiting)}. Nothing has been changed yet."
    lines = "\n".join(f"- {each}" for each in told)
    return f"These changes wait for your approval, because {_why(waiting)}:\n\n{lines}\n\nNone has been made yet."


def _told(row: Row) -> str:
    changes: Sequence[dict[str, Any]] = row["changes"]
    verb = _VERBS[row["action"]]
    if row["action"] == "merge":
        merged = [each for each in changes if each["action"] == "merge"]
        return f"{verb} {_links(merged or changes)} into {_kept(merged)}"
    if len(changes) <= 3:
        return f"{verb} {_links(changes)}"
    return f"{verb} {row['count']} {_plural(changes)}{_worth(row['result'].get('totals') or {})}"


def _kept(merged: Sequence[Mapping[str, Any]]) -> str:
    """The record that the others go into; the people behind contacts that are merged come along unsaid."""
    for each in merged:
        after: Mapping[str, Any] = each["after"] or {}
        if after.get("merged_into_id"):
            return f"[{after.get('merged_into_label') or 'another'}](crm://{each['kind']}/{after['merged_into_id']})"
    return "another record"


def _worth(totals: Mapping[str, str]) -> str:
    amounts = [f"{Decimal(amount):,} {currency}" for currency, amount in totals.items()]
    return f" worth {' and '.join(amounts)}" if amounts else ""


def _links(changes: Sequence[dict[str, Any]]) -> str:
    return " and ".join(
        f"the {change['kind']} [{change['label']}](crm://{change['kind']}/{change['record_id']})" for change in changes
    )


def _plural(changes: Sequence[dict[str, Any]]) -> str:
    kinds = {change["kind"] for change in changes}
    return KINDS[kinds.pop()].view if len(kinds) == 1 else "records"


def _why(waiting: Sequence[Row]) -> str:
    return " and ".join(dict.fromkeys(rule_named(row["rule"]).why for row in waiting))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
