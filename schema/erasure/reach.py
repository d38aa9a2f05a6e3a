"""Which rows hang together with the person, and how closely."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

from schema.erasure.person import Person
from schema.erasure.texts import Reach
from schema.session import ReadSession, Row

_LINKED: LiteralString = """
WITH leads AS (
    SELECT id FROM crm.leads WHERE tenant_id = :tenant AND contact_id = ANY(:contacts)
), subjects AS (
    SELECT unnest(CAST(:own AS uuid[])) AS id UNION SELECT id FROM leads
)
SELECT id FROM subjects
UNION SELECT id FROM crm.tasks WHERE tenant_id = :tenant AND about_id IN (SELECT id FROM subjects)
UNION SELECT id FROM crm.notes WHERE tenant_id = :tenant AND about_id IN (SELECT id FROM subjects)
UNION SELECT id FROM crm.interactions WHERE tenant_id = :tenant AND about_id IN (SELECT id FROM subjects)
UNION SELECT interaction_id FROM crm.interaction_participants
      WHERE tenant_id = :tenant AND individual_id = ANY(:individuals)
"""
_NEAR: LiteralString = """
WITH accounts AS (
    SELECT a.id, a.organization_id FROM crm.accounts a WHERE a.tenant_id = :tenant AND a.id = ANY(:accounts)
), leads AS (
    SELECT id FROM crm.leads WHERE tenant_id = :tenant AND account_id IN (SELECT id FROM accounts)
), subjects AS (
    SELECT id FROM accounts UNION SELECT organization_id FROM accounts WHERE organization_id IS NOT NULL
    UNION SELECT id FROM leads
)
SELECT id FROM subjects
UNION SELECT id FROM crm.tasks WHERE tenant_id = :tenant AND about_id IN (SELECT id FROM subjects)
UNION SELECT id FROM crm.notes WHERE tenant_id = :tenant AND about_id IN (SELECT id FROM subjects)
UNION SELECT id FROM crm.interactions
      WHERE tenant_id = :tenant AND (about_id IN (SELECT id FROM subjects) OR account_id IN (SELECT id FROM accounts))
"""
_OTHERS_CONTACTS: LiteralString = (
    "SELECT id, account_id FROM crm.contacts WHERE tenant_id = :tenant AND individual_id = ANY(:individuals)"
)
_RUNS: LiteralString = """
SELECT run_id FROM crm.audit_events
WHERE tenant_id = :tenant AND run_id IS NOT NULL AND record_id = ANY(:records)
UNION SELECT run_id FROM crm.tool_calls
      WHERE tenant_id = :tenant AND run_id IS NOT NULL AND concat(args, result) ~ :ids
UNION SELECT run_id FROM crm.steps WHERE tenant_id = :tenant AND CAST(message AS text) ~ :ids
UNION SELECT run_id FROM crm.approvals
      WHERE tenant_id = :tenant AND run_id IS NOT NULL AND concat(args, changes, result) ~ :ids
"""
_COMPANY: LiteralString = """
SELECT p.interaction_id, i.given_name, i.family_name FROM crm.interaction_participants p
JOIN crm.individuals i ON i.tenant_id = p.tenant_id AND i.id = p.individual_id
WHERE p.tenant_id = :tenant AND p.interaction_id = ANY(:records) AND i.id <> ALL(:individuals)
UNION ALL
SELECT p.interaction_id, u.name, '' FROM crm.interaction_participants p
JOIN crm.users u ON u.tenant_id = p.tenant_id AND u.id = p.user_id
WHERE p.tenant_id = :tenant AND p.interaction_id = ANY(:records)
UNION ALL
SELECT t.id, u.name, '' FROM crm.interactions t JOIN crm.users u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
WHERE t.tenant_id = :tenant AND t.id = ANY(:records)
"""
_COLLEAGUES: LiteralString = """
SELECT i.given_name, i.family_name FROM crm.contacts c
JOIN crm.individuals i ON i.tenant_id = c.tenant_id AND i.id = c.individual_id
WHERE c.tenant_id = :tenant AND c.account_id = ANY(:accounts) AND i.id <> ALL(:individuals)
UNION ALL SELECT name, '' FROM crm.users WHERE tenant_id = :tenant
"""


@dataclass(frozen=True)
class Links:
    """The reach of each record and run that has one."""

    records: Mapping[UUID, Reach]
    runs: Mapping[UUID, Reach]
    about: frozenset[UUID]
    """Notes and tasks about the person itself."""
    company: Mapping[UUID, frozenset[str]] = field(default_factory=dict[UUID, frozenset[str]])
    """Names of others who took part, folded, by interaction: there they are not the person's alone."""

    def of_record(self, record_id: UUID | None) -> Reach:
        return self.records.get(record_id, Reach.UNKNOWN) if record_id else Reach.UNKNOWN

    def of_run(self, run_id: UUID | None) -> Reach:
        return self.runs.get(run_id, Reach.UNKNOWN) if run_id else Reach.UNKNOWN

    def without(self, record_id: UUID | None) -> frozenset[str]:
        return self.company.get(record_id, frozenset()) if record_id else frozenset()


