"""Records and their new values, whichever way round they are said."""

from collections.abc import Iterator

from agent.offline.clause import Clause
from agent.offline.form import Mention, Scalar, Update
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.values import iso_date, iso_moment, value_of
from agent.offline.lexicon.fields import sole_kind
from agent.offline.lexicon.statuses import status_at
from agent.offline.text import Shape
from agent.offline.words import word_set
from schema.customs import PREFIX
from schema.fields import Field, FieldType
from schema.kinds import KINDS

CHANGEABLE = ("opportunity", "contact", "account", "task", "organization", "individual", "job", "partnership")


SEPARATORS = ("to", "as", "=", "into", "is", ":", "at", "until", "till", "for", "by", "on", "with", "are", "should")


Values = dict[str, Scalar | Mention]


def named_record(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    mention = mention_of(clause, kinds)
    return mention if mention and mention.refers != "me" else None


def fullest(mention: Mention, by_kind: dict[str, Values], does: str) -> Update:
    """The update for the kinds that take the most of what was said: fewer fields mean that one swallowed another."""
    most = max(len(values) for values in by_kind.values())
    kept = {kind: values for kind, values in by_kind.items() if len(values) == most}
    return Update(mention.among(tuple(kept)), kept, does)


def splits(clause: Clause, start: int) -> Iterator[tuple[Mention, Clause]]:
    """Every way to part the clause into a record and "field to value": of-phrases, possessives, trailing targets."""
    begin = clause.skip(start, "the", "a")
    yield from _field_first(clause, begin)
    if clause.word(start) in ("his", "her", "their", "its"):
        people = ("contact", "individual") if clause.word(start) in ("his", "her") else ()
        yield Mention("it", people, "focus"), clause.cut(start + 1)
    for at in range(start + 1, len(clause)):
        if clause.shape(at) is Shape.POSSESSIVE and (mention := named_record(clause.cut(start, at), ())):
            yield mention, clause.cut(at + 1)
    yield from _record_first(clause, start)
    if clause.names_at(begin):
        for at in reversed(list(clause.find("for", "on", "of", "at", start=start + 1))):
            if mention := named_record(clause.cut(at + 1), ()):
                yield mention, clause.cut(begin, at)


def _field_first(clause: Clause, begin: int) -> Iterator[tuple[Mention, Clause]]:
    """ "the amount of the Acme renewal to 60k", and "the amount to 60k" of what was last spoken of."""
    field = clause.names_at(begin)
    if field is None:
        return
    end = field[1]
    if clause.word(end) in ("to", "=", ":"):
        yield Mention("it", (), "focus"), clause.cut(begin)
    if clause.word(end) in ("of", "for", "on", "in", "from"):
        for at in clause.find(*SEPARATORS, start=end + 2):
            if at + 1 < len(clause) and (mention := named_record(clause.cut(end + 1, at), sole_kind(field[0]))):
                yield mention, glued(clause, begin, end, at)


def _record_first(clause: Clause, start: int) -> Iterator[tuple[Mention, Clause]]:
    """ "Acme renewal: amount 60k", "the Acme renewal with amount 60k", "Acme renewal amount to 60k"."""
    for at in range(start + 1, len(clause)):
        length = clause.starts(at, "with", ",", ":", "-", "so that", "set", "and set")
        named = clause.skip(at + length, "the", "its", "a", "new")
        if clause.names_at(named) and (mention := named_record(clause.cut(start, at), ())):
            yield mention, clause.cut(at + length)


def glued(clause: Clause, begin: int, end: int, at: int) -> Clause:
    """The field's name and, further on, its value, without the record between them."""
    return Clause(clause.text, clause.tokens[begin:end] + clause.tokens[at:], clause.clock, clause.situation)


_ASSIGNMENTS_SKIPPED = word_set(", and the its also set change new his her with a current update")


def assignments(part: Clause, kind: str) -> Values | None:
    """ "amount to 60k and close date to 15 Dec": every field and value; None unless all of it is read."""
    values: Values = {}
    at = 0
    while at < len(part):
        at = part.skip(at, *_ASSIGNMENTS_SKIPPED)
        read = _assignment(part, at, kind)
        if read is None:
            return None
        found, at = read
        values |= found
    return values or None


_ASSIGNMENT_SKIPPED = word_set("to is are = : as at of now should be into from has have changed been")


_ASSIGNMENT_SKIPPED_2 = word_set(", and the set change his her its")


def _assignment(part: Clause, at: int, kind: str) -> tuple[Values, int] | None:
    for own, begin in _fields_at(part, at, kind):
        start = part.skip(begin, *_ASSIGNMENT_SKIPPED)
        if part.word(begin) == "from" and (to := next(part.find("to", start=begin), None)):
            start = to + 1
        ends = [len(part), *(i for i in range(len(part) - 1, start, -1) if part.word(i) in (",", "and"))]
        if own.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE, FieldType.USER):
            ends = [len(part)] + [i for i in ends[1:] if _fields_at(part, part.skip(i, *_ASSIGNMENT_SKIPPED_2), kind)]
            ends.reverse()
        for end in ends:
            if end > start and (values := value_of(part.cut(start, end), own, kind)):
                return values, end
        if own.name.startswith(PREFIX) and own.choices and (said := part.said(start, ends[-1])):
            # No option: handed on all the same, so that the answer tells which there are.
            is_plain = ends[-1] - start <= _LONGEST_OPTION and not any(part.find("for", "of", "on", "at", start=start))
            return ({own.name: said}, ends[-1]) if is_plain else None
    return None


