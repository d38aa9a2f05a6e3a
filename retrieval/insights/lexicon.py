"""The words that rules go by, language by language: which the text is in, and where its phrases stand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

LANGUAGES = ("en", "de", "fr", "es")
_SHORTEST_STEM = 3
_SAMPLE = 400
"""Words that tell a text's language."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[,;:()\-–—]")


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    """In lower case, with a straight apostrophe; a mark stands for itself."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in a text: the tokens `first` up to but not including `after`."""

    meaning: str
    first: int
    after: int
    weight: float = 0.0


class Phrases:
    """Phrases by their first word; a word that ends in `*` matches all that begin so."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}
        self._by_stem: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}
        self._longest_stem = _SHORTEST_STEM

    def add(self, phrases: Iterable[str], meaning: str, weight: float = 0.0) -> None:
        for phrase in phrases:
            words = tuple(phrase.casefold().split())
            stem = words[0].removesuffix("*")
            self._longest_stem = max(self._longest_stem, len(stem))
            shelf = self._by_stem if words[0].endswith("*") else self._by_word
            shelf.setdefault(stem, []).append((words, meaning, weight))

    def at(self, tokens: Sequence[Token], at: int) -> Hit | None:
        """The longest phrase that begins there; of equally long ones the whole word before the stem."""
        word = tokens[at].word
        found = [*self._by_word.get(word, ())]
        for length in range(_SHORTEST_STEM, min(len(word), self._longest_stem) + 1):
            found += self._by_stem.get(word[:length], ())
        fitting = [each for each in found if _fits(each[0], tokens, at)]
        if not fitting:
            return None
        words, meaning, weight = max(fitting, key=lambda each: len(each[0]))
        return Hit(meaning, at, at + len(words), weight)

    def within(self, tokens: Sequence[Token]) -> list[Hit]:
        """All phrases of a text, from left to right, none within another."""
        hits: list[Hit] = []
        at = 0
        while at < len(tokens):
            hit = self.at(tokens, at)
            if hit is not None:
                hits.append(hit)
            at = hit.after if hit else at + 1
        return hits


def _fits(words: Sequence[str], tokens: Sequence[Token], at: int) -> bool:
    if at + len(words) > len(tokens):
        return False
    return all(
        token.word.startswith(word[:-1]) if word.endswith("*") else token.word == word
        for word, token in zip(words, tokens[at : at + len(words)], strict=True)
    )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words."""

    language: str
    feelings: Phrases
    """Meanings negator, intensifier, softener, turn, condition, neutral, feeling."""
    risks: Phrases
    plans: Phrases
    """Meanings promise, request, agreement, none."""
    function_words: frozenset[str]
    due: Mapping[str, Any]
    """`by`, `days`, `next`, `week`, `month`: how a day to come is named."""


@cache
def lexicon_of(language: str) -> Lexicon:
    told = _load(language)
    feelings = Phrases()
    singular = {"negators": "negator", "intensifiers": "intensifier", "softeners": "softener", "turns": "turn",
                "conditions": "condition", "neutral": "neutral"}  # fmt: skip
    for name, meaning in singular.items():
        feelings.add(told[name], meaning)
    for name, sign in (("positive", 1.0), ("negative", -1.0)):
        for weight, phrases in told[name].items():
            feelings.add(phrases, "feeling", sign * weight)
    risks = Phrases()
    for risk, phrases in told["risks"].items():
        risks.add(phrases, risk)
    plans = Phrases()
    for name, meaning in (
        ("not_tasks", "none"),
        ("promises", "promise"),
        ("requests", "request"),
        ("agreements", "agreement"),
    ):
        plans.add(told[name], meaning)
    due = {name: told[name] for name in ("by", "days", "next", "week", "month")}
    return Lexicon(language, feelings, risks, plans, frozenset(told["function_words"]), due)


def _load(language: str) -> dict[str, Any]:
    source = files("retrieval") / "insights" / "words" / f"{language}.yaml"
    return cast("dict[str, Any]", yaml.safe_load(source.read_text(encoding="utf-8")))


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words and the marks that part clauses, with their places in the text."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Token(each[0].casefold().replace("’", "'"), each.start(), each.end()) for each in found]


def language_of(tokens: Sequence[Token]) -> str:
    """The language most of whose small words the text has; English in doubt."""
    words = [token.word for token in tokens[:_SAMPLE]]
    counts = {language: sum(word in lexicon_of(language).function_words for word in words) for language in LANGUAGES}
    return max(LANGUAGES, key=lambda language: counts[language])


@cache
def all_function_words() -> frozenset[str]:
    return frozenset[str]().union(*(lexicon_of(language).function_words for language in LANGUAGES))
