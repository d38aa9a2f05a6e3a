"""Taking the person out of what was inferred: insights and summaries that quote them, and clusters that they are part of."""

from collections.abc import Iterable, Mapping
from typing import Any, LiteralString
from uuid import UUID

from schema.erasure.index import stop_indexing
from schema.erasure.looking import Looking
from schema.erasure.person import Person
from schema.erasure.reach import Links
from schema.erasure.texts import Reach
from schema.session import Row, WriteSession

_NOTHING = "a^"
"""An expression that finds nothing."""

# What they wrote or said themselves, as far as it is recorded who took part.
_TOOK_PART: LiteralString = """
SELECT interaction_id AS id FROM crm.interaction_participants
WHERE tenant_id = :tenant AND individual_id = ANY(:individuals)"""
_INSIGHTS: LiteralString = """
SELECT n.id, n.record_id, n.statement, n.raw_output,
       coalesce((SELECT jsonb_agg(jsonb_build_array(e.record_id, e.quote)) FROM crm.insight_evidence e
                 WHERE e.tenant_id = n.tenant_id AND e.insight_id = n.id), '[]') AS evidence
FROM crm.ai_insights n
WHERE n.tenant_id = :tenant AND (
    n.record_id = ANY(:near) OR n.statement ~ :sought OR CAST(n.raw_output AS text) ~ :sought
    OR EXISTS (SELECT FROM crm.insight_evidence e WHERE e.tenant_id = n.tenant_id AND e.insight_id = n.id
               AND (e.record_id = ANY(:near) OR e.quote ~ :sought)))"""
_SUMMARIES: LiteralString = """
SELECT s.record_id, s.text, s.facts, s.sentences FROM crm.account_summaries s
WHERE s.tenant_id = :tenant AND (s.record_id = ANY(:near) OR s.text ~ :sought OR CAST(s.facts AS text) ~ :sought
    OR EXISTS (SELECT FROM jsonb_array_elements(s.sentences) quoted
               WHERE CAST(quoted ->> 'record_id' AS uuid) = ANY(:near)))"""
_CLUSTERS: LiteralString = "SELECT id, name, terms FROM crm.clusters WHERE tenant_id = :tenant"

_FORGET_INSIGHTS: LiteralString = (
    "DELETE FROM crm.ai_insights WHERE tenant_id = :tenant AND id = ANY(:ids) RETURNING id"
)
_FORGET_SUMMARIES: LiteralString = """
WITH unchunked AS (
    DELETE FROM crm.chunks WHERE tenant_id = :tenant AND record_id = ANY(:ids) AND source = 'summary'
)
DELETE FROM crm.account_summaries WHERE tenant_id = :tenant AND record_id = ANY(:ids) RETURNING record_id"""
_FORGET_CLUSTERS: LiteralString = "DELETE FROM crm.clusters WHERE tenant_id = :tenant AND id = ANY(:ids) RETURNING id"
_LEAVE_CLUSTERS: LiteralString = """
WITH gone AS (
    DELETE FROM crm.cluster_members WHERE tenant_id = :tenant AND record_id = ANY(:ids) RETURNING cluster_id
), fewer AS (
    UPDATE crm.clusters c SET size = c.size - g.members
    FROM (SELECT cluster_id, CAST(count(*) AS integer) AS members FROM gone GROUP BY cluster_id) g
    WHERE c.tenant_id = :tenant AND c.id = g.cluster_id
)
SELECT cluster_id FROM gone"""


def forget_inferred(session: WriteSession, person: Person, looking: Looking, links: Links) -> dict[str, int]:
    """Deletes what was inferred and quotes the person, or rests on what they wrote; returns how many rows, by table.

    From here on, until the erasure commits, nothing is inferred from texts of the tenant: who read before this has written.
    """
    stop_indexing(session, person.tenant_id)
    tenant = {"tenant": person.tenant_id}
    rows = session.rows(_TOOK_PART, **tenant, individuals=list(person.individuals))
    theirs = {*person.own, *(row["id"] for row in rows)}
    near = {*theirs, *(record for record, reach in links.records.items() if reach)}
    sought = {"near": list(near), "sought": looking.sought or _NOTHING}
    quoting = _Quoting(looking, links, theirs)

    insights = [row["id"] for row in session.rows(_INSIGHTS, **tenant, **sought) if quoting.is_in_insight(row)]
    accounts = {*person.accounts}
    summaries = [
        row["record_id"]
        for row in session.rows(_SUMMARIES, **tenant, **sought)
        if row["record_id"] in accounts or quoting.is_in_summary(row)
    ]
    clusters = [row["id"] for row in session.rows(_CLUSTERS, **tenant) if quoting.is_in_cluster(row)]
    counts = {
        "ai_insights": len(session.rows(_FORGET_INSIGHTS, **tenant, ids=insights)),
        "account_summaries": len(session.rows(_FORGET_SUMMARIES, **tenant, ids=summaries)),
        "clusters": len(session.rows(_FORGET_CLUSTERS, **tenant, ids=clusters)),
        "cluster_members": len(session.rows(_LEAVE_CLUSTERS, **tenant, ids=list(theirs))),
    }
    return {name: count for name, count in counts.items() if count}


class _Quoting:
    """Whether something says who the person is, or repeats what they wrote."""

    def __init__(self, looking: Looking, links: Links, theirs: Iterable[UUID]) -> None:
        self._redactor = looking.redactor
        self._links = links
        self._theirs = {str(each) for each in theirs}

    def is_in(self, record_id: UUID, *values: Any) -> bool:
        reach, without = self._links.of_record(record_id), self._links.without(record_id)
        return any(self._redactor.value(value, reach, without) != value for value in values)

    def is_in_insight(self, row: Row) -> bool:
        return (
            str(row["record_id"]) in self._theirs
            or self.is_in(row["record_id"], row["statement"], row["raw_output"])
            or any(self._is_quoted(record, quote) for record, quote in row["evidence"])
        )

    def is_in_cluster(self, row: Row) -> bool:
        """One of the names by itself is enough: a cluster is soon made again."""
        # A single name is looked for as names are written; clusters are named in lower case.
        told = [text.title() for text in (row["name"], *row["terms"])]
        return self._redactor.value(told, Reach.LINKED) != told

    def is_in_summary(self, row: Row) -> bool:
        sentences: list[Mapping[str, Any]] = row["sentences"]
        return self.is_in(row["record_id"], row["text"], row["facts"]) or any(
            self._is_quoted(each["record_id"], each["quote"]) for each in sentences
        )

    def _is_quoted(self, record_id: str, quote: str) -> bool:
        return record_id in self._theirs or self.is_in(UUID(record_id), quote)
