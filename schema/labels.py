"""What people call a record, as SQL over a row of its table; the registry keeps the result."""

from typing import LiteralString

_LABELS: dict[str, LiteralString] = {
    "individual": "btrim({row}.given_name || ' ' || {row}.family_name)",
    "contact": "(SELECT p.label FROM crm.records p WHERE p.tenant_id = {row}.tenant_id AND p.id = {row}.individual_id)",
    "task": "{row}.title",
    "note": "left(split_part({row}.body, E'\\n', 1), 80)",
    "interaction": "coalesce(nullif({row}.subject, ''),"
    " initcap({row}.kind) || ' on ' || to_char({row}.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))",
}

# What a label is made from, where comparing the label itself would look other tables up.
_SOURCES: dict[str, LiteralString] = {"contact": "{row}.individual_id"}


def label(kind: str, row: LiteralString) -> LiteralString:
    """The label of the record whose row has the alias `row`; leads of every kind go by their name."""
    return _LABELS.get(kind, "{row}.name").format(row=row)


def label_source(kind: str, row: LiteralString) -> LiteralString:
    """An expression that differs between two images of a row when their labels do."""
    return _SOURCES.get(kind, _LABELS.get(kind, "{row}.name")).format(row=row)
