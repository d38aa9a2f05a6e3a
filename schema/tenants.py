"""Making a tenant: the company, its statuses and the moves between them, and its first admin."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from schema.database import Database
from schema.identity import Identity
from schema.kinds import STATUSES, transitions
from schema.models import Status, StatusTransition, Tenant, User
from schema.session import Change


@dataclass(frozen=True, slots=True)
class NewTenant:
    """What a tenant starts with."""

    slug: str
    name: str
    admin_email: str
    admin_name: str
    time_zone: str = "UTC"
    currency: str = "EUR"
    fiscal_year_start_month: int = 1


def create_tenant(database: Database, wanted: NewTenant) -> Identity:
    """Makes the tenant and signs its admin in."""
    now, tenant_id = database.world.now(), database.world.new_id()
    with database.across_tenants() as session:
        session.execute(
            insert(Tenant).values(
                tenant_id=tenant_id,
                slug=wanted.slug,
                name=wanted.name,
                time_zone=wanted.time_zone,
                currency=wanted.currency,
                fiscal_year_start_month=wanted.fiscal_year_start_month,
                created_at=now,
                updated_at=now,
            )
        )
        session.execute(insert(Status), status_rows(tenant_id))
        session.execute(insert(StatusTransition), transition_rows(tenant_id))
    with database.job(tenant_id, Change(database.world.new_id(), "First user of the tenant")) as session:
        session.execute(
            insert(User).values(
                tenant_id=tenant_id,
                id=database.world.new_id(),
                email=wanted.admin_email.lower(),
                name=wanted.admin_name,
                role="admin",
                created_at=now,
                updated_at=now,
            )
        )
    return database.sign_in(wanted.admin_email, wanted.slug)


def status_rows(tenant_id: UUID) -> list[dict[str, object]]:
    """The statuses a new tenant starts with."""
    return [
        {
            "tenant_id": tenant_id,
            "record_kind": kind,
            "status": status,
            "position": position,
            "is_open": outcome == "open",
            "is_won": outcome == "won",
            "is_lost": outcome == "lost",
        }
        for kind, statuses in STATUSES.items()
        for position, (status, outcome) in enumerate(statuses)
    ]


def transition_rows(tenant_id: UUID) -> list[dict[str, object]]:
    """The moves a new tenant allows."""
    return [
        {"tenant_id": tenant_id, "record_kind": kind, "from_status": start, "to_status": end}
        for kind in STATUSES
        for start, end in transitions(kind)
    ]
