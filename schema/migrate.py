"""Brings a database to the present schema: roles, tables by Alembic, then everything that can be made again."""

import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.resources import files
from typing import cast

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from schema import roles as role_store
from schema import triggers, views
from schema.errors import CrmError
from schema.roles import Roles
from schema.settings import Settings
from schema.world import World, real_clock


class NewerDatabase(CrmError):
    """The database was brought up to date by a newer version of crm-agent, and this one cannot use it; update the program."""

    kind = "setup"


Progress = Callable[[str], None]
"""Is told each revision that was applied or taken back."""

MINIMUM_POSTGRES = 160000
MINIMUM_VECTOR = (0, 8)
# Any number will do, as long as nobody else on the server uses it: it lets one migration run at a time.
MIGRATION_LOCK = 0x63726D

_BLOCK = bytes.maketrans(bytes(range(256)), bytes(byte ^ 0x36 for byte in range(256)))
_OUTER = bytes.maketrans(bytes(range(256)), bytes(byte ^ 0x5C for byte in range(256)))


def migrate(admin_url: str, settings: Settings, world: World | None = None, progress: Progress | None = None) -> str:
    """Brings the database at `admin_url` up to date in one transaction; returns the revision it is at.

    The world's clock is kept for `crm.enter` when it stands still. Raises CrmError (setup) when the server is too old,
    the extension is missing, or the user of the URL may not make roles.
    """
    roles = role_store.load(settings)
    with as_admin(admin_url) as connection:
        admin = driver_connection(connection)
        _check_server(admin)
        admin.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])
        role_store.ensure(admin, roles)
        _make_schemas(admin, roles)
        try:
            command.upgrade(alembic_config(connection, progress), "head")
        except CommandError as error:
            raise NewerDatabase from error
        _apply_repeatable(admin, roles)
        _keep_clock(admin, world)
        revision = admin.execute("SELECT version_num FROM crm_private.alembic_version").fetchone()
    return str(revision[0]) if revision else ""


@contextmanager
def as_admin(admin_url: str) -> Generator[Connection]:
    """One transaction as the database's owner. Raises CrmError (setup, unavailable)."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(admin_url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege as error:
        raise CrmError(
            "setup",
            "The database user may not do this: give a URL whose user may create roles and extensions and owns the"
            f" database ({error.diag.message_primary}).",
        ) from error
    except psycopg.OperationalError as error:
        raise CrmError(
            "unavailable", f"The database cannot be reached: {str(error).strip().splitlines()[-1]}"
        ) from error


def driver_connection(connection: Connection) -> psycopg.Connection:
    """The psycopg connection under SQLAlchemy's, in the same transaction."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def _check_server(admin: psycopg.Connection) -> None:
    if admin.info.server_version < MINIMUM_POSTGRES:
        raise CrmError(
            "setup",
            f"This PostgreSQL is version {admin.info.server_version // 10000}; crm-agent needs 16 or newer."
            " Upgrade the server, or unset CRM_AGENT_DATABASE_URL to use the embedded one.",
        )
    found = admin.execute(
        "SELECT coalesce(e.extversion, a.default_version), e.extversion IS NOT NULL FROM pg_available_extensions a"
        " LEFT JOIN pg_extension e ON e.extname = a.name WHERE a.name = 'vector'"
    ).fetchone()
    if found is None:
        raise CrmError("setup", "This PostgreSQL has no pgvector; install pgvector 0.8 or newer on the server.")
    version = tuple(int(part) for part in str(found[0]).split(".")[:2])
    if version < MINIMUM_VECTOR:
        raise CrmError("setup", f"pgvector on this server is {found[0]}; crm-agent needs 0.8 or newer. Upgrade it.")
    if not found[1]:
        admin.execute("CREATE EXTENSION vector")


