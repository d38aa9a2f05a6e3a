"""search: what texts say, found in meaning and in words, within filters, rights and tenants."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text as sql

from retrieval.embedders.embedder import Vectors
from retrieval.search.cache import Model, SearchCache, Shape
from retrieval.search.scope import Scope
from retrieval.search.searching import Request, search
from retrieval.search.statement import FUSION, WORDS_WEIGHT
from retrieval.search.wording import Asked
from schema.errors import CrmError
from schema.session import ReadSession
from tests.retrieval.search.indexed import ByWords, index, serve_model
from tests.tools.desk import Desk

promise = pytest.mark.promise

EMBEDDER = ByWords(64, furious="angry", invoice="bill", wrath="angry", cloud="hosting")


@dataclass(frozen=True)
class Town:
    """A desk with texts to search, each under a name of its own."""

    desk: Desk
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, name: str, kind: str, /, **fields: Any) -> str:
        self.ids[name] = self.desk.create(kind, **fields)["record_id"]
        return self.ids[name]

    def names(self, **args: Any) -> list[str]:
        known = {record_id: name for name, record_id in self.ids.items()}
        return [known[each["record_id"]] for each in self.desk.ok("search", **args)["results"]]

    def index(self) -> None:
        index(self.desk.database, self.desk.who, EMBEDDER)


def searching(desk: Desk, cache: SearchCache | None = None) -> Desk:
    return desk.within(searches=cache or SearchCache(lambda _: EMBEDDER))


def fill(town: Town) -> Town:
    acme = town.add("acme", "account", name="Acme Ltd.", tier="enterprise")
    corner = town.add("corner", "account", name="Corner Shop", tier="smb")
    deal = town.add(
        "deal", "opportunity", name="Acme renewal", account_id=acme, description="They want hosting in Europe."
    )
    milo = town.desk.find("Milo Member", kinds=["user"])["records"][0]["record_id"]
    told: dict[str, Any] = {"kind": "call", "direction": "inbound", "account_id": acme, "user_id": milo}
    town.add("furious", "interaction", **told, subject="Call", body="She is furious.", occurred_at="2026-10-05T10:00Z")
    told = {"kind": "email", "direction": "outbound", "account_id": corner}
    town.add("invoice", "interaction", **told, subject="Mail", body="The invoice was wrong again.")
    town.add("praise", "interaction", **told, subject="Thanks", body="The new release is a delight.")
    town.add("note", "note", body="Angry about every bill since spring.", about_id=deal)
    town.add("task", "task", title="Explain the bill", about_id=corner)
    return town


@pytest.fixture(scope="module")
def town(open_desk: Callable[[], Desk]) -> Town:
    desk = open_desk()
    serve_model(desk.database, EMBEDDER)
    town = fill(Town(searching(desk)))
    town.index()
    return town


@pytest.fixture
def own(desk: Desk) -> Town:
    """A town without texts yet, for one test."""
    serve_model(desk.database, EMBEDDER)
    return Town(searching(desk))


def test_what_means_the_same_is_found_without_a_shared_word(town: Town) -> None:
    assert set(town.names(query="wrath", limit=2)) == {"furious", "note"}
    found = town.desk.ok("search", query="wrath")["results"][0]
    assert found["text_score"] is None
    assert found["vector_score"] > 0.3


def test_what_holds_all_words_comes_before_what_holds_some(town: Town) -> None:
    assert town.names(query="angry bill")[0] == "note"
    found = town.desk.ok("search", query="who was angry about a wrong bill?")["results"]
    assert {each["record_id"] for each in found} >= {town.ids["note"], town.ids["invoice"]}


@promise("nothing-hidden")
def test_a_result_says_what_matched_and_how_well(town: Town) -> None:
    result = town.desk.ok("search", query="angry bill", kinds=["note"], limit=1, threshold=0.1)
    told = result["results"][0]
    assert (
        told.items()
        >= {"kind": "note", "record_id": town.ids["note"], "label": "Angry about every bill since spring."}.items()
    )
    assert told["snippet"] == "Angry about every bill since spring."
    assert (told["start_at"], told["end_at"]) == (0, len(told["snippet"]))
    assert told["score"] == pytest.approx((1 + WORDS_WEIGHT) / (FUSION + 1), abs=1e-5)
    assert told["text_score"] > 0
    assert 0 < told["vector_score"] <= 1
    assert result["filters"] == ["kinds in (note)", "vector_score >= 0.1"]
    assert (result["total"], result["returned"], result["truncated"]) == (1, 1, False)
    assert (result["degraded"], result["notes"]) == (False, [])
    assert result["time_zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (["tier = enterprise"], {"acme", "deal", "furious", "note"}),
        (["account = Acme"], {"acme", "deal", "furious", "note"}),
        (["account_name ~ corner"], {"corner", "invoice", "praise", "task"}),
        (["tier = smb", "direction = outbound"], {"invoice", "praise"}),
        (["owner = me", "kind = email"], {"invoice", "praise"}),
        (["owner = Milo Member"], {"furious"}),
        (["owner != me", "owner is not null"], {"furious"}),
        (["owner_id in (member@harbour.example, me)", "kind = call"], {"furious"}),
        (["date < 2026-11-01"], {"furious"}),
        (["stage = new"], {"deal"}),
        (["status = new"], {"deal"}),
        (["is_open = true"], {"deal", "task"}),
        (["about_label = Acme renewal"], {"note"}),
        (["tag is null", "kind in (email)"], {"invoice", "praise"}),
        (["country is null", "priority = normal"], {"task"}),
    ],
)
def test_a_filter_is_of_the_record_or_of_its_account(town: Town, where: list[str], kept: set[str]) -> None:
    assert set(town.names(query="anything", threshold=-1, where=where, limit=50)) == kept


@pytest.mark.parametrize(
    ("kinds", "kept"),
    [
        (["call"], {"furious"}),
        (["emails"], {"invoice", "praise"}),
        (["notes", "call"], {"note", "furious"}),
        (["interaction", "call"], {"furious", "invoice", "praise"}),
        (["task", "opportunities"], {"task", "deal"}),
    ],
)
def test_kinds_and_kinds_of_interactions_narrow_it(town: Town, kinds: list[str], kept: set[str]) -> None:
    assert set(town.names(query="anything", threshold=-1, kinds=kinds, limit=50)) == kept


@pytest.mark.parametrize(
    ("args", "kind", "words"),
    [
        ({"query": "x", "where": ["directoin = inbound"]}, "invalid", "did you mean direction?"),
        ({"query": "x", "where": ["direction = sideways"]}, "invalid", "direction is one of inbound"),
        ({"query": "x", "where": ["direction = inbound", "stage = new"]}, "invalid", "No kind of record has all of"),
        ({"query": "x", "where": ["owner = Nobody Atall"]}, "not_found", "There is no user Nobody Atall"),
        ({"query": "x", "where": ["gibberish"]}, "invalid", "is not a filter"),
        ({"query": "x", "kinds": ["deal"]}, "invalid", "did you mean opportunity"),
        ({"query": "  "}, "invalid", "is empty"),
        ({"query": "😡"}, "invalid", "holds no word"),
        ({"query": "bill\x00"}, "invalid", "cannot be stored"),
        ({}, "invalid", "needs a query"),
        ({"similar_to": "00000000-0000-7000-8000-000000000000"}, "not_found", "There is no record"),
        ({"query": "x", "threshold": 2}, "invalid", "less than or equal to 1"),
    ],
)
@promise("nothing-hidden")
def test_what_cannot_be_looked_for_is_told(town: Town, args: dict[str, Any], kind: str, words: str) -> None:
    told = town.desk.refusal("search", **args)
    assert told[0] == kind
    assert words in told[1]


@pytest.mark.parametrize(
    "query",
    [
        "O'Brien's \"bill\"",
        "bill & !angry | (wrong) <-> :* \\",
        "'; DROP TABLE crm.chunks; --",
        "bill %s %(x)s :y {z} $1 $$",
        "<b>bill</b><script>alert(1)</script>",
        "Rechnung счёт 請求書 فاتورة bill",
        "bill " * 2000,
        "bill" * 2500,
        '"bill',
    ],
)
def test_any_text_can_be_looked_for(town: Town, query: str) -> None:
    result = town.desk.ok("search", query=query)
    assert result["returned"] == len(result["results"])


def test_a_phrase_must_occur_and_a_minus_must_not(town: Town) -> None:
    assert town.names(query='"every bill"') == ["note"]
    assert town.names(query='"bill every"') == []
    assert "note" not in town.names(query="bill -spring")
    assert "task" in town.names(query="bill -spring")


def test_the_like_of_a_record_is_of_its_kind_and_not_the_record_itself(own: Town) -> None:
    for name, text in (
        ("big", "Sensors for two plants"),
        ("alike", "Sensors for three plants"),
        ("other", "A training day"),
    ):
        own.add(name, "opportunity", name=name, description=text)
    own.add("note", "note", body="Sensors for two plants")
    own.index()
    assert own.names(similar_to=own.ids["big"])[0] == "alike"
    assert set(own.names(similar_to=own.ids["big"])) == {"alike", "other"}
    assert own.names(similar_to=own.ids["big"], kinds=["note"]) == ["note"]
    assert own.names(similar_to=own.ids["big"], query="training", kinds=["opportunity"], limit=1) in (
        ["other"],
        ["alike"],
    )
    assert own.names(similar_to=own.ids["big"], threshold=0.6) == ["alike"]


def test_a_long_thread_does_not_fill_the_page(own: Town) -> None:
    account = own.add("account", "account", name="Acme")
    told = {"kind": "email", "account_id": account, "body": "When does the migration begin?"}
    for number in range(12):
        own.add(f"mail {number}", "interaction", **told, subject=f"{'Re: ' * number}Migration")
    for number in range(4):
        own.add(f"note {number}", "note", body=f"Migration is on the mind of customer {number}, it seems")
    own.index()
    names = own.names(query="migration", limit=6)
    assert sum(name.startswith("mail") for name in names) == 2
    assert sum(name.startswith("note") for name in names) == 4
    assert own.desk.ok("search", query="migration", limit=6)["total"] == 16


def test_a_passage_is_around_the_words_and_never_the_whole_of_a_long_text(own: Town) -> None:
    body = " ".join(f"Sentence {number} speaks of nothing." for number in range(40))
    text = f"{body} The <b>gearbox</b> rattles. {body}"
    own.add("long", "note", body=text)
    own.index()
    told = own.desk.ok("search", query="gearbox")["results"][0]
    assert "gearbox" in told["snippet"]
    assert len(told["snippet"]) <= 320
    assert "gearbox" in text[told["start_at"] : told["end_at"]]
    assert text[told["start_at"] : told["end_at"]] != text


def test_a_deleted_record_is_not_found_and_a_restored_one_is(own: Town) -> None:
    own.add("note", "note", body="The gearbox rattles")
    own.index()
    own.desk.ok("delete_record", record_id=own.ids["note"])
    assert own.names(query="gearbox") == []
    assert own.names(query="gearbox", kinds=["note"], where=["date >= 2020-01-01"]) == []
    own.desk.ok("restore_record", record_id=own.ids["note"])
    assert own.names(query="gearbox") == ["note"]


def test_words_are_matched_in_the_language_of_the_text(own: Town) -> None:
    own.add("note", "note", body="Die Rechnungen waren falsch")
    index(own.desk.database, own.desk.who, None, language="german")
    result = own.desk.ok("search", query="falsche Rechnung")
    assert [each["record_id"] for each in result["results"]] == [own.ids["note"]]
    assert own.names(query="billing") == []


@promise("tenant:sealed")
def test_another_tenants_text_is_never_found(open_desk: Callable[[], Desk]) -> None:
    near, far = (Town(searching(open_desk())) for _ in range(2))
    serve_model(near.desk.database, EMBEDDER)
    for town in (near, far):
        town.add("note", "note", body="The gearbox rattles")
        town.index()
    for town, other in ((near, far), (far, near)):
        for args in ({}, {"where": ["date >= 2020-01-01"]}, {"query": '"gearbox rattles"'}, {"threshold": -1.0}):
            assert town.names(**{"query": "gearbox", **args}) == ["note"]
        assert town.desk.refusal("search", similar_to=other.ids["note"])[0] == "not_found"


@promise("rights:user")
def test_a_token_finds_only_the_kinds_that_it_may_read(town: Town) -> None:
    narrow = town.desk.within(scopes=frozenset({"note:read"}))
    kinds = {each["kind"] for each in narrow.ok("search", query="angry bill", threshold=-1)["results"]}
    assert kinds == {"note"}
    assert narrow.refusal("search", query="bill", kinds=["task"])[0] == "denied"
    assert narrow.refusal("search", similar_to=town.ids["task"])[0] == "denied"
    assert town.desk.within(scopes=frozenset({"user:read"})).refusal("search", query="bill")[0] == "denied"


class Failing(ByWords):
    """An embedder whose provider is down; it counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__(64)
        self.asked = 0

    def embed_query(self, text: str) -> Vectors:  # noqa: ARG002
        self.asked += 1
        raise CrmError("unavailable", "The provider cannot be reached; check the address and the network.")


