"""Words for the kinds of record."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.offline.lexicon.phrases import grouped
from agent.offline.text import Token
from schema.kinds import KINDS

LEADS = ("opportunity", "job", "partnership")
PEOPLE = ("contact", "individual")
COMPANIES = ("account", "organization")


@dataclass(frozen=True, slots=True)
class KindWord:
    """What a word for records means: their kinds, and what holds of them all."""

    kinds: tuple[str, ...]
    """The first is what one creates by this word."""
    where: tuple[tuple[str, str], ...] = ()
    """Columns and their values: a call is an interaction whose kind is call."""
    wider: tuple[str, ...] = ()
    """Kinds to look among besides, when a record is named."""

    @property
    def lookup(self) -> tuple[str, ...]:
        return (*self.kinds, *self.wider)


def _plural(word: str) -> str:
    return (
        word[:-1] + "ies"
        if word.endswith("y") and word[-2] not in "aeiou"
        else word + ("es" if word.endswith("s") else "s")
    )


def _both(line: str) -> str:
    """Each word in singular and plural."""
    words = [word.strip() for word in line.split(",")]
    misspelt = [f"{word}s" for word in words if word.endswith("y") and word[-2] not in "aeiou"]
    return ", ".join([*words, *(_plural(word) for word in words), *misspelt])


_WORDS: tuple[tuple[KindWord, str], ...] = (
    (KindWord(("organization",), wider=("account",)), "organization, organisation, org, company, firm"),
    (KindWord(("account",), wider=("organization",)), "account, acct, acc, business account"),
    (KindWord(("account",), (("status", "customer"),), ("organization",)), "customer, client"),
    (KindWord(("account",), (("status", "prospect"),), ("organization",)), "prospect"),
    (
        KindWord(("account",), (("status", "former"),), ("organization",)),
        "former customer, ex-customer, churned customer, lost customer, former client",
    ),
    (KindWord(("contact",), wider=("individual",)), "contact, contact person"),
    (KindWord(("individual",), wider=("contact",)), "individual"),
    (KindWord(("contact",), wider=("individual",)), "person, stakeholder"),
    (KindWord(("opportunity",)), "opportunity, opp, oppty, deal, sale, sales opportunity, sales deal"),
    (KindWord(LEADS), "lead"),
    (KindWord(("job",)), "job, vacancy, job opening, open position, job lead, requisition"),
    (KindWord(("partnership",)), "partnership, partner, alliance, partner lead"),
    (
        KindWord(("task",)),
        "task, to-do, todo, to do, reminder, action item, action, follow-up, followup, follow up, to-do item, next step",
    ),
    (KindWord(("note",)), "note, memo, comment"),
    (KindWord(("interaction",)), "interaction, activity, touchpoint, conversation, communication, engagement"),
    (
        KindWord(("interaction",), (("kind", "call"),)),
        "call, phone call, phonecall, telephone call, video call, phone conversation, cold call, zoom call, teams call, conference call",
    ),
    (KindWord(("interaction",), (("kind", "email"),)), "email, e-mail, mail, message"),
    (
        KindWord(("interaction",), (("kind", "meeting"),)),
        (
            "meeting, mtg, demo, lunch, coffee, visit, appointment, workshop, site visit, zoom, zoom meeting, teams meeting, "
            "video meeting, video conference, dinner meeting, breakfast meeting, catch-up, catchup, lunch meeting, coffee meeting, "
            "client meeting, customer meeting, kick-off meeting, kickoff meeting, review meeting, onsite meeting, status meeting, "
            "project meeting"
        ),
    ),
    (KindWord(("interaction",), (("kind", "chat"),)), "chat, chat message, text message, sms, whatsapp"),
    (KindWord(("user",)), "user, colleague, teammate, coworker, rep, sales rep, team member"),
)
KIND_WORDS = grouped((meaning, _both(line)) for meaning, line in _WORDS)
IRREGULAR = grouped(((KindWord(("contact",), wider=("individual",)), "people, persons"),))

EVERY_KIND = tuple(KINDS)
"""Kinds a name may be looked up among when nothing says which; people and companies first."""
NAMED_KINDS = (
    "account",
    "organization",
    "contact",
    "individual",
    "opportunity",
    "job",
    "partnership",
    "task",
    "note",
    "interaction",
)


def kind_at(tokens: Sequence[Token], at: int) -> tuple[KindWord, int] | None:
    """The word for a kind that starts at a token, and the index after it."""
    return IRREGULAR.at(tokens, at) or KIND_WORDS.at(tokens, at)


def label_column(kind: str) -> str:
    """The column people call a record by; a user's is the name."""
    return KINDS[kind].label_field if kind in KINDS else "name"


def owner_column(kind: str) -> str | None:
    """The column of the user answerable for a record, where the kind has one."""
    return KINDS[kind].owner_field if kind in KINDS else None
