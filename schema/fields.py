"""What a tool may write: the typed description that a mapped column carries in its `info`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FieldType(StrEnum):
    """How a value is read from a person, validated and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    STATUS = "status"
    REFERENCE = "reference"
    USER = "user"
    EMAIL = "email"
    PHONE = "phone"
    CURRENCY = "currency"
    TAGS = "tags"
    PARTICIPANTS = "participants"
    NUMBER = "number"
    """Any decimal number, kept exactly."""
    CUSTOM = "custom"
    """The tenant's own fields together, by name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One writable field of a record kind, under the name its view shows."""

    name: str
    """The view's column: what tools, people and the audit log call it."""
    type: FieldType
    comment: str
    column: str = ""
    """The table's column; the same as `name` unless the view words it differently."""
    table: str = ""
    required: bool = False
    references: tuple[str, ...] = ()
    """Record kinds that a reference may name; empty means any kind."""
    choices: tuple[str, ...] = ()
    label: str = ""
    """What people call a tenant's own field; empty for the fields that every tenant has."""


def writable(
    field_type: FieldType,
    *,
    name: str | None = None,
    required: bool = False,
    references: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The `info` of a mapped column that tools may write."""
    return {
        "writable": {
            "type": field_type,
            "name": name,
            "required": required,
            "references": references,
            "choices": choices,
        }
    }
