"""Plans over hand-made tool results: what is called with what, what is asked, and what is said in the end."""

from typing import Any

import pytest

from agent.offline.plans.steps import Ask, Call, Decline, Say
from tests.agent.offline.asking import ME, Talk, found, record, run

MARIA = record("contact", 10, "Maria Lopez", title="Head of Procurement", account_id="acc-1", account_name="Solvento")
ANNAS = [
    record("contact", 20 + number, "Anna Schmidt", title=title, account_name=account)
    for number, (title, account) in enumerate((("Buyer", "Nordwind"), ("Project Manager", "Larkfield Health")))
]
RENEWAL = record("opportunity", 30, "Acme renewal", stage="proposal", amount="50000", currency="EUR")
ACME = record("account", 40, "Acme Corp", tier="enterprise")
BEN = record("user", 50, "Ben Fischer", email="ben@brightwater.example")
CHANGE = "0199a1b2-1111-7000-8000-123456789abc"


def created(kind: str, number: int, label: str, /, **fields: Any) -> dict[str, Any]:
    return {"created": True, "record": record(kind, number, label, **fields), "changes": [CHANGE]}


def updated(before: dict[str, Any], **fields: Any) -> dict[str, Any]:
    after = before | {"fields": before["fields"] | fields}
    return {"changed": list(fields), "record": after, "changes": [CHANGE]}


def test_a_call_is_logged_about_the_contact() -> None:
    made = created("interaction", 60, "Call with Maria Lopez", kind="call", occurred_at="2026-11-25T09:30:00Z")
    calls, end = run("Log a call with Maria Lopez: she wants the proposal by Friday", [found(MARIA), made])
    assert [call.tool for call in calls] == ["find_records", "create_record"]
    fields = calls[1].args["fields"]
    assert fields["body"] == "She wants the proposal by Friday"
    assert (fields["kind"], fields["about_id"], fields["account_id"]) == ("call", MARIA["record_id"], "acc-1")
    assert calls[1].args["reason"].startswith("Ada Admin asked: Log a call")
    assert isinstance(end, Say)
    assert f"(crm://interaction/{made['record']['record_id']})" in end.text


def test_everyone_who_took_part_is_named() -> None:
    jan = record("contact", 11, "Jan Novak")
    calls, _ = run("had a meeting with Maria Lopez and Jan Novak", [found(MARIA), found(jan)])
    talk = Talk()
    talk.say("had a meeting with Maria Lopez and Jan Novak")
    talk.answer(found(MARIA))
    talk.answer(found(jan))
    people = talk.call.args["fields"]["participants"]
    assert people == [{"contact_id": MARIA["record_id"]}, {"contact_id": jan["record_id"]}, {"user_id": ME}]
    assert len(calls) == 2


def test_a_stage_is_moved_and_told_with_before_and_after() -> None:
    calls, end = run("move the Acme renewal to negotiation", [found(RENEWAL), updated(RENEWAL, stage="negotiation")])
    assert calls[1].args["fields"] == {"stage": "negotiation"}
    assert calls[1].args["record_id"] == RENEWAL["record_id"]
    assert isinstance(end, Say)
    assert "stage proposal → negotiation" in end.text


def test_an_owner_is_found_among_colleagues() -> None:
    calls, _ = run("assign the Acme renewal to Ben Fischer", [found(RENEWAL), found(BEN)])
    assert calls[1].args["kinds"] == ["user"]


def test_money_is_told_in_its_currency() -> None:
    _, end = run("set the amount of the Acme renewal to 60k", [found(RENEWAL), updated(RENEWAL, amount="60000.00")])
    assert isinstance(end, Say)
    assert "amount €50,000 → €60,000" in end.text


def test_several_of_one_name_are_asked_about_and_the_answer_goes_on() -> None:
    talk = Talk()
    talk.say("log a call with Anna Schmidt: wants a discount")
    talk.answer(found(*ANNAS, ambiguous=True))
    assert [option.split(" (")[0] for option in talk.question.options] == ["Anna Schmidt", "Anna Schmidt"]
    for answer in ("the second one", "2", "the one at Larkfield", "Project Manager"):
        again = Talk(list(talk.turns))
        step = again.say(answer)
        assert isinstance(step, Call)
        assert step.args["fields"]["about_id"] == ANNAS[1]["record_id"], answer


def test_none_of_those_offered_changes_nothing() -> None:
    talk = Talk()
    talk.say("log a call with Anna Schmidt: wants a discount")
    talk.answer(found(*ANNAS, ambiguous=True))
    assert talk.say("no, never mind") == Say("All right, nothing was changed.")


