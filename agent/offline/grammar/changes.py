"""Changes to records that exist: fields, stages, owners, dates; "move it to negotiation", "set Maria's title to CFO"."""

from agent.offline.clause import Clause
from agent.offline.form import Choose, Mention, Puzzled, Shift, Update
from agent.offline.grammar.assignments import (
    CHANGEABLE,
    SEPARATORS,
    Values,
    assignments,
    fullest,
    inferred,
    named_record,
    splits,
)
from agent.offline.grammar.growth import read_growth
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.outcomes import cancel, close, complete, lose, marked_lost, reopen, win
from agent.offline.grammar.statements import read_statement
from agent.offline.grammar.values import value_of
from agent.offline.lexicon.fields import FIELD_WORDS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.values.dates import stretch_at
from agent.offline.words import word_set
from schema.fields import FieldType
from schema.kinds import KINDS, STATUSES

_CHANGING = {Verb.SET, Verb.MOVE, Verb.MARK, Verb.ASSIGN, Verb.RENAME, Verb.POSTPONE}


def read_change(clause: Clause) -> Update | Choose | Puzzled | None:
    """The change a clause asks for; a puzzle when the verb is plain and the rest is not."""
    clause = clause.without_end(".", "!", "?", ",")
    if grown := read_growth(clause):
        return grown
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    wanted = set(verbs)
    field = clause.names_at(0)
    if field and clause.word(field[1]) in ("of", "for", "on"):
        return _changed(clause, 0, {Verb.SET})
    for verb, reader in (
        (Verb.WIN, win),
        (Verb.LOSE, lose),
        (Verb.CLOSE, close),
        (Verb.COMPLETE, complete),
        (Verb.REOPEN, reopen),
        (Verb.CANCEL, cancel),
    ):
        if verb in wanted and (update := reader(clause, start)):
            return update
    if Verb.MARK in wanted and (lost := marked_lost(clause, start)):
        return lost
    if wanted & _CHANGING and len(clause) > start:
        update = (
            _shift(clause, start)
            or _primary(clause)
            or _renamed(clause, start, wanted)
            or _owned(clause, start)
            or _assigned(clause, start, wanted)
            or _changed(clause, start, wanted)
        )
        return update or _valueless(clause, start, wanted) or _puzzled(clause, start, wanted)
    return read_statement(clause)


_DAYS = {"day": 1, "week": 7, "fortnight": 14}


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _shift(clause: Clause, start: int) -> Update | None:
    """ "delay the Acme renewal by two weeks", "bring the task forward by a day"."""
    by = next((at for at in clause.find("by", start=start + 1)), None)
    if by is None:
        by = next((at for at in clause.find("out", "back", "forward", start=start + 1) if at + 2 < len(clause)), None)
    stretch = stretch_at(clause.tokens, by + 1) if by else None
    if by is None or stretch is None or stretch[2] != len(clause) or stretch[1] not in (*_DAYS, *_MONTHS):
        return None
    sign = -1 if {"forward", "earlier", "up"} & {token.word for token in clause.tokens} else 1
    shift = Shift(sign * stretch[0] * _DAYS.get(stretch[1], 0), sign * stretch[0] * _MONTHS.get(stretch[1], 0))
    end = by
    while end > start and clause.word(end - 1) in (
        "forward",
        "back",
        "out",
        "up",
        "on",
        "date",
        "close",
        "due",
        "deadline",
        "'s",
        "expected",
    ):
        end -= 1
    begin = clause.skip(start, "the", "back", "out", "forward", "up")
    field = clause.names_at(begin)
    if field and clause.word(field[1]) in ("of", "for", "on"):
        begin = field[1] + 1
    mention = named_record(clause.cut(begin, end), ())
    columns = _own_date(clause, clause.skip(start, "the", "back", "out", "forward", "up")) or _DATES
    if mention is None:
        return None
    kinds = mention.kinds or tuple(columns)
    by_kind: dict[str, Values] = {kind: {columns[kind]: shift} for kind in kinds if kind in columns}
    return fullest(mention, by_kind, f"move by {clause.said(by + 1)}") if by_kind else None


_DATES = {"opportunity": "expected_close_date", "task": "due_at", "job": "start_date"}


def _own_date(clause: Clause, begin: int) -> dict[str, str]:
    """By kind, the tenant's own date that is named."""
    own = clause.situation.own
    hits = {kind: own.at(clause.tokens, begin, (kind,)) for kind in own.by_kind}
    dates = (FieldType.DATE, FieldType.TIMESTAMP)
    return {kind: hit[0].name for kind, hit in hits.items() if hit and hit[0].type in dates}


