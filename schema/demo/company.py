"""One demo tenant while its story is told: what later chapters must know of earlier ones, and no more."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.demo.chance import Chance
from schema.demo.history import RecordHistory
from schema.demo.staff import HISTORY_DAYS, Staff
from schema.demo.tenants import Blueprint


@dataclass(slots=True, eq=False)
class Person:
    """A contact."""

    contact_id: UUID
    individual_id: UUID
    given_name: str
    family_name: str
    title: str | None
    created_at: datetime

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(slots=True, eq=False)
class Client:
    """An account."""

    history: RecordHistory
    name: str
    spoken: str
    tier: str
    country: str
    currency: str
    domain: str
    owner: Staff
    created_at: datetime
    people: list[Person] = field(default_factory=list[Person])
    wins: list[datetime] = field(default_factory=list[datetime])
    has_open: bool = False
    is_cast: bool = False

    @property
    def account_id(self) -> UUID:
        return self.history.id

    def people_by(self, moment: datetime) -> list[Person]:
        return [person for person in self.people if person.created_at <= moment]


@dataclass(slots=True, eq=False)
class Pursuit:
    """A lead: an opportunity, job or partnership."""

    record_id: UUID
    kind: str
    name: str
    client: Client
    person: Person
    owner: Staff
    status: str
    outcome: str
    """open, won or lost."""
    opened_at: datetime
    closed_at: datetime | None
    amount: str | None
    """As people write it, with its currency."""
    loss_reason: str | None = None


@dataclass(slots=True, eq=False)
class Company:
    """A tenant, its people and what it has so far."""

    blueprint: Blueprint
    chance: Chance
    tenant_id: UUID
    staff: list[Staff]
    clients: list[Client] = field(default_factory=list[Client])
    pursuits: list[Pursuit] = field(default_factory=list[Pursuit])
    open_pursuits: list[Pursuit] = field(default_factory=list[Pursuit])

    @property
    def start(self) -> datetime:
        """When the first records came in."""
        return self.chance.now - timedelta(days=HISTORY_DAYS)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.blueprint.zone)

    def user(self, login: str) -> Staff:
        return next(user for user in self.staff if user.login == login)

    def seller(self, at: datetime) -> Staff:
        """Somebody who sold at that time; the admin and the managers less often than the members."""
        weights = {
            user: {"admin": 0.7, "manager": 0.8, "member": 1.3}[user.role]
            for user in self.staff
            if user.role != "viewer" and user.works_at(at)
        }
        return self.chance.weighted(weights)

    def remember(self, pursuit: Pursuit) -> None:
        self.pursuits.append(pursuit)
        if pursuit.outcome == "open":
            self.open_pursuits.append(pursuit)

    def earliest_client(self) -> Client:
        return min((client for client in self.clients if not client.is_cast), key=lambda client: client.created_at)

    def still_there(self, user: Staff, at: datetime) -> Staff:
        """That user, or whoever does the work once they have left."""
        return user if user.works_at(at) else self.staff[0]

    def history(self, kind: str) -> RecordHistory:
        return RecordHistory(self.chance, self.tenant_id, kind)
