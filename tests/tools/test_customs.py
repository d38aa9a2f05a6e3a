"""A tenant's own fields: declared by its admin, read strictly, found by filters, undone one by one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from schema.audit import ChangeFilter, list_changes
from schema.customs import Declaration
from schema.errors import CrmError
from tests.tools.desk import Desk
from tools import customs

DECLARED = (
    Declaration("account", "region", "choice", "Region", ("North", "South", "Far East")),
    Declaration("account", "renewal_date", "date", "Renewal date"),
    Declaration("account", "seats", "number", "Seats"),
    Declaration("account", "vip", "boolean", "VIP"),
    Declaration("account", "slogan", "text", "Slogan"),
    Declaration("account", "audited_at", "datetime", "Last audit"),
    Declaration("opportunity", "competitor", "text", "Main competitor"),
)


@pytest.fixture
def own(desk: Desk) -> Desk:
    """The desk of a tenant with fields of its own."""
    for told in DECLARED:
        customs.declare(desk.context, told)
    return desk


@pytest.fixture
def other(open_desk: Callable[[], Desk]) -> Desk:
    """Another tenant, which calls a number what the first one calls a choice."""
    desk = open_desk()
    customs.declare(desk.context, Declaration("account", "region", "number", "Region code"))
    return desk


def custom_of(desk: Desk, record: dict[str, Any]) -> dict[str, Any]:
    return desk.fields(record)["custom"]


def changes_of(desk: Desk, record: dict[str, Any]) -> list[dict[str, Any]]:
    with desk.database.read(desk.who) as session:
        return list_changes(session, ChangeFilter(record_id=record["record_id"]))["changes"]


def test_what_was_declared_is_listed(own: Desk) -> None:
    listed = customs.list_fields(own.context)
    assert [(each["kind"], each["name"]) for each in listed] == [(each.kind, each.name) for each in DECLARED]
    assert listed[0]["options"] == ["North", "South", "Far East"]
    assert customs.list_fields(own.context, "opportunity")[0]["label"] == "Main competitor"


@pytest.mark.promise("rights:user")
@pytest.mark.parametrize("role", ["manager", "member", "viewer"])
def test_only_an_admin_adds_fields(own: Desk, role: str) -> None:
    told = Declaration("account", "size", "text", "Size of it")
    with pytest.raises(CrmError) as error:
        customs.declare(own.as_role(role).context, told)
    assert error.value.kind == "denied"
    with pytest.raises(CrmError) as narrowed:
        customs.declare(own.within(scopes=frozenset({"account:write"})).context, told)
    assert narrowed.value.kind == "denied"


@pytest.mark.parametrize(
    "told",
    [
        Declaration("account", "region", "text", "Area"),
        Declaration("account", "area", "text", "region"),
        Declaration("account", "area", "text", "REGION"),
        Declaration("account", "seat_count", "number", "seats"),
        Declaration("account", "slogan_of_ours", "text", "Slogan"),
        Declaration("account", "name", "text", "Other name"),
        Declaration("planet", "region", "text", "Region"),
    ],
    ids=lambda told: f"{told.kind}.{told.name}.{told.label}",
)
def test_a_name_or_label_is_taken_once(own: Desk, told: Declaration) -> None:
    with pytest.raises(CrmError) as error:
        customs.declare(own.context, told)
    assert error.value.kind in {"conflict", "invalid"}


def test_another_kind_may_call_its_field_the_same(own: Desk) -> None:
    made = customs.declare(own.context, Declaration("contact", "region", "text", "Region"))
    assert (made["kind"], made["type"]) == ("contact", "text")


@pytest.mark.parametrize("name", ["region", "Region", "REGION", "custom.region"])
@pytest.mark.parametrize("is_nested", [False, True])
def test_a_field_is_written_by_name_and_by_label(own: Desk, name: str, is_nested: bool) -> None:
    def given(value: str) -> dict[str, Any]:
        return {"custom": {name: value}} if is_nested else {name: value}

    account = own.create("account", name="Nordwind", **given("NORTH"))
    assert account["fields"]["custom"] == {"region": "North"}
    assert custom_of(own, account) == {"region": "North"}
    changed = own.update(account, **given("far-east"))
    assert changed["changed"] == ["custom.region"]
    assert changed["record"]["fields"]["custom"] == {"region": "Far East"}


@pytest.mark.parametrize(
    ("name", "given", "stored"),
    [
        ("seats", "12", "12"),
        ("seats", 120, "120"),
        ("seats", "0012.500", "12.5"),
        ("seats", -0.0, "0"),
        ("seats", "1e3", "1000"),
        ("seats", "99999999999999999999.123456789", "99999999999999999999.123456789"),
        ("vip", "yes", True),
        ("vip", False, False),
        ("renewal_date", "2027-03-01", "2027-03-01"),
        ("audited_at", "2026-11-20T10:00", "2026-11-20T09:00:00Z"),
        ("audited_at", "2026-11-20T10:00:00.5+05:00", "2026-11-20T05:00:00.500000Z"),
        ("region", "FAR  east", "Far East"),
        ("slogan", "  'Robert'); DROP TABLE accounts;-- ", "'Robert'); DROP TABLE accounts;--"),
    ],
)
def test_values_are_read_by_the_declared_type(own: Desk, name: str, given: Any, stored: Any) -> None:
    account = own.create("account", name="Nordwind", **{name: given})
    assert account["fields"]["custom"] == {name: stored}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"regoin": "North"}, "did you mean region"),
        ({"custom": {"seat": "5"}}, "did you mean seats"),
        ({"region": "West"}, "region is one of North, South, Far East"),
        ({"seats": "many"}, "seats takes a plain number"),
        ({"seats": True}, "seats takes a plain number"),
        ({"seats": "1.0000000001"}, "at most 9 decimal places"),
        ({"seats": "1e21"}, "at most 20 digits"),
        ({"seats": "Infinity"}, "seats takes a plain number"),
        ({"vip": "perhaps"}, "vip takes true or false"),
        ({"renewal_date": "in March"}, "renewal_date takes a date"),
        ({"audited_at": "noon"}, "audited_at takes a time"),
        ({"slogan": ["a"]}, "slogan takes text"),
        ({"slogan": "x" * 501}, "at most 500 characters"),
        ({"custom": "region"}, "custom takes an object"),
        ({"custom": None}, "custom takes an object"),
        ({"custom": {"region": "North"}, "Region": "South"}, "region is given twice"),
        ({"competitor": "Acme"}, "has no field competitor"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_said_and_nothing_is_written(own: Desk, given: dict[str, Any], said: str) -> None:
    account = own.create("account", name="Nordwind", region="South")
    for kind, message in (
        own.refusal("create_record", kind="account", fields={"name": "Other", **given}),
        own.refusal("update_record", record_id=account["record_id"], fields=given),
    ):
        assert kind == "invalid"
        assert said in message
    assert custom_of(own, account) == {"region": "South"}
    assert own.find(kinds=["account"])["total"] == 1


def test_a_field_is_emptied_and_the_others_stay(own: Desk) -> None:
    account = own.create("account", name="Nordwind", region="North", seats=4, vip=True)
    assert own.update(account, region=None, seats="")["changed"] == ["custom.region", "custom.seats"]
    assert custom_of(own, account) == {"vip": True}
    assert own.update(account, region=None)["changes"] == []


def test_the_log_tells_only_the_keys_that_changed(own: Desk) -> None:
    account = own.create("account", name="Nordwind", region="North", seats=4)
    own.update(account, seats="5", tier="smb")
    change = changes_of(own, account)[0]
    assert (change["before"], change["after"]) == (
        {"tier": None, "custom": {"seats": "4"}},
        {"tier": "smb", "custom": {"seats": "5"}},
    )
    own.update(account, region=None)
    assert changes_of(own, account)[0]["after"] == {"custom": {"region": None}}


def test_many_records_change_together(own: Desk) -> None:
    for number, held in enumerate(({"region": "North", "seats": 1}, {"region": "North"}, {"region": "South"})):
        own.create("account", name=f"Account number {number}", **held)
    told = own.ok(
        "update_records", kind="account", where=["region = North"], fields={"Region": "far east"}, reason="Test"
    )
    assert told["changed"] == 2
    found = own.find(kinds=["account"], where=["region = 'Far East'"], order_by="name")["records"]
    assert [each["fields"]["custom"] for each in found] == [
        {"region": "Far East", "seats": "1"},
        {"region": "Far East"},
    ]


@pytest.mark.promise("undo:any")
def test_undo_restores_each_key_and_leaves_the_others(own: Desk) -> None:
    account = own.create("account", name="Nordwind", region="North", seats=4)
    first = own.update(account, region="South", vip=True, slogan="Go")["changes"][0]
    own.update(account, seats=5, slogan="Stay")
    result = own.ok("undo", change_id=first)

    assert custom_of(own, account) == {"region": "North", "seats": "5", "slogan": "Stay"}
    assert result["undone"][0]["fields"] == ["custom.region", "custom.vip"]
    conflict = {name: result["conflicts"][0][name] for name in ("field", "expected", "found")}
    assert conflict == {"field": "custom.slogan", "expected": "Go", "found": "Stay"}
    assert len(result["conflicts"]) == 1


@pytest.mark.promise("undo:any")
def test_a_record_whose_own_fields_were_filled_since_is_not_taken_away(own: Desk) -> None:
    account = own.create("account", name="Nordwind")
    own.update(account, seats=5)
    result = own.ok("undo", change_id=account["changes"][0])
    assert result["undone"] == []
    assert [(each["field"], each["found"]) for each in result["conflicts"]] == [("custom.seats", "5")]


def test_the_record_as_it_was_has_its_fields(own: Desk) -> None:
    account = own.create("account", name="Nordwind", region="North")
    own.at(timedelta(days=2)).update(account, region="South")
    then = own.at(timedelta(days=3)).ok("get_record", record_id=account["record_id"], as_of="2026-11-20")
    assert then["record"]["fields"]["custom"] == {"region": "North"}


FILTERS = {
    "region = North": ["A"],
    "custom.region = north": ["A"],
    "Region != North": ["B", "C", "D"],
    "region in (north, far-east)": ["A", "C"],
    "region not in (North)": ["B", "C", "D"],
    "region is null": ["D"],
    '"Renewal date" < 2027-03-01': ["A"],
    "renewal_date >= 2027-03-01": ["B"],
    "renewal_date > today": ["A", "B"],
    "seats > 9": ["B", "C"],
    "seats = 9.0": ["A"],
    "seats < 10 and region = North": ["A"],
    "vip = true": ["A"],
    "vip is true": ["A"],
    "vip != true": ["B", "C", "D"],
    "slogan ~ wir": ["C"],
    "custom.slogan = 'a = b and c'": ["B"],
    "audited_at >= 2026-11-01": ["D"],
    "custom.audited_at = 2026-11-02": ["D"],
}


@pytest.fixture(scope="module")
def filled(open_desk: Callable[[], Desk]) -> Desk:
    """Four accounts that differ in their own fields."""
    desk = open_desk()
    for told in DECLARED:
        customs.declare(desk.context, told)
    desk.create("account", name="Aurora", region="North", renewal_date="2027-02-28", seats=9, vip=True)
    desk.create("account", name="Borealis", region="South", renewal_date="2027-03-01", seats="10", slogan="a = b and c")
    desk.create("account", name="Cumulus", region="Far East", seats=100.5, vip=False, slogan="Für wir")
    desk.create("account", name="Drizzle", audited_at="2026-11-02T00:30")
    return desk


@pytest.mark.parametrize("text", FILTERS)
def test_filters_compare_by_the_declared_type(filled: Desk, text: str) -> None:
    found = filled.find(kinds=["account"], where=[text], order_by="name")
    assert [each["label"][0] for each in found["records"]] == FILTERS[text]
    assert all(each.startswith("custom.") for each in found["filters"])


def test_an_order_compares_by_the_declared_type(filled: Desk) -> None:
    for order in ("seats desc", "custom.seats desc", "Seats desc"):
        found = filled.find(kinds=["account"], order_by=order)
        assert [each["label"][0] for each in found["records"]] == ["C", "B", "A", "D"]
    assert filled.find("aurora", kinds=["account"], where=["region = North"])["total"] == 1
    assert filled.find("aurora", kinds=["account"], where=["region = South"])["total"] == 0


@pytest.mark.promise("nothing-hidden")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("regoin = North", "did you mean region"),
        ("custom.regoin = North", "did you mean custom.region"),
        ("region = West", "is one of North, South, Far East"),
        ("seats > many", "is a number"),
        ("seats ~ 1", "looks inside text"),
        ("renewal_date = soon", "takes a date"),
        ("vip > true", "has no order"),
        ("custom.region' = 1", "is not a filter"),
        ("custom = {}", "has no field custom"),
        ("competitor = x", "has no field competitor"),
    ],
)
def test_a_filter_that_does_not_fit_is_an_error(filled: Desk, text: str, said: str) -> None:
    kind, message = filled.refusal("find_records", kinds=["account"], where=[text])
    assert kind == "invalid"
    assert said in message


@pytest.mark.promise("tenant:sealed")
def test_tenants_do_not_meet_in_a_name(own: Desk, other: Desk) -> None:
    ours, theirs = own.create("account", name="Ours", region="North"), other.create("account", name="Theirs", region=7)

    assert own.find(kinds=["account"], where=["region = North"])["total"] == 1
    assert other.find(kinds=["account"], where=["region > 5"])["total"] == 1
    assert own.refusal("find_records", kinds=["account"], where=["region > 5"])[0] == "invalid"
    assert other.refusal("update_record", record_id=theirs["record_id"], fields={"region": "North"})[0] == "invalid"
    assert "seats" not in other.refusal("update_record", record_id=theirs["record_id"], fields={"seat": 1})[1]
    assert [each["label"] for each in customs.list_fields(other.context)] == ["Region code"]
    assert custom_of(own, ours) == {"region": "North"}


@pytest.mark.promise("tenant:sealed")
def test_the_catalog_tells_each_tenant_its_own(own: Desk, other: Desk) -> None:
    ours, theirs = (desk.ok("describe_schema")["catalog"] for desk in (own, other))
    assert "region (one of North, South, Far East)" in ours
    assert "region “Region code” (number)" in theirs
    assert not {"Far East", "seats", "slogan"} & set(theirs.replace(",", " ").split())
    assert "(custom->>'renewal_date')::date" in own.ok("describe_schema", view="accounts")["catalog"]
    assert "company's own" not in own.ok("describe_schema", view="contacts")["catalog"]
