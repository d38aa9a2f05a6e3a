"""Numbers in a list's conditions: "over 50k", "between 10k and 20k", "with probability above 60%"."""

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import COMPARISONS
from agent.offline.lexicon.fields import field_at, fields_of
from agent.offline.lexicon.phrases import Phrases
from agent.offline.values.numbers import Number, currency_of
from agent.offline.words import word_set
from schema.fields import FieldType

_OR_MORE = Phrases.of("or more, and up, or above, or higher, plus, +, and above, and more")


_OR_LESS = Phrases.of("or less, and below, or under, or lower, or below")


def read_currency(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in USD", and bare: "USD deals", "euro ones"."""
    if end := _bare_currency(clause, at, found):
        return end
    if clause.word(at) not in ("in", "with") or "currency" not in fields_of(found.kind) or at + 1 >= len(clause):
        return None
    end = clause.skip(at + 1, "currency")
    code = currency_of(clause.tokens[end].text) if end < len(clause) else None
    if code is None:
        return None
    found.add("currency", "=", code, f"in {code}")
    return end + 1


def _bare_currency(clause: Clause, at: int, found: Gathered) -> int | None:
    """A currency's code or name that no number stands before."""
    token = clause.tokens[at]
    is_code = token.text.isupper() and len(token.text) == 3
    if "currency" not in fields_of(found.kind) or found.has("currency") or not (is_code or token.word in _NAMED):
        return None
    code = currency_of(token.text)
    if code is None or (at and clause.number(at - 1) is not None):
        return None
    found.add("currency", "=", code, f"in {code}")
    return clause.skip(at + 1, "only")


_NAMED = word_set("euro euros eur usd gbp chf dollar dollars pound pounds sterling francs")


def read_amount(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "over 50k", "worth at least 10,000 EUR", "between 10k and 20k", "with probability above 60%", "50k+"."""
    start, column = _measured(clause, at, found)
    if clause.word(start) == "between":
        return _between(clause, start, column, found)
    compared = clause.at(COMPARISONS, start)
    op, end = compared or ("", start)
    hit = clause.number(end)
    if hit is None or hit[0].is_ordinal or clause.when(end) or clause.duration(end):
        return None
    number, after = hit
    if tail := clause.length(_OR_MORE, after):
        op = ">="
    elif tail := clause.length(_OR_LESS, after):
        op = "<="
    after += tail
    if not op or (op == "=" and column is None and not number.looks_like_money and not number.is_percent):
        return None
    if clause.word(after) in ("employees", "people", "staff"):
        column, after = "employee_count", after + 1
    return after if _compare(number, op, column, found, clause.situation.currency) else None


def _compare(number: Number, op: str, column: str | None, found: Gathered, currency: str) -> bool:
    """Adds the comparison, and the currency where it is not the usual one; false when no column fits."""
    own = fields_of(found.kind)
    name = column or _measure_for(is_percent=number.is_percent, found=found)
    if name is None or name not in own:
        return False
    plain = number.amount.normalize()
    found.add(name, op, f"{plain:f}", f"{name.replace('_', ' ')} {op} {plain:,f}")
    if number.currency and number.currency != currency and "currency" in own:
        found.add("currency", "=", number.currency, f"in {number.currency}")
    return True


def _between(clause: Clause, start: int, column: str | None, found: Gathered) -> int | None:
    low = clause.number(start + 1)
    high = clause.number(low[1] + 1) if low and clause.word(low[1]) in ("and", "to", "-") else None
    if low is None or high is None or clause.when(start + 1):
        return None
    name = column or _measure_for(is_percent=low[0].is_percent or high[0].is_percent, found=found)
    if name is None:
        return None
    is_short = high[0].is_scaled and not low[0].is_scaled and high[0].amount >= 1000 * low[0].amount
    least = (low[0].amount * (1000 if is_short else 1)).normalize()
    most = high[0].amount.normalize()
    found.add(name, ">=", f"{least:f}", f"from {least:,f}")
    found.add(name, "<=", f"{most:f}", f"to {most:,f}")
    return clause.skip(high[1], "employees", "people")


_MEASURED_SKIPPED = word_set("with whose a an the having worth valued that is are")


def _measured(clause: Clause, at: int, found: Gathered) -> tuple[int, str | None]:
    start = (
        clause.skip(at, *_MEASURED_SKIPPED) if clause.word(at) in ("with", "whose", "having", "worth", "valued") else at
    )
    start += 1 if start > at and clause.word(start) == "at" and not clause.at(COMPARISONS, start) else 0
    hit = field_at(clause.tokens, start, (found.kind,)) if start < len(clause) else None
    if hit and hit[0].type in (FieldType.MONEY, FieldType.PERCENT, FieldType.INTEGER):
        after = clause.skip(hit[1], "is", "are", "of", "was")
        return (after if clause.at(COMPARISONS, after) else hit[1]), hit[0].name
    return start, None


def _measure_for(*, is_percent: bool, found: Gathered) -> str | None:
    own = fields_of(found.kind)
    names = (
        ("probability", "revenue_share") if is_percent else ("amount", "annual_revenue", "salary_max", "employee_count")
    )
    return next((name for name in names if name in own), None)
