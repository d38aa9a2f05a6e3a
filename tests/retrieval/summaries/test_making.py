"""A summary tells facts and quotes, says the same as long as they do, and is searched like every other text."""

from typing import Any
from uuid import UUID

import pytest

from retrieval.summaries.making import make_summaries
from retrieval.summaries.sentences import telling_sentences
from retrieval.summaries.wording import summary_chunks
from schema.errors import CrmError
from tests.retrieval.insights.reading import account, infer, infer_facts, mail
from tests.tools.desk import Desk, fill_tenant
from tools.summaries import get_summary

COMPLAINT = "The invoice is wrong again and the discount is missing."


@pytest.fixture
def customer(desk: Desk) -> str:
    """An account with deals in two currencies, a task and three mails."""
    customer = account(desk)
    deal: dict[str, Any] = {"account_id": customer, "expected_close_date": "2026-12-08"}
    desk.create("opportunity", name="Renewal", amount="1000.50", currency="EUR", **deal)
    desk.create("opportunity", name="Upgrade", amount="500", currency="USD", **deal)
    won = desk.create("opportunity", name="First order", amount="250", currency="EUR", account_id=customer)
    desk.update(won, stage="won")
    desk.create("task", title="Call back", about_id=customer, due_at="2026-11-23T10:00")
    mail(desk, COMPLAINT, account_id=customer, occurred_at="2026-11-12T10:00:00Z")
    mail(
        desk, "When do you send the invoice with the discount?", account_id=customer, occurred_at="2026-11-17T10:00:00Z"
    )
    mail(desk, "We will look into it.", account_id=customer, direction="outbound")
    return customer


def refresh(desk: Desk, *accounts: str) -> dict[str, int]:
    done = make_summaries(desk.database, desk.who.tenant_id, [UUID(each) for each in accounts] or None)
    return done.to_json()


def queued(desk: Desk) -> int:
    with desk.database.job(desk.who.tenant_id) as session:
        return len(
            session.rows("SELECT id FROM crm.embedding_queue WHERE tenant_id = :tenant", tenant=desk.who.tenant_id)
        )


def chunks(desk: Desk, customer: str) -> list[str]:
    with desk.database.read(desk.who) as session:
        rows = session.rows(
            "SELECT text FROM crm.chunks WHERE record_id = :record AND source = 'summary' ORDER BY position",
            record=UUID(customer),
        )
    return [row["text"] for row in rows]


def test_it_tells_what_is_recorded_and_quotes_what_was_said(desk: Desk, customer: str) -> None:
    infer(desk)
    infer_facts(desk)
    refresh(desk)
    told = get_summary(desk.context, UUID(customer))
    text = told["text"]
    for said in (
        "Nordlicht (customer",
        "2 open opportunities worth EUR 1,000.50 and USD 500: Renewal, Upgrade, the next expected to close on 2026-12-08.",
        "1 won opportunity worth EUR 250.",
        "1 open task, the next due on 2026-11-23.",
        "3 interactions, the last on 2026-11-19 (email, outbound).",
        "Inferred, not verified by a person unless they said so: negative on 2026-11-12",
        f"on 2026-11-12: “{COMPLAINT}”",
    ):
        assert said in text, text
    assert "We will look into it" not in text
    for each in told["sentences"]:
        body = desk.fields({"record_id": each["record_id"]})["body"]
        assert body[each["start"] : each["end"]] == each["quote"]


def test_nothing_new_changes_nothing_and_is_not_embedded_again(desk: Desk, customer: str) -> None:
    assert refresh(desk) == {"accounts": 1, "changed": 1, "removed": 0}
    before, waiting = get_summary(desk.context, UUID(customer)), queued(desk)
    assert refresh(desk) == {"accounts": 1, "changed": 0, "removed": 0}
    assert (get_summary(desk.context, UUID(customer)), queued(desk)) == (before, waiting)
    mail(desk, "We are happy with the new discount, thank you.", account_id=customer)
    waiting = queued(desk)
    assert refresh(desk, customer)["changed"] == 1
    assert queued(desk) == waiting + 1


def test_its_chunks_are_those_of_the_summary_and_come_back_when_the_index_was_dropped(
    desk: Desk, customer: str
) -> None:
    refresh(desk)
    text = get_summary(desk.context, UUID(customer))["text"]
    wanted = [chunk.text for chunk in summary_chunks("Nordlicht", text)]
    assert chunks(desk, customer) == wanted
    with desk.database.job(desk.who.tenant_id) as session:
        session.rows("DELETE FROM crm.chunks WHERE tenant_id = :tenant RETURNING id", tenant=desk.who.tenant_id)
    assert refresh(desk)["changed"] == 1
    assert chunks(desk, customer) == wanted


def test_a_deleted_account_has_no_summary(desk: Desk, customer: str) -> None:
    refresh(desk)
    desk.ok("delete_record", record_id=customer)
    with pytest.raises(CrmError) as gone:
        get_summary(desk.context, UUID(customer))
    assert gone.value.kind == "not_found"
    assert refresh(desk) == {"accounts": 0, "changed": 0, "removed": 1}
    assert chunks(desk, customer) == []


def test_an_account_of_which_nothing_is_known_is_a_line(desk: Desk) -> None:
    empty = account(desk, "Leer")
    refresh(desk)
    assert get_summary(desk.context, UUID(empty))["text"].endswith("No opportunity.\nNo interaction yet.")


def test_who_may_not_read_accounts_reads_no_summary(desk: Desk, customer: str) -> None:
    refresh(desk)
    with pytest.raises(CrmError) as refused:
        get_summary(desk.within(scopes=frozenset({"task:read"})).context, UUID(customer))
    assert refused.value.kind == "denied"
    fill_tenant(desk.database, "other")
    with pytest.raises(CrmError) as unknown:
        get_summary(Desk.of(desk.database, "other").context, UUID(customer))
    assert unknown.value.kind == "not_found"


@pytest.mark.parametrize(
    "body", ["", "😀" * 100, "a " * 500_000, "One. Two. Three.", "same thing here again\n" * 10_000]
)
def test_odd_texts_give_few_sentences_and_no_more(body: str) -> None:
    row = {"interaction_id": UUID(int=1), "direction": "inbound", "kind": "email", "body": body, "day": "2026-11-20"}
    found = telling_sentences([row])
    assert len(found) <= 3
    assert len({each.quote for each in found}) == len(found)
