"""Questions about a record at an earlier moment: "what did the Nordwind deal look like on 1 October, who changed it and why?"."""

import re

from agent.offline.clause import Clause
from agent.offline.form import AsOf, Puzzled
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.phrases import Phrases

_LOOKED = Phrases.of("look like, looked like, looking like, stand, stood, looked, look, appear")
_OPENING = Phrases.of(
    "what did, how did, what was, show me, show, how was, what is, tell me what, tell me how, where did, how has, "
    "what stage was, "
    "what were, get, give me, pull up, tell me about, what stage did, how, what"
)
_AS_OF = Phrases.of(
    "as of, as at, as it was on, as it was in, as it stood on, as it was, back on, back in, at the end of"
)
_ASKS_CHANGES = re.compile(r"\b(who|why|what)\b.*\b(changed|changes|happened|since|why|edited|touched)\b|\band why\b")


def read_as_of(clause: Clause) -> AsOf | Puzzled | None:
    """The record and the moment; the moment must lie behind us."""
    clause = without_end_marks(clause)
    opening = clause.length(_OPENING, 0)
    for at in range(opening, len(clause)):
        length = clause.length(_LOOKED, at) if opening else 0
        told = clause.length(_AS_OF, at)
        if not (length or told) or at == opening:
            continue
        start = clause.skip(at + (told or length), "on", "at", "in", "as", "of", "back", "the")
        when = clause.when(start)
        if when is None or (length and not told and clause.word(0) == "where"):
            continue
        moment = when[0].past
        mention = mention_of(clause.cut(clause.skip(opening, "the", "was", "is"), at), ())
        if mention is None:
            return None
        if moment.start > clause.clock.now:
            return Puzzled(f"{moment.said[:1].upper()}{moment.said[1:]} is still to come.", clause.said())
        asks = " ".join(token.word for token in clause.tokens[when[1] :])
        if asks.strip(" ,") and not _ASKS_CHANGES.search(asks):
            return None
        return AsOf(mention, moment.end.isoformat(), moment.said, bool(_ASKS_CHANGES.search(asks)))
    return None
