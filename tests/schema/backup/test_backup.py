"""A backup is one consistent moment, restores to a world that verifies, and destroys nothing when it does not."""

import json
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from uuid import uuid4
from zipfile import ZipFile

import psycopg
import pytest
from alembic import command
from psycopg import sql
from sqlalchemy import create_engine, insert, update
from sqlalchemy.pool import NullPool

from evals.invariants import violations
from schema.audit import ChangeFilter, list_changes
from schema.backup import Backup
from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.erasure import erase
from schema.errors import CrmError
from schema.inspection import head_revision, inspect
from schema.migrate import alembic_config, migrate
from schema.roles import load
from schema.seals import sealing, verify
from schema.world import World
from tests.conftest import NOW
from tests.schema.backup.conftest import WORLD, Target, take
from tests.schema.filled import Filled, change, fill, table
from tests.schema.seals.log import Log

promise = pytest.mark.promise
NewTarget = Callable[[], Target]
WRITERS = 8


@pytest.fixture
def backup(log: Log, tmp_path: Path) -> Path:
    """A backup of a sealed log of two tenants."""
    path = tmp_path / "backup.zip"
    take(log.database, log.settings, path)
    return path


@promise("backup:consistent")
def test_a_backup_taken_under_writes_restores_to_a_world_that_verifies(
    log: Log, new_target: NewTarget, tmp_path: Path, effort: int
) -> None:
    for number in range(1 if effort == 1 else 20):
        path = tmp_path / f"{number}.zip"
        with sealing(log.database, log.settings, interval=0.005), _Writers(log) as writers:
            writers.wait_for(3 * WRITERS)
            manifest = take(log.database, log.settings, path)
            writers.wait_for(3 * WRITERS)
        restored = new_target()
        verdict = restored.restore(path).verdict

        assert writers.failures == []
        assert verdict.is_ok, verdict
        assert verdict.sealed > 0
        with psycopg.connect(restored.url) as admin:
            assert violations(admin) == []
        # Each writer commits a task with its note.
        assert restored.rows("SELECT count(*) FILTER (WHERE title LIKE 'Pair %') - (SELECT count(*) FROM crm.notes"
                             " WHERE body LIKE 'Pair %') FROM crm.tasks") == [(0,)]  # fmt: skip
        assert restored.rows("SELECT count(*) FROM crm.audit_events") == [(manifest.rows["crm.audit_events"],)]
        assert manifest.rows["crm.tasks"] < len(log.admin("SELECT 1 FROM crm.tasks"))


