"""Jobs that we may fill at an account, and partnerships that may come about."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from schema.demo.company import Client, Company, Person, Pursuit
from schema.demo.history import Version
from schema.demo.staff import Staff
from schema.demo.texts.deals import LEAD_MOVES, PARTNER_TYPES, POSITIONS

STATUSES_NOW = {"new": 28.0, "in_progress": 32.0, "won": 24.0, "lost": 16.0}


def jobs(company: Company) -> Iterator[Version]:
    for _ in range(company.blueprint.sizes.jobs):
        client, person, owner, at = _parties(company)
        position = company.chance.pick(POSITIONS)
        low = company.chance.number(42, 80) * 1000
        knows_salary = company.chance.odds(0.85)
        start = at + timedelta(days=company.chance.number(45, 200))
        fields: dict[str, Any] = {
            "name": f"{position} at {client.spoken}",
            "position": position,
            "salary_min": _money(low) if knows_salary else None,
            "salary_max": _money(low + company.chance.number(4, 22) * 1000) if knows_salary else None,
            "currency": client.currency,
            "start_date": start.date().replace(day=1) if company.chance.odds(0.8) else None,
        }
        yield from _told(company, "job", client, person, owner, at, fields)


def partnerships(company: Company) -> Iterator[Version]:
    for _ in range(company.blueprint.sizes.partnerships):
        client, person, owner, at = _parties(company)
        partner_type = company.chance.pick(PARTNER_TYPES)
        share = Decimal(company.chance.number(2, 12) * 250) / 100
        fields: dict[str, Any] = {
            "name": f"{client.spoken} {partner_type} partnership",
            "partner_type": partner_type if company.chance.odds(0.9) else None,
            "revenue_share": share.quantize(Decimal("0.01")) if company.chance.odds(0.8) else None,
        }
        yield from _told(company, "partnership", client, person, owner, at, fields)


def _money(amount: int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def _parties(company: Company) -> tuple[Client, Person, Staff, datetime]:
    """An account, somebody there, somebody here, and when it began."""
    chance = company.chance
    client = chance.pick([client for client in company.clients if not client.is_cast])
    earliest = client.people[0].created_at + timedelta(hours=2)
    owner = company.seller(earliest)
    at = chance.at_work(chance.between(earliest, chance.now - timedelta(days=2)), owner.zone, after=earliest)
    owner = company.still_there(owner, at)
    return client, chance.pick(client.people_by(at)), owner, at


def _told(
    company: Company, kind: str, client: Client, person: Person, owner: Staff, at: datetime, fields: dict[str, Any]
) -> Iterator[Version]:
    chance = company.chance
    history = company.history(kind)
    links = {"account_id": client.account_id, "contact_id": person.contact_id, "owner_id": owner.user_id}
    history.create(at, owner, "Came up in a talk with them.", {**fields, **links, "status": "new"})
    status = chance.weighted(STATUSES_NOW)
    closed_at = None
    for step in () if status == "new" else ("in_progress",) if status == "in_progress" else ("in_progress", status):
        latest = min(history.changed_at + timedelta(days=60), chance.now)
        at = chance.at_work(chance.between(history.changed_at, latest), owner.zone, after=history.changed_at)
        at = min(max(at, history.changed_at + timedelta(seconds=30)), chance.now)
        closed_at = at if step in {"won", "lost"} else None
        by = company.still_there(owner, at)
        history.update(at, by, chance.pick(LEAD_MOVES[step]), {"status": step, "closed_at": closed_at})
    if owner.left_at is not None and closed_at is None:
        heir = company.staff[0]
        at = max(owner.left_at, history.changed_at) + timedelta(minutes=9)
        history.update(at, company.staff[1], f"{owner.name} has left.", {"owner_id": heir.user_id})
        owner = heir
    company.remember(
        Pursuit(
            record_id=history.id,
            kind=kind,
            name=fields["name"],
            client=client,
            person=person,
            owner=owner,
            status=status,
            outcome=status if status in {"won", "lost"} else "open",
            opened_at=history.versions[0].row["created_at"],
            closed_at=closed_at,
            amount=None,
        )
    )
    yield from history.versions
