"""What was asked, taken apart: words, phrases in quotes, and what must not occur."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schema.errors import CrmError

LONGEST = 10_000
"""Characters of a query: a whole mail may be pasted, to find others like it."""
_MOST_TERMS = 32
_LONGEST_TERM = 100
"""Characters; PostgreSQL refuses words of more than two thousand bytes."""
_LONGEST_PHRASE = 400
"""Characters of what stands in quotes; of what is longer, its first words are looked for."""

_QUOTES = str.maketrans("“”„«»‟＂", '"' * 7)
_PART = re.compile(r'(?P<minus>(?<!\S)-(?=["\w]))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+|"))')
_SPEAKING = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in parts; `words` and `phrases` are never both empty."""

    meaning: str
    """What is embedded: the query without its marks and without what must not occur."""
    words: tuple[str, ...]
    """Any of them may occur, and the more the better."""
    phrases: tuple[str, ...]
    """Each must occur, word after word."""
    excluded: tuple[str, ...]
    """Words and phrases that must not occur."""

    @property
    def terms(self) -> tuple[str, ...]:
        return (*self.phrases, *self.words)[:_MOST_TERMS]


def read_query(query: str) -> Asked:
    """The query in parts: `"…"` for a phrase, `-` before what must not occur. Raises CrmError (invalid) when nothing is
    left to look for."""
    if len(query) > LONGEST:
        raise CrmError("invalid", f"A query has at most {LONGEST:,} characters, and this one has {len(query):,}.")
    text = re.sub(r"[\0\ud800-\udfff]", " ", query).translate(_QUOTES)
    if not text.strip():
        raise CrmError("invalid", "The query is empty; write what to look for, as in: complaints about billing.")
    parts = [*_PART.finditer(text)]
    wanted = [part for part in parts if not part["minus"]]
    asked = Asked(
        " ".join(part["word"] or part["phrase"] or "" for part in wanted).strip(),
        _terms(part["word"] for part in wanted if part["word"]),
        _terms(part["phrase"] for part in wanted if part["phrase"]),
        _terms(part["word"] or part["phrase"] for part in parts if part["minus"]),
    )
    if not asked.terms:
        what = "only says what must not occur" if asked.excluded else "holds no word"
        raise CrmError("invalid", f"The query {what}; write what to look for, as in: complaints about billing.")
    return asked


def _terms(found: Iterable[str]) -> tuple[str, ...]:
    spoken = (_short(each) for each in found if each and _SPEAKING.search(each))
    return tuple({each.lower(): each for each in spoken}.values())[:_MOST_TERMS]


def _short(term: str) -> str:
    """Cut between words: half a word occurs nowhere."""
    term = " ".join(term.split())
    if len(term) > _LONGEST_PHRASE:
        term = term[: _LONGEST_PHRASE + 1].rpartition(" ")[0] or term
    return term if " " in term else term[:_LONGEST_TERM]
