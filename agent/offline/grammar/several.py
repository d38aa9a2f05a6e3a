"""Changes to several records at once: "reassign all of Oliver's deals to Sofia", "close the tasks A, B and C"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from agent.offline.clause import Clause
from agent.offline.form import Delete, Each, Fields, ListOf, Mention, Puzzled, Several, Tag, Update
from agent.offline.grammar.assignments import inferred
from agent.offline.grammar.changes import read_change
from agent.offline.grammar.growth import read_growth
from agent.offline.grammar.listing import read_list
from agent.offline.grammar.removal import CLEARED, read_clear, read_delete, read_tag
from agent.offline.lexicon.fields import FIELD_WORDS
from agent.offline.lexicon.kinds import KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.statuses import status_at
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape, Token
from agent.offline.values.dates import stretch_at
from agent.offline.words import word_set
from schema.kinds import KINDS

_CHANGING = {
    Verb.SET, Verb.MOVE, Verb.MARK, Verb.ASSIGN, Verb.CLOSE, Verb.COMPLETE, Verb.DELETE, Verb.POSTPONE, Verb.CANCEL,
    Verb.REOPEN, Verb.TAG, Verb.UNTAG, Verb.RENAME,
}  # fmt: skip
_EVERY = word_set("all every each both")
_NOT_A_NAME = word_set(
    "the my our these those open won lost overdue old new done closed active of other this last next cancelled finished "
    "completed unassigned urgent due low high normal priority stale"
)
_ALL = "ALL"
"""What stands for the records while the change is read as if it were to one of that name."""
RELATIVE = (
    "Each of them would change by what it has now, and a change to many gives all of them the same value: "
    "name the value, or one record."
)
_ARTICLES = word_set("all every each both of the")
_WOULD_BE = Phrases.of(
    "should be, should, must be, must, to be, need to be, needs to be, need to, have to be, has to be, have to, ought to be, "
    "shall be, shall, go to, goes to, should go to, must go to, are to be, is to be, are to, is to, are now, is now, are, is"
)
_RECORDS_SAID = Phrases.of("everything that is, everything which is, everything, all that is, whatever is")

Reading = tuple[ListOf, Fields, bool]
"""The records, what they are to have, and whether they are to be deleted instead."""


@dataclass(frozen=True, slots=True)
class _Noun:
    begin: int
    at: int
    end: int
    word: KindWord
    is_every: bool


def read_several(clause: Clause) -> Several | Each | Puzzled | None:
    """The change and the records it is to; a puzzle when it is plainly of several, and not read whole."""
    clause = _with_records(clause).without_end(".", "!", ",")
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    if stated := _stated(clause):
        return stated
    told = clause.word(0).endswith("ed") or clause.word(0) in ("won", "lost", "done")
    start = start or clause.starts(0, *CLEARED)
    is_changing = bool(set(verbs) & _CHANGING) or (start and not verbs)
    if told or not is_changing or set(verbs) & {Verb.LOG, Verb.SHOW}:
        return None
    noun = _noun(clause, start)
    if noun is None:
        return None
    if Verb.ASSIGN in verbs and (turned := _recipient_last(clause, start, noun)):
        clause, noun = turned
    if named := _each_named(clause, noun):
        return named
    if Verb.CREATE in verbs and not noun.is_every:
        return None
    is_tagging = bool({Verb.TAG, Verb.UNTAG} & set(verbs))
    said = _with_origin(clause, noun)
    for stop in _stops(said, noun.end, is_tagging=is_tagging):
        if reading := _read(said, noun, stop, is_tagging=is_tagging):
            return _several(reading, clause, set(verbs))
    if any(clause.number(at + 1) for at in clause.find("by", start=noun.end)):
        return Puzzled(RELATIVE, f"a change to several records ({clause.said()})")
    return Puzzled(
        "I could not make out which of them are to change, or what they are to become; say, for instance, "
        "move all my deals in proposal to negotiation, or assign all of Lena's open tasks to me.",
        f"a change to several records ({clause.said()})",
    )


def _several(reading: Reading, clause: Clause, verbs: set[Verb]) -> Several | Puzzled:
    what, fields, deletes = reading
    if len(what.kinds) > 1:
        return Puzzled("Say whether opportunities, jobs or partnerships are meant.", clause.said())
    what = _ours(what) if Verb.ASSIGN in verbs else what
    return Several(what, clause.said(), {} if deletes else fields)


def _recipient_last(clause: Clause, start: int, noun: _Noun) -> tuple[Clause, _Noun] | None:
    """ "give Sofia all of Oliver's accounts" as "give all of Oliver's accounts to Sofia"."""
    named = clause.cut(start, noun.begin)
    is_one = len(named) and (named.word(0) == "me" or all(token.is_capitalised for token in named.tokens))
    if not noun.is_every or not is_one or any(clause.find("to", start=noun.end)):
        return None
    end = clause.tokens[-1].end
    tokens = (
        *clause.tokens[:start],
        *clause.tokens[noun.begin :],
        Token("to", "to", Shape.WORD, end, end),
        *named.tokens,
    )
    moved = len(named)
    return replace(clause, tokens=tokens), replace(noun, begin=start, at=noun.at - moved, end=noun.end - moved)


def _with_records(clause: Clause) -> Clause:
    """ "tick off everything that's overdue": what is ticked off are tasks."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    length = clause.length(_RECORDS_SAID, start)
    if not length or not {Verb.COMPLETE, Verb.POSTPONE, Verb.CANCEL} & set(verbs):
        return clause
    first = clause.tokens[start]
    words = (replace(first, text="all", word="all"), replace(first, text="tasks", word="tasks"))
    return replace(clause, tokens=(*clause.tokens[:start], *words, *clause.tokens[start + length :]))


