"""The day a demo tenant was set up: tenant, statuses and their moves, teams, users."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher

from schema.demo.company import Company
from schema.demo.history import Change, Row, Version
from schema.demo.staff import Staff, founding
from schema.kinds import STATUSES, transitions

DEMO_PASSWORD = "brightwater-demo"  # noqa: S105
"""Everybody's password in the demo company; public, and worth nothing anywhere else."""


def founded(company: Company, teams: Mapping[str, UUID]) -> Iterator[Version]:
    """All rows that are there before the first record."""
    day = founding(company.chance)
    yield Version("tenants", None, _tenant(company, day))
    yield from _teams(company, teams, day)
    yield from _users(company)
    for row in _statuses():
        yield Version("statuses", None, {"tenant_id": company.tenant_id, **row})
    for row in _transitions():
        yield Version("status_transitions", None, {"tenant_id": company.tenant_id, **row})


def _tenant(company: Company, founded: datetime) -> Row:
    return {
        "tenant_id": company.tenant_id,
        "slug": company.blueprint.slug,
        "name": company.blueprint.name,
        "time_zone": company.blueprint.zone,
        "currency": company.blueprint.currency,
        "fiscal_year_start_month": company.blueprint.fiscal_year_start_month,
        "created_at": founded,
        "updated_at": founded,
    }


def _teams(company: Company, teams: Mapping[str, UUID], founded: datetime) -> Iterator[Version]:
    for name, team_id in teams.items():
        change = _change(company, "team", team_id, founded, None, "The tenant was set up.")
        yield Version("teams", change, {"tenant_id": company.tenant_id, "id": team_id, "name": name})


def _users(company: Company) -> Iterator[Version]:
    """The admin came with the tenant and made the others' sign-ins."""
    admin = company.staff[0]
    password = password_hash()
    for user in company.staff:
        row = _user(company, user, password)
        by, reason = (None, "The tenant was set up.") if user is admin else (admin, f"{user.name} joined us.")
        yield Version("users", _change(company, "user", user.user_id, user.joined_at, by, reason), row)
        if user.left_at is not None:
            change = _change(company, "user", user.user_id, user.left_at, admin, f"{user.name} has left.", "update")
            yield Version("users", change, {**row, "is_active": False, "updated_at": user.left_at})


def _user(company: Company, user: Staff, password: str) -> Row:
    """A user in the tenant's own zone names none."""
    return {
        "tenant_id": company.tenant_id,
        "id": user.user_id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "team_id": user.team_id,
        "time_zone": None if user.zone.key == company.blueprint.zone else user.zone.key,
        "is_active": True,
        "password_hash": password,
        "created_at": user.joined_at,
        "updated_at": user.joined_at,
    }


def _change(
    company: Company, kind: str, row_id: UUID, at: datetime, by: Staff | None, reason: str, action: str = "create"
) -> Change:
    return Change(company.chance.new_id(at), at, action, kind, row_id, by, via_agent=False, reason=reason, prompt=None)


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The demo password, always under the same salt: the same seed gives the same row, and there is no secret to keep."""
    return PasswordHasher().hash(DEMO_PASSWORD, salt=b"the demo company")


def _statuses() -> Iterator[dict[str, Any]]:
    for kind, statuses in STATUSES.items():
        for position, (status, outcome) in enumerate(statuses):
            outcomes = {f"is_{name}": name == outcome for name in ("open", "won", "lost")}
            yield {"record_kind": kind, "status": status, "position": position, **outcomes}


def _transitions() -> Iterator[dict[str, Any]]:
    for kind in STATUSES:
        for start, end in transitions(kind):
            yield {"record_kind": kind, "from_status": start, "to_status": end}
