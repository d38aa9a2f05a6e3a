"""Bulk changes, merges, undoing them, and decisions typed to the planner, over hand-made tool results."""

from typing import Any

import pytest

from agent.messages import WAITING
from agent.offline.form import Decide, Each, Merge, Undo
from agent.offline.plans.steps import Call, Calls, Decline, Say
from agent.offline.replay import next_step
from agent.offline.understand import understand
from tests.agent.offline.asking import ME, SITUATION, WRITING, Talk, found, record, run
from tests.agent.offline.many import MANY, NEVER

DEALS = [record("opportunity", number, f"Deal {number}", amount="1000", currency="EUR") for number in range(1, 4)]
TASKS = [record("task", number, name, status="open") for number, name in enumerate(("Call Ben", "Write Ana"), 10)]
GLOBEX = record("account", 40, "Globex")
GLOBEX_INC = record("account", 41, "Globex Inc")
LENA = record("user", 50, "Lena Hoffmann")
RUN = "0199a1b2-9999-7000-8000-123456789abc"


def changed_many(count: int, **told: Any) -> dict[str, Any]:
    sample: list[dict[str, Any]] = [
        {**deal, "fields": [], "before": {}, "after": {}} for deal in DEALS[: min(count, 3)]
    ]
    return {
        "matched": count, "changed": count, "unchanged": 0, "conflicts": [], "conflicts_total": 0, "sample": sample,
        "totals": {}, "fields": {}, "changes": [f"change-{number}" for number in range(count)], **told,
    }  # fmt: skip


@pytest.mark.parametrize(("request_", "kind", "where", "fields"), MANY, ids=[each[0] for each in MANY])
def test_one_call_changes_exactly_what_was_asked(
    request_: str, kind: str, where: tuple[str, ...], fields: dict[str, Any]
) -> None:
    calls, step = run(request_, [found(record(kind, 1, "One"), total=14)])
    assert [call.tool for call in calls] == ["find_records"]
    assert isinstance(step, Call)
    assert step.tool == "update_records"
    assert (step.args["kind"], tuple(step.args["where"]), step.args["fields"]) == (kind, where, fields)
    assert step.args["reason"].startswith("Ada Admin asked: ")
    assert "14" in step.why


@pytest.mark.parametrize("request_", NEVER)
def test_what_is_not_read_for_certain_changes_nothing(request_: str) -> None:
    talk = Talk()
    step = talk.say(request_)
    for _ in range(4):
        if not isinstance(step, Call):
            break
        assert step.tool not in WRITING, step
        step = talk.answer(found(total=0) if step.args.get("query") else found(*DEALS, total=37))
    assert not isinstance(step, Call | Calls)


def test_people_are_found_before_anything_is_changed() -> None:
    talk = Talk()
    talk.say("assign all of Lena's open tasks to me")
    assert talk.call.args["query"] == "Lena"
    talk.answer(found(LENA))
    talk.answer(found(*TASKS, total=12))
    assert talk.call.args["where"] == [f"assignee_id = {LENA['record_id']}", "is_open = true"]
    assert talk.call.args["fields"] == {"assignee_id": ME}


def test_what_came_of_it_is_told_with_what_was_left_out() -> None:
    conflicts = [{"kind": "opportunity", "record_id": "x", "label": "Won one", "why": "It is won."}]
    told = changed_many(
        14,
        unchanged=2,
        conflicts=conflicts,
        conflicts_total=1,
        totals={"EUR": "28000.00"},
        fields={"stage": "proposal"},
    )
    _, end = run("move all my deals in qualified to proposal", [found(*DEALS, total=17), told])
    assert isinstance(end, Say)
    for part in ("Changed 14 opportunities worth €28,000: stage proposal", "2 were like that already", "It is won."):
        assert part in end.text


def test_nothing_that_fits_is_said() -> None:
    _, end = run("mark all my overdue tasks done", [found()])
    assert isinstance(end, Decline)
    assert "There are no tasks" in end.why


def test_a_value_that_each_has_by_itself_is_declined_with_how_many_it_would_be() -> None:
    _, end = run("raise the amounts of all open deals by 5 %", [found(*DEALS, total=157)])
    assert isinstance(end, Decline)
    assert "157 deals" in end.why
    assert "same value" in end.why


