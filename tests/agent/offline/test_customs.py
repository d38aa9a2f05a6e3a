"""The planner knows a tenant's own fields by their labels, and reads their values by the declared type."""

from dataclasses import replace
from typing import Any

import pytest

from agent.offline.form import Create, ListOf, Look, Refine, Update
from agent.offline.plans.steps import Decline, Say
from agent.offline.telling import understood_line
from agent.offline.understand import understand
from schema.customs import Customs
from schema.fields import Field, FieldType
from tests.agent.offline.asking import SITUATION, Talk, found, only, record, run


def own(name: str, kind_of_value: FieldType, label: str, *options: str) -> tuple[str, Field]:
    return name, Field(name, kind_of_value, "", column="custom", choices=options, label=label)


CUSTOMS: Customs = {
    "account": dict(
        [
            own("region", FieldType.CHOICE, "Region", "North", "South", "Far East"),
            own("renewal_date", FieldType.DATE, "Renewal date"),
            own("seats", FieldType.NUMBER, "Licensed seats"),
            own("vip", FieldType.BOOLEAN, "VIP"),
            own("slogan", FieldType.TEXT, "Slogan"),
            own("last_audit", FieldType.TIMESTAMP, "Last audit"),
            own("csm", FieldType.TEXT, "Success manager"),
        ]
    ),
    "opportunity": dict(
        [
            own("competitor", FieldType.TEXT, "Main competitor"),
            own("years", FieldType.NUMBER, "Contract length"),
            own("forecast", FieldType.CHOICE, "Forecast category", "Commit", "Best case", "Omitted"),
        ]
    ),
    "contact": dict([own("nps", FieldType.NUMBER, "NPS score"), own("newsletter", FieldType.BOOLEAN, "Newsletter")]),
}
HERE = replace(SITUATION, customs=CUSTOMS)


UPDATES: dict[str, tuple[str, dict[str, Any]]] = {
    "set the region of Nordwind to North": ("Nordwind", {"custom.region": "North"}),
    "Nordwind's region is South now": ("Nordwind", {"custom.region": "South"}),
    "Nordwind is in the Far East region": ("Nordwind", {"custom.region": "Far East"}),
    "put Nordwind in region South": ("Nordwind", {"custom.region": "South"}),
    "Set Nordwind's renewal date to 1 March 2027": ("Nordwind", {"custom.renewal_date": "2027-03-01"}),
    "change the licensed seats of Nordwind Energy to 1,250": ("Nordwind Energy", {"custom.seats": "1250"}),
    "mark Nordwind as VIP": ("Nordwind", {"custom.vip": True}),
    "Nordwind is not VIP any more": ("Nordwind", {"custom.vip": False}),
    "update Nordwind: licensed seats 40, VIP yes": ("Nordwind", {"custom.seats": "40", "custom.vip": True}),
    'set the slogan of Nordwind to "We sail on"': ("Nordwind", {"custom.slogan": "We sail on"}),
    "set success manager of Nordwind to Ana Silva": ("Nordwind", {"custom.csm": "Ana Silva"}),
    "clear the renewal date of Nordwind": ("Nordwind", {"custom.renewal_date": None}),
    "set the forecast category of the Acme renewal to best case": ("Acme renewal", {"custom.forecast": "Best case"}),
    "set the contract length of the Acme renewal to 3": ("Acme renewal", {"custom.years": "3"}),
    "set the region of Nordwind to West": ("Nordwind", {"custom.region": "West"}),
}


@pytest.mark.parametrize("text", UPDATES)
def test_a_field_is_changed_by_its_label(text: str) -> None:
    command = only(text, HERE)
    name, values = UPDATES[text]
    assert isinstance(command, Update)
    assert (command.mention.text, list(command.by_kind.values())) == (name, [values])


LISTS: dict[str, list[tuple[str, str, str]]] = {
    "show accounts with region North": [("custom.region", "=", "North")],
    "accounts in the far east region": [("custom.region", "=", "Far East")],
    "accounts in North": [("custom.region", "=", "North")],
    "accounts not in region North": [("custom.region", "!=", "North")],
    "accounts whose region is North or South": [("custom.region", "in", '"North", "South"')],
    "accounts with region West": [("custom.region", "=", "West")],
    "accounts whose renewal date is before March": [("custom.renewal_date", "<", "2027-03-01")],
    "accounts with a renewal date in December": [
        ("custom.renewal_date", ">=", "2026-12-01"),
        ("custom.renewal_date", "<=", "2026-12-31"),
    ],
    "accounts whose last audit was before 1 November": [("custom.last_audit", "<", "2026-11-01T00:00:00+01:00")],
    "accounts with more than 50 licensed seats": [("custom.seats", ">", "50")],
    "accounts with licensed seats between 10 and 20": [("custom.seats", ">=", "10"), ("custom.seats", "<=", "20")],
    "accounts with 100 or more licensed seats": [("custom.seats", ">=", "100")],
    "how many VIP accounts are there": [("custom.vip", "=", "true")],
    "accounts that are not VIP": [("custom.vip", "!=", "true")],
    "customers without a renewal date": [("status", "=", "customer"), ("custom.renewal_date", "is", "null")],
    "accounts with success manager Ana Silva": [("custom.csm", "~", "Ana Silva")],
    "commit deals over 50k": [("custom.forecast", "=", "Commit"), ("amount", ">", "50000")],
    "open deals where the main competitor is Globex": [("is_open", "=", "true"), ("custom.competitor", "~", "Globex")],
    "contacts with NPS score of at least 9": [("custom.nps", ">=", "9")],
}


