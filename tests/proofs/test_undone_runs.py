"""A run of every sort of change, taken back as one: the world is as it was, row by row, except where people went on working."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from evals import snapshot
from evals.invariants import violations
from schema.customs import Declaration
from schema.database import Database
from tests.tools.desk import Desk
from tests.tools.proposing import agent_of
from tools import customs
from tools.approvals import approve
from tools.calls import ToolOutcome
from tools.context import ToolContext

promise = pytest.mark.promise

BOOKKEEPING = {"version", "updated_at", "updated_by", "via_agent"}
"""Columns that tell that something happened, even when all is as it was."""
MERGED = ("organization", "account", "individual", "contact", "opportunity", "job", "partnership")
STEPS = 30

Row = dict[str, Any]
World = dict[tuple[str, str], Row]


def world_of(desk: Desk) -> World:
    """Every business row of the tenant, bookkeeping aside."""
    with psycopg.connect(desk.database.admin_url, autocommit=True) as admin:
        taken = snapshot.take(admin)
    mine = str(desk.who.tenant_id)
    return {
        (table, key): {name: value for name, value in row.read().items() if name not in BOOKKEEPING}
        for table, rows in taken.tables.items()
        for key, row in rows.items()
        if key.startswith(mine)
    }


def left(before: World, after: World) -> dict[tuple[str, str], tuple[Row | None, Row | None]]:
    """The rows that differ. A record made in between stays as one that is deleted, with its tags and participants."""
    gone = {row["id"] for (table, _), row in after.items() if table == "records" and row["is_deleted"]}

    def is_gone(row: Row) -> bool:
        owner = row.get("record_id") or row.get("interaction_id") or row.get("id")
        return owner in gone

    return {
        key: (before.get(key), after.get(key))
        for key in {*before, *after}
        if before.get(key) != after.get(key) and not (key not in before and is_gone(after[key]))
    }


@dataclass
class Run:
    """An agent that does one thing after another, each approved by a person who has to."""

    desk: Desk
    chance: Random
    agent: Desk = field(init=False)
    deleted: list[str] = field(default_factory=list[str])
    done: list[str] = field(default_factory=list[str])
    """The tools that changed something."""

    def __post_init__(self) -> None:
        self.agent = agent_of(self.desk)

    @property
    def run_id(self) -> str:
        return str(self.agent.context.run_id)

    def call(self, tool: str, **args: Any) -> ToolOutcome | None:
        """None when it was refused, as much of what is tried at random is."""
        outcome = self.agent.call(tool, **args)
        if outcome.outcome == "proposed":
            approve(self.desk.context, UUID(outcome.result["proposal"]["approval_id"]))
        if outcome.outcome in {"failed", "denied"}:
            assert outcome.error is not None
            assert outcome.error[0] != "unavailable", outcome.error
            return None
        self.done.append(tool)
        return outcome

    def any_of(self, kind: str, count: int = 1) -> list[str]:
        """Records of the kind, some of those that people would meet together."""
        with psycopg.connect(self.desk.database.admin_url) as admin:
            found = admin.execute(
                "SELECT id::text FROM crm.records WHERE tenant_id = %s AND kind = %s AND NOT is_deleted ORDER BY id",
                [self.desk.who.tenant_id, kind],
            ).fetchall()
        return [record_id for (record_id,) in self.chance.sample(found, min(count, len(found)))]

    def text(self) -> str:
        return "".join(self.chance.choice("Ørsted añ漢🎉 ") for _ in range(12)).strip() or "x"


def create(run: Run) -> None:
    (account,) = run.any_of("account")
    tags = run.chance.sample(["new", "fair", "key"], 2)
    fields: dict[str, dict[str, Any]] = {
        "organization": {"name": run.text(), "tags": tags},
        "account": {"name": run.text(), "tier": "smb", "custom": {"seats": run.chance.randint(1, 99)}},
        "individual": {
            "given_name": run.text(),
            "family_name": "Lund",
            "email": f"l{run.chance.random()}@lund.example",
        },
        "contact": {"full_name": f"Ada {run.text()}", "account_id": account, "is_primary": True},
        "opportunity": {"name": run.text(), "amount": str(run.chance.randint(1, 10**6)), "account_id": account},
        "task": {"title": run.text(), "about_id": account, "tags": tags},
        "note": {"body": run.text(), "about_id": account},
        "interaction": {
            "kind": "call",
            "body": run.text(),
            "about_id": account,
            "participants": [{"individual_id": run.any_of("individual")[0], "role": "callee"}],
        },
    }
    kind = run.chance.choice(list(fields))
    run.call("create_record", kind=kind, fields=fields[kind], create_anyway=True)


def _changes(run: Run) -> dict[str, list[dict[str, Any]]]:
    return {
        "organization": [
            {"city": run.text()},
            {"annual_revenue": "12.5"},
            {"tags": ["big", run.text()[:5].strip() or "x"]},
        ],
        "account": [{"tier": "enterprise"}, {"custom": {"region": "South"}}, {"tags": []}, {"name": run.text()}],
        "individual": [{"city": run.text()}, {"phone": "+44 20 7946 0999"}, {"family_name": run.text()}],
        "contact": [{"title": run.text()}, {"is_primary": True}],
        "opportunity": [
            {"amount": str(run.chance.randint(1, 10**6))},
            {"stage": run.chance.choice(["qualified", "proposal", "negotiation", "won"])},
            {"stage": "lost", "loss_reason": "Price"},
            {"description": run.text(), "tags": ["hot"]},
        ],
        "task": [{"status": "done"}, {"priority": "urgent"}, {"due_at": "2026-12-01T10:00:00Z"}, {"tags": ["hot"]}],
        "note": [{"body": run.text()}],
        "interaction": [
            {"subject": run.text()},
            {"participants": [{"individual_id": each, "role": "attendee"} for each in run.any_of("individual", 2)]},
        ],
    }


def update(run: Run) -> None:
    changes = _changes(run)
    kind = run.chance.choice(list(changes))
    (record,) = run.any_of(kind)
    run.call("update_record", record_id=record, fields=run.chance.choice(changes[kind]))


def bulk(run: Run) -> None:
    where, fields = run.chance.choice(
        [
            ("priority = low", {"priority": "high", "tags": ["autumn"]}),
            ("is_open = true", {"status": "done"}),
            ("title ~ call", {"priority": "normal"}),
        ]
    )
    run.call("update_records", kind="task", where=[where], fields=fields)


def merge(run: Run) -> None:
    kind = run.chance.choice(MERGED)
    keep, *others = run.any_of(kind, run.chance.choice([2, 3]))
    run.call("merge_records", keep_id=keep, other_ids=others)


def delete(run: Run) -> None:
    kind = run.chance.choice(["task", "note", "interaction", "opportunity", "contact", "account"])
    (record,) = run.any_of(kind)
    if run.call("delete_record", record_id=record):
        run.deleted.append(record)


def restore(run: Run) -> None:
    if run.deleted:
        run.call("restore_record", record_id=run.deleted.pop())


MOVES: tuple[Callable[[Run], None], ...] = (create, create, update, update, update, bulk, merge, delete, restore)


@pytest.fixture
def desk(demo_database: Database) -> Desk:
    """The demo's admin, whose tenant has fields of its own."""
    context = ToolContext(demo_database, demo_database.world, demo_database.sign_in("admin@brightwater.example"))
    customs.declare(context, Declaration("account", "region", "choice", "Region", ("North", "South")))
    customs.declare(context, Declaration("account", "seats", "number", "Seats"))
    return Desk(demo_database, context)


