"""Words for the fields of records, and the columns that can only be asked about."""

from collections.abc import Mapping, Sequence

from agent.offline.lexicon.phrases import Phrases
from agent.offline.text import Token
from schema.fields import Field, FieldType
from schema.kinds import KINDS

_SYNONYMS: tuple[tuple[str, str], ...] = (
    ("name", "called"),
    ("title", "job title, role, position, job, function, designation"),
    ("department", "dept, team, division"),
    ("email", "e-mail, mail, email address, e-mail address, mail address, emails"),
    (
        "phone",
        "phone number, telephone, telephone number, tel, mobile, mobile number, cell, cell number, number, phones, contact number",
    ),
    ("account_id", "account, company, employer, customer, client"),
    ("organization_id", "organization, organisation, company"),
    ("contact_id", "contact, contact person, main contact, primary contact"),
    (
        "owner_id",
        "owner, account manager, account owner, deal owner, rep, sales rep, salesperson, responsible, responsible person",
    ),
    ("assignee_id", "assignee, assigned to, owner, responsible, assigned person"),
    ("author_id", "author"),
    ("user_id", "user"),
    ("stage", "status, state, phase, pipeline stage"),
    ("status", "stage, state, phase"),
    ("amount", "value, worth, size, deal size, deal value, deal amount, price, volume, budget, figure"),
    ("probability", "chance, chances, likelihood, odds, win probability, chance of winning, prob, percentage"),
    (
        "expected_close_date",
        "close date, closing date, expected close, expected closing date, close, closing, target date, target close date",
    ),
    ("source", "lead source, origin"),
    ("loss_reason", "reason for loss, loss reason, lost reason, reason lost"),
    ("description", "details, summary"),
    ("position", "role, job title, title"),
    ("salary_min", "minimum salary, min salary, lowest salary, salary from"),
    ("salary_max", "maximum salary, max salary, highest salary, salary, salary to"),
    ("start_date", "start, starting date, first day, starting"),
    ("partner_type", "type, type of partner, kind of partner, partnership type"),
    ("revenue_share", "share, rev share, share of revenue, commission, cut"),
    ("priority", "prio, urgency, importance"),
    ("due_at", "due, due date, deadline, due by, due on"),
    ("body", "text, content, details, description, body text"),
    ("about_id", "about, related record, related to, linked to"),
    ("domain", "website, web site, url, site, web address, homepage, internet domain"),
    ("industry", "sector, line of business, vertical, branch"),
    ("employee_count", "employees, headcount, number of employees, staff, head count, size"),
    ("annual_revenue", "revenue, yearly revenue, turnover, annual turnover, sales"),
    ("city", "town"),
    ("country", "nation, location"),
    ("tier", "size class, segment, class"),
    ("is_primary", "primary, main contact, primary contact"),
    ("given_name", "first name, forename"),
    ("family_name", "last name, surname"),
    ("full_name", "name"),
    ("duration_seconds", "duration, length"),
    ("occurred_at", "date, time, when"),
    ("subject", "topic, title"),
    ("direction", ""),
    ("tags", "tag, label, labels"),
)

_READ_ONLY: Mapping[str, tuple[tuple[str, FieldType], ...]] = {
    "account": (
        ("industry", FieldType.TEXT),
        ("country", FieldType.TEXT),
        ("last_interaction_at", FieldType.TIMESTAMP),
    ),
    "contact": (("account_name", FieldType.TEXT),),
    "opportunity": (("closed_at", FieldType.TIMESTAMP), ("last_interaction_at", FieldType.TIMESTAMP)),
    "task": (("completed_at", FieldType.TIMESTAMP),),
}
"""Columns a view shows that no tool writes."""


def fields_of(kind: str) -> dict[str, Field]:
    """Every field of a kind that can be asked for; the writable ones are the kind's own."""
    writable = dict(KINDS[kind].fields) if kind in KINDS else {}
    writable.pop("custom", None)
    shown = {name: Field(name, type_, "") for name, type_ in _READ_ONLY.get(kind, ())}
    stamps = {name: Field(name, FieldType.TIMESTAMP, "") for name in ("created_at", "updated_at")}
    return {**stamps, **shown, **writable}


def _phrases() -> dict[str, tuple[str, ...]]:
    """Phrase → the fields it may name, across all kinds; a field's own name always counts."""
    found: dict[str, list[str]] = {}
    names = {name for kind in KINDS for name in fields_of(kind)}
    for name in sorted(names):
        plain = name.removesuffix("_id").removesuffix("_at").replace("_", " ")
        for phrase in {plain, name.replace("_", " "), name}:
            found.setdefault(phrase, []).append(name)
    for name, line in _SYNONYMS:
        for phrase in filter(None, (part.strip() for part in line.split(","))):
            if name not in found.setdefault(phrase, []):
                found[phrase].append(name)
    return {phrase: tuple(names) for phrase, names in found.items()}


FIELD_WORDS = Phrases(_phrases())


def field_at(tokens: Sequence[Token], at: int, kinds: Sequence[str]) -> tuple[Field, int] | None:
    """The field of one of the kinds that is named at a token, and the index after it."""
    hit = FIELD_WORDS.at(tokens, at)
    if hit is None:
        return None
    names, end = hit
    for kind in kinds:
        own = fields_of(kind)
        for name in names:
            if name in own:
                return own[name], end
    if end > at + 1:
        return field_at(tokens[: end - 1], at, kinds)
    return None


def sole_kind(names: Sequence[str]) -> tuple[str, ...]:
    """The job or partnership that alone keeps one of the fields, so that what is named is one; else empty."""
    held = {kind for kind, each in KINDS.items() for name in names if name in each.fields}
    return tuple(held) if len(held) == 1 and held <= {"job", "partnership"} else ()
