"""What is kept of a run: its request, each message before the next one, its end."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse
from sqlalchemy import func, insert, select, update

from agent.messages import DRY, as_json, from_json, reasoning_of, retold, with_open_calls_answered
from agent.result import AskResult, result_of
from guardrails.effects import Effect
from guardrails.rights import Reach, reach
from schema.database import Database
from schema.errors import CrmError
from schema.identity import Identity
from schema.models.agents import Run, Step
from schema.session import ReadSession, Row
from tools import calls
from tools.calls import ToolOutcome
from tools.context import ToolContext

SILENCE = timedelta(seconds=60)
"""A running run that gave no sign of life for so long has lost its process."""

INTERRUPTED = "The run was interrupted; what it had changed until then stays and can be undone."
_TITLE_CHARACTERS = 80

Unstored = deque[Row]
"""Steps that are stored together with what comes next."""

# Judged by the database's clock alone, because the processes' own clocks differ and may stand still.
_CLOSE_SILENT: LiteralString = """
UPDATE crm.runs SET status = 'interrupted', answer = %(interrupted)s, finished_at = %(now)s
WHERE status = 'running' AND heartbeat_at < clock_timestamp() - %(silence)s"""
_BEGIN_CONVERSATION: LiteralString = """
INSERT INTO crm.conversations (tenant_id, id, user_id, title, created_at, updated_at)
VALUES (%(tenant_id)s, %(conversation_id)s, %(user_id)s, %(title)s, %(now)s, %(now)s)"""
_GO_ON: LiteralString = "UPDATE crm.conversations SET updated_at = %(now)s WHERE id = %(conversation_id)s"
_OPEN_RUN: LiteralString = """
INSERT INTO crm.runs (tenant_id, id, conversation_id, user_id, channel, scopes, prompt, status, model, instructions_hash,
                      clock, started_at)
VALUES (%(tenant_id)s, %(id)s, %(conversation_id)s, %(user_id)s, %(channel)s, %(scopes)s, %(prompt)s, 'running', %(model)s,
        %(instructions_hash)s, %(now)s, %(now)s)"""
_ADD_STEP: LiteralString = """
INSERT INTO crm.steps (tenant_id, id, run_id, position, kind, message, reasoning, created_at)
VALUES (%(tenant_id)s, %(id)s, %(run_id)s, %(position)s, %(kind)s, %(message)s, %(reasoning)s, %(created_at)s)"""


@dataclass(frozen=True, slots=True)
class OpenRun:
    run_id: UUID
    conversation_id: UUID
    goes_on: bool
    """True when the conversation had begun before this run."""
    began_at: datetime
    """The run's idea of now."""
    own: tuple[ModelMessage, ...] = ()
    """Its messages so far, when it is resumed: the last is a response whose calls are open, or a request."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a run ended."""

    status: str
    answer: str
    understood: str | None = None
    error_kind: str | None = None
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal | None = None


def open_run(
    desk: ToolContext, prompt: str, model: str, instructions_hash: str, conversation_id: UUID | None
) -> OpenRun:
    """Stores a run as running, in the conversation given or a new one; closes those that lost their process.

    Raises CrmError (not_found) when the user has no such conversation.
    """
    now, run_id = desk.world.now(), desk.world.new_id()
    run = OpenRun(run_id, conversation_id or desk.world.new_id(), conversation_id is not None, now)
    told = {
        "tenant_id": desk.who.tenant_id,
        "id": run_id,
        "conversation_id": run.conversation_id,
        "user_id": desk.who.user_id,
        "channel": desk.channel,
        "scopes": None if desk.scopes is None else Jsonb(sorted(desk.scopes)),
        "prompt": prompt,
        "title": " ".join(prompt.split())[:_TITLE_CHARACTERS],
        "model": model,
        "instructions_hash": instructions_hash,
        "now": now,
        "interrupted": INTERRUPTED,
        "silence": SILENCE,
    }
    if conversation_id is None:
        desk.db.keep(desk.who, f"{_CLOSE_SILENT};\n{_BEGIN_CONVERSATION};\n{_OPEN_RUN}", **told)
        return run
    with desk.db.store(desk.who) as session:
        own = session.row(
            "SELECT id FROM crm.conversations WHERE id = :id AND user_id = :user_id",
            id=conversation_id,
            user_id=desk.who.user_id,
        )
    if own is None:
        raise CrmError("not_found", f"You have no conversation {conversation_id}; leave it out to start a new one.")
    desk.db.keep(desk.who, f"{_CLOSE_SILENT};\n{_GO_ON};\n{_OPEN_RUN}", **told)
    return run


