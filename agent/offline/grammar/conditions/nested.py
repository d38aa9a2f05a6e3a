"""Lists within lists: "contacts at accounts in Germany", "tasks about open deals of Acme", "customers without open deals"."""

from collections.abc import Callable

from agent.offline.clause import Clause
from agent.offline.form import ListOf
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import COMPARISONS
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases

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
    "which don't have, don't have"
)


def read_nested(clause: Clause, at: int, found: Gathered, gather: Gather) -> int | None:
    """The condition that a record belongs to, or has, records of another list."""
    for table, op in ((_WITHOUT, "not in"), (_WITH, "in"), (_TO, "in")):
        length = clause.length(table, at)
        if not length:
            continue
        start = at + length
        noun = _plural(clause, start)
        if noun is None:
            continue
        word, noun_at, noun_end = noun
        if _is_counted(clause, start):
            return None
        column, linked_by = _link(found.kind, word.kinds[0], reverse=table is not _TO)
        if column is None and table is not _WITHOUT:
            column, linked_by = _link(found.kind, word.kinds[0], reverse=table is _TO)
        if column is None:
            continue
        read = _inner(clause, start, (noun_at, noun_end), word, gather)
        if read is None:
            continue
        inner, end = read
        listed = ListOf(inner.kinds, clause.said(noun_at, noun_end), tuple(inner.conditions), linked_by=linked_by)
        found.add(column, op, listed, clause.said(at, end))
        return end
    return None


def _is_counted(clause: Clause, start: int) -> bool:
    """ "with more than 2 open deals": how many there must be, which a list cannot say, and no amount of theirs."""
    compared = clause.at(COMPARISONS, start)
    hit = clause.number(compared[1] if compared else start)
    if hit is None or hit[0].whole is None or hit[0].looks_like_money or hit[0].is_percent or hit[0].is_ordinal:
        return False
    return clause.when(start) is None and _plural(clause, hit[1]) is not None


def _plural(clause: Clause, start: int) -> tuple[KindWord, int, int] | None:
    """A plural word for records within a few words, none of them a name."""
    for at in range(start, min(start + 5, len(clause))):
        hit = kind_at(clause.tokens, at)
        if hit and not clause.tokens[at].is_capitalised and clause.word(hit[1] - 1).endswith("s"):
            return hit[0], at, hit[1]
        if clause.word(at) in (",", "who", "which", "that"):
            return None
    return None


def _link(kind: str, inner: str, *, reverse: bool) -> tuple[str | None, str]:
    """The column that names the inner records; or, reversed, the own id and the inner records' column for it."""
    if reverse:
        own = fields_of(inner)
        if f"{kind}_id" in own:
            return f"{kind}_id", f"{kind}_id"
        return (f"{kind}_id", "about_id") if "about_id" in own and kind != "user" else (None, "")
    own = fields_of(kind)
    if f"{inner}_id" in own and not (kind == "interaction" and inner != "account"):
        return f"{inner}_id", ""
    return ("about_id", "") if "about_id" in own and inner not in ("user", "individual", "organization") else (None, "")


def _inner(
    clause: Clause, start: int, noun: tuple[int, int], word: KindWord, gather: Gather
) -> tuple[Gathered, int] | None:
    """The inner list's conditions, from as many words as can be understood as such."""
    for end in range(len(clause), noun[1] - 1, -1):
        inner = Gathered(word.kinds[:1], is_dated=any(clause.when(i) for i in range(start, end)))
        for column, value in word.where:
            inner.add(column, "=", value, value)
        gather(clause.cut(start, noun[0]), inner, before_kind=True)
        gather(clause.cut(noun[1], end), inner)
        if not inner.not_understood and inner.kinds == word.kinds[:1]:
            return inner, end
    return None


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
