"""What a kept record takes over from those merged into it, and where they say something else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from schema.fields import Field, FieldType
from tools.records.rows import Stored
from tools.records.statuses import Pipeline

_MONEY = {FieldType.MONEY, FieldType.CURRENCY}
_NEVER = {FieldType.STATUS, FieldType.BOOLEAN, FieldType.CUSTOM, *_MONEY}
"""Types that are not simply empty or full."""


def filled(keep: Stored, others: Sequence[Stored], pipeline: Pipeline, lives: Callable[[UUID], bool]) -> dict[str, Any]:
    """Fields of the kept record that are empty, with the first value that one of the others (best first) holds.

    `lives` tells whether a record that a field may come to name is still there.
    """
    values: dict[str, Any] = {}
    for field in own_fields(keep):
        if field.type in _NEVER or not is_empty(keep.value(field.name)) or _speaks_of_a_loss(keep, field, pipeline):
            continue
        held = [other.value(field.name) for other in others if not is_empty(other.value(field.name))]
        if field.type is FieldType.REFERENCE:
            held = [value for value in held if lives(value)]
        if held:
            values[field.name] = held[0]
    return {**values, **_money(keep, others), **_primary(keep, others, values), **_custom(keep, others)}


def differing(keep: Stored, others: Sequence[Stored]) -> Iterator[tuple[Field, Any, list[Any]]]:
    """Fields that the records fill differently: the kept value, which stays, and the others'."""
    for field in own_fields(keep):
        kept = keep.value(field.name)
        if is_empty(kept) or field.type in {FieldType.CUSTOM, FieldType.BOOLEAN}:
            continue
        held: list[Any] = []
        for other in others:
            value = other.value(field.name)
            if not is_empty(value) and value not in (kept, *held) and (field.type not in _MONEY or _has_sum(other)):
                held.append(value)
        if held:
            yield field, kept, held


def is_settled(keep: Stored, name: str, settled: set[str]) -> bool:
    """Whether the field was decided; sums and their currency are decided together."""
    money = {field.name for field in own_fields(keep) if field.type in _MONEY}
    return name in settled or (name in money and not money.isdisjoint(settled))


def own_fields(stored: Stored) -> Iterator[Field]:
    """The fields that the record's own tables hold."""
    return (field for field in stored.kind.fields.values() if field.table in stored.rows)


def is_empty(value: Any) -> bool:
    return value is None or value == ""


def _speaks_of_a_loss(keep: Stored, field: Field, pipeline: Pipeline) -> bool:
    """A reason for losing what is open or won would be wrong."""
    status = keep.kind.status_field
    return field.name == "loss_reason" and status is not None and pipeline.outcomes[keep.value(status)] != "lost"


def _money(keep: Stored, others: Sequence[Stored]) -> dict[str, Any]:
    """Sums with their currency, all from one record: an amount under another's currency would be another amount."""
    if _has_sum(keep):
        return {}
    fields = [field.name for field in own_fields(keep) if field.type in _MONEY]
    donor = next((other for other in others if _has_sum(other)), None)
    return {name: donor.value(name) for name in fields} if donor else {}


def _has_sum(stored: Stored) -> bool:
    return any(stored.value(field.name) is not None for field in own_fields(stored) if field.type is FieldType.MONEY)


def _primary(keep: Stored, others: Sequence[Stored], values: Mapping[str, Any]) -> dict[str, Any]:
    """An account's first contact stays it under another record."""
    if keep.kind.name != "contact" or keep.value("is_primary"):
        return {}
    account = values.get("account_id", keep.value("account_id"))
    is_first = any(other.value("is_primary") and other.value("account_id") == account for other in others)
    return {"is_primary": True} if is_first else {}


def _custom(keep: Stored, others: Sequence[Stored]) -> dict[str, Any]:
    """The tenant's own fields, each filled by itself."""
    own: Mapping[str, Any] = keep.main["custom"]
    whole = dict(own)
    for other in others:
        for name, value in other.main["custom"].items():
            if is_empty(whole.get(name)):
                whole[name] = value
    return {} if whole == own else {"custom": whole}
