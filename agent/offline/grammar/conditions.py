"""Conditions of a list: "open", "over 50k", "closing this month", "owned by me", "at Acme", "without a phone"."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agent.offline.clause import Clause
from agent.offline.form import Condition, Mention
from agent.offline.grammar.mentions import mention_of, name_in
from agent.offline.lexicon.fields import field_at, fields_of
from agent.offline.lexicon.kinds import COMPANIES, LEADS, kind_at, label_column, owner_column
from agent.offline.lexicon.phrases import Phrases
from agent.offline.lexicon.places import ADJECTIVES, countries
from agent.offline.lexicon.statuses import choice_at, outcome_of, status_at
from agent.offline.text import Shape
from agent.offline.typos import mended
from agent.offline.values.calendar import When
from agent.offline.words import word_set
from schema.fields import FieldType
from schema.kinds import KINDS, STATUSES


@dataclass(slots=True)
class Gathered:
    """What a list's words came to so far."""

    kinds: tuple[str, ...]
    conditions: list[Condition] = field(default_factory=list[Condition])
    order_by: str | None = None
    limit: int | None = None
    remark: str = ""
    dated_by: str | None = None
    """Column that a date without a word of its own is about."""
    is_dated: bool = False
    """Whether the list's words hold a date at all."""
    not_understood: list[str] = field(default_factory=list[str])

    @property
    def kind(self) -> str:
        return self.kinds[0]

    def add(self, column: str, op: str, value: str | Mention, said: str) -> None:
        self.conditions.append(Condition(column, op, value, said))

    def has(self, *columns: str) -> bool:
        return any(condition.column in columns for condition in self.conditions)


COMPARISONS: Phrases[str] = Phrases.grouped(
    (
        (
            ">",
            "over, above, more than, greater than, bigger than, larger than, higher than, exceeding, >, north of, in excess of, upwards of, worth more than, worth over, bigger, beyond, is over, is above",
        ),
        (">=", "at least, no less than, from, minimum, min, > =, starting at, not less than, or more"),
        (
            "<",
            "under, below, less than, smaller than, lower than, <, fewer than, worth less than, worth under, is under, is below",
        ),
        ("<=", "at most, up to, no more than, maximum, max, < =, not more than"),
        ("=", "exactly, equal to, equals, of exactly, worth exactly, of, =, is, worth"),
    )
)
DATE_WORDS: Phrases[str] = Phrases.grouped(
    (
        (
            "close",
            "closing, close, closes, expected to close, due to close, that close, that closes, that are closing, set to close, with a close date, with close date, expected, to close",
        ),
        ("due", "due, falling due, with a deadline, with due date, with a due date, deadline"),
        (
            "created",
            "created, added, new, made, entered, opened, registered, since creation, logged, written, that came in, came in, we added, i created, we created, i added, i wrote",
        ),
        ("changed", "updated, changed, modified, edited, touched, last updated, last changed"),
        (
            "closed",
            "closed, won, lost, that closed, we closed, that were closed, signed, that we won, that we lost, we won, we lost, i won, i lost, i closed",
        ),
        ("done", "completed, done, finished, that were completed, i finished, i completed"),
        ("started", "starting, start, beginning, that start"),
        ("happened", "that happened, happened, held, that took place, from, dated, sent, received"),
    )
)
_DATE_COLUMNS: dict[str, tuple[str, ...]] = {
    "close": ("expected_close_date", "due_at"), "due": ("due_at", "expected_close_date"), "created": ("created_at",),
    "changed": ("updated_at",), "closed": ("closed_at", "completed_at"), "done": ("completed_at", "closed_at"),
    "started": ("start_date",), "happened": ("occurred_at", "created_at"),
}  # fmt: skip
_DEFAULT_DATE = {
    "opportunity": "expected_close_date",
    "task": "due_at",
    "interaction": "occurred_at",
    "job": "start_date",
}
_BOUNDS: Phrases[str] = Phrases.grouped(
    (
        ("since", "since, from, starting, as of, on or after, after and including"),
        ("after", "after, later than, past, beyond"),
        ("before", "before, earlier than, prior to, older than, ahead of"),
        ("by", "by, until, up to, till, through, no later than, on or before, not later than, by the"),
        (
            "in",
            "in, on, during, within, for, this, at, over, throughout, of, dated, in the, over the, during the, within the, for the",
        ),
    )
)
_FILLERS = word_set(
    "the a an that which who are is were was have has had been be all every of our we currently there "
    "records record ones those these any do does did please right now still yet , . ? ! and also i me us "
    "total existing present our in crm system database list listed whose us for exactly ever so far to "
    "anything everything with"
)
_OWNING = (
    "owned by",
    "belonging to",
    "assigned to",
    "managed by",
    "run by",
    "handled by",
    "looked after by",
    "led by",
    "by owner",
    "of owner",
    "owner is",
    "owner =",
    "with owner",
    "held by",
    "owner",
    "assignee",
    "assignee is",
    "whose owner is",
)


