"""What sets the last record right, and where people work: "make it Monday instead", "no, negotiation", "add him to Globex"."""

from agent.offline.clause import Clause
from agent.offline.form import Choose, Create, Mention, Update
from agent.offline.grammar.assignments import CHANGEABLE, Values, inferred
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.names import is_name
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.kinds import COMPANIES, kind_at
from agent.offline.lexicon.phrases import Phrases

_LEADS = Phrases.of(
    "no, sorry, no sorry, i meant, i mean, no i meant, no i mean, make it, make that, no make it, no make that, it was, "
    "it is, it should be, that was, should be, should have been, rather, wait, oops, no wait, no it was, it lasted, "
    "change it to, change that to, no change it to, sorry i meant, sorry make it, correction, better"
)


def read_correction(clause: Clause) -> Update | None:
    """A new value for what was last made or changed, without a word of which field it is."""
    at, led = 0, False
    while at < len(clause):
        after = clause.skip(at, ",", ":", "-")
        length = clause.length(_LEADS, after)
        at, led = after + length, led or bool(length)
        if not length:
            break
    end = len(clause)
    while end > at and clause.word(end - 1) in ("instead", "rather", "please", "then", "!", ".", ",", "actually"):
        led, end = led or clause.word(end - 1) == "instead", end - 1
    if not led or at >= end:
        return None
    part = clause.cut(clause.skip(at, "to", "for", "on", "at", "a", "the", "about"), end)
    by_kind = {kind: values for kind in (*CHANGEABLE, "interaction") if len(part) and (values := inferred(part, kind))}
    if not by_kind:
        return None
    return Update(Mention("it", tuple(by_kind), "focus"), by_kind, f"set to {part.said()}", is_correction=True)


_WORKS = Phrases.of(
    "moved to, has moved to, switched to, has switched to, joined, has joined, now works at, now works for, works now at, "
    "works now for, is now at, is now with, changed jobs to, went to work for, is joining, now at"
)


def read_employer(clause: Clause) -> Create | Update | Choose | None:
    """ "Hannah Meyer moved to Initech", "add him to Globex", "add Ana Souza to Globex"."""
    if clause.word(0) in ("add", "put", "link", "attach", "move"):
        return _added(clause)
    for at in range(1, min(len(clause) - 1, 6)):
        length = clause.length(_WORKS, at)
        company = clause.cut(at + length)
        if not length or not len(company) or not _is_company(company) or clause.tokens[at].is_capitalised:
            continue
        person = mention_of(clause.cut(0, at), ("contact",))
        if (
            person
            and person.kinds[:1] == ("contact",)
            and (person.refers == "focus" or clause.tokens[0].is_capitalised)
        ):
            return _works(person, company)
    return None


def _is_company(part: Clause) -> bool:
    return part.tokens[0].is_capitalised and is_name(part) and not part.when(0) and not inferred(part, "opportunity")


def _works(person: Mention, company: Clause) -> Update | None:
    account = mention_of(company, COMPANIES)
    if account is None:
        return None
    values: Values = {"account_id": Mention(account.text, ("account",), as_said=account.spoken)}
    return Update(person, {"contact": values}, f"set account {account.spoken}")


_IS = Phrases.of("he's, she's, he is, she is, they are, they're, who is, is")


def _with_title(clause: Clause, to: int) -> Create | None:
    """ "add Otto Lindqvist to Globex? he's their new purchasing manager": with a title somebody is a new contact."""
    for at in clause.find(",", ".", "?", "-", "who", start=to + 2):
        length = clause.length(_IS, at + 1) or (clause.length(_IS, at) if clause.word(at) == "who" else 0)
        begin = clause.skip(at + 1 + length, "is", "their", "the", "a", "an", "new", "our")
        end = len(without_end_marks(clause))
        name, company = clause.cut(1, to), clause.cut(to + 1, at)
        is_named = 2 <= len(name) <= 4 and all(token.is_capitalised for token in name.tokens)
        if length and 0 < end - begin <= 5 and is_named and _is_company(company):
            account = Mention(company.said(), ("account",))
            return Create(
                "contact", {"full_name": name.said(), "account_id": account, "title": clause.said(begin, end)}
            )
    return None


def _added(clause: Clause) -> Create | Update | Choose | None:
    to = next(clause.find("to", start=2), None)
    if to is None or to + 1 >= len(clause):
        return None
    if clause.word(0) == "add" and (made := _with_title(clause, to)):
        return made
    company = clause.cut(to + 1)
    if clause.word(1) in ("him", "her", "them") and to == 2 and _is_company(company):
        return _works(Mention(clause.word(1), ("contact",), "focus"), company)
    name = clause.cut(1, to)
    if (
        clause.word(0) != "add"
        or not 2 <= len(name) <= 4
        or not all(token.is_capitalised for token in name.tokens)
        or any(kind_at(clause.tokens, i) for i in range(1, to))
        or not _is_company(company)
    ):
        return None
    account = Mention(company.said(), ("account",))
    moved = _works(Mention(name.said(), ("contact",)), company)
    made = Create("contact", {"full_name": name.said(), "account_id": account})
    options = (f"Create the contact {name.said()} at {company.said()}", f"Set the account of the contact {name.said()}")
    return Choose(f"Is {name.said()} a new contact?", options, (made, moved)) if moved else None
