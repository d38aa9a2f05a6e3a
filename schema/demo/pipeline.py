"""Opportunities: how each was opened, moved, re-priced, handed over, and how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from schema.demo.cast import CastOpportunity
from schema.demo.chance import Chance
from schema.demo.company import Client, Company, Person, Pursuit
from schema.demo.history import RecordHistory, Version
from schema.demo.parties import successor
from schema.demo.staff import Staff
from schema.demo.texts.deals import (
    AMOUNT_REASONS,
    DATE_REASONS,
    DESCRIPTIONS,
    LOSS_REASONS,
    MOVE_PROMPTS,
    MOVE_REASONS,
    NAMES,
    OPENED_REASONS,
    SOURCES,
)

OPEN_STAGES = ("new", "qualified", "proposal", "negotiation")
PROBABILITIES = {"new": 10, "qualified": 25, "proposal": 50, "negotiation": 75, "won": 100, "lost": 0}
ENDINGS = {"open": 30.0, "won": 28.0, "lost": 42.0}
"""Of a hundred opportunities; so four in ten that end are won."""
STAGES_NOW = {"new": 26.0, "qualified": 29.0, "proposal": 26.0, "negotiation": 19.0}
AMOUNTS = {"smb": (3500, 26000), "mid_market": (15000, 95000), "enterprise": (55000, 420000)}
CYCLE_DAYS = {"smb": (14, 75), "mid_market": (30, 120), "enterprise": (55, 210)}
AGE_DAYS = {"new": (1, 32), "qualified": (9, 75), "proposal": (22, 120), "negotiation": (38, 170)}
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


def opportunities(company: Company) -> Iterator[Version]:
    """Every opportunity's life; what later chapters need of it goes to `company.pursuits`."""
    names: set[str] = set()
    count = 0
    for cast in company.blueprint.cast:
        client = next(one for one in company.clients if one.name == cast.name)
        for one in cast.opportunities:
            names.add(one.name)
            count += 1
            yield from _told(company, _cast_plan(company, client, one))
    ranks = list(accumulate(_appetite(client) for client in company.clients))
    wanted = company.blueprint.sizes.opportunities
    endings = _endings(company.chance, wanted - count)
    for place, ending in enumerate(endings):
        yield from _told(company, _plan(company, ranks, names, ending, (place + 0.5) / len(endings)))
    for _ in range(3 if wanted >= 100 else 0):
        yield from _deleted(company, _plan(company, ranks, names, "open", 0.5))


def _appetite(client: Client) -> float:
    return {"enterprise": 3.2, "mid_market": 2.0}.get(client.tier, 1.2) * (0.3 if client.is_cast else 1.0)


def _endings(chance: Chance, count: int) -> list[str]:
    """The same shares whatever the seed, in an order that chance decides."""
    total = sum(ENDINGS.values())
    endings = [name for name, share in ENDINGS.items() for _ in range(round(count * share / total))]
    return chance.shuffled((endings + ["lost"] * count)[:count])


def _cast_plan(company: Company, client: Client, cast: CastOpportunity) -> Plan:
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


