"""Everything written is sealed once, whoever commits when, and whatever breaks in between."""

import json
import re
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine, insert, inspect
from sqlalchemy.pool import NullPool

from schema.audit import ChangeFilter, list_changes
from schema.database import Database
from schema.errors import CrmError
from schema.migrate import alembic_config, migrate
from schema.seals import Sealer, sealing
from schema.seals.erasure import erase_parts
from schema.seals.head import Seal
from schema.seals.keys import find_key, make_key
from schema.session import Change
from schema.settings import Settings
from tests.schema.filled import fill, table
from tests.schema.seals.log import Log

promise = pytest.mark.promise


def test_each_tenants_log_verifies_alone(kept: Log) -> None:
    assert kept.verify(kept.near.who.tenant_id)["sealed"] == len(kept.events(kept.near))


def test_what_came_after_the_last_seal_is_counted(log: Log) -> None:
    log.change_notes(log.near)

    found = log.verify()
    assert (found["ok"], found["unsealed"]) == (True, 1)
    assert log.seal() == 1
    assert log.verify()["unsealed"] == 0


def test_a_crash_between_file_and_database_is_made_good(log: Log) -> None:
    log.admin("DELETE FROM crm.audit_seals s WHERE batch = 3")

    assert log.verify()["ok"]
    log.change_notes(log.near)
    log.change_notes(log.far)
    assert log.seal() == 2
    assert log.admin("SELECT batch FROM crm.audit_seals WHERE tenant_id = %(t)s ORDER BY 1", t=log.near.who.tenant_id) == [
        (1,), (2,), (3,), (4,)
    ]  # fmt: skip
    assert log.verify()["ok"]


def test_a_line_that_a_crash_cut_short_is_written_again(log: Log) -> None:
    whole = log.file.read_bytes()
    log.file.write_bytes(whole + b'{"head": {"tenant')
    log.change_notes(log.near)

    assert log.verify()["ok"]
    assert log.seal() == 1
    assert log.verify()["ok"]
    assert log.file.read_bytes().startswith(whole)


def test_a_long_running_sealer_and_another_process_take_turns(log: Log) -> None:
    first, second = (Sealer(log.database, log.settings) for _ in range(2))
    for sealer in (first, second, first, first, second):
        log.change_notes(log.near)
        assert sealer.has_news()
        assert sealer.seal(patience=10).events == 1
        assert not sealer.has_news()

    assert log.verify()["unsealed"] == 0


@promise("audit:sealed")
def test_nothing_is_lost_among_writers_that_commit_late(log: Log, effort: int) -> None:
    """Each writer takes its event ids, lets others commit later ones, and commits only then."""
    rounds, writers = 6 * effort, 8
    before = len(log.events())
    stop = threading.Event()
    failures: list[BaseException] = []

    def write(number: int) -> None:
        who = (log.near, log.far)[number % 2].who
        try:
            for turn in range(rounds):
                with log.database.write(who, Change(log.database.world.new_id(), "Late")) as session:
                    session.execute(insert(table("notes")).values(**_note(log, who.tenant_id)))
                    # An odd writer's id is taken well before its commit.
                    session.scalar("SELECT pg_sleep(:s)", s=(number * 7 + turn) % 5 / 100)
        except BaseException as error:  # noqa: BLE001 — told by the assertion
            failures.append(error)

    def seal() -> None:
        sealer = Sealer(log.database, log.settings)
        while not stop.wait(0.01):
            sealer.seal()

    workers = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in (*sealers, *workers):
        thread.start()
    for thread in workers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    log.seal()

    assert failures == []
    found = log.verify()
    assert (found["ok"], found["unsealed"]) == (True, 0)
    assert found["sealed"] == len(log.events()) == before + rounds * writers


def _note(log: Log, tenant: object) -> dict[str, Any]:
    now = log.database.world.now()
    return {
        "tenant_id": tenant, "id": log.database.world.new_id(), "body": "Late", "created_at": now, "updated_at": now,
    }  # fmt: skip


@promise("audit:sealed")
def test_an_event_committed_after_later_ones_is_sealed_after_all(log: Log) -> None:
    sealer = Sealer(log.database, log.settings)
    with log.database.write(log.near.who, Change(log.database.world.new_id(), "Late")) as session:
        session.execute(insert(table("notes")).values(**_note(log, log.near.who.tenant_id)))
        log.change_notes(log.far)
        waiting = sealer.seal()
        assert (waiting.events, waiting.unsealed) == (0, 1)

    log.change_notes(log.far)
    assert sealer.seal(patience=10).events == 3
    assert log.verify()["ok"]


