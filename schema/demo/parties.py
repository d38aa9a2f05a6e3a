"""Organizations and accounts: who there is to sell to, and since when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from operator import itemgetter
from typing import Any

from schema.demo.cast import CastAccount
from schema.demo.companies import DOINGS, LANDS, Profile, company_profile, spoken_name
from schema.demo.company import Client, Company
from schema.demo.history import Version
from schema.demo.names import ascii_name
from schema.demo.staff import Staff

CREATED_BECAUSE = (
    "Taken over from the old customer list.",
    "Met them at the trade fair.",
    "They asked for a demo on the website.",
    "Recommended by a customer.",
    "On the target list for this region.",
    "They called and asked for prices.",
    "Partner passed on the lead.",
    "Read about their new plant in the trade press.",
)
ACCOUNT_TAGS = ("key-account", "reference", "at-risk", "multi-site", "public-tender", "eu-hosting", "fast-growing")
ORGANIZATION_TAGS = ("trade-fair", "newsletter", "target-list", "partner-network", "family-owned")
EMPLOYEES = {"smb": (8, 220), "mid_market": (220, 1200), "enterprise": (1200, 14000)}
TIER_WEIGHTS = {"enterprise": 18.0, "mid_market": 37.0, "smb": 45.0}


@dataclass(frozen=True, slots=True)
class Founding:
    """An organization that an account can be opened with."""

    organization_id: Any
    profile: Profile
    tier: str
    domain: str
    created_at: datetime
    cast: CastAccount | None


def organizations(company: Company, prospects: list[Founding]) -> Iterator[Version]:
    """Every organization's life; those that get an account are put into `prospects`, in the order of the cast."""
    sizes = company.blueprint.sizes
    taken: set[str] = set()
    sisters = sum(1 for cast in company.blueprint.cast if cast.sister)
    for cast in company.blueprint.cast:
        taken.update((cast.name, cast.domain))
        yield from _cast_organization(company, cast, prospects)
    known = len(company.blueprint.cast)
    for place in range(known, sizes.organizations):
        yield from _organization(company, taken, prospects, gets_account=place < sizes.accounts - sisters)
    for _ in range(2 if sizes.organizations >= 100 else 0):
        yield from _organization(company, taken, None, gets_account=False)


def _cast_organization(company: Company, cast: CastAccount, prospects: list[Founding]) -> Iterator[Version]:
    owner = company.user(cast.owner)
    first = max((one.opened_days_ago for one in cast.opportunities), default=300)
    latest = company.chance.now - timedelta(days=first + 6)
    at = company.chance.between(max(company.start, owner.joined_at), latest)
    at = min(company.chance.at_work(at, owner.zone), latest)
    history = company.history("organization")
    millions = cast.revenue_millions
    fields = {
        "name": cast.name,
        "domain": cast.domain,
        "industry": cast.industry,
        "employee_count": cast.employee_count,
        "annual_revenue": None if millions is None else Decimal(millions * 1_000_000).quantize(Decimal("0.01")),
        "currency": None if millions is None else cast.currency,
        "city": cast.city,
        "country": cast.country,
        "description": cast.description,
    }
    record_id = history.create(at, owner, company.chance.pick(CREATED_BECAUSE), fields)
    profile = Profile(cast.name, cast.industry, cast.country, cast.city)
    prospects.append(Founding(record_id, profile, cast.tier, cast.domain, at, cast))
    yield from history.versions


def _unused_profile(company: Company, taken: set[str]) -> tuple[Profile, str]:
    """A company whose name and domain nobody has; at great scale a city makes the difference."""
    for attempt in count():
        profile = company_profile(company.chance, company.blueprint.countries)
        name = profile.name if attempt < 8 else f"{profile.name} {profile.city}"
        name = name if attempt < 60 else f"{profile.name} {len(taken)}"
        domain = f"{ascii_name(spoken_name(name))}.example"
        if name not in taken and domain not in taken:
            taken.update((name, domain))
            return Profile(name, profile.industry, profile.country, profile.city), domain
    raise AssertionError


def _came_in(company: Company) -> datetime:
    """A third was there from the start, the others came with time."""
    chance = company.chance
    days = chance.fraction(0, 9) if chance.odds(0.36) else chance.fraction(9, 718)
    return company.start + timedelta(days=days)


def _organization(
    company: Company, taken: set[str], prospects: list[Founding] | None, *, gets_account: bool
) -> Iterator[Version]:
    """One organization; where `prospects` is None, one that was entered by mistake and deleted again."""
    chance = company.chance
    profile, domain = _unused_profile(company, taken)
    tier = chance.weighted(TIER_WEIGHTS)
    at = _came_in(company)
    by = company.seller(at)
    at = chance.at_work(at, by.zone, after=company.start)
    history = company.history("organization")
    tags = (chance.pick(ORGANIZATION_TAGS),) if chance.odds(0.3) else ()
    fields = _organization_fields(company, profile, domain, tier)
    record_id = history.create(at, by, chance.pick(CREATED_BECAUSE), fields, tags=tags)
    if prospects is None:
        history.delete(at + timedelta(days=3), company.staff[0], "Entered twice by mistake.")
    elif chance.odds(0.22):
        _learn_more(company, history.changed_at, fields, history, tier)
    if prospects is not None and gets_account:
        prospects.append(Founding(record_id, profile, tier, domain, at, None))
    yield from history.versions


