"""Questions about a field of one record: "which tier is Globex", "how many employees does Acme have", "does Zoë have a phone"."""

from collections.abc import Callable
from dataclasses import replace

from agent.offline.clause import Clause
from agent.offline.form import Happened, Look, Mention
from agent.offline.grammar.lookup import kinds_with, read_look
from agent.offline.grammar.mentions import mention_of
from agent.offline.grammar.names import is_name
from agent.offline.grammar.own_questions import read_own_question
from agent.offline.grammar.talks import without_end_marks
from agent.offline.lexicon.kinds import COMPANIES, EVERY_KIND, LEADS, NAMED_KINDS
from agent.offline.lexicon.measures import RANKS
from agent.offline.lexicon.phrases import Phrases, grouped
from agent.offline.words import word_set

Answered = Look | Happened
_LEADS_IN = Phrases.of(
    "tell me, show me, let me know, do you know, can you tell me, check, find out, say, remind me, any idea, i wonder, find, get me, "
    "give me, what's, look up"
)
_FIRST = Phrases.of(
    "which, what, in which, in what, at which, at what, for which, for what, on which, on what, from which, from what, to which, with which"
)
_AUX = word_set("is are does do did has have was were will would")
_TAIL = word_set(
    "make makes generate earn earns employ employs "
    "in at on for of based located have has with to currently now do does got set assigned from work working belong "
    "belongs listed under headquartered live lives sit sits classified operate operates active there right please use uses hold holds "
    "as is are play plays going expected supposed planned for be being our us"
)


_REACHING = Phrases.of(
    "how do i reach, how can i reach, how do we reach, how can we reach, how do i get hold of, how can i get hold of, "
    "how do i get in touch with, how can i get in touch with, how do i contact, how can i contact, how do we contact, "
    "how to reach, how to contact, what is the best way to reach, best way to reach, where can i reach, how do i get through to"
)


def read_reach(clause: Clause) -> Look | None:
    """ "how do I get hold of Viktor Hansen over at Globex": mail address and phone number."""
    clause = without_end_marks(clause)
    start = clause.length(_REACHING, 0)
    if not start:
        return None
    kept = tuple(
        t
        for at, t in enumerate(clause.tokens)
        if at >= start and not (t.word == "over" and clause.word(at + 1) == "at")
    )
    named = Clause(clause.text, kept, clause.clock, clause.situation)
    mention = mention_of(named, ("contact", "individual", "user")) if len(named) else None
    return Look(mention, ("email", "phone")) if mention else None


def read_topic_first(clause: Clause) -> Look | None:
    """ "Globex expansion - who owns it?": the record, then a question in which a pronoun stands for it."""
    clause = without_end_marks(clause)
    for at in clause.find("-", ":", ",", start=1):
        question = clause.cut(at + 1)
        if question.length(_ASKED_OF, 0) == 0 or not is_name(clause.cut(0, at)):
            continue
        found = read_question(question) or read_look(question)
        named = mention_of(clause.cut(0, at), NAMED_KINDS)
        if isinstance(found, Look) and found.wanted and named and found.mention.refers == "focus":
            return replace(found, mention=named)
    return None


_ASKED_OF = Phrases.of(
    "who, whose, when, what, what is, which, where, how, how much, how likely, how big, is, does, do"
)


def read_question(clause: Clause) -> Answered | None:
    """The record and the fields that a question asks for, put in one of the orders questions come in."""
    clause = without_end_marks(clause)
    lead = clause.length(_LEADS_IN, 0)
    clause = clause.cut(lead) if lead < len(clause) else clause
    return next((found for read in _READERS if (found := read(clause))), None)


def _which_field(clause: Clause) -> Look | None:
    """ "which tier is Globex", "in which country is Larkfield", "what industry is Initech in", "what phone number does Zoë have"."""
    length = clause.length(_FIRST, 0)
    hit = clause.field_at(length, EVERY_KIND) if length else None
    while hit and clause.word(hit[1]) in ("/", "or") and (other := clause.field_at(hit[1] + 1, EVERY_KIND)):
        hit = hit[0], other[1]
    if hit is None or clause.word(hit[1]) not in _AUX:
        return None
    field, end = hit
    if field.name == "name" or (
        field.name == "organization_id" and {"work", "works"} & {t.word for t in clause.tokens}
    ):
        return None
    name = "stage" if clause.word(length) == "stage" else field.name
    begin = clause.skip(end, *_AUX, "we", "have", "for", "agree", "agreed", "with", "get", "set", "on")
    return _asked(clause.cut(begin, _before_tail(clause)), name)


