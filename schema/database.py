"""The database as the application sees it: pools by role, and transactions that say who is asking."""

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any, Literal, LiteralString, Self, cast
from uuid import UUID

import psycopg
from psycopg.abc import Params
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import Pool, PoolProxiedConnection, QueuePool

from schema import roles as role_store
from schema.errors import CrmError
from schema.identity import Identity, TokenIdentity
from schema.roles import Roles
from schema.session import Change, ReadSession, WriteSession
from schema.settings import Settings
from schema.world import World, real_clock

Audience = Literal["person", "model"]
Via = Literal["person", "agent", "system"]

Transactions = Callable[[], AbstractContextManager[WriteSession]]
"""Begins one; it commits when its block ends."""

CONTEXT_SECONDS = 900
"""How long a signed context holds: longer than any transaction of ours, shorter than a forgotten one."""

_SPEAK: LiteralString = """
SELECT set_config('crm.context', crm.sign(%(tenant)s, %(user)s, %(audience)s, %(via)s, pg_backend_pid(), %(seconds)s,
                                          %(clock)s), true),
       set_config('TimeZone', %(time_zone)s, true), set_config('crm.change', %(change)s, true),
       set_config('transaction_read_only', %(read_only)s, true),
       set_config('synchronous_commit', %(durability)s, true);
"""
_BEGIN: LiteralString = f"BEGIN;{_SPEAK}"
# A session's locks go when the server notices that their holder is gone, which for a machine that has died takes hours
# unless it is asked.
_BEGIN_STAYING: LiteralString = """
SET tcp_keepalives_idle = 20;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 3;
BEGIN;
SET LOCAL synchronous_commit = off;
"""


_SIGN = text(
    "SELECT crm.sign(:tenant, :user, :audience, :via, :pid, CAST(:seconds AS integer), CAST(:clock AS timestamptz))"
)
# SET needs no function, and set_config is closed to the reader. The probe comes last: before a transaction's first
# query PostgreSQL still accepts SET TRANSACTION READ WRITE, and after it no more.
_BEGIN_READING: LiteralString = """
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL crm.context = %(context)s;
SET LOCAL TimeZone = %(time_zone)s;
SET LOCAL statement_timeout = %(timeout)s;
SET LOCAL lock_timeout = '2s';
SET LOCAL search_path = crm_read;
SET LOCAL cursor_tuple_fraction = 1.0;
SET LOCAL client_connection_check_interval = '500ms';
SELECT 1;
"""


