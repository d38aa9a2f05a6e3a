"""One change made to many records: those that cannot have it are left out and listed, the others change together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from schema.database import sqlstate
from schema.errors import CrmError
from schema.fields import FieldType
from schema.kinds import Kind
from tools.context import Call
from tools.failures import as_crm_error
from tools.records import rows
from tools.records.given import check_emptied, read_fields
from tools.records.references import check_references, hold_named
from tools.records.shown import as_json, detail, view_rows
from tools.records.statuses import pipeline_of
from tools.records.updating import Planned, plan, write

SAMPLE = 5
"""Changed records that are shown."""
LISTED = 100
"""Records left out that are listed; how many there are is always told."""

# What the database says of the rows themselves; anything else (a deadlock, a timeout, a lost connection) ends the call.
_OF_THE_ROW = ("22", "23", "42501", "CA002")


@dataclass
class Outcome:
    """What became of the records."""

    changed: list[tuple[Planned, list[str]]] = field(default_factory=list[tuple[Planned, list[str]]])
    """Each with the names of the fields that changed."""
    unchanged: int = 0
    conflicts: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def leave_out(self, kind: Kind, record_id: UUID, label: str, why: str) -> None:
        self.conflicts.append({"kind": kind.name, "record_id": str(record_id), "label": label, "why": why})


def update_many(call: Call, kind: Kind, record_ids: Sequence[UUID], given: Mapping[str, Any]) -> dict[str, Any]:
    """Changes these fields of each record as `writing.update` does of one; tells what changed, and what did not and why.

    Raises CrmError for what is wrong with the fields themselves.
    """
    pipeline = pipeline_of(call.session, call.tenant_id, kind)
    values = read_fields(call, kind, given, pipeline)
    check_emptied(kind, values)
    hold_named(call, record_ids, given)
    found = rows.find_all(call.session, call.tenant_id, record_ids, lock=True)
    outcome = Outcome()
    planned: list[Planned] = []
    for stored in found.values():
        try:
            planned.append(plan(call, _living(call, stored), values, pipeline))
        except CrmError as error:
            outcome.leave_out(kind, stored.record_id, stored.label, error.message)
    check_references(call, kind.fields, {name: value for each in planned for name, value in each.changes.items()})
    _write(call, planned, outcome)
    return _told(call, kind, outcome, {name: as_json(value) for name, value in values.items()})


def _living(call: Call, stored: rows.Stored) -> rows.Stored:
    if stored.is_deleted:
        raise CrmError("not_found", rows.why_gone(call.session, stored))
    return stored


def _write(call: Call, planned: Sequence[Planned], outcome: Outcome) -> None:
    """Writes all together; where the database refuses, half by half, so that only those that it refuses are left out."""
    touched = dict(call.touched)
    try:
        with call.writing.savepoint():
            fields = write(call, planned)
    except (CrmError, DBAPIError) as error:
        call.touched.clear()
        call.touched.update(touched)
        if isinstance(error, DBAPIError) and not (sqlstate(error) or "").startswith(_OF_THE_ROW):
            raise
        if len(planned) > 1:
            half = len(planned) // 2
            _write(call, planned[:half], outcome)
            _write(call, planned[half:], outcome)
        else:
            stored = planned[0].stored
            outcome.leave_out(stored.kind, stored.record_id, stored.label, as_crm_error(error).message)
        return
    outcome.changed += [(each, names) for each, names in zip(planned, fields, strict=True) if names]
    outcome.unchanged += sum(not names for names in fields)


def _told(call: Call, kind: Kind, outcome: Outcome, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "matched": len(outcome.changed) + outcome.unchanged + len(outcome.conflicts),
        "changed": len(outcome.changed),
        "unchanged": outcome.unchanged,
        "conflicts": outcome.conflicts[:LISTED],
        "conflicts_total": len(outcome.conflicts),
        "sample": _sample(call, kind, outcome.changed[:SAMPLE]),
        "totals": _totals(kind, [planned.stored for planned, _ in outcome.changed]),
        "fields": values,
    }


def _sample(call: Call, kind: Kind, changed: Sequence[tuple[Planned, Sequence[str]]]) -> list[dict[str, Any]]:
    """The first records as they stand now, each with its fields on either side of the change."""
    views = view_rows(call.session, kind.name, [planned.stored.record_id for planned, _ in changed])
    return [
        {
            "kind": kind.name,
            "record_id": str(planned.stored.record_id),
            "label": planned.stored.label,
            "detail": detail(kind.name, views[planned.stored.record_id]),
            "fields": list(names),
            "before": {name: as_json(planned.stored.value(name)) for name in planned.changes},
            "after": as_json(planned.changes),
        }
        for planned, names in changed
    ]


def _totals(kind: Kind, changed: Sequence[rows.Stored]) -> dict[str, str]:
    """By currency, what the records are worth before the change; of kinds that hold one sum of money."""
    money = [name for name, told in kind.fields.items() if told.type is FieldType.MONEY]
    totals: dict[str, Decimal] = {}
    for stored in changed if len(money) == 1 else ():
        amount, currency = stored.value(money[0]), stored.value("currency")
        if amount is not None and currency is not None:
            totals[currency] = totals.get(currency, Decimal()) + amount
    return {currency: str(totals[currency]) for currency in sorted(totals)}
