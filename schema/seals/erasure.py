"""Erasing personal parts of sealed events: the part goes, its hash stays, and a signed line of the seals file says so."""

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, BinaryIO
from uuid import UUID

from schema.database import Database
from schema.errors import CrmError
from schema.seals.file import SealsFile, append, seals_path
from schema.seals.head import canonical, decode, encode
from schema.seals.keys import PublicKey, SealKey, find_key, make_key
from schema.seals.leaf import NAMED, PARTS, SETTINGS, event_id_of, fields_of, part_hashes
from schema.session import ReadSession
from schema.settings import Settings
from schema.world import World


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


Hashes = Mapping[str, str]
"""What stays of the parts of an event that go, by part."""


@dataclass(frozen=True)
class Erasing:
    """The seals file, held by who erases, so that nobody seals meanwhile."""

    world: World
    _key: SealKey | None
    _file: BinaryIO | None
    """None for a dry run."""

    @classmethod
    @contextmanager
    def begin(cls, settings: Settings, world: World, *, dry_run: bool = False) -> "Generator[Erasing]":
        if dry_run:
            yield cls(world, None, None)
            return
        key = find_key(settings) or make_key(settings)
        with SealsFile(seals_path(settings)).writing() as file:
            yield cls(world, key, file)

    def erase(self, session: ReadSession, tenant_id: UUID, gone: Mapping[int, Hashes]) -> None:
        """Takes the parts from the rows. The signed line is on the disk before, so a crash leaves at worst an erasure to
        be made again."""
        if gone and self._key is not None and self._file is not None:
            unsigned = Erasure(
                tenant_id=str(tenant_id),
                events={event: tuple(kept) for event, kept in gone.items()},
                erased_at=self.world.now().isoformat(),
                key_id=self._key.public.key_id,
            )
            append(self._file, [replace(unsigned, signature=self._key.sign(unsigned.canonical())).to_json()])
        for event, kept in gone.items():
            session.rows(
                "SELECT crm.erase_parts(:tenant, :event, CAST(:hashes AS jsonb))",
                tenant=tenant_id,
                event=event,
                hashes=json.dumps(dict(kept)),
            )


def hashes_of(
    session: ReadSession, tenant_id: UUID, event_ids: Iterable[int], parts: Iterable[str]
) -> dict[int, Hashes]:
    """The hashes that the seals cover, of those of the parts that are there, for each event that has any."""
    wanted = frozenset(parts)
    session.rows(SETTINGS)
    rows = [fields_of(line) for line in session.copied(NAMED, tenant=tenant_id, events=list(event_ids))]
    hashes = {event_id_of(fields): part_hashes(fields, wanted) for fields in rows}
    return {event: kept for event, kept in hashes.items() if kept}


def erase_parts(
    db: Database, settings: Settings, tenant_id: UUID, event_ids: Iterable[int], parts: Iterable[str] = PARTS
) -> int:
    """Erases parts of events for good; returns how many events had any. Their seals verify as before.

    Raises CrmError (invalid) for a part there is not.
    """
    wanted = frozenset(parts)
    if unknown := sorted(wanted - set(PARTS)):
        raise CrmError("invalid", f"An audit event has no personal part {unknown[0]}; it has {', '.join(PARTS)}.")
    with Erasing.begin(settings, db.world) as erasing, db.across_tenants() as session:
        gone = hashes_of(session, tenant_id, event_ids, wanted)
        erasing.erase(session, tenant_id, gone)
    return len(gone)
