"""The sentences that say most of what an account wrote lately, quoted as they stand."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from retrieval.insights.lexicon import all_function_words, tokens_of
from retrieval.insights.passages import passages_of
from retrieval.insights.sentiment import sentiment_of
from schema.session import Row

MOST = 3
_FEWEST_WORDS, _MOST_WORDS = 4, 40
_OLDER = 0.93
"""What a sentence is worth for each newer interaction there is."""
_FELT = 1.3
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Sentence:
    record_id: UUID
    day: str
    quote: str
    start: int
    end: int
    words: frozenset[str]
    """Those that mean something."""
    weight: float

    def to_json(self) -> dict[str, Any]:
        return {
            "record_id": str(self.record_id),
            "field": "body",
            "day": self.day,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
        }


def telling_sentences(talks: Sequence[Row]) -> list[Sentence]:
    """At most MOST of the newest interactions' sentences, oldest first: central, recent, with feeling, and not the same twice.

    Only what they wrote or said, as mails and our notes of calls have it. The same texts give the same sentences.
    """
    candidates = _candidates([row for row in talks if row["direction"] == "inbound"])
    spoken = Counter(word for each in candidates for word in each.words)
    ranked = sorted(candidates, key=lambda each: (-_score(each, spoken), each.day, str(each.record_id), each.start))
    chosen: list[Sentence] = []
    for each in ranked:
        if all(len(each.words & other.words) < _ALIKE * min(len(each.words), len(other.words)) for other in chosen):
            chosen.append(each)
        if len(chosen) == MOST:
            break
    return sorted(chosen, key=lambda each: (each.day, str(each.record_id), each.start))


def _candidates(talks: Sequence[Row]) -> list[Sentence]:
    found: list[Sentence] = []
    for age, row in enumerate(talks):
        for passage in passages_of(row["body"] or ""):
            tokens = [token.word for token in tokens_of(passage.text)]
            words = frozenset(word for word in tokens if word.isalpha() and word not in all_function_words())
            if _FEWEST_WORDS <= len(tokens) <= _MOST_WORDS and words:
                feeling = _FELT if sentiment_of(passage.text).label else 1.0
                told = passage.text, passage.start, passage.end, words, feeling * _OLDER**age
                found.append(Sentence(row["interaction_id"], str(row["day"]), *told))
    return found


def _score(sentence: Sentence, spoken: Counter[str]) -> float:
    """Words that others of the account's sentences say too count; a long sentence is worth no more for its length alone."""
    shared = sum(math.log1p(spoken[word]) for word in sentence.words)
    return sentence.weight * shared / math.sqrt(len(sentence.words))
