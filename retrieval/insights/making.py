"""Making a tenant's insights: from texts that nobody has read yet or that an older version has, and from the books."""

from collections.abc import Callable
from datetime import date
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from retrieval.insights.claim import KINDS, Maker, Reader
from retrieval.insights.facts import claims_of_facts, subjects_of_facts
from retrieval.insights.rules import RULES
from retrieval.insights.store import Counts, Cursor, InsightWriter, Wanted, due, rejected_statements
from schema.database import Database
from schema.erasure.index import INDEXING
from schema.session import Change, WriteSession

BATCH = 100
"""Texts of one transaction."""
FACTS_BATCH = 500
_OF_FACTS = ("sentiment", "risk", "next_step")
_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('crm.ai_insights of ' || :tenant, 0))"

Progress = Callable[[Counts], None]
IsStopping = Callable[[], bool]


def make_insights(
    db: Database,
    wanted: Wanted,
    reader: Reader,
    *,
    batch: int = BATCH,
    limit: int | None = None,
    progress: Progress = lambda _: None,
    is_stopping: IsStopping = lambda: False,
) -> Counts:
    """Reads what is to be read, the newest first, and stores what was inferred; stopped at any point it goes on from there.

    `limit` bounds the texts. What could not be read now is counted as failed, and is read the next time.
    """
    counts = Counts()
    before: Cursor | None = None
    while not is_stopping() and (limit is None or counts.read + counts.failed < limit):
        room = batch if limit is None else min(batch, limit - counts.read - counts.failed)
        before, done = _read_batch(db, wanted, reader, room, before)
        counts.add(done)
        progress(counts)
        if before is None:
            break
    return counts


def _read_batch(
    db: Database, wanted: Wanted, reader: Reader, size: int, before: Cursor | None
) -> tuple[Cursor | None, Counts]:
    """A model may take minutes, so no transaction is open while it reads; what changed meanwhile is read again later."""
    with db.job(wanted.tenant_id) as session:
        talks, after = due(session, wanted, size, before)
        rejected = rejected_statements(session, wanted.tenant_id, [talk.record_id for talk in talks])
    if not talks:
        return None, Counts()
    readings = reader.read(talks, rejected)
    with db.job(wanted.tenant_id, change_by(db, wanted.maker)) as session:
        take_turns(session, wanted.tenant_id)
        versions = _versions(session, wanted.tenant_id, [talk.record_id for talk in talks])
        # The topics of what rules read come from clusters.
        kinds = _OF_FACTS if wanted.maker.model == RULES.model else KINDS
        writer = InsightWriter(session, wanted.tenant_id, db.world, kinds=kinds, of_text=True)
        done = [
            (talk, Maker(wanted.maker.model, reading.model_version or wanted.maker.model_version, wanted.maker.prompt_version), reading)
            for talk, reading in zip(talks, readings, strict=True)
            if reading is not None and versions.get(talk.record_id) == talk.version
        ]  # fmt: skip
        writer.write({talk.record_id: (maker, reading.claims) for talk, maker, reading in done})
        writer.note_readings((talk, maker) for talk, maker, _ in done)
    writer.counts.failed = len(talks) - len(done)
    return after, writer.counts


def make_insights_of_facts(db: Database, tenant_id: UUID, today: date) -> Counts:
    """Risks, feelings and next steps of accounts and open opportunities, as the books have them today."""
    total = Counts()
    with db.job(tenant_id) as session:
        records = subjects_of_facts(session)
    for start in range(0, len(records), FACTS_BATCH):
        with db.job(tenant_id, change_by(db, RULES)) as session:
            take_turns(session, tenant_id)
            claims = claims_of_facts(session, tenant_id, records[start : start + FACTS_BATCH], today)
            writer = InsightWriter(session, tenant_id, db.world, kinds=_OF_FACTS, of_text=False)
            writer.write({each: (RULES, told) for each, told in claims.items()})
            total.add(writer.counts)
    return total


def today_in(db: Database, time_zone: str) -> date:
    return db.world.now().astimezone(ZoneInfo(time_zone)).date()


def take_turns(session: WriteSession, tenant_id: UUID) -> None:
    """One maker at a time for a tenant, and none while a person is erased."""
    session.scalar(_ALONE, tenant=str(tenant_id))
    session.scalar(INDEXING, tenant=str(tenant_id))


_VERSIONS: LiteralString = """
SELECT id, version FROM crm.interactions WHERE tenant_id = :tenant AND id = ANY(:records) AND deleted_at IS NULL"""


def _versions(session: WriteSession, tenant_id: UUID, records: list[UUID]) -> dict[UUID, int]:
    rows = session.rows(_VERSIONS, tenant=tenant_id, records=records)
    return {row["id"]: row["version"] for row in rows}


def change_by(db: Database, maker: Maker) -> Change:
    name = " ".join(filter(None, (maker.model, maker.model_version)))
    return Change(db.world.new_id(), f"Inferred by {name} from what was written and recorded.", model=maker.model)
