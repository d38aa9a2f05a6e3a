"""Killed at any point of a change that a person approves: made once or not at all, no approval used twice, and the run goes on."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from agent.loop import ask
from agent.result import AskResult, load_result
from agent.store import mark_interrupted
from evals.standin.script import Call, Outcome, Reply, Request
from evals.standin.server import StandIn
from tests.proofs.victim import GO_ON, Scene, decide, victim
from tests.proofs.watch import Watch

REASON = {"reason": "The customer asked for it."}
SORTS = ("delete", "bulk", "merge", "mixed", "approver")

Shape = Counter[tuple[str, str]]

_MISUSED = """
SELECT p.id FROM crm.approvals p
LEFT JOIN (SELECT approval_id, count(DISTINCT change_id) AS changes, count(DISTINCT operation_id) AS calls
           FROM crm.audit_events WHERE approval_id IS NOT NULL GROUP BY 1) e ON e.approval_id = p.id
LEFT JOIN crm.tool_calls c ON c.tenant_id = p.tenant_id AND c.id = p.tool_call_id
WHERE (p.status = 'approved') <> (e.changes IS NOT NULL) OR e.changes <> p.count OR e.calls <> 1
   OR (p.status = 'pending') <> (c.outcome = 'proposed' AND p.status = 'pending')
   OR p.status = 'approved' AND c.outcome <> 'ok'
"""


def script(request: Request) -> Outcome:
    """What the person's one word asks for, step by step; what was made before is read from the results."""
    word, number = next(each.text for each in reversed(request.messages) if each.role == "user").split()
    turn = sum(message.role == "assistant" for message in request.since_the_person_spoke)
    made = [_made(message.text) for message in request.since_the_person_spoke if message.role == "tool"]
    steps = _STEPS[word]
    return steps[turn](number, [each for each in made if each]) if turn < len(steps) else Reply(text="All is done.")


def _made(result: str) -> str | None:
    try:
        told: dict[str, Any] = json.loads(result)
    except ValueError:
        return None
    return told.get("record", {}).get("record_id")


def _new(kind: str, **fields: str) -> Call:
    return Call("create_record", {"kind": kind, "fields": fields, "create_anyway": True, **REASON})


def _note(number: str, _: list[str]) -> Reply:
    return Reply(text="First a note.", calls=(_new("note", body=f"Number {number}"),))


def _delete(_: str, made: list[str]) -> Reply:
    return Reply(text="Away with it.", calls=(Call("delete_record", {"record_id": made[0], **REASON}),))


def _all(number: str) -> Call:
    where = {"kind": "opportunity", "where": ["stage = negotiation"], "fields": {"description": f"Round {number}"}}
    return Call("update_records", {**where, **REASON})


def _bulk(number: str, _: list[str]) -> Reply:
    return Reply(text="All at once.", calls=(_all(number),))


def _twins(number: str, _: list[str]) -> Reply:
    return Reply(text="Two.", calls=tuple(_new("account", name=f"{name} {number}") for name in ("Kai", "Kay")))


def _about(number: str, made: list[str]) -> Reply:
    return Reply(text="And more.", calls=(_new("note", body=f"About {number}", about_id=made[1]),))


def _merge(_: str, made: list[str]) -> Reply:
    call = Call("merge_records", {"keep_id": made[0], "other_ids": [made[1]], **REASON})
    return Reply(text="They are one.", calls=(call,))


def _deal(number: str, _: list[str]) -> Reply:
    deal = Call(
        "create_record", {"kind": "opportunity", "fields": {"name": f"Deal {number}", "stage": "negotiation"}, **REASON}
    )
    return Reply(text="A deal.", calls=(deal, _new("note", body=f"Number {number}")))


def _mixed(number: str, made: list[str]) -> Reply:
    """The bulk change waits, and the next call makes what it showed stale."""
    change = {"record_id": made[0], "fields": {"source": f"Fair {number}"}, **REASON}
    calls = (
        _all(number),
        Call("update_record", change),
        Call("delete_record", {"record_id": made[1], **REASON}),
        _new("task", title=f"Call {number}"),
    )
    return Reply(text="Everything.", calls=calls)