def _noun(clause: Clause, start: int) -> _Noun | None:
    """The word for the records, of which there are several, with where the words about them begin."""
    for at in range(start, len(clause)):
        if clause.shape(at) is Shape.QUOTE or clause.word(at) in ("called", "named", ":"):
            return None
        hit = kind_at(clause.tokens, at)
        if hit is None or (clause.tokens[at].is_capitalised and at > start):
            continue
        every = _every_before(clause, start, at)
        last = clause.tokens[hit[1] - 1]
        is_plural = last.word.endswith("s") and not last.word.endswith("ss")
        if not (is_plural or every is not None) or clause.word(hit[1]) in ("'s", "'"):
            if every is None and clause.at(FIELD_WORDS, at):
                continue
            return None
        if every is None and any(clause.word(i) in ("to", "as", "about") for i in range(start, at)):
            return None
        begin = every if every is not None else _begin(clause, start, at)
        return None if begin is None else _Noun(begin, at, hit[1], hit[0], every is not None)
    return None


def _every_before(clause: Clause, start: int, at: int) -> int | None:
    """Where "all" stands among the few words before the noun."""
    return next((i for i in range(max(start, at - 6), at) if clause.word(i) in _EVERY), None)


def _begin(clause: Clause, start: int, at: int) -> int | None:
    """Where the words before a plural begin; None when they are no conditions but a name."""
    of = next((i for i in range(start, at) if clause.word(i) in ("of", "for", "on", "from")), None)
    begin = start if of is None else of + 1
    plain = all(
        clause.word(i) in _NOT_A_NAME or clause.shape(i) is Shape.POSSESSIVE or clause.shape(i + 1) is Shape.POSSESSIVE
        or clause.tokens[i].is_capitalised
        for i in range(begin, at)
    )  # fmt: skip
    return begin if plain else None


_PARTING = word_set("to as into until till =")
_PARTICLES = word_set("out back over forward up down along again all")
_WITHIN = word_set(
    "assigned belonging related linked due up attached according similar between tagged marked labelled lost"
)
"""Words after which "to" and "as" go on with the condition."""


def _stops(clause: Clause, end: int, *, is_tagging: bool) -> Iterator[int]:
    """Where the records may end and the change go on.

    At the first word that parts them, if there is one, so that no condition swallows a value and no value a condition;
    else at the end, before a named field, or before a value that can be no condition.
    """
    for at in range(end, len(clause)):
        if _parts(clause, at, is_tagging=is_tagging) and clause.word(at - 1) not in _WITHIN:
            while at > end and clause.word(at - 1) in _PARTICLES:
                at -= 1
            yield at
            return
    yield from range(len(clause), end - 1, -1)


def _with_origin(clause: Clause, noun: _Noun) -> Clause:
    """The clause, in which "from proposal to negotiation" and "from Oliver to Sofia" say which ones first."""
    start = next(clause.find("from", start=noun.end), None)
    if start is None or not any(clause.find("to", start=start + 1)) or clause.when(start) or clause.when(start + 1):
        return clause
    is_standing = any(status_at(clause.tokens, start + 1, kind) for kind in noun.word.kinds)
    word = "in" if is_standing else "of"
    said = replace(clause.tokens[start], text=word, word=word)
    return replace(clause, tokens=(*clause.tokens[:start], said, *clause.tokens[start + 1 :]))


