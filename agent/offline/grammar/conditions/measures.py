"""Numbers in a list's conditions: "over 50k", "between 10k and 20k", "with probability above 60%"."""

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import COMPARISONS
from agent.offline.lexicon.fields import field_at, fields_of
from agent.offline.lexicon.phrases import Phrases
from agent.offline.words import word_set
from schema.fields import FieldType

_AMOUNT_SAID = Phrases.of("or more, and up, or above, or higher, plus, +, and above, and more")


_AMOUNT_SAID_2 = Phrases.of("or less, and below, or under, or lower, or below")


def read_amount(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "over 50k", "worth at least 10,000 EUR", "between 10k and 20k", "with probability above 60%", "50k+"."""
    start, column = _measured(clause, at, found)
    if (
        clause.word(start) == "between"
        and (low := clause.number(start + 1))
        and clause.word(low[1]) in ("and", "to", "-")
        and (high := clause.number(low[1] + 1))
    ):
        name = column or _measure_for(low[0].is_percent or high[0].is_percent, found)
        if name is None or clause.when(start + 1):
            return None
        low_amount = low[0].amount * (
            1000 if high[0].is_scaled and not low[0].is_scaled and high[0].amount >= 1000 * low[0].amount else 1
        )
        found.add(name, ">=", f"{low_amount.normalize():f}", f"from {low_amount.normalize():f}")
        found.add(name, "<=", f"{high[0].amount.normalize():f}", f"to {high[0].amount.normalize():f}")
        return clause.skip(high[1], "employees", "people")
    compared = clause.at(COMPARISONS, start)
    op, end = compared or ("", start)
    hit = clause.number(end)
    if hit is None or hit[0].is_ordinal or clause.when(end) or clause.duration(end):
        return None
    number, after = hit
    if tail := clause.length(_AMOUNT_SAID, after):
        op, after = ">=", after + tail
    elif tail := clause.length(_AMOUNT_SAID_2, after):
        op, after = "<=", after + tail
    if not op or (op in ("=", ">=") and not compared and not tail):
        return None
    if op == "=" and column is None and not number.looks_like_money and not number.is_percent:
        return None
    if clause.word(after) in ("employees", "people", "staff"):
        column, after = "employee_count", after + 1
    name = column or _measure_for(number.is_percent, found)
    if name is None or name not in fields_of(found.kind):
        return None
    found.add(
        name, op, f"{number.amount.normalize():f}", f"{name.replace('_', ' ')} {op} {number.amount.normalize():,f}"
    )
    if number.currency and number.currency != clause.situation.currency and "currency" in fields_of(found.kind):
        found.add("currency", "=", number.currency, f"in {number.currency}")
    return after


_MEASURED_SKIPPED = word_set("with whose a an the having worth valued that is are")


def _measured(clause: Clause, at: int, found: Gathered) -> tuple[int, str | None]:
    start = (
        clause.skip(at, *_MEASURED_SKIPPED) if clause.word(at) in ("with", "whose", "having", "worth", "valued") else at
    )
    start += 1 if start > at and clause.word(start) == "at" and not clause.at(COMPARISONS, start) else 0
    hit = field_at(clause.tokens, start, (found.kind,)) if start < len(clause) else None
    if hit and hit[0].type in (FieldType.MONEY, FieldType.PERCENT, FieldType.INTEGER):
        return clause.skip(hit[1], "is", "are", "of", "was") if clause.at(
            COMPARISONS, clause.skip(hit[1], "is", "are", "of", "was")
        ) else hit[1], hit[0].name
    return start, None


def _measure_for(is_percent: bool, found: Gathered) -> str | None:
    own = fields_of(found.kind)
    names = (
        ("probability", "revenue_share") if is_percent else ("amount", "annual_revenue", "salary_max", "employee_count")
    )
    return next((name for name in names if name in own), None)
