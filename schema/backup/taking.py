"""Taking a backup: one snapshot, dumped by PostgreSQL's own program, and the seals that belong to it."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from schema import roles as role_store
from schema.backup.archive import Progress, writing
from schema.backup.counting import count_rows
from schema.backup.manifest import DUMP, KEY, SEALS, Manifest
from schema.backup.programs import Program
from schema.backup.seals import Cut, own_key
from schema.errors import CrmError
from schema.roles import Roles
from schema.seals.keys import find_key
from schema.settings import Settings
from schema.world import World

# What `migrate` makes again: views, the materialised one, policies, grants, owners; and the key that contexts are signed
# with, which is worth something on a running server and nothing in a backup.
_ARGUMENTS = (
    "--format=custom",
    "--verbose",
    "--no-owner",
    "--no-acl",
    "--no-tablespaces",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--schema=crm",
    "--schema=crm_private",
    "--exclude-table=crm.sales_facts",
    "--exclude-table-data=crm_private.signing_key",
    "--lock-wait-timeout=60000",
)


@dataclass(frozen=True)
class _Snapshot:
    admin: psycopg.Connection
    name: str
    revision: str
    tenants: list[str]
    rows: dict[str, int]
    heads: dict[str, int]
    """The newest seal of each tenant."""
    last_event: int
    bypasses: bool
    """Whether row level security does not apply to the user at all."""


def back_up(
    admin_url: str, settings: Settings, world: World, path: Path, progress: Progress, *, with_key: bool = True
) -> Manifest:
    """Writes the backup; writers go on meanwhile, and what they commit after its first moment is not in it.

    Raises CrmError: setup or unavailable for the database, invalid for the file.
    """
    with writing(path) as file, _snapshot(admin_url, role_store.load(settings)) as snapshot:
        program = Program.of("pg_dump", snapshot.admin, admin_url)
        arguments = [*_ARGUMENTS, f"--snapshot={snapshot.name}"]
        if not snapshot.bypasses:
            arguments.append("--enable-row-security")
        with program.reading(arguments, _Counted(snapshot.rows, progress).told) as chunks:
            file.add(DUMP, chunks)
        # Only now: what the file says was there when the snapshot was taken, and more.
        cut = Cut(snapshot.heads)
        file.add(SEALS, cut.lines(settings))
        key_file = own_key(settings) if with_key else None
        if key_file is not None:
            file.add(KEY, [key_file.read_bytes()])
        key = find_key(settings)
        manifest = Manifest(
            product=version("crm-agent"),
            revision=snapshot.revision,
            postgres=snapshot.admin.info.server_version,
            taken_at=world.now().isoformat(),
            tenants=snapshot.tenants,
            rows=snapshot.rows,
            last_event=snapshot.last_event,
            seals=cut.kept,
            seals_left_out=cut.left_out,
            seals_missing=cut.missing,
            key_id=key.public.key_id if key and cut.kept else None,
            parts=file.parts,
        )
        file.finish(manifest)
        return manifest


@contextmanager
def _snapshot(admin_url: str, roles: Roles) -> Generator[_Snapshot]:
    try:
        with psycopg.connect(admin_url, connect_timeout=10) as admin:
            admin.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # It only waits while the program works, for as long as that takes.
            admin.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield _look(admin, roles)
    except psycopg.OperationalError as error:
        told = (str(error).strip().splitlines() or ["no answer"])[-1]
        raise CrmError("unavailable", f"The database cannot be reached: {told}") from error


def _look(admin: psycopg.Connection, roles: Roles) -> _Snapshot:
    if not _scalar(admin, "SELECT to_regclass('crm_private.alembic_version') IS NOT NULL"):
        raise CrmError("setup", "There is nothing to back up: the database has not been prepared yet.")
    bypasses = bool(_scalar(admin, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
    # Behind row level security a dump is silently empty; a member of the system's role sees everything.
    if not bypasses and not _inherits(admin, roles.name("system")):
        raise CrmError(
            "setup",
            f"The database user sees not every row, so a backup would lack some: it has to inherit {roles.name('system')}"
            " or have BYPASSRLS.",
        )
    has_seals = _scalar(admin, "SELECT to_regclass('crm.audit_seals') IS NOT NULL")
    heads = (
        admin.execute("SELECT tenant_id::text, max(batch) FROM crm.audit_seals GROUP BY 1").fetchall()
        if has_seals
        else []
    )
    return _Snapshot(
        admin=admin,
        name=str(_scalar(admin, "SELECT pg_export_snapshot()")),
        revision=str(_scalar(admin, "SELECT version_num FROM crm_private.alembic_version")),
        tenants=[str(slug) for (slug,) in admin.execute("SELECT slug FROM crm.tenants ORDER BY slug").fetchall()],
        rows=count_rows(admin),
        heads={str(tenant): int(batch) for tenant, batch in heads},
        last_event=int(str(_scalar(admin, "SELECT coalesce(max(event_id), 0) FROM crm.audit_events"))),
        bypasses=bypasses,
    )


def _inherits(admin: psycopg.Connection, role: str) -> bool:
    query = sql.SQL("SELECT coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = {}), false)")
    row = admin.execute(query.format(sql.Literal(role))).fetchone()
    return bool(row and row[0])


def _scalar(admin: psycopg.Connection, query: str) -> object:
    row = admin.execute(query.encode()).fetchone()
    return row[0] if row else None


@dataclass
class _Counted:
    """Turns what pg_dump tells into rows done."""

    rows: Mapping[str, int]
    progress: Progress
    _done: int = 0
    _table: str = ""

    def told(self, line: str) -> None:
        found = re.search(r'dumping contents of table "(crm(?:_private)?\.\w+)"', line)
        if found:
            self._done += self.rows.get(self._table, 0)
            self._table = found[1]
            self.progress("Dumping", self._done, sum(self.rows.values()))
