"""The records a question is about: the noun, its conditions, and the date that periods of theirs are told by."""

from dataclasses import dataclass

from agent.offline.clause import Clause
from agent.offline.form import Condition, ListOf, Mention
from agent.offline.grammar.analytics.parts import Parts
from agent.offline.grammar.analytics.words import Words
from agent.offline.grammar.conditions import gather
from agent.offline.grammar.conditions.features import is_source
from agent.offline.grammar.conditions.gathered import Gathered, name_mention, whose
from agent.offline.grammar.mentions import mention_of
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import LEADS, KindWord, kind_at, owner_column
from agent.offline.lexicon.measures import MeasureWord
from agent.offline.lexicon.places import countries
from agent.offline.lexicon.statuses import status_at
from agent.offline.text import Shape, Token
from agent.offline.words import word_set
from schema.fields import FieldType
from schema.kinds import KINDS

_SAID_WITH = word_set(
    "make made makes write wrote written do did does take took takes look looks like bring brings brought generate "
    "generates generated earn earned "
    "it currently overall altogether please money terms numbers number figures report breakdown distribution "
    "statistics stats chart "
    "there usually typically ever compare compared comparing each many much our we us have has had got give "
    "contribute contributed "
    "contributes produce produced deliver delivered me you what how whats done come comes came down up log logged "
    "different between change changed changes development so far all total they them being single biggest "
    "created added opened performance break split show value euros euro eur out team's days minutes hours drive drives drove of terms been "
    "go went only just among sitting sits tied stuck lying book booked cost costs"
)
"""Words beside what is measured that narrow nothing."""
_WON = word_set("win won sell sold land landed sign signed")
_LOST = word_set("lose lost")
_ENDED = word_set("close closed")
_SOLD = word_set("sold sell landed")
_MADE = word_set(
    "make made bring brought generate generated log logged handle handled write wrote do done have had create created "
    "complete completed "
    "send sent receive received get got own owns owned earn earned finish finished add added hold held contribute"
)
_PAST_DATES = ("closed_at", "completed_at", "occurred_at", "created_at")
CLOSED = "I took the won ones as closed; lost ones are left out."


@dataclass(frozen=True, slots=True)
class Narrowed:
    listed: ListOf
    dated_by: str
    not_understood: tuple[str, ...]
    told: str

    @property
    def kind(self) -> str:
        return self.listed.kinds[0]


def narrowed(words: Words, parts: Parts, currency: str = "", versus: Condition | None = None) -> Narrowed | None:
    """None where no kind of record is spoken of, or several are."""
    noun = _noun(words)
    word = noun[0] if noun else None
    kind = _kind(words, parts, word)
    said = {token.word for token in words.clause.tokens}
    if not kind or (word and len(word.kinds) > 1) or (kind not in KINDS):
        return None
    if parts.measure and parts.measure.kind and parts.measure.kind != kind:
        return None
    found = Gathered((kind,), is_dated=True)
    for column, value in word.where if word else ():
        found.add(column, "=", value, "")
    _read_who_did(words, found)
    _read_possessive(words, found, noun[1] if noun else len(words.clause))
    found.dated_by = _dated_by(words, parts, kind)
    if versus:
        _only(versus, found)
    if currency:
        if "currency" not in fields_of(kind):
            return None
        found.add("currency", "=", currency, f"in {currency}")
    _gather(words, found, noun)
    rest = words.rest()
    if any(not rest.when(at) and not rest.when(at - 1) for at in rest.find("first")):
        found.not_understood.append("first")
    if said & _SOLD and kind in LEADS and not found.has("is_open", "is_won", "is_lost"):
        found.add("is_won", "=", "true", "won")
        found.not_understood = [word for word in found.not_understood if word.lower() not in _SOLD]
    return _settled(words, parts, found, noun)


def _kind(words: Words, parts: Parts, word: KindWord | None) -> str:
    """The kind of record that the question is about, said or implied; empty when it is neither."""
    kind = word.kinds[0] if word else (parts.measure.kind if parts.measure else "")
    if kind or parts.counting:
        return kind
    said = {token.word for token in words.clause.tokens}
    if parts.groups in (["owner"], ["account"]) and parts.ranked and parts.measure is None:
        # The best salesperson is the one who won most, the biggest customer the one who bought most.
        parts.measure, parts.how = MeasureWord("sum", "amount", "opportunity", "won", is_usual=True), "sum"
        return "opportunity"
    is_standing = any(status_at(words.clause.tokens, at + 1, "opportunity") for at in words.clause.find("in", "at"))
    return "opportunity" if said & (_WON | _LOST | _ENDED | {"amount", "deal"}) or is_standing else ""


