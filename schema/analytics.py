"""Keeping sales_analytics up to date: at once where that is cheap, else by the minute while something serves."""

import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, LiteralString

from sqlalchemy import text

from schema.background import in_background
from schema.database import Database
from schema.session import ReadSession

INTERVAL_SECONDS = 60.0
CHEAP_SECONDS = 1.0
"""A question that reads sales_analytics waits for a refresh that took no longer the last time."""

_KEEP: LiteralString = """
INSERT INTO crm_private.installation (name, value)
VALUES ('analytics', jsonb_build_object('at', clock_timestamp(), 'event', :event, 'seconds', :seconds)::text)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
_LAST: LiteralString = "SELECT value FROM crm_private.installation WHERE name = 'analytics'"
_NEWEST: LiteralString = "SELECT coalesce(max(event_id), 0) FROM crm.audit_events"


def refresh(db: Database) -> None:
    """Brings sales_analytics up to date without blocking its readers, and keeps when that was."""
    with db.across_tenants() as session:
        newest = session.scalar(_NEWEST)
    started = time.perf_counter()
    db.refresh_analytics()
    seconds = time.perf_counter() - started
    with db.across_tenants() as session:
        session.execute(text(_KEEP).bindparams(event=newest, seconds=seconds))


def freshen(db: Database) -> datetime | None:
    """Refreshes when something changed and that is cheap; returns as of when sales_analytics is, where that is known."""
    with db.across_tenants() as session:
        last, has_news = _last(session)
    if has_news and last.get("seconds", 0) < CHEAP_SECONDS:
        refresh(db)
        with db.across_tenants() as session:
            last, _ = _last(session)
    return datetime.fromisoformat(last["at"]) if last else None


@contextmanager
def refreshing(db: Database, interval: float = INTERVAL_SECONDS) -> Generator[None]:
    """Refreshes in the background whenever something changed, until the block ends."""

    def refresh_what_changed(_: threading.Event) -> None:
        with db.alone("refreshing sales_analytics") as is_alone:
            if is_alone and _has_news(db):
                refresh(db)

    complaint = "sales_analytics could not be refreshed."
    with in_background(db, "analytics", refresh_what_changed, interval=interval, complaint=complaint):
        yield


def _has_news(db: Database) -> bool:
    with db.across_tenants() as session:
        return _last(session)[1]


def _last(session: ReadSession) -> tuple[dict[str, Any], bool]:
    """The last refresh (at, event, seconds), and whether anything was changed since."""
    kept = session.scalar(_LAST)
    last: dict[str, Any] = json.loads(kept) if kept else {}
    return last, session.scalar(_NEWEST) > last.get("event", -1)