_LONGEST_OPTION = 4


def _fields_at(part: Clause, at: int, kind: str) -> list[tuple[Field, int]]:
    """The writable fields of a kind that may be meant here."""
    hit = part.names_at(at)
    if hit is None:
        return []
    own = part.writable(kind)
    exact = [name for name in hit[0] if name in own and _says(part.word(at), name)]
    names = exact or [name for name in hit[0] if name in own]
    return [(own[name], hit[1]) for name in names if name != "participants"]


def _says(word: str, name: str) -> bool:
    return name.startswith(PREFIX) or name.replace("_", " ").startswith(word)


_INFERRED_SKIPPED = word_set("to as be a an the of until till by for at on back stage into in now = is")


def inferred(part: Clause, kind: str) -> Values | None:
    """A value that says by itself which field it is: a stage, a date, an amount, a priority."""
    part = part.cut(part.skip(0, *_INFERRED_SKIPPED))
    if not len(part):
        return None
    column = KINDS[kind].status_field
    status = status_at(part.tokens, 0, kind)
    if column and status and part.skip(status[1], "stage", "status", "phase", "again", "now", "account") == len(part):
        return {column: status[0]}
    for own in part.writable(kind).values():
        chosen = part.choice_at(0, own) if own.choices else None
        if chosen and part.skip(chosen[1], own.name, "prio", "account", "tier") == len(part):
            return {own.name: chosen[0]}
    return _own(part, kind) or _typed(part, kind)


def _own(part: Clause, kind: str) -> Values | None:
    """A tenant's own field beside its value, whichever comes first: "region North", "the Far East region"."""
    own = part.situation.own
    hit = own.at(part.tokens, 0, (kind,))
    if hit and (values := value_of(part.cut(hit[1]), hit[0], kind)):
        return values
    for field in own.fields_of(kind).values():
        option = part.choice_at(0, field) if field.choices else None
        named = own.at(part.tokens, option[1], (kind,)) if option else None
        if option and named and named[0] == field and named[1] == len(part):
            return {field.name: option[0]}
    return _claimed(part, kind)


def _claimed(part: Clause, kind: str) -> Values | None:
    """ "VIP", "not a VIP": a field that is true or false, by its name alone."""
    start = part.skip(0, "not", "no", "longer", "non", "a", "an")
    hit = part.situation.own.at(part.tokens, start, (kind,))
    if hit is None or hit[0].type is not FieldType.BOOLEAN or part.skip(hit[1], *_CLAIMED_SKIPPED) != len(part):
        return None
    return {hit[0].name: not {"not", "no", "non"} & set(part.words(0, start))}


_CLAIMED_SKIPPED = ("any", "more", "anymore", "now", "again", "account", "customer", "contact", "deal")


def _typed(part: Clause, kind: str) -> Values | None:
    own = KINDS[kind].fields
    number = part.number(0)
    if number and number[1] == len(part) and number[0].is_percent and number[0].amount <= 100:
        name = next((n for n in ("probability", "revenue_share") if n in own), None)
        return {name: f"{number[0].amount.normalize():f}"} if name else None
    if number and (number[0].looks_like_money or number[0].amount >= 100) and "amount" in own:
        return value_of(part, own["amount"], kind)
    lasting = part.duration(0)
    if kind == "interaction" and lasting and lasting[1] == len(part):
        return {"duration_seconds": lasting[0]}
    when = part.when(0)
    if when and when[1] == len(part):
        if "due_at" in own:
            return {"due_at": iso_moment(when[0])}
        return {"expected_close_date": iso_date(when[0])} if "expected_close_date" in own else None
    if part.shape(0) is Shape.EMAIL and len(part) == 1 and "email" in own:
        return {"email": part.tokens[0].text.lower()}
    return None