def _parts(clause: Clause, at: int, *, is_tagging: bool = False) -> bool:
    """Whether the records end here in any case: "… to", "… by two weeks", "… with" a tag."""
    word = clause.word(at)
    if word == "by":
        return stretch_at(clause.tokens, at + 1) is not None or clause.number(at + 1) is not None
    return word in _PARTING or (is_tagging and word == "with")


def _read(clause: Clause, noun: _Noun, stop: int, *, is_tagging: bool) -> Reading | None:
    """The records up to `stop`, and what the words around them change; None unless all of it is read."""
    what = _listed(clause, noun, stop)
    if what is None:
        return None
    change = _changed(_with_one(clause, noun, stop), what.kinds[0])
    if change is None:
        return None
    fields, deletes = change
    after = clause.skip(stop, *_PARTICLES)
    is_parted = after == len(clause) or _parts(clause, after, is_tagging=is_tagging) or _is_field(clause, noun, stop)
    # Nothing may stand between the records and their value that is read as neither.
    if not is_parted and (_hangs(clause, stop) or inferred(clause.cut(stop), what.kinds[0]) != fields):
        return None
    is_said = stop == len(clause) or is_parted or _is_standing(fields, what.kinds[0])
    return (what, fields, deletes) if is_said else None


def _is_field(clause: Clause, noun: _Noun, stop: int) -> bool:
    """Whether a field and its new value begin here, and no condition: "set all of them due Friday" may be either."""
    if not clause.at(FIELD_WORDS, stop) or clause.word(stop - 1) in _CONDITION:
        return False
    return clause.word(stop) == "close" or _listed(clause, noun, len(clause)) is None


def _hangs(clause: Clause, stop: int) -> bool:
    """Whether the words before `stop` are a condition that goes on: "deals with stage", "tasks due"."""
    return clause.word(stop - 1) in _CONDITION or bool(clause.at(FIELD_WORDS, stop - 1))


_CONDITION = word_set("with whose where having of by in at for from about on and or not than is = : without no")


def _is_standing(fields: Fields, kind: str) -> bool:
    """Whether these are values that no condition behind a noun is: "mark all overdue tasks done"."""
    return set(fields) <= {KINDS[kind].status_field, "priority", "tier"}


def _listed(clause: Clause, noun: _Noun, stop: int) -> ListOf | None:
    begin = clause.skip(noun.begin, *_ARTICLES)
    if stop < noun.end or begin > noun.at:
        return None
    wanted = read_list(_plural(clause.cut(begin, stop), noun.at - begin, noun.end - begin))
    return wanted if isinstance(wanted, ListOf) and not wanted.counting else None


def _plural(part: Clause, at: int, end: int) -> Clause:
    """The list with its word in the plural: "every task" is of tasks."""
    last = part.tokens[end - 1]
    if last.word.endswith("s"):
        return part
    for word in (f"{last.word}s", f"{last.word.removesuffix('y')}ies"):
        tokens = (*part.tokens[: end - 1], replace(last, word=word), *part.tokens[end:])
        if kind_at(tokens, at):
            return replace(part, tokens=tokens)
    return part


def _with_one(clause: Clause, noun: _Noun, stop: int) -> Clause:
    """The clause with one record in the place of all: "move opportunity "ALL" to negotiation"."""
    tokens = (*clause.tokens[: noun.begin], *_one(clause, noun, stop), *clause.tokens[stop:])
    return replace(clause, tokens=tokens)


def _one(clause: Clause, noun: _Noun, stop: int) -> tuple[Token, Token]:
    first, last = clause.tokens[noun.begin], clause.tokens[stop - 1]
    kind = noun.word.kinds[0]
    return (
        Token(kind, kind, Shape.WORD, first.start, first.start),
        Token(f'"{_ALL}"', f'"{_ALL.lower()}"', Shape.QUOTE, first.start, last.end),
    )


def _changed(one: Clause, kind: str) -> tuple[Fields, bool] | None:
    """What a change to the one record comes to: fields, or its deletion."""
    for reader in (read_tag, read_growth, read_clear, read_delete, read_change):
        found = reader(one)
        match found:
            case Update() if found.mention.text == _ALL and found.by_kind.get(kind):
                return found.by_kind[kind], False
            case Tag() if found.mention.text == _ALL:
                sign = "-" if found.remove else "+"
                return {"tags": [f"{sign}{tag}" for tag in found.tags]}, False
            case Delete() if found.mention.text == _ALL:
                return {}, True
            case Puzzled() if reader is not read_tag:
                return None
            case _:
                continue
    return None


