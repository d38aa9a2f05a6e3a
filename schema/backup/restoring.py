"""Restoring a backup: beside what is there, checked, brought up to date, and only then in its place."""

import re
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import psycopg

from schema.backup.archive import Backup, Progress
from schema.backup.counting import count_rows
from schema.backup.manifest import DUMP, KEY, SEALS, Manifest
from schema.backup.programs import Program
from schema.backup.scratch import in_use, scratch
from schema.backup.seals import Placing, check_key
from schema.backup.target import Found
from schema.database import Database
from schema.errors import CrmError
from schema.migrate import migrate
from schema.seals import Verdict, verify
from schema.seals.file import seals_path
from schema.seals.keys import KEY_FILE
from schema.settings import Settings
from schema.world import World

# Policies name roles, which another installation may call otherwise; `migrate` makes them again.
_LEFT_TO_MIGRATE = re.compile(r"\d+; \d+ \d+ (POLICY|ROW SECURITY|DEFAULT ACL|ACL) ")

_ERASED_SINCE: LiteralString = """
SELECT DISTINCT record_id FROM crm.audit_events
WHERE tool = 'erase' AND record_kind = 'individual' AND table_name = 'individuals' AND event_id > %s
"""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    revision: str
    """The migration the database is at now; the backup's may be older."""
    replaced: tuple[str, ...]
    """The tenants that were there before."""
    kept: tuple[Path, ...]
    """Files of the home that were there before, under their new names."""
    erased_since: tuple[UUID, ...]
    """Individuals that the replaced database had erased, and the backup has whole."""
    verdict: Verdict


def restore(
    backup: Backup,
    admin_url: str,
    settings: Settings,
    world: World,
    found: Found,
    progress: Progress,
    *,
    replace: bool = False,
    with_key: bool = True,
) -> Restored:
    """Restores the checked backup into the database that was found, and verifies its log.

    Raises CrmError before anything has changed: refused or conflict when the target may not be replaced, invalid when
    the backup does not restore to what it says it holds.
    """
    _check_target(backup.manifest, found, replace=replace)
    brings_key = with_key and backup.manifest.has_key and settings.seal_key is None
    if with_key:
        check_key(settings, backup.manifest.key_id, is_brought=backup.manifest.has_key)
    files = [Placing.write(seals_path(settings), backup.chunks(SEALS))]
    try:
        if brings_key:
            files.append(Placing.write(settings.home / KEY_FILE, backup.chunks(KEY)))
        with _filled(backup, admin_url, settings, world, found, progress) as filled:
            kept = [each.place(world.now()) for each in files]
            erased = filled.erased_since
            revision = filled.revision
    finally:
        for each in files:
            each.discard()
    progress("Verifying the log", 0, 1)
    return Restored(
        manifest=backup.manifest,
        revision=revision,
        replaced=found.tenants,
        kept=tuple(path for path in kept if path is not None),
        erased_since=tuple(erased),
        verdict=_verified(admin_url, settings, world),
    )


@dataclass(frozen=True)
class _Filled:
    revision: str
    erased_since: Sequence[UUID]


def _check_target(manifest: Manifest, found: Found, *, replace: bool) -> None:
    if found.tenants and not replace:
        raise CrmError(
            "refused",
            f"Database {found.name} has data (tenants {', '.join(found.tenants)}); give --replace to replace it.",
        )
    if found.server_version // 10000 < manifest.postgres // 10000:
        raise CrmError(
            "refused",
            f"This backup was taken from PostgreSQL {manifest.postgres // 10000}, and the server is version"
            f" {found.server_version // 10000}; restore it into {manifest.postgres // 10000} or newer.",
        )
    if found.sessions:
        raise CrmError("conflict", in_use(found.name))
    if found.tenants and not found.can_be_swapped:
        why = "holds more than crm-agent's tables" if found.is_shared else "cannot be swapped by this database user"
        raise CrmError(
            "refused",
            f"Database {found.name} {why}, so its data cannot be replaced safely: restore into an empty database,"
            " or drop the schemas crm, crm_read and crm_private first.",
        )


@contextmanager
def _filled(
    backup: Backup, admin_url: str, settings: Settings, world: World, found: Found, progress: Progress
) -> Generator[_Filled]:
    """The target with the backup in it; the old one is kept until the block has ended well."""
    if not found.can_be_swapped:
        yield _Filled(_fill(backup, admin_url, settings, world, progress, in_place=True), [])
        return
    with scratch(admin_url, found) as new:
        revision = _fill(backup, new.url, settings, world, progress, in_place=False)
        erased = _erased_since(admin_url, backup.manifest, found)
        new.swap()
        yield _Filled(revision, erased)
        new.drop_old()


def _fill(backup: Backup, url: str, settings: Settings, world: World, progress: Progress, *, in_place: bool) -> str:
    """Restores and brings up to date; returns the revision. In place it is one transaction, over empty schemas."""
    with psycopg.connect(url, autocommit=True) as admin:
        if in_place:
            admin.execute("DROP SCHEMA IF EXISTS crm_read, crm, crm_private CASCADE")
            admin.execute("CREATE EXTENSION IF NOT EXISTS vector")
        program = Program.of("pg_restore", admin, url)
    _run(program, backup, progress, ["--single-transaction"] if in_place else [])
    with psycopg.connect(url) as admin:
        counted = count_rows(admin)
    wrong = [table for table, rows in backup.manifest.rows.items() if counted.get(table) != rows]
    if wrong:
        raise CrmError("invalid", f"{backup.path} does not restore to what it says it holds ({', '.join(wrong)}).")
    progress("Bringing it up to date", 0, 1)
    return migrate(url, settings, world)


def _run(program: Program, backup: Backup, progress: Progress, arguments: list[str]) -> None:
    size = backup.manifest.parts[DUMP].bytes
    wanted = [line for line in program.list_of(backup.chunks(DUMP)) if not _LEFT_TO_MIGRATE.match(line)]

    def counted() -> Generator[bytes]:
        done = 0
        for chunk in backup.chunks(DUMP):
            yield chunk
            done += len(chunk)
            progress("Restoring", done, size)

    with tempfile.NamedTemporaryFile("w", suffix=".list") as listed:
        listed.write("\n".join(wanted) + "\n")
        listed.flush()
        program.feed(
            [*arguments, "--exit-on-error", "--no-owner", "--no-acl", f"--use-list={listed.name}"],
            counted(),
            lambda _: None,
        )


def _erased_since(admin_url: str, manifest: Manifest, found: Found) -> list[UUID]:
    if not found.tenants:
        return []
    with psycopg.connect(admin_url) as admin:
        rows = admin.execute(_ERASED_SINCE, [manifest.last_event]).fetchall()
    return [record_id for (record_id,) in rows]


def _verified(admin_url: str, settings: Settings, world: World) -> Verdict:
    database = Database.open(admin_url, settings, world)
    try:
        return verify(database, settings)
    finally:
        database.close()
