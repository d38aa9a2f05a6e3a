"""Making a tenant: the company, its statuses and the moves between them, and its first admin."""

from dataclasses import dataclass, field, replace
from typing import LiteralString
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from schema.checks import read_currency, read_email, read_name, read_slug, read_time_zone
from schema.database import Database, sqlstate
from schema.errors import CrmError
from schema.identity import Identity
from schema.kinds import STATUSES, transitions
from schema.models import Status, StatusTransition, Tenant, User
from schema.session import Change, Row

_LIST: LiteralString = """
SELECT t.tenant_id, t.slug, t.name, t.time_zone, t.currency, t.fiscal_year_start_month, t.created_at,
       count(u.id) FILTER (WHERE u.is_active) AS users,
       coalesce(array_agg(u.email ORDER BY u.created_at, u.id) FILTER (WHERE u.is_active AND u.role = 'admin'), '{}')
           AS admins
FROM crm.tenants t LEFT JOIN crm.users u ON u.tenant_id = t.tenant_id
GROUP BY t.tenant_id ORDER BY t.slug
"""


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
    password_hash: str | None = field(default=None, repr=False)
    """argon2, of its admin; None means no sign-in by password."""

    def checked(self) -> "NewTenant":
        """The same as it is kept. Raises CrmError (invalid) for what no tenant can have."""
        if not 1 <= self.fiscal_year_start_month <= 12:
            raise CrmError("invalid", f"A fiscal year starts in month 1 to 12, not {self.fiscal_year_start_month}.")
        return replace(
            self,
            slug=read_slug(self.slug),
            name=read_name(self.name, "The tenant's name"),
            admin_email=read_email(self.admin_email),
            admin_name=read_name(self.admin_name, "The admin's name"),
            time_zone=read_time_zone(self.time_zone),
            currency=read_currency(self.currency),
        )


def create_tenant(database: Database, new: NewTenant) -> Identity:
    """Makes the tenant, all of it or nothing, and signs its admin in. Raises CrmError (invalid, conflict)."""
    wanted = new.checked()
    now, tenant_id = database.world.now(), database.world.new_id()
    first = Change(database.world.new_id(), "First user of the tenant")
    try:
        with database.job(tenant_id, first) as session:
            # One that this PostgreSQL does not know would fail each transaction of its users.
            session.scalar("SELECT CAST(now() AT TIME ZONE :zone AS text)", zone=wanted.time_zone)
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
            session.execute(
                insert(User).values(
                    tenant_id=tenant_id,
                    id=database.world.new_id(),
                    email=wanted.admin_email,
                    name=wanted.admin_name,
                    role="admin",
                    password_hash=wanted.password_hash,
                    created_at=now,
                    updated_at=now,
                )
            )
    except DBAPIError as error:
        raise _explained(error, wanted) from None
    return database.sign_in(wanted.admin_email, wanted.slug)


def list_tenants(database: Database) -> list[Row]:
    """Every tenant with how many may sign in and who its admins are, for the operator of the installation."""
    with database.across_tenants() as session:
        return session.rows(_LIST)


def _explained(error: DBAPIError, wanted: NewTenant) -> Exception:
    match sqlstate(error):
        case "23505":
            return CrmError("conflict", f"There is a tenant {wanted.slug} already; choose another slug.")
        case "22023":
            return CrmError("invalid", f"This PostgreSQL does not know the time zone {wanted.time_zone}.")
        case _:
            return error


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
