"""Candidates for a name: words through the registry's keys, slips through a bounded fuzzy pass, e-mail and phone by value."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from retrieval.folding import fold
from retrieval.names import Match, match_name, variants_of
from retrieval.phones import region_of, to_e164
from schema.kinds import KINDS
from schema.session import Row
from schema.views import VIEWS
from tools.context import Call
from tools.records.rows import among
from tools.records.shown import CONTEXTS, label_of, view_of
from tools.records.tables import ACCOUNTS, CONTACTS, INDIVIDUALS, ORGANIZATIONS, RECORDS, USERS, table_of

MOST_BY_WORD = 2000
MOST_FUZZY = 50_000
"""Names read for one fuzzy pass; a tenant with more finds typos among its newest."""
FUZZY_CUTOFF = 68
KEPT_FUZZY = 60
RANK = {kind: position for position, kind in enumerate(("account", "contact", "organization", "individual", "user"))}
"""Between equals: our relationship before the company, the role before the person."""

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?[\d\s()./+-]{6,24}")


@dataclass(frozen=True)
class Candidate:
    """One record a query may mean."""

    kind: str
    record_id: UUID
    match: Match
    row: Row
    """Of its view."""


def find_candidates(
    call: Call, query: str, kinds: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]] = ()
) -> list[Candidate]:
    """Living records that `query` may mean, best first; `conditions` narrow the view of the one kind asked for."""
    reached = _by_reach(call, query, kinds)
    found = _read(call, reached, conditions)
    if not found:
        found = _by_words(call, query, kinds, conditions)
    if all(each.match.matched == "typo" for each in found):
        found = _merged(found, _by_slips(call, query, kinds, conditions))
    return sorted(found, key=lambda each: (-each.match.score, RANK.get(each.kind, len(RANK)), label_key(each)))


def find_deleted(call: Call, query: str, kinds: Sequence[str]) -> list[tuple[Row, Match]]:
    """Deleted records of the kinds, `{"id", "kind", "label"}` each, best first; without a query all, newest first."""
    named = call.session.select(_names(call, kinds, deleted=True).order_by(RECORDS.c.id.desc()).limit(MOST_BY_WORD))
    if not query:
        return [(row, Match(1.0, "name")) for row in named]
    matched = [(row, match) for row in named if (match := match_name(query, row["label"]))]
    return sorted(matched, key=lambda each: (-each[1].score, RANK.get(each[0]["kind"], len(RANK))))


def merged_into(call: Call, record_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The label of the record that each of these was merged into; absent where it was just deleted."""
    found: dict[UUID, str] = {}
    for name in dict.fromkeys(kind.table for kind in KINDS.values()):
        table = table_of(name)
        kept = sa.and_(RECORDS.c.tenant_id == table.c.tenant_id, RECORDS.c.id == table.c.merged_into_id)
        mine = table.c.tenant_id == call.tenant_id, among(table.c.id, record_ids)
        rows = call.session.select(sa.select(table.c.id, RECORDS.c.label).join(RECORDS, kept).where(*mine))
        found |= {row["id"]: row["label"] for row in rows}
    return found


def label_key(candidate: Candidate) -> tuple[str, str]:
    return fold(label_of(KINDS.get(candidate.kind), candidate.row)), str(candidate.record_id)


Reached = dict[tuple[str, UUID], Match]


def _by_reach(call: Call, query: str, kinds: Sequence[str]) -> Reached:
    """Records with exactly this id, e-mail address, domain or phone number; colleagues by `me` too."""
    text = query.strip()
    if _ID.fullmatch(text):
        return {(kind, UUID(text)): Match(1.0, "id") for kind in kinds}
    if text.lower() in {"me", "myself", "i"} and "user" in kinds:
        return {("user", call.who.user_id): Match(1.0, "name")}
    if _EMAIL.fullmatch(text):
        return _with_email(call, text.lower(), kinds)
    if _PHONE.fullmatch(text) and (number := to_e164(text, region_of(call.who.time_zone))):
        return _people(call, INDIVIDUALS.c.phone == number, kinds, "phone", 1.0)
    if domain := _DOMAIN.fullmatch(text):
        return _with_domain(call, domain[1].lower(), kinds)
    return {}


def _with_email(call: Call, email: str, kinds: Sequence[str]) -> Reached:
    found = _people(call, INDIVIDUALS.c.email == email, kinds, "e-mail", 1.0)
    if "user" in kinds:
        rows = call.session.select(
            sa.select(USERS.c.id).where(USERS.c.tenant_id == call.tenant_id, USERS.c.email == email)
        )
        found |= {("user", row["id"]): Match(1.0, "e-mail") for row in rows}
    return found


def _people(call: Call, condition: sa.ColumnElement[bool], kinds: Sequence[str], matched: str, score: float) -> Reached:
    rows = call.session.select(
        sa.select(INDIVIDUALS.c.id, CONTACTS.c.id.label("contact_id"))
        .outerjoin(
            CONTACTS,
            sa.and_(CONTACTS.c.tenant_id == INDIVIDUALS.c.tenant_id, CONTACTS.c.individual_id == INDIVIDUALS.c.id),
        )
        .where(INDIVIDUALS.c.tenant_id == call.tenant_id, condition)
        .limit(MOST_BY_WORD)
    )
    found: Reached = {}
    for row in rows:
        if "individual" in kinds:
            found["individual", row["id"]] = Match(score, matched)
        if "contact" in kinds and row["contact_id"] is not None:
            found["contact", row["contact_id"]] = Match(score, matched)
    return found