def _make_schemas(admin: psycopg.Connection, roles: Roles) -> None:
    for name in ("crm", "crm_private"):
        admin.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))
    # The schemas stay the admin's: whoever owns a schema may drop what is in it, the audit log included.
    owner = sql.Identifier(roles.name("owner"))
    admin.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA crm, crm_private TO {}").format(owner))
    protect_database(admin, roles)
    # Giving an object to a role needs that role to be able to create in the schema, even when a superuser gives it.
    for role in ("system", "audit"):
        admin.execute(
            sql.SQL("GRANT USAGE, CREATE ON SCHEMA crm, crm_private TO {}").format(sql.Identifier(roles.name(role)))
        )
    admin.execute(_text((files("schema") / "sql" / "00_fold.sql").read_text(encoding="utf-8")))
    admin.execute("GRANT EXECUTE ON FUNCTION crm.fold(text) TO PUBLIC")


def protect_database(admin: psycopg.Connection, roles: Roles) -> None:
    """Who may connect, and who may make temporary tables: kept per database, so a clone needs it again."""
    admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    database = sql.Identifier(admin.info.dbname)
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in role_store.LOGIN:
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(roles.name(role))))
    # Refreshing a materialised view concurrently goes through a temporary table.
    admin.execute(
        sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(roles.name("system")))
    )


def alembic_config(connection: Connection, progress: Progress | None = None) -> Config:
    """Alembic's configuration for one open connection, so that all of a migration commits together."""
    config = Config()
    config.set_main_option("script_location", str(files("schema") / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["progress"] = progress
    return config


def _apply_repeatable(admin: psycopg.Connection, roles: Roles) -> None:
    """Functions, triggers, views, policies and grants: made again after every migration, in order of name."""
    superuser = admin.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone()
    scripts = sorted((file for file in (files("schema") / "sql").iterdir()), key=lambda file: file.name)
    texts = {file.name: file.read_text(encoding="utf-8") for file in scripts if file.name.endswith(".sql")}
    vectors = _schema_of_vectors(admin)
    for name, text in texts.items():
        if name == "50_protect.sql":
            _apply_generated(admin, roles)
        if name == "60_harden.sql" and not (superuser and superuser[0]):
            continue
        admin.execute(_text(roles.fill(text).replace("@vectors@", vectors)))
    _keep_signing_key(admin)


def _schema_of_vectors(admin: psycopg.Connection) -> str:
    """Where pgvector was installed, quoted: `public`, unless the server's owner chose another schema."""
    found = admin.execute(
        "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = 'vector'"
    ).fetchone()
    return str(found[0]) if found else "public"


def _apply_generated(admin: psycopg.Connection, roles: Roles) -> None:
    for statement in (*triggers.statements(), *views.statements()):
        admin.execute(_text(roles.fill(statement)))
    view, system = sql.Identifier(roles.name("view")), sql.Identifier(roles.name("system"))
    admin.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA crm_read TO {}").format(view))
    for name in views.VIEWS:
        admin.execute(sql.SQL("ALTER VIEW crm_read.{} OWNER TO {}").format(sql.Identifier(name), view))
    admin.execute(sql.SQL("ALTER MATERIALIZED VIEW crm.sales_facts OWNER TO {}").format(system))
    admin.execute(sql.SQL("REVOKE CREATE ON SCHEMA crm_read FROM {}").format(view))
    everyone = [sql.Identifier(roles.name(role)) for role in ("app", "reader", "system")]
    admin.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA crm_read TO {}").format(sql.SQL(", ").join(everyone)))


def _keep_signing_key(admin: psycopg.Connection) -> None:
    """The HMAC key's two pads (RFC 2104), made once; the key itself is kept nowhere."""
    key = secrets.token_bytes(64)
    admin.execute(
        "INSERT INTO crm_private.signing_key (inner_pad, outer_pad) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [key.translate(_BLOCK), key.translate(_OUTER)],
    )


def _keep_clock(admin: psycopg.Connection, world: World | None) -> None:
    if world is None or world.now is real_clock:
        admin.execute("DELETE FROM crm_private.installation WHERE name = 'clock'")
        return
    admin.execute(
        "INSERT INTO crm_private.installation (name, value) VALUES ('clock', %s)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [world.now().isoformat()],
    )


def _text(statement: str) -> sql.SQL:
    """Our own SQL from files and generators of this package; nothing from outside comes this way."""
    return sql.SQL(statement)  # pyright: ignore[reportArgumentType]
