"""One clause of a request: its tokens, and what can be recognised at each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.offline.lexicon.fields import FIELD_WORDS, field_at, fields_of
from agent.offline.lexicon.phrases import Meaning, Phrases
from agent.offline.lexicon.statuses import choice_at
from agent.offline.situation import Situation
from agent.offline.text import Shape, Token, tokens_of
from agent.offline.values.calendar import Clock, When
from agent.offline.values.dates import when_at
from agent.offline.values.durations import duration_at
from agent.offline.values.numbers import Number, number_at
from schema.fields import Field
from schema.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens of a text with the clock and user they are read by. Positions are token indices."""

    text: str
    tokens: tuple[Token, ...]
    clock: Clock
    situation: Situation

    def __len__(self) -> int:
        return len(self.tokens)

    def cut(self, start: int, end: int | None = None) -> "Clause":
        """The part from `start` up to but not including `end`."""
        return replace(self, tokens=self.tokens[start:end])

    def said(self, start: int = 0, end: int | None = None) -> str:
        """The words as they were written, without the marks around them."""
        part = self.tokens[start:end]
        if not part:
            return ""
        if len(part) == 1:
            return part[0].inner.strip(" ,.;:!?-")
        return self.text[part[0].start : part[-1].end].strip(" ,;:!?-").removesuffix(".")

    def word(self, at: int) -> str:
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def words(self, at: int, count: int) -> tuple[str, ...]:
        return tuple(token.word for token in self.tokens[at : at + count])

    def starts(self, at: int, *phrases: str) -> int:
        """How many tokens the longest of the phrases takes at a position; 0 when none stands there."""
        best = 0
        for phrase in phrases:
            words = tuple(phrase.split())
            if self.words(at, len(words)) == words:
                best = max(best, len(words))
        return best

    def at(self, table: Phrases[Meaning], at: int) -> tuple[Meaning, int] | None:
        return table.at(self.tokens, at) if at < len(self.tokens) else None

    def length(self, table: Phrases[bool], at: int) -> int:
        """How many tokens the longest of a table's phrases takes at a position; 0 when none stands there."""
        hit = self.at(table, at)
        return hit[1] - at if hit else 0

    def field_at(self, at: int, kinds: Sequence[str]) -> tuple[Field, int] | None:
        """The field of one of the kinds that is named at a position, and the position after it; a tenant's own before
        another of as many words."""
        own, known = self.situation.own.at(self.tokens, at, kinds), field_at(self.tokens, at, kinds)
        return own if own and (known is None or own[1] >= known[1]) else known

    def names_at(self, at: int) -> tuple[tuple[str, ...], int] | None:
        """The fields of any kind that may be named at a position, and the position after them; a tenant's own first."""
        own, known = self.situation.own.names_at(self.tokens, at), self.at(FIELD_WORDS, at)
        if own and known and own[1] == known[1]:
            return (*own[0], *known[0]), own[1]
        return own if own and (known is None or own[1] > known[1]) else known

    def fields_of(self, kind: str) -> Mapping[str, Field]:
        """Every field of a kind that can be asked for."""
        return {**fields_of(kind), **self.situation.own.fields_of(kind)}

    def writable(self, kind: str) -> Mapping[str, Field]:
        """Every field of a kind that can be changed."""
        return {**KINDS[kind].fields, **self.situation.own.fields_of(kind)} if kind in KINDS else {}

    def choice_at(self, at: int, field: Field) -> tuple[str, int] | None:
        """The choice of a field that is named at a position, and the position after it."""
        return self.situation.own.option_at(self.tokens, at, field) or choice_at(self.tokens, at, field)

    def shape(self, at: int) -> Shape | None:
        return self.tokens[at].shape if 0 <= at < len(self.tokens) else None

    def when(self, at: int) -> tuple[When, int] | None:
        return when_at(self.tokens, at, self.clock) if at < len(self.tokens) else None

    def number(self, at: int) -> tuple[Number, int] | None:
        return number_at(self.tokens, at) if at < len(self.tokens) else None

    def duration(self, at: int) -> tuple[int, int] | None:
        return duration_at(self.tokens, at) if at < len(self.tokens) else None

    def find(self, *words: str, start: int = 0) -> Iterator[int]:
        """Positions of any of the words, outside quotations."""
        return (i for i in range(start, len(self.tokens)) if self.tokens[i].word in words)

    def skip(self, at: int, *words: str) -> int:
        """The position after any run of the words."""
        while at < len(self.tokens) and self.tokens[at].word in words:
            at += 1
        return at

    def without_end(self, *words: str) -> "Clause":
        """The part before any run of the words at the end."""
        end = len(self.tokens)
        while end and self.tokens[end - 1].word in words:
            end -= 1
        return self.cut(0, end)


def whole(text: str, situation: Situation) -> Clause:
    """The text as one clause, read by the user's clock."""
    clock = Clock.of(
        situation.now, situation.time_zone, situation.fiscal_year_start_month, month_first=situation.writes_month_first
    )
    return Clause(text, tokens_of(text), clock, situation)
