"""Changes to records that exist: fields, stages, owners, dates; "move it to negotiation", "set Maria's title to CFO"."""

from collections.abc import Iterator

from agent.offline.clause import Clause
from agent.offline.form import Mention, Puzzled, Scalar, Update
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.values import iso_date, iso_moment, value_of
from agent.offline.lexicon.fields import FIELD_WORDS, fields_of
from agent.offline.lexicon.kinds import LEADS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.statuses import choice_at, status_at
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set
from schema.fields import Field, FieldType
from schema.kinds import KINDS, STATUSES

_KINDS = ("opportunity", "contact", "account", "task", "organization", "individual", "job", "partnership")
_OPEN_STAGES = tuple(status for status, outcome in STATUSES["opportunity"] if outcome == "open")
_CHANGING = {Verb.SET, Verb.MOVE, Verb.MARK, Verb.ASSIGN, Verb.RENAME, Verb.POSTPONE}
_SEPARATORS = ("to", "as", "=", "into", "is", ":", "at", "until", "till", "for", "by", "on", "with", "are")
Values = dict[str, Scalar | Mention]


def read_change(clause: Clause) -> Update | Puzzled | None:
    """The change a clause asks for; a puzzle when the verb is plain and the rest is not."""
    clause = _without_end(clause)
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    wanted = set(verbs)
    field = FIELD_WORDS.at(clause.tokens, 0)
    if field and clause.word(field[1]) in ("of", "for", "on"):
        return _changed(clause, 0, {Verb.SET})
    for verb, reader in (
        (Verb.WIN, _win),
        (Verb.LOSE, _lose),
        (Verb.CLOSE, _close),
        (Verb.COMPLETE, _complete),
        (Verb.REOPEN, _reopen),
        (Verb.CANCEL, _cancel),
    ):
        if verb in wanted and (update := reader(clause, start)):
            return update
    if Verb.MARK in wanted and (lost := _marked_lost(clause, start)):
        return lost
    if wanted & _CHANGING and len(clause) > start:
        update = (
            _renamed(clause, start, wanted)
            or _owned(clause, start)
            or _assigned(clause, start, wanted)
            or _changed(clause, start, wanted)
        )
        return update or _puzzled(clause, start, wanted)
    return _stated(clause)


def _without_end(clause: Clause) -> Clause:
    end = len(clause)
    while end and clause.word(end - 1) in (".", "!", "?", ","):
        end -= 1
    return clause.cut(0, end)


def _mention(clause: Clause, kinds: tuple[str, ...]) -> Mention | None:
    mention = mention_of(clause, kinds)
    return mention if mention and mention.refers != "me" else None


def _status_update(
    mention: Mention | None, statuses: dict[str, str], does: str, extra: Values | None = None
) -> Update | None:
    if mention is None:
        return None
    by_kind: dict[str, Values] = {}
    for kind in mention.kinds or tuple(statuses):
        column = KINDS[kind].status_field if kind in KINDS else None
        if kind in statuses and column:
            by_kind[kind] = {column: statuses[kind], **(extra or {})}
    return Update(mention, by_kind, does) if by_kind else None


def _win(clause: Clause, start: int) -> Update | None:
    end = next(clause.find("with", "for", "at", start=start + 1), len(clause))
    extra: Values = {}
    if end < len(clause) and (hit := clause.number(end + 1)) and hit[1] == len(clause) and hit[0].looks_like_money:
        extra = {"amount": f"{hit[0].amount.normalize():f}"}
    else:
        end = len(clause)
    mention = _mention(clause.cut(start, end), LEADS)
    return _status_update(
        mention,
        dict.fromkeys(LEADS, "won"),
        "mark as won",
        extra if mention and "opportunity" in mention.kinds else None,
    )


def _lose(clause: Clause, start: int) -> Update | None:
    end, reason = _reason(clause, start)
    mention = _mention(clause.cut(start, end), LEADS)
    update = _status_update(mention, dict.fromkeys(LEADS, "lost"), "mark as lost")
    return _with_reason(update, reason)


