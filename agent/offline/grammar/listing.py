"""Lists and counts: "open deals over 50k closing this month", "how many tasks are overdue", "top 5 opportunities"."""

from agent.offline.clause import Clause
from agent.offline.form import ListOf, Puzzled
from agent.offline.grammar.conditions import gather
from agent.offline.grammar.conditions.gathered import Gathered, name_mention, whose
from agent.offline.lexicon.kinds import KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set

_NEWEST = (
    "last",
    "latest",
    "newest",
    "most recent",
    "biggest",
    "largest",
    "oldest",
    "smallest",
    "next",
    "highest",
    "top",
    "most valuable",
    "first",
    "earliest",
    "lowest",
    "best",
)
_IMPLIED: Phrases[tuple[KindWord, str]] = grouped(
    (
        (
            (KindWord(("task",)), ""),
            (
                "overdue, due, on my plate, on my to-do list, on my todo list, on my list, do i have to do, "
                "do i need to do, should i do, must i do, outstanding"
            ),
        ),
        (
            (KindWord(("opportunity",)), ""),
            (
                "closing, closes, did we win, did we lose, have we won, have we lost, did i win, did i lose, "
                "did we close, have we closed, in negotiation, in the pipeline"
            ),
        ),
        ((KindWord(("opportunity",)), "open"), "pipeline, the pipeline, sales pipeline, our pipeline"),
        (
            (KindWord(("contact",)), "at"),
            (
                "works at, works for, work at, works with, work for, do we know at, do we know from, "
                "do we have at, do i know at"
            ),
        ),
    )
)


_SUMS = Phrases.of(
    "total pipeline, total value, total amount, sum of, the sum of, average, the average, avg, mean, median, win rate, our win rate, "
    "the win rate, conversion rate, total revenue, how much revenue, forecast, our forecast, the forecast, growth, "
    "how much pipeline, total deal value, total open pipeline, revenue by, pipeline by, deals by, deals per, total pipeline value"
)


def read_sum(clause: Clause) -> Puzzled | None:
    """Sums, averages and rates, which lists cannot give."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    at = clause.skip(start if set(verbs) & {Verb.SHOW, Verb.ASK} else 0, "is", "the", "our", "my", "me")
    if not (clause.length(_SUMS, at) or clause.length(_SUMS, 0)):
        return None
    return Puzzled("I can list and count records, but not yet add up, average or compare them.", clause.said())


def read_list(clause: Clause) -> ListOf | Puzzled | None:
    """The list or count a clause asks for; None when it asks for none."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    counting = Verb.COUNT in verbs
    if verbs and not set(verbs) & {Verb.SHOW, Verb.COUNT, Verb.ASK}:
        start = 0
        if not _looks_listed(clause):
            return None
    if clause.starts(0, "all") or clause.word(0) == "any":
        start = 1
    noun = _noun(clause, start, counting=counting, asking=bool(set(verbs) & {Verb.SHOW, Verb.ASK}))
    if noun is None:
        return _implied(clause, start, counting=counting)
    word, at, end = noun
    return _read(clause, word, (start, at), end, counting=counting)


_LOOKS_LISTED_WORDS = word_set("open won lost new closed overdue done completed finished due first next task tasks")


def _looks_listed(clause: Clause) -> bool:
    """Whether a clause that opens like a command is a list all the same ("open deals", "won deals since October")."""
    return clause.word(0) in _LOOKS_LISTED_WORDS


def _noun(clause: Clause, start: int, *, counting: bool, asking: bool) -> tuple[KindWord, int, int] | None:
    """The word for the records asked for: a plural, or a singular that a superlative makes one of many."""
    for at in range(start, len(clause)):
        if clause.shape(at) is Shape.QUOTE or (hit := kind_at(clause.tokens, at)) is None:
            continue
        last = clause.word(hit[1] - 1)
        plural = (last.endswith("s") and not last.endswith("ss")) or last in ("people", "persons") or counting
        ranked = any(clause.starts(i, *_NEWEST) for i in range(start, at))
        named = (
            at > start
            and clause.tokens[at].is_capitalised
            and clause.tokens[at - 1].is_capitalised
            and at + 1 == len(clause)
        )
        placed = (
            asking and hit[0].kinds == ("contact",) and clause.word(hit[1]) in ("at", "for", "from") and at <= start + 2
        )
        if (plural or ranked or placed) and not named and clause.word(hit[1]) != "'s":
            return hit[0], at, hit[1]
        return None
    return None


def _read(clause: Clause, word: KindWord, before: tuple[int, int], end: int, *, counting: bool) -> ListOf | Puzzled:
    found = Gathered(word.kinds, is_dated=any(clause.when(i) for i in range(len(clause))))
    for column, value in word.where:
        found.add(column, "=", value, value)
    possessive = next((i for i in range(before[0], before[1]) if clause.shape(i) is Shape.POSSESSIVE), None)
    start = before[0]
    if possessive is not None:
        owner = clause.cut(clause.skip(start, "the", "all", "of"), possessive)
        whose(name_mention(owner, found), found)
        start = possessive + 1
    gather(clause.cut(start, before[1]), found, before_kind=True)
    gather(clause.cut(end), found)
    noun = clause.said(end - 1, end) if not word.where else clause.said(before[1], end)
    return _finished(found, noun, counting=counting, single=_is_single(clause, before, end))


def _is_single(clause: Clause, before: tuple[int, int], end: int) -> bool:
    last = clause.word(end - 1)
    return not last.endswith("s") and last != "people" and any(clause.starts(i, *_NEWEST) for i in range(*before))


def _implied(clause: Clause, start: int, *, counting: bool) -> ListOf | Puzzled | None:
    """Lists that name no kind: "what's overdue", "my pipeline", "who works at Acme", "what is closing this month"."""
    for at in range(start, min(len(clause), start + 5)):
        hit = clause.at(_IMPLIED, at)
        if hit is None:
            continue
        (word, mode), end = hit
        found = Gathered(word.kinds)
        if mode == "open":
            found.add("is_open", "=", "true", "open")
        rest = clause.cut(end) if mode == "open" else clause.cut(at)
        if mode == "at":
            rest = clause.cut(end - 1)
        gather(clause.cut(start, at), found, before_kind=False)
        gather(rest, found)
        if found.kind == "task" and not found.has("is_open", "status"):
            found.add("is_open", "=", "true", "open")
        if found.not_understood or not found.conditions:
            return None
        return _finished(found, word.kinds[0], counting=counting, single=False)
    return None


def _finished(found: Gathered, noun: str, *, counting: bool, single: bool) -> ListOf | Puzzled:
    if found.not_understood:
        told = ", ".join(c.said for c in found.conditions if c.said) or "all of them"
        missing = " ".join(found.not_understood)
        return Puzzled(
            f'I do not know what "{missing}" means there.', f"a list of {found.kind.replace('_', ' ')} records ({told})"
        )
    return ListOf(
        found.kinds,
        noun,
        tuple(found.conditions),
        found.order_by,
        1 if single and not found.limit else found.limit,
        counting,
        found.remark,
    )
