"""Clusters of alike texts for people to read, and the tags that they suggest, put on by the ordinary way of changing records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString, cast
from uuid import UUID

from guardrails import rights
from guardrails.effects import Effect
from retrieval.insights.passages import passages_of
from schema.errors import CrmError, Kind
from schema.session import ReadSession, Row
from tools.context import ToolContext
from tools.execute import execute
from tools.records.shown import as_json

EXAMPLES = 3
_KINDS = {"complaints": ("interaction",), "leads": ("opportunity", "job", "partnership")}

_CLUSTERS: LiteralString = """
SELECT c.id AS cluster_id, c.subject, c.name, c.terms, c.embedder, c.created_at, c.updated_at,
       (SELECT count(*) FROM crm.cluster_members m JOIN crm.records r ON r.tenant_id = m.tenant_id AND r.id = m.record_id
        WHERE m.tenant_id = c.tenant_id AND m.cluster_id = c.id AND NOT r.is_deleted) AS size
FROM crm.clusters c
WHERE (CAST(:subject AS text) IS NULL OR c.subject = :subject) AND (CAST(:id AS uuid) IS NULL OR c.id = CAST(:id AS uuid))
ORDER BY c.subject, size DESC, c.id"""
_MEMBERS: LiteralString = """
SELECT m.cluster_id, r.kind, m.record_id, r.label, m.similarity,
       (SELECT string_agg(h.text, E'\\n' ORDER BY h.position) FROM crm.chunks h
        WHERE h.tenant_id = m.tenant_id AND h.record_id = m.record_id AND h.source = 'record') AS text,
       EXISTS (SELECT FROM crm.record_tags t
               WHERE t.tenant_id = m.tenant_id AND t.record_id = m.record_id AND t.tag = ANY(:tags)) AS is_tagged
FROM (SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY similarity DESC, record_id) AS place
      FROM crm.cluster_members WHERE cluster_id = ANY(:clusters)) m
JOIN crm.records r ON r.tenant_id = m.tenant_id AND r.id = m.record_id
WHERE m.place <= :most AND NOT r.is_deleted
ORDER BY m.cluster_id, m.similarity DESC, m.record_id"""
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of a suggested tag."""

    tag: str
    tagged: int
    had_it: int
    changes: list[str]
    failures: list[dict[str, str]]
    """Records that could not be changed, with the reason."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def list_clusters(desk: ToolContext, subject: str | None = None) -> dict[str, Any]:
    """All clusters, the largest of each subject first, each with examples: `{"clusters", "total"}`."""
    with desk.db.read(desk.who, desk.audience) as session:
        rows = [row for row in session.rows(_CLUSTERS, subject=subject, id=None) if _may_read(desk, row)]
        members = session.rows(_MEMBERS, clusters=[row["cluster_id"] for row in rows], most=EXAMPLES, tags=[])
    shown = [_shown(row, [each for each in members if each["cluster_id"] == row["cluster_id"]]) for row in rows]
    return {"clusters": shown, "total": len(shown)}


def get_cluster(desk: ToolContext, cluster_id: UUID) -> dict[str, Any]:
    """One cluster with all its records. Raises CrmError (not_found)."""
    with desk.db.read(desk.who, desk.audience) as session:
        row = _get(session, desk, cluster_id)
        members = session.rows(_MEMBERS, clusters=[cluster_id], most=_MOST, tags=[])
    records = [
        as_json({name: each[name] for name in ("kind", "record_id", "label")})
        | {"similarity": float(each["similarity"])}
        for each in members
    ]
    return {**_shown(row, members[:EXAMPLES]), "records": records}


def tag_cluster(desk: ToolContext, cluster_id: UUID, tag: str | None = None) -> Tagged:
    """Puts the suggested tag, or the one given, on each of the cluster's records that has it not, as `desk.who` and logged.

    Each record is a change of its own, and is undone by itself. Raises CrmError (not_found).
    """
    with desk.db.read(desk.who, desk.audience) as session:
        row = _get(session, desk, cluster_id)
        chosen = (tag or tag_for(row["terms"], row["name"])).strip().lower()
        members = session.rows(_MEMBERS, clusters=[cluster_id], most=_MOST, tags=[chosen])
    changes: list[str] = []
    failures: list[dict[str, str]] = []
    reason = f"It is one of {len(members)} records that speak alike: {row['name']}"
    for each in members:
        if each["is_tagged"]:
            continue
        args = {"record_id": str(each["record_id"]), "fields": {"tags": [f"+{chosen}"]}, "reason": reason[:500]}
        outcome = execute(desk, "update_record", args)
        if outcome.error is not None:
            failures.append({"record_id": str(each["record_id"]), "message": outcome.error[1]})
        else:
            changes += outcome.result.get("changes", [])
    if failures and not changes:
        raise CrmError(cast("Kind", "refused"), f"No record could be tagged: {failures[0]['message']}")
    had_it = sum(each["is_tagged"] for each in members)
    return Tagged(chosen, len(members) - had_it - len(failures), had_it, changes, failures)


def tag_for(terms: list[str], name: str) -> str:
    """One word, or two joined by a hyphen, that the cluster's texts would be found by."""
    return (terms[0] if terms else name).replace(" ", "-").lower()


def _may_read(desk: ToolContext, row: Row) -> bool:
    return all(rights.holds(desk.scopes, kind, Effect.READ) for kind in _KINDS[row["subject"]])


def _get(session: ReadSession, desk: ToolContext, cluster_id: UUID) -> Row:
    found = [row for row in session.rows(_CLUSTERS, subject=None, id=cluster_id) if _may_read(desk, row)]
    if not found:
        raise CrmError("not_found", f"There is no cluster {cluster_id}; `clusters list` shows those there are.")
    return found[0]


def _shown(row: Row, examples: list[Row]) -> dict[str, Any]:
    return {
        **as_json(row),
        "is_inferred": True,
        "suggested_tag": tag_for(row["terms"], row["name"]),
        "examples": [_example(row, each) for each in examples],
    }


def _example(cluster: Row, member: Mapping[str, Any]) -> dict[str, Any]:
    """The record, and the sentence of it that says most of what the cluster says."""
    terms: list[str] = cluster["terms"]
    passages = [passage.text for passage in passages_of(member["text"] or "")]
    # max keeps the first of those that say as much.
    said = max(passages, key=lambda text: sum(term in text.lower() for term in terms), default=member["label"])
    told = {name: member[name] for name in ("kind", "record_id", "label")}
    return as_json(told) | {"similarity": float(member["similarity"]), "quote": said[:300]}
