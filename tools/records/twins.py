"""Entity resolution on create: records that a new one looks like, found under a lock so that two creators cannot race."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from retrieval.folding import company_key, fold
from retrieval.names import same_name
from schema.kinds import Kind
from tools.context import Call
from tools.records.shown import detail, view_rows
from tools.records.statuses import pipeline_of
from tools.records.tables import CONTACTS, INDIVIDUALS, INTERACTIONS, LEADS, ORGANIZATIONS, RECORDS, TASKS

MOST_SHOWN = 10
SAME_MOMENT = timedelta(minutes=1)

Values = Mapping[str, Any]


@dataclass
class Twins:
    """Found twins, each with everything that matched."""

    matched: dict[tuple[str, UUID], list[str]] = field(default_factory=dict[tuple[str, UUID], list[str]])

    def add(self, kind: str, record_ids: Iterable[UUID], by: str) -> None:
        for record_id in record_ids:
            reasons = self.matched.setdefault((kind, record_id), [])
            if by not in reasons:
                reasons.append(by)


def find_twins(call: Call, kind: Kind, values: Values) -> list[dict[str, Any]]:
    """What a new record with these values looks like: kind, record_id, label, detail, matched; best first."""
    finder = _FINDERS.get(kind.name)
    if finder is None:
        return []
    _lock(call, kind, values)
    twins = Twins()
    finder(call, kind, values, twins)
    return _shown(call, twins)


def _shown(call: Call, twins: Twins) -> list[dict[str, Any]]:
    by_kind: dict[str, list[UUID]] = {}
    for kind, record_id in twins.matched:
        by_kind.setdefault(kind, []).append(record_id)
    rows = {kind: view_rows(call.session, kind, record_ids) for kind, record_ids in by_kind.items()}
    labels = {
        row["id"]: row["label"]
        for row in call.session.select(
            sa.select(RECORDS.c.id, RECORDS.c.label).where(
                RECORDS.c.tenant_id == call.tenant_id, RECORDS.c.id.in_([key[1] for key in twins.matched])
            )
        )
    }
    shown = [
        {
            "kind": kind,
            "record_id": str(record_id),
            "label": labels[record_id],
            "detail": detail(kind, rows[kind][record_id]),
            "matched": matched,
        }
        for (kind, record_id), matched in twins.matched.items()
        if record_id in rows[kind]
    ]
    return sorted(shown, key=lambda twin: -len(twin["matched"]))[:MOST_SHOWN]


def _lock(call: Call, kind: Kind, values: Values) -> None:
    """Whoever else creates something alike waits until this transaction ends, and then sees its record.

    The keys are taken in one order by everybody, so that two creators who share several never wait in a circle.
    """
    family = "person" if kind.name in {"contact", "individual"} else kind.name
    for key in sorted(set(_KEYS[kind.name](values))):
        call.session.rows(
            "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))", key=f"{call.tenant_id}/{family}/{key}"
        )


def _organization_keys(values: Values) -> list[str]:
    return [company_key(values["name"]), *([values["domain"]] if values.get("domain") else [])]


def _person_keys(values: Values) -> list[str]:
    keys = [values.get("email"), values.get("phone"), fold(full_name(values)), values.get("individual_id")]
    return [str(key) for key in keys if key]


_KEYS: Mapping[str, Callable[[Values], list[str]]] = {
    "organization": _organization_keys,
    "account": lambda values: [company_key(values["name"])],
    "individual": _person_keys,
    "contact": _person_keys,
    "opportunity": lambda values: [f"{fold(values['name'])}/{values.get('account_id')}"],
    "job": lambda values: [f"{fold(values['name'])}/{values.get('account_id')}"],
    "partnership": lambda values: [f"{fold(values['name'])}/{values.get('account_id')}"],
    "task": lambda values: [f"{fold(values['title'])}/{values.get('about_id')}"],
    "interaction": lambda values: [f"{values['kind']}/{values.get('about_id')}"],
}


def full_name(values: Values) -> str:
    return f"{values.get('given_name') or ''} {values.get('family_name') or ''}".strip()


def _same_company(call: Call, kind: Kind, values: Values, twins: Twins) -> None:
    key = company_key(values["name"])
    first = key.split()[0] if key else fold(values["name"])
    if first:
        rows = call.session.select(_living(call, kind.name).where(RECORDS.c.name_key.contains(first, autoescape=True)))
        twins.add(kind.name, (row["id"] for row in rows if company_key(row["label"]) == key), "name")
    if values.get("domain"):
        rows = call.session.select(
            sa.select(ORGANIZATIONS.c.id).where(
                ORGANIZATIONS.c.tenant_id == call.tenant_id,
                ORGANIZATIONS.c.domain == values["domain"],
                ORGANIZATIONS.c.deleted_at.is_(None),
            )
        )
        twins.add(kind.name, (row["id"] for row in rows), "domain")


def _living(call: Call, kind: str) -> sa.Select[Any, Any]:
    return sa.select(RECORDS.c.id, RECORDS.c.label).where(
        RECORDS.c.tenant_id == call.tenant_id, RECORDS.c.kind == kind, sa.not_(RECORDS.c.is_deleted)
    )


def _same_reach(call: Call, values: Values) -> dict[str, list[UUID]]:
    """Individuals with the same e-mail or phone, by which."""
    found: dict[str, list[UUID]] = {}
    for name, by in (("email", "e-mail"), ("phone", "phone")):
        if values.get(name):
            rows = call.session.select(
                sa.select(INDIVIDUALS.c.id).where(
                    INDIVIDUALS.c.tenant_id == call.tenant_id,
                    INDIVIDUALS.c[name] == values[name],
                    INDIVIDUALS.c.deleted_at.is_(None),
                )
            )
            found[by] = [row["id"] for row in rows]
    return found


def _same_individual(call: Call, kind: Kind, values: Values, twins: Twins) -> None:
    for by, individuals in _same_reach(call, values).items():
        twins.add("individual", individuals, by)
    rows = call.session.select(
        sa.select(INDIVIDUALS)
        .join(
            RECORDS,
            sa.and_(RECORDS.c.tenant_id == INDIVIDUALS.c.tenant_id, RECORDS.c.id == INDIVIDUALS.c.id),
        )
        .where(
            INDIVIDUALS.c.tenant_id == call.tenant_id,
            RECORDS.c.kind == kind.name,
            RECORDS.c.name_key == fold(full_name(values)),
            INDIVIDUALS.c.deleted_at.is_(None),
        )
    )
    twins.add("individual", (row["id"] for row in rows if not _told_apart(values, row)), "name")


def _told_apart(values: Values, row: Mapping[str, Any]) -> bool:
    """People may share a name; two e-mail addresses that differ say they are two."""
    return bool(values.get("email") and row["email"] and values["email"] != row["email"])


def _same_contact(call: Call, _kind: Kind, values: Values, twins: Twins) -> None:
    contacts = sa.select(CONTACTS.c.id, CONTACTS.c.individual_id, CONTACTS.c.account_id).where(
        CONTACTS.c.tenant_id == call.tenant_id, CONTACTS.c.deleted_at.is_(None)
    )
    account = values.get("account_id")
    here = CONTACTS.c.account_id.is_(None) if account is None else CONTACTS.c.account_id == account
    if values.get("individual_id"):
        rows = call.session.select(contacts.where(CONTACTS.c.individual_id == values["individual_id"], here))
        twins.add("contact", (row["id"] for row in rows), "individual")
        return
    for by, individuals in _same_reach(call, values).items():
        rows = call.session.select(contacts.where(CONTACTS.c.individual_id.in_(individuals)))
        twins.add("contact", (row["id"] for row in rows), by)
        known = {row["individual_id"] for row in rows}
        twins.add("individual", (each for each in individuals if each not in known), by)
    named = call.session.select(
        contacts.add_columns(RECORDS.c.label)
        .join(RECORDS, sa.and_(RECORDS.c.tenant_id == CONTACTS.c.tenant_id, RECORDS.c.id == CONTACTS.c.id))
        .where(here)
    )
    name = full_name(values)
    twins.add("contact", (row["id"] for row in named if same_name(name, row["label"])), "name")


def _same_lead(call: Call, kind: Kind, values: Values, twins: Twins) -> None:
    pipeline = pipeline_of(call.session, call.tenant_id, kind)
    account = values.get("account_id")
    rows = call.session.select(
        sa.select(LEADS.c.id, LEADS.c.name).where(
            LEADS.c.tenant_id == call.tenant_id,
            LEADS.c.kind == kind.name,
            LEADS.c.account_id.is_(None) if account is None else LEADS.c.account_id == account,
            LEADS.c.status.in_([status for status, outcome in pipeline.outcomes.items() if outcome == "open"]),
            LEADS.c.deleted_at.is_(None),
        )
    )
    key = fold(values["name"])
    twins.add(kind.name, (row["id"] for row in rows if fold(row["name"]) == key), "name")


def _same_task(call: Call, kind: Kind, values: Values, twins: Twins) -> None:
    pipeline = pipeline_of(call.session, call.tenant_id, kind)
    rows = call.session.select(
        sa.select(TASKS.c.id, TASKS.c.title).where(
            TASKS.c.tenant_id == call.tenant_id,
            TASKS.c.about_id.is_not_distinct_from(values.get("about_id")),
            TASKS.c.assignee_id.is_not_distinct_from(values.get("assignee_id")),
            TASKS.c.status.in_([status for status, outcome in pipeline.outcomes.items() if outcome == "open"]),
            TASKS.c.deleted_at.is_(None),
        )
    )
    key = fold(values["title"])
    twins.add("task", (row["id"] for row in rows if fold(row["title"]) == key), "title")


def _same_interaction(call: Call, _kind: Kind, values: Values, twins: Twins) -> None:
    rows = call.session.select(
        sa.select(INTERACTIONS.c.id).where(
            INTERACTIONS.c.tenant_id == call.tenant_id,
            INTERACTIONS.c.about_id.is_not_distinct_from(values.get("about_id")),
            INTERACTIONS.c.kind == values["kind"],
            INTERACTIONS.c.subject.is_not_distinct_from(values.get("subject")),
            INTERACTIONS.c.body.is_not_distinct_from(values.get("body")),
            INTERACTIONS.c.occurred_at.between(
                values["occurred_at"] - SAME_MOMENT, values["occurred_at"] + SAME_MOMENT
            ),
            INTERACTIONS.c.deleted_at.is_(None),
        )
    )
    twins.add("interaction", (row["id"] for row in rows), "content and time")


_FINDERS: Mapping[str, Callable[[Call, Kind, Values, Twins], None]] = {
    "organization": _same_company,
    "account": _same_company,
    "individual": _same_individual,
    "contact": _same_contact,
    "opportunity": _same_lead,
    "job": _same_lead,
    "partnership": _same_lead,
    "task": _same_task,
    "interaction": _same_interaction,
}
