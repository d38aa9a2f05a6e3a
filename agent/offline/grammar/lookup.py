"""Looking one record up: "who is Maria Lopez", "Jan's phone number", "when does the Globex deal close"."""

from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Look, Mention
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.fields import sole_kind
from agent.offline.lexicon.kinds import COMPANIES, EVERY_KIND, LEADS, NAMED_KINDS
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.lexicon.verbs import VERBS, Verb
from agent.offline.text import Shape
from agent.offline.words import word_set

_QUESTIONS: Phrases[tuple[str, tuple[str, ...]]] = grouped(
    (
        (
            ("owner_id", ()),
            (
                "who owns, who is responsible for, who is in charge of, who manages, who is looking after, "
                "who looks after, who handles, who is handling, who runs, who is running, whose is, whose account is, "
                "whose deal is, whose opportunity is, whose customer is, whose client is, whose job is, whose partnership is"
            ),
        ),
        (("amount", LEADS), "how big is, how much is, how large is, what is the size of, how much money is in"),
        (("expected_close_date", LEADS), "when does, when will, when is, when do we expect, when should"),
        (("city", ()), "where is, where are, where can i find"),
        (
            ("account_id", ("contact", "individual")),
            (
                "what company is, which company is, what account is, where does, who does, what company does, "
                "which company does, which account does, what account does"
            ),
        ),
        (
            ("stage", LEADS),
            (
                "what stage is, which stage is, what is the status of, what is the state of, what status is, "
                "how far is, how far along is, where do we stand with, where do we stand on, where are we with, "
                "what stage are we at with, which stage are we at with, what stage are we in with, at what stage are we with, "
                "where are we at with, how far are we with, how far have we got with, how are we doing with, "
                "how is, at what stage is, at which stage is, in which stage is, what phase is, in what stage is"
            ),
        ),
        (("due_at", ("task",)), "when is the task, by when is"),
    )
)
_ENDINGS = word_set(
    "close closing due work based located worth in at for now currently standing supposed to be expected "
    "headquartered make doing going owned finish end located reside live sit with under thing"
)
_ASKED_STATUS_WORDS = word_set("still yet already in or the stage been not")


def _asked_status(clause: Clause) -> Look | None:
    """ "is the Acme renewal still open", "did we win the Acme renewal", "has the Globex deal closed"."""
    if clause.word(0) not in ("is", "are", "has", "have", "did", "was", "does") or len(clause) < 3:
        return None
    start = clause.skip(1, "we", "already", "yet", "the", "our", "i") if clause.word(0) in ("did", "have") else 1
    if clause.word(0) in ("did", "have") and clause.word(start) in ("win", "won", "lose", "lost", "close", "closed"):
        mention = mention_of(clause.cut(start + 1), LEADS)
        return Look(mention, ("stage",)) if mention else None
    for at in range(2, len(clause)):
        if clause.word(at) in _STANDINGS and all(
            w in _STANDINGS or w in _ASKED_STATUS_WORDS for w in clause.words(at, 9)
        ):
            stop = at
            while stop > 1 and clause.word(stop - 1) in ("still", "yet", "already", "in", "been", "not", "at"):
                stop -= 1
            mention = mention_of(clause.cut(1, stop), ("opportunity", "task", "job", "partnership", "account"))
            return Look(mention, ("stage",)) if mention else None
    return None


_STANDINGS = (
    "open",
    "won",
    "lost",
    "closed",
    "done",
    "finished",
    "complete",
    "completed",
    "overdue",
    "negotiation",
    "proposal",
    "qualified",
    "new",
    "active",
    "signed",
    "customer",
    "prospect",
    "cancelled",
)


_SIDE = Phrases.of("on our side, on our end, over here, in our team, at our end, on our team")


def _without_side(clause: Clause) -> Clause:
    """ "who looks after Larkfield on our side": where else."""
    at = next((at for at in range(2, len(clause)) if clause.length(_SIDE, at) == len(clause) - at), len(clause))
    return clause.cut(0, at)


def read_look(clause: Clause) -> Look | None:
    """The record, and the fields of it, that a clause asks to see."""
    clause = _without_side(without_end_marks(clause))
    if standing := _asked_status(clause):
        return standing
    if reached := _reached(clause):
        return reached
    verbs, start = clause.at(VERBS, 0) or ((), 0)
    while start and (more := clause.at(VERBS, start)) and Verb.SHOW in more[0] and more[1] < len(clause):
        start = more[1]
    asked = clause.at(_QUESTIONS, 0)
    if asked and (look := _question(clause, asked[0], asked[1])):
        return look
    if verbs and not set(verbs) & {Verb.SHOW, Verb.ASK}:
        is_name = len(clause) > 1 and all(token.is_capitalised for token in clause.tokens)
        if not is_name and clause.field_at(0, EVERY_KIND) is None:
            return None
        start = 0
    if clause.word(len(clause) - 1) in ("is", "are") and start:
        clause = clause.cut(0, len(clause) - 1)
    rest = clause.cut(clause.skip(start, "is", "are", "about", "on", "up", "for") if start else 0)
    if not len(rest):
        return None
    return _possessive_field(rest) or _field_of(rest) or _trailing_field(rest) or _whole(rest, asked=bool(start))


_REACHED_AT = Phrases.of(
    "whose number is, whose phone number is, whose phone is, whose mobile is, whose email is, whose e-mail is, whose email address is, "
    "whose is, whose address is, whose domain is, whose website is, who has the number, who has the phone number, who has the email, "
    "who has the number of, who is reachable at, who can be reached at, who is at, who uses, who belongs to, whose number was, "
    "which contact has the number, which contact has the email, which contact has the phone number"
)


