"""What a model may infer from one text, and that as claims whose quotes are found in it."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.wire_text import storable, storable_text
from retrieval.insights.claim import LONGEST_QUOTE, LONGEST_STATEMENT, Claim, Evidence, Talk

_PLACEHOLDER = re.compile(r"\\\[(?:EMAIL|PHONE|IBAN|CARD)\\\]")
_MOST_HIDDEN = 300
"""Characters that may stand in the text where the model saw a placeholder."""


class _Item(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    confidence: float = Field(ge=0, le=1)
    quotes: list[str] = Field(min_length=1, max_length=4)
    """Passages of the text, letter by letter."""


class InferredSentiment(_Item):
    """How they feel."""

    label: Literal["negative", "mixed", "positive"]


class InferredRisk(_Item):
    """What may go wrong."""

    statement: str = Field(min_length=1, max_length=LONGEST_STATEMENT)


class InferredStep(_Item):
    """What is to happen next."""

    statement: str = Field(min_length=1, max_length=LONGEST_STATEMENT)
    role: Literal["ours", "theirs", "request", "agreement"] = "agreement"
    """ours: we promised; theirs: they promised; request: they ask."""
    due_on: date | None = None


class InferredTopic(_Item):
    """What it is about."""

    words: str = Field(min_length=1, max_length=80)


class Inferred(BaseModel):
    """All that can be inferred from the text."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    sentiment: InferredSentiment | None = None
    risks: list[InferredRisk] = Field(default_factory=list[InferredRisk], max_length=5)
    next_steps: list[InferredStep] = Field(default_factory=list[InferredStep], max_length=5)
    topics: list[InferredTopic] = Field(default_factory=list[InferredTopic], max_length=2)


def claims_in(inferred: Inferred, talk: Talk) -> list[Claim]:
    """The claims whose quotes stand in the text; what a model made up is dropped."""
    found = [*_sentiments(inferred, talk), *_risks(inferred, talk), *_steps(inferred, talk), *_topics(inferred, talk)]
    return [claim for claim in found if claim.evidence]


def _sentiments(inferred: Inferred, talk: Talk) -> Iterable[Claim]:
    if inferred.sentiment is not None:
        yield _claim("sentiment", inferred.sentiment.label, inferred.sentiment, talk)


def _risks(inferred: Inferred, talk: Talk) -> Iterable[Claim]:
    for each in inferred.risks:
        yield _claim("risk", each.statement, each, talk)


def _steps(inferred: Inferred, talk: Talk) -> Iterable[Claim]:
    for each in inferred.next_steps:
        until = f" (by {each.due_on})" if each.due_on and each.due_on.isoformat() not in each.statement else ""
        yield _claim("next_step", f"{each.statement}{until}", each, talk)


def _topics(inferred: Inferred, talk: Talk) -> Iterable[Claim]:
    for each in inferred.topics:
        yield _claim("topic", each.words.lower(), each, talk)


def _claim(kind: str, statement: str, item: _Item, talk: Talk) -> Claim:
    evidence = tuple(place for quote in item.quotes if (place := _placed(quote, talk)))
    raw: dict[str, Any] = storable(item.model_dump(mode="json"))
    return Claim(kind, " ".join(storable_text(statement).split()), item.confidence, evidence, raw)


def _placed(quote: str, talk: Talk) -> Evidence | None:
    """Where the quote stands in the text, blanks and placeholders aside; None when it does not."""
    words = quote.strip().strip("\"“”'").split()
    if not words or len(quote) > LONGEST_QUOTE:
        return None
    spelled = r"\s+".join(_PLACEHOLDER.sub(rf".{{1,{_MOST_HIDDEN}}}?", re.escape(word)) for word in words)
    for field, text in (("body", talk.body), ("subject", talk.subject)):
        found = re.search(spelled, text, re.IGNORECASE)
        if found and any(char.isalnum() for char in found[0]):
            return Evidence(talk.record_id, field, found[0], found.start(), found.end())
    return None
