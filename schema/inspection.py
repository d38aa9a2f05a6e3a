"""What an installation's database is really like: versions, revision, roles, row level security, the wall."""

from dataclasses import dataclass
from importlib.resources import files
from typing import LiteralString

import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql

from schema.demo.tenants import BRIGHTWATER
from schema.errors import CrmError
from schema.roles import LOGIN, NOLOGIN, Roles


@dataclass(frozen=True)
class Inspection:
    """Found by the owner of the database; nothing here is a record."""

    postgres: str
    vector: str | None
    """pgvector's version, or None where it is not installed."""
    revision: str | None
    """The migration the database is at, or None before the first."""
    missing_roles: tuple[str, ...]
    mighty_roles: tuple[str, ...]
    """Roles of ours that are superuser or may bypass row level security, which none may be."""
    open_tables: tuple[str, ...]
    """Tables of tenants' rows without forced row level security."""
    is_hardened: bool
    """Whether functions and catalogs that a model's SQL has no use for are closed to it by the database itself."""
    tenants: tuple[str, ...]
    size_bytes: int

    @property
    def is_current(self) -> bool:
        return self.revision == head_revision()

    @property
    def is_known(self) -> bool:
        """False for a revision that only a newer version of the package can have made."""
        scripts = ScriptDirectory(str(files("schema") / "migrations"))
        return self.revision in {script.revision for script in scripts.walk_revisions()}

    @property
    def has_demo(self) -> bool:
        return BRIGHTWATER.slug in self.tenants


def head_revision() -> str:
    """The newest migration that this version of the package knows."""
    return ScriptDirectory(str(files("schema") / "migrations")).get_current_head() or ""


_OPEN_TABLES: LiteralString = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace('crm') AND c.relkind IN ('r', 'p')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
ORDER BY c.relname
"""


def inspect(admin_url: str, roles: Roles) -> Inspection:
    """Looks at the database behind `admin_url`. Raises CrmError (unavailable) when it cannot be reached."""
    try:
        with psycopg.connect(admin_url, connect_timeout=10) as admin:
            return _inspect(admin, roles)
    except psycopg.OperationalError as error:
        told = (str(error).strip().splitlines() or ["no answer"])[-1]
        raise CrmError("unavailable", f"The database cannot be reached: {told}") from error


def _inspect(admin: psycopg.Connection, roles: Roles) -> Inspection:
    named = [roles.name(role) for role in (*LOGIN, *NOLOGIN)]
    found = admin.execute(
        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = ANY(%s)", [named]
    ).fetchall()
    known = {str(row[0]) for row in found}
    vector = admin.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    size = admin.execute("SELECT pg_database_size(current_database())").fetchone()
    hardened = admin.execute("SELECT NOT has_function_privilege('public', 'pg_sleep(float8)', 'EXECUTE')").fetchone()
    return Inspection(
        postgres=admin.info.parameter_status("server_version") or "",
        vector=str(vector[0]) if vector else None,
        revision=_revision(admin),
        missing_roles=tuple(name for name in named if name not in known),
        mighty_roles=tuple(sorted(str(row[0]) for row in found if row[1])),
        open_tables=tuple(str(row[0]) for row in admin.execute(_OPEN_TABLES).fetchall()),
        is_hardened=bool(hardened and hardened[0]),
        tenants=_tenants(admin, roles),
        size_bytes=int(size[0]) if size else 0,
    )


def _revision(admin: psycopg.Connection) -> str | None:
    made = admin.execute("SELECT to_regclass('crm_private.alembic_version') IS NOT NULL").fetchone()
    if not (made and made[0]):
        return None
    revision = admin.execute("SELECT version_num FROM crm_private.alembic_version").fetchone()
    return str(revision[0]) if revision else None


def _tenants(admin: psycopg.Connection, roles: Roles) -> tuple[str, ...]:
    """The slugs, seen as the system: even the owner sees no tenant's rows without a context."""
    made = admin.execute("SELECT to_regclass('crm.tenants') IS NOT NULL").fetchone()
    if not (made and made[0]):
        return ()
    admin.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.name("system"))))
    slugs = tuple(str(row[0]) for row in admin.execute("SELECT slug FROM crm.tenants ORDER BY slug").fetchall())
    admin.execute("RESET ROLE")
    return slugs
