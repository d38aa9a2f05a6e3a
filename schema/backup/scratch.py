"""A database beside the one that is restored: filled first, and given its name when all is well."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from schema.backup.target import Found
from schema.errors import CrmError

# PostgreSQL cuts names at 63 bytes without a word.
_LONGEST = 40
_PROVIDERS = {"b": "builtin", "c": "libc", "i": "icu"}


@dataclass
class Scratch:
    """The new database, and the names that it and the old one go by."""

    url: str
    _admin_url: str
    _target: str
    _name: str
    _old: str
    _is_swapped: bool = False

    def swap(self) -> None:
        """Gives the new database the old one's name, at once; nobody may be connected to either.

        Raises CrmError (conflict) when somebody is.
        """
        # A database cannot be renamed by who is connected to it.
        elsewhere = "postgres" if self._target != "postgres" else "template1"
        try:
            with psycopg.connect(make_conninfo(self._admin_url, dbname=elsewhere)) as admin:
                for old, new in ((self._target, self._old), (self._name, self._target)):
                    admin.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                    )
        except psycopg.errors.ObjectInUse:
            raise CrmError("conflict", in_use(self._target)) from None
        self._is_swapped = True

    def drop_old(self) -> None:
        _drop(self._admin_url, self._old)

    @property
    def leftover(self) -> str | None:
        """What is to be dropped when the restore ends early."""
        return None if self._is_swapped else self._name


@contextmanager
def scratch(admin_url: str, found: Found) -> Generator[Scratch]:
    """A new, empty database like the target; it is gone again unless it was swapped in."""
    stem = found.name.encode()[:_LONGEST].decode(errors="ignore")
    made = Scratch(
        url=make_conninfo(admin_url, dbname=f"{stem}_restoring"),
        _admin_url=admin_url,
        _target=found.name,
        _name=f"{stem}_restoring",
        _old=f"{stem}_replaced",
    )
    for leftover in (f"{stem}_restoring", f"{stem}_replaced"):
        _drop(admin_url, leftover)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(_creation(found, f"{stem}_restoring"))
    try:
        with psycopg.connect(made.url, autocommit=True) as admin:
            admin.execute("CREATE EXTENSION vector")
        yield made
    finally:
        if made.leftover is not None:
            _drop(admin_url, made.leftover)


def in_use(name: str) -> str:
    return f"Something is connected to database {name}; stop `crm-agent serve` and everything else that uses it first."


def _creation(found: Found, name: str) -> sql.Composed:
    about = found.about
    provider = _PROVIDERS[about["datlocprovider"]]
    options = sql.SQL(
        "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LOCALE_PROVIDER {} LC_COLLATE {} LC_CTYPE {}"
    ).format(
        sql.Identifier(name),
        sql.Literal(about["encoding_name"]),
        sql.Identifier(provider),
        sql.Literal(about["datcollate"]),
        sql.Literal(about["datctype"]),
    )
    if provider != "libc":
        option = sql.SQL("BUILTIN_LOCALE" if provider == "builtin" else "ICU_LOCALE")
        options += sql.SQL(" {} {}").format(option, sql.Literal(about["locale"]))
    return options


def _drop(admin_url: str, name: str) -> None:
    try:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        raise CrmError("conflict", in_use(name)) from None
