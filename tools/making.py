"""A tool's function run in a session: at one moment, with ids that can be given again."""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID

from schema.session import Change, ReadSession
from schema.world import World
from tools.calls import ToolOutcome
from tools.context import Binding, Call, ToolContext
from tools.registry import ToolArgs, ToolSpec


def make(
    context: ToolContext, session: ReadSession, spec: ToolSpec, parsed: ToolArgs, binding: Binding | None = None
) -> tuple[Call, dict[str, Any]]:
    """The call and what it returns; with the binding of a preview it creates and finds what that did."""
    bound = binding or Binding()
    moment = context.world.now()
    world = World(lambda: moment, bound.ids(context.world.new_id))
    call = Call(replace(context, world=world), session, binding=bound)
    return call, spec.run(call, parsed)


def change_of(context: ToolContext, told: ToolOutcome, approval_id: UUID | None = None) -> Change:
    """What the audit log says of the call's changes."""
    return Change(
        operation_id=told.tool_call_id,
        reason=told.reason or "",
        via_agent=context.via_agent,
        run_id=context.run_id,
        tool_call_id=told.tool_call_id,
        tool=told.tool,
        approval_id=approval_id,
        prompt=context.prompt,
        reasoning=context.reasoning,
        model=context.model,
    )


def elapsed(started: float) -> float:
    """Milliseconds since `started`, a reading of time.perf_counter."""
    return round((time.perf_counter() - started) * 1000, 3)