class _Writers:
    """Threads that write for two tenants as fast as they can until the block ends."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._stop = threading.Event()
        self._wrote = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(WRITERS)]
        self.failures: list[Exception] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, transactions: int) -> None:
        for _ in range(transactions):
            assert self._wrote.acquire(timeout=60)

    def _work(self, number: int) -> None:
        who = (self._log.near, self._log.far)[number % 2]
        try:
            while not self._stop.is_set():
                self._write(who)
                self._wrote.release()
        except Exception as error:  # noqa: BLE001 — told to the test
            self.failures.append(error)

    def _write(self, who: Filled) -> None:
        database, tasks, notes = self._log.database, table("tasks"), table("notes")
        stamps: dict[str, Any] = {"tenant_id": who.who.tenant_id, "created_at": NOW, "updated_at": NOW}
        with database.write(who.who, change(database, "A pair")) as session:
            session.execute(insert(tasks).values(**stamps, id=database.world.new_id(), title=f"Pair {uuid4()}"))
            session.execute(insert(notes).values(**stamps, id=database.world.new_id(), body=f"Pair {uuid4()}"))
        with database.write(who.who, change(database, "A count")) as session:
            session.execute(
                update(tasks)
                .where(tasks.c.tenant_id == who.who.tenant_id, tasks.c.id == who.ids["tasks"])
                .values(version=tasks.c.version + 1)
            )


@promise("backup:consistent")
def test_seals_made_after_the_snapshot_are_left_out_and_made_anew(log: Log, target: Target, tmp_path: Path) -> None:
    """As if the sealer had come between the snapshot and the copy of its file."""
    log.change_notes(log.near)
    newest = log.admin("SELECT tenant_id, max(batch) FROM crm.audit_seals GROUP BY 1")
    log.seal()
    log.admin(
        "DELETE FROM crm.audit_seals WHERE (tenant_id, batch) NOT IN"
        " (SELECT * FROM unnest(%(tenants)s::uuid[], %(batches)s::int[]) UNION"
        "  SELECT tenant_id, b FROM unnest(%(tenants)s::uuid[], %(batches)s::int[]) AS t (tenant_id, n), generate_series(1, n) b)",
        tenants=[row[0] for row in newest],
        batches=[row[1] for row in newest],
    )
    manifest = take(log.database, log.settings, tmp_path / "backup.zip")
    restored = target.restore(tmp_path / "backup.zip")
    resealed = Log(Database.open(target.url, target.settings, WORLD), target.settings, log.near, log.far)

    assert (manifest.seals_left_out, manifest.seals_missing) == (1, 0)
    assert (restored.verdict.is_ok, restored.verdict.unsealed) == (True, 1)
    assert (resealed.seal(), resealed.verify()["ok"]) == (1, True)
    resealed.database.close()


def test_everything_is_as_it_was_and_works_on(log: Log, backup: Path, target: Target) -> None:
    events = "SELECT md5(string_agg(e::text, ',' ORDER BY event_id)) FROM crm.audit_events e"
    registry = "SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM crm.records r"
    target.restore(backup)
    found = inspect(target.url, load(target.settings))
    database = Database.open(target.url, target.settings, WORLD)
    fill(database, "third")
    with database.read(database.sign_in("admin@near.example")) as session:
        seen = list_changes(session, ChangeFilter())["total"]
    database.close()

    assert (found.is_current, found.missing_roles, found.open_tables) == (True, (), ())
    assert set(found.tenants) == {"near", "far"}
    assert target.rows(f"{events} WHERE event_id <= {log.events()[-1]}") == log.admin(events.encode())  # pyright: ignore[reportArgumentType]
    assert target.rows(f"{registry} WHERE tenant_id IN (SELECT tenant_id FROM crm.tenants WHERE slug <> 'third')") == (
        log.admin(registry.encode())  # pyright: ignore[reportArgumentType]
    )
    assert seen > 0


def test_a_context_signed_elsewhere_is_worth_nothing_in_the_copy(log: Log, backup: Path, target: Target) -> None:
    target.restore(backup)
    keys = "SELECT inner_pad FROM crm_private.signing_key"

    assert len(target.rows(keys)) == 1
    assert target.rows(keys) != log.admin("SELECT inner_pad FROM crm_private.signing_key")


def test_the_file_is_for_this_users_eyes_only_and_says_what_is_in_it(log: Log, backup: Path, tmp_path: Path) -> None:
    bare = take(log.database, log.settings, tmp_path / "bare.zip", with_key=False)
    with Backup.open(backup) as opened, ZipFile(tmp_path / "bare.zip") as unsealed:
        assert opened.manifest.has_key
        assert opened.manifest.tenants == ["far", "near"]
        assert opened.manifest.key_id == bare.key_id
        assert "seal.key" not in unsealed.namelist()
    assert not bare.has_key
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["backup.zip", "bare.zip"]


def test_without_its_key_a_log_is_restored_where_the_key_is(log: Log, target: Target, tmp_path: Path) -> None:
    take(log.database, log.settings, tmp_path / "bare.zip", with_key=False)
    with pytest.raises(CrmError, match=r"signed with key [0-9a-f]{16}, and there is none here"):
        target.restore(tmp_path / "bare.zip")
    assert target.rows("SELECT to_regnamespace('crm')") == [(None,)]
    assert list(target.settings.home.glob("seals*")) == []

    unverified = target.restore(tmp_path / "bare.zip", with_key=False)
    key = log.key_file.read_text().strip()
    verified = replace(target, settings=replace(target.settings, seal_key=key)).restore(
        tmp_path / "bare.zip", replace=True
    )

    assert not unverified.verdict.is_ok
    assert verified.verdict.is_ok


def test_what_has_data_is_replaced_only_when_asked(
    log: Log, backup: Path, empty_database: Database, target: Target
) -> None:
    fill(empty_database, "older")
    empty_database.close()
    full = replace(target, url=empty_database.admin_url)
    (target.settings.home / "seals.jsonl").write_text("Somebody else's\n")
    with pytest.raises(CrmError, match=r"has data .tenants older.; give --replace"):
        full.restore(backup)
    with psycopg.connect(full.url), pytest.raises(CrmError, match="Something is connected to database clone_"):
        full.restore(backup, replace=True)
    done = full.restore(backup, replace=True)

    assert done.replaced == ("older",)
    assert full.rows("SELECT slug FROM crm.tenants ORDER BY 1") == [("far",), ("near",)]
    assert [path.read_text() for path in done.kept] == ["Somebody else's\n"]
    assert done.verdict.is_ok
    assert full.rows("SELECT datname FROM pg_database WHERE datname ~ '_(restoring|replaced)$'") == []


@pytest.mark.parametrize("part", ["database.dump", "seals.jsonl"])
def test_a_damaged_backup_changes_nothing(
    backup: Path, part: str, empty_database: Database, target: Target, tmp_path: Path
) -> None:
    """Its checksums may even be right: what counts is that it restores."""
    fill(empty_database, "older")
    empty_database.close()
    full = replace(target, url=empty_database.admin_url)
    broken = tmp_path / "broken.zip"
    with ZipFile(backup) as whole, ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            copy.writestr(name, whole.read(name)[: -1000 if name == part else None])
    with pytest.raises(CrmError, match=f"is damaged: its {part} is not what was written"):
        full.restore(broken, replace=True)
    for cut in (0, 10, 20_000, backup.stat().st_size - 10):
        broken.write_bytes(backup.read_bytes()[:cut])
        with pytest.raises(CrmError, match="no backup of crm-agent, or was cut short"):
            full.restore(broken, replace=True)
    wrong = bytearray(backup.read_bytes())
    wrong[2000] ^= 1
    broken.write_bytes(wrong)
    with pytest.raises(CrmError, match="is damaged"):
        full.restore(broken, replace=True)

    assert full.rows("SELECT slug FROM crm.tenants") == [("older",)]


def test_a_backup_that_does_not_hold_what_it_says_changes_nothing(
    backup: Path, empty_database: Database, target: Target, tmp_path: Path
) -> None:
    fill(empty_database, "older")
    empty_database.close()
    full = replace(target, url=empty_database.admin_url)
    for row_count, sentence in ((1, "does not restore to what it says"), (None, "no backup of crm-agent")):
        told = _rewritten(backup, tmp_path / f"{row_count}.zip", rows={"crm.notes": row_count} if row_count else None)
        with pytest.raises(CrmError, match=sentence):
            full.restore(told, replace=True)

    assert full.rows("SELECT slug FROM crm.tenants") == [("older",)]
    assert full.rows("SELECT datname FROM pg_database WHERE datname ~ '_(restoring|replaced)$'") == []
    assert list(target.settings.home.glob("se*")) == []


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"form": 2, "product": "9.0"}, "made by crm-agent 9.0; upgrade"),
        ({"revision": "9999", "product": "9.0"}, "at revision 9999, made by crm-agent 9.0"),
        ({"postgres": 990000}, "taken from PostgreSQL 99, and the server is version"),
    ],
)
def test_what_a_newer_version_made_is_refused(
    backup: Path, target: Target, tmp_path: Path, told: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CrmError, match=sentence) as raised:
        target.restore(_rewritten(backup, tmp_path / "newer.zip", **told))
    assert raised.value.kind == "refused"
    assert target.rows("SELECT to_regnamespace('crm')") == [(None,)]


def test_an_older_revision_is_brought_up_to_date(log: Log, target: Target, tmp_path: Path) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(log.database.admin_url), poolclass=NullPool
    )
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0005")
    manifest = take(log.database, log.settings, tmp_path / "old.zip")
    done = target.restore(tmp_path / "old.zip")

    assert (manifest.revision, done.revision) == ("0005", head_revision())
    assert done.verdict.is_ok
    assert target.rows("SELECT count(*) FROM crm.approvals") == [(0,)]


def test_another_installation_may_call_its_roles_otherwise(backup: Path, target: Target) -> None:
    other = replace(target, settings=replace(target.settings, role_prefix="moved_"))
    assert other.restore(backup).verdict.is_ok
    assert other.rows("SELECT DISTINCT roles::text FROM pg_policies WHERE roles::text LIKE '%system%'") == [
        ("{moved_crm_system}",)
    ]


def test_who_was_erased_since_is_named(log: Log, target: Target, tmp_path: Path) -> None:
    take(log.database, log.settings, tmp_path / "before.zip")
    person = log.near.ids["individuals"]
    erase(log.database, log.settings, log.near.who, person)
    take(log.database, log.settings, tmp_path / "after.zip")
    target.restore(tmp_path / "after.zip")
    done = target.restore(tmp_path / "before.zip", replace=True)

    assert done.erased_since == (person,)
    assert done.verdict.is_ok


def test_who_is_no_superuser_takes_and_restores_backups_too(
    admin_url: AdminUrl, target: Target, new_target: NewTarget, tmp_path: Path
) -> None:
    """Row level security applies to such a user, and a dump would silently be empty."""
    own, other = (replace(each, settings=replace(each.settings, role_prefix="own_")) for each in (target, new_target()))
    role = f"plain_{uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB NOSUPERUSER").format(sql.Identifier(role)))
    for each in (own, other):
        with psycopg.connect(each.url, autocommit=True) as admin:
            admin.execute("CREATE EXTENSION vector")
            admin.execute(
                sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*map(sql.Identifier, (admin.info.dbname, role)))
            )
    own, other = (replace(each, url=f"{each.url} user={role}") for each in (own, other))
    migrate(own.url, own.settings)
    source = Database.open(own.url, own.settings, World.fixed(NOW))
    fill(source, "near")
    source.close()
    manifest = take(source, own.settings, tmp_path / "own.zip")
    done = other.restore(tmp_path / "own.zip")

    assert manifest.rows["crm.notes"] == 1
    assert done.verdict.is_ok
    with pytest.raises(CrmError, match="cannot be swapped by this database user"):
        other.restore(tmp_path / "own.zip", replace=True)


@pytest.mark.parametrize("name", ["taken.zip", "nowhere/backup.zip"])
def test_a_file_that_cannot_be_written_is_one_sentence(log: Log, name: str, tmp_path: Path) -> None:
    (tmp_path / "taken.zip").write_text("Mine")
    with pytest.raises(CrmError, match=r"exists; name another file|cannot be written: no such file") as raised:
        take(log.database, log.settings, tmp_path / name)
    assert raised.value.kind == "invalid"
    assert (tmp_path / "taken.zip").read_text() == "Mine"


def test_a_database_that_was_never_prepared_has_nothing_to_back_up(target: Target, tmp_path: Path) -> None:
    source = Database.open(target.url, target.settings, WORLD)
    with pytest.raises(CrmError, match="nothing to back up"):
        take(source, target.settings, tmp_path / "none.zip")
    assert not (tmp_path / "none.zip").exists()


def test_a_log_without_its_file_is_backed_up_and_said_to_lack_it(log: Log, tmp_path: Path) -> None:
    seals = log.admin("SELECT count(*) FROM crm.audit_seals")[0][0]
    log.file.unlink()
    assert take(log.database, log.settings, tmp_path / "backup.zip").seals_missing == seals
    assert not verify(log.database, log.settings).is_ok


def _rewritten(backup: Path, path: Path, **told: Any) -> Path:
    """The backup with another manifest."""
    with ZipFile(backup) as whole, ZipFile(path, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            copy.writestr(name, json.dumps(json.loads(content) | told) if name == "manifest.json" else content)
    return path
