"""Insights in the database: what is to be read, what is there, and writing what was inferred."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

import sqlalchemy as sa

from retrieval.insights.claim import LONGEST_STATEMENT, Claim, Evidence, Maker, Talk
from retrieval.insights.settling import Known, settle
from schema.models import Base
from schema.session import ReadSession, WriteSession
from schema.world import World

INSIGHTS, EVIDENCE = (Base.metadata.tables[f"crm.{name}"] for name in ("ai_insights", "insight_evidence"))

# What a model has read, the rules read again only when it has changed; a model reads again what the rules have read.
_OUTDATED: LiteralString = """
    (r.record_id IS NULL OR r.record_version <> i.version OR :again
     OR (:model = 'rules' AND r.model = 'rules' AND r.model_version IS DISTINCT FROM :model_version)
     OR (:model <> 'rules' AND (r.model, r.prompt_version) IS DISTINCT FROM (:model, CAST(:prompt_version AS text))))"""
_FROM: LiteralString = """
FROM crm.interactions i
JOIN crm.tenants t ON t.tenant_id = i.tenant_id
LEFT JOIN crm.insight_readings r ON r.tenant_id = i.tenant_id AND r.record_id = i.id
WHERE i.tenant_id = :tenant AND i.deleted_at IS NULL AND i.body <> ''
  AND (CAST(:records AS uuid[]) IS NULL OR i.id = ANY(CAST(:records AS uuid[])))
  AND"""
_DUE: LiteralString = f"""
SELECT i.id, i.version, i.kind, i.direction, coalesce(i.subject, '') AS subject, i.body, i.occurred_at,
       CAST((i.occurred_at AT TIME ZONE t.time_zone)::date AS text) AS day
{_FROM}{_OUTDATED}
  AND (CAST(:before AS timestamptz) IS NULL OR (i.occurred_at, i.id) < (CAST(:before AS timestamptz), CAST(:before_id AS uuid)))
ORDER BY i.occurred_at DESC, i.id DESC LIMIT :limit"""
_COUNT: LiteralString = f"SELECT count(*) AS texts, coalesce(sum(length(i.body)), 0) AS characters {_FROM}{_OUTDATED}"
_KNOWN: LiteralString = """
SELECT id, record_id, kind, claim, statement, model, model_version, prompt_version, verified_by_user
FROM crm.ai_insights WHERE tenant_id = :tenant AND record_id = ANY(:records)"""

_NOTE: LiteralString = """
INSERT INTO crm.insight_readings (tenant_id, record_id, record_version, model, model_version, prompt_version, read_at)
VALUES (:tenant, :record, :record_version, :model, :model_version, :prompt_version, :read_at)
ON CONFLICT (tenant_id, record_id) DO UPDATE SET record_version = excluded.record_version, model = excluded.model,
    model_version = excluded.model_version, prompt_version = excluded.prompt_version, read_at = excluded.read_at"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts are to be read by whom."""

    tenant_id: UUID
    maker: Maker
    records: Sequence[UUID] | None = None
    """None means all."""
    again: bool = False
    """True to read what this maker has read before."""

    def parameters(self) -> dict[str, Any]:
        return {
            "tenant": self.tenant_id,
            "model": self.maker.model,
            "model_version": self.maker.model_version,
            "prompt_version": self.maker.prompt_version,
            "records": None if self.records is None else list(self.records),
            "again": self.again,
        }


@dataclass(slots=True)
class Counts:
    """What came of it."""

    read: int = 0
    made: int = 0
    renewed: int = 0
    removed: int = 0
    suppressed: int = 0
    """Not proposed, because a person has rejected it."""
    failed: int = 0

    def add(self, other: "Counts") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


Cursor = tuple[datetime, UUID]


def due(session: ReadSession, wanted: Wanted, limit: int, before: Cursor | None) -> tuple[list[Talk], Cursor | None]:
    """The next texts to read, the newest first, and where the next page begins."""
    at = {"before": before[0] if before else None, "before_id": before[1] if before else None}
    rows = session.rows(_DUE, **wanted.parameters(), **at, limit=limit)
    talks = [
        Talk(row["id"], row["version"], row["kind"], row["direction"], row["subject"], row["body"], row["day"])
        for row in rows
    ]
    return talks, (rows[-1]["occurred_at"], rows[-1]["id"]) if rows else None


def count_due(session: ReadSession, wanted: Wanted) -> tuple[int, int]:
    """How many texts are to be read, and their characters together."""
    row = session.rows(_COUNT, **wanted.parameters())[0]
    return int(row["texts"]), int(row["characters"])


def rejected_statements(session: ReadSession, tenant_id: UUID, records: Iterable[UUID]) -> dict[UUID, list[str]]:
    """What people said no to, by record."""
    found: dict[UUID, list[str]] = {}
    for row in session.rows(_KNOWN, tenant=tenant_id, records=list(records)):
        if row["verified_by_user"] is False:
            found.setdefault(row["record_id"], []).append(f"{row['kind']}: {row['statement']}")
    return found


