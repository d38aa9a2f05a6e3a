"""One exchange with a provider, recorded once and played back: what the agent sends has not changed since.

`RECORD=1 pytest tests/agent/test_recorded.py` records it anew against the stand-in; see tests/cassettes/README.md.
"""

import json
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import vcr  # pyright: ignore[reportMissingTypeStubs]
from vcr.record_mode import RecordMode  # pyright: ignore[reportMissingTypeStubs]

from agent.loop import ask
from agent.models import choose_model
from evals.standin.script import Call, Reply, by_step
from evals.standin.server import StandIn
from schema.database import Database
from tests.agent.standins import update
from tests.schema.filled import Filled, fill
from tools.context import ToolContext

IS_RECORDING = bool(os.environ.get("RECORD"))
CASSETTES = Path(__file__).parents[1] / "cassettes"
CHANGE = CASSETTES / "change_an_amount.yaml"
PORT = 18765
"""The same each time, because the address is part of what is matched."""
KEPT_HEADERS = {"content-type", "accept"}


def without_what_is_tested_elsewhere(request: Any) -> Any:
    """Headers but the harmless ones go; so do instructions and tools, which have tests of their own."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_HEADERS}
    body: dict[str, Any] = json.loads(request.body)
    body.pop("tools", None)
    body["messages"] = [message for message in body["messages"] if message["role"] != "system"]
    request.body = json.dumps(body, sort_keys=True)
    return request


def with_few_headers(response: dict[str, Any]) -> dict[str, Any]:
    headers = response["headers"].items()
    return response | {"headers": {name: value for name, value in headers if name.lower() in KEPT_HEADERS}}


# vcrpy has no types.
PLAYER: Any = vcr.VCR(
    cassette_library_dir=str(CASSETTES),
    record_mode=RecordMode.ALL if IS_RECORDING else RecordMode.NONE,
    match_on=["method", "scheme", "host", "port", "path", "query", "body"],
    before_record_request=without_what_is_tested_elsewhere,
    before_record_response=with_few_headers,
    decode_compressed_response=True,
)


def provider(near: Filled) -> AbstractContextManager[object]:
    """The stand-in while recording; nobody afterwards, so that an unrecorded request cannot be answered."""
    if not IS_RECORDING:
        return nullcontext()
    # A recording is added to what is there, and what is there would be played first.
    CHANGE.unlink(missing_ok=True)
    opportunity = near.ids["opportunities"]
    script = [
        Reply(
            reasoning="The person means an opportunity.",
            text="I look for the opportunity.",
            calls=(Call("find_records", {"query": "A opportunity", "kinds": ["opportunity"]}),),
        ),
        update(opportunity, amount="2500.00"),
        Reply(text=f"[A opportunity](crm://opportunity/{opportunity}) is now at 2,500.00 EUR instead of 1,000.10 EUR."),
    ]
    return StandIn(by_step(script), port=PORT)


def test_a_recorded_exchange_still_leads_to_the_same_change(empty_database: Database) -> None:
    near = fill(empty_database, "near")
    desk = ToolContext(db=empty_database, world=empty_database.world, who=near.who)
    model = choose_model(f"openai-compatible:scripted@http://127.0.0.1:{PORT}/v1", {})
    with provider(near), PLAYER.use_cassette(CHANGE.name) as cassette:
        result = ask(desk, "Set the amount of A opportunity to 2500", model=model)
    assert result.status == "completed"
    assert [(change["before"], change["after"]) for change in result.changes] == [
        ({"amount": "1000.10"}, {"amount": "2500.00"})
    ]
    assert IS_RECORDING or cassette.all_played


def test_no_cassette_holds_a_key_or_a_machine() -> None:
    for cassette in CASSETTES.glob("*.yaml"):
        text = cassette.read_text(encoding="utf-8").lower()
        assert not [word for word in ("sk-", "authorization", "organization:", "cookie", "/home/") if word in text]
