"""Making a tenant's clusters: grouped, named, matched with those there were, and stored."""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import sqlalchemy as sa

from retrieval.clusters.gathering import Gathered, gather, names_of_people_and_companies, serving_model
from retrieval.clusters.linkage import ALONE, clusters_of, middles_of
from retrieval.clusters.matching import match
from retrieval.clusters.naming import name_of, terms_of
from retrieval.indexing.models import Model
from schema.database import Database
from schema.erasure.index import INDEXING
from schema.errors import CrmError
from schema.models import Base
from schema.models.intelligence import CLUSTER_SUBJECTS
from schema.session import ReadSession, WriteSession

SMALLEST = 3
"""Records that make a cluster; fewer are a coincidence."""
_CLUSTERS, _MEMBERS = (Base.metadata.tables[f"crm.{name}"] for name in ("clusters", "cluster_members"))
_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('crm.clusters of ' || :tenant, 0))"
_KNOWN: LiteralString = """
SELECT c.id, c.name, m.record_id FROM crm.clusters c
JOIN crm.cluster_members m ON m.tenant_id = c.tenant_id AND m.cluster_id = c.id
WHERE c.tenant_id = :tenant AND c.subject = :subject ORDER BY c.id"""
_FORGOTTEN: LiteralString = (
    "DELETE FROM crm.clusters WHERE tenant_id = :tenant AND subject = :subject AND id <> ALL(:kept) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Clustered:
    """What came of one subject."""

    subject: str
    records: int
    clusters: int
    alone: int
    """Records that are like no two others."""
    kept: int
    """Clusters that were there before."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class _Found:
    """One cluster of today."""

    members: dict[UUID, float]
    """Similarity to the middle, by record."""
    terms: list[str]


def make_clusters(db: Database, tenant_id: UUID) -> list[Clustered]:
    """Groups complaints and leads anew; a cluster that holds mostly what it held keeps its id, and its name while it fits.

    Raises CrmError (unavailable) while no embedder's vectors serve.
    """
    return [_make(db, tenant_id, subject) for subject in CLUSTER_SUBJECTS]


def _make(db: Database, tenant_id: UUID, subject: str) -> Clustered:
    with db.job(tenant_id) as session:
        session.scalar(_ALONE, tenant=str(tenant_id))
        # Else a person erased meanwhile could name a cluster.
        session.scalar(INDEXING, tenant=str(tenant_id))
        model = serving_model(session)
        if model is None:
            raise CrmError("unavailable", "No texts are embedded yet; `crm-agent embed backfill` does it.")
        gathered = gather(session, tenant_id, subject, model)
        found = _found(session, tenant_id, gathered)
        known, names = _known(session, tenant_id, subject)
        matched = match(known, {label: set(each.members) for label, each in found.items()})
        session.rows(_FORGOTTEN, tenant=tenant_id, subject=subject, kept=list(matched.values()))
        for label, each in found.items():
            _store(session, db, tenant_id, subject, model, each, matched.get(label), names)
    grouped = sum(len(each.members) for each in found.values())
    return Clustered(subject, len(gathered.records), len(found), len(gathered.records) - grouped, len(matched))


def _found(session: ReadSession, tenant_id: UUID, gathered: Gathered) -> dict[int, _Found]:
    labels = clusters_of(gathered.vectors, SMALLEST).tolist()
    middles = middles_of(gathered.vectors, labels)
    members: dict[int, dict[UUID, float]] = {label: {} for label in sorted(middles)}
    texts: dict[int, list[str]] = {label: [] for label in members}
    for at, label in enumerate(labels):
        if label != ALONE:
            members[label][gathered.records[at]] = float(gathered.vectors[at] @ middles[label])
            texts[label].append(gathered.texts[at])
    terms = terms_of(texts, names_of_people_and_companies(session, tenant_id))
    return {label: _Found(members[label], terms[label]) for label in members}


def _known(session: ReadSession, tenant_id: UUID, subject: str) -> tuple[dict[UUID, set[UUID]], dict[UUID, str]]:
    members: dict[UUID, set[UUID]] = {}
    names: dict[UUID, str] = {}
    for row in session.rows(_KNOWN, tenant=tenant_id, subject=subject):
        members.setdefault(row["id"], set()).add(row["record_id"])
        names[row["id"]] = row["name"]
    return members, names


def _store(
    session: WriteSession, db: Database, tenant_id: UUID, subject: str, model: Model, found: _Found,
    known_id: UUID | None, names: dict[UUID, str],
) -> None:  # fmt: skip
    now = db.world.now()
    earlier = names.get(known_id, "") if known_id else ""
    still_fits = bool(earlier) and set(earlier.split(", ")) <= set(found.terms)
    told = {
        "name": earlier if still_fits else name_of(found.terms),
        "terms": found.terms,
        "size": len(found.members),
        "embedder": model.name,
        "embedder_version": model.version,
        "updated_at": now,
    }
    cluster_id = known_id or db.world.new_id()
    is_it = _CLUSTERS.c.tenant_id == tenant_id, _CLUSTERS.c.id == cluster_id
    if known_id is None:
        row = {"tenant_id": tenant_id, "id": cluster_id, "subject": subject, **told, "created_at": now}
        session.execute(sa.insert(_CLUSTERS).values(row))
    else:
        session.execute(sa.update(_CLUSTERS).where(*is_it).values(told))
        session.execute(
            sa.delete(_MEMBERS).where(_MEMBERS.c.tenant_id == tenant_id, _MEMBERS.c.cluster_id == cluster_id)
        )
    ids = {"tenant_id": tenant_id, "cluster_id": cluster_id}
    rows = [{**ids, "record_id": each, "similarity": round(near, 4)} for each, near in found.members.items()]
    session.execute(sa.insert(_MEMBERS), rows)