@dataclass(frozen=True)
class Database:
    """One installation's database; cheap to make, connects when first used, safe to share between threads."""

    admin_url: str
    """A URL that owns the database; `db url` prints it, and only migrations and backups use it."""
    roles: Roles
    world: World
    app: Engine
    system: Engine
    reader: Pool
    """Connections of the role that a model's SQL runs as; on the replica, where there is one."""

    @classmethod
    def open(cls, admin_url: str, settings: Settings, world: World) -> "Database":
        """The database behind `admin_url`, through its own roles."""
        roles = role_store.load(settings)
        return cls(
            admin_url=admin_url,
            roles=roles,
            world=world,
            app=_engine(role_url(admin_url, roles, "app"), pool_size=10, max_overflow=40),
            # What works in the background holds one connection to be alone, and needs others to work.
            system=_engine(role_url(admin_url, roles, "system"), pool_size=1, max_overflow=15),
            reader=_reader_pool(role_url(settings.read_database_url or admin_url, roles, "reader")),
        )

    def close(self) -> None:
        self.app.dispose()
        self.system.dispose()
        self.reader.dispose()

    @contextmanager
    def read(self, who: Identity, audience: Audience = "person") -> Generator[ReadSession]:
        """A read-only transaction that sees what `who` may see."""
        with self._transaction(self.app, self._context(who, audience=audience, read_only=True)) as connection:
            yield ReadSession(connection)

    @contextmanager
    def reading(self, who: Identity, audience: Audience, seconds: float) -> Generator[psycopg.Connection[Any]]:
        """A read-only snapshot of the public views as `crm_reader`, for SQL that passed the guard; always rolled back.

        `seconds` bounds each statement. The context is signed by the application for the reader's backend, and holds
        no longer than the query may take. Raises CrmError (unavailable) when too many read at once.
        """
        with closing(self._reader_connection()) as pooled:
            connection = cast("psycopg.Connection[Any]", pooled.driver_connection)
            try:
                self._begin_reading(connection, who, audience, seconds)
                yield connection
            finally:
                if not _is_forgotten(connection):
                    pooled.invalidate()

    def _reader_connection(self) -> PoolProxiedConnection:
        try:
            return self.reader.connect()
        except PoolTimeoutError as error:
            raise CrmError("unavailable", "Too many queries run at once; try again in a moment.") from error

    def _begin_reading(
        self, connection: psycopg.Connection[Any], who: Identity, audience: Audience, seconds: float
    ) -> None:
        signing = {
            **self._context(who, audience=audience),
            "pid": connection.info.backend_pid,
            "seconds": round(seconds * 3) + 1,
        }
        with self._explained(), self.app.connect() as app:
            context = app.execute(_SIGN, signing).scalar_one()
        settings = {"context": context, "time_zone": who.time_zone, "timeout": f"{round(seconds * 1000)}ms"}
        psycopg.ClientCursor(connection).execute(_BEGIN_READING, settings)

    @contextmanager
    def write(self, who: Identity, change: Change) -> Generator[WriteSession]:
        """A transaction whose every changed row is logged as `change`, made by or for `who`."""
        context = self._context(who, via="agent" if change.via_agent else "person", change=change)
        with self._transaction(self.app, context) as connection:
            yield WriteSession(connection)

    def speak(self, session: WriteSession, who: Identity, change: Change) -> None:
        """From here on, the session's transaction acts for `who`, and what it changes is logged as `change`."""
        context = self._context(who, via="agent" if change.via_agent else "person", change=change)
        _run_at_once(session.connection, _SPEAK, context)

    @contextmanager
    def store(self, who: Identity) -> Generator[WriteSession]:
        """A transaction over what is not audited: conversations, runs, steps, tool calls, tokens."""
        with self._transaction(self.app, self._context(who)) as connection:
            yield WriteSession(connection)

    def keep(self, who: Identity, sql: LiteralString, **values: Any) -> None:
        """What `store` does, for statements whose rows nobody waits for: a whole transaction in one round trip.

        `%(name)s` stands for each value; a mapping is stored as JSONB.
        """
        told = {name: Jsonb(value) if isinstance(value, Mapping) else value for name, value in values.items()}
        with self._explained(), self.app.connect() as connection:
            _run_at_once(connection, f"{_BEGIN}{sql};\nCOMMIT", {**self._context(who), **told})

    @contextmanager
    def job(self, tenant_id: UUID, change: Change | None = None) -> Generator[WriteSession]:
        """A transaction of the system itself in one tenant: refreshing, seeding, recovery."""
        context = self._context_of(tenant_id, None, "person", "system", "UTC", change, read_only=False)
        with self._transaction(self.system, context) as connection:
            yield WriteSession(connection)

    @contextmanager
    def erasing(self, who: Identity, change: Change) -> Generator[WriteSession]:
        """A transaction of the system in a person's name, over what the application itself may not change; every
        statement in it must name the tenant."""
        with self._transaction(self.system, self._context(who, change=change)) as connection:
            yield WriteSession(connection)

    @contextmanager
    def across_tenants(self) -> Generator[WriteSession]:
        """A transaction of the system over every tenant's rows; it has no change, so it cannot touch records."""
        with self._transaction(self.system) as connection:
            yield WriteSession(connection)

    @contextmanager
    def alone(self, work: str) -> Generator[bool]:
        """Whether nobody else, in any process of this installation, is inside for the same work; nobody waits.

        The lock belongs to a connection and not to a transaction, so the work may take hours.
        """
        with self._explained(), self.system.connect() as connection:
            key = {"work": work}
            is_alone = bool(connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:work, 0))"), key))
            try:
                yield is_alone
            finally:
                if is_alone:
                    connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:work, 0))"), key)

    @contextmanager
    def staying(self) -> Generator[Transactions]:
        """What begins transactions over every tenant's rows, one after another on one connection: a session's lock that one
        takes is held until the block ends, or this process. What they write need not reach the disk at once."""
        with self._explained(), self.system.connect() as connection:

            @contextmanager
            def transaction() -> Generator[WriteSession]:
                with connection.begin():
                    _run_at_once(connection, _BEGIN_STAYING, {})
                    yield WriteSession(connection)

            try:
                yield transaction
            finally:
                with suppress(DBAPIError):
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))

    def sign_in(self, email: str, tenant_slug: str | None = None) -> Identity:
        """The active user with this e-mail. Raises CrmError (unauthenticated) when there is none, or several."""
        found = self._look_up("SELECT * FROM crm.find_users(:email, :slug)", email=email, slug=tenant_slug)
        where = f" in tenant {tenant_slug}" if tenant_slug else ""
        if not found:
            raise CrmError("unauthenticated", f"No user {email}{where}; `user list` shows who there is.")
        if len(found) > 1:
            slugs = ", ".join(str(row["tenant_slug"]) for row in found)
            raise CrmError("unauthenticated", f"{email} is in several tenants ({slugs}); say which with --tenant.")
        if not found[0]["is_active"]:
            raise CrmError("unauthenticated", f"The user {email} is disabled; an admin can enable it.")
        return _identity(found[0])

    def password_hash(self, email: str, tenant_slug: str | None = None) -> str | None:
        """The argon2 hash of the one active user with this e-mail, or None."""
        found = self._look_up("SELECT * FROM crm.find_users(:email, :slug)", email=email, slug=tenant_slug)
        return found[0]["password_hash"] if len(found) == 1 and found[0]["is_active"] else None

    def sign_in_token(self, secret_hash: str) -> TokenIdentity:
        """Who the token with this SHA-256 (hexadecimal) acts for. Raises CrmError (unauthenticated)."""
        found = self._look_up("SELECT * FROM crm.find_token(:hash)", hash=secret_hash)
        if not found or not found[0]["is_active"]:
            raise CrmError("unauthenticated", "This token is not known; make one with `crm-agent token create`.")
        row = found[0]
        if row["revoked_at"] is not None or (row["expires_at"] is not None and row["expires_at"] <= self.world.now()):
            raise CrmError("unauthenticated", "This token has ended; make a new one with `crm-agent token create`.")
        return TokenIdentity(row["token_id"], _identity(row), frozenset(row["scopes"]))

    def refresh_analytics(self) -> None:
        """Brings sales_analytics up to date without blocking its readers."""
        with self._transaction(self.system) as connection:
            connection.execute(text("REFRESH MATERIALIZED VIEW CONCURRENTLY crm.sales_facts"))

    def _look_up(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        with self._explained(), self.app.connect() as connection:
            return [dict(row) for row in connection.execute(text(sql), parameters).mappings()]

    def _context(
        self,
        who: Identity,
        *,
        audience: Audience = "person",
        via: Via = "person",
        change: Change | None = None,
        read_only: bool = False,
    ) -> dict[str, Any]:
        return self._context_of(who.tenant_id, who.user_id, audience, via, who.time_zone, change, read_only=read_only)

    def _context_of(
        self,
        tenant_id: UUID,
        user_id: UUID | None,
        audience: Audience,
        via: Via,
        time_zone: str,
        change: Change | None,
        *,
        read_only: bool,
    ) -> dict[str, Any]:
        return {
            "tenant": tenant_id,
            "user": user_id,
            "audience": audience,
            "via": via,
            "seconds": CONTEXT_SECONDS,
            "clock": self._frozen_clock(),
            "time_zone": time_zone,
            "change": json.dumps(change.told()) if change else "",
            "read_only": "on" if read_only else "off",
            # A step need not reach the disk before the next one begins: a change that follows it flushes it too, so only
            # the tail of a run can be lost, and only to a crash of the machine.
            "durability": "on" if change else "off",
        }

    def _frozen_clock(self) -> datetime | None:
        return None if self.world.now is real_clock else self.world.now()

    @contextmanager
    def _transaction(self, engine: Engine, context: dict[str, Any] | None = None) -> Generator[Connection]:
        with self._explained(), engine.connect() as connection, connection.begin():
            _run_at_once(connection, _BEGIN if context else "BEGIN", context or {})
            yield connection

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _explained(error) from error
        except PoolTimeoutError as error:
            raise CrmError("unavailable", "Too much is done at once; try again in a moment.") from error


def _is_forgotten(connection: psycopg.Connection[Any]) -> bool:
    """Ends the reader's transaction and whatever outlives one: settings, advisory locks, cursors, temporary tables."""
    try:
        connection.rollback()
        psycopg.ClientCursor(connection).execute("DISCARD ALL")
    except psycopg.Error:
        return False
    return True


def _run_at_once(connection: Connection, sql: LiteralString, values: Mapping[str, Any]) -> None:
    """Several statements in one round trip, their values quoted by libpq; on a busy machine each round trip costs
    a millisecond, and a transaction with its context would take four before it does anything."""
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    whole = psycopg.ClientCursor(driver).mogrify(sql, values)
    try:
        connection.exec_driver_sql(whole, execution_options={"no_parameters": True})
    except DBAPIError as error:
        # With the values in it, the statement would put what people wrote into a log.
        error.statement = sql
        raise


class _Cursor(psycopg.Cursor[Any]):
    """Prepares statements, but never what may be several: PostgreSQL can prepare one alone."""

    def execute(self, query: Any, params: Params | None = None, **options: Any) -> Self:
        return super().execute(query, params, **({"prepare": False} if params is None else {}), **options)


def role_url(admin_url: str, roles: Roles, role: str) -> str:
    """The admin's URL as a libpq connection string for another role."""
    parts = conninfo_to_dict(admin_url)
    parts |= {"user": roles.name(role), "password": roles.passwords[role], "application_name": f"crm-agent {role}"}
    return make_conninfo(**{name: str(value) for name, value in parts.items() if value is not None})


def _engine(conninfo: str, pool_size: int, max_overflow: int) -> Engine:
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: _connect(conninfo),
        pool_size=pool_size,
        hide_parameters=True,
        max_overflow=max_overflow,
    )