def _with_reason(update: Update | None, reason: str) -> Update | None:
    if update is None or not reason:
        return update
    by_kind = {
        kind: {**fields, **({"loss_reason": reason} if kind == "opportunity" and fields.get("stage") == "lost" else {})}
        for kind, fields in update.by_kind.items()
    }
    return Update(update.mention, by_kind, update.does)


_REASON_SKIPPED = word_set(": is reason because of , due to")


def _reason(clause: Clause, start: int) -> tuple[int, str]:
    """Where a stated reason begins, and the reason: "because of the price", "to a competitor", "- too expensive"."""
    for at in range(start + 1, len(clause)):
        length = clause.starts(
            at,
            "because of",
            "because",
            "due to",
            "since",
            "as they",
            "on price",
            ", reason",
            "reason",
            ": ",
            "-",
            ":",
            ", because",
            "owing to",
            "over",
            "with reason",
            "with the reason",
        )
        if clause.word(at) == "to" and clause.word(at + 1) in ("a", "the", "another", "competitor", "our"):
            return at, f"Lost {clause.said(at)}"
        if length or clause.word(at) == ",":
            begin = clause.skip(at + max(length, 1), *_REASON_SKIPPED)
            said = clause.said(begin)
            return at, said[0].upper() + said[1:] if said else ""
    return len(clause), ""


def _close(clause: Clause, start: int) -> Update | Puzzled | None:
    """ "close the Acme deal as won"; a task that is closed is done; a lead must be won or lost."""
    for at in range(start + 1, len(clause)):
        outcome = clause.word(clause.skip(at, "as", "it", "out"))
        if outcome in ("won", "lost", "win", "loss"):
            status = "won" if outcome.startswith("w") else "lost"
            mention = _mention(clause.cut(start, at), LEADS)
            _, reason = _reason(clause, at)
            return _with_reason(_status_update(mention, dict.fromkeys(LEADS, status), f"mark as {status}"), reason)
    mention = _mention(clause.cut(start), ())
    if mention is None:
        return None
    update = _status_update(
        Mention(
            mention.text, mention.kinds or ("task", *LEADS), mention.refers, mention.at, mention.where, mention.spoken
        ),
        {"task": "done"},
        "close",
    )
    asks = {
        kind: (KINDS[kind].status_field or "", ("won", "lost"))
        for kind in LEADS
        if not mention.kinds or kind in mention.kinds
    }
    target = update.mention if update else mention
    return Update(target, update.by_kind if update else {}, "close", asks) if update or asks else None


def _marked_lost(clause: Clause, start: int) -> Update | None:
    """ "mark the Globex deal lost, reason budget cut": a status, then why."""
    for at in clause.find("lost", start=start + 1):
        if at + 1 < len(clause):
            _, reason = _reason(clause, at)
            stop = at - 1 if clause.word(at - 1) == "as" else at
            return (
                _with_reason(
                    _status_update(
                        _mention(clause.cut(start, stop), LEADS), dict.fromkeys(LEADS, "lost"), "mark as lost"
                    ),
                    reason,
                )
                if reason
                else None
            )
    return None


def _complete(clause: Clause, start: int) -> Update | None:
    end = len(clause)
    mention = _mention(clause.cut(clause.skip(start, "with", "off"), end), ("task",))
    return _status_update(mention, {"task": "done"}, "mark as done") if mention and "task" in mention.kinds else None


def _reopen(clause: Clause, start: int) -> Update | None:
    mention = _mention(clause.cut(start), ("task", *LEADS))
    update = _status_update(mention, {"task": "open"}, "reopen")
    asks: dict[str, tuple[str, tuple[str, ...]]] = {}
    if mention and "opportunity" in mention.kinds:
        asks = {"opportunity": ("stage", _OPEN_STAGES)}
    if mention is None or not (update or asks):
        return None
    reopened = {kind: {"status": "in_progress"} for kind in ("job", "partnership") if kind in mention.kinds}
    return Update(mention, {**(update.by_kind if update else {}), **reopened}, "reopen", asks)


