"""From words to logical form, request by request."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.offline.form import (
    Analysis,
    Create,
    Delete,
    LastTalk,
    ListOf,
    Look,
    Mention,
    Puzzled,
    Restore,
    Several,
    Tag,
    Undo,
    Update,
)
from agent.offline.understand import understand
from tests.agent.offline.asking import SITUATION, only, plain
from tests.agent.offline.changes import CHANGES
from tests.agent.offline.creates import CREATES
from tests.agent.offline.lists import LISTS
from tests.agent.offline.told import TOLD


def spoken(mention: Mention) -> str:
    return f"{mention.text} at {mention.at.text}" if mention.at else mention.text


@pytest.mark.parametrize(("request_", "kind", "conditions", "order_by", "limit", "counting"), LISTS)
def test_a_list_has_every_condition_that_was_said(
    request_: str, kind: str, conditions: list[str], order_by: str | None, limit: int | None, counting: bool
) -> None:
    command = only(request_)
    # A count within a period is worked out with SQL, over the same records.
    listed = replace(command.of, counting=True) if isinstance(command, Analysis) else command
    assert isinstance(listed, ListOf)
    assert listed.kinds[0] == kind
    assert sorted(f"{each.column} {each.op} {plain(each.value)}" for each in listed.conditions) == sorted(conditions)
    assert (listed.order_by, listed.limit, listed.counting) == (order_by, limit, counting)


@pytest.mark.parametrize(("request_", "named", "kind", "values"), CHANGES)
def test_a_change_has_its_record_and_its_values(
    request_: str, named: str, kind: str, values: Mapping[str, Any]
) -> None:
    command = only(request_)
    assert isinstance(command, Update)
    assert spoken(command.mention) == named
    assert {name: plain(value) for name, value in command.by_kind[kind].items()} == values


@pytest.mark.parametrize(("request_", "kind", "fields", "people"), [*CREATES, *TOLD])
def test_a_new_record_has_the_fields_that_were_said(
    request_: str, kind: str, fields: Mapping[str, Any], people: list[str]
) -> None:
    command = only(request_)
    assert isinstance(command, Create)
    now = SITUATION.now.astimezone(None).replace(tzinfo=SITUATION.now.tzinfo)
    said = {name: plain(value) for name, value in command.fields.items() if value != now.isoformat()}
    said = {name: value for name, value in said.items() if name != "occurred_at" or name in fields}
    assert (command.kind, said) == (kind, fields)
    assert [spoken(person) for person in command.participants] == people


@pytest.mark.parametrize(
    ("request_", "named", "wanted"),
    [
        ("who is Maria Lopez", "Maria Lopez", ()),
        ("show Acme Corp", "Acme Corp", ()),
        ("what's Jan Novak's phone number?", "Jan Novak", ("phone",)),
        ("Jan Novak's email and title?", "Jan Novak", ("email", "title")),
        ("Maria Lopez phone", "Maria Lopez", ("phone",)),
        ("Do we have a phone number for Viktor Hansen?", "Viktor Hansen", ("phone",)),
        ("who owns the Acme renewal?", "Acme renewal", ("owner_id",)),
        ("when does the Acme renewal close", "Acme renewal", ("expected_close_date",)),
        ("what stage is the Globex deal in?", "Globex", ("stage",)),
        ("Is the Acme renewal still open?", "Acme renewal", ("stage",)),
        ("how much is the Acme renewal worth?", "Acme renewal", ("amount",)),
        ("which account does Hannah Meyer work for?", "Hannah Meyer", ("account_id",)),
        ("Hi, can you tell me who Jan Novak is?", "Jan Novak", ()),
        ("Any news on the Globex expansion?", "Globex expansion", ()),
        ('details of the task "Send brochure"', "Send brochure", ()),
    ],
)
def test_a_look_has_its_record_and_the_fields_asked_for(request_: str, named: str, wanted: tuple[str, ...]) -> None:
    command = only(request_)
    assert isinstance(command, Look)
    assert (command.mention.text, command.wanted) == (named, wanted)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("when did we last talk to Maria Lopez", LastTalk),
        ("last contact with Globex?", LastTalk),
        ("delete the note about pricing", Delete),
        ("get rid of the contact Bill Harlow", Delete),
        ("restore the Acme renewal", Restore),
        ("undo that", Undo),
        ("revert my last action", Undo),
        ("tag Acme Corp as key account", Tag),
        ("untag Globex strategic", Tag),
    ],
)
def test_rarer_requests_are_known(request_: str, expected: type) -> None:
    assert isinstance(only(request_), expected)


@pytest.mark.parametrize(
    ("request_", "commands"),
    [
        ("move the Acme renewal to negotiation and set the amount to 60k", [Update, Update]),
        ("Log a call with Maria Lopez: wants a quote. Remind me Thursday to send it.", [Create, Create]),
        ("create an account Foo GmbH, tier smb; then tag it as new", [Create, Tag]),
    ],
)
def test_several_commands_in_one_request_keep_their_order(request_: str, commands: list[type]) -> None:
    meaning = understand(request_, SITUATION)
    assert not isinstance(meaning, Puzzled)
    assert [type(command) for command in meaning] == commands


def test_nothing_is_begun_when_a_part_is_not_understood() -> None:
    meaning = understand("move the Acme renewal to negotiation. set the frobnication to blue", SITUATION)
    assert isinstance(meaning, Puzzled)


@pytest.mark.parametrize(
    ("request_", "same_as"),
    [
        ("shwo me opne deals", "show me open deals"),
        ("overdeu tasks", "overdue tasks"),
        ("move the Acme renewal to negotation", "move the Acme renewal to negotiation"),
        ("creat a taks to call Jan tomorow", "create a task to call Jan tomorrow"),
    ],
)
def test_typing_errors_in_the_language_are_mended(request_: str, same_as: str) -> None:
    def meant(text: str) -> str:
        command = only(text)
        return repr(command.by_kind) if isinstance(command, Update) else repr(getattr(command, "conditions", command))

    assert meant(request_) == meant(same_as)


def test_what_is_stored_stays_as_it_was_written() -> None:
    command = only("log a call with Maria Lopez: she’s fine, thanks; won’t sign before “Q1”, ok")
    assert command.fields["body"] == "She's fine, thanks; won't sign before \"Q1\", ok"


@pytest.mark.parametrize(
    ("request_", "named", "tags"),
    [
        ("add Globex to tag strategic", "Globex", ("strategic",)),
        ("add Larkfield Health to the tag vip", "Larkfield Health", ("vip",)),
        ("give Acme Corp the tag key account", "Acme Corp", ("key account",)),
    ],
)
def test_a_record_can_be_put_under_a_tag(request_: str, named: str, tags: tuple[str, ...]) -> None:
    command = only(request_)
    assert isinstance(command, Tag)
    assert (command.mention.text, command.tags, command.remove) == (named, tags, False)


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("reassign all of Oliver's deals to Sofia", "opportunity"),
        ("move all deals in proposal to negotiation", "opportunity"),
        ("complete my overdue tasks", "task"),
        ("update every task of mine to high priority", "task"),
        ("delete all contacts at Acme", "contact"),
    ],
)
def test_a_change_to_several_records_is_seen_as_one(request_: str, kind: str) -> None:
    command = only(request_)
    assert isinstance(command, Several)
    assert command.what.kinds == (kind,)


def test_a_reminder_in_one_breath_with_an_interaction_is_to_follow_up() -> None:
    meaning = understand(
        "had a 20 minute call with Hannah Meyer, she wants a revised quote, remind me Thursday", SITUATION
    )
    assert isinstance(meaning, tuple)
    task = meaning[1]
    assert isinstance(task, Create)
    assert (task.fields["title"], task.fields["due_at"]) == ("Follow up with Hannah Meyer", "2026-11-26T17:00:00+01:00")