def _primary(clause: Clause) -> Update | None:
    """ "make Javier Ruiz the primary contact"."""
    for at in clause.find("primary", "main", start=2):
        if clause.word(0) not in ("make", "set", "mark") or clause.word(at + 1) != "contact" or at + 2 != len(clause):
            continue
        mention = named_record(clause.cut(1, _before(clause, at, "a", "the", "as", "our")), ("contact",))
        if mention:
            return Update(mention, {"contact": {"is_primary": True}}, "make the primary contact")
    return None


def _before(clause: Clause, at: int, *words: str) -> int:
    """The position before a run of words that ends at `at`."""
    while at and clause.word(at - 1) in words:
        at -= 1
    return at


def _renamed(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    if Verb.RENAME not in wanted:
        return None
    for at in clause.find("to", "as", "into", start=start + 1):
        mention = named_record(
            clause.cut(start, at), ("opportunity", "account", "organization", "task", "job", "partnership", "contact")
        )
        name = clause.cut(at + 1)
        if mention is None or not len(name):
            continue
        text = name.said().strip("\"'")
        return Update(
            mention,
            {
                kind: {KINDS[kind].label_field: text}
                for kind in mention.kinds
                if kind in KINDS and KINDS[kind].label_field in KINDS[kind].fields
            },
            f"rename to {text}",
        )
    return None


_OWNED_SAID = Phrases.of(
    "the owner of, owner of, the account manager of, the account owner of, responsible for, "
    "the account manager for, the owner for, the assignee of"
)


def _owned(clause: Clause, start: int) -> Update | None:
    """ "make Ben the owner of the Acme renewal"."""
    start = 1 if clause.word(0) in ("make", "set", "appoint", "put") else start
    if clause.words(len(clause) - 2, 2) in (("its", "owner"), ("the", "owner"), ("their", "owner")):
        user = mention_of(clause.cut(start, len(clause) - 2), ("user",))
        return _to_user(Mention("it", (), "focus"), user) if user else None
    for at in range(start + 1, len(clause) - 1):
        length = clause.length(_OWNED_SAID, at)
        if length:
            user = mention_of(clause.cut(start, at), ("user",))
            mention = named_record(clause.cut(at + length), ())
            return _to_user(mention, user) if mention and user else None
    return None


def _to_user(mention: Mention, user: Mention) -> Update | None:
    kinds = [
        kind
        for kind in mention.kinds or ("opportunity", "account", "task", "job", "partnership")
        if kind in KINDS and KINDS[kind].owner_field
    ]
    if not kinds:
        return None
    named = mention.among(tuple(kinds))
    return Update(
        named, {kind: {KINDS[kind].owner_field or "owner_id": user} for kind in kinds}, f"assign to {user.spoken}"
    )


def _assigned(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    """ "assign the task to Ben", "give it to Ana", "hand the Globex deal over to me"."""
    if Verb.ASSIGN not in wanted or wanted & {Verb.SET}:
        return None
    for at in reversed(list(clause.find("to", start=start + 1))):
        end = next((i for i in range(start, at) if clause.word(i) in ("from", "over", "back")), at)
        user = mention_of(clause.cut(at + 1), ("user",))
        mention = named_record(clause.cut(start, end), ())
        moved = Verb.MOVE in wanted and (
            inferred(clause.cut(at + 1), "opportunity")
            or inferred(clause.cut(at + 1), "task")
            or (clause.tokens[at + 1 :][:1] and not clause.tokens[at + 1].is_capitalised)
        )
        if mention and user and not moved and (user.refers in ("me", "focus") or user.kinds == ("user",)):
            return _to_user(mention, user)
    return None


def _changed(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    """The record and its new values, whichever way round they are said."""
    if appointed := _as_field(clause, start):
        return appointed
    for mention, part in splits(clause, start):
        if mention.refers == "name" and mention.text.lower().split()[-1] in (*SEPARATORS, "set"):
            continue
        by_kind = {
            kind: values
            for kind in mention.kinds or CHANGEABLE
            if kind in KINDS and (values := assignments(part, kind))
        }
        if by_kind:
            return fullest(mention, by_kind, f"set {part.said()}")
    return _bare_value(clause, start, wanted)


def _as_field(clause: Clause, start: int) -> Update | None:
    """ "set Hannah Meyer as the contact of the Globex expansion": the value, the field, the record."""
    for at in clause.find("as", "the", start=start + 1):
        field = clause.names_at(clause.skip(at + 1, "the", "a", "main", "new"))
        if field is None or clause.word(field[1]) not in ("of", "for", "on") or field[1] + 1 >= len(clause):
            continue
        mention = named_record(clause.cut(field[1] + 1), ())
        value = clause.cut(start, at)
        if mention is None or not len(value):
            continue
        by_kind: dict[str, Values] = {}
        for kind in mention.kinds or CHANGEABLE:
            for name in field[0]:
                own = KINDS[kind].fields.get(name) if kind in KINDS else None
                if own and own.type in (FieldType.REFERENCE, FieldType.USER) and (values := value_of(value, own, kind)):
                    by_kind.setdefault(kind, values)
        if by_kind:
            return fullest(mention, by_kind, f"set {clause.said(at + 1, field[1])}")
    return None


_BARE_VALUE_SOUGHT = word_set("to as into until till in by = for at from")


_BARE_VALUE_WORDS = word_set("from back forward out on up down over along")


def _bare_value(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    """ "move X to negotiation", "mark X as done", "push X to Friday", "raise X to 60k", "mark X done"."""
    seps = [*reversed(list(clause.find(*_BARE_VALUE_SOUGHT, start=start + 1)))]
    joints = [(at, at + 1) for at in seps if clause.word(at) != "from"] + [
        (at, at) for at in range(len(clause) - 1, start, -1)
    ]
    for end, begin in joints:
        origin = next(
            (i for i in range(start + 1, end) if clause.word(i) in _BARE_VALUE_WORDS),
            end,
        )
        stop = (
            origin if clause.word(origin) in ("from", "back", "forward", "out", "up", "down", "over", "along") else end
        )
        mention = named_record(clause.cut(start, stop), ())
        if mention is None or (mention.refers == "name" and mention.text.lower().split()[-1] in SEPARATORS):
            continue
        by_kind = {
            kind: values
            for kind in mention.kinds or CHANGEABLE
            if kind in KINDS and (values := inferred(clause.cut(begin), kind))
        }
        if not wanted & {Verb.MOVE, Verb.POSTPONE}:
            by_kind = {
                kind: values for kind, values in by_kind.items() if not set(values) & {"due_at", "expected_close_date"}
            }
        if wanted & {Verb.MOVE} and not wanted & {Verb.SET}:
            by_kind = {
                kind: values for kind, values in by_kind.items() if "tier" not in values and "direction" not in values
            }
        if by_kind:
            named = mention.among(tuple(by_kind))
            return Update(named, by_kind, f"set to {clause.said(begin)}")
    return None


def _valueless(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    """ "change the amount of the Acme renewal": to what is still to be asked."""
    begin = clause.skip(start, "the", "a")
    field = clause.at(FIELD_WORDS, begin) if Verb.SET in wanted else None
    mention: Mention | None = None
    if field and clause.word(field[1]) in ("of", "for", "on"):
        mention = named_record(clause.cut(field[1] + 1), ())
    for at in range(start + 1, len(clause) - 1):
        after = clause.at(FIELD_WORDS, at + 1) if clause.shape(at) is Shape.POSSESSIVE else None
        if after and after[1] == len(clause):
            field, mention = after, named_record(clause.cut(start, at), ())
    if field is None or mention is None:
        return None
    columns = {kind: _writable(kind, field[0]) for kind in mention.kinds or CHANGEABLE if kind in KINDS}
    asks: dict[str, tuple[str, tuple[str, ...]]] = {kind: (column, ()) for kind, column in columns.items() if column}
    named = mention.among(tuple(asks))
    return Update(named, {}, f"change {clause.said(start)}", asks) if asks else None


def _writable(kind: str, names: tuple[str, ...]) -> str:
    """The first of the fields that a kind has and that one value fills; empty when there is none."""
    own = KINDS[kind].fields
    return next((name for name in names if name in own and name not in ("participants", "tags", "custom")), "")


def _puzzled(clause: Clause, start: int, wanted: set[Verb]) -> Puzzled | None:
    """What to say of a change whose record or value is missing."""
    if not wanted & {Verb.SET, Verb.MOVE, Verb.MARK, Verb.ASSIGN, Verb.POSTPONE}:
        return None
    rest = clause.said(start)
    return Puzzled(
        "I could not make out which record is to change, or to which value; say, for instance, move the Acme renewal to negotiation, "
        f"or set the amount of the Acme renewal to 60k. The stages are {', '.join(status for status, _ in STATUSES['opportunity'])}.",
        f"a change ({clause.said(0, start)} {rest})",
    )
