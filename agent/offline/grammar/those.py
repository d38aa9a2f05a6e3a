"""What goes on from the list or the number before: a change to all of them, another measure, a name instead, one left out."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Condition, ListOf, Measure, Mention, Refine, Reshape, Those, Update
from agent.offline.grammar.changes import read_change
from agent.offline.grammar.conditions import gather
from agent.offline.grammar.conditions.either import none_of
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.kinds import EVERY_KIND, owner_column
from agent.offline.lexicon.measures import MEASURE_WORDS, RANKS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb

_THEM = Phrases.of(
    "all of them, them all, all of those, all those, all these, all of these, each of them, every one of them, all of it, those all"
)
_CHANGING = {Verb.SET, Verb.MOVE, Verb.MARK, Verb.ASSIGN, Verb.POSTPONE, Verb.COMPLETE, Verb.CLOSE, Verb.CANCEL}


def read_those(clause: Clause) -> Those | None:
    """ "assign all of them to Grace Kim": the change, as it would be to one of them."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    length = clause.length(_THEM, start) if set(verbs) & _CHANGING else 0
    if not length:
        return None
    it = replace(clause.tokens[start], text="it", word="it")
    read = read_change(replace(clause, tokens=(*clause.tokens[:start], it, *clause.tokens[start + length :])))
    if not isinstance(read, Update) or read.mention.refers != "focus" or not read.by_kind:
        return None
    return Those(read.by_kind, clause.said())


_AND = Phrases.of(
    "and the, and, what is the, what about the, how about the, and what is the, now the, the, what was the, and as, and in"
)


def read_remeasured(clause: Clause) -> Reshape | None:
    """ "and the average?": another measure of the same."""
    clause = without_end_marks(clause)
    start = clause.length(_AND, 0)
    hit = clause.at(MEASURE_WORDS, start) if start < len(clause) else None
    rank = clause.at(RANKS, start) if start < len(clause) else None
    if start and hit and hit[1] == len(clause) and not hit[0].kind and hit[0].how in ("average", "median", "sum"):
        return Reshape(clause.said(), measures=(Measure(hit[0].how, hit[0].column),))
    if start and rank and rank[1] == len(clause):
        return Reshape(clause.said(), measures=(Measure(rank[0]),))
    return None


_SAME_FOR = Phrases.of(
    "same for, the same for, and the same for, and for, same thing for, the same thing for, same question for, same with, "
    "now for, do the same for, can you do the same for, and same for"
)


def read_same_for(clause: Clause) -> Refine | None:
    """ "same for Jonas": whose they are, instead."""
    clause = without_end_marks(clause)
    length = clause.length(_SAME_FOR, 0)
    named = clause.cut(length)
    if not length or not 1 <= len(named) <= 3 or not all(t.is_capitalised for t in named.tokens) or named.when(0):
        return None
    mention = mention_of(named, ("user", "account", "contact"))
    if mention is None or mention.refers != "name":
        return None
    whose = Condition("whose", "=", Mention(mention.text, ("user", "account", "contact")), f"of {mention.text}")
    listed = {kind: ListOf((kind,), "", (whose,)) for kind in EVERY_KIND if owner_column(kind)}
    return Refine(listed, clause.said())


_LEFT_OUT = Phrases.of(
    "without, excluding, exclude, except, except for, not counting, leaving out, leave out, minus, apart from, without the"
)


def read_left_out(clause: Clause) -> Refine | None:
    """ "without referrals": the list or number before, with some left out."""
    clause = without_end_marks(clause)
    length = clause.length(_LEFT_OUT, 0)
    if not length or not 1 <= len(clause) - length <= 4:
        return None
    readings = {kind: listed for kind in EVERY_KIND if (listed := _without(clause.cut(length), kind))}
    return Refine(readings, clause.said()) if readings else None


def _without(body: Clause, kind: str) -> ListOf | None:
    """The list of a kind that what is named is left out of: as it stands, from there, or in it."""
    for word in ("", "from", "in"):
        led = replace(body.tokens[0], text=word, word=word)
        found = Gathered((kind,), is_dated=True)
        gather(replace(body, tokens=(led, *body.tokens) if word else body.tokens), found)
        if found.not_understood or found.kinds != (kind,) or len(found.conditions) != 1:
            continue
        if isinstance(found.conditions[0].value, str) and found.conditions[0].op in ("=", "in"):
            return ListOf((kind,), "", (none_of(tuple(found.conditions)),))
    return None
