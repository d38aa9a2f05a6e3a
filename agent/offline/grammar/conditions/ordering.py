"""Order and number of a list: "top 5", "biggest", "sorted by close date", "recently added"."""

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.timing import DEFAULT_DATE, add_dates
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import LEADS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.words import word_set
from schema.fields import FieldType
from schema.kinds import KINDS

_MEASURES = (FieldType.MONEY, FieldType.PERCENT, FieldType.INTEGER, FieldType.NUMBER)

_LIMIT_WORDS = word_set("top first bottom last latest newest biggest largest next best oldest smallest")


def read_limit(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "top 5", "first ten", "last 3", "5 biggest"."""
    word = clause.word(at)
    if word in _LIMIT_WORDS and (hit := clause.number(at + 1)):
        if hit[0].whole is None or hit[0].looks_like_money or hit[0].is_ordinal or clause.when(at):
            return None
        found.limit = hit[0].whole
        _order_by_word(word, found)
        return hit[1]
    hit = clause.number(at)
    if (
        hit
        and hit[0].whole is not None
        and not hit[0].looks_like_money
        and not hit[0].is_ordinal
        and found.limit is None
        and hit[0].whole <= 200
    ):
        word = "most recent" if clause.starts(hit[1], "most recent") else clause.word(hit[1])
        if word in _ORDERS or hit[1] == len(clause):
            found.limit = hit[0].whole
            return hit[1]
    return None


_ORDERS = {
    phrase: order
    for order, line in (
        ("-size", "top, biggest, largest, highest, best, most valuable"),
        ("size", "smallest, lowest, bottom"),
        ("-date", "last, latest, newest, most recent, recent, recently"),
        ("date", "oldest, earliest, next, soonest"),
        ("", "first"),
    )
    for phrase in line.split(", ")
}
"""Superlatives → by what they order; a minus stands for the highest or latest first."""
_SIZES = ("amount", "annual_revenue", "salary_max", "revenue_share", "employee_count")


def _order_by_word(word: str, found: Gathered) -> None:
    order = _ORDERS.get(word, "")
    if not order:
        return
    own = fields_of(found.kind)
    if order.endswith("size"):
        column = next((name for name in _SIZES if name in own), None)
    elif found.kind in ("interaction", "task"):
        column = DEFAULT_DATE[found.kind] if word != "newest" or found.kind == "interaction" else "created_at"
    else:
        column = "created_at"
    if column:
        found.order_by = f"{column} {'desc' if order.startswith('-') else 'asc'}"
    else:
        found.superlative = word


_STALEST = Phrases.of(
    "stalest, most stale, longest untouched, least recently contacted, most neglected, quietest, coldest"
)
_ORDER_SAID = Phrases.of("recently added, recently created, newly added, newly created, recently logged")


_ORDER_SAID_2 = Phrases.of("sorted by, ordered by, order by, sort by, ranked by, by")


_ORDER_SAID_3 = Phrases.of(
    "descending, desc, highest first, largest first, newest first, latest first, biggest first, high to low"
)


_ORDER_SAID_4 = Phrases.of(
    "ascending, asc, lowest first, smallest first, oldest first, earliest first, low to high, soonest first, first"
)


def read_order(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "sorted by amount", "biggest", "most recent", "by value" after a top n; "new", "recently added", "upcoming"."""
    if clause.word(at) == "upcoming" and (column := DEFAULT_DATE.get(found.kind)):
        today = clause.clock.one_day(clause.clock.today, "today")
        add_dates(found, column, "since", today)
        found.order_by = f"{column} asc"
        return at + 1
    if clause.length(_STALEST, at) and "last_interaction_at" in fields_of(found.kind):
        found.order_by = "last_interaction_at asc"
        found.limit = found.limit or 20
        return at + clause.length(_STALEST, at)
    length = clause.length(_ORDER_SAID, at)
    if length or (
        clause.word(at) == "new" and (found.is_dated or KINDS.get(found.kind) is None or found.kind not in (*LEADS,))
    ):
        found.order_by, found.dated_by = "created_at desc", "created_at"
        return at + (length or 1)
    length = clause.starts(at, "most recent", "most valuable") or 1
    word = " ".join(clause.words(at, length))
    if word in _ORDERS and not clause.when(at):
        _order_by_word(word, found)
        if (
            word in ("biggest", "largest", "newest", "oldest", "latest", "smallest", "most valuable")
            and found.limit is None
            and clause.word(at - 1) == "the"
            and not found.has()
        ):
            found.limit = found.limit or None
        return at + length
    length = clause.length(_ORDER_SAID_2, at)
    hit = clause.field_at(at + length, (found.kind,)) if length else None
    if hit is None:
        return None
    direction = "desc" if hit[0].type in _MEASURES else "asc"
    end = hit[1]
    if turned := clause.length(_ORDER_SAID_3, end):
        direction, end = "desc", end + turned
    elif turned := clause.length(_ORDER_SAID_4, end):
        direction, end = "asc", end + turned
    found.order_by = f"{hit[0].name} {direction}"
    return end
