"""An erased person leaves the index in the moment of the erasure, not when a worker comes by."""

import threading
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from retrieval.indexing.queue import claim, release
from retrieval.indexing.reading import wanted_chunks
from schema.erasure import erase
from schema.erasure.index import INDEXING
from schema.settings import Settings
from tests.retrieval.indexing.office import Office

NAME = "Zofia Brandtner"
_SAYING = "SELECT text FROM crm.chunks WHERE text ~* 'zofia|brandtner'"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """With a seals file of the test's own."""
    return replace(settings, seals=tmp_path / "seals.jsonl")


def person(office: Office) -> UUID:
    """A person with a role at the account; what is said of her is indexed."""
    individual = office.desk.create(
        "individual", given_name="Zofia", family_name="Brandtner", email="zofia@quay.example"
    )
    office.desk.create("contact", individual_id=individual["record_id"], account_id=office.account()["record_id"])
    office.note(f"{NAME} called about the crane.")
    office.index()
    return UUID(individual["record_id"])


@pytest.mark.promise("erase:gone")
def test_no_chunk_says_who_was_erased_and_no_vector_is_left_of_it(office: Office, own: Settings) -> None:
    individual = person(office)
    before = office.count("crm.chunks")
    assert len(office.rows(_SAYING)) == 3
    erase(office.db, own, office.desk.who, individual)
    assert office.rows(_SAYING) == []
    assert office.count("crm.embeddings") == office.count("crm.chunks") < before
    office.index()
    assert office.rows(_SAYING) == []
    assert office.queue() == []
    assert office.matches()
    assert office.rows("SELECT 1 FROM crm.chunks WHERE text ~ 'called about the crane'")


def test_a_dry_run_leaves_the_index_as_it_was(office: Office, own: Settings) -> None:
    individual = person(office)
    before = office.rows("SELECT id, text FROM crm.chunks ORDER BY id")
    erase(office.db, own, office.desk.who, individual, dry_run=True)
    assert office.rows("SELECT id, text FROM crm.chunks ORDER BY id") == before


@pytest.mark.promise("erase:gone")
def test_an_erasure_waits_for_whoever_has_read_and_not_yet_written(office: Office, own: Settings) -> None:
    individual = person(office)
    erasing = threading.Thread(target=erase, args=(office.db, own, office.desk.who, individual))
    with office.db.staying() as transaction:
        office.change(
            "INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind) SELECT tenant_id, id, kind FROM crm.records"
        )
        jobs = claim(transaction, 100)
        with transaction() as session:
            session.scalar(INDEXING, tenant=str(office.tenant))
            read = wanted_chunks(session, office.tenant, jobs)
            assert any(NAME in chunk.text for chunks in read.values() for chunk in chunks)
            erasing.start()
            erasing.join(1)
            assert erasing.is_alive()
        release(transaction)
    erasing.join()
    assert office.rows(_SAYING) == []