def _with_domain(call: Call, domain: str, kinds: Sequence[str]) -> Reached:
    """The organization of the domain, its accounts, and after them the people who write from it."""
    rows = call.session.select(
        sa.select(ORGANIZATIONS.c.id, ACCOUNTS.c.id.label("account_id"))
        .outerjoin(
            ACCOUNTS,
            sa.and_(
                ACCOUNTS.c.tenant_id == ORGANIZATIONS.c.tenant_id, ACCOUNTS.c.organization_id == ORGANIZATIONS.c.id
            ),
        )
        .where(ORGANIZATIONS.c.tenant_id == call.tenant_id, ORGANIZATIONS.c.domain == domain)
    )
    ending = INDIVIDUALS.c.email.endswith(f"@{domain}", autoescape=True)
    found = _people(call, ending, kinds, "domain", 0.7)
    for row in rows:
        if "organization" in kinds:
            found["organization", row["id"]] = Match(1.0, "domain")
        if "account" in kinds and row["account_id"] is not None:
            found["account", row["account_id"]] = Match(1.0, "domain")
    return found


def _by_words(
    call: Call, query: str, kinds: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]]
) -> list[Candidate]:
    """Records whose key holds one of the words, or a nickname of one."""
    words = [word for word in fold(query).split() if len(word) >= 2]
    if not words:
        return []
    spelled = sorted({*words, *(variant for word in words for variant in variants_of(word) if len(variant) >= 3)})
    joined = fold(query).replace(" ", "")
    key = RECORDS.c.name_key
    holds = sa.or_(
        *(key.contains(word, autoescape=True) for word in spelled),
        sa.func.replace(key, " ", "").contains(joined, autoescape=True),
    )
    named = _with_users(call, kinds, _names(call, kinds).where(holds).limit(MOST_BY_WORD))
    return _scored(call, query, named, conditions)


def _by_slips(
    call: Call, query: str, kinds: Sequence[str], conditions: Sequence[sa.ColumnElement[bool]]
) -> list[Candidate]:
    """Records whose names look alike; the fast scorer keeps the few that the exact one then judges."""
    typed = fold(query)
    if len(typed) < 3:
        return []
    named = _with_users(call, kinds, _names(call, kinds).order_by(RECORDS.c.id.desc()).limit(MOST_FUZZY))
    keys = [row["name_key"] for row in named]
    close: set[int] = set()
    for scorer in (fuzz.token_sort_ratio, fuzz.partial_ratio, fuzz.token_set_ratio):
        close |= {
            position
            for _, _, position in process.extract(
                typed, keys, scorer=scorer, processor=None, score_cutoff=FUZZY_CUTOFF, limit=KEPT_FUZZY
            )
        }
    return _scored(call, query, [named[position] for position in sorted(close)], conditions)


def _names(call: Call, kinds: Sequence[str], *, deleted: bool = False) -> sa.Select[Any, Any, Any, Any]:
    is_deleted = RECORDS.c.is_deleted
    return sa.select(RECORDS.c.id, RECORDS.c.kind, RECORDS.c.label, RECORDS.c.name_key).where(
        RECORDS.c.tenant_id == call.tenant_id, RECORDS.c.kind.in_(kinds), is_deleted if deleted else sa.not_(is_deleted)
    )


def _with_users(call: Call, kinds: Sequence[str], names: sa.Select[Any, Any, Any, Any]) -> list[Row]:
    """These names, and where colleagues are looked for too, all of theirs."""
    if "user" not in kinds:
        return call.session.select(names)
    users = sa.select(
        USERS.c.id,
        sa.literal("user").label("kind"),
        USERS.c.name.label("label"),
        sa.func.crm.fold(USERS.c.name).label("name_key"),
    ).where(USERS.c.tenant_id == call.tenant_id)
    return call.session.select(sa.union_all(names, users))


def _scored(
    call: Call, query: str, named: Sequence[Row], conditions: Sequence[sa.ColumnElement[bool]]
) -> list[Candidate]:
    """Those that the query names; when none does, those whose name and surroundings together hold every word."""
    plain: Reached = {}
    unsure: Reached = {}
    for row in named:
        match = match_name(query, row["label"])
        place = plain if match else unsure
        place[row["kind"], row["id"]] = match or Match(0, "name")
    found = _read(call, plain, conditions)
    return found or (_in_context(call, query, unsure, conditions) if " " in fold(query) else [])


def _in_context(
    call: Call, query: str, unsure: Reached, conditions: Sequence[sa.ColumnElement[bool]]
) -> list[Candidate]:
    """Records whose name and surroundings together hold every word: `Maria Lopez Acme`."""
    found: list[Candidate] = []
    for each in _read(call, unsure, conditions):
        context = " ".join(str(each.row.get(name) or "") for name in CONTEXTS.get(each.kind, ()))
        match = match_name(query, label_of(KINDS.get(each.kind), each.row), context)
        if match is not None:
            found.append(Candidate(each.kind, each.record_id, match, each.row))
    return found


def _read(
    call: Call, reached: Mapping[tuple[str, UUID], Match], conditions: Sequence[sa.ColumnElement[bool]]
) -> list[Candidate]:
    """The candidates whose rows their views show, and the conditions keep."""
    by_kind: dict[str, list[UUID]] = {}
    for kind, record_id in reached:
        by_kind.setdefault(kind, []).append(record_id)
    found: list[Candidate] = []
    for kind, record_ids in by_kind.items():
        view, key = view_of(kind)
        clause = VIEWS[view].clause()
        rows = call.session.select(sa.select(clause).where(clause.c[key].in_(record_ids), *conditions))
        found += [Candidate(kind, row[key], reached[kind, row[key]], row) for row in rows]
    return found


def _merged(found: Sequence[Candidate], more: Iterable[Candidate]) -> list[Candidate]:
    known = {(each.kind, each.record_id) for each in found}
    return [*found, *(each for each in more if (each.kind, each.record_id) not in known)]
