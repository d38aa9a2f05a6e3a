"""Complaints and leads are grouped by what they say and named by their own words; ids outlive new data; tags are logged changes."""

from uuid import UUID

import pytest

from retrieval.clusters.making import make_clusters
from retrieval.clusters.naming import name_of, terms_of
from retrieval.clusters.topics import make_topics
from retrieval.embedders.local import LocalEmbedder
from schema.errors import CrmError
from tests.retrieval.insights.reading import account, found, infer, mail
from tests.retrieval.search.indexed import index, serve_model
from tests.tools.desk import Desk, fill_tenant
from tools.clusters import get_cluster, list_clusters, tag_cluster

INVOICES = [
    "The invoice is wrong again, the discount is missing.",
    "Your invoice shows the wrong discount, we are angry.",
    "Wrong invoice, missing discount, third time, we are frustrated.",
    "I am angry about the invoice and its missing discount.",
]
OUTAGES = [
    "The portal is down again, nobody can sign in.",
    "Portal down since this morning, our drivers cannot sign in. Unacceptable.",
    "We are frustrated: the portal crashed and is down, no sign in.",
    "The portal is down, sign in fails, it is a disaster.",
]


EMBEDDER = LocalEmbedder()


@pytest.fixture
def grouped(desk: Desk) -> Desk:
    """Two sorts of complaints, indexed and grouped."""
    serve_model(desk.database, EMBEDDER)
    customer = account(desk)
    for text in (*INVOICES, *OUTAGES, "Happy with everything, thank you!"):
        mail(desk, text, account_id=customer)
    regroup(desk)
    return desk


def regroup(desk: Desk) -> None:
    infer(desk)
    index(desk.database, desk.who, EMBEDDER)
    make_clusters(desk.database, desk.who.tenant_id)


def complaints(desk: Desk) -> dict[str, tuple[str, int]]:
    """Name and size by id."""
    told = list_clusters(desk.context, "complaints")["clusters"]
    return {each["cluster_id"]: (each["name"], each["size"]) for each in told}


def test_complaints_are_grouped_and_named_by_their_own_words(grouped: Desk) -> None:
    told = list_clusters(grouped.context, "complaints")["clusters"]
    assert [each["size"] for each in told] == [4, 4]
    by_word = {word: each for each in told for word in ("invoice", "portal") if word in each["terms"]}
    assert set(by_word) == {"invoice", "portal"}
    for word, texts in (("invoice", INVOICES), ("portal", OUTAGES)):
        cluster = by_word[word]
        assert cluster["is_inferred"] is True
        assert word in cluster["name"]
        quotes = " ".join(texts)
        assert all(each["quote"] in quotes for each in cluster["examples"])
        whole = get_cluster(grouped.context, UUID(cluster["cluster_id"]))
        assert len(whole["records"]) == 4
        assert all(0 < each["similarity"] <= 1 for each in whole["records"])


def test_again_is_the_same_and_a_little_new_data_keeps_the_ids(grouped: Desk) -> None:
    before = complaints(grouped)
    make_clusters(grouped.database, grouped.who.tenant_id)
    assert complaints(grouped) == before
    mail(grouped, "Again a wrong invoice, and the discount is missing.")
    regroup(grouped)
    after = complaints(grouped)
    assert set(after) == set(before)
    assert sorted(size for _, size in after.values()) == [4, 5]
    assert {each: name for each, (name, _) in after.items()} == {each: name for each, (name, _) in before.items()}


def test_what_is_deleted_or_no_complaint_any_more_leaves_its_cluster(grouped: Desk) -> None:
    angry = found(grouped, "kind = sentiment", "statement = negative")
    grouped.ok("delete_record", record_id=angry[0]["record_id"])
    assert sorted(size for _, size in complaints(grouped).values()) == [3, 4]
    grouped.update(angry[1]["record_id"], body="Thank you, all is well now, great.")
    regroup(grouped)
    assert [size for _, size in complaints(grouped).values()] == [4]


def test_a_tag_is_put_on_by_a_person_as_logged_changes(grouped: Desk) -> None:
    cluster = next(iter(complaints(grouped)))
    done = tag_cluster(grouped.context, UUID(cluster), "Trouble")
    assert (done.tag, done.tagged, done.had_it, len(done.changes)) == ("trouble", 4, 0, 4)
    assert tag_cluster(grouped.context, UUID(cluster), "trouble").had_it == 4
    assert grouped.find(kinds=["interaction"], where=["tag = trouble"])["total"] == 4
    grouped.ok("undo", change_id=done.changes[0])
    assert grouped.find(kinds=["interaction"], where=["tag = trouble"])["total"] == 3
    with pytest.raises(CrmError) as refused:
        tag_cluster(grouped.as_role("viewer").context, UUID(cluster), "other")
    assert "viewer" in refused.value.message


def test_complaints_have_their_clusters_name_as_a_topic(grouped: Desk) -> None:
    make_topics(grouped.database, grouped.who.tenant_id)
    names = {name for name, _ in complaints(grouped).values()}
    told = found(grouped, "kind = topic", "record_kind = interaction")
    assert {each["statement"] for each in told} == names
    assert all(each["evidence"][0]["quote"] for each in told)
    assert make_topics(grouped.database, grouped.who.tenant_id).made == 0
    infer(grouped, again=True)
    assert len(found(grouped, "kind = topic", "record_kind = interaction")) == len(told)


def test_leads_are_grouped_by_what_is_written_about_them(desk: Desk) -> None:
    serve_model(desk.database, EMBEDDER)
    for number in range(3):
        deal = desk.create("opportunity", name=f"Warehouse robots {number}")
        mail(desk, f"We want warehouse robots for hall {number}.", about_id=deal["record_id"])
        other = desk.create("opportunity", name=f"Payroll migration {number}")
        mail(desk, f"Payroll migration for site {number}, please.", about_id=other["record_id"])
    regroup(desk)
    told = list_clusters(desk.context, "leads")["clusters"]
    assert [each["size"] for each in told] == [3, 3]
    assert {"robots", "payroll"} <= {term for each in told for term in each["terms"]} | {
        word for each in told for term in each["terms"] for word in term.split()
    }


def test_without_vectors_it_says_what_to_do(desk: Desk) -> None:
    mail(desk, INVOICES[0])
    with pytest.raises(CrmError) as told:
        make_clusters(desk.database, desk.who.tenant_id)
    assert told.value.kind == "unavailable"
    assert "embed backfill" in told.value.message
    assert list_clusters(desk.context) == {"clusters": [], "total": 0}


def test_one_tenants_clusters_are_nobody_elses(grouped: Desk) -> None:
    fill_tenant(grouped.database, "other")
    other = Desk.of(grouped.database, "other")
    make_clusters(other.database, other.who.tenant_id)
    assert list_clusters(other.context)["total"] == 0
    with pytest.raises(CrmError):
        get_cluster(other.context, UUID(next(iter(complaints(grouped)))))
    narrow = grouped.within(scopes=frozenset({"account:read"}))
    assert list_clusters(narrow.context)["total"] == 0


def test_names_of_people_and_companies_name_no_cluster() -> None:
    texts = {"a": ["Siobhán says the invoice is wrong"] * 4, "b": ["Siobhan likes the portal"] * 4}
    told = terms_of(texts, ignored={"siobhan"})
    assert not any("siobh" in term for terms in told.values() for term in terms)
    assert "invoice" in told["a"]
    assert name_of([]) == "other"
    assert terms_of({"a": [], "b": ["", "😀", "the of and"]}) == {"a": [], "b": []}
