"""What waiting for a person costs: a preview over the change itself; and whether many writers wait in a circle."""

from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import insert

from benchmarks.installation import Server
from benchmarks.report import Figure, seconds, side_by_side
from schema.models import Account, Task
from schema.session import Change
from schema.tenants import NewTenant, create_tenant
from tools.approvals import approve
from tools.calls import ToolOutcome
from tools.context import ToolContext
from tools.execute import execute

ROUNDS = 5
SINGLE = 40
BULK = 1_000
WRITERS = 8
SECONDS = 15
CIRCLE = "at the same time; repeat the change"
"""What a deadlock would be told as."""


def measure(server: Server) -> Generator[Figure]:
    """Previews beside changes, then writers beside each other."""
    desk = _desk(server)
    tasks = _add(desk, Task, [{"title": f"Call {number}"} for number in range(BULK)])
    one = _Deletions(desk, tasks[:SINGLE])
    yield _ratio("preview ÷ the change itself, one record", one.preview, one.change, SINGLE)
    many = _Bulk(desk)
    yield _ratio(f"preview ÷ the change itself, {BULK:,} records", many.preview, many.change, 1)
    yield _ratio(f"approved change ÷ the change itself, {BULK:,} records", many.approve, many.change, 1)
    yield _circles(desk)
    desk.db.close()


@dataclass
class _Deletions:
    desk: ToolContext
    tasks: list[UUID]

    def preview(self) -> float:
        agent = _agent(self.desk)
        return seconds(lambda: [_call(agent, "delete_record", record_id=task) for task in self.tasks])

    def change(self) -> float:
        taken = seconds(lambda: [_call(self.desk, "delete_record", record_id=task) for task in self.tasks])
        for task in self.tasks:
            _call(self.desk, "restore_record", record_id=task)
        return taken


@dataclass
class _Bulk:
    desk: ToolContext
    priority: str = "high"
    """What the tasks do not have yet."""

    def preview(self) -> float:
        return seconds(lambda: self._all(_agent(self.desk)))

    def change(self) -> float:
        return self._done(lambda: self._all(self.desk))

    def approve(self) -> float:
        proposal: dict[str, Any] = self._all(_agent(self.desk)).result["proposal"]
        return self._done(lambda: approve(self.desk, UUID(proposal["approval_id"])))

    def _done(self, action: Callable[[], object]) -> float:
        taken = seconds(action)
        self.priority = "low" if self.priority == "high" else "high"
        return taken

    def _all(self, desk: ToolContext) -> ToolOutcome:
        return _call(desk, "update_records", kind="task", where=["title ~ Call"], fields={"priority": self.priority})


def _ratio(what: str, one: Callable[[], float], other: Callable[[], float], calls: int) -> Figure:
    one_took, other_took = side_by_side(one, other, ROUNDS)
    step = 1000 / calls
    return Figure(
        what, f"{one_took / other_took:.2f}×", "", f"{one_took * step:.1f} ÷ {other_took * step:.1f} ms a call"
    )


def _circles(desk: ToolContext) -> Figure:
    """Writers that change, sweep over and merge the same accounts, each in its own order."""
    accounts = _add(desk, Account, [{"name": f"Account {number}"} for number in range(60)])
    before = _deadlocks(desk)
    until = monotonic() + SECONDS
    with ThreadPoolExecutor(WRITERS) as threads:
        told = sum(threads.map(partial(_write, desk, accounts, until), range(WRITERS)), Counter[str]())
    circles = _deadlocks(desk) - before
    made = ", ".join(f"{count:,} {what}" for what, count in sorted(told.items()))
    return Figure(f"deadlocks of {WRITERS} writers", f"{circles}", "0", f"{SECONDS} s of {made}")


def _write(desk: ToolContext, accounts: list[UUID], until: float, number: int) -> Counter[str]:
    chance = Random(number)
    told = Counter[str]()
    while monotonic() < until:
        some = chance.sample(accounts, 3)
        tool, args = chance.choice(
            [
                ("update_record", {"record_id": some[0], "fields": {"tier": chance.choice(["smb", "enterprise"])}}),
                (
                    "update_records",
                    {
                        "kind": "account",
                        "where": ["name ~ Account"],
                        "fields": {"tier": chance.choice(["smb", "mid_market", "enterprise"])},
                    },
                ),
                ("merge_records", {"keep_id": some[0], "other_ids": some[1:]}),
            ]
        )
        outcome = execute(desk, tool, {**_plain(args), "reason": "Asked for"})
        if outcome.error is None:
            told[f"{tool} done"] += 1
            if tool == "merge_records":
                execute(desk, "undo", {"change_id": outcome.result["changes"][-1], "reason": "Asked for"})
        else:
            told["told of a deadlock" if CIRCLE in outcome.error[1] else f"{tool} refused"] += 1
    return told


def _deadlocks(desk: ToolContext) -> int:
    with psycopg.connect(desk.db.admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_stat_clear_snapshot()")
        row = admin.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
        return int(row[0]) if row else 0


def _agent(desk: ToolContext) -> ToolContext:
    return replace(desk, via_agent=True, model="instant")


def _call(desk: ToolContext, tool: str, **args: Any) -> ToolOutcome:
    outcome = execute(desk, tool, {**_plain(args), "reason": "Asked for"})
    if outcome.error is not None:
        raise RuntimeError(outcome.error)
    return outcome


def _plain(args: dict[str, Any]) -> dict[str, Any]:
    """The arguments as JSON has them."""
    return {
        name: str(value) if isinstance(value, UUID) else [str(each) for each in value] if name == "other_ids" else value
        for name, value in args.items()
    }


def _add(desk: ToolContext, table: type[Task] | type[Account], values: list[dict[str, Any]]) -> list[UUID]:
    now = desk.world.now()
    stamps = {"tenant_id": desk.who.tenant_id, "created_at": now, "updated_at": now}
    ids = [desk.world.new_id() for _ in values]
    rows = [{**stamps, "id": record_id, **each} for record_id, each in zip(ids, values, strict=True)]
    with desk.db.write(desk.who, Change(desk.world.new_id(), "Set up")) as session:
        session.execute(insert(table), rows)
    return ids


def _desk(server: Server) -> ToolContext:
    db = server.make("deciding")
    who = create_tenant(db, NewTenant("deciding", "Deciding", "a@deciding.example", "Ada"))
    return ToolContext(db=db, world=db.world, who=who, channel="eval")
