"""An agent's calls that wait for a person, and what stands in the tables around them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from evals import snapshot
from evals.snapshot import Snapshot
from schema.database import Database
from schema.session import Row
from tests.tools.desk import Desk
from tools.approvals import Decided, approve, get_approval
from tools.proposals import APPROVALS
from tools.records.tables import TOOL_CALLS

SHOWN = ("action", "kind", "record_id", "label", "before", "after")


def agent_of(desk: Desk, prompt: str = "Tidy up") -> Desk:
    """The same user's agent, in a run of its own."""
    return desk.within(
        run_id=desk.new_run(prompt), via_agent=True, model="offline", prompt=prompt, reasoning="It was asked for."
    )


def proposed(desk: Desk, tool: str, /, **args: Any) -> UUID:
    """What an agent's call proposes, instead of doing it."""
    outcome = agent_of(desk).call(tool, **args)
    assert outcome.outcome == "proposed", outcome.result
    return UUID(outcome.result["proposal"]["approval_id"])


def shown(desk: Desk, approval_id: UUID) -> list[dict[str, Any]]:
    return get_approval(desk.context, approval_id)["changes"]


def done(decided: Decided) -> list[dict[str, Any]]:
    """What was changed, in the words of a proposal."""
    return [{name: change[name] for name in SHOWN} for change in decided.changes]


def approved(desk: Desk, approval_id: UUID) -> Decided:
    return approve(desk.context, approval_id)


def status(desk: Desk, approval_id: UUID) -> str:
    return get_approval(desk.context, approval_id)["status"]


def approval_row(desk: Desk, approval_id: UUID) -> Row:
    with desk.database.store(desk.who) as session:
        return session.select(sa.select(APPROVALS).where(APPROVALS.c.id == approval_id))[0]


def call_of(desk: Desk, approval_id: UUID) -> Row:
    """The call that waits, or waited, for the decision."""
    call_id = approval_row(desk, approval_id)["tool_call_id"]
    with desk.database.store(desk.who) as session:
        return session.select(sa.select(TOOL_CALLS).where(TOOL_CALLS.c.id == call_id))[0]


def outcome_of(desk: Desk, approval_id: UUID) -> tuple[str, str]:
    """How the call ended, and what the model is told of it."""
    row = call_of(desk, approval_id)
    told: dict[str, Any] = row["result"]
    return row["outcome"], told["error"]["message"] if "error" in told else ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Every business row, and how long the log is."""

    rows: Snapshot
    events: int

    def is_as(self, other: "Moment") -> bool:
        return self.events == other.events and not self.rows.changed_keys(other.rows)


def moment(database: Database) -> Moment:
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        row = admin.execute("SELECT count(*) FROM crm.audit_events").fetchone()
        return Moment(snapshot.take(admin), row[0] if row else 0)
