"""Facts stated flatly: "the phone of Jan is …", "the Acme deal is won", "Hannah Meyer is now CEO"."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Update
from agent.offline.grammar.assignments import (
    CHANGEABLE,
    Values,
    assignments,
    fullest,
    glued,
    inferred,
    named_record,
    splits,
)
from agent.offline.grammar.names import is_name
from agent.offline.grammar.outcomes import fallen_through, marked_lost
from agent.offline.lexicon.kinds import LEADS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.words import word_set
from schema.customs import PREFIX
from schema.kinds import KINDS

_STATED_SOUGHT = word_set(
    "is are = should must shall has changed moved : went to > slipped slips postponed delayed pushed"
)


_STATED_SKIPPED = word_set(
    "is are = now should must shall be has been changed moved to : went > slipped slips postponed delayed pushed until till"
)


_STATED_WORDS = word_set("what who whose where when which is how are why there")


def read_statement(clause: Clause) -> Update | None:
    """A fact stated flatly: "the phone of Jan is …", "Maria's new title is CFO", "the Acme deal is won"."""
    verbs, _ = clause.at(VERBS, 0) or ((), 0)
    if any(verb is not Verb.SHOW for verb in verbs) or clause.word(0) in _STATED_WORDS:
        return None
    if told := fallen_through(clause) or _was_from(clause):
        return told
    for at in clause.find(*_STATED_SOUGHT, start=1):
        start = clause.skip(at, *_STATED_SKIPPED)
        if start >= len(clause):
            continue
        if clause.word(start) == "lost" and start + 1 < len(clause):
            return marked_lost(glued(clause, 0, at, start), 0)
        if clause.word(at) == ":":
            stated = _listed(clause, at)
        else:
            stated = _stated_field(clause) or _slipped(clause, at, start) or _stated_standing(clause, at, start)
        if stated or (stated := _stated_title(clause, at, start)):
            return stated
    return _terse(clause)


_SLIPPED = ("slipped", "slips", "postponed", "delayed", "pushed")


def _slipped(clause: Clause, at: int, start: int) -> Update | None:
    """ "Acme renewal slipped to Q2"."""
    if not set(clause.words(at, start - at)) & set(_SLIPPED):
        return None
    mention, value = named_record(clause.cut(0, at), ()), clause.cut(start)
    if mention is None:
        return None
    by_kind = {
        kind: values
        for kind in mention.kinds or ("opportunity", "task")
        if kind in ("opportunity", "task")
        and (values := inferred(value, kind))
        and KINDS[kind].status_field not in values
    }
    return fullest(mention, by_kind, f"move to {value.said()}") if by_kind else None


def _listed(clause: Clause, at: int) -> Update | None:
    """ "Globex expansion: amount 100k, close 20 Dec": every field with its value."""
    mention, part = named_record(clause.cut(0, at), ()), clause.cut(at + 1)
    if mention is None or mention.refers != "name" or not len(part):
        return None
    by_kind = {
        kind: values
        for kind in mention.kinds or CHANGEABLE
        if kind in KINDS and (values := assignments(part, kind) or _ordered(part, kind))
    }
    if not by_kind:
        return None
    verbs, _ = part.at(VERBS, 0) or ((), 0)
    # "Dana said: move to proposal": what stands before an order need not be the name of a record.
    is_order = bool(set(verbs) & _ORDERS)
    does = part.said() if is_order else f"set {part.said()}"
    return replace(fullest(mention, by_kind, does), is_terse=is_order)


_ORDERS = {Verb.SET, Verb.MOVE, Verb.MARK}


def _ordered(part: Clause, kind: str) -> Values | None:
    """ "move to proposal and set amount to 82k": each with a verb of its own, and all of them read."""
    starts = [0, *(at + 1 for at in part.find("and", ",", start=1) if part.at(VERBS, part.skip(at + 1, "and")))]
    found: Values = {}
    for start, end in zip(starts, [at - 1 for at in starts[1:]] + [len(part)], strict=True):
        begin = part.skip(start, "and", ",", "then", "please")
        verbs, after = part.at(VERBS, begin) or ((), begin)
        deed = part.cut(part.skip(after, "it"), end)
        if not set(verbs) & _ORDERS or not len(deed) or deed.word(0) == "by":
            return None
        values = assignments(deed, kind) or inferred(deed, kind)
        if not values or set(values) & set(found):
            return None
        found |= values
    return found


_OUTCOMES: Phrases[dict[str, str]] = Phrases(
    {
        "won": dict.fromkeys(LEADS, "won"),
        "closed won": dict.fromkeys(LEADS, "won"),
        "lost": dict.fromkeys(LEADS, "lost"),
        "closed lost": dict.fromkeys(LEADS, "lost"),
        "done": {"task": "done"},
        "completed": {"task": "done"},
    }
)


def _terse(clause: Clause) -> Update | None:
    """ "acme renewal won": a name and what became of it; only a record of exactly that name is changed unasked."""
    verbs, _ = clause.at(VERBS, 0) or ((), 0)
    if verbs or clause.word(0) in _STATED_WORDS or clause.text.rstrip().endswith("?"):
        return None
    for at in range(1, len(clause)):
        hit = clause.at(_OUTCOMES, at)
        if hit is None or hit[1] != len(clause):
            continue
        mention = named_record(clause.cut(0, at), ()) if is_name(clause.cut(0, at)) else None
        if mention is None or mention.refers != "name":
            return None
        kinds = [kind for kind in mention.kinds or tuple(hit[0]) if kind in hit[0]]
        by_kind: dict[str, Values] = {kind: {KINDS[kind].status_field or "": hit[0][kind]} for kind in kinds}
        return replace(fullest(mention, by_kind, f"set to {clause.said(at)}"), is_terse=True) if by_kind else None
    return None


def _stated_field(clause: Clause) -> Update | None:
    spoken_of = clause.word(0) in ("his", "her", "their", "its")
    for mention, part in splits(clause, 0):
        if mention.refers == "focus" and not spoken_of:
            continue
        by_kind = {
            kind: values
            for kind in mention.kinds or CHANGEABLE
            if kind in KINDS and (values := assignments(part, kind))
        }
        if by_kind:
            return fullest(mention, by_kind, f"set {part.said()}")
    return None


def _was_from(clause: Clause) -> Update | None:
    """ "the source of the Mekong deal was a trade fair": of what is past, only where a deal came from."""
    begin = clause.skip(0, "the", "lead")
    was = next(clause.find("was", "were", start=begin + 3), 0)
    if clause.word(begin) != "source" or clause.word(begin + 1) not in ("of", "for") or not was:
        return None
    mention = named_record(clause.cut(begin + 2, was), ("opportunity",))
    told = clause.cut(clause.skip(was + 1, "a", "an", "the")).said()
    return Update(mention, {"opportunity": {"source": told}}, f"set source {told}") if mention and told else None


def _stated_standing(clause: Clause, at: int, start: int) -> Update | None:
    """Where a record is said to stand: "Acme renewal is won", "Initech is now a customer"."""
    mention, value = named_record(clause.cut(0, at), ()), clause.cut(start)
    if mention is None:
        return None
    kinds = mention.kinds or ("opportunity", "task", "job", "partnership", "account", "contact")
    by_kind = {
        kind: values
        for kind in kinds
        if kind in KINDS
        and (values := inferred(value, kind))
        and (KINDS[kind].status_field in values or all(name.startswith(PREFIX) for name in values))
    }
    return fullest(mention, by_kind, f"set to {value.said()}") if by_kind else None


def _stated_title(clause: Clause, at: int, start: int) -> Update | None:
    """What somebody has become: "Hannah Meyer is now CEO"."""
    if not clause.starts(at, "is now", "is the new", "has become") or not clause.tokens[0].is_capitalised:
        return None
    mention = named_record(clause.cut(0, at), ("contact",))
    title = clause.cut(clause.skip(start, "the", "their", "our", "new", "a", "an")).said()
    if mention is None or not title or len(title.split()) > 6:
        return None
    return fullest(mention, {"contact": {"title": title}}, f"set title {title}")