def _reader_pool(conninfo: str) -> Pool:
    """A pool without SQLAlchemy's engine, whose first questions to a server the reader may not ask."""
    return QueuePool(
        lambda: cast("DBAPIConnection", _connect(conninfo)), pool_size=4, max_overflow=12, reset_on_return=None
    )


def _connect(conninfo: str) -> psycopg.Connection:
    """A connection; waits while the server says that it is starting up, as it does for a moment after a crash."""
    for patience in (0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8):
        try:
            return _connect_once(conninfo)
        except psycopg.OperationalError as error:
            if "the database system is" not in str(error):
                raise
            sleep(patience)
    return _connect_once(conninfo)


def _connect_once(conninfo: str) -> psycopg.Connection:
    return psycopg.connect(
        conninfo,
        options="-c search_path=crm_read,crm -c jit=off",
        connect_timeout=10,
        prepare_threshold=2,
        # A transaction is begun together with its context.
        autocommit=True,
        cursor_factory=_Cursor,
    )


def _identity(row: dict[str, Any]) -> Identity:
    return Identity(**{name: row[name] for name in Identity.__dataclass_fields__})


_NOT_PREPARED = ("42883", "42P01", "3F000", "3D000")


def _explained(error: DBAPIError) -> Exception:
    """A sentence for a database that cannot be used; anything else stays what it was, for the tools to explain."""
    cause = error.orig
    told = str(cause).strip().splitlines()[-1] if cause and str(cause).strip() else "no answer"
    state = sqlstate(error)
    not_prepared = state in _NOT_PREPARED or "does not exist" in told or "password authentication failed" in told
    if (isinstance(cause, psycopg.OperationalError) and state is None) or error.connection_invalidated:
        if not_prepared:
            return CrmError("setup", "The database has not been prepared yet; run `crm-agent db migrate`.")
        return CrmError("unavailable", "The database cannot be reached; `crm-agent doctor` says why.")
    if state in _NOT_PREPARED and "crm." in str(cause):
        return CrmError("setup", "The database is not at this version's schema; run `crm-agent db migrate`.")
    if state == "28000" and "no such active user" in str(cause):
        return CrmError("unauthenticated", "This user has been disabled since; an admin can enable it.")
    return error


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's five-character code of an error, or None when the server never answered."""
    return getattr(error.orig, "sqlstate", None)