def links_of(session: ReadSession, person: Person) -> Links:
    linked = _linked(session, person.tenant_id, person.individuals, person.contacts)
    near = _near(session, person.tenant_id, person.accounts)
    others = [other.other_id for other in person.others]
    theirs = session.rows(_OTHERS_CONTACTS, tenant=person.tenant_id, individuals=others)
    their_linked = _linked(session, person.tenant_id, others, [row["id"] for row in theirs])
    their_near = _near(session, person.tenant_id, [row["account_id"] for row in theirs if row["account_id"]])
    records = dict.fromkeys(near - their_near - their_linked, Reach.LINKED)
    records |= dict.fromkeys(linked - their_linked, Reach.LINKED)
    # Where a namesake took part as well, only what nobody else is called by tells the two apart.
    records |= dict.fromkeys(linked & their_linked, Reach.UNKNOWN)
    records |= dict.fromkeys(person.own, Reach.LINKED)
    return Links(
        records=records,
        runs=dict.fromkeys(_runs(session, person), Reach.LINKED),
        about=_about(session, person),
        company=_company(session, person, linked, near),
    )


def _linked(session: ReadSession, tenant_id: UUID, individuals: Iterable[UUID], contacts: Iterable[UUID]) -> set[UUID]:
    individuals, contacts = list(individuals), list(contacts)
    rows = session.rows(
        _LINKED, tenant=tenant_id, individuals=individuals, contacts=contacts, own=[*individuals, *contacts]
    )
    return {row["id"] for row in rows}


def _near(session: ReadSession, tenant_id: UUID, accounts: Iterable[UUID]) -> set[UUID]:
    return {row["id"] for row in session.rows(_NEAR, tenant=tenant_id, accounts=list(accounts))}


def _runs(session: ReadSession, person: Person) -> set[UUID]:
    ids = "|".join(map(str, person.own))
    rows = session.rows(_RUNS, tenant=person.tenant_id, records=person.own, ids=ids)
    return {row["run_id"] for row in rows}


def _about(session: ReadSession, person: Person) -> frozenset[UUID]:
    rows = session.rows(
        "SELECT id FROM crm.notes WHERE tenant_id = :tenant AND about_id = ANY(:own)"
        " UNION SELECT id FROM crm.tasks WHERE tenant_id = :tenant AND about_id = ANY(:own)",
        tenant=person.tenant_id,
        own=person.own,
    )
    return frozenset(row["id"] for row in rows)


def _company(session: ReadSession, person: Person, linked: set[UUID], near: set[UUID]) -> dict[UUID, frozenset[str]]:
    """Where the person took part, the others who did; elsewhere at its accounts, the other contacts and all users."""
    rows = session.rows(_COMPANY, tenant=person.tenant_id, records=list(linked), individuals=list(person.individuals))
    company: dict[UUID, set[str]] = {}
    for row in rows:
        company.setdefault(row["interaction_id"], set()).update(_in_common(person, row))
    colleagues = session.rows(
        _COLLEAGUES, tenant=person.tenant_id, accounts=list(person.accounts), individuals=list(person.individuals)
    )
    there = {word for row in colleagues for word in _in_common(person, row)}
    company |= dict.fromkeys(near - linked, there)
    return {record_id: frozenset(words) for record_id, words in company.items()}


def _in_common(person: Person, other: Row) -> set[str]:
    """The single names that the person has in common with somebody, folded."""
    mine = {word.casefold(): person.fold(word) for word in person.words}
    words = {str(other["given_name"]).casefold(), str(other["family_name"]).casefold()}
    words |= {word.casefold() for word in str(other["given_name"]).split()}
    return {mine[word] for word in words & mine.keys()}