def _how_much(clause: Clause) -> Look | None:
    """ "how many employees does Acme have", "how likely is the Acme renewal", "how long was the last call with Ben"."""
    hit = clause.at(_HOW, 0)
    if hit is None:
        return None
    (name, kinds), end = hit
    if any(clause.at(RANKS, at) for at in range(end, min(end + 3, len(clause)))) and kinds == ("interaction",):
        return None
    start = clause.skip(end, *_AUX, "we", "to", "been", "it")
    mention = mention_of(
        clause.cut(start, _before_tail(clause, "win", "close", "old", "take", "last")), kinds or NAMED_KINDS
    )
    return Look(mention, (name,)) if mention else None


_HOW: Phrases[tuple[str, tuple[str, ...]]] = grouped(
    (
        (
            ("employee_count", ("account", "organization")),
            "how many employees, how many staff, how many people does, headcount at, how many people work at, how many people work for",
        ),
        (
            ("annual_revenue", ("account", "organization")),
            "how much revenue does, how much turnover does, how much annual revenue does",
        ),
        (
            ("probability", LEADS),
            "how likely, how probable, how certain, how likely are we to win, how sure are we about, how confident are we about",
        ),
        (("duration_seconds", ("interaction",)), "how long was, how long did, how long is"),
        (("created_at", ()), "how old is, since when is, since when do we have"),
        (("salary_max", ("job",)), "how much does the job, what does the job"),
        (("revenue_share", ("partnership",)), "how much commission does, what cut does"),
        (
            ("participants", ("interaction",)),
            (
                "who took part in, who attended, who was in, who was at, who participated in, who joined, "
                "who was on, participants of, participants in, attendees of, who were the participants of"
            ),
        ),
        (("closed_at", LEADS), "when did we win, when did we lose, when did we close, when did we sign, when was"),
        (("due_at", ("task",)), "until when is"),
        (("author_id", ("note",)), "who wrote, who is the author of"),
        (("assignee_id", ("task",)), "who is assigned to, who has to do, who is doing, who does, who should do"),
        (
            ("loss_reason", LEADS),
            (
                "why did we lose, why was, why have we lost, why is, what was the reason we lost, what is the reason we lost, "
                "what was the reason for losing, what is the reason for losing, for what reason did we lose, how come we lost, "
                "what made us lose, what was the reason that we lost, how did we lose"
            ),
        ),
        (("source", LEADS), "where did, how did we get, where does"),
    )
)
_ENDED: dict[str, tuple[str, ...]] = {
    "closed_at": ("won", "lost", "closed", "signed"),
    "created_at": ("created", "added", "opened"),
    "updated_at": ("updated", "changed", "modified", "edited", "touched"),
    "completed_at": ("completed", "finished", "done"),
}


def _when_was(clause: Clause) -> Look | None:
    """ "when was the Globex pilot won", "when was Acme last updated"."""
    if clause.words(0, 2) not in (("when", "was"), ("when", "were"), ("when", "did"), ("when", "has")):
        return None
    last = clause.word(len(clause) - 1)
    column = next((name for name, words in _ENDED.items() if last in words), None)
    end = len(clause) - 1
    while end > 2 and clause.word(end - 1) in ("last", "first", "been", "actually"):
        end -= 1
    if column is None:
        did = next(
            (
                n
                for n, words in {"closed_at": ("win", "lose", "close", "sign"), "created_at": ("create", "add")}.items()
                if clause.word(3) in words
            ),
            None,
        )
        if did is None or clause.word(2) not in ("we", "i"):
            return None
        column, mention = did, mention_of(clause.cut(4), NAMED_KINDS)
        return Look(mention, (column,)) if mention else None
    kinds = LEADS if column == "closed_at" else ("task",) if column == "completed_at" else NAMED_KINDS
    mention = mention_of(clause.cut(2, end), kinds)
    return Look(mention, (column,)) if mention else None


