"""The semantic index's tables: what is queued, which models there are, and who may touch them."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from schema.database import Database
from schema.identity import Identity
from schema.models.meaning import PARTITIONS
from schema.models.registry import RECORD_KINDS
from schema.session import WriteSession
from tests.schema.filled import change, fill, table

promise = pytest.mark.promise


@pytest.fixture
def who(empty_database: Database) -> Identity:
    return fill(empty_database, "near").who


@contextmanager
def writing(database: Database, who: Identity) -> Generator[WriteSession]:
    with database.write(who, change(database)) as session:
        yield session


def queued(database: Database, who: Identity) -> list[tuple[str, UUID]]:
    with database.read(who) as session:
        queue = table("embedding_queue")
        rows = session.select(select(queue.c.record_kind, queue.c.record_id).order_by(queue.c.id))
    return [(row["record_kind"], row["record_id"]) for row in rows]


def model(database: Database, name: str = "test", dimensions: int = 3) -> int:
    with database.across_tenants() as session:
        return session.connection.execute(
            text("SELECT crm.add_embedding_model(:name, '1', :dimensions)"), {"name": name, "dimensions": dimensions}
        ).scalar_one()


def states(database: Database) -> dict[str, str]:
    with database.across_tenants() as session:
        models = table("embedding_models")
        return {row["name"]: row["state"] for row in session.select(select(models.c.name, models.c.state))}


def test_every_new_record_is_queued(empty_database: Database, who: Identity) -> None:
    assert {kind for kind, _ in queued(empty_database, who)} == set(RECORD_KINDS)


def test_a_change_is_queued_in_its_own_transaction_and_taken_back_with_it(
    empty_database: Database, who: Identity
) -> None:
    before = queued(empty_database, who)
    notes = table("notes")
    with writing(empty_database, who) as session:
        session.execute(update(notes).values(body="Rewritten", version=notes.c.version + 1))
    after = queued(empty_database, who)
    assert [kind for kind, _ in after[len(before) :]] == ["note"]
    with pytest.raises(DBAPIError, match="version"), writing(empty_database, who) as session:
        session.execute(update(notes).values(body="Never"))
    assert queued(empty_database, who) == after


def test_a_writer_does_not_wait_for_who_works_on_the_queue(empty_database: Database, who: Identity) -> None:
    notes = table("notes")
    with psycopg.connect(empty_database.admin_url) as worker:
        worker.execute("SELECT * FROM crm.embedding_queue FOR UPDATE")
        with writing(empty_database, who) as session:
            session.execute(text("SET LOCAL lock_timeout = '1s'"))
            session.execute(update(notes).values(body="Rewritten", version=notes.c.version + 1))


@promise("index:rebuildable")
def test_one_model_serves_and_the_one_before_retires_in_the_same_moment(empty_database: Database) -> None:
    first, second = model(empty_database, "first"), model(empty_database, "second", 4)
    assert model(empty_database, "first") == first
    for serving in (first, second, second, first):
        with empty_database.across_tenants() as session:
            session.execute(text("SELECT crm.serve_embedding_model(:model)").bindparams(model=serving))
        told = states(empty_database)
        assert [name for name, state in told.items() if state == "serving"] == [
            "first" if serving == first else "second"
        ]
    assert states(empty_database) == {"first": "serving", "second": "retired"}


@promise("index:rebuildable")
def test_a_model_that_is_gone_takes_nobodys_place(empty_database: Database) -> None:
    found = model(empty_database)
    serve = text("SELECT crm.serve_embedding_model(:model)")
    with empty_database.across_tenants() as session:
        session.execute(serve.bindparams(model=found))
    with pytest.raises(DBAPIError, match="no embedding model"), empty_database.across_tenants() as session:
        session.execute(serve.bindparams(model=found + 1))
    assert states(empty_database) == {"test": "serving"}


@promise("index:rebuildable")
def test_a_dropped_model_takes_its_vectors_and_leaves_the_chunks(empty_database: Database, who: Identity) -> None:
    found = model(empty_database)
    with empty_database.across_tenants() as session:
        session.execute(text("SELECT crm.drop_embedding_model(:model)").bindparams(model=found))
    with empty_database.read(who) as session:
        assert session.select(select(func.count().label("n")).select_from(table("embeddings")))[0]["n"] == 0
        assert session.select(select(func.count().label("n")).select_from(table("chunks")))[0]["n"] == 1
    assert model(empty_database) != found


def test_each_part_of_a_model_has_its_index_until_it_is_dropped(empty_database: Database) -> None:
    def indexes() -> int:
        with psycopg.connect(empty_database.admin_url) as admin:
            row = admin.execute(
                "SELECT count(*) FROM pg_indexes WHERE schemaname = 'crm' AND indexdef LIKE '%USING hnsw%'"
            ).fetchone()
        assert row is not None
        return int(row[0])

    found = model(empty_database)
    assert indexes() == PARTITIONS
    with empty_database.across_tenants() as session:
        session.execute(text("SELECT crm.drop_embedding_indexes(:model)").bindparams(model=found))
    assert indexes() == 0
    with empty_database.across_tenants() as session:
        session.execute(text("SELECT crm.build_embedding_index(:model, 3)").bindparams(model=found))
        session.execute(text("SELECT crm.build_embedding_index(:model, 3)").bindparams(model=found))
    assert indexes() == 1


BAD_VECTORS = {"too short": "[1,0]", "too long": "[1,0,0,0]", "not a number": "[NaN,0,0]", "endless": "[Infinity,0,0]"}


@pytest.mark.parametrize("bad", BAD_VECTORS)
def test_a_vector_that_cannot_be_compared_is_not_kept(empty_database: Database, who: Identity, bad: str) -> None:
    found = model(empty_database)
    statement = text(
        "INSERT INTO crm.embeddings (model_id, tenant_id, chunk_id, record_id, record_kind, content_hash, embedding)"
        " SELECT :model, tenant_id, id, record_id, record_kind, content_hash, CAST(:vector AS halfvec) FROM crm.chunks"
    )
    with pytest.raises(DBAPIError), empty_database.job(who.tenant_id) as session:
        session.execute(statement.bindparams(model=found, vector=BAD_VECTORS[bad]))


@pytest.mark.parametrize("name", ["chunks", "embeddings", "embedding_queue", "embedding_models"])
def test_the_application_writes_nothing_into_the_index(empty_database: Database, who: Identity, name: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), empty_database.store(who) as session:
        session.execute(text(f"INSERT INTO crm.{name} DEFAULT VALUES"))


WORK: dict[str, LiteralString] = {
    "add": "SELECT crm.add_embedding_model('x', '1', 3)",
    "serve": "SELECT crm.serve_embedding_model(1)",
    "drop": "SELECT crm.drop_embedding_model(1)",
    "build": "SELECT crm.build_embedding_index(1, 0)",
    "drop indexes": "SELECT crm.drop_embedding_indexes(1)",
    "a part": "SELECT * FROM crm.embeddings_m1_p00",
}


@promise("tenant:sealed")
@pytest.mark.parametrize("work", WORK)
def test_the_application_has_no_way_round_the_index(empty_database: Database, who: Identity, work: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), empty_database.store(who) as session:
        session.execute(text(WORK[work]))
