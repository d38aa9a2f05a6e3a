"""Opportunities: how each was opened, moved, re-priced, handed over, and how it ended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from schema.demo.chance import Chance
from schema.demo.company import Company, Pursuit
from schema.demo.history import RecordHistory, Version
from schema.demo.parties import successor
from schema.demo.plans import Plan, appetite, cast_plan, chance_plan, endings
from schema.demo.staff import Staff
from schema.demo.texts.deals import (
    AMOUNT_REASONS,
    BACK_REASONS,
    DATE_REASONS,
    MOVE_PROMPTS,
    MOVE_REASONS,
    OPENED_REASONS,
    SOURCES,
)
from schema.kinds import STATUSES

STAGE_ORDER = {stage: place for place, (stage, _) in enumerate(STATUSES["opportunity"])}
PROBABILITIES = {"new": 10, "qualified": 25, "proposal": 50, "negotiation": 75, "won": 100, "lost": 0}


def opportunities(company: Company) -> Iterator[Version]:
    """Every opportunity's life; what later chapters need of it is remembered by the company."""
    names: set[str] = set()
    count = 0
    for cast in company.blueprint.cast:
        client = next(one for one in company.clients if one.name == cast.name)
        for one in cast.opportunities:
            names.add(one.name)
            count += 1
            yield from _told(company, cast_plan(company, client, one))
    ranks = list(accumulate(appetite(client) for client in company.clients))
    wanted = company.blueprint.sizes.opportunities
    fates = endings(company.chance, wanted - count)
    for place, ending in enumerate(fates):
        yield from _told(company, chance_plan(company, ranks, names, ending, (place + 0.5) / len(fates)))
    for _ in range(3 if wanted >= 100 else 0):
        yield from _deleted(company, chance_plan(company, ranks, names, "open", 0.5))


def _told(company: Company, plan: Plan) -> Iterator[Version]:
    history = _opened(company, plan)
    owner = _moved(company, plan, history)
    status: str = history.value("status")
    outcome = status if status in {"won", "lost"} else "open"
    closed_at = history.value("closed_at")
    amount = history.value("amount")
    company.remember(
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


def _close_day(company: Company, plan: Plan, slipped: timedelta) -> date | None:
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
    is_back = STAGE_ORDER[stage] < STAGE_ORDER[history.value("status")]
    reason = BACK_REASONS[stage] if is_back else chance.pick(MOVE_REASONS[stage]).format(**words)
    prompt = chance.pick(MOVE_PROMPTS).format(**words) if chance.odds(0.08) else None
    history.update(at, company.still_there(owner, at), reason, fields, prompt=prompt)


def _deleted(company: Company, plan: Plan) -> Iterator[Version]:
    """One that was entered twice; nothing else refers to it."""
    history = _opened(company, plan)
    at = history.changed_at + timedelta(hours=company.chance.number(1, 20))
    history.delete(min(at, company.chance.now), company.staff[0], "Entered twice by mistake.")
    if history.is_deleted:
        yield from history.versions
