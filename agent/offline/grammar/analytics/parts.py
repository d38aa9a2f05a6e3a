"""The parts of a question: what is measured, what it is grouped by, and whether the groups are ranked."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.offline.clause import Clause
from agent.offline.grammar.analytics.words import Words, is_year
from agent.offline.grammar.conditions.wording import COMPARISONS
from agent.offline.lexicon.axes import ADVERBS, AXIS_WORDS
from agent.offline.lexicon.kinds import EVERY_KIND, kind_at
from agent.offline.lexicon.measures import GROWTH, MEASURE_WORDS, RANKS, SHARES, MeasureWord
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.text import tokens_of
from agent.offline.typos import vocabulary
from schema.fields import FieldType

_LEADS = Phrases.of(
    "by, per, for each, for every, each, every, across, grouped by, group by, broken down by, break down by, "
    "breakdown by, split by, "
    "split into, split up by, according to, in each, of each, from each, at each, with each, for which, in which, "
    "on which, by which, "
    "from which, to which, with which, in every, for all the, segmented by, organised by, "
    "organized by, "
    "for each of our, for each of the, spread over, spread across, distributed over, distributed across, split across, spread by, "
    "distributed by, distributed among, and by, divided by, divided into, over the different, by each, per each, of every"
)
_JOINS = ("and", ",", "/", "x", "by", "per", "then", "&", "plus", "within", "their", "the", "our", "also", "lead")
_ASKING = Phrases.of(
    "which, what, which of our, which of the, in which, which are the, what are the, which are our, what are our, "
    "which of my"
)
_TAKES = re.compile(
    r"(?:how (?:many days|long)|days|time|long) (?:(?:does|do|did|will|would) )?(?:it |we |us )?"
    r"(?:(?:usually|typically|normally|generally|really|on average) )?(?:takes?|need|took)"
    r"(?: (?:us|me|we|our team|a rep|reps|the team))?(?: on average)?(?: to|until we|for us to| until) "
    r"(?P<end>close|win|sign|land|lose|won|closed)"
    r"(?: (?:a|an|our|the|one|my))?(?: (?:deals?|sales?|opportunity|opportunities))?(?= |$)"
)
_LASTS = re.compile(
    r"(?:takes?|took|last|lasts) (?:the )?(?P<rank>longest|shortest)(?: to (?:close|win))?(?: on average)?(?= |$)"
)
_OPPOSED: Phrases[str] = grouped(
    (
        (
            axis,
            ", ".join(
                f"{one} {joint} {other}"
                for first, second in pairs
                for one, other in ((first, second), (second, first))
                for joint in ("vs", "versus", "and", "or", "against", "compared to", "compared with")
            ),
        )
        for axis, pairs in (
            ("direction", (("sent", "received"), ("inbound", "outbound"), ("incoming", "outgoing"))),
            ("outcome", (("won", "lost"), ("wins", "losses"))),
        )
    )
)
_AFTER_REASONS = ("", "in", "this", "last", "by", "per", "since", "for", "of", "during", "over", ",", "with", "from")
_REASONS = Phrases.of(
    "loss reasons, lost reasons, reasons for losing, reasons why we lose, why do we lose, why did we lose, "
    "why are we losing, reasons for loss, "
    "reasons we lose, reasons for losses, why do we lose deals, why did we lose deals, why are we losing deals, "
    "reasons for losing deals, "
    "reasons why we lost deals, most common loss reasons, loss reason distribution"
)
_OVERALL = Phrases.of(
    "month by month, over time, trend, trend of, trends in, the trend of, over the months, development of, by the month"
)


@dataclass(slots=True)
class Parts:
    """What was taken out of a question's words."""

    how: str = ""
    measure: MeasureWord | None = None
    """The word that says of what; it may say how too."""
    counting: bool = False
    averaging: bool = False
    groups: list[str] = field(default_factory=list[str])
    ranked: Literal["", "most", "least"] = ""
    limit: int | None = None
    opposed: tuple[str, ...] = ()
    """What is told apart by name: "won vs lost", "sent and received"."""
    unknown_group: str = ""
    """A word that nothing is grouped by, although it stands where such a word would."""
    of_records: bool = False
    """Whether single records are ranked: "my biggest deal"."""
    shares: bool = False
    growing: bool = False
    asks_who: bool = False
    both: bool = False
    """Whether the average and the median were asked for."""
    is_summed: bool = False
    """Whether a sum was asked for in so many words."""

    @property
    def outcome(self) -> str:
        return self.measure.outcome if self.measure else ""

    @property
    def is_analytic(self) -> bool:
        """Whether no list could answer it."""
        return bool(self.groups or self.shares or self.growing or self.how in ("average", "median", "rate", "weighted"))


