"""How somebody feels in what they wrote, by a lexicon that knows negation; each word that counted is told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.insights.lexicon import Hit, Lexicon, Token, language_of, lexicon_of, tokens_of
from retrieval.insights.passages import Passage, passages_of

_REACH = 3
"""Words before a feeling in which a negator turns it, and an intensifier raises it."""
_NEGATED_PRAISE, _NEGATED_BLAME = -0.9, -0.35
"""What is left of a feeling that is denied: "not happy" is bad, "not bad" is hardly praise."""
_INTENSIFIED, _SOFTENED, _CONDITIONAL = 1.4, 0.6, 0.35
_BEFORE_TURN = 0.6
"""What stands before a "but" counts less than what follows."""
_ENOUGH = 0.9
_BOTH = 0.45
"""From this share of the stronger side on, the weaker one makes a text mixed."""
_MOST_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that counted, and by how much."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Felt:
    """What one sentence says."""

    passage: Passage
    weight: float
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Sentiment:
    label: str | None
    """negative, mixed or positive; None for what shows no feeling."""
    confidence: float
    """0 to 1: grows with how much speaks for it and how little against."""
    good: float
    bad: float
    language: str
    felt: tuple[Felt, ...]
    """The sentences that say so most, in order of the text."""

    def raw(self) -> dict[str, Any]:
        cues = [[cue.text, round(cue.weight, 2)] for felt in self.felt for cue in felt.cues]
        return {"good": round(self.good, 2), "bad": round(self.bad, 2), "language": self.language, "cues": cues}


def sentiment_of(text: str) -> Sentiment:
    """The feeling of a whole text; without a word in it there is none."""
    passages = passages_of(text)
    tokens = [tokens_of(passage.text) for passage in passages]
    language = language_of([token for each in tokens for token in each])
    lexicon = lexicon_of(language)
    felt = [_felt(passage, each, lexicon) for passage, each in zip(passages, tokens, strict=True)]
    # A long text says much in passing: its few strongest sentences count, not their number.
    good = _strongest([cue.weight for each in felt for cue in each.cues if cue.weight > 0])
    bad = _strongest([-cue.weight for each in felt for cue in each.cues if cue.weight < 0])
    label = _label(good, bad)
    told = _telling(felt, label)
    return Sentiment(label, _confidence(good, bad, label), good, bad, language, told)


def _strongest(weights: Sequence[float]) -> float:
    return sum(weight * 0.75**rank for rank, weight in enumerate(sorted(weights, reverse=True)))


def _label(good: float, bad: float) -> str | None:
    if max(good, bad) < _ENOUGH:
        return None
    if min(good, bad) >= _ENOUGH and min(good, bad) >= _BOTH * max(good, bad):
        return "mixed"
    return "positive" if good > bad else "negative"


def _confidence(good: float, bad: float, label: str | None) -> float:
    if label is None:
        return 0.0
    total, difference = good + bad, abs(good - bad)
    purity = 1 - difference / total if label == "mixed" else difference / total
    return round(min(0.95, 0.35 + 0.35 * purity + 0.3 * (1 - math.exp(-total / 3))), 3)


def _telling(felt: Sequence[Felt], label: str | None) -> tuple[Felt, ...]:
    if label is None:
        return ()
    fitting = [each for each in felt if any(_speaks_for(cue.weight, label) for cue in each.cues)]
    strongest = sorted(fitting, key=lambda each: (-sum(abs(cue.weight) for cue in each.cues), each.passage.start))
    return tuple(sorted(strongest[:_MOST_PASSAGES], key=lambda each: each.passage.start))


def _speaks_for(weight: float, label: str) -> bool:
    return label == "mixed" or (weight > 0) is (label == "positive")


def _felt(passage: Passage, tokens: Sequence[Token], lexicon: Lexicon) -> Felt:
    hits = lexicon.feelings.within(tokens)
    turns = [hit.first for hit in hits if hit.meaning == "turn"]
    cues = [
        Cue(
            passage.text[tokens[hit.first].start : tokens[hit.after - 1].end],
            _weighed(hit, hits, tokens) * (_BEFORE_TURN if any(turn > hit.first for turn in turns) else 1.0),
        )
        for hit in hits
        if hit.meaning == "feeling"
    ]
    return Felt(passage, sum(cue.weight for cue in cues), tuple(cues))


def _weighed(hit: Hit, hits: Sequence[Hit], tokens: Sequence[Token]) -> float:
    """The phrase's weight as what stands before it in the clause, or a negator right after it, has it."""
    first = _clause_start(tokens, hit.first)
    before = [each for each in hits if first <= each.first < hit.first]
    near = [each for each in before if hit.first - each.after < _REACH]
    weight = hit.weight
    if any(each.meaning == "intensifier" and hit.first == each.after for each in near):
        weight *= _INTENSIFIED
    if any(each.meaning == "softener" and hit.first == each.after for each in near):
        weight *= _SOFTENED
    if any(each.meaning == "condition" for each in before):
        weight *= _CONDITIONAL
    if _is_negated(hit, hits, near, tokens):
        weight *= _NEGATED_PRAISE if weight > 0 else _NEGATED_BLAME
    return weight


def _is_negated(hit: Hit, hits: Sequence[Hit], near: Sequence[Hit], tokens: Sequence[Token]) -> bool:
    """An odd number of negators; German puts one after what it denies: "gefällt mir nicht"."""
    after = [each for each in hits if each.meaning == "negator" and 0 <= each.first - hit.after < 2]
    is_last = bool(after) and after[0].after >= len(tokens) and tokens[after[0].first].word == "nicht"
    count = sum(each.meaning == "negator" for each in near) + is_last
    return count % 2 == 1


def _clause_start(tokens: Sequence[Token], at: int) -> int:
    return next((back + 1 for back in range(at - 1, -1, -1) if not tokens[back].word[0].isalnum()), 0)
