"""From a question to an analysis: its parts are taken out, and what is left must be a noun and its conditions."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Analysis, Measure, Puzzled
from agent.offline.grammar.analytics.comparing import period, read_periods
from agent.offline.grammar.analytics.narrowing import Narrowed, narrowed
from agent.offline.grammar.analytics.parting import read_part, read_versus
from agent.offline.grammar.analytics.parts import Parts, read_parts
from agent.offline.grammar.analytics.words import Words
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.axes import CALENDAR, axis_of
from agent.offline.lexicon.measures import MEASURE_WORDS
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.sql.select import RECORD
from agent.offline.values.calendar import When
from agent.offline.values.numbers import currency_of
from agent.offline.words import word_set
from schema.customs import PREFIX

_OPENING = Phrases.of(
    "what is, what was, what are, what were, whats, what's, what does, what do, what did, what, how does, how do, "
    "how did, how is, how are, "
    "how was, how has, how have, how were, how, show, show me, show us, give me, give us, tell me, get, get me, "
    "display, calculate, compute, work out, "
    "break, break down, breakdown of, breakdown, split, list, a breakdown of, report, report on, chart, plot, "
    "analyse, analyze, which, "
    "did, have, has, are, were, "
    "what would be, give me the, i need, i want, find, let me see, let me know, do we have, are there, is there, "
    "can i see, overview of, "
    "an overview of, please, tell me about, i would like to see, summary of, summarize, summarise, rank, graph, "
    "stats on, statistics on, "
    "which of, provide, share, what has been, and, also, who are our, who are the, who is our, who is the, who are my, who were our"
)
_BEGINS = word_set(
    "compare comparing break split open won lost closed sum total forecast closing top rank share breakdown chart graph "
    "sales count overdue completed done finished new report tasks conversion cut"
)
"""Words that a question may begin with although they also begin a command."""


def read_analysis(clause: Clause) -> Analysis | Puzzled | None:
    """What only an analysis can answer: averages, rates, groups, rankings, comparisons."""
    return read_part(clause) or _read(clause, total=False)


def read_total(clause: Clause) -> Analysis | Puzzled | None:
    """Amounts added up, over all records of a list."""
    return _read(clause, total=True)


def _read(clause: Clause, *, total: bool) -> Analysis | Puzzled | None:
    clause = without_end_marks(clause)
    if not len(clause) or not _is_question(clause):
        return None
    clause, currency = without_currency(clause)
    if any(clause.find("times", "twice")) and clause.word(0) != "how":
        # "customers who bought at least 4 times": which they are, not for how much.
        return None
    words = Words(clause)
    versus = read_versus(words)
    periods = read_periods(words)
    parts = read_parts(words)
    if versus:
        parts.groups += [axis for axis in versus[:1] if axis not in parts.groups]
        for at in clause.find("more", "better", "higher"):
            words.take(at, at + 1)
    is_total = (total or clause.word(0) not in ("how", "what")) and _is_total(clause, parts, currency)
    if not (parts.is_analytic or periods or parts.of_records or (total and is_total) or (parts.counting and is_total)):
        return None
    words.take(0, clause.length(_OPENING, 0) if 0 not in words.taken else 0)
    if parts.unknown_group:
        return Puzzled(f"I do not know how to group by {parts.unknown_group}.", clause.said())
    found = narrowed(words, parts, currency, versus[1] if versus else None)
    if found is None:
        return None
    if found.not_understood:
        if parts.of_records or not (parts.is_analytic or periods):
            return None
        return Puzzled(f'I do not know what "{" ".join(found.not_understood)}" means there.', found.told)
    return _analysis(clause, parts, found, periods)


def without_currency(clause: Clause) -> tuple[Clause, str]:
    """The clause without a currency that narrows it as a whole, and that: "USD revenue", "…, euros only", "in EUR"."""
    hits = [
        at
        for at, token in enumerate(clause.tokens)
        if (token.word in _CURRENCIES or (token.text.isupper() and token.text in _CODES))
        and not (at and clause.number(at - 1))
    ]
    if len({currency_of(clause.tokens[at].text) for at in hits}) != 1:
        return clause, ""
    start, end = hits[0], clause.skip(hits[0] + 1, "only", "ones", "one")
    while start and clause.word(start - 1) in ("in", "only", ",", "-", "just"):
        start -= 1
    code = currency_of(clause.tokens[hits[0]].text) or ""
    head = clause.tokens[:start]
    if not head and end < len(clause) and clause.word(end) in ("won", "lost", "in"):
        # "pounds won in Q2" asks how much.
        first = clause.tokens[hits[0]]
        head = tuple(replace(first, text=word, word=word) for word in ("how", "much"))
    return replace(clause, tokens=(*head, *clause.tokens[end:])), code


_CURRENCIES = word_set("euro euros dollar dollars pound pounds sterling francs eur usd gbp chf")
_CODES = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK")


def _is_total(clause: Clause, parts: Parts, currency: str) -> bool:
    """Whether one number over a list is wanted: a sum, an extreme, or a count within a period or a currency."""
    if parts.how == "sum":
        in_time = parts.measure is not None and parts.measure.column in ("hours", "duration_seconds")
        return parts.is_summed or in_time or parts.outcome in ("won", "lost")
    if parts.how in ("most", "least"):
        return parts.measure is not None
    dated = any(clause.when(at) for at in range(len(clause)))
    priced = any((hit := clause.number(at)) and hit[0].currency for at in range(len(clause)))
    return parts.counting and parts.measure is None and (dated or priced or bool(currency))


def _is_question(clause: Clause) -> bool:
    verbs, _ = clause.at(VERBS, 0) or ((), 0)
    asks = {Verb.SHOW, Verb.ASK, Verb.COUNT} & set(verbs)
    return not verbs or bool(asks) or clause.word(0) in _BEGINS or clause.at(MEASURE_WORDS, 0) is not None


def _analysis(clause: Clause, parts: Parts, found: Narrowed, periods: tuple[When, ...]) -> Analysis | Puzzled | None:
    measures = _measures(parts, found)
    if measures is None:
        return Puzzled("I do not know what is to be worked out there.", clause.said())
    unknown = [name for name in parts.groups if name not in CALENDAR and not _is_kept(clause, found.kind, name)]
    if unknown:
        noun = found.listed.noun
        return Puzzled(f"I cannot group {noun} by {unknown[0].removeprefix(PREFIX).replace('_', ' ')}.", clause.said())
    groups = (*parts.groups, *((RECORD,) if parts.of_records else ()))
    if parts.shares and not groups:
        return Puzzled(
            "Say by what the shares are to be told, for instance: share of lost deals by reason.", clause.said()
        )
    if parts.growing and not periods and not any(name in CALENDAR for name in groups):
        groups = ("month", *groups)
    return Analysis(
        found.listed, measures, groups, found.dated_by, tuple(period(when) for when in periods),
        parts.ranked, parts.limit, parts.shares, parts.growing and not periods,
    )  # fmt: skip


def _is_kept(clause: Clause, kind: str, name: str) -> bool:
    """Whether records of the kind keep what they are to be grouped by."""
    return axis_of(kind, name) is not None or name in clause.situation.own.fields_of(kind)


def _measures(parts: Parts, found: Narrowed) -> tuple[Measure, ...] | None:
    """What is worked out, with what is told beside it: how many, and what a forecast comes to unweighted."""
    column = parts.measure.column if parts.measure else ""
    count = Measure("count")
    match parts.how:
        case "rate":
            return Measure("rate"), count
        case "weighted":
            return Measure("weighted", "amount"), Measure("sum", "amount"), count, Measure("missing", "amount")
        case "average" | "median" | "sum" | "most" | "least" as how:
            if parts.counting and (parts.averaging or column) and column not in _COUNTED:
                return None
            column = _column(column, found.kind, how)
            if column is None:
                return (count,) if how == "sum" and not parts.measure else None
            if how == "average" and column == "cycle":
                return Measure("average", column), Measure("median", column), count
            missing = (Measure("missing", column),) if column not in (*_COUNTED, "duration_seconds") else ()
            beside = (Measure("median", column),) if parts.both else ()
            return Measure("average" if parts.both else how, column), *beside, count, *missing
        case _:
            if parts.of_records or (column and not parts.counting):
                column = _column(column, found.kind, "sum")
                return (
                    (Measure("sum", column), count, Measure("missing", column))
                    if column and not parts.of_records
                    else _record(column)
                )
            return (count,)


_COUNTED = ("cycle", "age", "hours")
"""What is worked out in days or hours, so that "number of" says nothing more."""


def _record(column: str | None) -> tuple[Measure, ...] | None:
    return (Measure("most", column),) if column else None


def _column(column: str, kind: str, how: str) -> str | None:
    """The column meant, where the words leave it to the kind: "average deal", "how long is our average call"."""
    usual = {"opportunity": "amount", "interaction": "duration_seconds", "organization": "annual_revenue"}
    if column == "long":
        return {"interaction": "duration_seconds", "opportunity": "cycle"}.get(kind)
    if column == "amount":
        return "amount" if kind == "opportunity" else {"organization": "annual_revenue"}.get(kind)
    if column == "age":
        return "age" if kind in ("opportunity", "task", "job", "partnership") else None
    if column:
        return column
    return usual.get(kind) if how != "sum" or kind == "opportunity" else None
