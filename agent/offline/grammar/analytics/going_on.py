"""What goes on from an analysis: "by owner", "and per month", "which ones?", "as shares"."""

from agent.offline.clause import Clause
from agent.offline.form import Behind, Reshape
from agent.offline.grammar.analytics.parts import begins_group, read_parts
from agent.offline.grammar.analytics.words import Words
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.phrases import Phrases

_BEHIND = Phrases.of(
    "which ones, which, which are they, which ones are they, which are those, which ones are those, which deals, "
    "which ones exactly, "
    "show them, list them, show me them, show them to me, list those, show those, show me those, what are they, "
    "who are they, "
    "which ones were they, which were they, which deals are they, which deals were they, can you list them, "
    "show me which ones, "
    "and which ones, and which are they, show me which, list them all, show them all, name them, which ones are these, "
    "what are those, show me the list, list the deals, show the deals, show me the deals, what deals, which deals exactly, "
    "which accounts, which tasks, which contacts, which calls, which emails, and which, show me the records, "
    "show the records, the list please"
)
_OPENING = Phrases.of(
    "and, now, show me that, show that, break that down, break it down, the same, same, split that, split it, "
    "give me that, group that, group it, "
    "what about, how about, can you split it, and now, group them, break them down, split them, that, it, those, "
    "and the same, then, show it, "
    "break this down, split this, count them, count those"
)


def read_behind(clause: Clause) -> Behind | None:
    clause = without_end_marks(clause)
    return Behind() if clause.length(_BEHIND, 0) == len(clause) > 0 else None


def read_reshape(clause: Clause) -> Reshape | None:
    """Other groups for what was worked out before, when the whole clause says no more."""
    clause = without_end_marks(clause)
    body = clause.cut(clause.length(_OPENING, 0))
    if not len(body) or not begins_group(body) or (body.tokens[0].is_capitalised and body.word(0) not in ("by", "per")):
        return None
    words = Words(body)
    parts = read_parts(words)
    if (
        parts.measure
        or parts.how
        or parts.ranked
        or parts.counting
        or parts.growing
        or not (parts.groups or parts.shares)
    ):
        return None
    rest = [
        token
        for token in words.rest().tokens
        if token.word not in ("please", "too", "instead", "then", "as", "well", ",")
    ]
    return Reshape(clause.said(), tuple(parts.groups), shares=parts.shares) if not rest else None
