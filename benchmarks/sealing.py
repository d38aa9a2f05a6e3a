"""What sealing costs beside the writing that it seals, and how fast a log is verified."""

import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from statistics import median

from sqlalchemy import text

from benchmarks.auditing import NOTES_EACH, TENANTS, fill, rate
from benchmarks.installation import Server
from benchmarks.report import Figure, seconds, side_by_side
from schema.database import Database
from schema.identity import Identity
from schema.seals import Sealer, verify
from schema.session import Change
from schema.tenants import NewTenant, create_tenant

EVENTS = 100_000
ROUNDS = 3


def measure(server: Server) -> Generator[Figure]:
    """Writers as the audit log's figures have them, then the sealing of a large change."""
    database = server.make("sealing")
    fill(database)
    who = create_tenant(database, NewTenant("bulk", "Bulk", "a@bulk.example", "Ada"))
    with tempfile.TemporaryDirectory(prefix="crm-seals-") as folder:
        settings = replace(server.settings, home=Path(folder))
        sealer = Sealer(database, settings)
        sealing, writing = side_by_side(
            lambda: _seal_rate(database, sealer, who), lambda: rate(database, 8, TENANTS * NOTES_EACH), ROUNDS
        )
        left = sealer.seal(patience=10).unsealed
        yield Figure(
            "sealing ÷ audited writing, 8 writers",
            f"{sealing / writing:.0f}×",
            "≥ 10×",
            f"{sealing:,.0f} ÷ {writing:,.0f} events a second; {left} left unsealed",
        )
        took = [seconds(lambda: verify(database, settings)) for _ in range(ROUNDS)]
        verdict = verify(database, settings)
    if not verdict.is_ok:
        raise RuntimeError(str(verdict))
    yield Figure("verifying", f"{verdict.checked / median(took):,.0f} events/s", "", f"{verdict.checked:,} events")
    database.close()


def _seal_rate(database: Database, sealer: Sealer, who: Identity) -> float:
    """Events a second of sealing `EVENTS` events that one statement wrote; what others wrote is sealed before."""
    sealer.seal(patience=10)
    with database.write(who, Change(database.world.new_id(), "Asked for", prompt="Make tasks")) as session:
        session.execute(
            text(
                "INSERT INTO crm.tasks (tenant_id, id, title, created_at, updated_at)"
                " SELECT :tenant, gen_random_uuid(), 'Task ' || n, now(), now() FROM generate_series(1, :rows) n"
            ).bindparams(tenant=who.tenant_id, rows=EVENTS)
        )
    return EVENTS / seconds(lambda: sealer.seal(patience=10))
