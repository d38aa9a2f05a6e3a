"""Erasing one person: one transaction, and a signed line in the seals file that says which events lost what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from schema.database import Database
from schema.erasure.index import forget_chunks, newest_queued
from schema.erasure.inferred import forget_inferred
from schema.erasure.log import fresh_parts, parts_to_erase
from schema.erasure.looking import Looking, look_for
from schema.erasure.person import Person, gather
from schema.erasure.reach import links_of
from schema.erasure.rows import NAME, Rows
from schema.errors import CrmError
from schema.identity import Identity
from schema.models import Base
from schema.seals.erasure import Erasing
from schema.session import Change, ReadSession, WriteSession
from schema.settings import Settings

REASON = "Personal data was erased."
_NOT_COUNTED = ("records", "audit_events", "users", "chunks", "embeddings", "embedding_queue")
"""Tables whose texts repeat what others say."""
TOOL = "erase"


@dataclass(frozen=True)
class Left:
    """Something that stays, and why."""

    what: str
    count: int | None
    why: str


@dataclass(frozen=True)
class Erased:
    """What was erased, or would be."""

    individual_id: UUID
    is_done: bool
    """False for a dry run."""
    was_erased: bool
    """True when nothing was left to do."""
    counts: Mapping[str, int]
    """Rows by table; `audit_events` lost their personal parts."""
    stays: tuple[Left, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "individual_id": str(self.individual_id),
            "dry_run": not self.is_done,
            "was_erased": self.was_erased,
            "erased": dict(self.counts),
            "total": sum(self.counts.values()),
            "stays": [{"what": left.what, "count": left.count, "why": left.why} for left in self.stays],
        }


def erase(db: Database, settings: Settings, who: Identity, individual_id: UUID, *, dry_run: bool = False) -> Erased:
    """Erases the person behind an individual for good; a dry run does the same and takes it back.

    Killed at any point it has done nothing but, at most, announce the erasure in the seals file; run again, it ends
    the same. Raises CrmError: denied for who is no admin, not_found when there is no such individual.
    """
    if who.role != "admin":
        raise CrmError("denied", "Only an admin may erase a person's data.")
    change = Change(operation_id=db.world.new_id(), reason=REASON, tool=TOOL)
    # The seals file comes first, as it does for whoever seals: two that take turns in the same order never wait in a ring.
    with Erasing.begin(settings, db.world, dry_run=dry_run) as erasing, db.erasing(who, change) as session:
        with session.savepoint() as point:
            person = gather(session, who.tenant_id, individual_id)
            if not person.individuals:
                raise CrmError("not_found", f"There is no individual {individual_id}.")
            if _is_erased(session, person):
                return Erased(individual_id, is_done=not dry_run, was_erased=True, counts={}, stays=_always())
            counts, looking = _erase(session, db, who, change, person, erasing)
            stays = (*_by_chance(session, person, looking), *_always())
            if dry_run:
                point.roll_back()
        return Erased(individual_id, is_done=not dry_run, was_erased=False, counts=counts, stays=stays)


def _erase(
    session: WriteSession, db: Database, who: Identity, change: Change, person: Person, erasing: Erasing
) -> tuple[dict[str, int], Looking]:
    looking, links = look_for(person), links_of(session, person)
    queued = newest_queued(session)
    rows = Rows(session, person, looking, links, db.world.now(), who.user_id)
    inferred = forget_inferred(session, person, looking, links)
    rows.erase()
    gone = parts_to_erase(session, person, looking, links, change.operation_id)
    fresh = fresh_parts(session, person, change.operation_id)
    rows.delete()
    near = (record for record, reach in links.records.items() if reach)
    forget_chunks(session, person.tenant_id, looking, near, queued)
    erasing.erase(session, person.tenant_id, {**gone, **fresh})
    session.execute(sa.text("REFRESH MATERIALIZED VIEW CONCURRENTLY crm.sales_facts"))
    return {**inferred, **rows.counts, "audit_events": len(gone)}, looking


def _is_erased(session: ReadSession, person: Person) -> bool:
    """Whether nothing but what an erasure leaves is there."""
    return person.names == [(NAME, "")] and session.scalar(
        "SELECT count(*) = 0 FROM crm.individuals WHERE tenant_id = :tenant AND id = ANY(:ids) AND deleted_at IS NULL",
        tenant=person.tenant_id,
        ids=list(person.individuals),
    )


def _by_chance(session: ReadSession, person: Person, looking: Looking) -> list[Left]:
    """What still says something that the person shares with others, and nothing tells whose it is there."""
    if not looking.shared:
        return []
    found = 0
    for table in Base.metadata.tables.values():
        columns = [each for each in table.columns if isinstance(each.type, sa.Text)]
        if "tenant_id" not in table.c or not columns or table.name in _NOT_COUNTED:
            continue
        matches = sa.or_(*(column.op("~")(looking.shared) for column in columns))
        query = sa.select(sa.func.count().label("n")).where(table.c.tenant_id == person.tenant_id, matches)
        found += int(session.select(query)[0]["n"])
    others = f"{len(person.others)} other{'' if len(person.others) == 1 else 's'}"
    return [
        Left(
            "texts that say the same name, address or number",
            found,
            f"{others} in the CRM have it too, and nothing ties these texts to the erased person.",
        )
    ]


def _always() -> tuple[Left, ...]:
    return (
        Left(
            "ids, dates, amounts, statuses, and who is whose contact",
            None,
            "They name nobody, and the books rest on them.",
        ),
        Left(
            "the fact that something was changed, when and by which user",
            None,
            "The log is sealed; what was changed and why is gone from the events counted above.",
        ),
        Left(
            "what others wrote, without the person's names, addresses and numbers",
            None,
            "It is their history too; a description that names nobody is not recognised.",
        ),
        Left(
            "backups and exports made before",
            None,
            "They are files of yours: let them expire, and erase again after a restore.",
        ),
    )