@promise("index:rebuildable")
def test_without_an_embedder_it_goes_by_words_and_says_so(town: Town) -> None:
    failing = Failing()
    cache = SearchCache(lambda _: failing)
    for _ in range(3):
        result = searching(town.desk, cache).ok("search", query="angry bill", threshold=0.9)
        assert result["results"][0]["record_id"] == town.ids["note"]
        assert result["results"][0]["vector_score"] is None
        assert result["degraded"]
        assert "cannot be reached" in result["notes"][0]
        assert "threshold" in result["notes"][1]
    assert failing.asked == 1, "one that failed is left alone for a while"
    like = searching(town.desk, cache).ok("search", similar_to=town.ids["task"], kinds=["note"])
    assert like["results"][0]["record_id"] == town.ids["note"], "stored vectors need no embedder"


@promise("index:rebuildable")
def test_vectors_of_another_version_are_not_compared(town: Town) -> None:
    newer = ByWords(64)
    newer.version = "2"
    result = searching(town.desk, SearchCache(lambda _: newer)).ok("search", query="angry bill")
    assert result["degraded"]
    assert "another version" in result["notes"][0]
    assert result["results"][0]["record_id"] == town.ids["note"]


def test_records_that_wait_to_be_indexed_are_counted(own: Town) -> None:
    own.add("note", "note", body="The gearbox rattles")
    own.add("task", "task", title="Mend the gearbox")
    result = own.desk.ok("search", query="gearbox")
    assert result["results"] == []
    assert result["notes"][0] == "2 records are not indexed yet as they stand now."
    own.index()
    assert set(own.names(query="gearbox")) == {"note", "task"}
    own.add("later", "note", body="The clutch slips")
    assert own.desk.ok("search", query="gearbox")["notes"] == ["1 record is not indexed yet as it stands now."]


