"""Who is erased: the records of one person, and everything the person is or was called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from schema.session import ReadSession, Row

# A merged individual is the same person, in whichever direction the merge went.
_SAME: LiteralString = """
WITH RECURSIVE same (id) AS (
    SELECT CAST(:individual AS uuid)
    UNION
    SELECT CASE WHEN i.id = s.id THEN i.merged_into_id ELSE i.id END
    FROM crm.individuals i JOIN same s ON i.tenant_id = :tenant AND s.id IN (i.id, i.merged_into_id)
    WHERE i.merged_into_id IS NOT NULL
)
SELECT i.* FROM crm.individuals i JOIN same s ON i.id = s.id WHERE i.tenant_id = :tenant ORDER BY i.id FOR UPDATE
"""
_CONTACTS: LiteralString = (
    "SELECT * FROM crm.contacts WHERE tenant_id = :tenant AND individual_id = ANY(:individuals) ORDER BY id FOR UPDATE"
)
_IMAGES: LiteralString = """
SELECT before, after FROM crm.audit_events
WHERE tenant_id = :tenant AND record_id = ANY(:individuals) AND table_name = 'individuals'
"""
_OTHERS: LiteralString = """
SELECT i.id, i.given_name, i.family_name, i.email, i.phone FROM crm.individuals i
WHERE i.tenant_id = :tenant AND i.id <> ALL(:individuals)
  AND (crm.fold(i.given_name || ' ' || i.family_name) = ANY(:names)
       OR lower(i.email) = ANY(:emails) OR i.phone = ANY(:phones))
UNION ALL
SELECT u.id, u.name, '', u.email, NULL FROM crm.users u
WHERE u.tenant_id = :tenant AND (crm.fold(u.name) = ANY(:names) OR lower(u.email) = ANY(:emails))
"""
_CALLED_ALIKE: LiteralString = """
SELECT r.id, r.kind, r.label FROM crm.records r
WHERE r.tenant_id = :tenant AND r.id <> ALL(:own) AND r.kind IN ('individual', 'contact', 'organization', 'account')
  AND EXISTS (SELECT FROM unnest(CAST(:words AS text[])) w
              WHERE w <> '' AND ' ' || crm.fold(r.label) || ' ' LIKE '% ' || w || '%')
UNION ALL
SELECT u.id, 'user', u.name FROM crm.users u
WHERE u.tenant_id = :tenant AND EXISTS (SELECT FROM unnest(CAST(:words AS text[])) w
    WHERE w <> '' AND ' ' || crm.fold(u.name) || ' ' LIKE '% ' || w || '%')
"""
_WRITTEN: LiteralString = """
WITH about AS (
    SELECT id, body AS text FROM crm.notes WHERE tenant_id = :tenant AND about_id = ANY(:own)
    UNION ALL SELECT id, title FROM crm.tasks WHERE tenant_id = :tenant AND about_id = ANY(:own)
    UNION ALL SELECT id, body FROM crm.tasks WHERE tenant_id = :tenant AND about_id = ANY(:own)
)
SELECT text FROM about
UNION SELECT image ->> name FROM about JOIN crm.audit_events e ON e.tenant_id = :tenant AND e.record_id = about.id
CROSS JOIN LATERAL (VALUES (e.before), (e.after)) images (image) CROSS JOIN (VALUES ('body'), ('title')) names (name)
"""
_FOLD: LiteralString = "SELECT word, crm.fold(word) AS folded FROM unnest(CAST(:words AS text[])) word"

_FIND: LiteralString = """
SELECT i.id, r.label, i.email, r.is_deleted FROM crm.individuals i
JOIN crm.records r ON r.tenant_id = i.tenant_id AND r.id = i.id
WHERE i.tenant_id = :tenant AND i.merged_into_id IS NULL
  AND (lower(i.email) = lower(:text) OR r.name_key = crm.fold(:text)
       OR i.id = CAST(:id AS uuid)
       OR EXISTS (SELECT FROM crm.contacts c
                  WHERE c.tenant_id = i.tenant_id AND c.individual_id = i.id AND c.id = CAST(:id AS uuid)))