def test_another_request_instead_of_an_answer_is_a_request() -> None:
    talk = Talk()
    talk.say("log a call with Anna Schmidt: wants a discount")
    talk.answer(found(*ANNAS, ambiguous=True))
    step = talk.say("show me the overdue tasks")
    assert isinstance(step, Call)
    assert step.args["kinds"] == ["task"]


def test_the_individual_behind_a_contact_is_not_offered_beside_it() -> None:
    behind = record("individual", 70, "Anna Schmidt")
    contact = record("contact", 71, "Anna Schmidt", individual_id=behind["record_id"])
    _, step = run("log a call with Anna Schmidt: hello", [found(contact, behind, ambiguous=True)])
    assert isinstance(step, Call)
    assert step.tool == "create_record"


def test_a_slip_in_a_name_is_confirmed_before_a_change() -> None:
    near = RENEWAL | {"score": 0.7, "matched": "typo"}
    talk = Talk()
    talk.say("move the Akme renewl to negotiation")
    talk.answer(found(near))
    assert talk.question.options == ("Yes", "No")
    step = talk.say("yes")
    assert isinstance(step, Call)
    assert step.tool == "update_record"


def test_half_a_name_is_confirmed_before_a_deletion() -> None:
    talk = Talk()
    talk.say("delete the Acme")
    talk.answer(found(ACME | {"score": 0.98}))
    assert "Acme Corp" in talk.question.question
    assert talk.say("no") == Say("All right, nothing was changed.")


def test_twins_are_shown_and_created_only_when_told_to() -> None:
    twin = {"kind": "account", "record_id": ACME["record_id"], "label": "Acme Corp", "matched": ["name"]}
    talk = Talk()
    talk.say("create account Acme Corp")
    talk.answer({"created": False, "twins": [twin]})
    assert "Acme Corp" in talk.question.question
    left = Talk(list(talk.turns))
    assert left.say("leave it") == Say("All right, nothing was created.")
    step = talk.say("yes, create it anyway")
    assert isinstance(step, Call)
    assert step.args["create_anyway"] is True


def test_a_missing_name_is_asked_for() -> None:
    talk = Talk()
    talk.say("create a contact")
    assert talk.question.options == ()
    step = talk.say("Peter Pan")
    assert isinstance(step, Call)
    assert step.args["fields"]["full_name"] == "Peter Pan"


def test_pronouns_stand_for_what_was_last_spoken_of() -> None:
    talk = Talk()
    talk.say("show the Acme renewal")
    talk.answer(found(RENEWAL))
    talk.answer({"record": RENEWAL, "timeline": [], "related": {}})
    step = talk.say("set its amount to 60k")
    assert isinstance(step, Call)
    assert (step.tool, step.args["record_id"]) == ("update_record", RENEWAL["record_id"])


def test_undo_takes_back_what_the_turn_before_changed() -> None:
    talk = Talk()
    talk.say("move the Acme renewal to negotiation")
    talk.answer(found(RENEWAL))
    talk.answer(updated(RENEWAL, stage="negotiation"))
    step = talk.say("undo that")
    assert isinstance(step, Call)
    assert step.args["change_id"] == CHANGE


def test_undo_in_a_new_conversation_takes_back_the_latest_run() -> None:
    back = {"undone": [{"action": "update", **RENEWAL, "fields": ["stage"]}], "conflicts": []}
    calls, end = run("undo that", [back])
    assert (calls[0].tool, set(calls[0].args)) == ("undo", {"reason"})
    assert isinstance(end, Say)
    assert "the change of stage of [Acme renewal]" in end.text


def test_a_change_to_a_contact_is_looked_for_with_the_individual_too() -> None:
    bill = record("contact", 80, "Bill Harlow", individual_id="ind-1")
    entry = {"type": "change", "label": "update", "at": "2026-11-20T10:00:00Z"}
    of_contact = {"record": bill, "timeline": [{**entry, "label": "create", "change_id": "c-1"}]}
    of_individual = {"record": bill, "timeline": [{**entry, "change_id": CHANGE}]}
    calls, step = run("undo the change to Bill Harlow", [found(bill), of_contact, of_individual])
    assert [call.args.get("record_id") for call in calls[1:]] == [bill["record_id"], "ind-1"]
    assert isinstance(step, Call)
    assert (step.tool, step.args["change_id"]) == ("undo", CHANGE)


def test_a_record_that_was_only_created_has_no_change_to_take_back() -> None:
    made = {"type": "change", "label": "create", "at": "2026-11-20T10:00:00Z", "change_id": CHANGE}
    _, end = run("undo the change to the Acme renewal", [found(RENEWAL), {"record": RENEWAL, "timeline": [made]}])
    assert isinstance(end, Decline)


