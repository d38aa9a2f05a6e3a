"""The core suite on the offline planner: the same loop as a person's, judged by what the database holds afterwards."""

from typing import Any
from uuid import UUID

import pytest

from agent.result import AskResult, Usage
from evals.case import OPEN, Case, Rejection, Verdict, load_cases
from evals.face import Asked, Face
from evals.run import run_case
from evals.world import NOW, Worlds
from schema.errors import CrmError
from schema.settings import Settings
from tests.commands.terminal import Ran, Terminal
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


@pytest.mark.promise("gate:human")
@pytest.mark.parametrize("case", THROUGH_THE_COMMAND_LINE, ids=name_of)
def test_the_command_line_leads_to_the_same_end_state(case: Case, worlds: Worlds, settings: Settings) -> None:
    result = run_case(case, worlds, face=by_command_line(settings))
    assert result.is_passed, result.failures


def by_command_line(settings: Settings) -> Face:
    """`crm-agent`, a process for each request and each decision."""

    def terminal(desk: ToolContext) -> Terminal:
        return Terminal(
            {
                "CRM_AGENT_HOME": str(settings.home),
                "CRM_AGENT_DATABASE_URL": desk.db.admin_url,
                "CRM_AGENT_NOW": NOW.isoformat(),
                "CRM_AGENT_MODEL": "offline",
            }
        )

    def ask(desk: ToolContext, asked: Asked) -> AskResult:
        going_on = ["--conversation", asked.conversation_id] if asked.conversation_id else []
        dry_run = ["--dry-run"] if asked.is_dry_run else []
        return told(terminal(desk).run("ask", asked.request, *going_on, *dry_run, "--as", desk.who.email, "--json"))

    def decide(desk: ToolContext, _: UUID, approval_id: UUID, verdict: Verdict) -> AskResult | None:
        given = ["reject", "--reason", verdict.reject] if isinstance(verdict, Rejection) else ["approve"]
        ran = terminal(desk).run("approvals", *given, str(approval_id), "--as", desk.who.email, "--json")
        if "error" in ran.json:
            raise CrmError("conflict", ran.error[1])
        return told(ran, ran.json["run"]) if ran.json["run"] else None

    return Face(ask, decide)


def told(ran: Ran, run: dict[str, Any] | None = None) -> AskResult:
    """The run that a command's document tells of."""
    fields = dict(ran.json if run is None else run)
    result = AskResult(usage=Usage(**fields.pop("usage")), **fields)
    is_done = result.status in {"completed", "needs_approval", "needs_input"}
    assert ran.code == (0 if is_done else 1)
    return result
