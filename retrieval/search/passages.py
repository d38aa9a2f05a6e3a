"""The passage of a chunk that answers a query: plain text, without marks, and never the whole of a long one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from schema.session import ReadSession

LONGEST = 320
"""Characters of a passage."""

# The first line is the record's title, which stands beside the passage anyway.
_PASSAGES: LiteralString = """
WITH asked AS MATERIALIZED (
    SELECT string_agg('(' || q::text || ')', ' | ')::tsquery AS query
    FROM unnest(crm.asked_words(CAST(:terms AS text[]), CAST(:languages AS text[]))) q
)
SELECT c.id, c.start_at, c.end_at,
       CASE WHEN (SELECT query FROM asked) IS NULL OR length(p.body) <= :longest THEN p.body ELSE ts_headline(
    c.language, p.body, (SELECT query FROM asked),
    'StartSel="", StopSel="", MaxFragments=2, MaxWords=36, MinWords=16, ShortWord=0, FragmentDelimiter=" … "') END AS passage
FROM crm.chunks c
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.end_at > 0 AND strpos(c.text, E'\\n') > 0 THEN substr(c.text, strpos(c.text, E'\\n') + 1)
                ELSE c.text END AS body) p
WHERE c.tenant_id = :tenant AND c.id = ANY(:chunks)
"""


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    start: int
    """Where the chunk that it is from begins in the record's long text, in characters."""
    end: int


def passages_of(
    session: ReadSession, tenant: UUID, chunks: Sequence[UUID], terms: Sequence[str], languages: Sequence[str]
) -> Mapping[UUID, Passage]:
    """The passage of each chunk: around the words that were asked for, or its beginning where none of them occurs."""
    told = {"terms": list(terms), "languages": list(languages), "longest": LONGEST}
    rows = session.rows(_PASSAGES, tenant=tenant, chunks=list(chunks), **told)
    return {row["id"]: Passage(_cut(row["passage"]), row["start_at"], row["end_at"]) for row in rows}


def _cut(passage: str) -> str:
    text = " ".join(passage.split())
    if len(text) <= LONGEST:
        return text
    return (
        text[: LONGEST - 1].rpartition(" ")[0][: LONGEST - 1] + "…"
        if " " in text[:LONGEST]
        else text[: LONGEST - 1] + "…"
    )