class InsightWriter:
    """Writes what was inferred about records of one tenant, in one transaction of the system."""

    def __init__(
        self, session: WriteSession, tenant_id: UUID, world: World, *, kinds: Sequence[str], of_text: bool
    ) -> None:
        """Writes claims of these kinds, and leaves insights of others alone; `of_text` as `settle` has it."""
        self._session = session
        self._tenant_id = tenant_id
        self._world = world
        self._now = world.now()
        self._kinds = kinds
        self._of_text = of_text
        self.counts = Counts()

    def write(self, inferred: Mapping[UUID, tuple[Maker, Sequence[Claim]]]) -> None:
        """Each record's claims in the place of those that were there."""
        known: dict[UUID, list[Known]] = {}
        for row in self._session.rows(_KNOWN, tenant=self._tenant_id, records=list(inferred)):
            if row["kind"] not in self._kinds:
                continue
            maker = Maker(row["model"], row["model_version"], row["prompt_version"])
            each = Known(row["id"], row["kind"], row["claim"], maker, row["verified_by_user"])
            known.setdefault(row["record_id"], []).append(each)
        rows: list[dict[str, Any]] = []
        evidence: list[dict[str, Any]] = []
        gone: list[UUID] = []
        for record_id, (maker, claims) in inferred.items():
            settled = settle(known.get(record_id, ()), claims, maker, of_text=self._of_text)
            gone += settled.gone
            for insight_id, claim in settled.renewed:
                self._renew(insight_id, claim, maker)
                evidence += self._evidence(insight_id, claim.evidence)
            for claim in settled.fresh:
                insight_id = self._world.new_id()
                rows.append(self._row(insight_id, record_id, claim, maker))
                evidence += self._evidence(insight_id, claim.evidence)
            self.counts.made += len(settled.fresh)
            self.counts.renewed += len(settled.renewed)
            self.counts.removed += len(settled.gone)
            self.counts.suppressed += settled.suppressed
        self._apply(rows, evidence, gone)

    def _apply(self, rows: list[dict[str, Any]], evidence: list[dict[str, Any]], gone: list[UUID]) -> None:
        if gone:
            self._session.execute(
                sa.delete(INSIGHTS).where(INSIGHTS.c.tenant_id == self._tenant_id, INSIGHTS.c.id.in_(gone))
            )
        if rows:
            self._session.execute(sa.insert(INSIGHTS), rows)
        if evidence:
            self._session.execute(sa.insert(EVIDENCE), evidence)

    def _renew(self, insight_id: UUID, claim: Claim, maker: Maker) -> None:
        is_it = INSIGHTS.c.tenant_id == self._tenant_id, INSIGHTS.c.id == insight_id
        self._session.execute(
            sa.update(INSIGHTS).where(*is_it).values(**self._said(claim, maker), updated_at=self._now)
        )
        self._session.execute(
            sa.delete(EVIDENCE).where(EVIDENCE.c.tenant_id == self._tenant_id, EVIDENCE.c.insight_id == insight_id)
        )

    def _row(self, insight_id: UUID, record_id: UUID, claim: Claim, maker: Maker) -> dict[str, Any]:
        return {
            "tenant_id": self._tenant_id,
            "id": insight_id,
            "record_id": record_id,
            "kind": claim.kind,
            **self._said(claim, maker),
            "created_at": self._now,
            "updated_at": self._now,
        }

    def _said(self, claim: Claim, maker: Maker) -> dict[str, Any]:
        return {
            "statement": claim.statement[:LONGEST_STATEMENT],
            "confidence": Decimal(str(round(min(1.0, max(0.0, claim.confidence)), 3))),
            "raw_output": dict(claim.raw),
            "model": maker.model,
            "model_version": maker.model_version,
            "prompt_version": maker.prompt_version,
        }

    def _evidence(self, insight_id: UUID, evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
        return [
            {
                "tenant_id": self._tenant_id,
                "insight_id": insight_id,
                "position": position,
                "record_id": each.record_id,
                "field": each.field,
                "quote": each.quote,
                "start_at": each.start,
                "end_at": each.end,
            }
            for position, each in enumerate(evidence)
        ]

    def note_readings(self, read: Iterable[tuple[Talk, Maker]]) -> None:
        """Remembers that the texts were read as they stand."""
        rows = [
            {
                "tenant": self._tenant_id,
                "record": talk.record_id,
                "record_version": talk.version,
                "model": maker.model,
                "model_version": maker.model_version,
                "prompt_version": maker.prompt_version,
                "read_at": self._now,
            }
            for talk, maker in read
        ]
        if rows:
            self._session.execute(sa.text(_NOTE), rows)
        self.counts.read += len(rows)
