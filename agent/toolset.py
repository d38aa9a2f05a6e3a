"""The tools as pydantic-ai sees them: one road to `tools.execute`, the same that CLI, REST and MCP take."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, cast

from anyio import to_thread
from pydantic_ai import ApprovalRequired, RunContext, ToolFailed
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
from pydantic_core import SchemaValidator, core_schema

from agent.messages import reasoning_of
from agent.wire_text import storable
from schema.cancelling import Cancellation
from tools.calls import ToolOutcome
from tools.context import ToolContext
from tools.execute import execute
from tools.registry import REGISTRY

# The tools check their arguments themselves, and word what is wrong for model and person alike.
_ANY_OBJECT = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))


@dataclass
class RunScope:
    """What the calls of one run share."""

    context: ToolContext
    """The run's own: its id, prompt and model are set, its calls are not."""
    attempts: int
    """How often arguments that are no JSON object are told back to the model."""
    calls: int = 0
    """Calls so far, refused ones included."""
    seen: set[str] = field(default_factory=set[str])
    _open: dict[str, deque["_Named"]] = field(default_factory=dict[str, deque["_Named"]])
    """The calls of the response at hand that have not reached their tool yet, by the provider's id."""
    _results: Counter[str] = field(default_factory=Counter[str])
    is_asked_to_mend: bool = False
    """True once the model was told which numbers of its answer nothing bears out."""
    before_call: Callable[[], None] = lambda: None
    """Stores what led to a call, in the call's own thread."""
    on_proposal: Callable[[dict[str, Any]], None] = lambda _: None
    """Told of each call that waits for a person, or in a dry run of each write."""

    def begin_response(self, response: ModelResponse) -> None:
        """Names the response's calls by the responses alone, so that a resumed run gives each its name again.

        Some servers number the calls of every response afresh; within a run each needs an id of its own, because the
        id is what keeps a call from being made twice.
        """
        self._open.clear()
        self._results.clear()
        for call in response.tool_calls:
            self._open.setdefault(call.tool_call_id, deque()).append(self._name(call.tool_call_id))

    def pass_over(self, messages: Sequence[ModelMessage]) -> None:
        """Counts the calls of a resumed run's earlier responses."""
        for message in messages:
            if isinstance(message, ModelResponse):
                self.begin_response(message)

    def next_call(self, provider_call_id: str, reasoning: str | None) -> ToolContext:
        """The context of the run's next call with this id."""
        waiting = self._open.get(provider_call_id)
        named = waiting.popleft() if waiting else self._name(provider_call_id)
        self._results[provider_call_id] -= 1
        return replace(self.context, provider_call_id=named.unique_id, reasoning=reasoning, position=named.position)

    def is_lost(self, provider_call_id: str) -> bool:
        """Told of each result, whether its call never reached a tool."""
        self._results[provider_call_id] += 1
        return self._results[provider_call_id] > 0

    def _name(self, provider_call_id: str) -> "_Named":
        unique = provider_call_id if provider_call_id not in self.seen else f"{provider_call_id}#{self.calls}"
        self.seen.add(unique)
        self.calls += 1
        return _Named(unique, self.calls - 1)


@dataclass(frozen=True, slots=True)
class _Named:
    """A call's id and place in its run."""

    unique_id: str
    position: int


@cache
def _definitions() -> tuple[ToolDefinition, ...]:
    return tuple(
        ToolDefinition(
            name=spec.name,
            description=spec.description,
            parameters_json_schema=spec.input_schema(),
            # One after another: what a call wrote, the next one of the same response must see.
            sequential=True,
            metadata={"effect": str(spec.effect)},
        )
        for spec in REGISTRY.values()
    )


class CrmToolset(AbstractToolset[RunScope]):
    """Every registered tool. What fails is told to the model as a sentence, and is never retried for it."""

    @property
    def id(self) -> str:
        return "crm"

    async def get_tools(self, ctx: RunContext[RunScope]) -> dict[str, ToolsetTool[RunScope]]:
        return {
            definition.name: ToolsetTool(
                toolset=self, tool_def=definition, max_retries=ctx.deps.attempts, args_validator=_ANY_OBJECT
            )
            for definition in _definitions()
        }

    async def call_tool(
        self,
        name: str,
        tool_args: dict[str, Any],
        ctx: RunContext[RunScope],
        tool: ToolsetTool[RunScope],  # noqa: ARG002  part of the protocol
    ) -> Any:
        context = ctx.deps.next_call(ctx.tool_call_id or "", _reasoning(ctx))
        cancellation = Cancellation()
        context = replace(context, cancellation=cancellation)
        try:
            # In a thread that goes on when the run is stopped: a change is made whole or not at all, a query is stopped.
            outcome = await to_thread.run_sync(_execute, ctx.deps, context, name, storable(tool_args))
        except asyncio.CancelledError:
            cancellation.cancel()
            raise
        if outcome.error is not None:
            _, message = outcome.error
            raise ToolFailed(message)
        if outcome.outcome != "proposed":
            return shortened(outcome.result)
        ctx.deps.on_proposal(outcome.result["proposal"])
        if context.rehearsed is not None:
            return outcome.result["would_be"]
        raise ApprovalRequired(metadata={"approval_id": outcome.result["proposal"]["approval_id"]})


LONGEST_LIST = 100
"""Items of a list that a model or a watcher is told; rows of a query have a limit of their own."""


def shortened(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with its long lists cut, each beside how many there are in all; the stored result has them whole."""
    told: dict[str, Any] = dict(result)
    for name in ("changes", "undone", "conflicts"):
        items = told.get(name)
        if isinstance(items, list) and len(cast("list[Any]", items)) > LONGEST_LIST:
            told |= {
                name: items[:LONGEST_LIST],
                f"{name}_total": told.get(f"{name}_total", len(cast("list[Any]", items))),
            }
    return told


def _execute(scope: RunScope, context: ToolContext, name: str, args: dict[str, Any]) -> ToolOutcome:
    scope.before_call()
    return execute(context, name, args)


def _reasoning(ctx: RunContext[RunScope]) -> str | None:
    last = next((message for message in reversed(ctx.messages) if isinstance(message, ModelResponse)), None)
    return reasoning_of(last) if last else None
