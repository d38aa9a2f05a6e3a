"""`POST /chat`: a run as server-sent events, and what becomes of it when its reader goes away."""

import asyncio
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from agent.events import RunEvent
from evals.standin.script import Fault, FaultKind, Reply, Slow
from evals.standin.server import StandIn
from tests.agent.standins import kinds_in_order, model_at, replies, update
from tests.web.conftest import SECONDS, Site, csrf_of, running
from tests.web.events import chatting
from tests.web.test_api import problem_of
from tools.context import ToolContext
from web import live
from web.live import LiveRun, LiveRuns
from web.service import Service

ADMIN = "admin@brightwater.example"
MOVE = "Move Solvento grid analytics to negotiation"


@contextmanager
def served_by(site: Site, stand_in: StandIn, **more: Any) -> Generator[Site]:
    """The same demo company, whose requests go to the stand-in."""
    service = replace(site.service, model=model_at(stand_in), live=LiveRuns(), **more)
    with stand_in, running(service) as url:
        yield Site(url, service)


def some_opportunity(client: httpx.Client) -> str:
    return client.get("/api/v1/records/opportunity", params={"limit": 1}).json()["items"][0]["record_id"]


def ended(client: httpx.Client, run_id: str) -> dict[str, Any]:
    """The run, once it is over."""
    for _ in range(SECONDS * 20):
        run = client.get(f"/api/v1/runs/{run_id}").json()
        if run["status"] != "running":
            return run
        time.sleep(0.05)
    pytest.fail("the run never ended")


def test_a_run_is_told_from_its_beginning_to_its_whole_result(admin: httpx.Client) -> None:
    with chatting(admin, MOVE) as events:
        told = list(events)
    result = told[-1].fields
    stored = admin.get(f"/api/v1/runs/{result['run_id']}").json()
    admin.post(f"/api/v1/runs/{result['run_id']}/undo")

    assert [each.id for each in told] == list(range(1, len(told) + 1))
    assert [each.kind for each in told] == [
        "run_started", "reasoning", "tool_call", "tool_result", "reasoning", "tool_call", "tool_result", "change",
        "reasoning", "text", "run_finished",
    ]  # fmt: skip
    assert told[0].fields.keys() == {"run_id", "conversation_id", "model"}
    assert "".join(each.fields["delta"] for each in told if each.kind == "text") == result["answer"]
    assert [each.fields for each in told if each.kind == "change"] == result["changes"] == stored["changes"]
    assert (result["status"], result["run_id"]) == ("completed", told[0].fields["run_id"])


def test_a_conversation_goes_on_by_its_id(admin: httpx.Client) -> None:
    with chatting(admin, "add a note to Anna Schmidt: prefers e-mail") as events:
        asked = list(events)[-1].fields
    with chatting(admin, "2", conversation_id=asked["conversation_id"]) as events:
        chosen = list(events)[-1].fields

    assert (asked["status"], asked["changes"]) == ("needs_input", [])
    assert [each["after"]["about_label"] for each in chosen["changes"]] == ["Anna Schmidt"]


