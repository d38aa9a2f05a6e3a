"""When something goes wrong: a text, an embedder, a worker; the others go on and nothing is lost."""

from typing import Any

import pytest

from retrieval.indexing.queue import ATTEMPTS, claim, release
from retrieval.indexing.sources import Refused, Resting, Source, Sources
from retrieval.indexing.status import status
from schema.errors import CrmError
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office


def reported(office: Office) -> dict[str, Any]:
    with office.db.across_tenants() as session:
        return status(session, office.tenant)


@pytest.mark.parametrize(
    ("text", "why"), [("RAISES", "failed at this text"), ("NAN", "NaN or zero"), ("ZERO", "NaN or zero")]
)
def test_one_bad_text_does_not_hold_up_its_batch(office: Office, text: str, why: str) -> None:
    good = [office.note(f"Note {n}") for n in range(10)]
    bad = office.note(f"This one {text}.")
    office.index()
    assert all(office.vectors(note) for note in good)
    assert office.vectors(bad) == []
    assert office.texts(bad) == [f"This one {text}."]
    [left] = office.queue()
    assert left["attempts"] == 1
    assert why in left["error"]
    assert 1 < left["wait"] < 5


def test_a_text_that_fails_again_and_again_is_set_aside_with_its_reason(office: Office) -> None:
    bad = office.note("This one RAISES.")
    waits: list[float] = []
    for _ in range(ATTEMPTS):
        office.index()
        waits.append(office.queue()[0]["wait"])
        office.hurry()
    assert waits[:-1] == sorted(waits[:-1])
    assert office.index() == 0
    [given_up] = reported(office)["set_aside"]
    assert given_up["record_id"] == bad["record_id"]
    assert "failed at this text" in given_up["error"]


def test_a_text_that_was_set_aside_is_tried_again_when_it_changes(office: Office) -> None:
    bad = office.note("This one RAISES.")
    for _ in range(ATTEMPTS):
        office.index()
        office.hurry()
    office.desk.update(bad, body="This one is mended.")
    office.index()
    assert office.queue() == []
    assert office.matches()


def test_a_text_that_ends_its_worker_is_set_aside(office: Office) -> None:
    deadly = office.note("Nobody survives this one.")
    for _ in range(ATTEMPTS):
        with office.db.staying() as transaction:
            assert claim(transaction, 10)
    assert office.index() == 0
    [given_up] = reported(office)["set_aside"]
    assert given_up["record_id"] == deadly["record_id"]
    assert "worker ended" in given_up["error"]


def test_what_was_there_when_a_worker_ended_is_tried_alone(office: Office) -> None:
    notes = [office.note(f"Note {n}") for n in range(5)]
    with office.db.staying() as transaction:
        claim(transaction, 10)
    office.embedder.requests = 0
    office.index()
    assert office.embedder.requests == len(notes)
    assert office.queue() == []


def test_an_embedder_that_is_down_is_left_in_peace_and_no_text_is_blamed(office: Office) -> None:
    office.embedder.is_down = True
    for n in range(10):
        office.note(f"Note {n}")
    office.index()
    asked = office.embedder.requests
    office.note("One more.")
    office.index()
    assert office.embedder.requests == asked
    left = office.queue()
    assert len(left) == 11
    assert {row["attempts"] for row in left} == {0}
    assert {row["error"] for row in left} == {"The provider of hashing is down."}
    assert reported(office)["queue"]["why"] == {"The provider of hashing is down.": 11}
    office.embedder.is_down = False
    office.hurry()
    office.index()
    assert office.queue() == []
    assert office.matches()


def test_a_provider_says_how_long_to_wait(office: Office) -> None:
    office.embedder.is_down = True
    office.embedder.retry_after = 77
    office.note("One.")
    office.index()
    assert {round(row["wait"]) for row in office.queue()} <= {76, 77}


def test_vectors_of_another_length_are_refused_in_a_sentence(office: Office) -> None:
    office.note("This one is WIDE.")
    office.index()
    assert office.queue()[0]["error"] == "The embedder hashing made vectors of 1 × 16 instead of 1 × 8."
    assert office.queue()[0]["attempts"] == 0


def test_an_embedder_without_its_key_says_so_and_texts_are_written(office: Office) -> None:
    def choose(name: str) -> HashEmbedder:
        raise CrmError("setup", f"The embedder {name} needs a key.")

    office.sources = Sources(choose)
    note = office.note("The crane is out of order.")
    office.index()
    assert office.texts(note)
    assert {row["error"] for row in office.queue()} == {"The embedder hashing needs a key."}


def test_of_many_texts_the_one_that_fails_is_found_by_halves() -> None:
    embedder = HashEmbedder()
    texts = [f"Text {n}" for n in range(256)]
    texts[77] = "RAISES"
    found = Source(embedder).embed(texts)
    assert [at for at, each in enumerate(found) if isinstance(each, Refused)] == [77]
    assert embedder.requests < 40


def test_a_resting_embedder_is_not_asked() -> None:
    embedder = HashEmbedder(is_down=True)
    source = Source(embedder)
    with pytest.raises(Resting):
        source.embed(["A text"])
    asked = embedder.requests
    with pytest.raises(Resting) as resting:
        source.embed(["A text"])
    assert embedder.requests == asked
    assert 0 < resting.value.seconds <= 3


def test_a_claim_that_is_let_go_can_be_taken_by_the_next(office: Office) -> None:
    office.note("One.")
    with office.db.staying() as transaction:
        taken = claim(transaction, 10)
        release(transaction)
        with office.db.staying() as other:
            assert {job.record_id for job in claim(other, 10)} == {job.record_id for job in taken}
