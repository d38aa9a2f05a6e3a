"""A tenant's own fields in a list's conditions: "whose renewal date is before March", "in the North region", "VIP"."""

from collections.abc import Iterator

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.timing import add_dates
from agent.offline.grammar.conditions.wording import BOUNDS, COMPARISONS, name_end
from agent.offline.grammar.mentions import name_in
from agent.offline.lexicon.phrases import Phrases
from agent.offline.text import Shape
from agent.offline.values.calendar import When
from agent.offline.words import word_set
from schema.fields import Field, FieldType

_LEADING = word_set("with whose where the a an that which who has have having in from of for is are")
_LINKING = word_set("is are was were of = : equals equal set to falls due lies on")
_OR_MORE = Phrases.of("or more, and up, or above, or higher, plus, +, and above, and more, or later, or after")
_OR_LESS = Phrases.of("or less, and below, or under, or lower, or below, or earlier, or before")
_MATCHING = Phrases.of("contains, containing, like, includes, including, mentions, matching, has, with")
_NOT = word_set("not no non isn't aren't never != <>")
_PAST = word_set("last latest previous since first")
_TIMES = (FieldType.DATE, FieldType.TIMESTAMP)


def read_own(clause: Clause, at: int, found: Gathered) -> int | None:
    """A field by its name with what it is compared with; or an option, or a capitalised word, before the name."""
    if not clause.situation.own.by_kind:
        return None
    start, is_denied = _start(clause, at)
    hit = clause.situation.own.at(clause.tokens, start, found.kinds)
    if hit is None:
        first = None if is_denied else _number_first(clause, start, found)
        return first or _value_first(clause, start, found, is_denied=is_denied)
    field, end = hit
    if field.type is FieldType.BOOLEAN:
        return _claimed(clause, field, end, found, is_denied=is_denied)
    return _compared(clause, field, end, found, is_denied=is_denied)


def _start(clause: Clause, at: int) -> tuple[int, bool]:
    """Where the condition itself begins, and whether a "not" stands before it."""
    start = clause.skip(at, *_LEADING)
    denied = clause.skip(start, *_NOT)
    return (clause.skip(denied, *_LEADING), True) if denied > start else (start, False)


def read_option(clause: Clause, at: int, found: Gathered) -> int | None:
    """An option alone, where nothing else goes by the word: "Gold accounts", "accounts in North"."""
    start, is_denied = _start(clause, at)
    for field in _choices(clause, found):
        if hit := clause.choice_at(start, field):
            return _added(clause, field, "!=" if is_denied else "=", hit[0], hit[1], found)
    return None


def _choices(clause: Clause, found: Gathered) -> Iterator[Field]:
    own = clause.situation.own
    return (field for kind in found.kinds for field in own.fields_of(kind).values() if field.choices)


def _narrow(field: Field, found: Gathered, clause: Clause) -> None:
    """Of several kinds of lead only those that have the field are meant."""
    own = clause.situation.own
    found.kinds = tuple(kind for kind in found.kinds if field.name in own.fields_of(kind)) or found.kinds


def _value_first(clause: Clause, start: int, found: Gathered, *, is_denied: bool) -> int | None:
    """ "the North region", "the Far East region"."""
    own = clause.situation.own
    for field in _choices(clause, found):
        option = clause.choice_at(start, field)
        named = own.at(clause.tokens, option[1], found.kinds) if option else None
        if option and named and named[0] == field:
            return _added(clause, field, "!=" if is_denied else "=", option[0], named[1], found)
    for end in range(start + 1, min(start + 4, len(clause))):
        if not clause.tokens[end - 1].is_capitalised or clause.shape(end - 1) is Shape.POSSESSIVE:
            return None
        named = own.at(clause.tokens, end, found.kinds)
        if named and named[0].type is FieldType.TEXT:
            op = "!=" if is_denied else "~"
            return _added(clause, named[0], op, name_in(clause.cut(start, end)), named[1], found)
    return None


def _number_first(clause: Clause, start: int, found: Gathered) -> int | None:
    """ "more than 50 seats", "50 or more seats"."""
    compared = clause.at(COMPARISONS, start)
    op, begin = compared or ("=", start)
    hit = clause.number(begin)
    if hit is None or hit[0].is_ordinal:
        return None
    end = hit[1]
    if tail := clause.length(_OR_MORE, end):
        op = ">="
    elif tail := clause.length(_OR_LESS, end):
        op = "<="
    named = clause.situation.own.at(clause.tokens, end + tail, found.kinds)
    if named is None or named[0].type is not FieldType.NUMBER:
        return None
    return _added(clause, named[0], op, f"{hit[0].amount.normalize():f}", named[1], found)


def _added(clause: Clause, field: Field, op: str, value: str, end: int, found: Gathered) -> int:
    _narrow(field, found, clause)
    told = {"=": "", "~": "", "!=": "not "}.get(op, f"{op} ")
    found.add(field.name, op, value, f"{field.label} {told}{value}")
    return end


def _claimed(clause: Clause, field: Field, end: int, found: Gathered, *, is_denied: bool) -> int:
    """ "VIP", "not VIP", "VIP is yes": true where nothing else is said."""
    after = clause.skip(end, "is", "=", ":", "are", "set", "to")
    word = clause.word(after)
    said = {"yes": True, "true": True, "no": False, "false": False}.get(word)
    if said is None:
        after, said = end, True
    is_true = said is not is_denied
    _narrow(field, found, clause)
    found.add(field.name, "=" if is_true else "!=", "true", field.label if is_true else f"not {field.label}")
    return after + 1 if after > end or word in ("yes", "no", "true", "false") else end


