"""The words of a question, of which each part that is understood is taken out; what is left over are conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from agent.offline.clause import Clause
from agent.offline.lexicon.phrases import Meaning, Phrases
from agent.offline.text import Shape, Token


@dataclass(slots=True)
class Words:
    clause: Clause
    taken: set[int] = field(default_factory=set[int])

    def take(self, start: int, end: int) -> None:
        self.taken.update(range(start, end))

    def is_free(self, start: int, end: int) -> bool:
        return not self.taken & set(range(start, end))

    def hits(self, table: Phrases[Meaning]) -> Iterator[tuple[Meaning, int, int]]:
        """What a table says of words that are not taken yet, first to last; the longest phrase at each place."""
        at = 0
        while at < len(self.clause):
            hit = None if self._is_fixed(at) else self.clause.at(table, at)
            if hit and self.is_free(at, hit[1]):
                yield hit[0], at, hit[1]
                at = hit[1]
            else:
                at += 1

    def _is_fixed(self, at: int) -> bool:
        """Whether a word is in quotes, or part of a name: written large, and not first."""
        token = self.clause.tokens[at]
        return token.shape is Shape.QUOTE or (
            at > 0 and token.is_capitalised and not token.text.isupper() and self.clause.tokens[at - 1].is_capitalised
        )

    def before(self, at: int) -> str:
        return self.clause.word(at - 1)

    def rest(self, start: int = 0, end: int | None = None) -> Clause:
        """The clause without what is taken; a bare year is one to be in."""
        kept: list[Token] = []
        for at in range(start, len(self.clause) if end is None else end):
            if at in self.taken:
                continue
            token = self.clause.tokens[at]
            if is_year(token) and (not kept or kept[-1].word not in _BEFORE_YEARS):
                kept.append(Token("in", "in", Shape.WORD, token.start, token.start))
            kept.append(token)
        whole = self.clause.cut(0)
        return Clause(whole.text, tuple(kept), whole.clock, whole.situation)


_BEFORE_YEARS = (
    "in", "during", "since", "before", "after", "until", "by", "from", "throughout", "to", "and", "of", "for", "till",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "q1", "q2", "q3", "q4", "h1", "h2",
    "quarter", "half", "year", "fy",
)  # fmt: skip


def is_year(token: Token) -> bool:
    return (
        token.shape is Shape.NUMBER and len(token.text) == 4 and token.text.isdigit() and token.text[:2] in ("19", "20")
    )
