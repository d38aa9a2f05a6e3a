"""Lists within lists: "contacts at accounts in Germany", "tasks about open deals of Acme", "customers without open deals"."""

from collections.abc import Callable

from agent.offline.clause import Clause
from agent.offline.form import ListOf
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.undone import with_time
from agent.offline.grammar.conditions.wording import COMPARISONS
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import KindWord, kind_at, owner_column
from agent.offline.lexicon.phrases import Phrases
from agent.offline.words import word_set

Gather = Callable[..., None]
_TO = Phrases.of(
    "at, for, with, of, from, about, on, regarding, to, related to, linked to, belonging to, concerning, in, by, "
    "whose account is, whose accounts are, that belong to, who work at, who work for, working at, working for, involving, under, "
    "whose company is, that are about, attached to, who are at"
)
_WITH = Phrases.of(
    "with, that have, who have, having, which have, have, has, that has, with any, with at least one, that got, "
    "where we have, with some, we have"
)
_WITHOUT = Phrases.of(
    "without, without any, with no, that have no, who have no, having no, which have no, have no, lacking, missing, no, "
    "that do not have, that don't have, that do not have any, that don't have any, where we have no, who don't have, who don't have any, "
    "which don't have, don't have, have had no, has had no, had no, with not a single, without a single, without a, without an, "
    "have not had a, have not had any, haven't had a, haven't had any, never had a, never had any, have never had a, have never had any, "
    "has never had a, we have never had a, we never had a, we have not had a, we haven't had a, we had no, not had a, not had any, "
    "where there is no, where there are no, we have not logged a, we haven't logged a, did not have a, have not got a, haven't got a, "
    "who have not logged a, who haven't logged a, have not logged any, haven't logged any, has not had a, hasn't had a, have not a single, "
    "with no logged, have not made a, haven't made a, we have never had any, that have had no, who have had no, that had no"
)
_ONE_WORDS = word_set("contact activity interaction touchpoint communication engagement conversation company firm")
"""Singulars that may be no record after "no": "with no contact since March"."""


def read_nested(clause: Clause, at: int, found: Gathered, gather: Gather) -> int | None:
    """The condition that a record belongs to, or has, records of another list."""
    for table, op in ((_WITHOUT, "not in"), (_WITH, "in"), (_TO, "in")):
        length = clause.length(table, at)
        if not length:
            continue
        start = at + length
        counted = _counted(clause, start) if table is _WITH else None
        start = counted[1] if counted else start
        noun = _plural(clause, start, is_one=table is _WITHOUT)
        if noun is None or _is_field(clause, start, noun, found):
            continue
        word, noun_at, noun_end = noun
        column, linked_by = _link(found.kind, word.kinds[0], reverse=table is not _TO)
        if column is None and table is not _WITHOUT:
            column, linked_by = _link(found.kind, word.kinds[0], reverse=table is _TO)
        if column is None:
            continue
        read = _inner(clause, start, (noun_at, noun_end), word, gather)
        if read is None:
            continue
        inner, end = read
        if counted and not linked_by:
            continue
        how_many = counted[0] if counted else None
        noun_said = clause.said(noun_at, noun_end)
        listed = ListOf(inner.kinds, noun_said, tuple(inner.conditions), linked_by=linked_by, counted=how_many)
        found.add(column, op, listed, clause.said(at, end))
        return end
    return None


def _counted(clause: Clause, start: int) -> tuple[tuple[str, int], int] | None:
    """ "with more than 2 open deals": how many there must be, and where they begin; no amount of theirs."""
    compared = clause.at(COMPARISONS, start)
    hit = clause.number(compared[1] if compared else start)
    if hit is None or hit[0].whole is None or hit[0].looks_like_money or hit[0].is_percent or hit[0].is_ordinal:
        return None
    if clause.when(start) is not None or hit[0].whole > _MANY:
        return None
    op, end = compared[0] if compared else "=", hit[1]
    if length := clause.length(_OR_MORE, end):
        op, end = ">=", end + length
    elif length := clause.length(_OR_LESS, end):
        op, end = "<=", end + length
    return ((op, hit[0].whole), end) if _plural(clause, end) is not None else None


_MANY = 1000
_OR_MORE = Phrases.of("or more, or more than that, +, plus")
_OR_LESS = Phrases.of("or fewer, or less")