def _stated(clause: Clause) -> Several | None:
    """ "all low priority tasks should be normal", "every open deal of mine must close by Friday"."""
    if clause.word(0) not in (*_EVERY, "my", "the", "our") or "?" in clause.words(0, len(clause)):
        return None
    noun = _noun(clause, 0)
    if noun is None or not (noun.is_every or noun.begin == 0):
        return None
    for at in range(noun.end, len(clause) - 1):
        length = clause.length(_WOULD_BE, at)
        if not length or (what := _listed(clause, noun, at)) is None:
            continue
        verb = (
            "assign"
            if clause.word(at + length - 1) == "to" and clause.word(at + length - 2).startswith("go")
            else "make"
        )
        is_plain = clause.word(at) in ("are", "is") and isinstance(read_list(clause), ListOf)
        make = replace(clause.tokens[0], text=verb, word=verb)
        rest = clause.tokens[at + length - (verb == "assign") :]
        one = replace(clause, tokens=(make, *_one(clause, noun, at), *rest))
        change = None if is_plain or what.kinds[1:] else _changed(one, what.kinds[0])
        if change and not change[1]:
            return Several(_ours(what) if verb == "assign" else what, clause.said(), change[0])
    return None


def _each_named(clause: Clause, noun: _Noun) -> Each | None:
    """ "close these tasks: A, B and C", "mark the tasks A and B as done": named one by one."""
    if noun.is_every:
        return None
    begin = clause.skip(noun.end, ":", "-")
    said = [at for at in range(len(clause) - 1, begin + 2, -1) if not clause.tokens[at].is_capitalised]
    for stop in (*reversed(list(clause.find("to", "as", "with", start=begin + 1))), len(clause), *said):
        parts = parted(clause.cut(begin, stop))
        if len(parts) < 2 or not all(_is_named(part) for part in parts):
            continue
        commands = [command for part in parts if (command := _to_one(clause, noun, part, stop))]
        if len(commands) == len(parts):
            return Each(tuple(commands))
    return None


def _is_named(part: Clause) -> bool:
    return part.tokens[0].is_capitalised or part.shape(0) is Shape.QUOTE


def parted(clause: Clause) -> list[Clause]:
    """The parts of "A, B and C"; one part when nothing parts it."""
    parts: list[Clause] = []
    start = 0
    for at in [*clause.find(",", "and", "&", ";"), len(clause)]:
        if at > start:
            parts.append(clause.cut(start, at))
        start = at + 1
    return parts


def _to_one(clause: Clause, noun: _Noun, part: Clause, stop: int) -> Update | Tag | Delete | None:
    kind, quoted = _one(clause, noun, stop)
    name = part.said().strip("\"'")
    one = replace(
        clause,
        tokens=(
            *clause.tokens[: noun.begin],
            kind,
            replace(quoted, text=f'"{name}"', word=f'"{name.lower()}"'),
            *clause.tokens[stop:],
        ),
    )
    for reader in (read_tag, read_delete, read_change):
        found = reader(one)
        if isinstance(found, Update | Tag | Delete) and found.mention.text == name:
            return found
    return None


def _ours(wanted: ListOf) -> ListOf:
    """Records that are handed on are a colleague's or an account's, not a contact's: "Oliver's deals"."""
    conditions = tuple(
        replace(each, value=replace(each.value, kinds=("user", "account")))
        if each.column == "whose" and isinstance(each.value, Mention) and each.value.refers == "name"
        else each
        for each in wanted.conditions
    )
    return replace(wanted, conditions=conditions)


def one_by_one(command: Update | Tag | Delete) -> Update | Tag | Delete | Each:
    """ "close A, B and C": each of them, unless that is one name."""
    mention = command.mention
    parts = [part.strip() for part in _AND.split(mention.text)] if mention.refers == "name" and not mention.at else []
    if len(parts) < 2 or not all(part[:1].isupper() for part in parts):
        return command
    named = (replace(mention, text=part, as_said=part, longer="") for part in parts)
    return Each(tuple(replace(command, mention=one) for one in named), command)


_AND = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s+&\s+|;\s*")