def read_parts(words: Words) -> Parts:
    parts = Parts()
    _read_takes(words, parts)
    _read_opposed(words, parts)
    _read_reasons(words, parts)
    _read_growth(words, parts)
    _read_groups(words, parts)
    _read_ranked(words, parts)
    _read_shares(words, parts)
    _read_measures(words, parts)
    _read_unknown_group(words, parts)
    return parts


def begins_group(clause: Clause) -> bool:
    """Whether a clause opens with what it is to be grouped by, or as shares."""
    return any(clause.at(table, 0) for table in (_LEADS, _OVERALL, SHARES)) or clause.at(ADVERBS, 0) is not None


def _read_takes(words: Words, parts: Parts) -> None:
    """ "how long does it take us to close a deal"."""
    told = [token.word for token in words.clause.tokens]
    if lasting := _LASTS.search(" ".join(told)):
        start = len(lasting.string[: lasting.start()].split())
        words.take(start, start + len(lasting.group().split()))
        parts.measure = MeasureWord("average", "cycle", "opportunity", "won", is_usual=True)
        parts.ranked, parts.limit = ("most" if lasting["rank"] == "longest" else "least"), 1
    found = _TAKES.search(" ".join(told))
    if found is None:
        return
    start = len(found.string[: found.start()].split())
    words.take(start, start + len(found.group().split()))
    outcome = "lost" if found["end"] == "lose" else "won"
    parts.measure = MeasureWord("average", "cycle", "opportunity", outcome)


def _read_opposed(words: Words, parts: Parts) -> None:
    for axis, start, end in list(words.hits(_OPPOSED)):
        words.take(start, end)
        parts.opposed = (axis,)
        parts.groups.append(axis)


def _read_reasons(words: Words, parts: Parts) -> None:
    """ "top 3 loss reasons", "why do we lose deals": lost ones by their reason."""
    hit = next(iter(words.hits(_REASONS)), None)
    if hit is None:
        return
    _, start, end = hit
    after = words.clause.word(words.clause.skip(end, "deals", "opportunities", "so", "many", "most", "often"))
    if after not in _AFTER_REASONS and not words.clause.when(end):
        return
    ranked = words.clause.at(RANKS, 0)
    if ranked and (counted := _limit_after(words, ranked[1])):
        parts.ranked, parts.limit = ranked[0], counted[0]
        words.take(0, counted[1])
    words.take(start, end)
    parts.groups.append("loss_reason")
    parts.measure = MeasureWord("", "", "opportunity", "lost")


def _read_growth(words: Words, parts: Parts) -> None:
    for unit, start, end in list(words.hits(GROWTH)):
        words.take(start, end)
        parts.growing = True
        if unit and unit not in parts.groups:
            parts.groups.append(unit)


def _read_groups(words: Words, parts: Parts) -> None:
    """Every "by this and that", the adverbs, and "which industries" or "who" where something is measured of them."""
    for unit, start, end in list(words.hits(ADVERBS)):
        words.take(start, end)
        _add(parts, unit)
    for _, start, end in list(words.hits(_OVERALL)):
        words.take(start, end)
        _add(parts, "month")
    for _, start, end in list(words.hits(_LEADS)):
        _grouped(words, parts, start, end)


def _grouped(words: Words, parts: Parts, start: int, after: int) -> None:
    if not words.is_free(start, after) or words.before(start) in ("sorted", "ordered", "sort", "order"):
        return
    clause = words.clause
    end = start
    at = clause.skip(after, "the", "our", "lead", "individual", "different", "single", "of", "my", "deal", "customer")
    at = at if _axis_at(clause, at) else after
    while hit := _axis_at(clause, at):
        if clause.tokens[at].is_capitalised and at and clause.word(start) not in ("by", "per", "each"):
            break
        _add(parts, hit[0])
        end = hit[1]
        step = clause.skip(end, *_JOINS)
        if step == end:
            break
        at = step
    words.take(start, end)


def _axis_at(clause: Clause, at: int) -> tuple[str, int] | None:
    """What can be grouped by at a position, one letter wrong allowed: "by ower"."""
    hit, own = clause.at(AXIS_WORDS, at), clause.situation.own.at(clause.tokens, at, EVERY_KIND)
    is_named = own and (own[0].choices or own[0].type in (FieldType.BOOLEAN, FieldType.TEXT))
    if own and is_named and (hit is None or own[1] >= hit[1]):
        return own[0].name, own[1]
    if hit:
        return hit
    word = clause.word(at)
    if len(word) < 4 or not word.isalpha() or clause.tokens[at].is_capitalised or word in _vocabulary():
        return None
    near = process.extractOne(word, _single_words(), scorer=OSA.distance, score_cutoff=1)
    if near is None:
        return None
    hit = AXIS_WORDS.at(tokens_of(near[0]), 0)
    return (hit[0], at + 1) if hit else None


