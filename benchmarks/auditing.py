"""What the audit log costs: the same writes with its triggers and without them."""

import re
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
from sqlalchemy import insert, text, update

from benchmarks.installation import Server
from benchmarks.report import Figure, seconds, side_by_side
from schema import embedded
from schema.database import Database, role_url
from schema.models import Note, Task
from schema.session import Change
from schema.tenants import NewTenant, create_tenant

TENANTS = 20
NOTES_EACH = 500
BULK = 100_000
SECONDS = 4
ROUNDS = 3

# Looking the row up costs both sides the same; it stands in for what any request does before it writes.
SCRIPT = r"""
\set n random(1, :rows)
SELECT tenant, person, note FROM public.targets WHERE n = :n \gset
BEGIN;
SELECT set_config('crm.context', crm.sign(:tenant, :person, 'person', 'agent', pg_backend_pid(), 60, NULL), true),
       set_config('crm.change', '{"operation_id": "019a0000-0000-7000-8000-000000000001", "reason": "Asked for",'
       ' "prompt": "Change the note", "model": "offline", "tool": "update_record"}', true);
UPDATE crm.notes SET body = 'Changed', version = version + 1 WHERE tenant_id = :tenant AND id = :note;
COMMIT;
"""


def measure(server: Server) -> Generator[Figure]:
    """Writers, then one statement over many rows."""
    audited = server.make("audited")
    fill(audited)
    audited.close()
    plain = _without_log(server, "plain", "audited")
    for what, clients, rows, reach in (
        ("1 writer, 20 tenants", 1, TENANTS * NOTES_EACH, "≥ .80"),
        ("8 writers, 20 tenants", 8, TENANTS * NOTES_EACH, "≥ .80"),
        ("8 writers, one tenant", 8, NOTES_EACH, "≥ .75"),
    ):
        with_log, without = side_by_side(
            lambda c=clients, r=rows: rate(audited, c, r), lambda c=clients, r=rows: rate(plain, c, r), ROUNDS
        )
        yield Figure(
            f"audited ÷ plain throughput, {what}",
            f"{with_log / without:.2f}",
            reach,
            f"{with_log:,.0f} ÷ {without:,.0f} transactions a second (pgbench, {SECONDS} s × {ROUNDS})",
        )
    yield _bulk(server)


def fill(database: Database) -> None:
    """Tenants with notes to change, and a table that says which; outside the schema, for the benchmark alone."""
    targets: list[tuple[object, object, object]] = []
    for number in range(TENANTS):
        who = create_tenant(database, NewTenant(f"t{number}", f"T{number}", f"a@t{number}.example", "Ada"))
        now = database.world.now()
        notes = [
            {
                "tenant_id": who.tenant_id,
                "id": database.world.new_id(),
                "body": "As it was",
                "created_at": now,
                "updated_at": now,
            }
            for _ in range(NOTES_EACH)
        ]
        with database.write(who, Change(database.world.new_id(), "Set up")) as session:
            session.execute(insert(Note), notes)
        targets += [(who.tenant_id, who.user_id, note["id"]) for note in notes]
    with psycopg.connect(database.admin_url) as admin:
        admin.execute("CREATE TABLE public.targets (n int PRIMARY KEY, tenant uuid, person uuid, note uuid)")
        with admin.cursor().copy("COPY public.targets FROM STDIN") as copy:
            for n, row in enumerate(targets, start=1):
                copy.write_row((n, *row))
        admin.execute("GRANT USAGE ON SCHEMA public TO crm_app; GRANT SELECT ON public.targets TO crm_app")


def _without_log(server: Server, name: str, template: str) -> Database:
    """The same database with the audit triggers taken off."""
    database = server.make(name, template)
    with psycopg.connect(database.admin_url) as admin:
        for table in ("notes", "tasks"):
            for operation in ("insert", "update", "delete"):
                admin.execute(f"DROP TRIGGER z_audit_{operation} ON crm.{table}")
    return database


def rate(database: Database, clients: int, rows: int) -> float:
    """Transactions a second of pgbench as the application's role."""
    with tempfile.TemporaryDirectory(prefix="crm-pgbench-") as folder:
        script = Path(folder) / "write.sql"
        script.write_text(SCRIPT, encoding="utf-8")
        done = subprocess.run(
            [
                str(embedded.binary("pgbench")),
                *("--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--jobs={min(clients, 2)}"),
                *(f"--time={SECONDS}", f"--define=rows={rows}", f"--file={script}"),
                role_url(database.admin_url, database.roles, "app"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])


def _bulk(server: Server) -> Figure:
    """One UPDATE of many rows, each side on its own clone."""
    audited = server.make("bulk_audited")
    who = create_tenant(audited, NewTenant("bulk", "Bulk", "a@bulk.example", "Ada"))
    with audited.write(who, Change(audited.world.new_id(), "Set up")) as session:
        session.execute(
            text(
                "INSERT INTO crm.tasks (tenant_id, id, title, created_at, updated_at)"
                " SELECT :tenant, gen_random_uuid(), 'Task ' || n, now(), now() FROM generate_series(1, :rows) n"
            ).bindparams(tenant=who.tenant_id, rows=BULK)
        )
    audited.close()
    plain = _without_log(server, "bulk_plain", "bulk_audited")

    def change_all(database: Database) -> float:
        # The trigger's plans are made for one row first: a plan kept from there must not be quadratic here.
        for _ in range(6):
            with database.write(who, Change(database.world.new_id(), "One of them")) as session:
                session.execute(text("UPDATE crm.tasks SET version = version + 1 WHERE title = 'Task 1'"))
        with database.write(who, Change(database.world.new_id(), "All of them", via_agent=True)) as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            return seconds(lambda: session.execute(update(Task).values(priority="high", version=Task.version + 1)))

    with_log, without = side_by_side(lambda: change_all(audited), lambda: change_all(plain), ROUNDS)
    return Figure(
        f"bulk of {BULK:,} audited ÷ plain",
        f"{with_log / without:.1f}×",
        "≤ 3.5×",
        f"{with_log:.2f} s ÷ {without:.2f} s for one UPDATE",
    )