@pytest.mark.parametrize("text", LISTS)
def test_a_list_is_narrowed_by_it(text: str) -> None:
    command = only(text, HERE)
    assert isinstance(command, ListOf)
    assert [(each.column, each.op, each.value) for each in command.conditions] == LISTS[text]


def test_a_list_is_ordered_by_it() -> None:
    assert only("top 5 accounts by licensed seats", HERE).order_by == "custom.seats desc"
    assert only("accounts sorted by renewal date", HERE).order_by == "custom.renewal_date asc"


def test_a_list_goes_on_with_it() -> None:
    command = only("only region North", HERE)
    assert isinstance(command, Refine)
    assert [each.column for each in command.by_kind["account"].conditions] == ["custom.region"]


CREATES: dict[str, dict[str, Any]] = {
    "create an account Nordwind with region North": {"name": "Nordwind", "custom.region": "North"},
    "add an account called Larkfield in region South with 30 licensed seats": {
        "name": "Larkfield",
        "custom.region": "South",
        "custom.seats": "30",
    },
    "create account Solvento GmbH, region: Far East, renewal date: 2027-05-01, VIP: yes": {
        "name": "Solvento GmbH",
        "custom.region": "Far East",
        "custom.renewal_date": "2027-05-01",
        "custom.vip": True,
    },
}


@pytest.mark.parametrize("text", CREATES)
def test_a_new_record_has_it(text: str) -> None:
    command = only(text, HERE)
    assert isinstance(command, Create)
    assert command.fields == CREATES[text]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what is the region of Nordwind?", "custom.region"),
        ("what's Nordwind's renewal date", "custom.renewal_date"),
        ("which region is Nordwind in", "custom.region"),
        ("who is Nordwind's success manager", "custom.csm"),
        ("how many licensed seats does Nordwind have?", "custom.seats"),
        ("is Nordwind a VIP?", "custom.vip"),
        ("does Nordwind have a slogan", "custom.slogan"),
    ],
)
def test_it_is_asked_after(text: str, name: str) -> None:
    command = only(text, HERE)
    assert isinstance(command, Look)
    assert (command.mention.text, command.wanted) == ("Nordwind", (name,))


def test_what_was_understood_is_told_by_labels() -> None:
    assert understood_line(understand("set the licensed seats of Nordwind to 5", HERE), HERE) == (
        "Understood: change Nordwind: Licensed seats 5"
    )


def test_without_declarations_the_words_mean_nothing() -> None:
    for text in ("accounts with more than 50 licensed seats", "mark Nordwind as VIP", "which region is Nordwind in"):
        assert not isinstance(understand(text, SITUATION), tuple) or understand(text, SITUATION) != understand(
            text, HERE
        )


NORDWIND = record(
    "account", 40, "Nordwind", tier="smb", custom={"region": "North", "renewal_date": "2027-03-01", "seats": "1250.5"}
)


def test_a_change_is_told_with_before_and_after() -> None:
    after = NORDWIND | {"fields": NORDWIND["fields"] | {"custom": {"region": "South"}}}
    made = {"changed": ["custom.region"], "record": after, "changes": []}
    calls, end = run("set Nordwind's region to South", [found(NORDWIND), made], HERE)
    assert calls[1].args["fields"] == {"custom.region": "South"}
    assert isinstance(end, Say)
    assert "Region North → South" in end.text


def test_a_date_is_pushed_from_where_it_stands() -> None:
    talk = Talk(situation=HERE)
    talk.say("push the renewal date of Nordwind by two weeks")
    talk.answer(found(NORDWIND))
    assert talk.call.args["fields"] == {"custom.renewal_date": "2027-03-15"}


def test_a_word_that_is_no_option_is_told_with_the_options() -> None:
    said = "region is one of North, South, Far East, not 'West'."
    _, end = run("set Nordwind's region to West", [found(NORDWIND), said], HERE)
    assert end == Decline(said)


def test_values_are_shown_as_their_type_is_written() -> None:
    _, end = run("show me accounts with more than 3 licensed seats by renewal date", [found(NORDWIND)], HERE)
    assert isinstance(end, Say)
    assert "| Licensed seats | Renewal date |" in end.text
    assert "| 1,250.5 | Mon 1 Mar 2027 |" in end.text
    _, one = run("what is Nordwind's slogan", [found(NORDWIND)], HERE)
    assert isinstance(one, Say)
    assert "no Slogan is recorded" in one.text