def _has_field(clause: Clause) -> Look | None:
    """ "does Zoë have a phone number", "do we have an email for Ben", "is there a close date for the Acme renewal"."""
    if clause.word(0) in ("does", "has", "did"):
        for at in range(2, len(clause)):
            if clause.word(at) not in ("have", "got", "has"):
                continue
            field = clause.field_at(
                clause.skip(at + 1, "a", "an", "any", "the", "got", "its", "his", "her"), EVERY_KIND
            )
            if field and field[1] == len(clause):
                return _asked(clause.cut(1, at), field[0].name)
        return None
    start = clause.length(_DO_WE, 0)
    field = clause.field_at(clause.skip(start, "a", "an", "any", "the"), EVERY_KIND) if start else None
    if field is None or clause.word(field[1]) not in ("for", "of", "on", "from", "at"):
        return None
    if clause.words(0, 1) == ("any",) or field[0].name in (
        "account_id",
        "contact_id",
        "organization_id",
        "about_id",
        "title",
        "name",
    ):
        return None
    return _asked(clause.cut(field[1] + 1), field[0].name)


_DO_WE = Phrases.of("do we have, is there, have we got, do you have, do i have, have you got, got")


def _of_latest(clause: Clause) -> Look | None:
    """ "duration of the last call with Maria Lopez", "subject of our latest email with Acme"."""
    start = clause.skip(0, "what", "is", "was", "the", "were", "who", "are")
    field = clause.field_at(start, ("interaction", "task", "note", *EVERY_KIND))
    if field is None or clause.word(field[1]) not in ("of", "for", "from", "in"):
        return None
    rest = clause.cut(field[1] + 1)
    mention = mention_of(rest, ())
    return Look(mention, (field[0].name,)) if mention and mention.refers == "latest" else None


def _contact_for(clause: Clause) -> Look | None:
    """ "who is our contact at Acme", "who is the contact for the Acme renewal"."""
    length = clause.length(_CONTACT, 0)
    is_first = bool({"main", "primary", "key"} & set(clause.words(0, length)))
    linked = ("for", "of", "on", *(("at", "from", "with", "in") if is_first else ()))
    if not length or clause.word(length) not in linked:
        return None
    return _asked(clause.cut(length + 1), "contact_id")


_CONTACT = Phrases.of(
    "who is the contact, who is our contact, who is my contact, who is the main contact, who is our main contact, "
    "who is the primary contact, who is our primary contact, who is the contact person, who is our contact person, "
    "main contact, primary contact, our main contact, the primary contact, the main contact, our primary contact, key contact, "
    "who is the key contact, who is our key contact, point of contact, who is the point of contact, who is our point of contact"
)


def _who_made(clause: Clause) -> Happened | None:
    """ "who created the Acme renewal", "who changed the amount of …": the log of changes tells."""
    length = clause.length(_MADE, 0)
    end = len(clause) - (clause.word(len(clause) - 1) in ("last", "lately", "recently"))
    mention = mention_of(clause.cut(length, end), ()) if length else None
    return Happened(mention, only_changes=True) if mention else None


_MADE = Phrases.of(
    "who created, who changed, who added, who entered, who made, who last changed, who last edited, who updated, who modified, who edited"
)


def _what_does(clause: Clause) -> Look | None:
    """ "what does Yamada do"."""
    if clause.words(0, 3) == ("who", "am", "i") and len(clause) == 3:
        return Look(Mention("me", ("user",), "me"))
    if clause.words(0, 2) not in (("what", "does"), ("what", "is")):
        return None
    do = next(clause.find("do", "doing", start=3), len(clause))
    is_there = clause.word(do + 1) in ("at", "for", "with") and do + 2 < len(clause)
    if do + 1 != len(clause) and not is_there:
        return None
    mention = mention_of(clause.cut(2, do), ("account", "contact", "individual", "organization"))
    if mention is None or not is_there:
        return Look(mention) if mention else None
    account = mention_of(clause.cut(do + 2), COMPANIES)
    return Look(replace(mention, kinds=("contact",), at=account), ("title",)) if account else None


def _before_tail(clause: Clause, *more: str) -> int:
    end = len(clause)
    while (
        end > 1
        and (clause.word(end - 1) in _TAIL or clause.word(end - 1) in more)
        and not clause.tokens[end - 1].is_capitalised
    ):
        end -= 1
    return end


def _asked(named: Clause, column: str) -> Look | None:
    mention: Mention | None = mention_of(named, kinds_with((column,))) if len(named) else None
    return Look(mention, (column,)) if mention else None


_READERS: tuple[Callable[[Clause], Answered | None], ...] = (
    read_own_question, _what_does, _which_field, _of_latest, _contact_for, _when_was, _how_much, _has_field, _who_made,
)  # fmt: skip
