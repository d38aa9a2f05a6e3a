"""Interactions: threads of mails, calls, meetings and chats around the leads and with the customers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any
from uuid import UUID

from schema.demo.chance import midnight
from schema.demo.company import Client, Company, Person, Pursuit
from schema.demo.history import RecordHistory, Version
from schema.demo.staff import Staff
from schema.demo.texts import selling, serving
from schema.demo.texts.foreign import LANGUAGES, Language
from schema.demo.texts.topic import Topic
from schema.demo.texts.voices import INTERNAL, MEETINGS
from schema.demo.wording import Matter, call_note, chat, mail, make_matter, quote, subject_line

EARLY = (selling.INTRODUCTION, selling.INTRODUCTION, selling.DEMO)
MIDDLE = (selling.DEMO, selling.PRICING, selling.PRICING, selling.SECURITY, selling.COMPETITOR, serving.INTEGRATION)
LATE = (selling.LEGAL, selling.PROCUREMENT, selling.TIMING, selling.PRICING, selling.COMPETITOR)
AFTER_LOSS = (selling.SETBACK,)
AFTER_WIN = (serving.ONBOARDING,)
CUSTOMER = (
    serving.BILLING, serving.BILLING, serving.RENEWAL, serving.OUTAGE, serving.PRAISE, serving.FEATURES,
    serving.TRAINING, serving.INTEGRATION, serving.ONBOARDING,
)  # fmt: skip
CHANNELS = {"email": 46.0, "call": 36.0, "meeting": 12.0, "chat": 6.0}
"""Of threads; a thread of mails has several interactions."""
SOURCES = {"email": "mail", "call": "phone", "meeting": "calendar", "chat": "chat"}
REASONS = {
    "email": "Mail taken over from the mailbox.",
    "call": "Call logged.",
    "meeting": "Meeting taken over from the calendar.",
    "chat": "Chat saved.",
}
LENGTHS = {"call": (90, 2700), "meeting": (1500, 7200), "chat": (60, 1200)}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to talk about for some time."""

    client: Client
    pursuit: Pursuit | None
    """None for a customer's daily business."""
    start: datetime
    end: datetime
    weight: float


@dataclass(frozen=True, slots=True)
class Talk:
    """One interaction, before it is stored."""

    kind: str
    direction: str
    subject: str | None
    body: str | None
    at: datetime
    about_id: UUID | None


def interactions(company: Company) -> Iterator[Version]:
    """All interactions with their participants; the last ones are of yesterday and today."""
    wanted = company.blueprint.sizes.interactions
    occasions = _occasions(company)
    latest = list(_latest(company, occasions))
    told = _threads(company, occasions)
    for history in (*latest, *islice(told, wanted - len(latest))):
        yield from history.versions
    for history in islice(told, 4 if wanted >= 1000 else 0):
        history.delete(history.changed_at + timedelta(hours=2), company.staff[0], "Private mail, not ours to keep.")
        if history.is_deleted:
            yield from history.versions


def _occasions(company: Company) -> list[Occasion]:
    now = company.chance.now
    found: list[Occasion] = []
    size = {"enterprise": 2.4, "mid_market": 1.5}
    for pursuit in company.pursuits:
        end = min(now, pursuit.closed_at + timedelta(days=14)) if pursuit.closed_at else now
        weight = size.get(pursuit.client.tier, 1.0) * (1.5 if pursuit.outcome != "lost" else 1.0)
        if pursuit.kind != "opportunity":
            weight /= 2
        found.append(Occasion(pursuit.client, pursuit, pursuit.opened_at, end, weight))
    for client in company.clients:
        if client.wins:
            start = min(client.wins) + timedelta(hours=20)
            years = (now - start) / timedelta(days=365)
            found.append(Occasion(client, None, min(start, now), now, size.get(client.tier, 1.0) * 7 * max(years, 0.1)))
    return found


def _latest(company: Company, occasions: Sequence[Occasion]) -> Iterator[RecordHistory]:
    """Two of today, two of yesterday, and a thread about everything open that the cast has."""
    chance, now = company.chance, company.chance.now
    today = now.astimezone(company.zone).date()
    morning = midnight(today, company.zone)
    open_ones = [one for one in occasions if one.pursuit and one.pursuit.outcome == "open"]
    moments = [morning + (now - morning) * share for share in (0.55, 0.8)]
    moments += [midnight(today - timedelta(days=1), company.zone) + timedelta(hours=hour) for hour in (10.4, 15.1)]
    old_enough = [one for one in open_ones if one.start < moments[-2]]
    for moment, channel in zip(moments, ("email", "call", "call", "email"), strict=True):
        at = moment.replace(microsecond=0)
        yield from islice(_thread(company, chance.pick(old_enough), channel, at), 1)
    for occasion in open_ones:
        if occasion.client.is_cast:
            at = chance.between(occasion.start, occasion.end - (occasion.end - occasion.start) / 4)
            yield from _thread(company, occasion, "email", chance.at_work(at, company.zone, after=occasion.start))
            at = chance.between(at, occasion.end)
            yield from _thread(company, occasion, "call", chance.at_work(at, company.zone, after=occasion.start))