@dataclass(frozen=True, slots=True)
class StoredRun:
    """Who and what a run is for, which stays the same however often it goes on."""

    run_id: UUID
    conversation_id: UUID
    asker: Identity
    prompt: str
    model: str
    channel: str
    scopes: frozenset[str] | None
    began_at: datetime
    """The run's idea of now."""


def get_run(desk: ToolContext, run_id: UUID) -> StoredRun:
    """A run that `desk.who` may let go on: their own, or anybody's whose proposals they decide on.

    Raises CrmError: not_found; conflict when who asked has been disabled.
    """
    with desk.db.store(desk.who) as session:
        row = session.row(_RUN, id=run_id)
    is_own = row is not None and row["user_id"] == desk.who.user_id
    if row is None or not (is_own or reach(desk.who.role, "approval", Effect.WRITE) is Reach.ANY):
        raise CrmError("not_found", f"You have no run {run_id}.")
    if not row["is_active"]:
        raise CrmError("conflict", f"{row['email']}, who asked for it, has been disabled; the run does not go on.")
    return StoredRun(
        run_id=run_id,
        conversation_id=row["conversation_id"],
        asker=desk.who if is_own else desk.db.sign_in(row["email"], desk.who.tenant_slug),
        prompt=row["prompt"],
        model=row["model"],
        channel=row["channel"],
        scopes=None if row["scopes"] is None else frozenset(row["scopes"]),
        began_at=row["clock"],
    )


def reopen_run(desk: ToolContext, stored: StoredRun) -> OpenRun:
    """Claims a waiting or interrupted run for this process, which must let it go on.

    Raises CrmError (conflict) when the run cannot go on, or a proposal of its is undecided.
    """
    with desk.db.store(stored.asker) as session:
        if not session.rows(_REOPEN, id=stored.run_id):
            raise CrmError("conflict", _why_not_resumed(session, stored.run_id))
        messages = from_json([step["message"] for step in session.rows(_OWN_STEPS, id=stored.run_id)])
        if not messages:
            raise CrmError("conflict", "This run was interrupted before it began; ask again.")
        if isinstance(messages[0], ModelRequest) and messages[0].metadata == DRY:
            raise CrmError("conflict", "A dry run that was interrupted does not go on; ask again.")
    return OpenRun(stored.run_id, stored.conversation_id, True, stored.began_at, tuple(messages))


_RUN: LiteralString = """
SELECT r.user_id, u.email, u.is_active, r.conversation_id, r.clock, r.prompt, r.model, r.channel, r.scopes
FROM crm.runs r JOIN crm.users u ON u.tenant_id = r.tenant_id AND u.id = r.user_id
WHERE r.id = :id"""
_REOPEN: LiteralString = """
UPDATE crm.runs r SET status = 'running', answer = NULL, error_kind = NULL, finished_at = NULL,
                      heartbeat_at = clock_timestamp()
WHERE r.id = :id AND r.status IN ('needs_approval', 'interrupted')
  AND NOT EXISTS (SELECT FROM crm.approvals a WHERE a.run_id = r.id AND a.status = 'pending')
RETURNING r.id"""
_OWN_STEPS: LiteralString = "SELECT message FROM crm.steps WHERE run_id = :id ORDER BY position"
_UNDECIDED: LiteralString = "SELECT count(*) FROM crm.approvals WHERE run_id = :id AND status = 'pending'"


def _why_not_resumed(session: ReadSession, run_id: UUID) -> str:
    if undecided := session.scalar(_UNDECIDED, id=run_id):
        waits = "A proposal of this run is" if undecided == 1 else f"{undecided} proposals of this run are"
        return f"{waits} undecided; the run goes on when every one is decided."
    status = session.scalar("SELECT status FROM crm.runs WHERE id = :id", id=run_id)
    return f"This run does not wait: it is {status}."


