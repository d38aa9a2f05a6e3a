"""The run loop: a request becomes a run that is opened, conducted to its end, and closed whatever happens."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from time import monotonic
from traceback import format_exception
from typing import Any
from uuid import UUID

import structlog
from anyio import to_thread
from pydantic_ai import DeferredToolRequests

from agent import store
from agent.conduct import Conduct
from agent.events import OnEvent, RunEvent, ignore
from agent.failures import Failure, explain
from agent.instructions import INSTRUCTIONS_HASH
from agent.models import ModelChoice, choose_model
from agent.offline.situation import Situation
from agent.outputs import Output, Question, Refusal
from agent.request import check_request
from agent.result import AskResult, load_result
from agent.store import Closing, OpenRun
from agent.waiting import DRY_RUN, waiting_sentence
from agent.wire_text import storable_text
from guardrails.limits import DEFAULT_LIMITS, RunLimits
from schema import audit
from schema.customs import Customs
from schema.errors import CrmError
from schema.metrics import AGENT_RUNS, MODEL_TOKENS
from tools.context import ToolContext
from tools.customs import declared

HEARTBEAT_SECONDS = 15
"""Well under `store.SILENCE`, so that a slow provider is not taken for a dead process."""

log = structlog.get_logger(__name__)


def ask(
    desk: ToolContext,
    prompt: str,
    *,
    conversation_id: UUID | str | None = None,
    model: str | ModelChoice | None = None,
    on_event: OnEvent = ignore,
    is_streamed: bool = False,
    is_dry_run: bool = False,
    limits: RunLimits = DEFAULT_LIMITS,
) -> AskResult:
    """`ask_async` for a caller without an event loop; Ctrl-C ends it with a result whose status is `interrupted`."""
    opened: list[UUID] = []

    def watch(event: RunEvent) -> None:
        if event.kind == "run_started":
            opened.append(UUID(event.fields["run_id"]))
        on_event(event)

    try:
        return asyncio.run(
            ask_async(
                desk,
                prompt,
                conversation_id=conversation_id,
                model=model,
                on_event=watch,
                is_streamed=is_streamed,
                is_dry_run=is_dry_run,
                limits=limits,
            )
        )
    except KeyboardInterrupt:
        if not opened:
            raise
        return load_result(desk, opened[0])


def resume(
    desk: ToolContext,
    run_id: UUID,
    *,
    model: str | ModelChoice | None = None,
    on_event: OnEvent = ignore,
    is_streamed: bool = False,
    limits: RunLimits = DEFAULT_LIMITS,
) -> AskResult:
    """`resume_async` for a caller without an event loop; Ctrl-C ends it like `ask`."""
    try:
        return asyncio.run(
            resume_async(desk, run_id, model=model, on_event=on_event, is_streamed=is_streamed, limits=limits)
        )
    except KeyboardInterrupt:
        return load_result(desk, run_id)


async def ask_async(
    desk: ToolContext,
    prompt: str,
    *,
    conversation_id: UUID | str | None = None,
    model: str | ModelChoice | None = None,
    on_event: OnEvent = ignore,
    is_streamed: bool = False,
    is_dry_run: bool = False,
    limits: RunLimits = DEFAULT_LIMITS,
) -> AskResult:
    """Does what `prompt` asks for the person at `desk`, and returns the run as stored.

    `on_event` is told what happens as it happens, from the event loop's thread; `is_streamed` asks the provider for
    text piece by piece, which not every OpenAI-compatible server can. In a dry run every write is shown as a proposal
    that is discarded, and nothing changes.

    `desk` is a call's context without a run: who asks, in which database, by which channel. Whatever goes wrong once
    the run is open is part of the result (`failed`, with a sentence as its answer); before that it is raised.

    Raises CrmError: invalid or limit for a text that is no request, setup for a model that cannot be used, not_found
    for somebody else's conversation. When its task is cancelled, the run is closed as interrupted.
    """
    text = check_request(prompt, limits)
    choice = model if isinstance(model, ModelChoice) else choose_model(model)
    if is_dry_run:
        desk = replace(desk, rehearsed=[])
    customs = await to_thread.run_sync(declared, desk)
    planner = choice.build(_situation(desk, desk.world.now(), customs))
    run = await to_thread.run_sync(
        store.open_run, desk, text, choice.name, INSTRUCTIONS_HASH, _conversation(conversation_id)
    )
    conduct = Conduct(_context(desk, run, text, choice), run, planner, customs, limits, on_event, is_streamed)
    return await _to_the_result(conduct, choice)


async def resume_async(
    desk: ToolContext,
    run_id: UUID,
    *,
    model: str | ModelChoice | None = None,
    on_event: OnEvent = ignore,
    is_streamed: bool = False,
    limits: RunLimits = DEFAULT_LIMITS,
) -> AskResult:
    """Goes on with a run that waited for a person or was interrupted, on behalf of who asked; calls that ran are not run again.

    The run's model goes on unless another is named. Raises CrmError: not_found; conflict when the run is not waiting,
    when somebody else is resuming it, or while one of its proposals is undecided.
    """
    stored = await to_thread.run_sync(store.get_run, desk, run_id)
    choice = model if isinstance(model, ModelChoice) else choose_model(model or stored.model)
    desk = replace(desk, who=stored.asker, scopes=stored.scopes, channel=stored.channel, tool_call_id=None)
    # A model that cannot be had leaves the run as it waits.
    customs = await to_thread.run_sync(declared, desk)
    planner = choice.build(_situation(desk, stored.began_at, customs))
    run = await to_thread.run_sync(store.reopen_run, desk, stored)
    conduct = Conduct(_context(desk, run, stored.prompt, choice), run, planner, customs, limits, on_event, is_streamed)
    return await _to_the_result(conduct, choice)


async def _to_the_result(conduct: Conduct, choice: ModelChoice) -> AskResult:
    """Conducts the opened run and closes it, measured."""
    began, status = monotonic(), "interrupted"
    try:
        result = await _closed(conduct, choice, began)
        status = result.status
    finally:
        AGENT_RUNS.labels(status=status).observe(monotonic() - began)
    return result


async def _closed(conduct: Conduct, choice: ModelChoice, began: float) -> AskResult:
    context, run = conduct.context, conduct.run
    conduct.on_event(RunEvent("run_started", _started(run, context.model or "")))
    closing = await _conduct(conduct)
    stored = await to_thread.run_sync(store.close_run, context, run.run_id, closing, conduct.unstored)
    while stored.status == "needs_approval" and not stored.proposals:
        # Whoever decided was quicker than the run, found it running, and left it to itself.
        again = await to_thread.run_sync(_reopened, conduct, choice)
        if again is None:
            break
        closing = await _conduct(again)
        stored = await to_thread.run_sync(store.close_run, context, run.run_id, closing, again.unstored)
    if closing.error_kind:
        conduct.on_event(RunEvent("error", {"kind": closing.error_kind, "message": closing.answer}))
    result = replace(stored, duration_ms=round((monotonic() - began) * 1000, 3))
    conduct.on_event(RunEvent("run_finished", result.to_json()))
    return result


def _reopened(conduct: Conduct, choice: ModelChoice) -> Conduct | None:
    """The run once more, from where it stopped; None when another process has taken it on."""
    context = conduct.context
    try:
        run = store.reopen_run(context, store.get_run(context, conduct.run.run_id))
    except CrmError as error:
        if error.kind != "conflict":
            raise
        return None
    planner = choice.build(_situation(context, run.began_at, conduct.customs))
    return Conduct(context, run, planner, conduct.customs, conduct.limits, conduct.on_event, conduct.is_streamed)


async def _conduct(conduct: Conduct) -> Closing:
    """How the run ended, whatever happened; only cancellation goes on to the caller."""
    context, run = conduct.context, conduct.run
    try:
        async with _heartbeat(context, run):
            output = await conduct.to_the_end()
    except (asyncio.CancelledError, KeyboardInterrupt):
        # In this thread, because the loop that would run another one is being taken down.
        store.close_run(context, run.run_id, _closing(conduct, "interrupted", store.INTERRUPTED), conduct.unstored)
        raise
    except Exception as error:  # noqa: BLE001  a run is closed, and its end told, whatever broke it
        failure = explain(error, context.model or "", conduct.limits)
        _log_failure(run, failure, error)
        answer = await to_thread.run_sync(_with_changes, conduct, failure.sentence)
        return replace(_closing(conduct, "failed", answer), error_kind=failure.kind)
    finally:
        MODEL_TOKENS.labels(direction="input").inc(conduct.usage.input_tokens)
        MODEL_TOKENS.labels(direction="output").inc(conduct.usage.output_tokens)
    return await to_thread.run_sync(_ended, conduct, output)


def _log_failure(run: OpenRun, failure: Failure, error: Exception) -> None:
    """For the administrator: the provider's own words, and the trace of what nobody foresaw.

    As text, not as `exc_info`: a renderer that shows local variables would log keys, and take minutes over a run's.
    """
    told = {"run_id": str(run.run_id), "kind": failure.kind, "error": str(error)[:1000]}
    if failure.kind == "internal":
        log.error("run_failed", **told, trace="".join(format_exception(error)))
    else:
        log.info("run_failed", **told)


def _closing(conduct: Conduct, status: str, answer: str) -> Closing:
    return Closing(
        status=status,
        answer=answer,
        understood=conduct.understood,
        requests=conduct.usage.requests,
        input_tokens=conduct.usage.input_tokens,
        output_tokens=conduct.usage.output_tokens,
        cost_usd=conduct.cost_usd,
    )


def _ended(conduct: Conduct, output: Output) -> Closing:
    match output:
        case Question():
            return _closing(conduct, "needs_input", storable_text(output.text))
        case Refusal():
            return _closing(conduct, "refused", storable_text(output.why))
        case DeferredToolRequests():
            with conduct.context.db.store(conduct.context.who) as session:
                return _closing(conduct, "needs_approval", waiting_sentence(session, conduct.run.run_id))
        case str():
            is_dry = bool(conduct.context.rehearsed)
            return _closing(conduct, "completed", storable_text(f"{DRY_RUN} {output}" if is_dry else output))


def _with_changes(conduct: Conduct, sentence: str) -> str:
    """The sentence, going on to say that what was changed before the failure stays."""
    with conduct.context.db.store(conduct.context.who) as session:
        made = len(audit.changes_of_run(session, conduct.run.run_id))
    if not made:
        return sentence
    what = "the change made before stays and" if made == 1 else f"the {made} changes made before stay and"
    return f"{sentence.rstrip('.')}; {what} can be undone."


@asynccontextmanager
async def _heartbeat(desk: ToolContext, run: OpenRun) -> AsyncGenerator[None]:
    async def go_on_beating() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            # A beat missed while the database is away is made good by the next one.
            with suppress(CrmError):
                await to_thread.run_sync(store.beat, desk, run.run_id)

    task = asyncio.create_task(go_on_beating())
    try:
        yield
    finally:
        task.cancel()


def _context(desk: ToolContext, run: OpenRun, prompt: str, choice: ModelChoice) -> ToolContext:
    return replace(
        desk,
        run_id=run.run_id,
        prompt=prompt,
        model=choice.name,
        via_agent=True,
        # What is planned in this process does not leave it, so it may see what the person sees.
        audience="person" if choice.is_offline else "model",
    )


def _situation(desk: ToolContext, now: datetime, customs: Customs) -> Situation:
    who = desk.who
    return Situation(
        now=now,
        time_zone=who.time_zone,
        currency=who.currency,
        fiscal_year_start_month=who.fiscal_year_start_month,
        user_id=str(who.user_id),
        user_name=who.name,
        user_email=who.email,
        customs=customs,
    )


def _started(run: OpenRun, model: str) -> dict[str, Any]:
    return {"run_id": str(run.run_id), "conversation_id": str(run.conversation_id), "model": model}


def _conversation(conversation_id: UUID | str | None) -> UUID | None:
    if conversation_id is None or isinstance(conversation_id, UUID):
        return conversation_id
    try:
        return UUID(conversation_id)
    except ValueError:
        raise CrmError("invalid", f"{conversation_id!r} is not the id of a conversation.") from None
