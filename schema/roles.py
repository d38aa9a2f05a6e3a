"""The database roles of an installation: their names, their passwords, and what each may be."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from schema.settings import Settings

KEPT_IN = "roles.json"
LOGIN = ("owner", "app", "reader", "system")
NOLOGIN = ("audit", "view")


@dataclass(frozen=True)
class Roles:
    """Names of the roles, and the passwords of those that log in."""

    prefix: str
    passwords: dict[str, str]

    def name(self, role: str) -> str:
        return f"{self.prefix}crm_{role}"

    def fill(self, template: str) -> str:
        """Our own SQL with `@role@` replaced; names are letters, digits and underscores (schema.settings checks)."""
        for role in (*LOGIN, *NOLOGIN):
            template = template.replace(f"@{role}@", self.name(role))
        return template


def load(settings: Settings) -> Roles:
    """The installation's roles; makes passwords on first use and keeps them, for this user's eyes only, in its home."""
    path = settings.home / KEPT_IN
    if path.exists():
        return Roles(settings.role_prefix, json.loads(path.read_text(encoding="utf-8")))
    passwords = {role: secrets.token_urlsafe(24) for role in LOGIN}
    settings.home.mkdir(parents=True, exist_ok=True)
    return Roles(settings.role_prefix, _keep(path, passwords))


def _keep(path: Path, passwords: dict[str, str]) -> dict[str, str]:
    """Writes the passwords whole or not at all; the first of two processes wins, and both use its passwords."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(passwords, file)
    try:
        os.link(draft, path)
    except FileExistsError:
        return json.loads(path.read_text(encoding="utf-8"))
    finally:
        draft.unlink()
    return passwords


_OPTIONS: dict[str, LiteralString] = {
    "owner": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS INHERIT",
    "app": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT",
    "reader": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT",
    "system": "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT",
    "audit": "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT",
    "view": "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT",
}


_KNOWN: LiteralString = """
SELECT concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                      CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
                      CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
                      CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
                      CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,
                      CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END)
FROM pg_roles WHERE rolname = %s
"""
"""A role's options as `_OPTIONS` words them."""


_READER_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "2min",
    "work_mem": "32MB",
    "hash_mem_multiplier": "1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "search_path": "crm_read",
}
"""What the reader begins with; each query narrows it further. A session could widen them, which is why the guard and the
transaction, not these, are what a model's SQL is judged by."""


def ensure(admin: psycopg.Connection, roles: Roles) -> None:
    """Makes the roles, or brings them to what they must be; the admin becomes a member of each, to give things away."""
    for role, options in _OPTIONS.items():
        name = sql.Identifier(roles.name(role))
        known = admin.execute(_KNOWN, [roles.name(role)]).fetchone()
        # Only a superuser may say NOSUPERUSER of a role that exists, even where it is so.
        if known is None or known[0] != options:
            verb = sql.SQL("ALTER") if known else sql.SQL("CREATE")
            admin.execute(sql.SQL("{} ROLE {} {}").format(verb, name, sql.SQL(options)))
        if role in LOGIN:
            admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, roles.passwords[role]))
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    owner, reader = (sql.Identifier(roles.name(role)) for role in ("owner", "reader"))
    admin.execute(sql.SQL("GRANT {} TO {}").format(reader, owner))
    known = admin.execute("SELECT rolconfig FROM pg_roles WHERE rolname = %s", [roles.name("reader")]).fetchone()
    for name, value in _READER_SETTINGS.items():
        if f"{name}={value}" not in ((known and known[0]) or []):
            admin.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(reader, sql.Identifier(name), value))
