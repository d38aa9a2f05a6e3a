"""What a seal says of one audit event: the canonical bytes of the row, and their hash.

The canonical bytes are the row's line in PostgreSQL's COPY text format (UTC, ISO dates), `CLEAR` columns first. Each
personal part is replaced by a hash of itself and the event's salt, so that the part can be erased later and the leaf
still be computed from the hash that stays.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import LiteralString

from schema.seals.merkle import LEAF

FORM = 1
"""Counts changes of what is below; a head says which form its leaves have."""

CLEAR = (
    "tenant_id", "event_id", "change_id", "operation_id", "transaction_id", "occurred_at", "recorded_at", "action",
    "table_name", "record_kind", "record_id", "actor", "on_behalf_of", "user_id", "via_agent", "run_id", "tool_call_id",
    "tool", "approval_id", "model",
)  # fmt: skip
PARTS = ("before", "after", "prompt", "reasoning", "reason")
"""What may hold personal content."""
COLUMNS = (*CLEAR, *PARTS, "salt", "erased")

EVENT_ID = CLEAR.index("event_id")
_FIRST_PART = len(CLEAR)
_SALT = COLUMNS.index("salt")
_ERASED = COLUMNS.index("erased")
_NULL = b"\\N"
_GONE = {_NULL, b""}
"""`reason` cannot be null: where it was erased it is empty, which it is nowhere else."""

_SELECT: LiteralString = (
    "SELECT tenant_id, event_id, change_id, operation_id, transaction_id, occurred_at, recorded_at, action, table_name,"
    " record_kind, record_id, actor, on_behalf_of, user_id, via_agent, run_id, tool_call_id, tool, approval_id, model,"
    " before, after, prompt, reasoning, reason, salt, erased FROM crm.audit_events"
)
RANGE: LiteralString = (
    _SELECT + " WHERE tenant_id = %(tenant)s AND event_id > %(after)s AND event_id <= %(through)s"
    " ORDER BY event_id LIMIT %(limit)s"
)
NAMED: LiteralString = _SELECT + " WHERE tenant_id = %(tenant)s AND event_id = ANY(%(events)s) ORDER BY event_id"
"""The columns in the order of `COLUMNS`, for `copied`."""

SETTINGS: LiteralString = (
    "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),"
    " set_config('client_encoding', 'UTF8', true)"
)
"""What the text of a row depends on."""

Fields = list[bytes]
"""One row in COPY text format, by column."""


def fields_of(line: bytes) -> Fields:
    """A line of COPY, taken apart; tabs within a value are escaped there."""
    return line.rstrip(b"\n").split(b"\t")


def leaf_of(fields: Sequence[bytes]) -> bytes:
    """The RFC 6962 leaf hash of one event."""
    hashes = list(fields[_FIRST_PART:_SALT])
    salt = fields[_SALT]
    for place, part in enumerate(hashes):
        if part != _NULL:
            hashes[place] = part_hash(salt, part)
    if fields[_ERASED] != _NULL:
        kept = json.loads(fields[_ERASED])
        for name in erased_parts(fields):
            hashes[PARTS.index(name)] = str(kept[name]).encode()
    return sha256(LEAF + b"\t".join([*fields[:_FIRST_PART], *hashes])).digest()


def part_hash(salt: bytes, part: bytes) -> bytes:
    """Hexadecimal SHA-256 of a part behind its event's salt, both in COPY text format."""
    return sha256(salt + part).hexdigest().encode()


def part_hashes(fields: Sequence[bytes], wanted: Collection[str]) -> dict[str, str]:
    """The hashes of those wanted parts that are there."""
    return {
        name: part_hash(fields[_SALT], fields[place]).decode()
        for place, name in enumerate(PARTS, _FIRST_PART)
        if name in wanted and fields[place] not in _GONE
    }


def erased_parts(fields: Sequence[bytes]) -> tuple[str, ...]:
    """The parts that are gone and have left their hash; a part that is there counts, whatever `erased` says of it."""
    if fields[_ERASED] == _NULL:
        return ()
    kept = json.loads(fields[_ERASED])
    return tuple(name for place, name in enumerate(PARTS, _FIRST_PART) if name in kept and fields[place] in _GONE)


def event_id_of(fields: Sequence[bytes]) -> int:
    return int(fields[EVENT_ID])


_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_UNESCAPES = {escaped: plain for plain, escaped in _ESCAPES.items()}
_TO_COPY = str.maketrans(_ESCAPES)


def texts_of(fields: Iterable[bytes]) -> dict[str, str | None]:
    """The row's columns as plain text, None where null."""
    return {name: _plain(field) for name, field in zip(COLUMNS, fields, strict=True)}


def fields_from(texts: dict[str, str | None]) -> Fields:
    """The inverse of `texts_of`. Raises KeyError for an absent column."""
    return [_NULL if (text := texts[name]) is None else text.translate(_TO_COPY).encode() for name in COLUMNS]


def _plain(field: bytes) -> str | None:
    if field == _NULL:
        return None
    return re.sub(r"\\.", lambda found: _UNESCAPES[found[0]], field.decode())
