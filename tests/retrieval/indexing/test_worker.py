"""What becomes of a record that was written, changed, deleted: its chunks, its vectors, its place in the queue."""

import threading
from uuid import UUID

import pytest
from sqlalchemy import update

from retrieval.indexing.queue import claim, release
from retrieval.indexing.sources import Sources
from retrieval.indexing.worker import Worker
from schema.database import Database
from schema.models import Note
from schema.session import Change
from schema.tenants import NewTenant, create_tenant
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office, long_text


def test_what_is_written_is_indexed_and_forgotten(office: Office) -> None:
    note = office.note("The crane is out of order.")
    assert office.index() > 0
    assert office.texts(note) == ["The crane is out of order."]
    assert len(office.vectors(note)) == 1
    assert office.queue() == []


def test_words_are_stored_in_the_language_of_the_text(office: Office) -> None:
    german = office.note("Der Kran ist seit gestern kaputt, und niemand kommt, um ihn zu reparieren.")
    short = office.note("ok")
    office.index()
    assert [chunk["language"] for chunk in (*office.chunks(german), *office.chunks(short))] == ["german", "simple"]


def test_only_what_changed_is_embedded_again(office: Office) -> None:
    note = office.note(long_text(["first", "second", "third"]))
    office.index()
    before = {chunk["text"]: chunk["id"] for chunk in office.chunks(note)}
    assert len(before) >= 3
    office.embedder.embedded.clear()
    office.desk.update(note, body=long_text(["first", "second", "third changed"]))
    office.index()
    assert all("third changed" in text or text not in before for text in office.embedder.embedded)
    kept = [chunk for chunk in office.chunks(note) if chunk["text"] in before]
    assert kept
    assert all(before[chunk["text"]] == chunk["id"] for chunk in kept)
    assert len(office.vectors(note)) == len(office.chunks(note))


def test_text_that_moves_within_a_record_keeps_its_vector(office: Office) -> None:
    note = office.note(long_text(["second", "third"]))
    office.index()
    known = {row["text"]: row["vector"] for row in office.vectors(note)}
    office.embedder.embedded.clear()
    office.desk.update(note, body=long_text(["first", "second", "third"]))
    office.index()
    again = {row["text"]: row["vector"] for row in office.vectors(note)}
    shared = known.keys() & again.keys()
    assert shared
    assert all(known[text] == again[text] for text in shared)
    assert not shared & set(office.embedder.embedded)
    assert office.matches()


def test_a_change_that_says_nothing_new_embeds_nothing(office: Office) -> None:
    task = office.desk.create("task", title="Grease the crane")
    office.index()
    office.embedder.embedded.clear()
    office.desk.update(task, priority="high")
    office.index()
    assert office.embedder.embedded == []
    assert office.queue() == []


def test_equal_texts_are_embedded_once_in_a_tenant(office: Office) -> None:
    first, second = office.note("Thank you!"), office.note("Thank you!")
    office.index()
    third = office.note("Thank you!")
    office.index()
    assert office.embedder.embedded.count("Thank you!") == 1
    assert len({row["vector"] for note in (first, second, third) for row in office.vectors(note)}) == 1


def test_a_text_is_not_shared_with_another_tenant(office: Office) -> None:
    office.note("Thank you!")
    office.index()
    other = create_tenant(office.db, NewTenant("near", "Near", "a@near.example", "Ada"))
    assert other.tenant_id != office.tenant
    assert office.rows("SELECT DISTINCT tenant_id FROM crm.chunks") == [{"tenant_id": office.tenant}]


@pytest.mark.parametrize("text", ["", " \n\t ", "🦀🦀🦀 🎉", "عقد Vertrag 契約 договор", "x" * 5000, "a\u0301" * 50])
def test_strange_texts_are_indexed_or_say_nothing(office: Office, text: str) -> None:
    task = office.desk.create("task", title="Strange", body=text)
    office.index()
    assert office.queue() == []
    assert office.texts(task)
    assert office.matches()


def test_a_megabyte_is_indexed_whole(office: Office) -> None:
    note = office.note("Short.")
    words = " ".join(f"word{n}" for n in range(120_000))[:1_000_000]
    with office.db.write(office.desk.who, Change(office.db.world.new_id(), "Written by something else")) as session:
        session.execute(
            update(Note).where(Note.id == UUID(note["record_id"])).values(body=words, version=Note.version + 1)
        )
    office.index()
    assert office.queue() == []
    assert len(office.vectors(note)) == len(office.chunks(note)) > 1000


