"""Parts of a whole: "what percentage of our customers are enterprise", "ratio of won to lost deals", "win rate Germany vs Spain"."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Analysis, Condition, ListOf, Measure, Mention, Puzzled
from agent.offline.grammar.analytics.words import Words
from agent.offline.grammar.conditions import gather
from agent.offline.grammar.conditions.either import any_of
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.kinds import KindWord, kind_at
from agent.offline.lexicon.measures import SHARES
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.places import countries
from agent.offline.lexicon.statuses import choice_at
from agent.offline.words import word_set
from schema.kinds import KINDS

_SHARE_OPENS = Phrases.of(
    "what, which, what is, show, show me, tell me, give me, what was, calculate, i want to know, what are"
)
_PARTS_AT = word_set(
    "are is were was came come comes have has had did do does belong belongs got went end ended goes go work sit stand stands"
)
_RATIO = Phrases.of(
    "ratio of, the ratio of, what is the ratio of, what's the ratio of, show the ratio of, ratio, show me the ratio of, "
    "what is our ratio of"
)
_PAST = {"opportunity": "closed_at", "interaction": "occurred_at", "task": "completed_at"}


def read_part(clause: Clause) -> Analysis | Puzzled | None:
    """A share or a ratio of records, where both sides are read whole."""
    clause = without_end_marks(clause)
    return _share(clause) or _ratio(clause)


def _share(clause: Clause) -> Analysis | None:
    start = clause.length(_SHARE_OPENS, 0)
    length = clause.length(SHARES, start) or clause.length(SHARES, 0)
    begin = clause.skip((start if clause.length(SHARES, start) else 0) + length, "of", "our", "the", "my", "all")
    noun = _noun(clause, begin) if length else None
    if noun is None:
        return None
    # The last verb parts them: "the deals we have lost this year were lost on price".
    for at in range(len(clause) - 1, noun[2] - 1, -1):
        if clause.word(at) not in _PARTS_AT or clause.word(at - 1) in ("that", "which", "who"):
            continue
        whole = _listed(clause, noun, (begin, at))
        part = _conditions(clause.cut(at), noun[0], whole) if whole else None
        if whole and part:
            return Analysis(
                whole, (Measure("share"), Measure("count")), dated_by=_PAST.get(whole.kinds[0], "created_at"), part=part
            )
    return None


def _ratio(clause: Clause) -> Analysis | None:
    """ "ratio of won to lost deals", "ratio of inbound to outbound calls this year"."""
    length = clause.length(_RATIO, 0)
    to = next(clause.find("to", "vs", "versus", ":", start=length + 1), 0) if length else 0
    noun = _noun(clause, to + 1) if to else None
    if noun is None:
        return None
    part = _conditions(clause.cut(length, to), noun[0], None)
    against = _conditions(clause.cut(to + 1, noun[1]), noun[0], None)
    is_ended = any(condition.column in ("is_won", "is_lost") for condition in (*part, *against))
    whole = _listed(clause, noun, (noun[1], len(clause)), dated_by="closed_at" if is_ended else None)
    if not (whole and part and against):
        return None
    measures = (Measure("ratio"), Measure("count"))
    return Analysis(whole, measures, dated_by=_PAST.get(whole.kinds[0], "created_at"), part=part, against=against)


def _noun(clause: Clause, start: int) -> tuple[KindWord, int, int] | None:
    for at in range(start, min(start + 6, len(clause))):
        hit = kind_at(clause.tokens, at)
        if hit and clause.word(hit[1] - 1).endswith("s") and len(hit[0].kinds) == 1 and hit[0].kinds[0] in KINDS:
            return hit[0], at, hit[1]
    return None


def _gathered(word: KindWord) -> Gathered:
    kind = word.kinds[0]
    return Gathered((kind,), dated_by=_PAST.get(kind) if kind != "opportunity" else None, is_dated=True)


def _listed(
    clause: Clause, noun: tuple[KindWord, int, int], between: tuple[int, int], *, dated_by: str | None = None
) -> ListOf | None:
    word, start, end = noun
    found = _gathered(word)
    found.dated_by = dated_by or found.dated_by
    for column, value in word.where:
        found.add(column, "=", value, value)
    gather(clause.cut(between[0], start), found, before_kind=True)
    gather(clause.cut(end, between[1]), found)
    if found.not_understood or found.kinds != word.kinds or found.order_by or found.limit:
        return None
    return ListOf(found.kinds, clause.said(end - 1, end), tuple(found.conditions), remark=found.remark)


def _conditions(clause: Clause, word: KindWord, whole: ListOf | None) -> tuple[Condition, ...]:
    """What holds of the part; what holds of the whole already is not said again."""
    found = _gathered(word)
    for condition in whole.conditions if whole else ():
        found.conditions.append(condition)
    known = len(found.conditions)
    gather(clause, found, before_kind=True)
    if found.not_understood or found.kinds != word.kinds or found.order_by or found.limit:
        return ()
    return tuple(c for c in found.conditions[known:] if not whole or c not in whole.conditions)


_JOINTS = word_set("vs vs. versus against or and")


def read_versus(words: Words) -> tuple[str, Condition] | None:
    """Two values that are told apart: "Germany vs Spain", "enterprise versus SMB"; takes their words."""
    clause = words.clause
    for at in clause.find(*_JOINTS, start=1):
        if clause.word(at) in ("or", "and") and not _is_apart(clause, at):
            continue
        for read in (_countries, _tiers, _people):
            if found := read(clause, at):
                axis, condition, start, end = found
                words.take(start, clause.skip(end, "-", ","))
                return axis, condition
    return None


def _is_apart(clause: Clause, at: int) -> bool:
    """Whether the question sets two names beside one another before it asks: "Lena or Grace - who …"."""
    return any(clause.word(i) in ("-", ",", ":") for i in range(at + 1, min(at + 5, len(clause)))) and at <= 3


def _countries(clause: Clause, at: int) -> tuple[str, Condition, int, int] | None:
    second = clause.at(countries(), clause.skip(at + 1, "in", "the"))
    for start in (at - 1, at - 2):
        first = clause.at(countries(), start) if start >= 0 else None
        if first and second and first[1] == at:
            begin = start - (clause.word(start - 1) in ("in", "the", "for", "of", "between"))
            names = f"{first[0]}, {second[0]}"
            return "country", Condition("country", "in", names, f"in {first[0]} or {second[0]}"), begin, second[1]
    return None


def _tiers(clause: Clause, at: int) -> tuple[str, Condition, int, int] | None:
    field = KINDS["account"].fields["tier"]
    second = choice_at(clause.tokens, at + 1, field) if at + 1 < len(clause) else None
    for start in (at - 1, at - 2):
        first = choice_at(clause.tokens, start, field) if start >= 0 else None
        if first and second and first[1] == at:
            said = f"{first[0]} or {second[0]}".replace("_", " ")
            return "tier", Condition("tier", "in", f"{first[0]}, {second[0]}", said), start, second[1]
    return None


def _people(clause: Clause, at: int) -> tuple[str, Condition, int, int] | None:
    start, end = at, at + 1
    while start and clause.tokens[start - 1].is_capitalised and clause.word(start - 1) not in ("compare", "did", "has"):
        start -= 1
    while end < len(clause) and clause.tokens[end].is_capitalised:
        end += 1
    first, second = mention_of(clause.cut(start, at), ("user",)), mention_of(clause.cut(at + 1, end), ("user",))
    if not first or not second or {first.refers, second.refers} != {"name"} or start == at or end == at + 1:
        return None
    groups = [(Condition("owner_id", "=", _user(mention), f"of {mention.spoken}"),) for mention in (first, second)]
    return "owner", any_of(groups), start, end


def _user(mention: Mention) -> Mention:
    return replace(mention, kinds=("user",))