@cache
def _single_words() -> dict[str, str]:
    return {phrase: phrase for phrase, _ in AXIS_WORDS.items() if " " not in phrase and len(phrase) >= 4}


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(vocabulary())


def _read_unknown_group(words: Words, parts: Parts) -> None:
    """ "revenue by product": nothing keeps that."""
    clause = words.clause
    for at in clause.find("by", "per"):
        before, after = words.before(at), clause.word(at + 1)
        if (
            at in words.taken
            or before.endswith("ed")
            or before in ("sent", "made", "won", "lost", "led", "run", "written")
        ):
            continue
        is_plain = after.isalpha() and not clause.tokens[at + 1].is_capitalised and not clause.when(at + 1)
        if is_plain and clause.number(at + 1) is None and clause.names_at(at + 1) is None and after not in ("me", "us"):
            parts.unknown_group = after
            return


def _add(parts: Parts, axis: str) -> None:
    if axis not in parts.groups:
        parts.groups.append(axis)


def _read_ranked(words: Words, parts: Parts) -> None:
    """ "top 5 accounts by …", "which industries bring the most …", "who won the most …"."""
    clause = words.clause
    asking = clause.length(_ASKING, 0)
    parts.asks_who = clause.word(0) == "who" and clause.word(1) not in ("is", "are", "was", "were")
    ranks = [hit for hit in words.hits(RANKS) if words.before(hit[1]) != "at"]
    counted = [hit for hit in ranks if _limit_after(words, hit[2])]
    if asking and (axis := _asked_axis(words, asking)):
        name, end, limit, is_one = axis
        if ranks or _measured_after(words, end):
            _add(parts, name)
            words.take(0, end)
            parts.ranked = ranks[-1][0] if ranks else "most"
            parts.limit = limit or (1 if is_one and ranks else None)
            for _, start, stop in ranks[-1:]:
                words.take(start, stop)
            return
    if parts.asks_who and (ranks or _measured_after(words, 1)):
        _add(parts, "owner")
        words.take(0, 1)
        if ranks:
            parts.ranked, parts.limit = ranks[-1][0], 1
            words.take(ranks[-1][1], ranks[-1][2])
        return
    for rank, start, stop in (*counted, *(hit for hit in ranks if hit not in counted)):
        if _top(words, parts, rank, start, stop):
            return


def _asked_axis(words: Words, at: int) -> tuple[str, int, int | None, bool] | None:
    """What is asked for after "which", with how many of them and whether it is one."""
    clause = words.clause
    limit = clause.number(at)
    start = clause.skip(limit[1] if limit and limit[0].whole else at, "of", "our", "the", "my")
    hit = clause.at(AXIS_WORDS, start)
    if hit is None or not words.is_free(start, hit[1]):
        return None
    is_one = not clause.word(hit[1] - 1).endswith("s") and clause.word(hit[1] - 1) != "people"
    return hit[0], hit[1], limit[0].whole if limit else None, is_one


def _measured_after(words: Words, at: int) -> bool:
    """Whether something is measured in what follows, and not only listed."""
    return any(start >= at and (each.how or each.column == "amount") for each, start, _ in words.hits(MEASURE_WORDS))


def _limit_after(words: Words, at: int) -> tuple[int, int] | None:
    hit = words.clause.number(at)
    if (
        hit is None
        or hit[0].whole is None
        or hit[0].looks_like_money
        or hit[0].is_ordinal
        or not 0 < hit[0].whole <= 200
    ):
        return None
    return hit[0].whole, hit[1]