ORDER BY r.label, i.id
"""


@dataclass(frozen=True)
class Other:
    """Somebody who has a name, an address or a number in common with the person."""

    other_id: UUID
    name: tuple[str, str]
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Alike:
    """A person or a company whose name holds one of the person's."""

    other_id: UUID
    kind: str
    label: str


@dataclass(frozen=True)
class Person:
    """The person's records, and all they were ever called."""

    tenant_id: UUID
    individuals: Sequence[UUID]
    contacts: Sequence[UUID]
    accounts: Sequence[UUID]
    names: Sequence[tuple[str, str]]
    """Given and family name, today's and earlier ones."""
    emails: Sequence[str]
    phones: Sequence[str]
    written: Sequence[str]
    """Notes and tasks about the person, today's texts and earlier ones."""
    folded: Mapping[str, str]
    """Each name and word of a name as `crm.fold` writes it."""
    others: Sequence[Other]
    called_alike: Sequence["Alike"]

    @property
    def own(self) -> list[UUID]:
        return [*self.individuals, *self.contacts]

    @property
    def words(self) -> list[str]:
        """Each of the names by itself."""
        return list(dict.fromkeys(word for name in self.names for word in name if word))

    def fold(self, text: str) -> str:
        return self.folded[text]

    def is_shared(self, kind: str, value: str) -> bool:
        """Whether one of the others has it too; a name is given as written in full."""
        match kind:
            case "name":
                return any(_full(other.name).casefold() == value.casefold() for other in self.others)
            case "email":
                return any((other.email or "").lower() == value for other in self.others)
            case _:
                return any(other.phone == value for other in self.others)


def find_individuals(session: ReadSession, tenant_id: UUID, text: str, whole_id: UUID | None) -> list[Row]:
    """Individuals with this id (or a contact's), e-mail address or whole name, deleted ones too."""
    return session.rows(_FIND, tenant=tenant_id, text=text, id=whole_id)


def gather(session: ReadSession, tenant_id: UUID, individual_id: UUID) -> Person:
    """Everything there is to know of the person; locks its records."""
    rows = session.rows(_SAME, tenant=tenant_id, individual=individual_id)
    individuals = [row["id"] for row in rows]
    contacts = session.rows(_CONTACTS, tenant=tenant_id, individuals=individuals)
    images: list[Mapping[str, Any]] = [
        image
        for event in session.rows(_IMAGES, tenant=tenant_id, individuals=individuals)
        for image in (event["before"], event["after"])
        if image
    ]
    told: list[Mapping[str, Any]] = [*rows, *images]
    names = list(dict.fromkeys((str(each["given_name"]), str(each["family_name"] or "")) for each in told))
    emails = list(dict.fromkeys(str(each["email"]).lower() for each in told if each.get("email")))
    phones = list(dict.fromkeys(str(each["phone"]) for each in told if each.get("phone")))
    words = [word for name in names for word in (*name, _full(name))]
    folded = {row["word"]: row["folded"] for row in session.rows(_FOLD, words=words)}
    own = [*individuals, *(row["id"] for row in contacts)]
    others = session.rows(
        _OTHERS,
        tenant=tenant_id,
        individuals=individuals,
        names=[folded[_full(name)] for name in names],
        emails=emails,
        phones=phones,
    )
    alike = session.rows(
        _CALLED_ALIKE, tenant=tenant_id, own=own, words=[folded[word] for name in names for word in name if word]
    )
    return Person(
        tenant_id=tenant_id,
        individuals=individuals,
        contacts=[row["id"] for row in contacts],
        accounts=[row["account_id"] for row in contacts if row["account_id"]],
        names=names,
        emails=emails,
        phones=phones,
        written=[row["text"] for row in session.rows(_WRITTEN, tenant=tenant_id, own=own) if row["text"]],
        folded=folded,
        others=[
            Other(row["id"], (row["given_name"], row["family_name"]), row["email"], row["phone"]) for row in others
        ],
        called_alike=[Alike(row["id"], row["kind"], row["label"]) for row in alike],
    )


def _full(name: tuple[str, str]) -> str:
    return " ".join(word for word in name if word)
