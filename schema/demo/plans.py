"""What becomes of an opportunity, settled before it is told: with whom, through which stages, for how much."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from schema.demo.cast import CastOpportunity
from schema.demo.chance import Chance
from schema.demo.company import Client, Company, Person
from schema.demo.staff import Staff
from schema.demo.texts.deals import DESCRIPTIONS, LOSS_REASONS, NAMES

OPEN_STAGES = ("new", "qualified", "proposal", "negotiation")
ENDINGS = {"open": 30.0, "won": 28.0, "lost": 42.0}
"""Of a hundred opportunities; so four in ten that end are won."""
STAGES_NOW = {"new": 26.0, "qualified": 29.0, "proposal": 26.0, "negotiation": 19.0}
AMOUNTS = {"smb": (3500, 26000), "mid_market": (15000, 95000), "enterprise": (55000, 420000)}
CYCLE_DAYS = {"smb": (14, 75), "mid_market": (30, 120), "enterprise": (55, 210)}
AGE_DAYS = {"new": (1, 32), "qualified": (9, 75), "proposal": (22, 120), "negotiation": (38, 170)}
GETTING_KNOWN = timedelta(hours=3)
"""An account's first contact is there by then."""
LOST_FROM = {"new": 18.0, "qualified": 34.0, "proposal": 30.0, "negotiation": 18.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an opportunity will have been, before it is told."""

    client: Client
    person: Person
    owner: Staff
    name: str
    stages: tuple[str, ...]
    """Every stage it stood in, the first and the last included."""
    opened_at: datetime
    last_move_at: datetime
    """When it entered the last stage; for one that ended, closed_at."""
    amount: Decimal | None
    closes_at: datetime
    """When it is, or was at last, expected to close."""
    description: str | None
    loss_reason: str | None
    is_cast: bool = False


def appetite(client: Client) -> float:
    """The cast has its own opportunities and no others, so that requests that name them mean one."""
    if client.is_cast:
        return 0.0
    return {"enterprise": 3.2, "mid_market": 2.0}.get(client.tier, 1.2)


def endings(chance: Chance, count: int) -> list[str]:
    """The same shares whatever the seed, in an order that chance decides."""
    total = sum(ENDINGS.values())
    names = [name for name, share in ENDINGS.items() for _ in range(round(count * share / total))]
    return chance.shuffled((names + ["lost"] * count)[:count])


def cast_plan(company: Company, client: Client, cast: CastOpportunity) -> Plan:
    now = company.chance.now
    opened_at = now - timedelta(days=cast.opened_days_ago, hours=2)
    owner = company.user(cast.owner)
    ended = cast.stage in {"won", "lost"}
    closes_at = now + timedelta(days=cast.closes_in_days)
    if ended:
        stages = ("new", "qualified", "proposal", cast.stage)
        last_move_at = closes_at
    else:
        stages = OPEN_STAGES[: OPEN_STAGES.index(cast.stage) + 1]
        last_move_at = opened_at + timedelta(days=cast.opened_days_ago * 0.7)
    return Plan(
        client=client,
        person=client.people[cast.contact],
        owner=owner,
        name=cast.name,
        stages=stages,
        opened_at=opened_at,
        last_move_at=last_move_at,
        amount=None if cast.amount is None else Decimal(cast.amount).quantize(Decimal("0.01")),
        closes_at=closes_at,
        description=cast.description,
        loss_reason=cast.loss_reason,
        is_cast=True,
    )


def chance_plan(company: Company, ranks: list[float], names: set[str], ending: str, place: float) -> Plan:
    """One that ended does so at its `place` (0 to 1) along the two years, so that no quarter is without."""
    chance = company.chance
    client = chance.at_rank(ranks, company.clients)
    stages, opened_at, last_move_at = _course(company, client, ending, place)
    tries = 0
    while client.created_at + GETTING_KNOWN > opened_at:
        tries += 1
        client = chance.at_rank(ranks, company.clients) if tries < 40 else company.earliest_client()
        stages, opened_at, last_move_at = _course(company, client, ending, place)
        if tries >= 40:
            opened_at = max(opened_at, client.created_at + GETTING_KNOWN)
            last_move_at = max(last_move_at, opened_at + timedelta(days=3))
    owner = client.owner if chance.odds(0.72) and client.owner.works_at(opened_at) else company.seller(opened_at)
    opened_at = max(chance.at_work(opened_at, owner.zone), client.created_at + GETTING_KNOWN)
    known = client.people_by(opened_at) or client.people[:1]
    ended = stages[-1] in {"won", "lost"}
    return Plan(
        client=client,
        person=chance.pick(known),
        owner=owner,
        name=_name(company, client, opened_at, names),
        stages=stages,
        opened_at=opened_at,
        last_move_at=min(max(last_move_at, opened_at + timedelta(minutes=30)), chance.now),
        amount=None if stages == ("new",) and chance.odds(0.3) else _amount(chance, client.tier),
        closes_at=last_move_at if ended else _expected(chance, stages[-1]),
        description=chance.pick(DESCRIPTIONS) if chance.odds(0.62) else None,
        loss_reason=_loss_reason(chance) if stages[-1] == "lost" else None,
    )


def _loss_reason(chance: Chance) -> str | None:
    return chance.weighted(LOSS_REASONS) if chance.odds(0.93) else None


def _expected(chance: Chance, stage: str) -> datetime:
    """Most open ones close this quarter or next; a few are overdue."""
    if chance.odds(0.09):
        return chance.now - timedelta(days=chance.number(2, 28))
    latest = {"new": 165, "qualified": 140, "proposal": 95, "negotiation": 55}[stage]
    return chance.now + timedelta(days=chance.fraction(2, latest))


def _course(company: Company, client: Client, ending: str, place: float) -> tuple[tuple[str, ...], datetime, datetime]:
    """The stages gone through, when it was opened, and when it entered the last one."""
    chance, now = company.chance, company.chance.now
    if ending == "open":
        stage = chance.weighted(STAGES_NOW)
        low, high = AGE_DAYS[stage]
        age = chance.fraction(low, high if chance.odds(0.93) else high * 2)
        stages = _climb(chance, OPEN_STAGES.index(stage))
        return stages, now - timedelta(days=age), now - timedelta(days=age * chance.fraction(0.1, 0.6))
    span = now - company.start
    closed_at = company.start + span * (0.025 + 0.97 * place) + timedelta(days=chance.fraction(-2, 2))
    closed_at = min(chance.at_work(closed_at, client.owner.zone), now - timedelta(minutes=chance.number(30, 300)))
    low, high = CYCLE_DAYS[client.tier]
    opened_at = max(closed_at - timedelta(days=chance.fraction(low, high)), company.start + timedelta(days=1))
    reached = "negotiation" if ending == "won" else chance.weighted(LOST_FROM)
    stages = (*_climb(chance, OPEN_STAGES.index(reached)), ending)
    if ending == "won" and chance.odds(0.03):
        stages = (*stages[:-1], "lost", "negotiation", "won")
    return stages, opened_at, closed_at


def _climb(chance: Chance, top: int) -> tuple[str, ...]:
    """Up to that stage, now and then with one left out, or with a step back."""
    stages = [stage for place, stage in enumerate(OPEN_STAGES[: top + 1]) if place in {0, top} or chance.odds(0.86)]
    if len(stages) > 2 and chance.odds(0.05):
        stages += [stages[-2], stages[-1]]
    return tuple(stages)


def _amount(chance: Chance, tier: str) -> Decimal:
    amount = chance.skewed(*AMOUNTS[tier])
    step = 100 if amount < 10_000 else 500 if amount < 100_000 else 1000
    exact = Decimal(round(amount / step) * step)
    return (exact if chance.odds(0.9) else exact + chance.number(1, 99)).quantize(Decimal("0.01"))


def _name(company: Company, client: Client, opened_at: datetime, names: set[str]) -> str:
    """A name like no other."""
    chance = company.chance
    for attempt in range(60):
        name = chance.pick(NAMES).format(
            client=client.spoken,
            product=chance.pick(company.blueprint.products),
            year=opened_at.year + chance.number(0, 1),
            phase=chance.number(2, 4 + attempt),
        )
        if name not in names:
            break
    else:
        name = f"{client.spoken} order {len(names)}"
    names.add(name)
    return name