def test_while_vectors_are_being_made_it_says_so(own: Town) -> None:
    own.add("note", "note", body="The gearbox rattles")
    own.index()
    with own.desk.database.across_tenants() as session:
        session.scalar("SELECT crm.add_embedding_model('by-words', '1', 64)")
        session.execute(sql("UPDATE crm.embedding_models SET state = 'building'"))
    result = own.desk.ok("search", query="gearbox")
    assert result["degraded"]
    assert result["notes"] == [
        "Not every text has its vector yet, so this went by words alone; `crm-agent embed status` says how far it is."
    ]


class Fixed(SearchCache):
    """Compares up to so many records, and asks the index for more."""

    def __init__(self, most_compared: int) -> None:
        super().__init__(lambda _: EMBEDDER)
        self.most_compared = most_compared

    def shape_of(self, session: ReadSession, tenant: UUID, model: Model | None, kinds: tuple[str, ...]) -> Shape:
        return replace(
            super().shape_of(session, tenant, model, kinds),
            most_compared=self.most_compared,
            most_kept=self.most_compared,
        )


@pytest.fixture(scope="module")
def crowd(open_desk: Callable[[], Desk]) -> Town:
    """A town with enough texts for the ways to differ."""
    desk = open_desk()
    serve_model(desk.database, EMBEDDER)
    town = Town(desk)
    accounts = [town.add(f"account {number}", "account", name=f"Account {number}") for number in range(3)]
    words = [f"word{number}" for number in range(30)] + ["angry"]
    chance = np.random.default_rng(7)
    for number in range(90):
        body = " ".join(chance.choice(words, 4, replace=False))
        told = {"kind": ("call", "email")[number % 2], "direction": ("inbound", "outbound", "internal")[number % 3]}
        town.add(f"call {number}", "interaction", **told, body=body, account_id=accounts[number % len(accounts)])
    for number in range(30):
        town.add(f"note {number}", "note", body=" ".join(chance.choice(words, 5, replace=False)))
    town.index()
    return town