def gather(clause: Clause, found: Gathered, *, before_kind: bool = False) -> None:
    """Reads every condition of a clause into `found`; what is none of them goes to `not_understood`."""
    at = 0
    unknown: list[int] = []
    while at < len(clause):
        after = next((end for rule in _RULES if (end := rule(clause, at, found))), None)
        if after is not None:
            at = after
            continue
        if clause.word(at) not in _FILLERS:
            unknown.append(at)
        at += 1
    _settle(clause, unknown, found, before_kind=before_kind)


def _settle(clause: Clause, unknown: list[int], found: Gathered, *, before_kind: bool) -> None:
    """Words left over before the kind are a name ("Acme deals") when they stand together and look like one."""
    if not unknown:
        return
    together = unknown[-1] - unknown[0] < len(unknown) + 1
    part = clause.cut(unknown[0], unknown[-1] + 1)
    if before_kind and together and any(t.is_capitalised or t.shape is Shape.QUOTE for t in part.tokens):
        _about(name_mention(part, found), found)
        return
    if (
        before_kind
        and together
        and len(unknown) <= 2
        and "industry" in fields_of(found.kind)
        and all(t.word.isalpha() and len(t.word) > 3 for t in part.tokens)
        and mended(part) is None
    ):
        found.add("industry", "~", part.said(), f"in {part.said()}")
        return
    found.not_understood.extend(clause.said(at, at + 1) or clause.word(at) for at in unknown)


def name_mention(part: Clause, found: Gathered) -> Mention:
    kinds = COMPANIES if found.kind in (*LEADS, "contact", "individual", "account") else ()
    return Mention(name_in(part), kinds, as_said=part.said())


def _about(mention: Mention, found: Gathered) -> None:
    """The condition that a record has to do with another: its account, or what it is about."""
    if mention.refers == "me":
        column = owner_column(found.kind) or "created_by"
        found.add(column, "=", mention, "yours")
    elif "account_id" in fields_of(found.kind) and found.kind != "interaction":
        found.add("account_id", "=", mention, f"of {mention.spoken}")
    elif found.kind == "account":
        found.add("name", "~", mention.text, f"named {mention.spoken}")
    elif "about_id" in fields_of(found.kind):
        found.add("about_id", "=", mention, f"about {mention.spoken}")
    else:
        found.add(label_column(found.kind), "~", mention.text, f"named {mention.spoken}")


def whose(mention: Mention, found: Gathered) -> None:
    """The condition that a record is somebody's: a user owns it, or it belongs to another record."""
    found.add(
        "whose",
        "=",
        Mention(mention.text, ("user", "account", "contact"), mention.refers, mention.at, as_said=mention.as_said),
        f"of {mention.spoken}",
    )


_LIMIT_WORDS = word_set("top first bottom last latest newest biggest largest next best oldest smallest")


