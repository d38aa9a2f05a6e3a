"""Ids as people type them: a full UUID, or a unique beginning of 8 or more characters."""

import re
from typing import Any, Literal, LiteralString
from uuid import UUID

from commands.opening import Desk
from schema.errors import CrmError
from schema.fields import FieldType
from schema.kinds import KINDS
from tools.records.ids import SHORTEST_PREFIX, resolve_prefix

Noun = Literal["run", "change", "conversation", "approval", "insight", "cluster"]

_WITHIN: dict[Noun, LiteralString] = {
    "run": "SELECT id FROM crm.runs WHERE id BETWEEN :lowest AND :highest LIMIT 2",
    "approval": "SELECT id FROM crm.approvals WHERE id BETWEEN :lowest AND :highest LIMIT 2",
    "insight": "SELECT id FROM crm.ai_insights WHERE id BETWEEN :lowest AND :highest LIMIT 2",
    "cluster": "SELECT id FROM crm.clusters WHERE id BETWEEN :lowest AND :highest LIMIT 2",
    "conversation": "SELECT id FROM crm.conversations WHERE id BETWEEN :lowest AND :highest LIMIT 2",
    "change": "SELECT DISTINCT change_id AS id FROM crm.audit_events WHERE change_id BETWEEN :lowest AND :highest LIMIT 2",
}


def record_id(desk: Desk, text: str) -> UUID:
    """The record whose id begins so. Raises CrmError when it is too short, unknown or not unique."""
    with desk.db.read(desk.who) as session:
        return resolve_prefix(session, desk.who, text)


def whole_id(desk: Desk, text: str, nouns: tuple[Noun, ...] = ("run", "change")) -> tuple[Noun, UUID]:
    """Which of them the id begins, and the whole of it. Raises CrmError as `record_id` does."""
    digits = text.strip().lower().replace("-", "")
    what = " or ".join(nouns)
    article = "an" if what[0] in "aeiou" else "a"
    if not re.fullmatch(r"[0-9a-f]{1,32}", digits):
        raise CrmError(
            "invalid", f"{text!r} is no id of {article} {what}; an id is a UUID, or 8 or more characters of its start."
        )
    if len(digits) < SHORTEST_PREFIX:
        raise CrmError(
            "invalid", f"{text!r} is too short; give at least the first {SHORTEST_PREFIX} characters of the id."
        )
    lowest, highest = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    with desk.db.read(desk.who) as session:
        found: list[tuple[Noun, UUID]] = [
            (noun, row["id"]) for noun in nouns for row in session.rows(_WITHIN[noun], lowest=lowest, highest=highest)
        ]
    if not found:
        raise CrmError("not_found", f"No {what} has an id that begins with {text}.")
    if len(found) > 1:
        raise CrmError("invalid", f"Several ids begin with {text}; give more of it.")
    return found[0]


def with_whole_ids(desk: Desk, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the beginnings of record ids in references made whole."""
    return {
        name: str(record_id(desk, value)) if isinstance(value, str) and _is_reference(kind, name) else value
        for name, value in fields.items()
    }


def _is_reference(kind: str, name: str) -> bool:
    return kind in KINDS and name in KINDS[kind].fields and KINDS[kind].fields[name].type is FieldType.REFERENCE
