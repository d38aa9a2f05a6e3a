"""What a kill left behind, seen past all policies."""

import time
from dataclasses import dataclass
from uuid import UUID

import psycopg

from evals.invariants import records_since, unexplained, violations
from tests.proofs.victim import PATIENCE


@dataclass(frozen=True)
class Watch:
    """Looks at the database past all policies, and says what a kill left behind."""

    admin: psycopg.Connection
    since: int
    """The newest audit event before anything was killed."""

    def wait_for_quiet(self) -> None:
        """Until the server has noticed that its client is gone and taken its transaction back."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        deadline = time.monotonic() + PATIENCE
        while self.count(query):
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def count(self, query: str, *values: object) -> int:
        row = self.admin.execute(query.encode(), values).fetchone()
        return int(row[0]) if row else 0

    def check(self) -> None:
        """Rows, log, registry, versions and tool calls agree; each change leads to its run and prompt."""
        touched = records_since(self.admin, self.since)
        assert violations(self.admin, touched) == []
        assert unexplained(self.admin, self.since) == []

    def silence(self) -> list[UUID]:
        """Makes the runs that were killed look as if a minute had passed; returns their ids."""
        rows = self.admin.execute(
            "UPDATE crm.runs SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE status = 'running' RETURNING id"
        ).fetchall()
        return [run_id for (run_id,) in rows]

    def statuses(self, runs: list[UUID]) -> set[str]:
        rows = self.admin.execute("SELECT status FROM crm.runs WHERE id = ANY(%s)", [runs]).fetchall()
        return {status for (status,) in rows}
