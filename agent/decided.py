"""A run after the decision that it waited for: it goes on as soon as nothing of it is undecided any more."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from uuid import UUID

import structlog
from anyio import to_thread

from agent.loop import resume, resume_async
from agent.result import AskResult
from schema.errors import CrmError
from tools.approvals import is_decided
from tools.context import ToolContext

OnKept = Callable[[CrmError], None]
"""Told what keeps a run from going on."""

log = structlog.get_logger(__name__)


def after_decision(desk: ToolContext, run_id: UUID | None, on_kept: OnKept) -> AskResult | None:
    """The run's result; None when there is no run, when something of it is undecided still, or when it is kept."""
    if run_id is None or not is_decided(desk, run_id):
        return None
    with decision_stands(on_kept):
        return resume(desk, run_id)


async def after_decision_async(desk: ToolContext, run_id: UUID | None) -> AskResult | None:
    """`after_decision` in an event loop; what keeps the run goes to the log."""
    if run_id is None or not await to_thread.run_sync(is_decided, desk, run_id):
        return None
    with decision_stands(lambda error: log_kept(run_id, error)):
        return await resume_async(desk, run_id)


def log_kept(run_id: UUID, error: CrmError) -> None:
    log.warning("run_left_behind", run_id=str(run_id), kind=error.kind, error=error.message)


@contextmanager
def decision_stands(on_kept: OnKept) -> Generator[None]:
    """Whatever keeps the run, its decision stands; a conflict is another process that took the run on."""
    try:
        yield
    except CrmError as error:
        if error.kind != "conflict":
            on_kept(error)