def _compared(clause: Clause, field: Field, end: int, found: Gathered, *, is_denied: bool) -> int | None:
    after = clause.skip(end, *_LINKING)
    denied = clause.skip(after, *_NOT)
    if is_denied and field.type in (*_TIMES, FieldType.NUMBER):
        return None
    is_denied = is_denied or denied > after
    if field.type is FieldType.NUMBER:
        return _measured(clause, field, end, found)
    if field.type in _TIMES:
        is_past = bool({"was", "were"} & set(clause.words(end, after - end))) or bool(
            _PAST & set(field.label.lower().split())
        )
        return _dated(clause, field, after, found, is_past=is_past)
    if field.choices:
        return _chosen(clause, field, denied, found, is_denied=is_denied)
    begin = denied + clause.length(_MATCHING, denied)
    if begin >= len(clause) or clause.word(begin) in (",", "and", "?", "."):
        return None
    stop = name_end(clause, begin)
    op = "!=" if is_denied else "~"
    return _added(clause, field, op, name_in(clause.cut(begin, stop)), stop, found)


def _chosen(clause: Clause, field: Field, at: int, found: Gathered, *, is_denied: bool) -> int | None:
    """One option or several; a word that is none is handed on, so that the answer tells the options."""
    first = clause.choice_at(at, field)
    if first is None:
        if at >= len(clause) or clause.word(at) in (",", "and", "?", ".", "or"):
            return None
        stop = name_end(clause, at)
        return _added(clause, field, "!=" if is_denied else "=", name_in(clause.cut(at, stop)), stop, found)
    options, end = [first[0]], first[1]
    while clause.word(end) in ("or", "and", ",", "nor"):
        more = clause.choice_at(clause.skip(end, "or", "and", ",", "nor"), field)
        if more is None:
            break
        options, end = [*options, more[0]], more[1]
    op = ("not in" if is_denied else "in") if len(options) > 1 else "!=" if is_denied else "="
    _narrow(field, found, clause)
    told = " or ".join(options)
    value = ", ".join(f'"{option}"' for option in options) if len(options) > 1 else options[0]
    found.add(field.name, op, value, f"{field.label} {'not ' if is_denied else ''}{told}")
    return end


def _measured(clause: Clause, field: Field, end: int, found: Gathered) -> int | None:
    """ "seats over 50", "with at least 50 seats" by the first; "seats between 10 and 20"."""
    after = clause.skip(end, "is", "are", "was", "of")
    if clause.word(after) == "between":
        low = clause.number(after + 1)
        high = clause.number(low[1] + 1) if low and clause.word(low[1]) in ("and", "to", "-") else None
        if low is None or high is None:
            return None
        _added(clause, field, ">=", f"{low[0].amount.normalize():f}", low[1], found)
        return _added(clause, field, "<=", f"{high[0].amount.normalize():f}", high[1], found)
    compared = clause.at(COMPARISONS, after) or clause.at(COMPARISONS, end)
    op, begin = compared or ("=", clause.skip(after, "=", ":"))
    hit = clause.number(begin)
    if hit is None or hit[0].is_ordinal:
        return None
    stop = hit[1]
    if tail := clause.length(_OR_MORE, stop):
        op = ">="
    elif tail := clause.length(_OR_LESS, stop):
        op = "<="
    return _added(clause, field, op, f"{hit[0].amount.normalize():f}", stop + tail, found)


_SIGNS = {"<": "before", ">": "after", "<=": "by", ">=": "since"}


def _dated(clause: Clause, field: Field, at: int, found: Gathered, *, is_past: bool) -> int | None:
    """ "before March", "in the next 30 days", "between 1 and 15 March"."""
    if clause.word(at) in ("between", "from") and (ranged := _between(clause, field, at, found)):
        return ranged
    sign = clause.at(COMPARISONS, at)
    bound = clause.at(BOUNDS, at)
    read = clause.when(at)
    how, begin = (
        ("in", at) if read else (_SIGNS[sign[0]], sign[1]) if sign and sign[0] in _SIGNS else bound or ("in", at)
    )
    read = read or clause.when(begin) or clause.when(clause.skip(begin, "the", "on"))
    if read is None:
        return None
    when, end = read
    if tail := clause.length(_OR_MORE, end):
        how = "since"
    elif tail := clause.length(_OR_LESS, end):
        how = "by"
    _time(clause, field, how, when.past if is_past else when.ahead, found)
    return end + tail


def _between(clause: Clause, field: Field, at: int, found: Gathered) -> int | None:
    first = clause.when(at + 1)
    if first is None or clause.word(first[1]) not in ("and", "to", "until", "till", "-", "through"):
        return None
    second = clause.when(first[1] + 1)
    if second is None:
        return None
    _time(clause, field, "since", first[0], found)
    _time(clause, field, "by", second[0], found)
    return second[1]


def _time(clause: Clause, field: Field, how: str, when: When, found: Gathered) -> None:
    _narrow(field, found, clause)
    add_dates(found, field.name, how, when, field)
