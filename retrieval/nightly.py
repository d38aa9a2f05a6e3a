"""What is done for every tenant at night, by its own clock: insights by rules, clusters, and the summaries of accounts."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from retrieval.clusters.gathering import serving_model
from retrieval.clusters.making import make_clusters
from retrieval.clusters.topics import make_topics
from retrieval.insights.making import make_insights, make_insights_of_facts
from retrieval.insights.rules import RULES, RulesReader
from retrieval.insights.store import Wanted
from retrieval.summaries.making import make_summaries
from schema.background import in_background
from schema.database import Database

BEGINS, ENDS = 2, 6
"""Hours of a tenant's clock between which its night is."""
INTERVAL_SECONDS = 300.0

_TENANTS: LiteralString = """
SELECT t.tenant_id, t.time_zone, n.night FROM crm.tenants t LEFT JOIN crm.nightly_work n ON n.tenant_id = t.tenant_id
ORDER BY t.tenant_id"""
_DONE: LiteralString = """
INSERT INTO crm.nightly_work (tenant_id, night) VALUES (:tenant, :night)
ON CONFLICT (tenant_id) DO UPDATE SET night = excluded.night, finished_at = clock_timestamp() RETURNING night"""

IsStopping = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Night:
    tenant_id: UUID
    day: date
    """The day it belongs to, by the tenant's clock."""


def due_nights(db: Database) -> list[Night]:
    """Tenants whose night it is and that have not had it yet, and those that missed last night's because nothing ran."""
    now = db.world.now()
    with db.across_tenants() as session:
        rows = session.rows(_TENANTS)
    nights = [(row, _night(now, row["time_zone"], row["night"])) for row in rows]
    return [Night(row["tenant_id"], day) for row, day in nights if day is not None]


def _night(now: datetime, time_zone: str, last: date | None) -> date | None:
    """The night to be done now; a tenant that never had one waits for its first, so that nothing begins by surprise."""
    local = now.astimezone(ZoneInfo(time_zone))
    latest = local.date() if local.hour >= BEGINS else local.date() - timedelta(days=1)
    is_night = BEGINS <= local.hour < ENDS
    if last is None:
        return latest if is_night else None
    missed = latest - last > timedelta(days=1)
    return latest if latest > last and (is_night or missed) else None


def do_night(db: Database, night: Night, is_stopping: IsStopping = lambda: False) -> bool:
    """All of a tenant's nightly work; False when it was stopped, or another process is at it. Begun again it goes on."""
    with db.alone(f"crm.nightly work of {night.tenant_id}") as is_alone:
        if not is_alone:
            return False
        make_insights(db, Wanted(night.tenant_id, RULES), RulesReader(), is_stopping=is_stopping)
        if is_stopping():
            return False
        make_insights_of_facts(db, night.tenant_id, night.day)
        with db.job(night.tenant_id) as session:
            has_vectors = serving_model(session) is not None
        if has_vectors:
            make_clusters(db, night.tenant_id)
        make_topics(db, night.tenant_id)
        make_summaries(db, night.tenant_id, is_stopping=is_stopping)
        if is_stopping():
            return False
        with db.job(night.tenant_id) as session:
            session.rows(_DONE, tenant=night.tenant_id, night=night.day)
    return True


@contextmanager
def nightly(db: Database, interval: float = INTERVAL_SECONDS) -> Generator[None]:
    """Does each tenant's nightly work in the background, until the block ends."""

    def do_what_is_due(stopping: threading.Event) -> None:
        for night in due_nights(db):
            if stopping.is_set():
                return
            do_night(db, night, stopping.is_set)

    complaint = "The nightly insights, clusters and summaries could not be made."
    with in_background(db, "nightly", do_what_is_due, interval=interval, complaint=complaint):
        yield
