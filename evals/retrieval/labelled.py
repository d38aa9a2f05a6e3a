"""The labelled records and queries, as their files hold them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"
_COLUMNS: Mapping[str, tuple[str | None, str]] = {
    "interaction": ("subject", "body"),
    "note": (None, "body"),
    "task": ("title", "body"),
    "opportunity": ("name", "description"),
}
_STEM = 5
"""Letters: words that begin alike count as one, whatever their endings."""


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    id: str
    kind: str
    language: str
    """ISO 639-1."""
    channel: str | None
    """email, call, meeting or chat, of an interaction."""
    title: str | None
    text: str

    def row(self) -> dict[str, str | None]:
        """Title and text by the columns of the kind's view."""
        title, body = _COLUMNS[self.kind]
        return {body: self.text} | ({title: self.title} if title else {})


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    id: str
    language: str
    query: str
    relevant: Mapping[str, int]
    """Grades by record id: 2 answers, 1 is about the same matter."""

    @property
    def is_exact(self) -> bool:
        """Whether it asks for a record in its own words, on purpose."""
        return self.id.startswith("exact-")


@cache
def records() -> Mapping[str, LabelledRecord]:
    return {
        line["id"]: LabelledRecord(
            line["id"], line["kind"], line["language"], line.get("channel"), line.get("title"), line["text"]
        )
        for line in _lines("records.jsonl")
    }


@cache
def queries() -> tuple[LabelledQuery, ...]:
    return tuple(
        LabelledQuery(line["id"], line["language"], line["query"], line["relevant"]) for line in _lines("queries.jsonl")
    )


def is_paraphrase(query: LabelledQuery) -> bool:
    """Whether it shares no content word with any record that answers it."""
    asked = _stems(query.query)
    answering = (records()[name] for name, grade in query.relevant.items() if grade == 2)
    return not any(asked & _stems(f"{record.title or ''} {record.text}") for record in answering)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"[^\W_]+", text.lower()) if word not in _empty_words()}


@cache
def _empty_words() -> frozenset[str]:
    """Those that say nothing by themselves, in the languages of the queries."""
    return frozenset((_FOLDER / "empty_words.txt").read_text(encoding="utf-8").split())


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with (_FOLDER / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)
