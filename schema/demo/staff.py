"""Who works at a demo tenant, and since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.demo.chance import Chance
from schema.demo.tenants import Blueprint

HISTORY_DAYS = 730
FOUNDED_DAYS = 45
"""How long before the first record the tenant was set up."""


@dataclass(frozen=True, slots=True, eq=False)
class Staff:
    """One user."""

    user_id: UUID
    email: str
    name: str
    role: str
    team_id: UUID | None
    zone: ZoneInfo
    joined_at: datetime
    left_at: datetime | None

    @property
    def given_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def login(self) -> str:
        return self.email.split("@")[0]

    def works_at(self, moment: datetime) -> bool:
        return self.joined_at <= moment and (self.left_at is None or moment < self.left_at)


def founding(chance: Chance) -> datetime:
    return chance.now - timedelta(days=HISTORY_DAYS + FOUNDED_DAYS)


def hire(chance: Chance, blueprint: Blueprint) -> tuple[dict[str, UUID], list[Staff]]:
    """The teams by name, and everybody who works there; the first is the admin."""
    founded = founding(chance)
    teams = {name: chance.new_id(founded) for name in blueprint.teams}
    staff = [
        Staff(
            user_id=chance.new_id(joined),
            email=f"{one.login}@{blueprint.slug}.example",
            name=one.name,
            role=one.role,
            team_id=teams[one.team] if one.team else None,
            zone=ZoneInfo(one.zone),
            joined_at=joined,
            left_at=None if one.left_days_ago is None else chance.now - timedelta(days=one.left_days_ago),
        )
        for one in blueprint.hires
        for joined in [founded + timedelta(days=one.joined, minutes=7)]
    ]
    return teams, staff