def _plural(clause: Clause, start: int, *, is_one: bool = False) -> tuple[KindWord, int, int] | None:
    """A plural word for records within a few words, none of them a name; after "no" the singular will do."""
    for at in range(start, min(start + 5, len(clause))):
        hit = kind_at(clause.tokens, at)
        last = clause.word(hit[1] - 1) if hit else ""
        if hit and not clause.tokens[at].is_capitalised and (last.endswith("s") or (is_one and last not in _ONE_WORDS)):
            return hit[0], at, hit[1]
        if clause.word(at) in (",", "who", "which", "that"):
            return None
    return None


def _is_field(clause: Clause, start: int, noun: tuple[KindWord, int, int], found: Gathered) -> bool:
    """ "without an email": a singular that the records themselves keep."""
    if clause.word(noun[2] - 1).endswith("s"):
        return False
    hit = clause.field_at(clause.skip(start, "a", "an", "any", "single"), (found.kind,))
    return hit is not None and hit[1] >= noun[2]


def _link(kind: str, inner: str, *, reverse: bool) -> tuple[str | None, str]:
    """The column that names the inner records; or, reversed, the own id and the inner records' column for it."""
    if reverse:
        own = fields_of(inner)
        if kind == "user":
            column = owner_column(inner)
            return ("user_id", column) if column else (None, "")
        if f"{kind}_id" in own:
            return f"{kind}_id", f"{kind}_id"
        return (f"{kind}_id", "about_id") if "about_id" in own else (None, "")
    own = fields_of(kind)
    if f"{inner}_id" in own and not (kind == "interaction" and inner != "account"):
        return f"{inner}_id", ""
    return ("about_id", "") if "about_id" in own and inner not in ("user", "individual", "organization") else (None, "")


def _inner(
    clause: Clause, start: int, noun: tuple[int, int], word: KindWord, gather: Gather
) -> tuple[Gathered, int] | None:
    """The inner list's conditions, from as many words as can be understood as such."""
    if word.kinds[0] in _PAST_DATES:
        # "no call in 60 days" looks back, where "in 60 days" alone looks ahead.
        inner = Gathered(word.kinds[:1], dated_by=_PAST_DATES[word.kinds[0]], is_dated=True)
        for column, value in word.where:
            inner.add(column, "=", value, value)
        gather(clause.cut(start, noun[0]), inner, before_kind=True)
        known = len(inner.conditions)
        begin = clause.skip(noun[1], "with", "them", "logged", "at", "all", "us")
        end = with_time(clause, begin, inner)
        if end > begin and len(inner.conditions) > known and not inner.not_understood:
            return inner, end
    for end in range(len(clause), noun[1] - 1, -1):
        inner = Gathered(word.kinds[:1], is_dated=any(clause.when(i) for i in range(start, end)))
        for column, value in word.where:
            inner.add(column, "=", value, value)
        gather(clause.cut(start, noun[0]), inner, before_kind=True)
        gather(clause.cut(noun[1], end), inner)
        if not inner.not_understood and inner.kinds == word.kinds[:1]:
            return inner, end
    return None


_PAST_DATES = {"interaction": "occurred_at", "note": "created_at"}
ACCOUNT_COLUMNS = ("country", "industry", "tier")
COMPANY_COLUMNS = ("employee_count", "annual_revenue", "city")


def through_company(found: Gathered, read: Callable[[Gathered], int | None]) -> int | None:
    """A condition that only the account, or the organization behind it, keeps: "enterprise deals", "accounts in Berlin"."""
    hops = {
        "account": (("organization", "organization_id", COMPANY_COLUMNS),),
        "opportunity": (("account", "account_id", ACCOUNT_COLUMNS),),
        "contact": (("account", "account_id", ("industry", "tier")),),
        "job": (("account", "account_id", ACCOUNT_COLUMNS),),
        "partnership": (("account", "account_id", ACCOUNT_COLUMNS),),
    }
    for kind, column, columns in hops.get(found.kind, ()):
        inner = Gathered((kind,))
        end = read(inner)
        if end is None or inner.kinds != (kind,) or not inner.conditions:
            continue
        if any(condition.column not in columns for condition in inner.conditions):
            continue
        said = " and ".join(condition.said for condition in inner.conditions if condition.said)
        found.add(column, "in", ListOf((kind,), f"{kind}s", tuple(inner.conditions)), said)
        return end
    return None