def _reached(clause: Clause) -> Look | None:
    """ "whose number is +49 69 90009214": the record that a phone number, address or domain belongs to."""
    length = clause.length(_REACHED_AT, 0)
    if not length or length + 1 != len(clause) or clause.shape(length) not in (Shape.PHONE, Shape.EMAIL, Shape.DOMAIN):
        return None
    kinds = COMPANIES if clause.shape(length) is Shape.DOMAIN else ("contact", "individual")
    return Look(Mention(clause.tokens[length].text, kinds))


def _question(clause: Clause, told: tuple[str, tuple[str, ...]], end: int) -> Look | None:
    column, kinds = told
    last = len(clause)
    while last > end and clause.word(last - 1) in _ENDINGS:
        last -= 1
    trailing = clause.words(last, 3)
    if column == "expected_close_date" and "due" in trailing:
        column, kinds = "due_at", ("task",)
    if column == "city" and "at" in trailing:
        column = "stage"
    rest = clause.cut(end, last)
    if not len(rest) or _field_of(rest) or _possessive_field(rest):
        return None
    if column == "expected_close_date" and not set(trailing) & {"close", "closing", "due", "expected", "end", "finish"}:
        return None
    mention = mention_of(rest, kinds or NAMED_KINDS)
    if mention and column == "owner_id" and mention.at and not rest.tokens[0].is_capitalised:
        # "who runs procurement at Acme" asks for one of theirs.
        return Look(Mention(f"head of {mention.text}", ("contact",), "role", at=mention.at))
    return Look(mention, (column,)) if mention else None


def _fields(clause: Clause, at: int) -> tuple[tuple[str, ...], int]:
    """Field names joined by commas and "and", from a position on."""
    names: list[str] = []
    if both := clause.at(_BOTH_ENDS, clause.skip(at, *_SAID_OF_FIELDS)):
        return both
    while at < len(clause) and (hit := clause.field_at(clause.skip(at, *_SAID_OF_FIELDS), ("contact", *EVERY_KIND))):
        names.append(hit[0].name)
        after = clause.skip(hit[1], ",", "and", "&", "or")
        if after == hit[1] or after == len(clause):
            return tuple(names), hit[1]
        at = after
    return tuple(names), at


_SAID_OF_FIELDS = (
    "the", "current", "full", "exact", "direct", "precise", "actual", "latest", "dollar", "euro", "total", "whole", "business",
)  # fmt: skip
_BOTH_ENDS: Phrases[tuple[str, ...]] = grouped(
    (
        (("salary_min", "salary_max"), "salary range, salary band, pay range, salaries, salary bracket"),
        (("email", "phone"), "contact details, contact data, contact info, details to reach"),
    )
)
"""What two fields tell together."""


def kinds_with(names: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that a name is looked up among when those fields are asked for."""
    return sole_kind(names) or NAMED_KINDS


def _possessive_field(clause: Clause) -> Look | None:
    """ "Jan Novak's phone number and email", "her title"."""
    if clause.word(0) in ("her", "his", "their", "its", "my") and len(clause) > 1:
        names, end = _fields(clause, 1)
        refers = "me" if clause.word(0) == "my" else "focus"
        kinds = ("contact", "individual", "user") if clause.word(0) in ("her", "his") else ()
        return Look(Mention(clause.word(0), kinds, refers), names) if names and end == len(clause) else None
    for at in range(1, len(clause) - 1):
        if clause.shape(at) is Shape.POSSESSIVE:
            names, end = _fields(clause, at + 1)
            mention = mention_of(clause.cut(0, at), NAMED_KINDS)
            if names and end == len(clause) and mention:
                return Look(mention, names)
            if names and mention and clause.word(end) in ("at", "with", "from") and end + 1 < len(clause):
                account = mention_of(clause.cut(end + 1), COMPANIES)
                return Look(replace(mention, at=account), names) if account and account.refers == "name" else None
    return None


def _field_of(clause: Clause) -> Look | None:
    """ "the phone number of Jan Novak", "email for Maria"."""
    names, end = _fields(clause, clause.skip(0, "the", "current", "a", "an", "any"))
    linked = clause.word(end) in ("of", "for", "from", "on")
    if not names or end + linked >= len(clause) or not (linked or clause.tokens[end].is_capitalised):
        return None
    mention = mention_of(clause.cut(end + linked), kinds_with(names))
    return Look(mention, names) if mention else None


def _trailing_field(clause: Clause) -> Look | None:
    """ "Maria Lopez phone", "acme renewal close date": a name, then the fields."""
    for at in range(1, len(clause)):
        if clause.tokens[at].is_capitalised:
            continue
        names, end = _fields(clause, at)
        if any(token.word in _NO_NAME for token in clause.tokens[:at]):
            return None
        if names and end == len(clause) and (mention := mention_of(clause.cut(0, at), NAMED_KINDS)):
            return Look(mention, names)
    return None


_NO_NAME = word_set("how do i in to my you can should is are why does if not a an")


def _whole(rest: Clause, *, asked: bool) -> Look | None:
    """A record as a whole: after a verb any name, without one only what looks like a name."""
    mention = mention_of(rest, ())
    if mention is None:
        return None
    if asked:
        return Look(mention) if len(rest) <= 9 else None
    looks = len(rest) <= 5 and (
        all(t.is_capitalised or len(t.word) <= 3 for t in rest.tokens)
        or len(rest) <= 2
        or rest.shape(0) in (Shape.QUOTE, Shape.EMAIL, Shape.DOMAIN)
    )
    return Look(mention) if looks or mention.refers in ("id", "role") else None