_STEPS = {
    "delete": (_note, _delete),
    "bulk": (_bulk,),
    "merge": (_twins, _about, _merge),
    "mixed": (_deal, _mixed),
}


@dataclass(frozen=True)
class Stage:
    """The scene with a provider, and what the database says of approvals."""

    scene: Scene
    watch: Watch

    def check(self) -> None:
        self.watch.check()
        assert self.watch.admin.execute(_MISUSED.encode()).fetchall() == []

    def begin(self, sort: str, number: int) -> list[str]:
        """What the victim is told to do."""
        if sort != "approver":
            return [f"{sort} {number}"]
        with self.scene.desk() as desk:
            return [GO_ON + ask(desk, f"merge {number}", model=self.scene.model).run_id]

    def runs(self, requests: list[str]) -> list[UUID]:
        rows = self.watch.admin.execute(
            "SELECT id FROM crm.runs WHERE prompt = ANY(%s) OR id::text = ANY(%s)",
            [requests, [request.removeprefix(GO_ON) for request in requests]],
        ).fetchall()
        return [run_id for (run_id,) in rows]

    def takes_on(self, requests: list[str]) -> list[AskResult]:
        """The runs that the kill left, brought to their end by another process."""
        self.watch.silence()
        with self.scene.desk() as desk:
            mark_interrupted(desk.db, desk.who)
            return [decide(self.scene, desk, run_id) for run_id in self.runs(requests)]


@pytest.fixture
def stage(scene: Scene, watch: Watch) -> Iterator[Stage]:
    with StandIn(script) as stand_in:
        yield Stage(replace(scene, model=f"openai-compatible:scripted@{stand_in.url}"), watch)


@pytest.mark.promise("gate:human")
@pytest.mark.promise("audit:complete")
@pytest.mark.promise("audit:joined")
@pytest.mark.parametrize("sort", SORTS)
def test_a_killed_decision_is_whole_or_never_was_and_its_run_goes_on(sort: str, stage: Stage, effort: int) -> None:
    rounds = min(effort, 40)
    whole, seconds = _whole_one(stage, sort, trials=min(2, rounds))
    chance = random.Random(sort)
    left: set[str] = set()
    for number in range(1, rounds + 1):
        # One in each stretch of its life, from before its first statement to after its last.
        moment = seconds * 1.1 * (number - 1 + chance.random()) / rounds
        requests = stage.begin(sort, number)
        with victim(stage.scene, requests) as process:
            process.kill_after(moment)
        stage.watch.wait_for_quiet()
        stage.check()
        for result in stage.takes_on(requests):
            left.add(result.status)
            if result.status == "interrupted":
                # Killed before its first step: nothing to go on from, and nothing done.
                assert (result.changes, result.tool_calls) == ([], [])
                continue
            assert (result.status, result.answer) == ("completed", "All is done.")
            assert _shape(sort, result) == whole
        stage.check()
    assert left <= {"completed", "interrupted"}


def _whole_one(stage: Stage, sort: str, trials: int) -> tuple[Shape, float]:
    """What it changes when nobody kills, and how long that takes in the last trial, when caches are warm."""
    requests: list[str] = []
    seconds = 0.0
    for number in range(trials):
        requests = stage.begin(sort, 900 + number)
        with victim(stage.scene, requests) as process:
            began = time.perf_counter()
            assert process.statuses() == ["completed"]
            seconds = time.perf_counter() - began
    with stage.scene.desk() as desk:
        return _shape(sort, load_result(desk, stage.runs(requests)[0])), seconds


def _shape(sort: str, result: AskResult) -> Shape:
    """How often what was done; the rounds before leave more deals for the filter of a mixed run to find."""
    found = Counter((change["action"], change["kind"]) for change in result.changes)
    if sort == "mixed":
        del found["update", "opportunity"]
    return found
