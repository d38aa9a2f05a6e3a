"""News of a record, told with a verb of its own: "Marcus takes over the Yamada account", "the deal slips by a month"."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.offline.clause import Clause
from agent.offline.form import Mention, Shift, Update
from agent.offline.grammar.assignments import Values, named_record
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.outcomes import lost_with_reason
from agent.offline.grammar.values import iso_date
from agent.offline.lexicon.kinds import COMPANIES, LEADS
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.verbs import VERBS
from agent.offline.values.dates import stretch_at
from agent.offline.words import word_set
from schema.kinds import KINDS


@dataclass(frozen=True, slots=True)
class _News:
    """The words on either side of the verb."""

    left: Clause
    right: Clause


Told = Callable[[_News], Update | None]
_OWNED = ("opportunity", "account", "task", "job", "partnership")
_DATES = {"opportunity": "expected_close_date", "task": "due_at", "job": "start_date"}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NO_NEWS = word_set(
    "if when unless who what which whose where why how should could would may might not don't never maybe perhaps"
)
"""Words with which nothing is told for sure."""


_NO_SUBJECT = word_set(
    "that which who all any every deals opportunities tasks accounts contacts customers jobs people records"
)


def read_said_of(clause: Clause) -> Update | None:
    """The change that a piece of news comes to."""
    clause = clause.without_end(".", "!", ",")
    if clause.text.rstrip().endswith("?") or any(token.word in _NO_NEWS for token in clause.tokens[:3]):
        return None
    if mine := _mine(clause) or _filled(clause):
        return mine
    if clause.at(VERBS, 0) and not clause.tokens[0].is_capitalised:
        return None
    for at in range(1, min(len(clause), 9)):
        if clause.word(at - 1) in _NO_SUBJECT:
            return None
        hit = clause.at(_VERBS, at)
        if hit and (found := hit[0](_News(clause.cut(0, at), clause.cut(hit[1])))):
            return found
    return None


def _to_user(record: Clause, user: Mention) -> Update | None:
    mention = named_record(record, ()) if len(record) else None
    kinds = tuple(kind for kind in (mention.kinds or _OWNED if mention else ()) if kind in _OWNED)
    if mention is None or not kinds:
        return None
    by_kind: dict[str, Values] = {kind: {KINDS[kind].owner_field or "owner_id": user} for kind in kinds}
    return Update(mention.among(kinds), by_kind, f"assign to {user.spoken}")


_I_TAKE = Phrases.of(
    "i'll take, i will take, i am taking, i'm taking, let me take, i take, i'll handle, i will handle, i'll look after, "
    "i will look after, i'll do, i'll take over, i am taking over, i'm taking over, i take over"
)


def _mine(clause: Clause) -> Update | None:
    """ "I'll take the task …": only a record that is named as one, for "I'll take a coffee" is none."""
    length = clause.length(_I_TAKE, 0)
    rest = clause.cut(clause.skip(length, "on", "care", "of", "over"))
    mention = named_record(rest, ()) if length and len(rest) > 1 else None
    is_record = mention is not None and bool(mention.kinds) and set(mention.kinds) & set(_OWNED)
    return _to_user(rest, Mention("me", ("user",), "me")) if is_record else None


def _takes_over(news: _News) -> Update | None:
    """ "Marcus Lee takes over the Yamada account from Emily"."""
    user = mention_of(news.left, ("user",)) if news.left.tokens[0].is_capitalised else None
    end = next(news.right.find("from", "now", "for", start=1), len(news.right))
    return _to_user(news.right.cut(0, end), user) if user and user.refers == "name" else None


_FILLED = Phrases.of("we filled, we have filled, we've filled, we just filled, i filled, we could fill")
_WON_IT = Phrases.of("mark it won, mark it as won, set it to won, so it is won, it is won")


def _filled(clause: Clause) -> Update | None:
    """ "we filled the Controller at Globex position, mark it won"."""
    length = clause.length(_FILLED, 0)
    end = next((at for at in clause.find(",", "-", "and", start=length) if clause.length(_WON_IT, at + 1)), len(clause))
    while length and end > length and clause.word(end - 1) in ("position", "job", "role", "vacancy", "post"):
        end -= 1
    part = clause.cut(clause.skip(length, "the", "our"), end)
    text = part.said()
    return Update(Mention(text, ("job",)), {"job": {"status": "won"}}, "mark as won") if length and text else None


def _department(news: _News) -> Update | None:
    """ "Keiko Inoue works in the Sales department"."""
    right = news.right.cut(news.right.skip(0, "the", "our", "their", "now"))
    if right.word(len(right) - 1) not in ("department", "dept", "team") or not 2 <= len(right) <= 4:
        return None
    person, name = _person(news.left), right.said(0, len(right) - 1)
    return Update(person, {"contact": {"department": name}}, f"set department {name}") if person else None


def _promoted(news: _News) -> Update | None:
    """ "Viktor Hansen got promoted, he's CIO now", "… was promoted to CIO"."""
    right = news.right
    start = right.skip(
        0,
        "to",
        ",",
        "-",
        "and",
        "he",
        "she",
        "they",
        "is",
        "are",
        "'s",
        "he's",
        "she's",
        "now",
        "the",
        "new",
        "their",
        "a",
    )
    end = len(right) - (right.word(len(right) - 1) == "now")
    title, person = right.said(start, end) if start and start < end else "", _person(news.left)
    return (
        Update(person, {"contact": {"title": title}}, f"set title {title}")
        if person and 0 < len(title.split()) <= 6
        else None
    )


def _person(part: Clause) -> Mention | None:
    if not len(part) or not (part.tokens[0].is_capitalised or part.word(0) in ("he", "she")):
        return None
    mention = named_record(part, ("contact",))
    return mention if mention and (mention.refers == "focus" or len(mention.text.split()) > 1) else None


def _moved_from(news: _News) -> Update | None:
    """ "Bill Harlow has moved from Initech to Larkfield Health"."""
    to = next(news.right.find("to", start=1), 0)
    person, company = _person(news.left), news.right.cut(to + 1)
    if (
        not to
        or person is None
        or not len(company)
        or not all(t.is_capitalised for t in (news.right.tokens[0], company.tokens[0]))
    ):
        return None
    account = mention_of(company, COMPANIES)
    if account is None or news.right.when(0):
        return None
    values: Values = {"account_id": Mention(account.text, ("account",), as_said=account.spoken)}
    return Update(person, {"contact": values}, f"set account {account.spoken}")


def _grew(news: _News) -> Update | None:
    """ "Zielony Foods grew to 160 employees"."""
    hit = news.right.number(news.right.skip(0, "about", "around", "now"))
    if (
        hit is None
        or hit[0].whole is None
        or news.right.word(hit[1]) not in ("employees", "people", "staff", "employee")
    ):
        return None
    mention = named_record(news.left, ("organization",))
    is_end = news.right.skip(hit[1] + 1, "now", "by", "today", "members") == len(news.right)
    values: Values = {"employee_count": hit[0].whole}
    return Update(mention, {"organization": values}, f"set employees {hit[0].whole}") if mention and is_end else None


def _slips(news: _News) -> Update | None:
    """ "Globex expansion slips by a month"."""
    stretch = stretch_at(news.right.tokens, 0)
    if stretch is None or stretch[2] != len(news.right) or stretch[1] not in (*_DAYS, *_MONTHS):
        return None
    mention = named_record(news.left, ())
    shift = Shift(stretch[0] * _DAYS.get(stretch[1], 0), stretch[0] * _MONTHS.get(stretch[1], 0))
    kinds = tuple(kind for kind in (mention.kinds or tuple(_DATES) if mention else ()) if kind in _DATES)
    by_kind: dict[str, Values] = {kind: {_DATES[kind]: shift} for kind in kinds}
    return Update(mention.among(kinds), by_kind, f"move by {news.right.said()}") if mention and kinds else None


def _closes(news: _News) -> Update | None:
    """ "the Bergmann rollout should close on the last day of February"."""
    when = news.right.when(0) or news.right.when(news.right.skip(0, "the"))
    mention = named_record(news.left, ("opportunity",))
    if when is None or when[1] != len(news.right) or mention is None or "opportunity" not in mention.kinds:
        return None
    values: Values = {"expected_close_date": iso_date(when[0])}
    return Update(mention, {"opportunity": values}, f"move to {news.right.said()}")


def _died(news: _News) -> Update | None:
    """ "Yamada Robotics API access is dead because of the price"."""
    mention = named_record(news.left, LEADS)
    return lost_with_reason(mention, news.right) if mention else None


_VERBS: Phrases[Told] = grouped(
    (
        (
            _takes_over,
            (
                "takes over, is taking over, took over, will take over, has taken over, now owns, now looks after, will look after, "
                "will now look after, now handles, takes on"
            ),
        ),
        (_department, "works in, now works in, is now in, moved to, is in, has moved to, moved into, works for"),
        (
            _promoted,
            "got promoted, was promoted, has been promoted, is promoted, got promoted to, was promoted to, has been promoted to",
        ),
        (_moved_from, "moved from, has moved from, switched from, has switched from, changed from"),
        (
            _grew,
            "grew to, has grown to, shrank to, has shrunk to, now has, is up to, is down to, now employs, grew to about",
        ),
        (
            _slips,
            (
                "slips by, slipped by, is delayed by, was delayed by, is pushed back by, got pushed back by, moves back by, moved back by, "
                "slides by, has slipped by, slips, is late by"
            ),
        ),
        (
            _closes,
            (
                "should close on, should close by, should close in, will close on, will close by, closes on, is going to close on, "
                "is expected to close on, is expected to close by, is supposed to close on, must close by, should close at, will close at, "
                "should now close on, should now close in, will now close on, will now close in"
            ),
        ),
        (_died, "is dead, has died, died, is off the table, is a no, is dead and buried, is dead now"),
    )
)