def test_what_was_deleted_in_another_conversation_is_found_by_name() -> None:
    luis = record("contact", 81, "Luis Ortega")
    calls, step = run("restore Luis Ortega", [found(luis)])
    assert calls[0].args["deleted"] is True
    assert isinstance(step, Call)
    assert (step.tool, step.args["record_id"]) == ("restore_record", luis["record_id"])


def test_half_a_name_is_confirmed_before_a_restoration() -> None:
    luis = record("contact", 81, "Luis Ortega") | {"score": 0.8}
    talk = Talk()
    talk.say("restore Luis")
    talk.answer(found(luis))
    assert talk.question.options == ("Yes", "No")


def test_a_task_is_found_by_what_it_is_about() -> None:
    task = record("task", 82, "Send the slides", status="open", about_label="Maria Lopez")
    calls, step = run("mark the task about Maria Lopez as done", [found(), found(), found(task)])
    assert calls[2].args["where"] == ["is_open = true", 'about_label ~ "Maria Lopez"']
    assert isinstance(step, Call)
    assert (step.tool, step.args["fields"]) == ("update_record", {"status": "done"})


def test_open_tasks_are_asked_about_when_several_fit() -> None:
    one, two = record("task", 82, "Send the slides"), record("task", 83, "Call Maria")
    _, step = run("mark the task about Maria as done", [found(), found(), found(one, two)])
    assert isinstance(step, Ask)
    assert len(step.options) == 2


def test_an_id_that_is_no_change_is_taken_for_a_run() -> None:
    calls, step = run(f"undo {CHANGE}", ["There is no change with that id."])
    assert calls[0].args["change_id"] == CHANGE
    assert isinstance(step, Call)
    assert step.args["run_id"] == CHANGE


def test_a_deleted_record_comes_back_by_its_pronoun() -> None:
    talk = Talk()
    talk.say("delete the Acme renewal")
    talk.answer(found(RENEWAL))
    talk.answer({"record": RENEWAL, "changes": [CHANGE]})
    step = talk.say("restore it")
    assert isinstance(step, Call)
    assert (step.tool, step.args["record_id"]) == ("restore_record", RENEWAL["record_id"])


def test_a_refused_change_is_told_in_the_tools_own_words() -> None:
    refusal = "An opportunity cannot move from won to lost. From won it may go to: new."
    _, end = run("mark the Acme renewal as lost", [found(RENEWAL), refusal])
    assert end == Decline(refusal)


def test_what_was_done_before_a_failure_is_told_with_it() -> None:
    _, end = run(
        "move the Acme renewal to negotiation and set the amount to 60k",
        [found(RENEWAL), updated(RENEWAL, stage="negotiation"), "The amount is too large."],
    )
    assert isinstance(end, Say)
    assert "stage proposal → negotiation" in end.text
    assert "The rest was not done: The amount is too large." in end.text


def test_a_name_nobody_has_ends_without_a_change() -> None:
    _, end = run("move the Foo renewal to negotiation", [found(), found()])
    assert isinstance(end, Decline)
    assert "Foo renewal" in end.why


def test_a_deal_is_found_by_its_account() -> None:
    calls, step = run("move the Zenith deal to negotiation", [found(), found(ACME), found(RENEWAL | {"score": None})])
    assert calls[2].args["where"] == [f"account_id = {ACME['record_id']}", "is_open = true"]
    assert isinstance(step, Call)
    assert step.tool == "update_record"


def test_a_count_gives_the_total() -> None:
    calls, end = run("how many open deals do we have?", [found(RENEWAL, total=212)])
    assert calls[0].args["limit"] == 1
    assert end == Say("212 deals (open).")


def test_a_cut_list_says_how_much_there_is() -> None:
    _, end = run("open deals", [found(RENEWAL, total=212)])
    assert isinstance(end, Say)
    assert end.text.startswith("212 deals (open):")
    assert "1 of 212 shown." in end.text
    assert "| [Acme renewal](crm://opportunity/" in end.text


def test_an_unknown_account_is_made_only_when_told_to() -> None:
    talk = Talk()
    talk.say("create a deal Foo upgrade for Foobar Ltd worth 10k")
    talk.answer(found())
    assert len(talk.question.options) == 3
    step = talk.say("leave the account empty")
    assert isinstance(step, Call)
    assert "account_id" not in step.args["fields"]


def test_a_reminder_after_a_call_is_about_the_same_person() -> None:
    made = created("interaction", 60, "Call with Maria Lopez", kind="call")
    _, step = run("Spoke to Maria Lopez: wants a quote. Remind me Thursday to send it.", [found(MARIA), made])
    assert isinstance(step, Call)
    assert step.args["fields"] == {
        "title": "Send it",
        "due_at": "2026-11-26T17:00:00+01:00",
        "assignee_id": ME,
        "about_id": MARIA["record_id"],
    }


