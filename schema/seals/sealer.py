"""Makes the seals: events that no transaction can add to any more become signed batches, each tenant its own chain.

Which events are closed is asked of the database, not guessed from ids: commits arrive out of order. The sequence that
event ids come from is read first, then a transaction id is taken; once every older transaction has ended, no event up
to that place in the sequence can appear any more. Transaction ids serve for that moment alone, so a backup restored
into another server, which counts transactions anew, seals on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import insert, text

from schema.database import Database
from schema.errors import CrmError
from schema.models.auditing import AuditSeal
from schema.seals.file import SealsFile, append, lines, seals_path
from schema.seals.head import NOTHING_BEFORE, Head, Seal, encode
from schema.seals.keys import SealKey, find_key, make_key
from schema.seals.leaf import RANGE, SETTINGS, event_id_of, fields_of, leaf_of
from schema.seals.merkle import root
from schema.session import ReadSession, WriteSession
from schema.settings import Settings

BATCH = 10_000
"""Events in one batch at most: bounds memory, and the length of a line."""
# Any number will do, as long as nobody else on the server uses it: one sealer at a time, on whatever machine.
SEAL_LOCK = 0x7365616C
_GLANCE_SECONDS = 0.02

_WAITING = """
SELECT t.tenant_id, s.batch, s.head
FROM crm.tenants t
LEFT JOIN LATERAL (
    SELECT batch, last_event, head FROM crm.audit_seals WHERE tenant_id = t.tenant_id ORDER BY batch DESC LIMIT 1
) s ON true
WHERE EXISTS (
    SELECT FROM crm.audit_events e
    WHERE e.tenant_id = t.tenant_id AND e.event_id > coalesce(s.last_event, 0) AND e.event_id <= :through
)
ORDER BY t.tenant_id
"""
_UNSEALED = """
SELECT coalesce(sum(n), 0)
FROM crm.tenants t
CROSS JOIN LATERAL (
    SELECT coalesce(max(last_event), 0) AS last_event FROM crm.audit_seals WHERE tenant_id = t.tenant_id
) s
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM crm.audit_events WHERE tenant_id = t.tenant_id AND event_id > s.last_event
) e
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one call sealed."""

    events: int
    seals: int
    unsealed: int
    """Events that transactions still open keep from being sealed, or that came since."""


@dataclass
class Sealer:
    """Seals one database; what it remembers between calls is only to be quicker."""

    db: Database
    settings: Settings
    _file: SealsFile = field(init=False)
    _read: int = field(default=0, init=False)
    """How far the file has been read."""
    _tails: dict[str, Seal] = field(default_factory=dict[str, Seal], init=False)
    """The last seal of each tenant in the file."""
    _candidates: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]], init=False)
    """Places in the sequence of event ids, each with the transaction id below which all must have ended."""
    _done: int = field(default=0, init=False)
    """The place in the sequence up to which nothing is left to seal."""

    def __post_init__(self) -> None:
        self._file = SealsFile(seals_path(self.settings))

    def seal(self, patience: float = 0, progress: Callable[[int, int], None] | None = None) -> Sealed:
        """Seals all closed events, waiting at most `patience` seconds for open transactions to end.

        `progress` is told how many are sealed, and how many there are to seal. Raises CrmError: conflict when the file
        and the database do not agree on what was sealed, setup when the file or the key cannot be used.
        """
        events = seals = 0
        total = self._unsealed() if progress else 0
        while made := self._round(patience):
            seals += len(made)
            events += sum(seal.head.count for seal in made)
            if progress:
                progress(events, max(events, total))
        return Sealed(events, seals, self._unsealed())

    def _unsealed(self) -> int:
        with self.db.across_tenants() as session:
            return int(session.scalar(_UNSEALED))

    def has_news(self) -> bool:
        """Whether an event was written since everything was sealed."""
        with self.db.across_tenants() as session:
            return _place(session) > self._done

    def _round(self, patience: float) -> list[Seal]:
        """At most one batch of each tenant. The file comes first, so the database never has a seal that it lacks."""
        with self._file.writing() as file:
            self._catch_up(file)
            with self.db.across_tenants() as session:
                session.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
                session.rows("SELECT pg_advisory_xact_lock(:key)", key=SEAL_LOCK)
                session.rows(SETTINGS)
                through = self._closed(session, patience)
                made = self._batches(session, through)
                if made:
                    append(file, (seal.to_json() for seal in made))
                    _store(session, made)
            self._tails |= {seal.head.tenant_id: seal for seal in made}
            if made:
                self._read = file.tell()
            else:
                self._done = through
        return made

    def _catch_up(self, file: BinaryIO) -> None:
        """Reads what was added to the file since; a file that shrank is read anew."""
        if file.seek(0, 2) < self._read:
            self._read, self._tails = 0, {}
        for line in lines(file, self._read):
            self._read = line.end
            if line.said is None or "head" not in line.said:
                continue
            try:
                seal = Seal.from_json(line.said)
            except (KeyError, TypeError, ValueError):
                continue
            self._tails[seal.head.tenant_id] = seal

    def _closed(self, session: ReadSession, patience: float) -> int:
        """The place in the sequence up to which every event is committed and seen, or will never be."""
        place = _place(session)
        own = int(session.scalar("SELECT CAST(pg_current_xact_id() AS text)"))
        self._candidates.append((place, own))
        give_up = time.monotonic() + patience
        while True:
            oldest = int(session.scalar("SELECT CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text)"))
            if oldest >= own or time.monotonic() >= give_up:
                break
            time.sleep(_GLANCE_SECONDS)
        closed = max((place for place, xid in self._candidates if xid <= oldest), default=0)
        self._candidates = [(place, xid) for place, xid in self._candidates if xid > oldest or place == closed]
        return closed

    def _batches(self, session: WriteSession, through: int) -> list[Seal]:
        made: list[Seal] = []
        for waiting in session.rows(_WAITING, through=through):
            tenant = waiting["tenant_id"]
            tail = self._agreed(session, tenant, waiting["batch"] or 0, waiting["head"])
            seal = self._batch(session, tenant, tail, through)
            if seal is not None:
                made.append(seal)
        return made

    def _agreed(self, session: WriteSession, tenant: UUID, batch: int, head: str | None) -> Head | None:
        """The last head, on which file and database must agree; one that a crash kept from the database is put there."""
        seal = self._tails.get(str(tenant))
        kept = seal.head.canonical().decode() if seal else None
        if kept == head:
            return seal.head if seal else None
        if seal is not None and seal.head.batch == batch + 1 and seal.is_signed_with(self._key().public):
            _store(session, [seal])
            return seal.head
        raise CrmError(
            "conflict",
            f"The seals file {self._file.path} and the database do not agree on what was sealed last;"
            " `crm-agent audit verify` says where they part. Nothing more is sealed until they agree.",
        )

    def _batch(self, session: ReadSession, tenant: UUID, tail: Head | None, through: int) -> Seal | None:
        """The tenant's next events, sealed; None when there are none."""
        key = self._key()
        rows = [
            fields_of(line)
            for line in session.copied(
                RANGE, tenant=tenant, after=tail.last if tail else 0, through=through, limit=BATCH
            )
        ]
        if not rows:
            return None
        leaves = tuple(leaf_of(fields) for fields in rows)
        events = tuple(event_id_of(fields) for fields in rows)
        head = Head(
            tenant_id=str(tenant),
            batch=tail.batch + 1 if tail else 1,
            first=events[0],
            last=events[-1],
            count=len(events),
            size=len(events) + (tail.size if tail else 0),
            root=root(leaves).hex(),
            previous=tail.hash() if tail else NOTHING_BEFORE,
            sealed_at=self.db.world.now().isoformat(),
            key_id=key.public.key_id,
        )
        return Seal.sign(key, head, events, leaves)

    def _key(self) -> SealKey:
        return find_key(self.settings) or make_key(self.settings)


def _place(session: ReadSession) -> int:
    return int(session.scalar("SELECT last_value FROM crm.audit_events_event_id_seq"))


def _store(session: WriteSession, seals: list[Seal]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "tenant_id": UUID(seal.head.tenant_id),
            "batch": seal.head.batch,
            "last_event": seal.head.last,
            "head": seal.head.canonical().decode(),
            "signature": encode(seal.signature),
        }
        for seal in seals
    ]
    if rows:
        session.execute(insert(AuditSeal), rows)