def test_a_record_that_is_deleted_loses_its_chunks_and_gets_them_back_when_restored(office: Office) -> None:
    note = office.note("The crane is out of order.")
    office.index()
    office.delete(note)
    office.index()
    assert office.chunks(note) == []
    assert office.rows("SELECT 1 FROM crm.embeddings WHERE record_id = :id", id=note["record_id"]) == []
    office.desk.ok("restore_record", record_id=note["record_id"])
    office.index()
    assert office.texts(note) == ["The crane is out of order."]


def test_a_text_that_is_emptied_loses_its_chunks(office: Office) -> None:
    organization = office.desk.create("organization", name="Quay Works", description=long_text(["one", "two"]))
    office.index()
    assert len(office.chunks(organization)) > 1
    office.desk.update(organization, description=None)
    office.index()
    assert office.texts(organization) == ["Quay Works"]
    assert office.matches()


def test_what_quotes_a_changed_record_follows_it(office: Office) -> None:
    organization = office.desk.create("organization", name="Quay Works", industry="Shipping")
    account = office.desk.create("account", name="Quay Works", organization_id=organization["record_id"])
    individual = office.desk.create("individual", given_name="Mara", family_name="Holm")
    contact = office.desk.create(
        "contact", individual_id=individual["record_id"], account_id=account["record_id"], title="Foreman"
    )
    office.index()
    office.desk.update(account, name="Harbour Cranes")
    office.index()
    assert "Harbour Cranes" in office.texts(contact)[0]
    office.desk.update(individual, family_name="Lund")
    office.index()
    assert "Mara Lund" in office.texts(contact)[0]
    office.desk.update(organization, industry="Salvage")
    office.index()
    assert "Salvage" in office.texts(account)[0]


def test_two_models_side_by_side_both_learn_what_is_written(office: Office) -> None:
    office.others["second"] = HashEmbedder("second", dimensions=5)
    building = office.serve_later(office.others["second"])
    note = office.note("The crane is out of order.")
    office.index()
    found = office.vectors(note)
    assert len(found) == 2
    assert found[1]["model_id"] == building.id
    assert found[1]["vector"].count(",") == 4


def test_a_model_of_another_version_of_the_program_is_left_alone(office: Office) -> None:
    office.embedder.version = "2"
    office.renew()
    note = office.note("The crane is out of order.")
    office.index()
    assert office.texts(note) == ["The crane is out of order."]
    assert office.vectors(note) == []
    assert office.queue() == []


def test_a_text_is_found_by_its_words_before_it_has_a_vector(office: Office) -> None:
    office.embedder.is_down = True
    note = office.note("The crane is out of order.")
    office.index()
    assert office.texts(note) == ["The crane is out of order."]
    assert office.vectors(note) == []


def test_a_record_changed_while_it_is_indexed_is_indexed_again(office: Office) -> None:
    note = office.note("The crane is out of order.")
    office.index()
    office.desk.update(note, body="The crane works.")
    with office.db.staying() as transaction:
        jobs = claim(transaction, 10)
        assert [str(job.record_id) for job in jobs] == [note["record_id"]]
        office.desk.update(note, body="The crane is painted.")
        release(transaction)
    office.index()
    assert office.texts(note) == ["The crane is painted."]
    assert office.queue() == []


def test_no_two_workers_are_at_one_record(office: Office) -> None:
    notes = [office.note(f"Note {n}") for n in range(6)]
    with office.db.staying() as one, office.db.staying() as other:
        first, second = claim(one, 4), claim(other, 50)
        assert len(first) == 4
        mine, theirs = ({job.record_id for job in jobs} for jobs in (first, second))
        assert not mine & theirs
        assert {UUID(note["record_id"]) for note in notes} <= mine | theirs


def test_several_workers_at_once_store_everything_once(office: Office) -> None:
    for n in range(40):
        office.note(f"Note {n % 25}")
    workers = [
        threading.Thread(target=Worker(office.db, Sources(office.choose), records=3).drain, args=(lambda: False,))
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    office.index()
    assert office.queue() == []
    assert office.matches()


def test_a_record_is_not_forgotten_while_something_of_it_is_missing(office: Office) -> None:
    stopping = iter([False, True])
    for n in range(5):
        office.note(f"Note {n}")
    done = Worker(office.db, office.sources, records=3).drain(lambda: next(stopping))
    assert done == 3
    assert len(office.queue()) == 2
    office.index()
    assert office.matches()


def test_the_demo_company_waits_to_be_indexed(demo_database: Database) -> None:
    with demo_database.across_tenants() as session:
        left = session.rows("SELECT id FROM crm.records EXCEPT SELECT record_id FROM crm.embedding_queue")
        twice = session.rows("SELECT record_id FROM crm.embedding_queue GROUP BY record_id HAVING count(*) > 1")
    assert (left, twice) == ([], [])