def test_what_was_written_before_a_long_transaction_is_sealed_while_it_lasts(log: Log) -> None:
    sealer = Sealer(log.database, log.settings)
    with log.database.write(log.near.who, Change(log.database.world.new_id(), "Quick")) as quick:
        quick.execute(insert(table("notes")).values(**_note(log, log.near.who.tenant_id)))
        assert sealer.seal().events == 0
        long = psycopg.connect(log.database.admin_url)
    with long:
        long.execute("SELECT pg_current_xact_id()")
        assert sealer.seal().events == 1
    long.close()


@promise("audit:sealed")
def test_a_log_restored_into_another_server_is_sealed_on(log: Log) -> None:
    """There transactions are counted anew: what was restored may carry ids that lie far ahead."""
    log.change_notes(log.near)
    log.admin("ALTER TABLE crm.audit_events ALTER COLUMN transaction_id SET DEFAULT '3'")
    log.admin("UPDATE crm.audit_events SET transaction_id = '900000000' WHERE event_id = %(e)s", e=log.events()[-1])
    log.change_notes(log.near)

    assert log.seal() == 2
    assert log.verify()["ok"]


def test_a_part_that_there_is_not_cannot_be_erased(kept: Log) -> None:
    with pytest.raises(CrmError, match="no personal part actor"):
        erase_parts(kept.database, kept.settings, kept.near.who.tenant_id, [1], ["actor"])


def test_a_change_says_whether_it_is_sealed(log: Log) -> None:
    log.change_notes(log.near)
    with log.database.read(log.near.who) as session:
        latest, *earlier = list_changes(session, ChangeFilter())["changes"]

    assert not latest["sealed"]
    assert earlier
    assert all(change["sealed"] for change in earlier)


def test_serving_seals_by_itself_and_once_more_at_its_end(log: Log) -> None:
    with sealing(log.database, log.settings, interval=0.01):
        log.change_notes(log.near)
        for _ in range(500):
            if log.verify()["unsealed"] == 0:
                break
        assert log.verify()["unsealed"] == 0
    with sealing(log.database, log.settings, interval=600):
        log.change_notes(log.near)

    assert log.verify() | {"unsealed": 0} == log.verify()


def test_a_sealer_that_cannot_seal_says_so_once(log: Log, caplog: pytest.LogCaptureFixture) -> None:
    log.file.unlink()
    with sealing(log.database, log.settings, interval=0.01):
        log.change_notes(log.near)
        threading.Event().wait(0.2)

    assert [re.sub(r".*/", "", record.getMessage())[:30] for record in caplog.records] == [
        "seals.jsonl and the database d"
    ]


def test_key_and_file_are_for_this_users_eyes_only(tmp_path: Path, empty_database: Database) -> None:
    fresh = Settings(home=tmp_path / "fresh")
    key = make_key(fresh)
    fill(empty_database, "near")
    Sealer(empty_database, fresh).seal(patience=10)

    assert make_key(fresh).public == key.public
    assert [stat.S_IMODE((fresh.home / name).stat().st_mode) for name in ("seal.key", "seals.jsonl")] == [0o600] * 2


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "11" * 31, "11" * 33])
def test_a_key_that_is_none_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "seal.key").write_text(text)

    with pytest.raises(CrmError, match="must hold an Ed25519 key") as raised:
        find_key(Settings(home=tmp_path))
    assert raised.value.kind == "setup"


def test_a_file_that_cannot_be_written_is_one_sentence(log: Log, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    log.change_notes(log.near)
    with pytest.raises(CrmError, match="cannot be written"):
        Sealer(log.database, replace(log.settings, seals=tmp_path / "folder")).seal()


def test_a_seal_is_read_back_as_it_was_written(kept: Log) -> None:
    for line in kept.lines():
        assert json.loads(json.dumps(Seal.from_json(line).to_json())) == line


def test_the_migration_goes_down_and_up_again(empty_database: Database, settings: Settings) -> None:
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(empty_database.admin_url), poolclass=NullPool
    )
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0004")
        tables = inspect(connection).get_table_names(schema="crm")
    assert "audit_events" in tables
    assert "audit_seals" not in tables

    migrate(empty_database.admin_url, settings)
    near = fill(empty_database, "near")
    with empty_database.read(near.who) as session:
        assert list_changes(session, ChangeFilter())["total"] > 0
