"""Turns a topic into what one person would write: greeting, matter, wish, farewell, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schema.demo.chance import Chance
from schema.demo.companies import LANDS
from schema.demo.company import Client, Company, Person
from schema.demo.names import person_name
from schema.demo.staff import Staff
from schema.demo.texts.foreign import FRENCH, GERMAN, SPANISH, Language
from schema.demo.texts.topic import Topic
from schema.demo.texts.voices import (
    FAREWELLS,
    FOLLOW_UPS,
    GREETINGS,
    OUR_FAREWELLS,
    OUR_FOLLOW_UPS,
    OUR_GREETINGS,
    OUR_STARTS,
    SMALL_TALK,
)

RIVALS = ("Planora", "OptiLine", "Taktwerk", "GridSage", "Fabrikon")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_FORMATS = {id(GERMAN): "{day}. {month}", id(FRENCH): "{day} {month}", id(SPANISH): "{day} de {month}"}


@dataclass(frozen=True, slots=True)
class Matter:
    """Who talks with whom about what; figures and names stay the same through a thread."""

    topic: Topic
    language: Language | None
    """None is English."""
    client: Client
    person: Person
    user: Staff
    words: dict[str, str]


def make_matter(
    company: Company, topic: Topic, language: Language | None, client: Client, person: Person, user: Staff,
    at: datetime, amount: str | None,
) -> Matter:  # fmt: skip
    chance = company.chance
    colleagues = [one for one in client.people if one is not person and one.created_at <= at]
    months, weekdays = (language.months, language.weekdays) if language else (MONTHS, WEEKDAYS)
    soon = at + timedelta(days=chance.number(4, 24))
    day_format = DAY_FORMATS[id(language)] if language else "{day} {month}"
    land = LANDS.get(client.country)
    words = {
        "first": person.given_name,
        "contact": person.full_name,
        "title": person.title or client.name,
        "client": client.spoken,
        "user": user.given_name,
        "user_name": user.name,
        "us": company.blueprint.name,
        "colleague": chance.pick(colleagues).given_name if colleagues else person_name(chance, client.country)[0],
        "product": chance.pick(company.blueprint.products),
        "amount": _amount(chance, client, amount, language),
        "pct": str(chance.pick((3, 5, 7, 8, 10, 12, 15, 18, 20))),
        "n": str(chance.number(2, 9)),
        "seats": str(chance.number(2, 48) * 5),
        "hours": str(chance.number(2, 7)),
        "date": day_format.format(day=soon.day, month=months[soon.month - 1]),
        "weekday": weekdays[soon.weekday() % 5],
        "month": months[(at.month + chance.number(0, 4)) % 12],
        "rival": chance.pick(RIVALS),
        "invoice": f"{at:%y}-{chance.number(1000, 9899)}",
        "site": chance.pick(land.cities) if land else "town",
    }
    return Matter(topic, language, client, person, user, words)


def _amount(chance: Chance, client: Client, amount: str | None, language: Language | None) -> str:
    told = amount or f"{client.currency} {chance.number(12, 480) * 100:,}"
    if language is None:
        return told
    currency, figure = told.split(" ")
    return f"{figure.replace(',', '.' if language is not FRENCH else ' ')} {currency}"


def subject_line(chance: Chance, matter: Matter) -> str:
    return chance.pick(matter.topic.subjects).format_map(matter.words)


def mail(company: Company, matter: Matter, *, inbound: bool, place: int, quoted: str | None = None) -> str:
    """The mail at that place in a thread, from them or from us; with what it answers below it, if there is something."""
    chance, topic = company.chance, matter.topic
    opening = chance.pick(_openings(matter, inbound=inbound, place=place))
    if inbound:
        sentences = _sentences(chance, opening, topic.details, topic.wishes)
    else:
        sentences = _sentences(chance, opening, topic.facts, topic.nexts)
    if company.blueprint.flavours and chance.odds(0.4):
        sentences.insert(1, chance.pick(company.blueprint.flavours))
    greeting, farewell = _frame(chance, matter, inbound=inbound)
    if matter.language is None and chance.odds(0.13):
        sentences.insert(0, chance.pick(SMALL_TALK))
    text = "\n\n".join((greeting, _paragraphs(chance, sentences), farewell)).format_map(matter.words)
    return f"{text}\n\n{quoted}" if quoted else text


def _openings(matter: Matter, *, inbound: bool, place: int) -> Sequence[str]:
    """Their first mail states the matter, our first answer takes it up; whatever comes later follows up."""
    topic, language = matter.topic, matter.language
    if inbound and place < 2:
        return topic.opens
    if inbound:
        return language.follow_ups if language else FOLLOW_UPS
    if place == 0:
        return language.our_starts if language else OUR_STARTS
    if place == 1:
        return topic.answers
    return language.our_follow_ups if language else OUR_FOLLOW_UPS


def quote(chance: Chance, text: str, author: str, at: datetime) -> str | None:
    """What an answer repeats of the mail before; many repeat nothing."""
    if not chance.odds(0.35):
        return None
    lines = [line for line in text.split("\n") if line and not line.startswith((">", "On "))]
    return f"On {at.day} {MONTHS[at.month - 1]}, {author} wrote:\n> " + "\n> ".join(lines[1:2])


def _sentences(chance: Chance, first: str, middle: Sequence[str], last: Sequence[str]) -> list[str]:
    return [first, *chance.several(middle, chance.number(1, 3)), chance.pick(last)]


def _frame(chance: Chance, matter: Matter, *, inbound: bool) -> tuple[str, str]:
    language = matter.language
    if language is not None:
        greeting = chance.pick(language.greetings if inbound else language.our_greetings)
        return greeting, f"{chance.pick(language.farewells)}\n{{{'contact' if inbound else 'user_name'}}}"
    if not inbound:
        return chance.pick(OUR_GREETINGS), chance.pick(OUR_FAREWELLS)
    # The same person keeps one voice in all their mails.
    voice = ("formal", "formal", "brief", "chatty")[matter.person.individual_id.int % 4]
    return chance.pick(GREETINGS[voice]), chance.pick(FAREWELLS[voice])


def _paragraphs(chance: Chance, sentences: list[str]) -> str:
    if len(sentences) > 3 and chance.odds(0.55):
        cut = chance.number(1, len(sentences) - 1)
        return " ".join(sentences[:cut]) + "\n\n" + " ".join(sentences[cut:])
    return " ".join(sentences)


def call_note(company: Company, matter: Matter) -> str:
    """What the user noted after a call or a meeting: as sentences, or as a list."""
    chance, topic = company.chance, matter.topic
    points = [*chance.several(topic.calls, chance.number(1, 4)), chance.pick(topic.outcomes)]
    if company.blueprint.flavours and chance.odds(0.4):
        points.insert(1, chance.pick(company.blueprint.flavours))
    if chance.odds(0.7):
        return " ".join(points).format_map(matter.words)
    *done, following = points
    return "\n".join([*(f"- {point}" for point in done), f"Next: {following}"]).format_map(matter.words)


def chat(company: Company, matter: Matter) -> str:
    """A few lines, back and forth."""
    chance, topic, words = company.chance, matter.topic, matter.words
    lines = [
        f"{{first}}: {chance.pick(topic.opens)}",
        f"{{user}}: {chance.pick(topic.answers)} {chance.pick(topic.facts)}",
        f"{{first}}: {chance.pick(('ok, thanks', 'great', 'that helps', 'hm, let me ask', 'perfect, thank you'))}",
    ]
    return "\n".join(lines[: chance.number(1, 3)]).format_map(words)