def _plan(company: Company, ranks: list[float], names: set[str], ending: str, place: float) -> Plan:
    """One that ended does so at its `place` (0 to 1) along the two years, so that no quarter is without."""
    chance = company.chance
    for _ in range(40):
        client = chance.at_rank(ranks, company.clients)
        stages, opened_at, last_move_at = _course(company, client, ending, place)
        if client.created_at + timedelta(hours=5) < opened_at:
            break
    else:
        client = min(company.clients, key=lambda one: one.created_at)
        opened_at = max(opened_at, client.created_at + timedelta(hours=5))
        last_move_at = max(last_move_at, opened_at + timedelta(days=3))
    owner = client.owner if chance.odds(0.72) and client.owner.works_at(opened_at) else company.seller(opened_at)
    opened_at = max(chance.at_work(opened_at, owner.zone), client.created_at + timedelta(hours=1))
    known = client.people_by(opened_at) or client.people[:1]
    ended = stages[-1] in {"won", "lost"}
    return Plan(
        client=client,
        person=chance.pick(known),
        owner=owner,
        name=_name(company, client, names),
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


def _name(company: Company, client: Client, names: set[str]) -> str:
    """A name like no other."""
    chance = company.chance
    for attempt in range(60):
        name = chance.pick(NAMES).format(
            client=client.spoken,
            product=chance.pick(company.blueprint.products),
            year=chance.now.year - chance.number(0, 2),
            phase=chance.number(2, 4 + attempt),
        )
        if name not in names:
            break
    else:
        name = f"{client.spoken} order {len(names)}"
    names.add(name)
    return name


def _told(company: Company, plan: Plan) -> Iterator[Version]:
    history = _opened(company, plan)
    owner = _moved(company, plan, history)
    status = plan.stages[-1]
    outcome = status if status in {"won", "lost"} else "open"
    closed_at = history.value("closed_at")
    amount = history.value("amount")
    company.pursuits.append(
        Pursuit(
            record_id=history.id,
            kind="opportunity",
            name=plan.name,
            client=plan.client,
            person=plan.person,
            owner=owner,
            status=status,
            outcome=outcome,
            opened_at=plan.opened_at,
            closed_at=closed_at,
            amount=None if amount is None else f"{plan.client.currency} {amount:,.0f}",
            loss_reason=plan.loss_reason,
        )
    )
    if outcome == "won":
        plan.client.wins.append(closed_at)
    plan.client.has_open |= outcome == "open"
    yield from history.versions


def _opened(company: Company, plan: Plan) -> RecordHistory:
    chance = company.chance
    history = company.history("opportunity")
    stage = plan.stages[0]
    first_amount = plan.amount
    if plan.amount is not None and not plan.is_cast and chance.odds(0.3):
        first_amount = _rounded(plan.amount * Decimal(str(round(chance.fraction(0.7, 1.35), 2))))
    slipped = timedelta(days=chance.number(10, 60)) if chance.odds(0.35) else timedelta()
    by = company.still_there(plan.owner, plan.opened_at)
    fields = {
        "name": plan.name,
        "account_id": plan.client.account_id,
        "contact_id": plan.person.contact_id if plan.is_cast or chance.odds(0.95) else None,
        "owner_id": plan.owner.user_id,
        "status": stage,
        "source": chance.weighted(SOURCES) if chance.odds(0.92) else None,
        "amount": first_amount,
        "currency": plan.client.currency,
        "probability": _probability(chance, stage, plan.is_cast),
        "expected_close_date": _close_day(company, plan, slipped),
        "description": plan.description,
    }
    prompt = f"Create an opportunity {plan.name} for {plan.client.name}." if chance.odds(0.04) else None
    tags = (chance.pick(("renewal", "upsell", "tender", "pilot", "strategic")),) if chance.odds(0.2) else ()
    history.create(plan.opened_at, by, chance.pick(OPENED_REASONS), fields, prompt=prompt, tags=tags)
    return history


def _close_day(company: Company, plan: Plan, slipped: timedelta) -> object:
    """The day it was first expected to close, never before it was opened; some opportunities have none."""
    if not plan.is_cast and company.chance.odds(0.04):
        return None
    return max(plan.closes_at - slipped, plan.opened_at + timedelta(days=7)).astimezone(company.zone).date()


def _probability(chance: Chance, stage: str, is_cast: bool) -> Decimal | None:
    if stage in {"won", "lost"} or is_cast:
        return Decimal(PROBABILITIES[stage]).quantize(Decimal("0.01"))
    if chance.odds(0.05):
        return None
    step = chance.pick((0, 0, 0, 0, -5, 5))
    return Decimal(PROBABILITIES[stage] + step).quantize(Decimal("0.01"))


def _rounded(amount: Decimal) -> Decimal:
    return (amount / 100).quantize(Decimal(1)) * Decimal("100.00")


def _moved(company: Company, plan: Plan, history: RecordHistory) -> Staff:
    """All that came after it was opened; returns who owns it in the end."""
    chance = company.chance
    moves = len(plan.stages) - 1
    span = plan.last_move_at - plan.opened_at
    owner = plan.owner
    for place, stage in enumerate(plan.stages[1:], start=1):
        share = place / moves if place == moves else (place - chance.fraction(0.1, 0.5)) / moves
        at = plan.opened_at + span * share
        if place < moves:
            at = chance.at_work(at, owner.zone, after=history.changed_at)
            at = min(at, plan.opened_at + span * ((moves - 0.1) / moves))
        owner = _handed_over(company, history, owner, at)
        _small_changes(company, plan, history, owner, at, place == moves)
        _move(company, plan, history, owner, stage, max(at, history.changed_at + timedelta(seconds=90)))
    return _handed_over(company, history, owner, chance.now)


def _handed_over(company: Company, history: RecordHistory, owner: Staff, before: datetime) -> Staff:
    """An open opportunity does not stay with somebody who left, and now and then a manager moves one."""
    chance = company.chance
    if owner.left_at is not None and owner.left_at < before:
        if history.value("closed_at") is not None:
            return owner
        heir = successor(company, owner)
        at = max(owner.left_at, history.changed_at) + timedelta(minutes=chance.number(1, 200))
        reason = f"{owner.name} has left; {heir.name} takes over."
        history.update(at, company.staff[1], reason, {"owner_id": heir.user_id})
        return heir
    return owner


def _small_changes(
    company: Company, plan: Plan, history: RecordHistory, owner: Staff, before: datetime, is_last: bool
) -> None:
    """What changes between two stages: the price, the expected day, the owner."""
    chance = company.chance
    after = history.changed_at + timedelta(minutes=10)
    if before <= after:
        return
    amount = history.value("amount")
    if amount != plan.amount and (is_last or chance.odds(0.4)):
        at = chance.between(after, after + (before - after) / 2)
        told = f"{plan.client.currency} {plan.amount:,.0f}"
        prompt = f"Set the amount of {plan.name} to {told}." if chance.odds(0.18) else None
        history.update(at, owner, chance.pick(AMOUNT_REASONS).format(amount=told), {"amount": plan.amount},
                       prompt=prompt)  # fmt: skip
    day = plan.closes_at.astimezone(company.zone).date()
    if history.value("expected_close_date") not in {day, None} and (is_last or chance.odds(0.5)):
        at = chance.between(max(after, history.changed_at), before)
        prompt = f"Move the close date of {plan.name} to {day}." if chance.odds(0.15) else None
        history.update(at, owner, chance.pick(DATE_REASONS), {"expected_close_date": day}, prompt=prompt)


def _move(company: Company, plan: Plan, history: RecordHistory, owner: Staff, stage: str, at: datetime) -> None:
    chance = company.chance
    ended = stage in {"won", "lost"}
    fields = {
        "status": stage,
        "probability": _probability(chance, stage, plan.is_cast),
        "closed_at": min(at, chance.now) if ended else None,
        "loss_reason": plan.loss_reason if stage == "lost" else None,
    }
    words = {"name": plan.name, "person": plan.person.full_name, "stage": stage, "client": plan.client.spoken}
    reason = chance.pick(MOVE_REASONS[stage]).format(**words)
    prompt = chance.pick(MOVE_PROMPTS).format(**words) if chance.odds(0.08) else None
    history.update(at, company.still_there(owner, at), reason, fields, prompt=prompt)


def _deleted(company: Company, plan: Plan) -> Iterator[Version]:
    """One that was entered twice; nothing else refers to it."""
    history = _opened(company, plan)
    at = history.changed_at + timedelta(hours=company.chance.number(1, 20))
    history.delete(min(at, company.chance.now), company.staff[0], "Entered twice by mistake.")
    yield from history.versions
