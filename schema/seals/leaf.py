"""What a seal says of one audit event: the canonical bytes of the row, and their hash.

The canonical bytes are the row's line in PostgreSQL's COPY text format (UTC, ISO dates), `CLEAR` columns first. Each
personal part is replaced by a hash of itself and the event's salt, so that the part can be erased later and the leaf
still be computed from the hash that stays.
"""

import json
import re
from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any, LiteralString, cast

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

_FIRST_PART, _SALT, _ERASED = 1, 1 + len(PARTS), 2 + len(PARTS)
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
"""One row in COPY text format: its clear columns in one piece, then each part, salt and erased."""


def fields_of(line: bytes) -> Fields:
    """A line of COPY, taken apart no further than hashing needs; tabs within a value are escaped there."""
    return line.rstrip(b"\n").rsplit(b"\t", _ERASED)


def leaf_of(fields: Sequence[bytes]) -> bytes:
    """The RFC 6962 leaf hash of one event."""
    hashes = list(fields[_FIRST_PART:_SALT])
    salt = fields[_SALT]
    for place, part in enumerate(hashes):
        if part != _NULL:
            hashes[place] = part_hash(salt, part)
    if fields[_ERASED] != _NULL:
        kept = _kept(fields)
        for name in erased_parts(fields):
            hashes[PARTS.index(name)] = str(kept[name]).encode()
    return sha256(LEAF + b"\t".join([fields[0], *hashes])).digest()


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
    kept = _kept(fields)
    return tuple(name for place, name in enumerate(PARTS, _FIRST_PART) if name in kept and fields[place] in _GONE)


def _kept(fields: Sequence[bytes]) -> dict[str, Any]:
    """The hashes of erased parts; whatever else somebody put there counts as none."""
    kept = json.loads(_plain(fields[_ERASED]) or "{}")
    return cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}


def event_id_of(fields: Sequence[bytes]) -> int:
    return int(fields[0].split(b"\t", 2)[1])


def in_place_of(fields: Sequence[bytes], event_id: int) -> Fields:
    """The same row under another event's id."""
    tenant, _, rest = fields[0].split(b"\t", 2)
    return [b"\t".join([tenant, str(event_id).encode(), rest]), *fields[1:]]


_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_UNESCAPES = {escaped: plain for plain, escaped in _ESCAPES.items()}
_TO_COPY = str.maketrans(_ESCAPES)


def texts_of(fields: Sequence[bytes]) -> dict[str, str | None]:
    """The row's columns as plain text, None where null."""
    return {name: _plain(field) for name, field in zip(COLUMNS, [*fields[0].split(b"\t"), *fields[1:]], strict=True)}


def fields_from(texts: dict[str, str | None]) -> Fields:
    """The inverse of `texts_of`. Raises KeyError for an absent column."""
    whole = [_NULL if (text := texts[name]) is None else text.translate(_TO_COPY).encode() for name in COLUMNS]
    return [b"\t".join(whole[: len(CLEAR)]), *whole[len(CLEAR) :]]


def _plain(field: bytes) -> str | None:
    if field == _NULL:
        return None
    return re.sub(r"\\.", lambda found: _UNESCAPES[found[0]], field.decode())