def _organization_fields(company: Company, profile: Profile, domain: str, tier: str) -> dict[str, Any]:
    chance = company.chance
    employees = int(chance.skewed(*EMPLOYEES[tier]))
    knows_revenue = chance.odds(0.72)
    revenue = Decimal(employees * chance.number(90, 320) * 1000).quantize(Decimal("0.01"))
    return {
        "name": profile.name,
        "domain": domain if chance.odds(0.94) else None,
        "industry": profile.industry if chance.odds(0.95) else None,
        "employee_count": employees if chance.odds(0.86) else None,
        "annual_revenue": revenue if knows_revenue else None,
        "currency": LANDS[profile.country].currency if knows_revenue else None,
        "city": profile.city if chance.odds(0.93) else None,
        "country": profile.country,
        "description": chance.pick(DOINGS[profile.industry]) if chance.odds(0.8) else None,
    }


def _learn_more(company: Company, at: datetime, fields: dict[str, Any], history: Any, tier: str) -> None:
    chance = company.chance
    later = chance.at_work(chance.between(at, chance.now), company.zone, after=at)
    by = company.seller(later)
    employees = int((fields["employee_count"] or EMPLOYEES[tier][0] * 1.3) * chance.fraction(1.02, 1.3)) + 1
    prompt = f"Set the headcount of {fields['name']} to {employees}." if chance.odds(0.2) else None
    history.update(later, by, "New headcount from their annual report.", {"employee_count": employees}, prompt=prompt)


def accounts(company: Company, prospects: list[Founding]) -> None:
    """Opens the accounts in `company.clients`; their lives end with `settled_accounts`, once the leads are known."""
    for founding in prospects:
        name = founding.profile.name
        _open_account(company, founding, name if founding.cast else _account_name(company, name))
        if founding.cast and founding.cast.sister:
            _open_account(company, founding, founding.cast.sister)


def _account_name(company: Company, name: str) -> str:
    return spoken_name(name) if company.chance.odds(0.12) else name


def _open_account(company: Company, founding: Founding, name: str) -> None:
    chance = company.chance
    delay = timedelta(minutes=chance.number(3, 50)) if chance.odds(0.7) else timedelta(days=chance.number(1, 4))
    at = min(founding.created_at + delay, chance.now - timedelta(days=2))
    owner = company.user(founding.cast.owner) if founding.cast else company.seller(at)
    history = company.history("account")
    tags = tuple(chance.several(ACCOUNT_TAGS, chance.number(1, 2))) if chance.odds(0.38) else ()
    fields = {
        "organization_id": founding.organization_id if founding.cast or chance.odds(0.985) else None,
        "name": name,
        "tier": founding.tier if founding.cast or chance.odds(0.95) else None,
        "status": "prospect",
        "owner_id": owner.user_id,
    }
    history.create(at, owner, chance.pick(CREATED_BECAUSE), fields, tags=tags)
    land = LANDS.get(founding.profile.country)
    company.clients.append(
        Client(
            history=history,
            name=name,
            spoken=_short_name(name, founding.cast),
            tier=founding.tier,
            country=founding.profile.country,
            currency=founding.cast.currency if founding.cast else land.currency if land else "EUR",
            domain=founding.domain,
            owner=owner,
            created_at=at,
            is_cast=founding.cast is not None and name == founding.cast.name,
        )
    )


def _short_name(name: str, cast: CastAccount | None) -> str:
    """What people say; the cast's two Nordwinds and Meridians are told apart by more than their first word."""
    spoken = spoken_name(name)
    return spoken.split(" ")[0] if cast and len(spoken.split(" ")) < 2 else spoken


Edit = tuple[datetime, Staff, str, dict[str, Any], str | None]


def settled_accounts(company: Company) -> Iterator[Version]:
    """Every account's life, now that its wins are known."""
    farewells = 8
    for client in company.clients:
        edits: list[Edit] = []
        if client.wins:
            edits.append(_becomes_customer(company, client))
        if client.wins and farewells and not client.has_open and max(client.wins) < _long_ago(company):
            farewells -= 1
            edits.append(_leaves(company, client))
        if client.owner.left_at is not None:
            edits.append(_handed_over(company, client, client.owner.left_at))
        for at, by, reason, fields, prompt in sorted(edits, key=itemgetter(0)):
            client.history.update(at, by, reason, fields, prompt=prompt)
        yield from client.history.versions


def _long_ago(company: Company) -> datetime:
    return company.chance.now - timedelta(days=270)


def _becomes_customer(company: Company, client: Client) -> Edit:
    chance = company.chance
    at = min(client.wins) + timedelta(minutes=chance.number(2, 240))
    by = company.still_there(client.owner, at)
    prompt = f"Make {client.name} a customer." if chance.odds(0.15) else None
    return at, by, "First order signed.", {"status": "customer"}, prompt


def _leaves(company: Company, client: Client) -> Edit:
    chance = company.chance
    at = chance.at_work(max(client.wins) + timedelta(days=chance.number(150, 260)), company.zone)
    by = company.still_there(client.owner, at)
    return at, by, "They did not renew and moved elsewhere.", {"status": "former"}, None


def _handed_over(company: Company, client: Client, left_at: datetime) -> Edit:
    """An account does not stay with somebody who left."""
    heir = successor(company, client.owner)
    at = left_at + timedelta(minutes=company.chance.number(1, 300))
    reason = f"{client.owner.name} has left; {heir.name} takes over."
    return at, company.staff[1], reason, {"owner_id": heir.user_id}, None


def successor(company: Company, left: Staff) -> Staff:
    """Somebody of the same team who is still there; chance decides."""
    return company.chance.pick(
        [user for user in company.staff if user.team_id == left.team_id and user.left_at is None]
    )