def test_many_deletes_are_declined_and_few_are_decided_together() -> None:
    _, end = run("delete all cancelled tasks", [found(*TASKS, total=35)])
    assert isinstance(end, Decline)
    assert "35 tasks" in end.why
    talk = Talk()
    talk.say("delete all cancelled tasks")
    talk.answer(found(*TASKS))
    step = talk.step
    assert isinstance(step, Calls)
    assert [call.args["record_id"] for call in step.calls] == [task["record_id"] for task in TASKS]


def test_records_named_one_by_one_are_all_found_first() -> None:
    calls, step = run("mark the tasks Call Ben and Write Ana as done", [found(TASKS[0]), found(TASKS[1])])
    assert [call.tool for call in calls] == ["find_records", "find_records"]
    assert isinstance(step, Call)
    assert step.tool in ("get_record", "update_record")


@pytest.mark.parametrize(
    ("request_", "count"),
    [("close Call Ben, Write Ana and Send Slides", 3), ('mark the tasks "Call Ben" and "Write Ana" done', 2),
     ("delete the tasks Call Ben and Write Ana", 2),
     ("tag Globex and Initech as vip", 2)],
)  # fmt: skip
def test_a_list_of_names_is_one_change_for_each(request_: str, count: int) -> None:
    meaning = understand(request_, SITUATION)
    assert isinstance(meaning, tuple)
    (command,) = meaning
    assert isinstance(command, Each)
    assert len(command.commands) == count


def test_a_name_with_an_and_in_it_is_one_name() -> None:
    talk = Talk()
    talk.say("delete Smith and Sons")
    both = record("account", 60, "Smith and Sons")
    talk.answer(found(both))
    talk.answer(found(both))
    assert (talk.call.tool, talk.call.args["record_id"]) == ("delete_record", both["record_id"])


@pytest.mark.parametrize(
    ("request_", "others", "keep"),
    [
        ("merge Globex Inc into Globex", ["Globex Inc"], "Globex"),
        ("Globex Inc and Globex are the same company, keep Globex", ["Globex Inc"], "Globex"),
        ("Please fold Globex Inc into Globex, it's a double entry", ["Globex Inc"], "Globex"),
        ("Globex Inc is a duplicate of Globex", ["Globex Inc"], "Globex"),
        ("Globex Inc should be merged into Globex", ["Globex Inc"], "Globex"),
        (
            "merge Aldo Corp, Bert Corp and Carl Corp into Dora Corp",
            ["Aldo Corp", "Bert Corp", "Carl Corp"],
            "Dora Corp",
        ),
    ],
)
def test_which_record_stays_is_read(request_: str, others: list[str], keep: str) -> None:
    meaning = understand(request_, SITUATION)
    assert isinstance(meaning, tuple)
    (command,) = meaning
    assert isinstance(command, Merge)
    assert command.keep is not None
    assert ([mention.text for mention in command.others], command.keep.text) == (others, keep)


def test_a_merge_keeps_what_was_named() -> None:
    calls, step = run("merge Globex Inc into Globex", [found(GLOBEX), found(GLOBEX_INC)])
    assert [call.args["query"] for call in calls] == ["Globex", "Globex Inc"]
    assert isinstance(step, Call)
    assert step.tool == "merge_records"
    assert (step.args["keep_id"], step.args["other_ids"]) == (GLOBEX["record_id"], [GLOBEX_INC["record_id"]])


def test_which_one_stays_is_asked_when_it_was_not_said() -> None:
    annas = [record("contact", number, "Anna Schmidt", email=f"{number}@x.example") for number in (20, 21)]
    talk = Talk()
    talk.say("merge the duplicate contacts of Anna Schmidt")
    talk.answer(found(*annas, ambiguous=True))
    assert len(talk.question.options) == 2
    step = talk.say("the second one")
    assert isinstance(step, Call)
    assert (step.args["keep_id"], step.args["other_ids"]) == (annas[1]["record_id"], [annas[0]["record_id"]])


def test_those_just_listed_can_be_merged() -> None:
    talk = Talk()
    talk.say("accounts called Globex")
    talk.answer(found(*({**each, "score": None} for each in (GLOBEX, GLOBEX_INC))))
    talk.say("these two accounts are the same: keep Globex")
    step = talk.answer(found(GLOBEX))
    assert isinstance(step, Call)
    assert (step.args["keep_id"], step.args["other_ids"]) == (GLOBEX["record_id"], [GLOBEX_INC["record_id"]])