def load_history(context: ToolContext, run: OpenRun, earlier_runs: int) -> list[ModelMessage]:
    """The messages of the conversation's last runs before `run`, oldest first, as `context.model` is told them again.

    Whole runs only, so that a tool call is never without its result. A run that the model never answered is left out.
    """
    if not run.goes_on:
        return []
    with context.db.store(context.who) as session:
        started = select(Run.started_at).where(Run.id == run.run_id).scalar_subquery()
        runs = session.select(
            select(Run.id, Run.model)
            .where(Run.conversation_id == run.conversation_id, Run.id != run.run_id, Run.started_at <= started)
            .where(select(Step.id).where(Step.run_id == Run.id, Step.kind == "response").exists())
            .order_by(Run.started_at.desc(), Run.id.desc())
            .limit(earlier_runs)
        )
        order = {row["id"]: at for at, row in enumerate(reversed(runs))}
        steps = session.select(select(Step.run_id, Step.position, Step.message).where(Step.run_id.in_(order)))
    own = {row["id"] for row in runs if row["model"] == context.model}
    steps.sort(key=lambda step: (order[step["run_id"]], step["position"]))
    messages = from_json([step["message"] for step in steps])
    told = [retold(message, is_own=step["run_id"] in own) for message, step in zip(messages, steps, strict=True)]
    return with_open_calls_answered(told)


def step_of(desk: ToolContext, run_id: UUID, position: int, message: ModelMessage) -> Row:
    """One message of the run as its row."""
    is_response = isinstance(message, ModelResponse)
    return {
        "tenant_id": desk.who.tenant_id,
        "id": desk.world.new_id(),
        "run_id": run_id,
        "position": position,
        "kind": "response" if is_response else "request",
        "message": as_json(message),
        "reasoning": reasoning_of(message) if is_response else None,
        "created_at": desk.world.now(),
    }


def add_steps(desk: ToolContext, steps: Unstored) -> None:
    """Stores what is not stored yet, in its order."""
    while steps:
        desk.db.keep(desk.who, _ADD_STEP, **steps.popleft())


def beat(desk: ToolContext, run_id: UUID) -> None:
    """Says that the run still goes on."""
    desk.db.keep(desk.who, "UPDATE crm.runs SET heartbeat_at = clock_timestamp() WHERE id = %(id)s", id=run_id)


def add_failed_call(context: ToolContext, tool: str, args: dict[str, Any], message: str) -> None:
    """Stores a call that never reached a tool: no such tool, or arguments that are no JSON object."""
    told = ToolOutcome(
        tool_call_id=context.world.new_id(),
        tool=tool,
        args=args,
        effect=Effect.READ,
        outcome="failed",
        result={"error": {"kind": "invalid", "message": message}},
    )
    calls.store(context.with_call(told.tool_call_id), told)


def close_run(desk: ToolContext, run_id: UUID, closing: Closing, steps: Iterable[Row] = ()) -> AskResult:
    """Stores the last steps and how the run ended; returns it whole."""
    with desk.db.store(desk.who) as session:
        for step in steps:
            session.execute(insert(Step).values(step))
        ended = session.select(
            update(Run)
            .where(Run.id == run_id)
            .values(
                status=closing.status,
                answer=closing.answer,
                understood=func.coalesce(Run.understood, closing.understood),
                error_kind=closing.error_kind,
                # A resumed run adds to what it had used before.
                requests=Run.requests + closing.requests,
                input_tokens=Run.input_tokens + closing.input_tokens,
                output_tokens=Run.output_tokens + closing.output_tokens,
                cost_usd=None if closing.cost_usd is None else func.coalesce(Run.cost_usd, 0) + closing.cost_usd,
                finished_at=desk.world.now(),
                heartbeat_at=func.clock_timestamp(),
            )
            .returning(Run.__table__)
        )
        return result_of(session, ended[0])


def mark_interrupted(db: Database, who: Identity) -> list[UUID]:
    """Closes the runs of `who`'s tenant whose process is gone; returns their ids.

    Every new run of the tenant does so too; this is for a server that starts.
    """
    with db.store(who) as session:
        rows = session.select(
            update(Run)
            .where(Run.status == "running", Run.heartbeat_at < func.clock_timestamp() - SILENCE)
            .values(status="interrupted", answer=INTERRUPTED, finished_at=db.world.now())
            .returning(Run.id)
        )
    return [row["id"] for row in rows]
