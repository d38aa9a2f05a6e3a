"""Tables of phrases, looked up where they stand in a request; the longest phrase wins."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from agent.offline.text import Token

Meaning = TypeVar("Meaning")


class Phrases(Generic[Meaning]):
    """Phrases of one or more words, each with its meaning."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._by_words = {tuple(phrase.lower().split()): meaning for phrase, meaning in meanings.items()}
        self._longest: dict[str, int] = {}
        """By first word, how long a phrase that begins with it may be: most words begin none."""
        for words in self._by_words:
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    @staticmethod
    def of(line: str) -> "Phrases[bool]":
        """Phrases that all mean the same, in one comma-separated line."""
        return Phrases({phrase.strip(): True for phrase in line.split(", ")})

    @property
    def words(self) -> frozenset[str]:
        """Every word that stands in some phrase: what a typing error may be mended to."""
        return frozenset(word for words in self._by_words for word in words)

    def items(self) -> Iterable[tuple[str, Meaning]]:
        return ((" ".join(words), meaning) for words, meaning in self._by_words.items())

    def at(self, tokens: Sequence[Token], at: int) -> tuple[Meaning, int] | None:
        """The meaning of the longest phrase that starts at a token, and the index after it."""
        if at >= len(tokens):
            return None
        for length in range(min(self._longest.get(tokens[at].word, 0), len(tokens) - at), 0, -1):
            words = tuple(token.word for token in tokens[at : at + length])
            if words in self._by_words:
                return self._by_words[words], at + length
        return None


def grouped(groups: Iterable[tuple[Meaning, str]]) -> Phrases[Meaning]:
    """From meanings, each with its phrases in one comma-separated line."""
    return Phrases({phrase.strip(): meaning for meaning, line in groups for phrase in line.split(",")})
