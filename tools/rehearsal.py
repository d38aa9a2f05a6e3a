"""Dry runs: each call runs for real on top of the earlier ones, is shown, and is rolled back with them."""

from dataclasses import replace
from typing import Any

from schema.session import WriteSession
from tools import calls, proposals
from tools.calls import ToolOutcome
from tools.context import Again, Binding, ToolContext
from tools.making import change_of, elapsed, make
from tools.registry import ToolArgs, ToolSpec


class _Seen(Exception):
    """Rolls the transaction back, and carries out what it showed."""

    def __init__(self, result: dict[str, Any], preview: proposals.Preview | None, binding: Binding) -> None:
        super().__init__("rehearsed")
        self.result = result
        self.preview = preview
        self.binding = binding


def rehearse(
    context: ToolContext,
    rehearsed: list[Again],
    spec: ToolSpec,
    parsed: ToolArgs,
    told: ToolOutcome,
    started: float,
) -> ToolOutcome:
    """What the call would return after the earlier writes; a write is stored as a discarded proposal.

    Nothing is held between calls, so that a slow model keeps nobody waiting for a row.
    """
    change = change_of(context, told)
    try:
        with context.db.write(context.who, change) as session:
            for again in rehearsed:
                again(session)
            context.db.speak(session, context.who, change)
            call, result = make(context, session, spec, parsed)
            raise _Seen(
                result,
                proposals.preview(call, spec.name, told.args, result) if call.touched else None,
                replace(call.binding, is_replay=True),
            )
    except _Seen as seen:
        timed = replace(told, result=seen.result, duration_ms=elapsed(started))
        if seen.preview is None:
            return calls.store(context, timed)
        rehearsed.append(_again(context, spec, parsed, told, seen.binding))
        return _discard(context, timed, seen.preview)


def _again(context: ToolContext, spec: ToolSpec, parsed: ToolArgs, told: ToolOutcome, binding: Binding) -> Again:
    def again(session: WriteSession) -> None:
        context.db.speak(session, context.who, change_of(context, told))
        make(context, session, spec, parsed, binding)

    return again


def _discard(context: ToolContext, told: ToolOutcome, seen: proposals.Preview) -> ToolOutcome:
    with context.db.store(context.who) as session:
        earlier = calls.claim(session, context, told)
        if earlier is not None:
            return earlier
        done = proposals.store(session, context, told, seen, None)
        done = replace(done, result={**done.result, "would_be": told.result})
        calls.close(session, context, done)
    return done
