"""Where a backup is restored to: what is there, and whether it can be swapped for something else."""

from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from schema.errors import CrmError
from schema.inspection import inspect
from schema.roles import Roles

_ABOUT: LiteralString = """
SELECT current_database() AS name,
       (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user)
           AND pg_has_role(d.datdba, 'USAGE')
           AND ((SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                OR EXISTS (SELECT FROM pg_available_extension_versions WHERE name = 'vector' AND trusted)
                OR EXISTS (SELECT FROM pg_roles WHERE rolname IN ('rds_superuser', 'azure_pg_admin', 'cloudsqlsuperuser')
                           AND pg_has_role(oid, 'USAGE'))) AS may_swap,
       EXISTS (SELECT FROM pg_namespace n
               WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'crm', 'crm_private', 'crm_read')
                 AND (nspname <> 'public' OR EXISTS (
                     SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND NOT EXISTS (
                         SELECT FROM pg_depend p WHERE p.objid = c.oid AND p.deptype = 'e'))))
           OR EXISTS (SELECT FROM pg_extension WHERE extname NOT IN ('plpgsql', 'vector')) AS is_shared,
       (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend') AS sessions,
       d.encoding, pg_encoding_to_char(d.encoding) AS encoding_name, d.datcollate, d.datctype, d.datlocprovider,
       coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale
FROM pg_database d WHERE d.datname = current_database()
"""


@dataclass(frozen=True)
class Found:
    """The database that a backup is to be restored into."""

    name: str
    server_version: int
    tenants: tuple[str, ...]
    is_prepared: bool
    """Whether tables of ours are there, empty or not."""
    may_swap: bool
    """Whether another database can be made and take its name."""
    is_shared: bool
    """Whether it holds what is not ours, which would be lost in a swap."""
    sessions: int
    about: dict[str, Any]

    @property
    def can_be_swapped(self) -> bool:
        return self.may_swap and not self.is_shared


def look_at(admin_url: str, roles: Roles) -> Found:
    """What is behind the URL. Raises CrmError (unavailable) when it cannot be reached."""
    inspected = inspect(admin_url, roles)
    try:
        with psycopg.connect(admin_url, connect_timeout=10) as admin:
            about = admin.cursor(row_factory=dict_row).execute(_ABOUT).fetchall()[0]
            version = admin.info.server_version
    except psycopg.OperationalError as error:
        raise CrmError("unavailable", f"The database cannot be reached: {error}") from error
    return Found(
        name=about["name"],
        server_version=version,
        tenants=inspected.tenants,
        is_prepared=inspected.revision is not None,
        may_swap=about["may_swap"],
        is_shared=about["is_shared"],
        sessions=about["sessions"],
        about=about,
    )
