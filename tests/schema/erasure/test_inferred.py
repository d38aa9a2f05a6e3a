"""After an erasure nothing that was inferred says who the person was or repeats what they wrote; the rest stays."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from retrieval.clusters.making import make_clusters
from retrieval.embedders.local import LocalEmbedder
from retrieval.summaries.making import make_summaries
from schema.database import Database
from schema.erasure import erase
from schema.seals import Sealer, verify
from schema.settings import Settings
from tests.retrieval.insights.reading import account, found, infer, infer_facts, mail
from tests.retrieval.search.indexed import index, serve_model
from tests.tools.desk import Desk, fill_tenant

NAMES = "Siobhan|Siobhán|O'Connor"
ANGRY = (
    "The portal is down and I am furious.",
    "The portal is down again, unacceptable.",
    "Down again, the portal. Angry.",
)


@pytest.fixture
def desk(empty_database: Database) -> Desk:
    fill_tenant(empty_database, "harbour")
    return Desk.of(empty_database, "harbour")


def rows_saying(desk: Desk, pattern: str) -> dict[str, int]:
    tables = ("ai_insights", "insight_evidence", "account_summaries", "clusters", "chunks", "audit_events")
    with desk.database.job(desk.who.tenant_id) as session:
        told = {
            table: session.connection.exec_driver_sql(
                f"SELECT count(*) FROM crm.{table} t WHERE t::text ~* %s", (pattern,)
            ).scalar()
            for table in tables
        }
    return {table: int(count) for table, count in told.items() if count}


@pytest.mark.promise("erase:gone")
def test_what_was_inferred_of_the_person_goes_with_them(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    kept = replace(settings, home=tmp_path, seals=tmp_path / "seals.jsonl")
    customer, other = account(desk), account(desk, "Südwind")
    person = desk.create("individual", given_name="Siobhán", family_name="O'Connor", email="siobhan@nordlicht.example")
    desk.create("contact", individual_id=person["record_id"], account_id=customer)
    took_part = {"participants": [{"individual_id": person["record_id"], "role": "from"}]}
    theirs = mail(desk, f"{ANGRY[0]}\nI'll call you on Tuesday.", account_id=customer, **took_part)
    named = mail(desk, f"Siobhán O'Connor is angry. {ANGRY[1]}", account_id=customer, direction="inbound", kind="call")
    stays = [mail(desk, f"{ANGRY[2]} {more}", account_id=other) for more in ("", "Again.", "It is a mess.")]
    serve_model(desk.database, LocalEmbedder())
    infer(desk)
    infer_facts(desk)
    index(desk.database, desk.who, LocalEmbedder())
    make_clusters(desk.database, desk.who.tenant_id)
    make_summaries(desk.database, desk.who.tenant_id)
    with desk.database.job(desk.who.tenant_id) as session:
        session.rows("UPDATE crm.clusters SET name = 'siobhan, portal' RETURNING id")
    Sealer(desk.database, kept).seal(patience=10)
    assert set(rows_saying(desk, NAMES)) >= {"insight_evidence", "account_summaries", "clusters", "chunks"}
    assert {each["record_id"] for each in found(desk)} == {theirs, named, *stays, customer, other}

    erased = erase(desk.database, kept, desk.who, UUID(person["record_id"]), dry_run=True).to_json()
    assert rows_saying(desk, NAMES)
    done = erase(desk.database, kept, desk.who, UUID(person["record_id"])).to_json()

    assert erased["erased"] == done["erased"]
    assert done["erased"].keys() >= {"ai_insights", "account_summaries", "clusters"}
    assert rows_saying(desk, NAMES) == {}
    left = {each["record_id"] for each in found(desk)}
    assert theirs not in left
    assert {*stays, other} <= left
    assert desk.count("account_summaries") == 1
    assert verify(desk.database, kept).is_ok
    infer(desk)
    make_summaries(desk.database, desk.who.tenant_id)
    assert rows_saying(desk, NAMES) == {}
    assert desk.count("account_summaries") == 2


def test_who_is_left_keeps_what_was_verified(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    kept = replace(settings, home=tmp_path, seals=tmp_path / "seals.jsonl")
    person = desk.create("individual", given_name="Siobhán", family_name="O'Connor")
    mail(desk, ANGRY[0], account_id=account(desk))
    infer(desk)
    before = [each["insight_id"] for each in found(desk)]
    erase(desk.database, kept, desk.who, UUID(person["record_id"]))
    assert [each["insight_id"] for each in found(desk)] == before
