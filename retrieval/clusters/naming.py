"""What sets each group of texts apart from the others, in their own words: class-based TF-IDF.

Formula: Grootendorst, BERTopic (2022), arXiv:2203.05794, §3.3: the frequency of a term in the class × log(1 + mean words of a
class ÷ frequency of the term in all classes).
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from retrieval.folding import fold
from retrieval.insights.lexicon import all_function_words, tokens_of
from retrieval.insights.passages import passages_of

TERMS = 10
IN_A_NAME = 3
_SHORTEST = 3
_LEAST_SHARE = 0.1
"""Of a group's texts that have to say a term, and never fewer than two: one mail's own words name nothing."""

Group = TypeVar("Group", bound=Hashable)


def terms_of(groups: Mapping[Group, Sequence[str]], ignored: Collection[str] = ()) -> dict[Group, list[str]]:
    """The most telling terms of each group, the best first: words and pairs of words, in lower case.

    `ignored` are folded names of people and companies: they set texts apart, and say nothing of what they are about.
    """
    spoken = {group: [_terms(text, ignored) for text in texts] for group, texts in groups.items()}
    counts = {group: Counter(term for text in texts for term in text) for group, texts in spoken.items()}
    overall = Counter[str]()
    for each in counts.values():
        overall.update(each)
    mean = sum(overall.values()) / max(len(groups), 1)
    return {group: _best(counts[group], overall, mean, _common(spoken[group])) for group in groups}


def name_of(terms: Sequence[str]) -> str:
    """A name made of the first terms that share no word with one another; "other" for texts with no word in common."""
    chosen: list[str] = []
    for term in terms:
        words = set(term.split())
        if all(words.isdisjoint(each.split()) for each in chosen):
            chosen.append(term)
        if len(chosen) == IN_A_NAME:
            break
    return ", ".join(chosen) or "other"


def _terms(text: str, ignored: Collection[str]) -> list[str]:
    """Words that mean something, and pairs of them that stand side by side."""
    found: list[str] = []
    for passage in passages_of(text):
        before = ""
        for token in tokens_of(passage.text):
            word = token.word.removesuffix("'s")
            if not _means_something(word) or _folded(word) in ignored:
                before = ""
                continue
            found.append(word)
            if before and before != word:
                found.append(f"{before} {word}")
            before = word
    return found


def _means_something(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in all_function_words()


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


def _common(texts: Iterable[Sequence[str]]) -> set[str]:
    told = list(texts)
    counts = Counter(term for text in told for term in set(text))
    least = max(2, math.ceil(_LEAST_SHARE * len(told)))
    return {term for term, count in counts.items() if count >= least}


def _best(counts: Mapping[str, int], overall: Mapping[str, int], mean: float, common: set[str]) -> list[str]:
    total = sum(counts.values()) or 1
    scores = {term: counts[term] / total * math.log(1 + mean / overall[term]) for term in common}
    ranked = sorted(scores, key=lambda term: (-scores[term], term))
    return [term for at, term in enumerate(ranked) if not _is_part(term, ranked[:at], counts)][:TERMS]


def _is_part(term: str, better: Sequence[str], counts: Mapping[str, int]) -> bool:
    """A word that is hardly said but in a pair that is there already."""
    return " " not in term and any(
        term in pair.split() and counts[pair] >= 0.8 * counts[term] for pair in better if " " in pair
    )