@pytest.mark.promise("gate:human")
def test_what_waits_for_a_person_is_told_as_a_proposal(admin: httpx.Client) -> None:
    with chatting(admin, "delete Solvento grid analytics") as events:
        told = list(events)
    result = told[-1].fields
    proposals = [each.fields for each in told if each.kind == "proposal"]
    still_there = admin.get("/api/v1/records/opportunity", params={"where": "name = Solvento grid analytics"}).json()

    assert (result["status"], result["changes"]) == ("needs_approval", [])
    assert [each["approval_id"] for each in proposals] == [each["approval_id"] for each in result["proposals"]]
    assert proposals[0]["sample"][0]["label"] == "Solvento grid analytics"
    assert still_there["total"] == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"request": "  "}, (422, "invalid")),
        ({}, (422, "invalid")),
        ({"request": "hello", "colour": "red"}, (422, "invalid")),
        ({"request": "x" * 40_000}, (413, "limit")),
        ({"request": "hello", "conversation_id": "01926796-0168-728e-8ce9-31e58c79314c"}, (404, "not_found")),
    ],
    ids=["blank", "nothing", "unknown field", "too long", "no such conversation"],
)
def test_what_cannot_begin_is_a_problem_document(
    admin: httpx.Client, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert problem_of(admin.post("/api/v1/chat", json=body)) == expected


def test_who_asks_is_known_and_meant_it(site: Site) -> None:
    with site.visitor() as visitor:
        stranger = visitor.post("/api/v1/chat", json={"request": "hello"})
    with site.person(ADMIN) as browser:
        forged = browser.post("/api/v1/chat", json={"request": MOVE})
        with chatting(browser, "who is Maria Lopez", {"X-CSRF-Token": csrf_of(browser)}) as events:
            told = list(events)

    assert problem_of(stranger) == (401, "unauthenticated")
    assert problem_of(forged) == (403, "denied")
    assert told[-1].fields["status"] == "completed"


@pytest.mark.promise("rights:user")
def test_a_token_is_narrowed_in_chat_too(site: Site) -> None:
    with site.client(ADMIN, "*:read") as reader, chatting(reader, MOVE) as events:
        told = list(events)

    assert told[-1].fields["changes"] == []
    assert [each.fields["outcome"] for each in told if each.kind == "tool_result"][-1] == "failed"


def test_a_provider_that_fails_is_an_error_and_an_end(site: Site, admin: httpx.Client) -> None:
    fault = Fault(FaultKind.STATUS, status=401, code="invalid_api_key")
    with served_by(site, replies(fault)) as other, other.client(ADMIN) as client, chatting(client, "hello") as events:
        told = list(events)

    assert [each.kind for each in told] == ["run_started", "error", "run_finished"]
    assert told[1].fields["kind"] == "setup"
    assert (told[2].fields["status"], told[2].fields["answer"]) == ("failed", told[1].fields["message"])


def test_the_first_event_does_not_wait_for_the_model(site: Site) -> None:
    with (
        served_by(site, replies(Slow(1, Reply(text="Done.")))) as other,
        other.client(ADMIN) as client,
        chatting(client, "hello") as events,
    ):
        first = next(events)
        run = client.get(f"/api/v1/runs/{first.fields['run_id']}").json()
        rest = [each.kind for each in events]

    assert (first.kind, run["status"]) == ("run_started", "running")
    assert kinds_in_order(rest) == ["text", "run_finished"]


def test_a_reader_who_goes_away_stops_the_run_between_calls(site: Site, admin: httpx.Client) -> None:
    record_id = some_opportunity(admin)
    stand_in = replies(update(record_id, amount="7"), Slow(1.5, update(record_id, amount="8")))
    with served_by(site, stand_in) as other, other.client(ADMIN) as client:
        with chatting(client, "Change it") as events:
            run_id = next(events).fields["run_id"]
            next(each for each in events if each.kind == "change")
        run = ended(admin, run_id)

    assert run["status"] == "interrupted"
    assert "can be undone" in run["answer"]
    assert [each["after"]["amount"] for each in run["changes"]] == ["7.00"]


def test_a_conversation_does_one_thing_at_a_time(site: Site) -> None:
    with (
        served_by(site, replies(Slow(1, Reply(text="Done.")))) as other,
        other.client(ADMIN) as client,
        chatting(client, "hello") as events,
    ):
        conversation_id = next(events).fields["conversation_id"]
        busy = client.post("/api/v1/chat", json={"request": "and now?", "conversation_id": conversation_id})
        list(events)
        with chatting(client, "and now?", conversation_id=conversation_id) as later:
            told = list(later)

    assert problem_of(busy) == (409, "conflict")
    assert told[-1].fields["status"] == "completed"


def test_a_slow_provider_does_not_silence_the_connection(site: Site) -> None:
    with (
        served_by(site, replies(Slow(1, Reply(text="Done."))), heartbeat_seconds=0.05) as other,
        other.client(ADMIN) as client,
        chatting(client, "hello") as events,
    ):
        told = list(events)

    numbers = [each.id for each in told]
    assert None in numbers
    assert [number for number in numbers if number] == list(range(1, numbers[-1] or 0)) + numbers[-1:]


def test_a_slow_reader_gets_fewer_pieces_and_the_same_text(site: Site) -> None:
    run = live_run(site.service)
    for piece in ("One ", "two ", "three."):
        run.tell(RunEvent("text", {"delta": piece}))
    run.tell(RunEvent("tool_call", {"tool": "find_records"}))
    run.tell(RunEvent("text", {"delta": "Four."}))
    seen = asyncio.run(run.after(0, 1))

    assert [(number, event.fields.get("delta")) for number, event in seen] == [
        (3, "One two three."),
        (4, None),
        (5, "Four."),
    ]
    assert [number for number, _ in asyncio.run(run.after(3, 1))] == [4, 5]


def test_what_is_kept_for_watchers_is_bounded(site: Site) -> None:
    run = live_run(site.service)
    for _ in range(live.MOST_CHARACTERS // 100_000 + 5):
        run.tell(RunEvent("text", {"delta": "x" * 100_000}))
    run.tell(RunEvent("run_finished"))
    seen = asyncio.run(run.after(0, 1))

    assert [event.kind for _, event in seen] == ["text", "run_finished"]
    assert len(seen[0][1].fields["delta"]) == live.MOST_CHARACTERS


def live_run(service: Service) -> LiveRun:
    """One that nothing has happened in."""
    desk = ToolContext(db=service.db, world=service.world, who=service.db.sign_in(ADMIN))
    return LiveRun(desk, "hello", None, lambda _: None)
