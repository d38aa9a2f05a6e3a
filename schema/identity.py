"""Who is asking: one signed-in user of one tenant."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    """A user as the database knows them; rights come from `role`, periods from `time_zone`."""

    tenant_id: UUID
    tenant_slug: str
    tenant_name: str
    user_id: UUID
    email: str
    name: str
    role: str
    """admin, manager, member or viewer."""
    team_id: UUID | None
    time_zone: str
    """IANA name: the user's own, else the tenant's."""
    currency: str
    """ISO 4217 code of the tenant's money."""
    fiscal_year_start_month: int


@dataclass(frozen=True, slots=True)
class TokenIdentity:
    """Who a bearer token acts for, and what it may do at most."""

    token_id: UUID
    who: Identity
    scopes: frozenset[str]
