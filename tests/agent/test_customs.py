"""Fields of one's own through whole runs: two tenants that mean different things by the same name."""

import pytest

from agent.loop import ask
from agent.models import choose_model
from schema.customs import Declaration
from schema.database import Database
from tests.tools.desk import Desk, fill_tenant
from tools import customs

OFFLINE = choose_model("offline")


@pytest.fixture
def desk(empty_database: Database) -> Desk:
    """The admin of a tenant whose accounts have a region and a renewal date."""
    fill_tenant(empty_database, "harbour")
    desk = Desk.of(empty_database, "harbour")
    for told in (
        Declaration("account", "region", "choice", "Region", ("North", "South")),
        Declaration("account", "renewal_date", "date", "Renewal date"),
    ):
        customs.declare(desk.context, told)
    desk.create("account", name="Nordwind")
    desk.create("account", name="Larkfield", region="South", renewal_date="2027-05-01")
    return desk


def test_a_field_is_set_listed_and_undone_in_plain_words(desk: Desk) -> None:
    changed = ask(desk.context, "Set the region of Nordwind to North", model=OFFLINE)
    listed = ask(desk.context, "Show accounts with region North", model=OFFLINE)
    dated = ask(desk.context, "accounts whose renewal date is before June", model=OFFLINE)
    undone = ask(desk.context, "undo that", conversation_id=changed.conversation_id, model=OFFLINE)

    assert changed.status == "completed"
    assert [(each["before"], each["after"]) for each in changed.changes] == [
        ({"custom": {"region": None}}, {"custom": {"region": "North"}})
    ]
    assert "Nordwind" in listed.answer
    assert "Larkfield" not in listed.answer
    assert "| Sat 1 May 2027 |" in dated.answer
    assert undone.changes[0]["after"] == {"custom": {"region": None}}


def test_a_new_account_has_it(desk: Desk) -> None:
    made = ask(
        desk.context, "Create an account Solvento with region north and renewal date 1 April 2027", model=OFFLINE
    )
    assert made.changes[0]["after"]["custom"] == {"region": "North", "renewal_date": "2027-04-01"}
    refused = ask(desk.context, "Set the region of Solvento to West", model=OFFLINE)
    assert (refused.status, refused.changes) == ("refused", [])
    assert "one of North, South" in refused.answer


@pytest.mark.promise("tenant:sealed")
def test_another_tenants_fields_mean_nothing_here(desk: Desk, empty_database: Database) -> None:
    fill_tenant(empty_database, "kestrel")
    other = Desk.of(empty_database, "kestrel")
    customs.declare(other.context, Declaration("account", "region", "number", "Region code"))
    other.create("account", name="Nordwind")

    changed = ask(other.context, "Set the region code of Nordwind to 7", model=OFFLINE)
    unknown = ask(other.context, "accounts whose renewal date is before June", model=OFFLINE)

    assert changed.changes[0]["after"] == {"custom": {"region": "7"}}
    assert unknown.status == "refused"
    assert ask(desk.context, "accounts in South", model=OFFLINE).answer.startswith("1 account")
