"""The core suite on the offline planner: the same loop as a person's, judged by what the database holds afterwards."""

import pytest

from agent.result import AskResult, Usage
from evals.case import OPEN, Case, load_cases
from evals.run import run_case
from evals.world import NOW, Worlds
from schema.settings import Settings
from tests.commands.terminal import Terminal
from tools.context import ToolContext

CASES = load_cases()
KEPT = [case for case in CASES if case.open is None]
THROUGH_THE_COMMAND_LINE = [case for case in KEPT if "cli" in case.tags]


def name_of(case: Case) -> str:
    return case.id


def test_there_are_enough_cases_of_every_sort() -> None:
    assert len(KEPT) >= 60
    assert len(THROUGH_THE_COMMAND_LINE) >= 10
    tags = {tag for case in KEPT for tag in case.tags}
    assert tags >= {"read", "change", "create", "delete", "restore", "undo", "ambiguous", "refusal", "rights", "turns"}


@pytest.mark.promise("rights:user")
@pytest.mark.promise("undo:any")
@pytest.mark.promise("audit:joined")
@pytest.mark.parametrize("case", KEPT, ids=name_of)
def test_a_request_leads_to_the_end_state_it_asks_for(case: Case, worlds: Worlds) -> None:
    result = run_case(case, worlds)
    assert result.is_passed, result.failures


@pytest.mark.parametrize("case", [case for case in CASES if case.open is not None], ids=name_of)
def test_a_case_known_to_fail_leaves_out_but_never_does_what_it_should_not(case: Case, worlds: Worlds) -> None:
    scores = {score.scorer: score for score in run_case(case, worlds).scores}
    for scorer in ("side_effects", "audit", "leaks"):
        assert scores[scorer].is_right, f"{OPEN}: {scores[scorer].told}"


@pytest.mark.parametrize("case", THROUGH_THE_COMMAND_LINE, ids=name_of)
def test_the_command_line_leads_to_the_same_end_state(case: Case, worlds: Worlds, settings: Settings) -> None:
    result = run_case(case, worlds, asking=lambda desk, request, _: ask_in_a_process(desk, request, settings))
    assert result.is_passed, result.failures


def ask_in_a_process(desk: ToolContext, request: str, settings: Settings) -> AskResult:
    terminal = Terminal(
        {
            "CRM_AGENT_HOME": str(settings.home),
            "CRM_AGENT_DATABASE_URL": desk.db.admin_url,
            "CRM_AGENT_NOW": NOW.isoformat(),
            "CRM_AGENT_MODEL": "offline",
        }
    )
    ran = terminal.run("ask", request, "--as", desk.who.email, "--json")
    told = ran.json
    answered = AskResult(usage=Usage(**told.pop("usage")), **told)
    is_done = answered.status in {"completed", "needs_approval", "needs_input"}
    assert ran.code == (0 if is_done else 1)
    return answered