def _threads(company: Company, occasions: Sequence[Occasion]) -> Iterator[RecordHistory]:
    """One after the other, without end."""
    chance = company.chance
    ranks = list(accumulate(occasion.weight for occasion in occasions))
    while True:
        occasion = chance.at_rank(ranks, occasions)
        at = chance.at_work(chance.between(occasion.start, occasion.end), occasion.client.owner.zone,
                            after=occasion.start)  # fmt: skip
        yield from _thread(company, occasion, chance.weighted(CHANNELS), at)


def _thread(company: Company, occasion: Occasion, channel: str, at: datetime) -> Iterator[RecordHistory]:
    chance = company.chance
    client, pursuit = occasion.client, occasion.pursuit
    known = client.people_by(at) or client.people[:1]
    person = pursuit.person if pursuit and pursuit.person in known and chance.odds(0.75) else chance.pick(known)
    at = max(at, person.created_at + timedelta(minutes=3))
    if at >= chance.now:
        return
    user = company.still_there(pursuit.owner if pursuit and chance.odds(0.85) else client.owner, at)
    language = LANGUAGES.get(client.country) if channel == "email" and chance.odds(0.33) else None
    topic = _topic(company, occasion, at, language)
    matter = make_matter(company, topic, language, client, person, user, at, pursuit.amount if pursuit else None)
    about_id = _about(company, occasion, person)
    if channel == "email":
        yield from _mails(company, matter, at, about_id)
    else:
        yield _told(company, matter, _talk(company, matter, channel, at, about_id))
    if chance.odds(0.03):
        later = chance.at_work(at, user.zone, after=at + timedelta(minutes=20))
        yield _internal(company, matter, later, about_id)


def _topic(company: Company, occasion: Occasion, at: datetime, language: Language | None) -> Topic:
    """What one talks about at that time; in other languages only what there are words for."""
    chance, pursuit = company.chance, occasion.pursuit
    if language is not None:
        return chance.pick(language.selling if pursuit else language.serving)
    if pursuit is None:
        return chance.pick(CUSTOMER)
    if pursuit.closed_at is not None and at > pursuit.closed_at - timedelta(days=2):
        return chance.pick(AFTER_WIN if pursuit.outcome == "won" else AFTER_LOSS)
    progress = (at - occasion.start) / max(occasion.end - occasion.start, timedelta(hours=1))
    return chance.pick(EARLY if progress < 0.25 else MIDDLE if progress < 0.7 else LATE)


def _about(company: Company, occasion: Occasion, person: Person) -> UUID | None:
    if occasion.pursuit is not None:
        return occasion.pursuit.record_id
    if company.chance.odds(0.05):
        return None
    return occasion.client.account_id if company.chance.odds(0.7) else person.contact_id


def _mails(company: Company, matter: Matter, at: datetime, about_id: UUID | None) -> Iterator[RecordHistory]:
    """A mail, and the answers to it."""
    chance = company.chance
    inbound = matter.topic is selling.SETBACK or matter.topic is serving.BILLING or chance.odds(0.62)
    subject, quoted = subject_line(chance, matter), None
    for number in range(chance.weighted({1: 30.0, 2: 32.0, 3: 21.0, 4: 11.0, 5: 6.0})):
        body = mail(company, matter, inbound=inbound, place=number, quoted=quoted)
        direction = "inbound" if inbound else "outbound"
        heading = subject if number == 0 else f"{matter.language.reply if matter.language else 'Re'}: {subject}"
        yield _told(company, matter, Talk("email", direction, heading, body, at, about_id))
        quoted = quote(chance, body, matter.words["contact" if inbound else "user_name"], at)
        inbound = not inbound
        later = at + timedelta(hours=chance.skewed(0.4, 90))
        at = chance.at_work(later, matter.user.zone, after=at) if chance.odds(0.7) else later
        at = at.replace(microsecond=0)
        if at >= chance.now or not matter.user.works_at(at):
            return