def compared(town: Town, kinds: list[str], where: list[str]) -> list[float]:
    """The similarity of every record that the filters keep to "wrath", the greatest first."""
    kept = [
        each["record_id"] for kind in kinds for each in town.desk.find(kinds=[kind], where=where, limit=200)["records"]
    ]
    with town.desk.database.read(town.desk.who) as session:
        rows = session.rows(
            "SELECT e.record_id, e.embedding::text AS vector FROM crm.embeddings e WHERE e.record_id = ANY(:ids)",
            ids=[UUID(each) for each in kept],
        )
    asked = EMBEDDER.embed_query("wrath")
    return sorted((float(np.dot(asked, json.loads(row["vector"]))) for row in rows), reverse=True)


@pytest.mark.parametrize("most_compared", [0, 20_000], ids=["by the index", "comparing"])
@pytest.mark.parametrize(
    ("kinds", "where"),
    [
        (["interaction", "note"], []),
        (["note"], []),
        (["note"], ["date >= 2020-01-01"]),
        (["interaction"], ["direction = inbound"]),
        (["interaction"], ["direction = inbound", "account_name = Account 1"]),
        (["interaction"], ["kind = call", "direction in (inbound, internal)"]),
        (["interaction"], ["direction = inbound", "kind = email", "account_name = Account 2"]),
    ],
)
def test_both_ways_find_what_comparing_by_hand_finds(
    crowd: Town, most_compared: int, kinds: list[str], where: list[str]
) -> None:
    by_hand = compared(crowd, kinds, [each.replace("date", "created_at") for each in where])
    desk = searching(crowd.desk, Fixed(most_compared))
    result = desk.ok("search", query="wrath", kinds=kinds, where=where, limit=50, threshold=-1)
    found = sorted((each["vector_score"] for each in result["results"]), reverse=True)
    assert len(found) == min(50, len(by_hand))
    assert found[:20] == pytest.approx(by_hand[:20], abs=2e-3)


@pytest.mark.parametrize("most_compared", [0, 20_000], ids=["by the index", "comparing"])
def test_the_score_is_the_sum_of_what_both_ranks_give(crowd: Town, most_compared: int) -> None:
    asked = Asked("word1 angry", ("word1", "angry"), (), ())
    who, scope = crowd.desk.who, Scope(("note",))

    def scores(asked: Asked, cache: SearchCache) -> dict[UUID, float]:
        with crowd.desk.database.read(who) as session:
            answer = search(session, who.tenant_id, Request(asked, None, scope, limit=50), cache)
        return {each.record_id: each.score for each in answer.results}

    both = scores(asked, Fixed(most_compared))
    meant = scores(replace(asked, words=()), Fixed(most_compared))
    worded = scores(asked, SearchCache(lambda _: Failing()))
    assert sorted(meant.values(), reverse=True) == pytest.approx([1 / (FUSION + place) for place in range(1, 31)])
    assert 0 < len(worded) < len(both) == 30
    assert both == pytest.approx({each: meant[each] + worded.get(each, 0.0) for each in both})
