"""Tells a demo tenant's two years, chapter by chapter, so that no more than one chapter's rows are ever in memory."""

from collections.abc import Iterator
from datetime import datetime

from schema.demo import conversations, other_leads, parties, people, pipeline, tenancy, work
from schema.demo.chance import Chance
from schema.demo.company import Company
from schema.demo.history import Version
from schema.demo.parties import Founding
from schema.demo.staff import founding, hire
from schema.demo.tenants import Blueprint


def story(blueprint: Blueprint, seed: int, now: datetime) -> Iterator[Version]:
    """Every version of every row; of one row in the order they came about, and the same for the same seed and clock."""
    chance = Chance(f"{blueprint.slug}/{seed}", now)
    tenant_id = chance.new_id(founding(chance))
    teams, staff = hire(chance, blueprint)
    company = Company(blueprint, chance, tenant_id, staff)
    yield from tenancy.founded(company, teams)
    prospects: list[Founding] = []
    yield from parties.organizations(company, prospects)
    parties.accounts(company, prospects)
    yield from people.contacts(company)
    yield from pipeline.opportunities(company)
    yield from other_leads.jobs(company)
    yield from other_leads.partnerships(company)
    yield from parties.settled_accounts(company)
    yield from conversations.interactions(company)
    yield from work.tasks(company)
    yield from work.notes(company)