def _talk(company: Company, matter: Matter, channel: str, at: datetime, about_id: UUID | None) -> Talk:
    chance = company.chance
    inbound = chance.odds(0.45)
    direction = "inbound" if inbound else "outbound"
    if channel == "chat":
        subject = None if chance.odds(0.6) else f"Chat with {matter.person.full_name}"
        return Talk(channel, "inbound", subject, chat(company, matter), at, about_id)
    if channel == "meeting":
        subject = chance.pick(MEETINGS).format_map(matter.words)
        return Talk(channel, "outbound", subject, call_note(company, matter), at, about_id)
    subject = chance.pick((f"Call with {matter.person.full_name}", f"Call: {matter.topic.name}",
                           f"{matter.client.spoken}: {matter.topic.name}"))  # fmt: skip
    body = call_note(company, matter) if chance.odds(0.97) else None
    return Talk(channel, direction, None if chance.odds(0.06) else subject, body, at, about_id)


def _internal(company: Company, matter: Matter, at: datetime, about_id: UUID | None) -> RecordHistory:
    call = " ".join(company.chance.several(matter.topic.calls, 2)) or f"waiting for {matter.person.full_name}."
    text = company.chance.pick(INTERNAL).replace("{call}", call).format_map(matter.words)
    return _told(company, matter, Talk("chat", "internal", None, text, at, about_id))


def _told(company: Company, matter: Matter, talk: Talk) -> RecordHistory:
    chance = company.chance
    length = LENGTHS.get(talk.kind)
    seconds = int(chance.skewed(*length)) if length and chance.odds(0.93) else None
    prompt, reason = None, REASONS[talk.kind]
    if talk.kind == "call" and talk.body and chance.odds(0.07):
        prompt = f"Log a call with {matter.person.full_name}: {talk.body.splitlines()[0].lstrip('- ')}"
    fields: dict[str, Any] = {
        "kind": talk.kind,
        "direction": talk.direction,
        "subject": talk.subject,
        "body": talk.body,
        "occurred_at": talk.at,
        "duration_seconds": seconds,
        "source": SOURCES[talk.kind] if prompt is None else "manual",
        "is_external": talk.direction == "inbound" and talk.kind in {"email", "chat"},
        "user_id": matter.user.user_id,
        "account_id": matter.client.account_id,
        "about_id": talk.about_id,
    }
    history = company.history("interaction")
    logged_at = talk.at + timedelta(seconds=chance.number(20, 240) if talk.kind == "email" else (seconds or 0) + 300)
    history.create(min(logged_at, chance.now), matter.user, reason, fields, prompt=prompt)
    for participant in _participants(company, matter, talk, history.changed_at):
        history.part("interaction_participants", {**participant, "interaction_id": history.id})
    if talk.kind == "call" and talk.body and chance.odds(0.02):
        later = history.changed_at + timedelta(minutes=chance.number(3, 90))
        history.update(min(later, chance.now), matter.user, "Forgot one point.",
                       {"body": f"{talk.body} {chance.pick(matter.topic.outcomes)}".format_map(matter.words)})  # fmt: skip
    return history


def _participants(company: Company, matter: Matter, talk: Talk, at: datetime) -> Iterator[dict[str, Any]]:
    """Each takes part once, in one role."""
    chance = company.chance
    theirs = ("individual_id", matter.person.individual_id)
    ours = ("user_id", matter.user.user_id)
    roles = {"call": ("caller", "callee"), "meeting": ("attendee", "attendee")}.get(talk.kind, ("from", "to"))
    if talk.direction == "internal":
        others: list[Staff] = [user for user in company.staff if user is not matter.user and user.works_at(at)]
        pairs = [(ours, "from"), (("user_id", chance.pick(others).user_id), "to")]
    else:
        sender, receiver = (theirs, ours) if talk.direction == "inbound" else (ours, theirs)
        pairs = [(sender, roles[0]), (receiver, roles[1])]
        odds = {"email": 0.16, "meeting": 0.65}.get(talk.kind, 0.0)
        guests = [one for one in matter.client.people_by(at) if one.individual_id != matter.person.individual_id]
        if guests and chance.odds(odds):
            role = "attendee" if talk.kind == "meeting" else "cc"
            pairs.append((("individual_id", chance.pick(guests).individual_id), role))
    for (column, person_id), role in pairs:
        row = {"id": chance.new_id(at), "individual_id": None, "user_id": None, "role": role}
        yield {**row, column: person_id}