def assert_sound(desk: Desk) -> None:
    with psycopg.connect(desk.database.admin_url) as admin:
        assert violations(admin) == []


@promise("undo:any")
def test_a_run_of_everything_is_taken_back_row_by_row(desk: Desk, effort: int) -> None:
    used: set[str] = set()
    for seed in range(max(1, effort // 4)):
        before = world_of(desk)
        run = Run(desk, Random(seed))
        for _ in range(STEPS):
            run.chance.choice(MOVES)(run)
        used |= set(run.done)
        result = desk.ok("undo", run_id=run.run_id)
        assert result["conflicts"] == [], (seed, result["conflicts"])
        assert left(before, world_of(desk)) == {}, seed
    assert used == {
        "create_record", "update_record", "update_records", "merge_records", "delete_record", "restore_record",
    }  # fmt: skip
    assert_sound(desk)


@promise("undo:any")
def test_an_undo_of_everything_can_be_undone(desk: Desk) -> None:
    run = Run(desk, Random(5))
    for _ in range(STEPS):
        run.chance.choice(MOVES)(run)
    after = world_of(desk)
    undoing = agent_of(desk)
    outcome = undoing.call("undo", run_id=run.run_id)
    approve(desk.context, UUID(outcome.result["proposal"]["approval_id"]))
    assert left(after, world_of(desk)) != {}
    result = desk.ok("undo", run_id=str(undoing.context.run_id))
    assert result["conflicts"] == []
    assert left(after, world_of(desk)) == {}
    assert_sound(desk)


@promise("undo:any")
def test_what_people_changed_since_stays_and_is_listed(desk: Desk, effort: int) -> None:
    colleague = desk.within(who=desk.database.sign_in("manager@brightwater.example"))
    for seed in range(100, 100 + max(1, effort // 10)):
        before = world_of(desk)
        run = Run(desk, Random(seed))
        deals = run.any_of("opportunity", 6)
        for deal in deals:
            run.call("update_record", record_id=deal, fields={"amount": f"{seed}.25", "description": run.text()})
        for _ in range(STEPS // 2):
            run.chance.choice([create, bulk])(run)
        changed = run.chance.sample(deals, 3)
        for deal in changed:
            colleague.ok("update_record", record_id=deal, fields={"amount": "7.00", "source": f"Fair {seed}"})
        result = desk.ok("undo", run_id=run.run_id)
        told = {(each["record_id"], each["field"]) for each in result["conflicts"]}
        assert told == {(deal, "amount") for deal in changed}
        different = left(before, world_of(desk))
        assert {key[0] for key in different} == {"leads", "opportunities"}
        for (table, _), (old, new) in different.items():
            assert old is not None
            assert new is not None
            assert new["id"] in changed
            columns = {name for name in old if old[name] != new[name]}
            assert columns == ({"source"} if table == "leads" else {"amount"})
    assert_sound(desk)
