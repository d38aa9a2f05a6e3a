"""How a case reaches the agent: in this process, or by whatever else people use."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from agent.loop import ask, resume
from agent.models import ModelChoice
from agent.result import AskResult
from evals.case import Rejection, Verdict
from tools.approvals import approve, is_decided, reject
from tools.context import ToolContext


@dataclass(frozen=True)
class Asked:
    """One request."""

    request: str
    conversation_id: str | None = None
    """A new one when None."""
    is_dry_run: bool = False


Asking = Callable[[ToolContext, Asked], AskResult]
Deciding = Callable[[ToolContext, UUID, UUID, Verdict], AskResult | None]
"""Decides one proposal, by run and approval; the run's result when it went on, None while another proposal waits."""


@dataclass(frozen=True)
class Face:
    ask: Asking
    decide: Deciding


def in_process(model: str | ModelChoice) -> Face:
    """The loop itself."""

    def asking(desk: ToolContext, asked: Asked) -> AskResult:
        return ask_here(desk, asked, model)

    def deciding(desk: ToolContext, run_id: UUID, approval_id: UUID, verdict: Verdict) -> AskResult | None:
        return decide_here(desk, run_id, approval_id, verdict, model)

    return Face(asking, deciding)


def ask_here(desk: ToolContext, asked: Asked, model: str | ModelChoice) -> AskResult:
    return ask(desk, asked.request, conversation_id=asked.conversation_id, model=model, is_dry_run=asked.is_dry_run)


def decide_here(
    desk: ToolContext, run_id: UUID, approval_id: UUID, verdict: Verdict, model: str | ModelChoice
) -> AskResult | None:
    if verdict == "approve":
        approve(desk, approval_id)
    elif isinstance(verdict, Rejection):
        reject(desk, approval_id, verdict.reject)
    return resume(desk, run_id, model=model) if is_decided(desk, run_id) else None