def _only(condition: Condition, found: Gathered) -> None:
    """The condition, which the records' account may keep in their stead."""
    if condition.column and condition.column not in fields_of(found.kind) and "account_id" in fields_of(found.kind):
        listed = ListOf(("account",), "accounts", (condition,))
        found.add("account_id", "in", listed, condition.said)
        return
    found.conditions.append(condition)


def _noun(words: Words) -> tuple[KindWord, int, int] | None:
    clause = words.clause
    for at in range(len(clause)):
        hit = kind_at(clause.tokens, at) if not is_source(clause, at) else None
        if hit and words.is_free(at, hit[1]) and clause.shape(at) is not Shape.QUOTE:
            if clause.tokens[at].is_capitalised and at and clause.tokens[at - 1].is_capitalised:
                continue
            return hit[0], at, hit[1]
    return None


def _read_who_did(words: Words, found: Gathered) -> None:
    """ "did Lena win", "has Jonas Keller logged", "did we close": whose they are, and how they ended."""
    clause = words.clause
    for at in range(len(clause)):
        if clause.word(at) not in ("did", "has", "have", "does", "do", "is", "was", "are", "were") or at in words.taken:
            continue
        end = at + 1
        while end < len(clause) and clause.tokens[end].is_capitalised and clause.word(end) not in ("i", "we"):
            end += 1
        is_me = clause.word(at + 1) == "i"
        end = at + 2 if is_me or clause.word(at + 1) in ("we", "they") else end
        verb = clause.word(end)
        if end == at + 1 or verb not in (_WON | _LOST | _ENDED | _MADE):
            continue
        if is_me:
            found.add(owner_column(found.kind) or "created_by", "=", Mention("me", ("user",), "me"), "yours")
        elif clause.word(at + 1) not in ("we", "they"):
            mention = mention_of(clause.cut(at + 1, end), ())
            if mention is None:
                continue
            whose(mention, found)
        _ended(verb, found)
        words.take(
            at, end + (verb not in ("received", "sent", "receive", "send", "created", "create", "completed", "added"))
        )
        return


def _ended(verb: str, found: Gathered) -> None:
    if found.kind not in LEADS:
        return
    if verb in _LOST:
        found.add("is_lost", "=", "true", "lost")
    elif verb in _WON or verb in _ENDED:
        found.add("is_won", "=", "true", "won")
        found.remark = CLOSED if verb in _ENDED else ""


def _read_possessive(words: Words, found: Gathered, before: int) -> None:
    """ "Lena's win rate"."""
    clause = words.clause
    at = next((i for i in range(before) if clause.shape(i) is Shape.POSSESSIVE and i not in words.taken), None)
    if at is None:
        return
    start = at
    while (
        start > 0
        and clause.tokens[start - 1].is_capitalised
        and start - 1 not in words.taken
        and clause.word(start - 1) not in ("what", "show")
    ):
        start -= 1
    if start < at:
        whose(name_mention(clause.cut(start, at), found), found)
        words.take(start, at + 1)


def _dated_by(words: Words, parts: Parts, kind: str) -> str | None:
    """The date that a period without a word of its own is about."""
    said = {token.word for token in words.clause.tokens}
    if kind in LEADS and "closed_at" in fields_of(kind):
        if "loss_reason" in parts.groups:
            return "closed_at"
        if parts.how == "weighted" or parts.outcome == "open":
            return "expected_close_date"
        if parts.outcome in ("won", "lost", "ended") or said & (_WON | _LOST | _ENDED | {"wins", "losses"}):
            return "closed_at"
        if said & {"open", "expected", "closing"}:
            return "expected_close_date"
        return "created_at"
    if kind == "task" and said & {"completed", "done", "finished", "complete", "finish"}:
        return "completed_at"
    return {"task": "due_at", "interaction": "occurred_at"}.get(kind, "created_at")


def _gather(words: Words, found: Gathered, noun: tuple[KindWord, int, int] | None) -> None:
    if noun is None:
        _read(words.rest(), found, before_kind=False)
        return
    _read(words.rest(0, noun[1]), found, before_kind=True)
    _read(words.rest(noun[2]), found, before_kind=False)


def _read(clause: Clause, found: Gathered, *, before_kind: bool) -> None:
    """The conditions; a word that narrows nothing is left out before the noun, where it might pass for a name."""
    kept: list[Token] = []
    for at, token in enumerate(clause.tokens):
        if token.word == ":":
            continue
        if before_kind and token.word in _SAID_WITH and not token.is_capitalised:
            continue
        # "just Spain and Austria": a country that nothing stands before is one to be in.
        if clause.at(countries(), at) and (not kept or kept[-1].word in ("only", "just", ",", ":")):
            kept.append(Token("in", "in", Shape.WORD, token.start, token.start))
        kept.append(token)
    gather(Clause(clause.text, tuple(kept), clause.clock, clause.situation), found, before_kind=before_kind)
    found.not_understood = [word for word in found.not_understood if word.lower() not in _SAID_WITH]


