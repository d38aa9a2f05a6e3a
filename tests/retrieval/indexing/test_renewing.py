"""The whole index: filled, moved to another model without a gap, dropped, built anew, taken up where it was broken off."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from retrieval.embedders.embedder import Vectors
from retrieval.indexing import models, renewing
from retrieval.indexing.background import Keeper
from retrieval.indexing.beginning import UNASKED, begin
from retrieval.indexing.estimating import estimate
from retrieval.indexing.models import list_models
from retrieval.indexing.renewing import Renewal
from retrieval.indexing.sources import Sources
from schema.errors import CrmError
from tests.retrieval.indexing.hashing import HashEmbedder
from tests.retrieval.indexing.office import Office


def states(office: Office) -> dict[str, str]:
    with office.db.across_tenants() as session:
        return {model.name: model.state for model in list_models(session)}


def indexes(office: Office) -> int:
    return int(
        office.rows(
            "SELECT count(*) AS n FROM pg_indexes WHERE schemaname = 'crm' AND indexname LIKE 'ix_embeddings_m%near'"
        )[0]["n"]
    )


@pytest.mark.promise("index:rebuildable")
def test_a_backfill_of_another_model_serves_when_it_is_whole(office: Office) -> None:
    for n in range(30):
        office.note(f"Note {n % 20}")
    office.index()
    other = office.others["second"] = HashEmbedder("second", dimensions=5)
    served: list[str] = []

    def tell(_title: str, _done: int, _total: int) -> None:
        served.append(next(name for name, state in states(office).items() if state == "serving"))

    renewal = Renewal(office.db, office.sources, tell)
    renewal.backfill("second")
    assert renewal.filled.is_whole
    assert set(served) == {"hashing"}
    assert states(office) == {"hashing": "retired", "second": "serving"}
    assert len(other.embedded) == len(set(other.embedded)) == 21
    assert office.matches()


@dataclass
class Unwanted(HashEmbedder):
    """Is dropped by somebody else while it embeds."""

    drop: Callable[[], None] = lambda: None

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.drop()
        return super().embed(texts)


def test_a_backfill_ends_when_its_model_is_dropped(office: Office) -> None:
    office.note("The crane is out of order.")
    office.index()

    def drop() -> None:
        with office.db.across_tenants() as session:
            found = [model for model in list_models(session) if model.name == "second"]
        for model in found:
            models.drop(office.db, model)

    office.others["second"] = Unwanted("second", drop=drop)
    with pytest.raises(CrmError, match="second were dropped") as ended:
        Renewal(office.db, office.sources).backfill("second")
    assert ended.value.kind == "conflict"
    assert states(office) == {"hashing": "serving"}


@pytest.mark.promise("index:rebuildable")
def test_a_backfill_that_was_broken_off_goes_on_where_it_was(office: Office) -> None:
    for n in range(600):
        office.change(
            "INSERT INTO crm.chunks (tenant_id, id, record_id, record_kind, position, content_hash, text, start_at, end_at)"
            " SELECT tenant_id, gen_random_uuid(), id, kind, :n, :hash, :text, 0, 0 FROM crm.records LIMIT 1",
            n=n + 10,
            hash=f"hash {n}",
            text=f"Text {n}",
        )
    other = office.others["second"] = HashEmbedder("second", dimensions=5)
    told = iter([False, False, True])
    broken = Renewal(office.db, office.sources, is_stopping=lambda: next(told, True))
    broken.backfill("second")
    assert not broken.filled.is_whole
    assert states(office)["second"] == "building"
    done = len(other.embedded)
    assert 0 < done < 600
    again = Renewal(office.db, office.sources)
    again.backfill("second")
    assert again.filled.texts == 601 - done
    assert len(set(other.embedded)) == len(other.embedded)
    assert states(office)["second"] == "serving"


@pytest.mark.promise("index:rebuildable")
def test_rebuilding_makes_the_same_index_again(office: Office) -> None:
    notes = [office.note(f"Note {n}") for n in range(5)]
    office.index()
    before = [office.vectors(note)[0]["vector"] for note in notes]
    office.change("UPDATE crm.chunks SET text = 'spoilt'")
    Renewal(office.db, office.sources).rebuild("hashing")
    assert [office.vectors(note)[0]["vector"] for note in notes] == before
    assert [office.texts(note) for note in notes] == [[f"Note {n}"] for n in range(5)]
    assert states(office) == {"hashing": "serving"}
    assert indexes(office) == models.PARTITIONS


def test_a_large_fill_goes_without_indexes_and_builds_them_afterwards(office: Office) -> None:
    for n in range(5):
        office.note(f"Note {n}")
    office.index()
    office.others["second"] = HashEmbedder("second", dimensions=5)
    seen: list[int] = []

    def tell(_title: str, _done: int, _total: int) -> None:
        seen.append(indexes(office))

    Renewal(office.db, office.sources, tell, many=3).backfill("second")
    assert seen[0] == models.PARTITIONS
    assert indexes(office) == 2 * models.PARTITIONS


def test_what_cannot_be_embedded_is_set_aside_and_the_model_serves_all_the_same(office: Office) -> None:
    office.note("This one RAISES.")
    office.index()
    office.change("DELETE FROM crm.embedding_queue")
    office.others["second"] = HashEmbedder("second", dimensions=5)
    renewal = Renewal(office.db, office.sources)
    renewal.backfill("second")
    assert renewal.filled.refused == 1
    assert states(office)["second"] == "serving"
    [left] = office.queue()
    assert left["set_aside_at"] is not None
    assert "RAISES" not in left["error"]


def test_nothing_is_dropped_that_cannot_be_built_again(office: Office) -> None:
    def choose(name: str) -> HashEmbedder:
        raise CrmError("setup", f"The embedder {name} needs a key.")

    with pytest.raises(CrmError, match="needs a key"):
        Renewal(office.db, Sources(choose)).rebuild("hashing")
    assert states(office) == {"hashing": "serving"}


def test_only_one_renews_at_a_time(office: Office) -> None:
    with office.db.alone(renewing.ALONE), pytest.raises(CrmError) as refused:
        Renewal(office.db, office.sources).backfill("hashing")
    assert refused.value.kind == "conflict"


def test_what_was_dropped_on_purpose_does_not_come_back_by_itself(office: Office) -> None:
    with office.db.across_tenants() as session:
        [model] = list_models(session)
    models.drop(office.db, model)
    note = office.note("The crane is out of order.")
    Keeper(office.db, "hashing", office.sources).do_round(threading.Event())
    assert states(office) == {}
    assert office.texts(note) == ["The crane is out of order."]
    Renewal(office.db, office.sources).backfill("hashing")
    assert states(office) == {"hashing": "serving"}
    assert office.matches()


def test_what_a_broken_off_backfill_left_is_filled_while_something_serves(office: Office) -> None:
    office.note("The crane is out of order.")
    office.index()
    office.change("DELETE FROM crm.embeddings")
    Keeper(office.db, "hashing", office.sources).do_round(threading.Event())
    assert office.matches()


def test_a_provider_is_not_begun_with_unasked_when_there_is_much(office: Office) -> None:
    with office.db.across_tenants() as session:
        [model] = list_models(session)
    models.drop(office.db, model)
    office.change("DELETE FROM crm_private.installation WHERE name = 'embedding'")
    office.change(
        "INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind)"
        " SELECT tenant_id, id, kind FROM crm.records, generate_series(1, :n)",
        n=UNASKED,
    )
    office.embedder.is_local = False
    with pytest.raises(CrmError, match="costs money"):
        begin(office.db, office.sources, "hashing")
    office.embedder.is_local = True
    begin(office.db, office.sources, "hashing")
    assert states(office) == {"hashing": "serving"}


def test_an_estimate_counts_what_says_the_same_once_and_asks_no_provider(office: Office) -> None:
    for n in range(12):
        office.note(f"Note {n % 4}")
    office.index()
    unread = office.note("Something new.")
    other = HashEmbedder("openai:text-embedding-3-small@5", dimensions=5, is_local=False)
    found = estimate(office.db, other)
    assert unread["record_id"]
    assert found.texts == 6
    assert found.tokens > 12
    assert found.cost_usd is not None
    assert 0 < found.cost_usd < 1
    assert other.requests == 0
    assert estimate(office.db, HashEmbedder("nobody:knows@5", is_local=False)).cost_usd is None
    assert estimate(office.db, office.embedder).texts == 1


def test_a_new_version_of_a_local_embedder_takes_over_by_itself(office: Office) -> None:
    note = office.note("The crane is out of order.")
    office.index()
    office.embedder.version = "2"
    office.renew()
    Keeper(office.db, "hashing", office.sources).do_round(threading.Event())
    with office.db.across_tenants() as session:
        assert [(model.version, model.state) for model in list_models(session)] == [("1", "retired"), ("2", "serving")]
    assert len(office.vectors(note)) == 2


def test_no_money_is_spent_because_of_a_new_version(office: Office) -> None:
    office.index()
    office.embedder.version, office.embedder.is_local = "2", False
    office.renew()
    Keeper(office.db, "hashing", office.sources).do_round(threading.Event())
    assert states(office) == {"hashing": "serving"}