def _limit(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "top 5", "first ten", "last 3", "5 biggest"."""
    word = clause.word(at)
    if word in _LIMIT_WORDS and (hit := clause.number(at + 1)):
        if hit[0].whole is None or hit[0].looks_like_money or clause.when(at):
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
    "top": ("-size"), "biggest": "-size", "largest": "-size", "highest": "-size", "best": "-size", "smallest": "size", "lowest": "size",
    "bottom": "size", "most valuable": "-size", "last": "-date", "latest": "-date", "newest": "-date", "most recent": "-date",
    "recent": "-date", "oldest": "date", "earliest": "date", "next": "date", "upcoming": "date", "first": "", "recently": "-date", "soonest": "date",
}  # fmt: skip
_SIZES = ("amount", "annual_revenue", "salary_max", "revenue_share", "employee_count")


def _order_by_word(word: str, found: Gathered) -> None:
    order = _ORDERS.get(word, "")
    if not order:
        return
    own = fields_of(found.kind)
    if order.endswith("size"):
        column = next((name for name in _SIZES if name in own), None)
    elif found.kind in ("interaction", "task"):
        column = _DEFAULT_DATE[found.kind] if word != "newest" or found.kind == "interaction" else "created_at"
    else:
        column = "created_at"
    if column:
        found.order_by = f"{column} {'desc' if order.startswith('-') else 'asc'}"


_ORDER_SAID = Phrases.of("recently added, recently created, newly added, newly created, recently logged")


_ORDER_SAID_2 = Phrases.of("sorted by, ordered by, order by, sort by, ranked by, by")


_ORDER_SAID_3 = Phrases.of(
    "descending, desc, highest first, largest first, newest first, latest first, biggest first, high to low"
)


_ORDER_SAID_4 = Phrases.of(
    "ascending, asc, lowest first, smallest first, oldest first, earliest first, low to high, soonest first, first"
)


def _order(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "sorted by amount", "biggest", "most recent", "by value" after a top n; "new" and "recently added"."""
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
    hit = field_at(clause.tokens, at + length, (found.kind,)) if length and at + length < len(clause) else None
    if hit is None:
        return None
    direction = "desc" if hit[0].type in (FieldType.MONEY, FieldType.PERCENT, FieldType.INTEGER) else "asc"
    end = hit[1]
    if turned := clause.length(_ORDER_SAID_3, end):
        direction, end = "desc", end + turned
    elif turned := clause.length(_ORDER_SAID_4, end):
        direction, end = "asc", end + turned
    found.order_by = f"{hit[0].name} {direction}"
    return end


_MINE_SAID = Phrases.of(
    "my, mine, my own, of mine, i own, i have, owned by me, assigned to me, for me, i am working on, "
    "on my plate, i look after, i manage, belonging to me, that i own, i've got, i am responsible for, "
    "do i have, do i own, am i working on, have i got, i need to do, on my list, in my name, i must do, "
    "i have to do, did i"
)


def _mine(clause: Clause, at: int, found: Gathered) -> int | None:
    length = clause.length(_MINE_SAID, at)
    column = owner_column(found.kind)
    if not length or column is None:
        return at + length if length and found.kind in ("contact", "organization", "individual", "user") else None
    if not found.has(column):
        found.add(column, "=", Mention("me", ("user",), "me"), "yours")
    return at + length


_DOES_HAVE_SAID = Phrases.of("have, own, manage, working on, got, handle, look after, responsible for, own right now")


def _does_have(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "does Sofia Rossi have", "is Ben working on", "has Ana got": whose they are, as a question asks it."""
    if (
        clause.word(at) not in ("does", "do", "has", "is", "did")
        or at + 1 >= len(clause)
        or not clause.tokens[at + 1].is_capitalised
    ):
        return None
    for end in range(at + 2, len(clause) + 1):
        length = clause.length(_DOES_HAVE_SAID, end)
        if length:
            mention = mention_of(clause.cut(at + 1, end), ())
            if mention is None:
                return None
            whose(mention, found)
            return end + length
    return None


_UNOWNED_SAID = Phrases.of(
    "unassigned, unowned, without an owner, without owner, with no owner, no owner, nobody owns, "
    "not assigned, not assigned to anyone, assigned to nobody, assigned to no one, without an assignee, "
    "with no assignee, without assignee"
)


def _unowned(clause: Clause, at: int, found: Gathered) -> int | None:
    column = owner_column(found.kind)
    length = clause.length(_UNOWNED_SAID, at)
    if not length or column is None:
        return None
    found.add(column, "is", "null", "without an owner")
    return at + length


def _owned(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "owned by Ben", "assigned to Ana"."""
    length = clause.starts(at, *_OWNING)
    column = owner_column(found.kind)
    if not length or column is None:
        return None
    end = name_end(clause, at + length, found)
    mention = mention_of(clause.cut(at + length, end), ("user",))
    if mention is None:
        return None
    found.add(column, "=", mention, f"of {mention.spoken}")
    return end


_OUTCOME_SAID = Phrases.of(
    "open, active, still open, live, outstanding, ongoing, pending, unfinished, in the pipeline, "
    "in pipeline, in play, current, incomplete, not done, not closed, undone, left"
)


def _outcome(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "open", "won", "lost", "closed": outcomes of leads and tasks."""
    if found.kind not in (*LEADS, "task") or clause.when(at):
        return None
    length = clause.length(_OUTCOME_SAID, at)
    if length:
        if not found.has("is_open"):
            found.add("is_open", "=", "true", "open")
        return at + length
    if found.kind == "task":
        return None
    for words, column, said in (
        (
            (
                "won",
                "closed won",
                "closed-won",
                "we won",
                "we have won",
                "that we won",
                "successful",
                "signed",
                "did we win",
                "have we won",
                "win",
            ),
            "is_won",
            "won",
        ),
        (
            ("lost", "closed lost", "closed-lost", "we lost", "that we lost", "did we lose", "have we lost", "lose"),
            "is_lost",
            "lost",
        ),
    ):
        if length := clause.starts(at, *words):
            found.add(column, "=", "true", said)
            found.dated_by = "closed_at"
            return at + length
    return _closed(clause, at, found)


_CLOSED_SAID = Phrases.of("closed, we closed, that closed, did we close, have we closed")


def _closed(clause: Clause, at: int, found: Gathered) -> int | None:
    if not (length := clause.length(_CLOSED_SAID, at)):
        return None
    found.add("is_won", "=", "true", "won")
    found.dated_by = "closed_at"
    found.remark = "I counted the won ones as closed; lost ones are left out."
    return at + length


_OVERDUE_SAID = Phrases.of(
    "overdue, late, past due, past their due date, past the due date, past its due date, behind schedule, "
    "past their close date, past the close date, past their deadline, that are late, delayed, slipped"
)


def _overdue(clause: Clause, at: int, found: Gathered) -> int | None:
    length = clause.length(_OVERDUE_SAID, at)
    if not length or found.kind not in ("task", "opportunity"):
        return None
    now = clause.clock.now
    if found.kind == "task":
        found.add("due_at", "<", now.isoformat(), "overdue")
    else:
        found.add("expected_close_date", "<", now.date().isoformat(), "past their close date")
    if not found.has("is_open"):
        found.add("is_open", "=", "true", "open")
    return at + length


_STATUS_SKIPPED = word_set("in at the stage status with is are = in as marked phase whose")


def _status(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in negotiation", "at proposal stage", "done", "in proposal or negotiation", "not qualified"."""
    column = KINDS[found.kind].status_field if found.kind in KINDS else None
    if column is None:
        return None
    start = clause.skip(at, *_STATUS_SKIPPED)
    negated = clause.word(start) in ("not", "isn't", "aren't")
    hit = status_at(clause.tokens, start + negated, found.kind)
    if hit is None or (
        hit[0] == "new" and clause.word(start) == "new" and (start == at and found.kind != "opportunity")
    ):
        return None
    statuses, end = [hit[0]], clause.skip(hit[1], "stage", "status", "phase")
    while clause.word(end) in ("or", "and", ",") and (
        more := status_at(clause.tokens, clause.skip(end + 1, "or", "in", "the"), found.kind)
    ):
        statuses.append(more[0])
        end = clause.skip(more[1], "stage", "status", "phase")
    said = (" or ".join(statuses)).replace("_", " ")
    if negated or len(statuses) > 1:
        others = [status for status, _ in STATUSES[found.kind] if status not in statuses] if negated else statuses
        found.add(column, "in", ", ".join(others), f"{'not ' if negated else ''}{said}")
    else:
        found.add(column, "=", statuses[0], said)
        if found.kind in LEADS and outcome_of(found.kind, statuses[0]) != "open":
            found.dated_by = "closed_at"
        elif found.kind == "task" and statuses[0] in ("done", "cancelled"):
            found.dated_by = "completed_at"
    return end


def _choices(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "enterprise", "high priority", "inbound"; several joined by "or"."""
    for own in fields_of(found.kind).values():
        hit = (
            choice_at(clause.tokens, clause.skip(at, "with", "in", "the", "of") if own.choices else at, own)
            if own.choices
            else None
        )
        if hit is None or (found.kind == "interaction" and own.name == "kind"):
            continue
        if own.name == "tier" and clause.word(at) in ("large", "small", "medium") and found.kind != "account":
            continue
        chosen, end = [hit[0]], clause.skip(hit[1], own.name, "prio", "tier", "segment")
        while clause.word(end) in ("or", "and", ",") and (
            more := choice_at(clause.tokens, clause.skip(end + 1, "or"), own)
        ):
            chosen.append(more[0])
            end = clause.skip(more[1], own.name, "prio", "tier")
        said = " or ".join(chosen).replace("_", " ") + (f" {own.name}" if own.name == "priority" else "")
        found.add(own.name, "in" if len(chosen) > 1 else "=", ", ".join(chosen), said)
        return end
    return None


_AMOUNT_SAID = Phrases.of("or more, and up, or above, or higher, plus, +, and above, and more")


_AMOUNT_SAID_2 = Phrases.of("or less, and below, or under, or lower, or below")


def _amount(clause: Clause, at: int, found: Gathered) -> int | None:
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


def _dated(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "closing this month", "due by Friday", "created since October", "won last quarter", "between 1 and 15 March"."""
    start, column, past = at, found.dated_by, found.dated_by in ("closed_at", "completed_at")
    worded = clause.at(DATE_WORDS, at)
    if worded:
        own = fields_of(found.kind)
        column = next((name for name in _DATE_COLUMNS[worded[0]] if name in own), None)
        start, past = worded[1], worded[0] not in ("close", "due", "started")
    column = column or _DEFAULT_DATE.get(found.kind, "created_at")
    past = past or column in ("created_at", "updated_at", "occurred_at", "closed_at", "completed_at")
    if clause.word(start) in ("between", "from") and (ranged := _range(clause, start, column, past, found)):
        return ranged
    bound = clause.at(_BOUNDS, start)
    read = clause.when(start)
    how, end = ("in", start) if read else (bound or ("in", start))
    read = read or clause.when(clause.skip(end, "the") if not clause.when(end) else end)
    if read is None:
        return None
    when, after = read
    how = {"in": "in"}.get(how, how)
    add_dates(found, column, how, when.past if past else when)
    if worded and worded[0] == "closed" and not found.has("is_won", "is_lost"):
        _closing_words(clause, at, worded[1], found)
    return after


def _closing_words(clause: Clause, at: int, end: int, found: Gathered) -> None:
    said = " ".join(clause.words(at, end - at))
    lost = "lost" in said
    found.add("is_lost" if lost else "is_won", "=", "true", "lost" if lost else "won")
    if "closed" in said:
        found.remark = "I counted the won ones as closed; lost ones are left out."


def _range(clause: Clause, start: int, column: str, past: bool, found: Gathered) -> int | None:
    first = clause.when(start + 1)
    if first is None or clause.word(first[1]) not in ("and", "to", "until", "till", "-", "through"):
        return None
    second = clause.when(first[1] + 1)
    if second is None:
        return None
    low, high = (first[0].past, second[0].past) if past else (first[0], second[0])
    add_dates(found, column, "since", low)
    add_dates(found, column, "by", high)
    return second[1]


def add_dates(found: Gathered, column: str, how: str, when: When) -> None:
    """The bounds of a time as conditions, on dates by day and on moments by instant."""
    is_date = fields_of(found.kind)[column].type is FieldType.DATE
    name = column.removesuffix("_at").replace("_", " ")
    first = when.day.isoformat() if is_date else when.start.isoformat()
    after = when.last_day.isoformat() if is_date else when.end.isoformat()
    below, beyond = ("<=", ">") if is_date else ("<", ">=")
    if how in ("in", "since"):
        found.add(column, ">=", first, f"{name} {'since' if how == 'since' else 'in'} {when.said}")
    if how in ("in", "by"):
        found.add(column, below, after, "" if how == "in" else f"{name} by {when.said}")
    if how == "before":
        found.add(column, "<", first, f"{name} before {when.said}")
    if how == "after":
        found.add(column, beyond, after, f"{name} after {when.said}")


_PLACE_SAID = Phrases.of(
    "in, from, based in, located in, headquartered in, in the, that are in, who are in, country is, "
    "country =, country, with country, with headquarters in, out of"
)


def _place(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in Germany", "based in Berlin", "from France", "German"."""
    if found.kinds == ("contact",) and not found.conditions:
        as_people = Gathered(("individual",))
        if (end := _place(clause, at, as_people)) is not None:
            found.kinds, found.conditions = as_people.kinds, as_people.conditions
        return end
    own = fields_of(found.kind)
    if clause.word(at) in ADJECTIVES and "country" in own:
        found.add("country", "=", ADJECTIVES[clause.word(at)], f"in {ADJECTIVES[clause.word(at)]}")
        return at + 1
    length = clause.length(_PLACE_SAID, at)
    if not length or clause.when(at + length) or clause.when(at):
        return None
    country = clause.at(countries(), at + length) or (
        clause.at(countries(), at + length + 1) if clause.word(at + length) == "the" else None
    )
    if country:
        if "country" not in own:
            return None
        found.add("country", "=", country[0], f"in {country[0]}")
        return country[1]
    if (
        "city" in own
        and clause.word(at + length - 1) == "in"
        and clause.tokens[at + length : at + length + 1]
        and clause.tokens[at + length].is_capitalised
    ):
        end = name_end(clause, at + length, found)
        found.add("city", "~", clause.said(at + length, end), f"in {clause.said(at + length, end)}")
        return end
    return None


_INDUSTRY_SAID = Phrases.of(
    "in the, in, from the, within the, industry, industry is, industry =, sector, with industry, "
    "working in, active in, operating in"
)


_INDUSTRY_WORDS = word_set(
    "industry sector space business , with over above in owned that who ? . from without and since created"
)


def _industry(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "in the software industry", "in finance", "from the retail sector", "industry is energy"."""
    if "industry" not in fields_of(found.kind):
        return None
    length = clause.length(_INDUSTRY_SAID, at)
    if not length or clause.when(at) or at + length >= len(clause):
        return None
    end = at + length
    while end < len(clause) and clause.word(end) not in _INDUSTRY_WORDS:
        end += 1
    named = clause.said(at + length, end)
    if not named or end - at - length > 3:
        return None
    found.add("industry", "~", named, f"in {named}")
    return clause.skip(end, "industry", "sector", "space", "business")


_LACKING_SAID = Phrases.of(
    "without, with no, missing, lacking, that have no, have no, who have no, having no, that lack, no, "
    "without any, with missing, has no, do not have, don't have, that don't have"
)


_LACKING_SAID_2 = Phrases.of("with, that have, who have, having, have")


def _lacking(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "without a phone", "with no email", "missing an owner", "that have an e-mail"."""
    without = clause.length(_LACKING_SAID, at)
    having = 0 if without else clause.length(_LACKING_SAID_2, at)
    length = without or having
    if not length:
        return None
    start = clause.skip(at + length, "a", "an", "any", "known", "the")
    hit = field_at(clause.tokens, start, (found.kind,)) if start < len(clause) else None
    if hit is None or hit[0].name in ("tags", "participants"):
        return None
    end = clause.skip(hit[1], "set", "known", "on", "file", "given")
    if having and (end < len(clause) and clause.word(end) not in (",", "and", "?", ".", "in", "at")):
        return None
    found.add(
        hit[0].name,
        "is",
        "null" if without else "not null",
        f"{'without' if without else 'with'} {hit[0].name.removesuffix('_id').replace('_', ' ')}",
    )
    return end


_CALLED_SAID = Phrases.of(
    "called, named, titled, containing, with the name, with name, whose name contains, whose name is, "
    "that contain, whose title contains, with the title, name contains, matching, like, by the name of, "
    "name like, with surname, whose last name is, with the last name, with last name, with the surname, "
    "whose surname is"
)


def _called(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "called Smith", "named Acme", "whose name contains data", "mentioning pricing"."""
    length = clause.length(_CALLED_SAID, at)
    if not length or at + length >= len(clause):
        return None
    end = name_end(clause, at + length, found)
    column = label_column(found.kind)
    name = name_in(clause.cut(at + length, end))
    found.add(column, "~", name, f"named {name}")
    return end


_TAGGED_SAID = Phrases.of(
    "tagged, tagged as, tagged with, with the tag, with tag, labelled, labeled, with the label, "
    "having the tag, that are tagged, labelled as"
)


def _tagged(clause: Clause, at: int, found: Gathered) -> int | None:
    if clause.shape(at) is Shape.TAG:
        found.add("tags", "=", clause.tokens[at].word.lstrip("#"), f"tagged {clause.word(at)}")
        return at + 1
    length = clause.length(_TAGGED_SAID, at)
    if not length or at + length >= len(clause):
        return None
    end = name_end(clause, at + length, found)
    tag = name_in(clause.cut(at + length, end)).lower().lstrip("#")
    found.add("tags", "=", tag, f"tagged {tag}")
    return end


_FIELD_IS_SAID = Phrases.of("is, contains, =, :, like, of, containing, equals, includes")


def _field_is(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "department sales", "title contains director", "source is referral", "department = IT"."""
    start = clause.skip(at, "with", "whose", "where", "the", "a", "an")
    hit = field_at(clause.tokens, start, (found.kind,)) if start < len(clause) else None
    if hit is None or hit[0].type is not FieldType.TEXT:
        return None
    length = clause.length(_FIELD_IS_SAID, hit[1])
    if hit[1] + length >= len(clause):
        return None
    end = name_end(clause, hit[1] + length, found)
    text = name_in(clause.cut(hit[1] + length, end))
    if not text:
        return None
    found.add(hit[0].name, "~", text, f"{hit[0].name.replace('_', ' ')} {text}")
    return end


_WITH_RECORD_SAID = Phrases.of(
    "at, for, with, of, from, about, on, regarding, to, related to, linked to, belonging to, concerning, "
    "by, in, involving, written by, attached to, under, around"
)


def _with_record(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "at Acme", "for Globex", "with Maria Lopez", "about the Acme renewal", "by Ben"."""
    length = clause.length(_WITH_RECORD_SAID, at)
    if not length or at + length >= len(clause) or clause.when(at + length):
        return None
    end = name_end(clause, at + length, found)
    part = clause.cut(at + length, end)
    said = clause.words(at, length)
    column = owner_column(found.kind)
    if said[-1] == "by" and column:
        mention = mention_of(part, ("user",))
        if mention:
            found.add(column, "=", mention, f"by {mention.spoken}")
        return end if mention else None
    if said == ("in",) and not any(t.is_capitalised for t in part.tokens):
        return None
    mention = mention_of(part, name_mention(part, found).kinds)
    plural = kind_at(part.tokens, 0)
    if mention is None or (
        plural and plural[1] == 1 and part.word(0).endswith("s") and not part.tokens[0].is_capitalised
    ):
        return None
    if said[-1] in ("for", "of") and column and mention.refers == "name" and not mention.kinds[2:]:
        whose(mention, found)
        return end
    _about(mention, found)
    return end


_NAME_END_SAID = Phrases.of("owned by, assigned to, in the, at, from, by, worth")


_NAME_END_WORDS = word_set(", ? ! ; that which who with without whose where and or sorted ordered please in")


def name_end(clause: Clause, start: int, found: Gathered) -> int:
    """Where a name that starts here ends: before the next condition, or a word no name goes on with."""
    at = start + 1
    while at < len(clause):
        token = clause.tokens[at]
        if token.word in _NAME_END_WORDS and not (token.word == "and" and _goes_on(clause, at)):
            break
        if not token.is_capitalised and (
            clause.at(DATE_WORDS, at)
            or clause.when(at)
            or (clause.at(_BOUNDS, at) and clause.when(at + 1))
            or clause.at(COMPARISONS, at)
        ):
            break
        if token.is_capitalised and clause.when(at) and not clause.tokens[at - 1].is_capitalised:
            break
        if clause.length(_NAME_END_SAID, at):
            break
        at += 1
    return at


def _goes_on(clause: Clause, at: int) -> bool:
    """Whether "and" stands inside a name ("Johnson and Sons")."""
    return (
        at + 1 < len(clause)
        and clause.tokens[at + 1].is_capitalised
        and clause.tokens[at - 1].is_capitalised
        and not kind_at(clause.tokens, at + 1)
    )


_RULES: tuple[Callable[[Clause, int, Gathered], int | None], ...] = (
    _limit, _order, _unowned, _mine, _does_have, _owned, _overdue, _amount, _lacking, _tagged, _called, _dated, _outcome, _status, _choices,
    _place, _industry, _field_is, _with_record,
)  # fmt: skip
