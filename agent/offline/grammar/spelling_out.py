"""Shorthand spelt out, and the question put first: "wins since May, how many?" asks how many won deals."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.grammar.talks import without_end_marks
from agent.offline.grammar.told import is_told
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.shorthand import SHORTHAND
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape, Token
from agent.offline.words import word_set

_AT_END = Phrases.of(
    "how many, how many are there, how many is that, count, count them, how many in total, how many were there"
)
_NOT_BEFORE = ("who", "he", "she", "it", "that", "which", "called", "named")


def spelt_out(clause: Clause) -> Clause:
    """The clause as it would be said at length; a command is left as it is, for it may hold a text."""
    verbs, _ = clause.at(VERBS, 0) or ((), 0)
    if not {Verb.SHOW, Verb.ASK, Verb.COUNT} & set(verbs) and not _is_asked(clause):
        return clause
    if any(clause.find(":")) or {"wins", "losses"} <= {token.word for token in clause.tokens}:
        return clause
    return _question_first(_at_length(clause))


_ASKING = word_set("how what which who whose when whats show list count number total average compare # did")


def _is_asked(clause: Clause) -> bool:
    """Whether something is asked, courtesies before it or not; what is told keeps its words."""
    if clause.at(VERBS, 0) or is_told(clause, 0):
        return False
    return clause.at(SHORTHAND, 0) is not None or bool(_ASKING & set(clause.words(0, 4)))


def _at_length(clause: Clause) -> Clause:
    kept: list[Token] = []
    at = 0
    while at < len(clause):
        hit = clause.at(SHORTHAND, at)
        is_name = clause.tokens[at].is_capitalised and at > 0 and clause.word(at) != "i"
        if hit is None or is_name or (kept and kept[-1].word in _NOT_BEFORE):
            kept.append(clause.tokens[at])
            at += 1
            continue
        first = clause.tokens[at]
        kept += [Token(word, word, Shape.WORD, first.start, clause.tokens[hit[1] - 1].end) for word in hit[0].split()]
        at = hit[1]
    return replace(clause, tokens=tuple(kept)) if len(kept) and tuple(kept) != clause.tokens else clause


def _question_first(clause: Clause) -> Clause:
    """ "…, how many?", "… - count": what is asked for comes last."""
    end = len(without_end_marks(clause))
    for at in clause.find(",", "-", "?", start=2):
        if clause.length(_AT_END, at + 1) == end - at - 1 > 0:
            asked = [replace(clause.tokens[at], text=word, word=word, shape=Shape.WORD) for word in ("how", "many")]
            return replace(clause, tokens=(*asked, *clause.tokens[:at]))
    return clause