def test_the_same_conversation_always_gives_the_same_step() -> None:
    talk = Talk()
    talk.say("move the Acme renewal to negotiation")
    talk.answer(found(RENEWAL))
    assert talk.step == talk.step


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        ("Log a call with Maria Lopez: hi there", "Understood: log a call with Maria Lopez"),
        ("open deals over 50k", "Understood: list deals (open, amount > 50,000)"),
        ("move the Acme renewal to negotiation", "Understood: change Acme renewal: stage negotiation"),
        ("asdf qwer zxcv", "Not understood."),
    ],
)
def test_how_it_was_understood_is_one_line(request_: str, line: str) -> None:
    talk = Talk()
    talk.say(request_)
    assert talk.understood == line


def test_a_correction_is_of_what_was_just_changed() -> None:
    talk = Talk()
    talk.say("move the Acme renewal to proposal")
    talk.answer(found(RENEWAL))
    talk.answer(updated(RENEWAL, stage="proposal"))
    talk.say("no, negotiation")
    assert (talk.call.args["record_id"], talk.call.args["fields"]) == (RENEWAL["record_id"], {"stage": "negotiation"})


def test_a_correction_of_nothing_changes_nothing() -> None:
    assert isinstance(Talk().say("make it Monday instead"), Decline)


def test_a_correction_that_does_not_fit_the_last_record_changes_no_older_one() -> None:
    talk = Talk()
    talk.say("move the Acme renewal to proposal")
    talk.answer(found(RENEWAL))
    talk.answer(updated(RENEWAL, stage="proposal"))
    talk.say("change Maria Lopez's title to CFO")
    talk.answer(found(MARIA))
    talk.answer(updated(MARIA, title="CFO"))
    assert isinstance(talk.say("no, negotiation"), Decline)


def test_a_partnership_is_named_after_its_partner() -> None:
    calls, _ = run("create a partnership with Acme Corp, reseller, 15% revenue share", [found(ACME)])
    talk = Talk()
    talk.say("create a partnership with Acme Corp, reseller, 15% revenue share")
    talk.answer(found(ACME))
    assert talk.call.args["fields"]["name"] == "Acme Corp partnership"
    assert len(calls) == 1


def test_what_is_still_to_come_is_asked_about() -> None:
    talk = Talk()
    talk.say("meeting with Acme Corp tomorrow at 10")
    assert len(talk.question.options) == 2
    talk.say("1")
    talk.answer(found(ACME))
    fields = talk.call.args["fields"]
    assert (fields["title"], fields["due_at"]) == ("Meeting with Acme Corp", "2026-11-26T10:00:00+01:00")


def test_a_new_name_is_told_although_its_parts_are_no_fields_of_a_contact() -> None:
    robert = record("contact", 84, "Robert Cheng", full_name="Robert Cheng")
    _, end = run("rename Robert Chen to Robert Cheng", [found(robert), {"changed": ["family_name"], "record": robert}])
    assert isinstance(end, Say)
    assert end.text.startswith("Changed")


def test_a_missing_value_is_asked_for_and_the_answer_is_it() -> None:
    talk = Talk()
    talk.say("change the amount of the Acme renewal")
    talk.answer(found(RENEWAL))
    assert talk.question.question == "What should the amount of Acme renewal be?"
    for answer in ("190k", "make it 190k", "€190,000"):
        step = Talk(list(talk.turns)).say(answer)
        assert isinstance(step, Call)
        assert step.args["fields"] == {"amount": "190000"}, answer
    again = Talk(list(talk.turns))
    assert again.say("no, leave it") == Say("All right, nothing was changed.")
    asked = Talk(list(talk.turns)).say("show me the overdue tasks")
    assert isinstance(asked, Call)
    assert asked.args["kinds"] == ["task"]


@pytest.mark.parametrize(
    ("request_", "query"),
    [
        ("mvoe Solvento grid to negotiation", "Solvento grid"),
        ("waht's the title of Javier Ruiz?", "Javier Ruiz"),
        ("whose number is +49 69 90009214", "+49 69 90009214"),
        ("which company does Mike's boss... no wait, which company does Michelle Tran work for?", "Michelle Tran"),
        ("robert chen called me, he'll send it on monday", "robert chen"),
    ],
)
def test_what_is_put_oddly_is_looked_up_rightly(request_: str, query: str) -> None:
    talk = Talk()
    talk.say(request_)
    assert talk.call.args["query"] == query
