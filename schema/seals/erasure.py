"""Erasing personal parts of sealed events: the part goes, its hash stays, and a signed line of the seals file says so."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from schema.database import Database
from schema.errors import CrmError
from schema.seals.file import SealsFile, append, seals_path
from schema.seals.head import canonical, decode, encode
from schema.seals.keys import PublicKey, find_key, make_key
from schema.seals.leaf import NAMED, PARTS, SETTINGS, event_id_of, fields_of, part_hashes
from schema.settings import Settings


@dataclass(frozen=True, slots=True)
class Erasure:
    """Which parts of which events of a tenant were erased; without it a missing part is a change like any other."""

    tenant_id: str
    events: Mapping[int, tuple[str, ...]]
    erased_at: str
    key_id: str
    signature: bytes = b""

    def canonical(self) -> bytes:
        return canonical(self._told())

    def is_signed_with(self, key: PublicKey) -> bool:
        return self.key_id == key.key_id and key.has_signed(self.canonical(), self.signature)

    def to_json(self) -> dict[str, Any]:
        return {"erasure": self._told(), "signature": encode(self.signature)}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Erasure":
        """Raises KeyError, TypeError or ValueError for what is no erasure."""
        said = dict(told["erasure"])
        events = {int(event): tuple(parts) for event, parts in said.pop("events").items()}
        if not events:
            raise ValueError("no event")
        return cls(**said, events=events, signature=decode(told["signature"]))

    def _told(self) -> dict[str, Any]:
        told = asdict(self)
        del told["signature"]
        return told | {"events": {str(event): list(parts) for event, parts in self.events.items()}}


def erase_parts(
    db: Database, settings: Settings, tenant_id: UUID, event_ids: Iterable[int], parts: Iterable[str] = PARTS
) -> int:
    """Erases parts of events for good; returns how many events had any. Their seals verify as before.

    The signed line is on the disk before the rows change, so a crash leaves at worst an erasure to be made again.
    Raises CrmError (invalid) for a part there is not.
    """
    wanted = frozenset(parts)
    if unknown := sorted(wanted - set(PARTS)):
        raise CrmError("invalid", f"An audit event has no personal part {unknown[0]}; it has {', '.join(PARTS)}.")
    key = find_key(settings) or make_key(settings)
    with SealsFile(seals_path(settings)).writing() as file, db.across_tenants() as session:
        session.rows(SETTINGS)
        rows = [fields_of(line) for line in session.copied(NAMED, tenant=tenant_id, events=list(event_ids))]
        hashes = {event_id_of(fields): part_hashes(fields, wanted) for fields in rows}
        gone = {event: kept for event, kept in hashes.items() if kept}
        if not gone:
            return 0
        unsigned = Erasure(
            tenant_id=str(tenant_id),
            events={event: tuple(kept) for event, kept in gone.items()},
            erased_at=db.world.now().isoformat(),
            key_id=key.public.key_id,
        )
        append(file, [replace(unsigned, signature=key.sign(unsigned.canonical())).to_json()])
        for event, kept in gone.items():
            session.rows(
                "SELECT crm.erase_parts(:tenant, :event, CAST(:hashes AS jsonb))",
                tenant=tenant_id,
                event=event,
                hashes=json.dumps(kept),
            )
    return len(gone)
