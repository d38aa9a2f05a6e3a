"""Amounts told by how much they change: "increase the amount of the Acme renewal by 10%", "cut its price by 5k"."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Choose, Growth, Puzzled, Update
from agent.offline.grammar.assignments import named_record
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.values.numbers import Number
from agent.offline.words import word_set

_UP = Phrases.of("increase, raise, bump, bump up, up, grow, push up")
_DOWN = Phrases.of("decrease, reduce, lower, cut, drop, bring down")
_UNSURE = "Say which amount is meant, for instance: increase the amount of the Acme renewal by 10%."


def read_growth(clause: Clause) -> Update | Choose | Puzzled | None:
    """A deal's amount so much up or down; anything else that goes "by" a number is never taken for the number itself."""
    if turned := _turned(clause):
        clause = turned
    up, down = clause.length(_UP, 0), clause.length(_DOWN, 0)
    by = next((at for at in clause.find("by", start=1) if (hit := clause.number(at + 1)) and hit[1] == len(clause)), 0)
    number = clause.number(by + 1) if by else None
    if not number or clause.when(by + 1):
        return None
    if not (up or down):
        verbs, _ = clause.at(VERBS, 0) or ((), 0)
        return Puzzled("Say whether it goes up or down.", clause.said()) if Verb.SET in verbs else None
    growth = _growth(number[0], 1 if up else -1)
    record, is_named = _record(clause.cut(up or down, by))
    mention = named_record(record, ()) if len(record) else None
    if growth is None or mention is None or (mention.kinds and "opportunity" not in mention.kinds):
        return Puzzled(_UNSURE, clause.said())
    does = f"{clause.said(0, up or down)} the amount by {clause.said(by + 1)}"
    update = Update(replace(mention, kinds=("opportunity",)), {"opportunity": {"amount": growth}}, does)
    if is_named or not number[0].is_percent:
        return update
    # Ten per cent more of a deal may be its amount or its probability.
    said = does[0].upper() + does[1:]
    return Choose(f"Is it the amount of {mention.spoken} that changes by {clause.said(by + 1)}?", (said,), (update,))


_OFF = word_set("knock take shave cut")


def _turned(clause: Clause) -> Clause | None:
    """ "knock 10 percent off the portal amount" as "reduce the portal amount by 10 percent", and "add 5k to the amount of …"."""
    hit = clause.number(1)
    if hit is None or clause.word(0) not in (*_OFF, "add", "put"):
        return None
    number, end = clause.tokens[1 : hit[1]], hit[1]
    is_off = clause.word(0) in _OFF and clause.word(end) == "off"
    field = clause.names_at(clause.skip(end + 1, "the", "top", "of"))
    is_added = (
        clause.word(0) in ("add", "put") and clause.word(end) in ("to", "on") and bool(field and "amount" in field[0])
    )
    if not (is_off or is_added) or end + 1 >= len(clause):
        return None
    verb, by = "reduce" if is_off else "increase", clause.tokens[end]
    return replace(
        clause,
        tokens=(
            replace(clause.tokens[0], text=verb, word=verb), *clause.tokens[end + 1 :], replace(by, text="by", word="by"), *number,
        ),
    )  # fmt: skip


def _growth(number: Number, sign: int) -> Growth | None:
    if number.is_ordinal or number.amount <= 0 or (number.is_percent and sign < 0 and number.amount >= 100):
        return None
    if number.is_percent:
        return Growth(percent=sign * number.amount)
    return Growth(amount=sign * number.amount, currency=number.currency or "")


def _record(part: Clause) -> tuple[Clause, bool]:
    """The words that name the record, and whether "amount" stands with them; no words when another field does."""
    begin = part.skip(0, "the", "its", "up", "down")
    field = part.names_at(begin)
    nothing = part.cut(len(part))
    if field:
        is_joined = part.word(field[1]) in ("of", "for", "on")
        return (part.cut(field[1] + 1), True) if "amount" in field[0] and is_joined else (nothing, False)
    for at in range(1, len(part)):
        field = part.names_at(part.skip(at, "'s"))
        if field and field[1] == len(part) and (part.shape(at) is Shape.POSSESSIVE or "amount" in field[0]):
            return (part.cut(0, at), True) if "amount" in field[0] else (nothing, False)
    return part, False
