"""Whether words can be a record's name: what guards changes from word salad and slipped keys."""

from functools import cache

from agent.offline.clause import Clause
from agent.offline.text import Shape
from agent.offline.typos import vocabulary
from agent.offline.words import word_set

_NEVER = word_set(
    "to a an with not is are was were be been over than many much how what why when where which who my her his their "
    "your me you it that this these those without called from by at as or if into all no any i we they he she has have "
    "had do does did will would can could should must so but because about on in up out off just then also please very "
    "too every some"
)
"""Words that stand in no name unless they are written large or in quotes."""
_INSIDE = word_set("of and for the & de la van von der den und di y")
_MARKS = frozenset("&.,()-'/+:")


def is_name(clause: Clause) -> bool:
    """Whether a name may be put like this; in quotes, or written large, most things may."""
    if any(token.shape is Shape.QUOTE for token in clause.tokens):
        return len(clause) <= 2
    words = [token for token in clause.tokens if token.shape not in (Shape.MARK, Shape.POSSESSIVE)]
    if not words or len(words) > 10 or not _marks_fit(clause):
        return False
    small = [token for token in words if not token.is_capitalised and token.shape is Shape.WORD]
    if any(token.word in _NEVER for token in small) or words[-1].word in _INSIDE:
        return False
    known = _known_words()
    return not all(token in small and (token.word in known or token.word in _INSIDE) for token in words)


def is_title(clause: Clause) -> bool:
    """Whether words can be what a task is called: anything that is not broken up by stray marks."""
    return _marks_fit(clause) and any(len(token.text) > 2 for token in clause.tokens)


def _marks_fit(clause: Clause) -> bool:
    marks = [token.text for token in clause.tokens if token.shape is Shape.MARK]
    return all(mark in _MARKS for mark in marks)


@cache
def _known_words() -> frozenset[str]:
    return frozenset(vocabulary())
