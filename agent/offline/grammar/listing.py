"""Lists and counts: "open deals over 50k closing this month", "how many tasks are overdue", "top 5 opportunities"."""

from agent.offline.clause import Clause
from agent.offline.form import Analysis, Condition, ListOf, Measure, Mention, Puzzled
from agent.offline.grammar.conditions import gather
from agent.offline.grammar.conditions.features import read_tagged
from agent.offline.grammar.conditions.gathered import Gathered, name_mention, whose
from agent.offline.grammar.mentions import mention_of
from agent.offline.lexicon.kinds import EVERY_KIND, KindWord, kind_at
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set
from schema.kinds import KINDS

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
                "closing, closes, due to close, supposed to close, expected to close, set to close, slated to close, "
                "did we win, did we lose, have we won, have we lost, did i win, did i lose, "
                "did we close, have we closed, in negotiation, in the pipeline"
            ),
        ),
        (
            (KindWord(("interaction",), (("kind", "meeting"),)), "met"),
            "did i meet, did we meet, have i met, have we met, did i see, did i visit, did we visit",
        ),
        (
            (KindWord(("interaction",), (("kind", "call"),)), "met"),
            "did i call, did we call, have i called, have we called, did i phone",
        ),
        (
            (KindWord(("interaction",)), "met"),
            (
                "did i talk to, did we talk to, did i speak to, did we speak to, did i speak with, did we speak with, did i talk with, "
                "did we talk with, have we talked to, have i talked to, have we spoken to, have i spoken to, have we spoken with, "
                "did i contact, did we contact, have we contacted, have i contacted, were we in touch with"
            ),
        ),
        (
            (KindWord(("account",)), ""),
            (
                "haven't we talked to, haven't we spoken to, haven't we spoken with, haven't we contacted, haven't we met, "
                "haven't we called, haven't we heard from, have we not talked to, have we not spoken to, have we not spoken with, "
                "have we not contacted, have we not met, have we not called, have we not heard from, haven't i talked to, "
                "haven't i spoken to, haven't i contacted, has nobody talked to, has nobody contacted, has nobody spoken to"
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


_BEYOND = Phrases.of(
    "average, the average, avg, mean, median, win rate, our win rate, the win rate, conversion rate, forecast, our forecast, "
    "the forecast, growth, revenue by, pipeline by, deals by, deals per, conversion, win ratio, our conversion rate, my win rate, "
    "sales by, sales per, pipeline per, the average deal size, weighted pipeline, quota, my quota, churn, churn rate"
)
_GROUPED = Phrases.of(
    "per owner, per stage, by stage, by owner, per country, by country, per industry, by industry, per month, by month, per quarter, "
    "by quarter, by rep, per rep, per account, by account, per tier, by tier, each stage, each owner, each rep, each month, each country, "
    "each industry, compared to, compared with, versus, vs, than last, per status, by status, per team, "
    "who has the most, who sold the most, "
    "who won the most, who has the fewest, who closed the most"
)
_OF_AMOUNTS: Phrases[str] = grouped(
    (
        (
            "pipeline",
            (
                "total pipeline, total open pipeline, total pipeline value, how much pipeline, the total pipeline, pipeline value, "
                "value of the pipeline, value of our pipeline, value of my pipeline, size of the pipeline, "
                "size of our pipeline, size of my pipeline, "
                "how much is in the pipeline, how much is in our pipeline, how much is in my pipeline, "
                "how much do we have in the pipeline, "
                "how much do i have in the pipeline, how much money is in the pipeline, "
                "how much money is in our pipeline, how big is the pipeline, "
                "how big is our pipeline, how big is my pipeline, how large is the pipeline, how much have we got in the pipeline, "
                "what is in the pipeline worth, how much value is in the pipeline, what is the pipeline worth, what is our pipeline worth, "
                "what is my pipeline worth, how much is the pipeline worth, how much is our pipeline worth, how much is my pipeline worth"
            ),
        ),
        (
            "sold",
            (
                "what did we sell, what have we sold, how much did we sell, how much have we sold, how much did i sell, what did i sell, "
                "how much have i sold, what have i sold, how much did we win, how much have we won, "
                "how much did we close, how much have we closed, "
                "how much did i close, how much did i win, how much money did we make, how much did we make, "
                "how much have we made, total revenue, how much revenue, "
                "how much revenue did we win, how much revenue did we make, how much revenue did we close, "
                "how much revenue have we won, our sales, "
                "what were our sales, what were the sales, what was our revenue, what was the revenue, what are our sales, total sales, "
                "how much business did we win, how much business did we close, our revenue, sales for, revenue for, "
                "won revenue, total won, sales, revenue"
            ),
        ),
        (
            "lost",
            (
                "how much did we lose, how much have we lost, how much did i lose, how much business did we lose, what did we lose, "
                "how much money did we lose, total lost"
            ),
        ),
        (
            "sum",
            (
                "total value of, total amount of, total worth of, the total value of, the total amount of, sum of, "
                "the sum of, total deal value, "
                "sum up, add up, total up, combined value of, the combined value of, total value, total amount, "
                "the value of all, value of all, "
                "how much are, how much is the total of, how much is it all, total of, the total of, value of my, "
                "value of our, worth of, total for, "
                "the value of my, the value of our, the value of the open, how much money is in, "
                "how much is in, how much money do we have in, "
                "how much do we have in, how much do i have in, how much money have we got in"
            ),
        ),
    )
)


ADDED = (Measure("sum", "amount"), Measure("count"), Measure("missing", "amount"))
"""Amounts, how many they are, and how many records have none."""
_UNWORKABLE = (
    "I do not know what is to be worked out there. I can count, add up and average by owner, account, stage, source, "
    "industry, country or month, and tell win rates, sales cycles and forecasts."
)


def read_sum(clause: Clause) -> Analysis | Puzzled | None:
    """Amounts added up: "what did we sell last quarter"; groups and rates that nothing else understood are told as such."""
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    asking = start if set(verbs) & {Verb.SHOW, Verb.ASK, Verb.COUNT} else 0
    for at in sorted({0, asking, clause.skip(asking, "is", "was", "are", "the", "our", "my", "me")}):
        if clause.length(_BEYOND, at):
            return Puzzled(_UNWORKABLE, clause.said())
        hit = clause.at(_OF_AMOUNTS, at)
        if hit and (summed := _amounts(clause, clause.skip(0, "me") if at == 0 else 0, at, hit)):
            return summed
    if _is_grouped(clause) and _speaks_of_records(clause):
        return Puzzled(_UNWORKABLE, clause.said())
    return None


def _is_grouped(clause: Clause) -> bool:
    """Whether groups are asked for; what is "sorted by owner" is a list in that order."""
    ordered = ("sorted", "ordered", "sort", "order")
    return any(clause.length(_GROUPED, i) and clause.word(i - 1) not in ordered for i in range(len(clause)))


def _speaks_of_records(clause: Clause) -> bool:
    return (
        clause.at(VERBS, 0) is None
        or bool(set((clause.at(VERBS, 0) or ((), 0))[0]) & {Verb.SHOW, Verb.COUNT, Verb.ASK})
    ) and any(kind_at(clause.tokens, i) for i in range(len(clause)))


def _amounts(clause: Clause, start: int, at: int, hit: tuple[str, int]) -> Analysis | Puzzled | None:
    """The opportunities whose amounts are wanted, from all the words around the one that asks for a sum."""
    mode, end = hit
    if _is_grouped(clause):
        return Puzzled(_UNWORKABLE, clause.said())
    found = Gathered(("opportunity",), is_dated=True)
    noun = next(((h, i) for i in range(end, len(clause)) if (h := kind_at(clause.tokens, i))), None)
    if noun and noun[0][0].kinds != ("opportunity",):
        return None
    if mode == "sum" and noun is None and "pipeline" not in clause.words(0, len(clause)):
        return None
    if mode == "sold":
        found.add("is_won", "=", "true", "won")
        found.dated_by = "closed_at"
    elif mode == "lost":
        found.add("is_lost", "=", "true", "lost")
        found.dated_by = "closed_at"
    elif mode == "pipeline" or noun is None:
        found.add("is_open", "=", "true", "open")
    if "my" in clause.words(start, end - start) or "i" in clause.words(start, end - start):
        found.add("owner_id", "=", Mention("me", ("user",), "me"), "yours")
    before = clause.cut(end, noun[1]) if noun else clause.cut(end)
    gather(before, found, before_kind=noun is not None)
    if noun:
        gather(clause.cut(noun[0][1]).without_end(*_AFTER_SUM), found)
    else:
        found.not_understood = [
            w for w in found.not_understood if w not in ("pipeline", "worth", "altogether", "deals")
        ]
    if found.not_understood:
        told = _finished(found, "deals", counting=False, single=False)
        return None if mode == "sum" or at or isinstance(told, ListOf) else told
    read = _finished(found, "deals", counting=False, single=False)
    return Analysis(read, ADDED, dated_by=found.dated_by or "created_at") if isinstance(read, ListOf) else read


_AFTER_SUM = word_set("worth altogether combined add sum up ? . in total to")


_ON_PLATE = Phrases.of(
    "plate, to-do list, todo list, to do list, list, agenda, desk, task list, queue, to-dos, todos, backlog, to do"
)


def _on_plate(clause: Clause) -> ListOf | None:
    """ "what is on Sofia's plate"."""
    start = clause.length(Phrases.of("what is on, what's on, show, what is in, what have you got on, show me"), 0)
    at = next((i for i in range(start, len(clause)) if clause.shape(i) is Shape.POSSESSIVE), 0)
    if (
        not start
        or not at
        or (length := clause.length(_ON_PLATE, at + 1)) == 0
        or clause.skip(at + 1 + length, "?", ".", "!") != len(clause)
    ):
        return None
    mention = mention_of(clause.cut(start, at), ("user",))
    if mention is None:
        return None
    open_ = Condition("is_open", "=", "true", "open")
    return ListOf(("task",), "tasks", (Condition("assignee_id", "=", mention, f"of {mention.spoken}"), open_))


_DONE = Phrases.of("do, done, been doing, been up to, get done, been working on, work on")


def _done_by(clause: Clause) -> ListOf | Puzzled | None:
    """ "what did Emily Carter do yesterday": what she had a part in as a colleague."""
    if clause.word(0) != "what" or clause.word(1) not in ("did", "has", "have"):
        return None
    at = next((i for i in range(3, min(len(clause), 7)) if clause.length(_DONE, i)), None)
    mention = mention_of(clause.cut(2, at), ("user",)) if at else None
    if at is None or mention is None:
        return None
    found = Gathered(("interaction",), is_dated=True)
    found.add("user_id", "=", mention, f"of {mention.spoken}")
    gather(clause.cut(at + clause.length(_DONE, at)), found)
    found.remark = "These are calls, e-mails, meetings and chats; ask for completed tasks to see those."
    return _finished(found, "interactions", counting=False, single=False)


_ANYTHING = Phrases.of(
    "records, everything, anything, things, all records, what is, all, who is, what, every record, items, "
    "stuff, all things, who, what else is, any records"
)


def _tagged(clause: Clause, start: int) -> ListOf | None:
    """ "records tagged key-account", "what is tagged reference": of every kind."""
    at = max((start, *(i + clause.length(_ANYTHING, i) for i in (0, start) if clause.length(_ANYTHING, i))))
    found = Gathered(EVERY_KIND)
    end = read_tagged(clause, at, found) if at < len(clause) else None
    if end is None or clause.skip(end, "?", ".", "!") != len(clause):
        return None
    return ListOf(EVERY_KIND, "records", tuple(found.conditions))


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
        return (
            _on_plate(clause)
            or _done_by(clause)
            or _tagged(clause, start)
            or _implied(clause, start, counting=counting)
        )
    word, at, end = noun
    return _read(clause, word, (start, at), end, counting=counting)


_LOOKS_LISTED_WORDS = word_set("open won lost new closed overdue done completed finished due first next task tasks")


def _looks_listed(clause: Clause) -> bool:
    """Whether a clause that opens like a command is a list all the same ("open deals", "won deals since October")."""
    return clause.word(0) in _LOOKS_LISTED_WORDS


_EXISTS = Phrases.of(
    "is there, is there a, is there an, is there any, do we have, do we have a, do we have an, do we have any, have we got, "
    "have we got a, have we got an, do i have, do i have a, do i have an, do i have any, are there"
)


def _noun(clause: Clause, start: int, *, counting: bool, asking: bool) -> tuple[KindWord, int, int] | None:
    """The word for the records asked for: a plural, or a singular that a superlative makes one of many."""
    for at in range(start, len(clause)):
        if clause.shape(at) is Shape.QUOTE or (hit := kind_at(clause.tokens, at)) is None:
            continue
        last = clause.word(hit[1] - 1)
        is_asked = bool(clause.length(_EXISTS, 0)) and clause.word(hit[1]) in (
            "with",
            "at",
            "for",
            "from",
            "in",
            "about",
            "of",
            "on",
        )
        is_every = any(clause.word(i) in ("all", "every", "each", "any") for i in range(start and start - 1, at))
        plural = (
            is_asked
            or is_every
            or (last.endswith("s") and not last.endswith("ss"))
            or last in ("people", "persons")
            or counting
        )
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
    noun = _noun_said(clause, end - 1, end) if not word.where else clause.said(before[1], end)
    return _finished(found, noun, counting=counting, single=_is_single(clause, before, end))


def _noun_said(clause: Clause, start: int, end: int) -> str:
    """The noun as it was said, or as it was mended: a list of "deels" is told as one of deals."""
    said = clause.said(start, end)
    return said if said.lower() == clause.word(start) else clause.word(start)


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
        if mode == "met":
            rest = clause.cut(end)
            for column, value in word.where:
                found.add(column, "=", value, value)
            if "i" in clause.words(at, end - at):
                found.add("user_id", "=", Mention("me", ("user",), "me"), "yours")
        if mode == "at":
            rest = clause.cut(end - 1)
        gather(clause.cut(start, at), found, before_kind=False)
        gather(rest, found)
        if found.kind == "task" and not found.has("is_open", "status"):
            found.add("is_open", "=", "true", "open")
        if found.not_understood or not found.conditions:
            return None
        return _finished(found, KINDS[word.kinds[0]].plural, counting=counting, single=False)
    return None


def _finished(found: Gathered, noun: str, *, counting: bool, single: bool) -> ListOf | Puzzled:
    if found.superlative and not found.order_by:
        found.not_understood.append(found.superlative)
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
