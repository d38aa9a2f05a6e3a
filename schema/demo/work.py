"""Tasks and notes about what is going on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from schema.demo.chance import midnight
from schema.demo.company import Client, Company, Person, Pursuit
from schema.demo.history import RecordHistory, Version
from schema.demo.staff import Staff
from schema.demo.texts import working
from schema.demo.texts.topic import Topic
from schema.demo.wording import Matter, make_matter

STATUSES_NOW = {"open": 25.0, "in_progress": 7.0, "done": 62.0, "cancelled": 6.0}
PRIORITIES = {"low": 14.0, "normal": 56.0, "high": 22.0, "urgent": 8.0}
NO_TOPIC = Topic("work", (), (), (), (), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class Subject:
    """What a task or note is about, and when it came up."""

    client: Client
    pursuit: Pursuit | None
    person: Person
    user: Staff
    at: datetime
    matter: Matter

    @property
    def words(self) -> dict[str, str]:
        return {**self.matter.words, "name": self.pursuit.name if self.pursuit else self.client.spoken}


def tasks(company: Company) -> Iterator[Version]:
    wanted = company.blueprint.sizes.tasks
    for place in range(wanted):
        status = company.chance.weighted(STATUSES_NOW)
        due_this_week = place % 25 == 0
        yield from _task(company, "open" if due_this_week else status, due_this_week=due_this_week).versions
    for _ in range(6 if wanted >= 100 else 0):
        history = _task(company, "open")
        history.delete(history.changed_at + timedelta(hours=3), company.staff[0], "Entered twice by mistake.")
        if history.is_deleted:
            yield from history.versions


def notes(company: Company) -> Iterator[Version]:
    wanted = company.blueprint.sizes.notes
    for _ in range(wanted):
        yield from _note(company).versions
    for number in range(3 if wanted >= 100 else 0):
        history = _note(company)
        at = history.changed_at + timedelta(hours=1)
        history.delete(at, company.staff[0], "Belongs to another account.")
        if number == 0 and history.changed_at < company.chance.now:
            history.restore(at + timedelta(hours=1), company.staff[0], "It was right after all.")
            history.delete(at + timedelta(hours=2), company.staff[0], "No, it was not.")
        if history.is_deleted:
            yield from history.versions


def _subject(company: Company, earliest_age: timedelta | None = None) -> Subject:
    """Something that goes on; with an age, something that goes on now and came up no longer ago than that."""
    chance, now = company.chance, company.chance.now
    pursuit: Pursuit | None = chance.pick(company.pursuits)
    if earliest_age is not None:
        pursuit = chance.pick(company.open_pursuits)
    if pursuit and chance.odds(0.3):
        client, pursuit = pursuit.client, None
        start, end = client.people[0].created_at, now
        person, owner = chance.pick(client.people_by(start) or client.people[:1]), client.owner
    else:
        client, person, owner = pursuit.client, pursuit.person, pursuit.owner
        start, end = pursuit.opened_at, pursuit.closed_at or now
    if earliest_age is not None:
        start = max(start, now - earliest_age)
    start = max(start, person.created_at)
    at = chance.at_work(chance.between(start, end), owner.zone, after=start)
    user = company.still_there(owner, at)
    amount = pursuit.amount if pursuit else None
    matter = make_matter(company, NO_TOPIC, None, client, person, user, at, amount)
    return Subject(client, pursuit, person, user, at, matter)


def _about(company: Company, subject: Subject) -> UUID | None:
    if subject.pursuit:
        return subject.pursuit.record_id
    if company.chance.odds(0.06):
        return None
    return subject.client.account_id if company.chance.odds(0.6) else subject.person.contact_id


def _task(company: Company, status: str, *, due_this_week: bool = False) -> RecordHistory:
    chance = company.chance
    is_open = status in {"open", "in_progress"}
    subject = _subject(company, timedelta(days=50) if is_open else None)
    words = subject.words
    title = chance.pick(working.TASKS["selling" if subject.pursuit else "serving"]).format_map(words)
    assignee = subject.user if chance.odds(0.85) else company.seller(subject.at)
    if is_open and not assignee.works_at(chance.now):
        assignee = company.staff[0]
    due_at = _this_week(company) if due_this_week else _due(company, subject, is_open=is_open)
    prompt = None
    if chance.odds(0.07):
        prompt = chance.pick(working.TASK_PROMPTS).format_map({**words, "title": title})
    fields: dict[str, Any] = {
        "title": title,
        "body": chance.pick(working.TASK_BODIES).format_map(words) if chance.odds(0.45) else None,
        "status": "open",
        "priority": chance.weighted(PRIORITIES),
        "due_at": due_at,
        "assignee_id": assignee.user_id if chance.odds(0.96) else None,
        "about_id": _about(company, subject),
    }
    history = company.history("task")
    tags = (chance.pick(("quick-win", "waiting", "phone")),) if chance.odds(0.08) else ()
    history.create(subject.at, subject.user, "To be done for the customer.", fields, prompt=prompt, tags=tags)
    _worked_on(company, subject, history, status, assignee, title)
    return history


def _due(company: Company, subject: Subject, *, is_open: bool) -> datetime | None:
    """In the evening of a working day; among the open ones some are overdue."""
    chance = company.chance
    if chance.odds(0.1):
        return None
    if is_open:
        days = chance.number(-21, -1) if chance.odds(0.22) else chance.number(0, 45)
        day = (chance.now + timedelta(days=days)).astimezone(company.zone).date()
    else:
        day = (subject.at + timedelta(days=chance.number(1, 21))).astimezone(company.zone).date()
    day -= timedelta(days=max(0, day.weekday() - 4))
    due_at = midnight(day, company.zone) + timedelta(hours=chance.pick((9, 12, 16, 17, 18)))
    return max(due_at, subject.at + timedelta(hours=1))


def _this_week(company: Company) -> datetime:
    """A working day of the present week; before today it is overdue."""
    today = company.chance.now.astimezone(company.zone).date()
    monday = today - timedelta(days=today.weekday())
    return midnight(monday + timedelta(days=company.chance.number(0, 4)), company.zone) + timedelta(hours=17)


def _worked_on(
    company: Company, subject: Subject, history: RecordHistory, status: str, assignee: Staff, title: str
) -> None:
    chance, now = company.chance, company.chance.now
    words = {**subject.words, "title": title}

    def later(days: float) -> datetime:
        return min(chance.at_work(history.changed_at + timedelta(days=chance.fraction(0, days)), assignee.zone,
                                  after=history.changed_at), now)  # fmt: skip

    if status in {"in_progress", "done"} and (status == "in_progress" or chance.odds(0.25)):
        at = later(4)
        by = company.still_there(assignee, at)
        history.update(at, by, chance.pick(working.STARTED_REASONS), {"status": "in_progress"})
    if status in {"done", "cancelled"}:
        at = max(later(9), history.changed_at)
        if at <= history.changed_at:
            at = history.changed_at + timedelta(seconds=1)
        at = min(at, now)
        by = company.still_there(assignee, at)
        prompt = chance.pick(working.DONE_PROMPTS).format_map(words) if chance.odds(0.2) else None
        reasons = working.DONE_REASONS if status == "done" else working.CANCELLED_REASONS
        reason = chance.pick(reasons).format_map(words)
        history.update(at, by, reason, {"status": status, "completed_at": at}, prompt=prompt)
    elif chance.odds(0.12):
        at = later(5)
        new_day = history.value("due_at") and history.value("due_at") + timedelta(days=7)
        by = company.still_there(assignee, at)
        if new_day:
            history.update(at, by, "Needs another week.", {"due_at": new_day})


def _note(company: Company) -> RecordHistory:
    chance = company.chance
    subject = _subject(company)
    details = chance.several(working.NOTE_DETAILS, chance.number(1, 3))
    sentences = [chance.pick(working.NOTE_OPENS), *details]
    if company.blueprint.flavours and chance.odds(0.5):
        sentences.append(chance.pick(company.blueprint.flavours))
    if chance.odds(0.6):
        sentences.append(chance.pick(working.NOTE_ENDS))
    separator = "\n" if chance.odds(0.25) else " "
    fields: dict[str, Any] = {
        "body": separator.join(sentences).format_map(subject.words),
        "author_id": subject.user.user_id,
        "about_id": _about(company, subject),
    }
    history = company.history("note")
    prompt = f"Add a note to {subject.client.name}: {fields['body'].splitlines()[0]}" if chance.odds(0.05) else None
    history.create(subject.at, subject.user, "Worth remembering.", fields, prompt=prompt)
    if chance.odds(0.06):
        at = chance.at_work(history.changed_at + timedelta(days=chance.number(0, 9)), subject.user.zone,
                            after=history.changed_at)  # fmt: skip
        added = chance.pick(working.NOTE_ENDS).format_map(subject.words)
        history.update(at, company.still_there(subject.user, at), "Added what I learned since.",
                       {"body": f"{fields['body']} {added}"})  # fmt: skip
    return history