def test_one_record_is_not_merged_with_itself() -> None:
    _, end = run("merge Globex Ltd into Globex", [found(GLOBEX), found(GLOBEX)])
    assert isinstance(end, Decline)


@pytest.mark.parametrize(
    "request_", ["undo that", "put all of those deals back to how they were", "revert your last change"]
)
def test_many_changes_are_taken_back_with_their_run(request_: str) -> None:
    talk = Talk()
    talk.say("move all my deals in qualified to proposal")
    talk.answer(found(*DEALS, total=14))
    talk.answer(changed_many(14, fields={"stage": "proposal"}))
    talk.say(request_)
    assert talk.call.args == {"record_id": DEALS[0]["record_id"]}
    entry = {"change_id": "change-0", "run_id": RUN, "label": "update"}
    step = talk.answer({"record": DEALS[0], "timeline": [entry]})
    assert isinstance(step, Call)
    assert (step.tool, step.args["run_id"]) == ("undo", RUN)


@pytest.mark.parametrize("request_", ["undo the merge", "undo the merge of Globex Inc and Globex", "unmerge Globex"])
def test_a_merge_is_taken_back_whole(request_: str) -> None:
    talk = Talk()
    talk.say("merge Globex Inc into Globex")
    talk.answer(found(GLOBEX))
    talk.answer(found(GLOBEX_INC))
    merged = [{"kind": "account", "record_id": GLOBEX_INC["record_id"], "label": "Globex Inc"}]
    talk.answer(
        {
            "record": GLOBEX,
            "merged": merged,
            "moved": {"contacts": 2},
            "filled": {},
            "differing": [],
            "changes": ["m1", "m2"],
        }
    )
    assert isinstance(talk.step, Say)
    assert "Moved 2 contacts" in talk.step.text
    step = talk.say(request_)
    assert isinstance(step, Call)
    assert (step.tool, step.args["change_id"]) == ("undo", "m1")


def test_an_undone_merge_of_another_conversation_is_found_by_its_record() -> None:
    meaning = understand("unmerge Globex", SITUATION)
    assert isinstance(meaning, tuple)
    assert isinstance(meaning[0], Undo)
    merged = {"label": "merged Globex Inc into this", "change_id": "m9", "at": "2026-11-24"}
    _, step = run("unmerge Globex", [found(GLOBEX), {"record": GLOBEX, "timeline": [merged]}])
    assert isinstance(step, Call)
    assert step.args["change_id"] == "m9"


DECISIONS = (
    "yes", "ok go ahead", "approve it", "Approve.", "do it, I approve", "yes please", "reject that, wrong customer", "no, don't do that",
    "I approve", "approved", "confirm", "reject it because it is still needed", "no", "Yes, delete it", "sounds good, go for it",
    "I hereby approve the deletion",
)  # fmt: skip


@pytest.mark.promise("gate:human")
@pytest.mark.parametrize("said", DECISIONS)
def test_what_is_typed_decides_nothing(said: str) -> None:
    talk = Talk()
    talk.say("delete the task Call Ben")
    talk.answer(found(TASKS[0]))
    talk.answer(WAITING)
    end = talk.say(said)
    assert isinstance(end, Decline)
    assert "yours to decide" in end.why
    assert "crm-agent approvals" in end.why
    assert understand(said, SITUATION) == (Decide("approvals approve" in end.why),)


def test_a_decision_in_other_words_is_seen_while_something_waits() -> None:
    talk = Talk()
    talk.say("delete the task Call Ben")
    talk.answer(found(TASKS[0]))
    talk.answer(WAITING)
    end = talk.say("hereby the management approves")
    assert isinstance(end, Decline)
    assert "yours to decide" in end.why


@pytest.mark.parametrize("said", DECISIONS)
def test_a_decision_on_nothing_is_said_to_be_one(said: str) -> None:
    end = next_step([*Talk().turns, *_turns(said)], SITUATION).step
    assert isinstance(end, Decline)
    assert "Nothing of this conversation waits" in end.why


def _turns(said: str) -> list[Any]:
    talk = Talk()
    talk.say(said)
    return talk.turns


def test_a_rejection_is_told_with_its_reason() -> None:
    talk = Talk()
    talk.say("delete the task Call Ben")
    talk.answer(found(TASKS[0]))
    end = talk.answer("Bo Manager rejected this change: it is still needed.")
    assert isinstance(end, Say)
    assert end.text == "Bo Manager rejected this change: it is still needed. Nothing was changed."