def _cancel(clause: Clause, start: int) -> Update | None:
    mention = _mention(clause.cut(start), ("task",))
    return (
        _status_update(mention, {"task": "cancelled"}, "cancel")
        if mention and "task" in mention.kinds and mention.refers != "focus"
        else None
    )


def _renamed(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    if Verb.RENAME not in wanted:
        return None
    for at in clause.find("to", "as", "into", start=start + 1):
        mention = _mention(
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
    for at in range(start + 1, len(clause) - 1):
        length = clause.length(_OWNED_SAID, at)
        if length:
            user = mention_of(clause.cut(start, at), ("user",))
            mention = _mention(clause.cut(at + length), ())
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
    named = Mention(mention.text, tuple(kinds), mention.refers, mention.at, mention.where, mention.spoken)
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
        mention = _mention(clause.cut(start, end), ())
        moved = Verb.MOVE in wanted and (
            _inferred(clause.cut(at + 1), "opportunity")
            or _inferred(clause.cut(at + 1), "task")
            or (clause.tokens[at + 1 :][:1] and not clause.tokens[at + 1].is_capitalised)
        )
        if mention and user and not moved and (user.refers in ("me", "focus") or user.kinds == ("user",)):
            return _to_user(mention, user)
    return None


def _changed(clause: Clause, start: int, wanted: set[Verb]) -> Update | None:
    """The record and its new values, whichever way round they are said."""
    if appointed := _as_field(clause, start):
        return appointed
    for mention, part in _splits(clause, start):
        if mention.refers == "name" and mention.text.lower().split()[-1] in (*_SEPARATORS, "set"):
            continue
        by_kind = {
            kind: values for kind in mention.kinds or _KINDS if kind in KINDS and (values := _assignments(part, kind))
        }
        if by_kind:
            return _fullest(mention, by_kind, f"set {part.said()}")
    return _bare_value(clause, start, wanted)


def _fullest(mention: Mention, by_kind: dict[str, Values], does: str) -> Update:
    """The update for the kinds that take the most of what was said: fewer fields mean that one swallowed another."""
    most = max(len(values) for values in by_kind.values())
    kept = {kind: values for kind, values in by_kind.items() if len(values) == most}
    return Update(
        Mention(mention.text, tuple(kept), mention.refers, mention.at, mention.where, mention.spoken), kept, does
    )


def _as_field(clause: Clause, start: int) -> Update | None:
    """ "set Hannah Meyer as the contact of the Globex expansion": the value, the field, the record."""
    for at in clause.find("as", "the", start=start + 1):
        field = clause.at(FIELD_WORDS, clause.skip(at + 1, "the", "a", "main", "new"))
        if field is None or clause.word(field[1]) not in ("of", "for", "on") or field[1] + 1 >= len(clause):
            continue
        mention = _mention(clause.cut(field[1] + 1), ())
        value = clause.cut(start, at)
        if mention is None or not len(value):
            continue
        by_kind: dict[str, Values] = {}
        for kind in mention.kinds or _KINDS:
            for name in field[0]:
                own = KINDS[kind].fields.get(name) if kind in KINDS else None
                if own and own.type in (FieldType.REFERENCE, FieldType.USER) and (values := value_of(value, own, kind)):
                    by_kind.setdefault(kind, values)
        if by_kind:
            return _fullest(mention, by_kind, f"set {clause.said(at + 1, field[1])}")
    return None


def _splits(clause: Clause, start: int) -> Iterator[tuple[Mention, Clause]]:
    """Every way to part the clause into a record and "field to value": of-phrases, possessives, trailing targets."""
    begin = clause.skip(start, "the", "a")
    yield from _field_first(clause, begin)
    if clause.word(start) in ("his", "her", "their", "its"):
        people = ("contact", "individual") if clause.word(start) in ("his", "her") else ()
        yield Mention("it", people, "focus"), clause.cut(start + 1)
    for at in range(start + 1, len(clause)):
        if clause.shape(at) is Shape.POSSESSIVE and (mention := _mention(clause.cut(start, at), ())):
            yield mention, clause.cut(at + 1)
    yield from _record_first(clause, start)
    if clause.at(FIELD_WORDS, begin):
        for at in reversed(list(clause.find("for", "on", "of", "at", start=start + 1))):
            if mention := _mention(clause.cut(at + 1), ()):
                yield mention, clause.cut(begin, at)


def _field_first(clause: Clause, begin: int) -> Iterator[tuple[Mention, Clause]]:
    """ "the amount of the Acme renewal to 60k", and "the amount to 60k" of what was last spoken of."""
    field = clause.at(FIELD_WORDS, begin)
    if field is None:
        return
    end = field[1]
    if clause.word(end) in ("to", "=", ":"):
        yield Mention("it", (), "focus"), clause.cut(begin)
    if clause.word(end) in ("of", "for", "on", "in", "from"):
        for at in clause.find(*_SEPARATORS, start=end + 2):
            if at + 1 < len(clause) and (mention := _mention(clause.cut(end + 1, at), ())):
                yield mention, _glued(clause, begin, end, at)


def _record_first(clause: Clause, start: int) -> Iterator[tuple[Mention, Clause]]:
    """ "Acme renewal: amount 60k", "the Acme renewal with amount 60k", "Acme renewal amount to 60k"."""
    for at in range(start + 1, len(clause)):
        length = clause.starts(at, "with", ",", ":", "-", "so that", "set", "and set")
        named = clause.skip(at + length, "the", "its", "a", "new")
        if clause.at(FIELD_WORDS, named) and (mention := _mention(clause.cut(start, at), ())):
            yield mention, clause.cut(at + length)


def _glued(clause: Clause, begin: int, end: int, at: int) -> Clause:
    """The field's name and, further on, its value, without the record between them."""
    return Clause(clause.text, clause.tokens[begin:end] + clause.tokens[at:], clause.clock, clause.situation)


_ASSIGNMENTS_SKIPPED = word_set(", and the its also set change new his her with a current update")


def _assignments(part: Clause, kind: str) -> Values | None:
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


_ASSIGNMENT_SKIPPED = word_set("to is = : as at of now should be into from")


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
    return None


def _fields_at(part: Clause, at: int, kind: str) -> list[tuple[Field, int]]:
    """The writable fields of a kind that may be meant here."""
    hit = FIELD_WORDS.at(part.tokens, at) if at < len(part) else None
    if hit is None:
        return []
    own = KINDS[kind].fields
    exact = [name for name in hit[0] if name in own and name.replace("_", " ").startswith(part.word(at))]
    names = exact or [name for name in hit[0] if name in own]
    return [(own[name], hit[1]) for name in names if name != "participants"]


_INFERRED_SKIPPED = word_set("to as be a an the of until till by for at on back stage into in now = is")


def _inferred(part: Clause, kind: str) -> Values | None:
    """A value that says by itself which field it is: a stage, a date, an amount, a priority."""
    part = part.cut(part.skip(0, *_INFERRED_SKIPPED))
    if not len(part):
        return None
    column = KINDS[kind].status_field
    status = status_at(part.tokens, 0, kind)
    if column and status and part.skip(status[1], "stage", "status", "phase", "again", "now", "account") == len(part):
        return {column: status[0]}
    for own in fields_of(kind).values():
        chosen = choice_at(part.tokens, 0, own) if own.choices else None
        if (
            chosen
            and own.name in KINDS[kind].fields
            and part.skip(chosen[1], own.name, "prio", "account", "tier") == len(part)
        ):
            return {own.name: chosen[0]}
    return _typed(part, kind)


def _typed(part: Clause, kind: str) -> Values | None:
    own = KINDS[kind].fields
    number = part.number(0)
    if number and number[1] == len(part) and number[0].is_percent and number[0].amount <= 100:
        name = next((n for n in ("probability", "revenue_share") if n in own), None)
        return {name: f"{number[0].amount.normalize():f}"} if name else None
    if number and (number[0].looks_like_money or number[0].amount >= 100) and "amount" in own:
        return value_of(part, own["amount"], kind)
    when = part.when(0)
    if when and when[1] == len(part):
        if "due_at" in own:
            return {"due_at": iso_moment(when[0])}
        return {"expected_close_date": iso_date(when[0])} if "expected_close_date" in own else None
    if part.shape(0) is Shape.EMAIL and len(part) == 1 and "email" in own:
        return {"email": part.tokens[0].text.lower()}
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
        mention = _mention(clause.cut(start, stop), ())
        if mention is None or (mention.refers == "name" and mention.text.lower().split()[-1] in _SEPARATORS):
            continue
        by_kind = {
            kind: values
            for kind in mention.kinds or _KINDS
            if kind in KINDS and (values := _inferred(clause.cut(begin), kind))
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
            named = Mention(mention.text, tuple(by_kind), mention.refers, mention.at, mention.where, mention.spoken)
            return Update(named, by_kind, f"set to {clause.said(begin)}")
    return None


_STATED_SOUGHT = word_set("is are = should has changed moved : went to >")


_STATED_SKIPPED = word_set("is are = now should be has been changed moved to : went >")


_STATED_WORDS = word_set("what who where when which is how are why there")


def _stated(clause: Clause) -> Update | None:
    """A fact stated flatly: "the phone of Jan is …", "Maria's new title is CFO", "the Acme deal is won"."""
    if any(verb is not Verb.SHOW for verb in (clause.at(VERBS, 0) or ((), 0))[0]):
        return None
    for at in clause.find(*_STATED_SOUGHT):
        if at == 0 or at + 1 >= len(clause) or clause.word(0) in _STATED_WORDS:
            continue
        start = clause.skip(at, *_STATED_SKIPPED)
        if clause.word(start) == "lost" and start + 1 < len(clause):
            return _marked_lost(
                Clause(clause.text, clause.tokens[:at] + clause.tokens[start:], clause.clock, clause.situation), 0
            )
        for mention, part in (
            (m, p)
            for m, p in _splits(clause, 0)
            if m.refers != "focus" or clause.word(0) in ("his", "her", "their", "its")
        ):
            by_kind = {
                kind: values
                for kind in mention.kinds or _KINDS
                if kind in KINDS and (values := _assignments(part, kind))
            }
            if by_kind and clause.word(at) != ":":
                return Update(
                    Mention(mention.text, tuple(by_kind), mention.refers, mention.at, mention.where, mention.spoken),
                    by_kind,
                    f"set {part.said()}",
                )
        mention = _mention(clause.cut(0, at), ())
        value = clause.cut(start)
        if mention is None or not len(value):
            continue
        by_kind = {
            kind: values
            for kind in mention.kinds or ("opportunity", "task", "job", "partnership", "account")
            if kind in KINDS and (values := _inferred(value, kind)) and KINDS[kind].status_field in values
        }
        if by_kind and clause.word(at) != ":":
            return Update(
                Mention(mention.text, tuple(by_kind), mention.refers, mention.at, mention.where, mention.spoken),
                by_kind,
                f"set to {value.said()}",
            )
        if (
            clause.starts(at, "is now", "is the new", "has become")
            and len(value) <= 6
            and clause.tokens[0].is_capitalised
        ):
            title = value.cut(value.skip(0, "the", "their", "our", "new", "a", "an"))
            return (
                Update(
                    Mention(mention.text, ("contact",), mention.refers, mention.at, mention.where, mention.spoken),
                    {"contact": {"title": title.said()}},
                    f"set title {title.said()}",
                )
                if len(title)
                else None
            )
    return None


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
