"""Runs left behind between a decision and their going on, because a process ended or time ran out: found and taken on."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

from anyio import to_thread

from agent.decided import decision_stands, log_kept
from agent.loop import resume_async
from schema.background import in_background
from schema.database import Database
from schema.errors import CrmError
from tools.approvals import expire
from tools.context import ToolContext

INTERVAL_SECONDS = 10.0
AT_ONCE = 4
"""Runs that go on at the same time; the others' turn comes after them."""

_DUE: LiteralString = """
SELECT DISTINCT ON (a.tenant_id) u.email, t.slug
FROM crm.approvals a
JOIN crm.tenants t ON t.tenant_id = a.tenant_id
JOIN crm.users u ON u.tenant_id = a.tenant_id AND u.is_active
WHERE a.status = 'pending' AND a.expires_at <= :now"""
_LEFT_BEHIND: LiteralString = """
SELECT r.id, u.email, t.slug
FROM crm.runs r
JOIN crm.tenants t ON t.tenant_id = r.tenant_id
JOIN crm.users u ON u.tenant_id = r.tenant_id AND u.id = r.user_id AND u.is_active
WHERE r.status = 'needs_approval'
  AND NOT EXISTS (SELECT FROM crm.approvals a WHERE a.tenant_id = r.tenant_id AND a.run_id = r.id AND a.status = 'pending')
ORDER BY r.started_at
LIMIT 100"""


@contextmanager
def resuming(db: Database, interval: float = INTERVAL_SECONDS) -> Generator[None]:
    """Looks for such runs in the background until the block ends; a run that it is at then is closed as interrupted."""
    looks = _Looks(Resumer(db))
    complaint = "Runs that wait to go on could not be looked for."
    with in_background(db, "resuming", looks.look, interval=interval, complaint=complaint, cut_short=looks.cut_short):
        yield


@dataclass
class Resumer:
    """What one process knows of the runs left behind."""

    db: Database
    _seen: set[UUID] = field(default_factory=set[UUID])
    """Those of the last look. Only who was left behind then too is taken on: whoever decides comes first."""
    _hopeless: set[UUID] = field(default_factory=set[UUID])
    """Those that cannot go on as this process is set up."""

    async def look(self) -> list[UUID]:
        """Ends proposals whose time is up, and lets runs go on; returns those that did, when they have ended."""
        left = await to_thread.run_sync(self._left_behind)
        turn = asyncio.Semaphore(AT_ONCE)
        ready = {run_id: desk for run_id, desk in left.items() if run_id in self._seen - self._hopeless}
        self._seen = set(left)
        went_on = await asyncio.gather(*(self._go_on(desk, run_id, turn) for run_id, desk in ready.items()))
        return [run_id for run_id, has_gone_on in zip(ready, went_on, strict=True) if has_gone_on]

    def _left_behind(self) -> dict[UUID, ToolContext]:
        with self.db.across_tenants() as session:
            due = session.rows(_DUE, now=self.db.world.now())
        for row in due:
            expire(self._desk(row["email"], row["slug"]))
        with self.db.across_tenants() as session:
            left = session.rows(_LEFT_BEHIND)
        return {row["id"]: self._desk(row["email"], row["slug"]) for row in left}

    def _desk(self, email: str, tenant_slug: str) -> ToolContext:
        return ToolContext(self.db, self.db.world, self.db.sign_in(email, tenant_slug))

    async def _go_on(self, desk: ToolContext, run_id: UUID, turn: asyncio.Semaphore) -> bool:
        async with turn:
            with decision_stands(lambda error: self._give_up(run_id, error)):
                await resume_async(desk, run_id)
                return True
            return False

    def _give_up(self, run_id: UUID, error: CrmError) -> None:
        self._hopeless.add(run_id)
        log_kept(run_id, error)


class _Looks:
    """Looks that another thread can end."""

    def __init__(self, resumer: Resumer) -> None:
        self._resumer = resumer
        self._under_way: tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None = None

    def look(self, stopping: threading.Event) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._look(stopping))

    def cut_short(self) -> None:
        if self._under_way is not None:
            loop, task = self._under_way
            # Its loop may be closed already.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)

    async def _look(self, stopping: threading.Event) -> None:
        task = asyncio.create_task(self._resumer.look())
        self._under_way = asyncio.get_running_loop(), task
        # Cut short before there was anything to cut: the event was set first.
        if stopping.is_set():
            task.cancel()
        await task
