"""find_records: names as people write them, reach, filters, and when it is ambiguous."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.tools.desk import Desk

promise = pytest.mark.promise


@dataclass(frozen=True)
class Town:
    """A desk with records to look for."""

    desk: Desk
    ids: dict[str, str]

    def names(self, query: str | None = None, **args: Any) -> list[str]:
        return [each["label"] for each in self.desk.find(query, **args)["records"]]

    def best(self, query: str, **args: Any) -> dict[str, Any]:
        return self.desk.find(query, **args)["records"][0]


def fill(desk: Desk) -> dict[str, str]:
    ids: dict[str, str] = {}

    def keep(name: str, record: dict[str, Any]) -> str:
        ids[name] = record["record_id"]
        return record["record_id"]

    nordlicht = keep(
        "nordlicht organization",
        desk.create("organization", name="Nordlicht Energie GmbH", domain="nordlicht.example", city="Hamburg"),
    )
    account = keep("nordlicht", desk.create("account", name="Nordlicht Energie GmbH", organization_id=nordlicht))
    other = keep("nordlicht two", desk.create("account", name="Nordlicht Logistik AG"))
    acme = keep("acme", desk.create("account", name="Acme Ltd.", tier="enterprise", status="customer"))
    for number, (name, where) in enumerate(
        (("María López", account), ("Maria Lopez", acme), ("Robert Smith", acme), ("Łukasz Nowak", other))
    ):
        made = desk.create(
            "contact", full_name=name, account_id=where, email=f"p{number}@{where[-4:]}.example", title="CFO"
        )
        keep(f"{name} at {where}", made)
    robert = desk.find("Robert Smith", kinds=["contact"])["records"][0]["record_id"]
    desk.update(robert, phone="+49 30 1234567", email="bob@nordlicht.example")
    for name, amount, stage, day, where in (
        ("Acme renewal", "50000", "proposal", "2026-11-19", acme),
        ("Acme expansion", "120000.50", "negotiation", "2026-12-15", acme),
        ("Wind park", None, "new", None, account),
        ("Solar roof", "8000", "lost", "2026-10-01", account),
    ):
        keep(
            name,
            desk.create(
                "opportunity", name=name, amount=amount, stage=stage, expected_close_date=day, account_id=where
            ),
        )
    desk.create("task", title="Call Maria Lopez", due_at="2026-11-20T23:30", about_id=acme)
    desk.create("note", body="They like blue", about_id=acme)
    return ids


@pytest.fixture(scope="module")
def town(open_desk: Callable[[], Desk]) -> Town:
    desk = open_desk()
    return Town(desk, fill(desk))


@pytest.mark.parametrize(
    ("query", "kind", "label", "matched"),
    [
        ("Acme Ltd.", "account", "Acme Ltd.", "name"),
        ("acme gmbh", "account", "Acme Ltd.", "name"),
        ("ACME", "account", "Acme Ltd.", "name"),
        ("bob smith", "contact", "Robert Smith", "nickname"),
        ("Smith, Robert", "contact", "Robert Smith", "name"),
        ("R. Smith", "contact", "Robert Smith", "initials"),
        ("Robrt Smiht", "contact", "Robert Smith", "typo"),
        ("Lukasz Nowak", "contact", "Łukasz Nowak", "name"),
        ("Nowak", "contact", "Łukasz Nowak", "name"),
        ("nordlicht energy", "account", "Nordlicht Energie GmbH", "typo"),
        ("wind", "opportunity", "Wind park", "name"),
        ("the wind park deal", "opportunity", "Wind park", "name"),
        ("bob@nordlicht.example", "contact", "Robert Smith", "e-mail"),
        ("030/1234567", "contact", "Robert Smith", "phone"),
        ("+49 (30) 123 45 67", "individual", "Robert Smith", "phone"),
        ("www.nordlicht.example", "account", "Nordlicht Energie GmbH", "domain"),
        ("nordlicht.example", "organization", "Nordlicht Energie GmbH", "domain"),
        ("nora", "user", "Nora Next", "name"),
        ("member@harbour.example", "user", "Milo Member", "e-mail"),
        ("me", "user", "Ada Admin", "name"),
    ],
)
def test_a_name_as_people_write_it_finds_its_record(
    town: Town, query: str, kind: str, label: str, matched: str
) -> None:
    found = town.desk.find(query, kinds=[kind])
    assert (found["records"][0]["label"], found["records"][0]["matched"]) == (label, matched)
    assert found["ambiguous"] is False
    assert 0 < found["records"][0]["score"] <= 1


@pytest.mark.parametrize("query", ["Maria Lopez", "maria lópez", "Lopez Maria", "M. Lopez", "Maria", "Lopes"])
def test_namesakes_are_ambiguous_and_told_apart(town: Town, query: str) -> None:
    found = town.desk.find(query, kinds=["contact"])
    assert found["ambiguous"] is True
    assert len({each["detail"] for each in found["records"][:2]}) == 2


def test_an_account_or_company_tells_namesakes_apart(town: Town) -> None:
    found = town.desk.find("Maria Lopez Acme", kinds=["contact"])
    assert (found["ambiguous"], found["total"]) == (False, 1)
    assert found["records"][0]["fields"]["account_name"] == "Acme Ltd."
    assert town.best("Maria Lopez from Nordlicht")["fields"]["account_name"] == "Nordlicht Energie GmbH"


def test_an_account_and_its_organization_are_one_thing(town: Town) -> None:
    found = town.desk.find("Nordlicht Energie GmbH")
    assert (found["records"][0]["kind"], found["ambiguous"]) == ("account", False)
    assert found["records"][1]["kind"] == "organization"
    assert town.desk.find("Nordlicht", kinds=["account"])["ambiguous"] is True


def test_whoever_is_called_so_comes_before_nicknames(town: Town) -> None:
    town.desk.create("contact", full_name="Hannah Meyer")
    town.desk.create("contact", full_name="Anna Becker")
    found = town.desk.find("Hannah", kinds=["contact"])
    assert (found["records"][0]["label"], found["ambiguous"]) == ("Hannah Meyer", False)
    assert town.best("Anna", kinds=["contact"])["label"] == "Anna Becker"


def test_an_id_finds_its_record(town: Town) -> None:
    found = town.desk.find(town.ids["acme"])
    assert [(each["label"], each["matched"]) for each in found["records"]] == [("Acme Ltd.", "id")]


def test_what_is_not_there_is_not_found(town: Town) -> None:
    found = town.desk.find("Zebra Holdings")
    assert (found["records"], found["total"], found["ambiguous"]) == ([], 0, False)


@promise("nothing-hidden")
def test_filters_count_exactly_and_are_told(town: Town) -> None:
    found = town.desk.find(
        kinds=["opportunity"], where=["stage in (proposal, negotiation)"], order_by="amount desc", limit=1
    )
    assert [each["label"] for each in found["records"]] == ["Acme expansion"]
    assert (found["total"], found["returned"], found["truncated"]) == (2, 1, True)
    assert found["filters"] == ["stage in (proposal, negotiation)"]
    assert found["time_zone"] == "Europe/Berlin"
    assert found["records"][0]["fields"]["amount"] == "120000.50"


@pytest.mark.parametrize(
    ("where", "labels"),
    [
        (["amount >= 50000"], {"Acme renewal", "Acme expansion"}),
        (["amount is null"], {"Wind park"}),
        (["amount is not null", "is_open = true"], {"Acme renewal", "Acme expansion"}),
        (["expected_close_date < today", "is_open is true"], {"Acme renewal"}),
        (["expected_close_date = 2026-12-15"], {"Acme expansion"}),
        (["stage != lost", "account_name ~ nördlicht"], {"Wind park"}),
        (["name ~ ACME"], {"Acme renewal", "Acme expansion"}),
        (["stage = Proposal and amount > 1"], {"Acme renewal"}),
        (["stage not in (new, lost)"], {"Acme renewal", "Acme expansion"}),
        (["owner_id = me", "amount<=8000"], {"Solar roof"}),
        (["name = 'Wind park'"], {"Wind park"}),
        (["created_at = today", "amount > 100000"], {"Acme expansion"}),
        (["created_at < today"], set[str]()),
    ],
)
def test_filters_over_a_view(town: Town, where: list[str], labels: set[str]) -> None:
    assert set(town.names(kinds=["opportunity"], where=where)) == labels


def test_a_day_is_the_users_own(town: Town) -> None:
    assert town.names(kinds=["task"], where=["due_at = today"]) == ["Call Maria Lopez"]
    assert town.names(kinds=["task"], where=["due_at >= tomorrow"]) == []


def test_a_name_and_filters_together(town: Town) -> None:
    found = town.desk.find("acme", kinds=["opportunity"], where=["amount > 60000"])
    assert [each["label"] for each in found["records"]] == ["Acme expansion"]
    ordered = town.names("acme", kinds=["opportunity"], order_by="amount desc")
    assert ordered == ["Acme expansion", "Acme renewal"]


def test_notes_are_searched_only_when_asked_for(town: Town) -> None:
    assert town.names("blue") == []
    assert town.names("blue", kinds=["note"]) == ["They like blue"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"kinds": ["opportunity"], "where": ["amout > 1"]}, "did you mean amount?"),
        ({"kinds": ["opportunity"], "where": ["stage = closed"]}, "stage is one of new, qualified"),
        ({"kinds": ["opportunity"], "order_by": "size desc"}, "opportunities has no field size"),
        ({"kinds": ["opportunities", "accounts"], "where": ["name = x"]}, "name exactly one kind"),
        ({"where": ["name = x"]}, "name exactly one kind"),
        ({"query": "x", "kinds": ["deal"]}, "There is no record kind deal; did you mean opportunity?"),
        ({"query": "x", "kinds": ["Clients"]}, "There is no record kind Clients; did you mean account?"),
        ({"query": "x", "limit": 0}, "limit of find_records"),
        ({"query": "x", "colour": "blue"}, "find_records has no argument colour"),
    ],
)
def test_bad_arguments_are_said_in_a_sentence(untouched: Desk, args: dict[str, Any], words: str) -> None:
    assert words in untouched.refusal("find_records", **args)[1]


def test_plurals_are_understood_as_kinds(town: Town) -> None:
    assert town.desk.find(kinds=["opportunities"])["total"] == 4


def test_deleted_records_are_found_only_when_asked_for(desk: Desk) -> None:
    gone = desk.create("account", name="Vanished Vessels")
    desk.ok("delete_record", record_id=gone["record_id"], reason="test")
    assert desk.find("Vanished Vessels")["records"] == []
    found = desk.find("Vanished Vessels", deleted=True)
    assert [each["record_id"] for each in found["records"]] == [gone["record_id"]]
    assert desk.find("Nobody At All", deleted=True)["records"] == []


def test_rows_beside_a_record_are_filtered_like_columns(open_desk: Callable[[], Desk]) -> None:
    desk = open_desk()
    ann = desk.create("individual", given_name="Ann", family_name="Beside")["record_id"]
    desk.create("account", name="Tagged Works", tags=["vip", "north"])
    desk.create("account", name="Plain Works")
    fields = {
        "kind": "call",
        "subject": "Hello",
        "occurred_at": "2026-11-19T10:00",
        "participants": [{"individual_id": ann}],
    }
    desk.create("interaction", **fields)
    desk.create("interaction", **{**fields, "subject": "Without her", "participants": []})

    def labels(kind: str, *where: str) -> set[str]:
        return {each["label"] for each in desk.find(kinds=[kind], where=list(where))["records"]}

    assert (
        labels("account", "tag = VIP") == labels("account", "tag in (vip, south)", "name ~ works") == {"Tagged Works"}
    )
    assert labels("account", "tag != vip", "name ~ works") == labels("account", "tag is null") == {"Plain Works"}
    assert len(labels("interaction", f"participant_id = {ann}")) == 1
