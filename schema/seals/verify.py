"""Recomputes every seal from the rows, and names the first event at which rows, seals and file part."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString
from uuid import UUID

from sqlalchemy import text

from schema.database import Database
from schema.seals.chain import faults
from schema.seals.compare import Problem, difference
from schema.seals.erasure import Erasure
from schema.seals.file import Line, SealsFile, lines, seals_path
from schema.seals.head import Head, Seal, encode
from schema.seals.keys import PublicKey, find_key
from schema.seals.leaf import RANGE, SETTINGS, erased_parts, event_id_of, fields_of
from schema.seals.verdict import Findings, Verdict
from schema.session import ReadSession
from schema.settings import Settings

_SEALS: LiteralString = """
SELECT tenant_id, batch, head, signature FROM crm.audit_seals
WHERE CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant
ORDER BY tenant_id, batch
"""
_TENANTS: LiteralString = """
SELECT DISTINCT tenant_id FROM crm.audit_events WHERE CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant
"""
_ALL: LiteralString = "SELECT count(*) FROM crm.audit_events WHERE CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant"
_AFTER: LiteralString = "SELECT count(*) FROM crm.audit_events WHERE tenant_id = :tenant AND event_id > :last"
_ELSEWHERE: LiteralString = "SELECT 1 FROM crm.audit_events WHERE event_id = :event AND tenant_id <> :tenant LIMIT 1"
Progress = Callable[[int, int], None]
"""Is told how many events are done, and about how many there are."""
_SPARE = 10_000
"""Rows read beyond what a seal counts: enough to name the first that was put in."""


def verify(
    db: Database, settings: Settings, tenant_id: UUID | None = None, progress: Progress | None = None
) -> Verdict:
    """The verdict over one tenant's log, or over every tenant's. Raises CrmError when file or key cannot be read."""
    key = find_key(settings)
    file = SealsFile(seals_path(settings))
    with file.reading() as opened, db.across_tenants() as session:
        # Nobody seals between the moment the file's end is noted and the moment the rows are frozen.
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        session.rows(SETTINGS)
        check = _Check(session, tenant_id, key.public if key else None)
        if opened:
            opened.release()
            total = int(session.scalar(_ALL, tenant=tenant_id)) if progress else 0
            for line in lines(opened.file, 0, opened.end):
                check.line(line)
                if progress:
                    progress(check.checked, total)
        elif key is not None and settings.seal_key is None:
            check.miss_file(file.path)
        return check.verdict()


@dataclass
class _Chain:
    """What the file has told of one tenant so far."""

    head: Head | None = None
    firsts: dict[int, int] = field(default_factory=dict[int, int])
    """The first event of each batch."""


class _Check:
    """One pass over the file, each batch compared with its rows as it comes."""

    def __init__(self, session: ReadSession, tenant_id: UUID | None, key: PublicKey | None) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._key = key
        self._kept: dict[str, dict[int, tuple[str, str]]] = {}
        for row in session.rows(_SEALS, tenant=tenant_id):
            self._kept.setdefault(str(row["tenant_id"]), {})[row["batch"]] = row["head"], row["signature"]
        self._chains: dict[str, _Chain] = {}
        self._erased: dict[tuple[str, int], frozenset[str]] = {}
        """Parts found erased, by tenant and event."""
        self._allowed: dict[tuple[str, int], frozenset[str]] = {}
        """Parts that signed erasures name."""
        self._found = Findings()

    @property
    def checked(self) -> int:
        return self._found.checked

    def miss_file(self, path: Path) -> None:
        """The file is gone: the first event that the database's own seals name is no longer proved."""
        firsts = [_first(head) for seals in self._kept.values() for head, _ in seals.values()]
        first = min((first for first in firsts if first is not None), default=None)
        self._found.bad_seal(first, f"The seals file {path} is missing.")

    def line(self, line: Line) -> None:
        said = line.said or {}
        try:
            if "erasure" in said:
                self._allow(Erasure.from_json(said))
            else:
                self._seal(Seal.from_json(said))
        except (KeyError, TypeError, ValueError, AttributeError):
            self._found.bad_seal(None, f"Line {line.number} of the seals file cannot be read.")

    def verdict(self) -> Verdict:
        tenants = {str(row["tenant_id"]) for row in self._session.rows(_TENANTS, tenant=self._tenant_id)}
        for tenant in {*self._kept, *self._chains}:
            self._compare_kept(tenant)
        self._compare_erasures()
        found = self._found
        found.sealed = sum(chain.head.size for chain in self._chains.values() if chain.head)
        found.unsealed = sum(self._unsealed(tenant) for tenant in tenants)
        found.erased = len(self._erased)
        found.first_bad = self._told(found.first_bad)
        return found.verdict()

    def _allow(self, erasure: Erasure) -> None:
        if self._key is None or not erasure.is_signed_with(self._key):
            self._found.bad_seal(min(erasure.events), "An erasure of it is not signed with this installation's key.")
            return
        for event, parts in erasure.events.items():
            key = erasure.tenant_id, event
            self._allowed[key] = self._allowed.get(key, frozenset()) | frozenset(parts)

    def _seal(self, seal: Seal) -> None:
        head = seal.head
        if self._tenant_id is not None and head.tenant_id != str(self._tenant_id):
            return
        chain = self._chains.setdefault(head.tenant_id, _Chain())
        for fault in faults(seal, chain.head, self._key):
            self._found.bad_seal(head.first, fault)
        follows = chain.head is not None and chain.head.batch + 1 == head.batch
        after = chain.head.last if chain.head and follows else 0 if head.batch == 1 else head.first - 1
        self._compare_rows(seal, after)
        kept = self._kept.get(head.tenant_id, {}).get(head.batch)
        if kept is not None and kept != (head.canonical().decode(), encode(seal.signature)):
            self._found.bad_seal(head.first, f"Seal {head.batch} in the database is not the one in the seals file.")
        chain.head = head
        chain.firsts[head.batch] = head.first

    def _compare_rows(self, seal: Seal, after: int) -> None:
        head = seal.head
        limit = head.count + _SPARE
        copied = self._session.copied(RANGE, tenant=head.tenant_id, after=after, through=head.last, limit=limit)
        rows = [fields_of(line) for line in copied]
        self._found.checked += len(rows)
        problem = difference(seal, rows)
        if problem is not None:
            self._found.bad(problem)
        for fields in rows:
            if parts := erased_parts(fields):
                self._erased[head.tenant_id, event_id_of(fields)] = frozenset(parts)

    def _compare_kept(self, tenant: str) -> None:
        """The file's seals are the database's, but for a last one whose commit a crash may have cut off."""
        chain, kept = self._chains.get(tenant, _Chain()), self._kept.get(tenant, {})
        for batch in kept.keys() - chain.firsts.keys():
            self._found.bad_seal(_first(kept[batch][0]), f"The seals file lacks seal {batch}, which the database has.")
        for batch in chain.firsts.keys() - kept.keys() - {max(chain.firsts, default=0)}:
            self._found.bad_seal(chain.firsts[batch], f"The database lacks seal {batch}, which the seals file has.")

    def _compare_erasures(self) -> None:
        for (tenant, event), parts in self._erased.items():
            for part in sorted(parts - self._allowed.get((tenant, event), frozenset())):
                self._found.bad(Problem(event, f"Its {part} was removed, and no signed erasure says so."))

    def _unsealed(self, tenant: str) -> int:
        head = self._chains.get(tenant, _Chain()).head
        return int(self._session.scalar(_AFTER, tenant=tenant, last=head.last if head else 0))

    def _told(self, problem: Problem | None) -> Problem | None:
        """A removed event that another tenant has was moved there."""
        if problem is None or problem.missing_from is None:
            return problem
        moved = self._session.scalar(_ELSEWHERE, event=problem.event_id, tenant=problem.missing_from)
        return Problem(problem.event_id, "It was moved to another tenant after it was sealed.") if moved else problem


def _first(head: str) -> int | None:
    try:
        return int(json.loads(head)["first"])
    except (ValueError, KeyError, TypeError):
        return None