def _top(words: Words, parts: Parts, rank: Literal["most", "least"], start: int, stop: int) -> bool:
    """ "top 5 accounts by won revenue", "the 3 biggest customers by pipeline": groups of what is measured later on."""
    clause = words.clause
    counted = _limit_after(words, stop)
    before = clause.number(start - 1) if start else None
    at = counted[1] if counted else stop
    hit = clause.at(AXIS_WORDS, clause.skip(at, "of", "our", "the", "my", "sales", "performing"))
    if hit is None or not words.is_free(start, hit[1]):
        return False
    linked = clause.word(hit[1]) in (
        "by",
        "in",
        "for",
        "with",
        "on",
        "ranked",
        "according",
        "when",
        "based",
        "who",
        "this",
        "last",
        "?",
        "",
    )
    is_usual = hit[0] == "owner" or (hit[0] == "account" and clause.word(hit[1]) in ("", "?", "in", "this", "last"))
    if not linked or not (_measured_after(words, hit[1]) or is_usual):
        return False
    _add(parts, hit[0])
    words.take(start, hit[1])
    if before and before[0].whole and before[1] == start:
        words.take(start - 1, start)
        counted = (before[0].whole, start)
    joined = clause.skip(
        hit[1],
        "by",
        "ranked",
        "based",
        "on",
        "according",
        "to",
        "in",
        "terms",
        "of",
        "when",
        "it",
        "comes",
        "with",
        "the",
    )
    if clause.word(hit[1]) != "in" or clause.words(hit[1], 3) == ("in", "terms", "of"):
        words.take(hit[1], joined)
    for _, more, end in list(words.hits(RANKS)):
        words.take(more, end)
    parts.ranked, parts.limit = rank, counted[0] if counted else (5 if clause.word(hit[1] - 1).endswith("s") else 1)
    return True


def _read_shares(words: Words, parts: Parts) -> None:
    for _, start, end in list(words.hits(SHARES)):
        if parts.growing:
            words.take(start, end)
        if words.before(start) in ("revenue", "rev") or parts.growing:
            continue
        words.take(start, end)
        parts.shares = True


def _read_measures(words: Words, parts: Parts) -> None:
    """How, and of what: "average" and "deal size" apart, "win rate" in one."""
    hows: list[str] = []
    for each, start, end in list(words.hits(MEASURE_WORDS)):
        if each.column and not each.how and _is_bound(words, end):
            continue
        if each.how == "count" and not each.column:
            parts.counting = True
        elif each.how and not each.column and not each.kind:
            hows.append(each.how)
        elif parts.measure is None or _says_more(each, parts.measure):
            parts.measure = each
        words.take(start, end)
        if each.how and words.before(start) in ("by", "in", "on") and (parts.ranked or each.column):
            words.take(start - 1, start)
    parts.averaging, parts.is_summed = bool({"average", "median"} & set(hows)), "sum" in hows
    parts.both = {"average", "median"} <= set(hows)
    own = parts.measure.how if parts.measure else ""
    parts.how = next((how for how in ("median", "average", "sum") if how in hows), "")
    if own in ("rate", "weighted") or (own and not parts.averaging):
        parts.how = own
    if not parts.ranked and (not parts.how or (parts.measure and parts.measure.column == "cycle" and not hows)):
        _read_extremes(words, parts)


def _is_bound(words: Words, at: int) -> bool:
    """Whether a column is only compared with a number there: "worth over 50k", "probability above 60%"."""
    clause = words.clause
    if at < len(clause) and is_year(clause.tokens[at]):
        return False
    if clause.word(at) == "between":
        return clause.number(at + 1) is not None
    compared = clause.at(COMPARISONS, clause.skip(at, "is", "of", "are"))
    after = compared[1] if compared else at
    return clause.number(after) is not None and not clause.when(after)


def _says_more(each: MeasureWord, before: MeasureWord) -> bool:
    """ "total value of the pipeline": the word that names the records tells more than the bare column."""
    return bool(each.kind) and not before.kind


def _read_extremes(words: Words, parts: Parts) -> None:
    """ "the smallest amount we ever won" is a number, "my biggest deal" a record."""
    hit = next((each for each in words.hits(RANKS) if words.before(each[1]) != "at"), None)
    if hit is None or _limit_after(words, hit[2]):
        return
    rank, start, end = hit
    if (parts.measure and parts.measure.column and (not parts.measure.how or parts.measure.column == "cycle")) or (
        parts.measure is None and not parts.counting and parts.groups
    ):
        parts.how = rank
        words.take(start, end)
    elif (
        parts.measure is None and not parts.counting and (_is_asked(words) or (start == 0 and _is_singular(words, end)))
    ):
        parts.of_records, parts.ranked, parts.limit = True, rank, 1
        words.take(start, end)


def _is_singular(words: Words, at: int) -> bool:
    """Whether the noun that follows is of one record: "biggest deal", not "biggest deals"."""
    clause = words.clause
    hit = next((found for i in range(at, len(clause)) if (found := kind_at(clause.tokens, i))), None)
    return hit is not None and not clause.word(hit[1] - 1).endswith("s")


def _is_asked(words: Words) -> bool:
    """Whether one record is asked for, as in "what is my biggest deal" and "which of my deals is the biggest"."""
    first = words.clause.word(0)
    return first in ("what", "which", "whats", "what's") or bool(words.clause.length(_ASKING, 0))
