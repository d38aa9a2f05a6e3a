"""The whole agent through OpenAI's protocols, with the offline planner answering at the other end."""

import pytest

from agent.events import RunEvent
from agent.loop import ask
from agent.offline import OfflineModel, Situation
from evals.standin.planner import planned_by
from evals.standin.server import StandIn
from tests.agent.standins import PROTOCOLS, model_at
from tools.context import ToolContext


def planner(desk: ToolContext) -> OfflineModel:
    who = desk.who
    return OfflineModel(
        Situation(
            now=desk.world.now(),
            time_zone=who.time_zone,
            currency=who.currency,
            fiscal_year_start_month=who.fiscal_year_start_month,
            user_id=str(who.user_id),
            user_name=who.name,
            user_email=who.email,
        )
    )


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_planner_says_the_same_over_the_wire(
    desk: ToolContext, other_desk: ToolContext, protocol: str, is_streamed: bool
) -> None:
    request = "Add a task to call Zoë tomorrow at 10"
    events: list[RunEvent] = []
    here = ask(other_desk, request, model="offline")
    with StandIn(planned_by(lambda: planner(desk))) as stand_in:
        there = ask(desk, request, model=model_at(stand_in, protocol), on_event=events.append, is_streamed=is_streamed)
    assert there.status == here.status == "completed"
    assert [(call["tool"], call["outcome"]) for call in there.tool_calls] == [
        (call["tool"], call["outcome"]) for call in here.tool_calls
    ]
    assert [change["kind"] for change in there.changes] == [change["kind"] for change in here.changes] == ["task"]
    assert events[-1].kind == "run_finished"


def test_offline_costs_nothing(desk: ToolContext) -> None:
    result = ask(desk, "Show Zoë", model="offline")
    assert (result.model, result.usage.cost_usd) == ("offline", "0")