def _settled(words: Words, parts: Parts, found: Gathered, noun: tuple[KindWord, int, int] | None) -> Narrowed | None:
    if found.order_by == "created_at desc" and "new" in {token.word for token in words.clause.tokens}:
        found.order_by = None
    if found.order_by or found.limit or len(found.kinds) > 1:
        return None
    _opposed(parts, found)
    kind = found.kind
    _currency(words, found)
    _outcome(parts, found, kind)
    conditions = tuple({(c.column, c.op, str(c.value)): c for c in found.conditions}.values())
    said = KINDS[kind].plural
    if noun and not noun[0].where:
        said = words.clause.said(noun[2] - 1, noun[2]).lower()
        said = said if said.endswith("s") or said == "people" else KINDS[kind].plural
    elif noun:
        said = {"call": "calls", "email": "e-mails", "meeting": "meetings", "chat": "chats"}.get(
            noun[0].where[0][1], f"{noun[0].where[0][1]} accounts"
        )
    elif kind == "opportunity":
        said = "deals"
    told = ", ".join(c.said for c in conditions if c.said)
    listed = ListOf((kind,), said, conditions, remark=found.remark)
    return Narrowed(
        listed, _about(found, conditions), tuple(found.not_understood), f"{said}{f' ({told})' if told else ''}"
    )


def _opposed(parts: Parts, found: Gathered) -> None:
    """Two values of one column contradict each other, unless they are what is told apart."""
    if "direction" in parts.opposed:
        found.add("direction", "in", "outbound, inbound", "sent or received")
    if "outcome" in parts.opposed:
        found.add("is_open", "=", "false", "won or lost")
    standing = {
        c.column for c in found.conditions if c.column in ("is_open", "is_won", "is_lost") and c.value == "true"
    }
    if len(standing) > 1:
        found.not_understood.append(" and ".join(sorted(name.removeprefix("is_") for name in standing)))
    for column in {condition.column for condition in found.conditions}:
        values = {
            str(c.value) for c in found.conditions if c.column == column and c.op == "=" and isinstance(c.value, str)
        }
        if len(values) > 1:
            found.not_understood.append(" and ".join(sorted(values)))
        begun = [
            c.said
            for c in found.conditions
            if c.column == column and c.op == ">=" and c.column.endswith(("_at", "_date"))
        ]
        if len(begun) > 1:
            found.not_understood.append(" and ".join(begun))


def _currency(words: Words, found: Gathered) -> None:
    """A limit said with its currency holds for amounts in that currency alone: 50k EUR are not 50k CHF."""
    if found.has("currency") or "currency" not in fields_of(found.kind):
        return
    clause = words.clause
    said = {hit[0].currency for at in range(len(clause)) if (hit := clause.number(at)) and hit[0].currency}
    if len(said) == 1:
        code = str(said.pop())
        found.add("currency", "=", code, f"in {code}")


def _outcome(parts: Parts, found: Gathered, kind: str) -> None:
    """Which leads: as said; else as what is measured implies, and then it is told."""
    if kind not in LEADS:
        return
    stood = found.has("is_open", "is_won", "is_lost", "stage", "status")
    if parts.how == "rate":
        found.conditions = [c for c in found.conditions if c.column not in ("is_won", "is_lost", "is_open")]
        found.add("is_open", "=", "false", "won or lost")
        found.remark = "The win rate is won out of won and lost."
        return
    if not stood and "loss_reason" in parts.groups:
        found.conditions.insert(0, Condition("is_lost", "=", "true", "lost"))
        return
    if stood or not parts.outcome:
        return
    word = parts.measure
    if word and word.is_usual and word.column == "amount" and {"stage", "outcome"} & set(parts.groups):
        return
    found.conditions.insert(0, Condition(f"is_{parts.outcome}", "=", "true", parts.outcome))
    if word and word.is_usual:
        found.remark = f"I took the {parts.outcome} ones."


def _about(found: Gathered, conditions: tuple[Condition, ...]) -> str:
    """The date that calendar units are about: the one the conditions name, else the one usual for such records."""
    own = fields_of(found.kind)
    dates = {name for name, field in own.items() if field.type in (FieldType.DATE, FieldType.TIMESTAMP)}
    named = next(
        (c.column for c in conditions if c.column in dates and c.op in (">=", "<", "<=", ">") and c.said != "overdue"),
        None,
    )
    if named:
        return named
    if (
        any(c.column in ("is_won", "is_lost") or (c.column == "is_open" and c.value == "false") for c in conditions)
        and "closed_at" in own
    ):
        return "closed_at"
    if found.dated_by:
        # Some kinds of lead do not keep when they ended; then nothing is told by time.
        return found.dated_by if found.dated_by in own else ""
    return next(name for name in _PAST_DATES if name in own)
