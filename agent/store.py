"""What is kept of a run: its request, each message before the next one, its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_ai.messages import ModelMessage, ModelResponse
from sqlalchemy import func, insert, select, update

from agent.messages import as_json, from_json, reasoning_of, retold
from agent.result import AskResult, read_result
from guardrails.effects import Effect
from schema.database import Database
from schema.errors import CrmError
from schema.identity import Identity
from schema.models.agents import Conversation, Run, Step
from schema.session import WriteSession
from tools import calls
from tools.calls import ToolOutcome
from tools.context import ToolContext

SILENCE = timedelta(seconds=60)
"""A running run that gave no sign of life for so long has lost its process."""

INTERRUPTED = "The run was interrupted; what it had changed until then stays and can be undone."
_TITLE_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class OpenRun:
    run_id: UUID
    conversation_id: UUID
    goes_on: bool
    """True when the conversation had begun before this run."""


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
    with desk.db.store(desk.who) as session:
        _close_silent(session, now)
        conversation = _enter_conversation(session, desk, prompt, conversation_id)
        session.execute(
            insert(Run).values(
                tenant_id=desk.who.tenant_id,
                id=run_id,
                conversation_id=conversation,
                user_id=desk.who.user_id,
                channel=desk.channel,
                prompt=prompt,
                status="running",
                model=model,
                instructions_hash=instructions_hash,
                clock=now,
                started_at=now,
            )
        )
    return OpenRun(run_id, conversation, goes_on=conversation_id is not None)


def _enter_conversation(session: WriteSession, desk: ToolContext, prompt: str, conversation_id: UUID | None) -> UUID:
    now = desk.world.now()
    if conversation_id is None:
        conversation_id = desk.world.new_id()
        session.execute(
            insert(Conversation).values(
                tenant_id=desk.who.tenant_id,
                id=conversation_id,
                user_id=desk.who.user_id,
                title=" ".join(prompt.split())[:_TITLE_CHARACTERS],
                created_at=now,
                updated_at=now,
            )
        )
        return conversation_id
    touched = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.user_id == desk.who.user_id)
        .values(updated_at=now)
    )
    if not touched:
        raise CrmError("not_found", f"You have no conversation {conversation_id}; leave it out to start a new one.")
    return conversation_id


def load_history(context: ToolContext, run: OpenRun, earlier_runs: int) -> list[ModelMessage]:
    """The messages of the conversation's last runs before `run`, oldest first, as `context.model` is told them again.

    Whole runs only, so that a tool call is never without its result. A run that the model never answered is left out.
    """
    if not run.goes_on:
        return []
    with context.db.store(context.who) as session:
        runs = session.select(
            select(Run.id, Run.model)
            .where(Run.conversation_id == run.conversation_id, Run.id != run.run_id)
            .where(select(Step.id).where(Step.run_id == Run.id, Step.kind == "response").exists())
            .order_by(Run.started_at.desc(), Run.id.desc())
            .limit(earlier_runs)
        )
        order = {row["id"]: at for at, row in enumerate(reversed(runs))}
        steps = session.select(select(Step.run_id, Step.position, Step.message).where(Step.run_id.in_(order)))
    own = {row["id"] for row in runs if row["model"] == context.model}
    steps.sort(key=lambda step: (order[step["run_id"]], step["position"]))
    messages = from_json([step["message"] for step in steps])
    return [retold(message, is_own=step["run_id"] in own) for message, step in zip(messages, steps, strict=True)]


def add_step(desk: ToolContext, run_id: UUID, position: int, message: ModelMessage) -> None:
    """Stores one message of the run."""
    is_response = isinstance(message, ModelResponse)
    with desk.db.store(desk.who) as session:
        session.execute(
            insert(Step).values(
                tenant_id=desk.who.tenant_id,
                id=desk.world.new_id(),
                run_id=run_id,
                position=position,
                kind="response" if is_response else "request",
                message=as_json(message),
                reasoning=reasoning_of(message) if is_response else None,
                created_at=desk.world.now(),
            )
        )


def beat(desk: ToolContext, run_id: UUID) -> None:
    """Says that the run still goes on."""
    with desk.db.store(desk.who) as session:
        session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=func.clock_timestamp()))


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
    with context.db.store(context.who) as session:
        calls.store(session, context.with_call(told.tool_call_id), told)


def close_run(desk: ToolContext, run_id: UUID, closing: Closing) -> AskResult:
    """Stores how the run ended; returns it whole."""
    with desk.db.store(desk.who) as session:
        session.execute(
            update(Run)
            .where(Run.id == run_id)
            .values(
                status=closing.status,
                answer=closing.answer,
                understood=closing.understood,
                error_kind=closing.error_kind,
                requests=closing.requests,
                input_tokens=closing.input_tokens,
                output_tokens=closing.output_tokens,
                cost_usd=closing.cost_usd,
                finished_at=desk.world.now(),
                heartbeat_at=func.clock_timestamp(),
            )
        )
        return read_result(session, run_id)


def mark_interrupted(db: Database, who: Identity) -> list[UUID]:
    """Closes the runs of `who`'s tenant whose process is gone; returns their ids.

    Every new run of the tenant does so too; this is for a server that starts.
    """
    with db.store(who) as session:
        return _close_silent(session, db.world.now())


def _close_silent(session: WriteSession, now: datetime) -> list[UUID]:
    """Judged by the database's clock alone, because the processes' own clocks differ and may stand still."""
    rows = session.select(
        update(Run)
        .where(Run.status == "running", Run.heartbeat_at < func.clock_timestamp() - SILENCE)
        .values(status="interrupted", answer=INTERRUPTED, finished_at=now)
        .returning(Run.id)
    )
    return [row["id"] for row in rows]
