"""One run between its opening and its end: every message stored before the next one, every event told."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pydantic_ai
from anyio import to_thread
from pydantic_ai import Agent, DeferredToolRequests, UsageLimits
from pydantic_ai.agent import AgentRun, CallToolsNode, ModelRequestNode
from pydantic_ai.exceptions import UsageLimitExceeded
from pydantic_ai.messages import (
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    ModelMessage,
    ModelRequest,
    ModelResponse,
)
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from agent import store
from agent.events import OnEvent, RunEvent, ignore
from agent.instructions import render_instructions
from agent.mending import mend
from agent.messages import DRY, first_line, reasoning_of
from agent.outputs import OUTPUT_TYPES, Output
from agent.store import OpenRun, Unstored
from agent.telling import args_of, changes_in, told_call, told_piece, told_result, told_whole
from agent.toolset import CrmToolset, RunScope
from guardrails.limits import RunLimits
from schema import audit
from schema.catalog import compact_catalog
from schema.customs import Customs
from schema.session import Row
from tools.context import ToolContext

# Its banner would go to the terminals of our users.
pydantic_ai.BANNER_ENABLED = False

RETRIES_OF_A_REQUEST = 2
"""By the provider's own client, which waits as long as Retry-After says; the run's seconds bound it all."""

_AGENT: Agent[RunScope, Output] = Agent(
    name="crm", deps_type=RunScope, output_type=OUTPUT_TYPES, toolsets=[CrmToolset()], end_strategy="early"
)
_AGENT.output_validator(mend)


@dataclass
class Conduct:
    """A run while it goes on; what it has used up and understood stays readable however it ends."""

    context: ToolContext
    """The run's own: run_id, prompt and model are set."""
    run: OpenRun
    model: Model[Any]
    customs: Customs
    """The tenant's own fields."""
    limits: RunLimits
    on_event: OnEvent
    is_streamed: bool
    """True to ask the provider for its answer piece by piece."""
    understood: str | None = None
    usage: RunUsage = field(default_factory=RunUsage)
    unstored: Unstored = field(default_factory=deque[Row])
    _position: int = 0
    _calls: dict[str, FunctionToolCallEvent] = field(default_factory=dict[str, FunctionToolCallEvent])

    async def to_the_end(self) -> Output:
        """The model's last word, or the calls that wait for a person. Raises whatever stopped it before."""
        scope = RunScope(
            self.context, self.limits.attempts, before_call=self._store_steps, on_proposal=self._tell_proposal
        )
        own = _open_end(self.run.own)
        scope.pass_over(own[:-1])
        self._position = len(self.run.own)
        history = [*await self._history(), *own]
        instructions = render_instructions(self.context.who, self.run.began_at, compact_catalog(self.customs))
        async with (
            self.model,
            _AGENT.iter(
                None if self.run.own else self.context.prompt,
                message_history=history,
                instructions=instructions,
                model=self.model,
                model_settings=ModelSettings(max_retries=RETRIES_OF_A_REQUEST, timeout=self.limits.seconds),
                deps=scope,
                usage_limits=UsageLimits(request_limit=self.limits.requests, tool_calls_limit=self.limits.tool_calls),
                timeout=self.limits.seconds,
                retries={"tools": self.limits.attempts, "output": self.limits.attempts},
                # Each go has its own name: pydantic-ai tells its new messages from earlier ones by it.
                run_id=f"{self.run.run_id}+{self._position}" if self.run.own else str(self.run.run_id),
                conversation_id=str(self.run.conversation_id),
            ) as agent_run,
        ):
            self.usage = agent_run.usage
            await self._follow(agent_run, scope, instructions)
        assert agent_run.result is not None  # noqa: S101  the graph came to its end
        return agent_run.result.output

    async def _history(self) -> list[ModelMessage]:
        if not self.run.goes_on:
            return []
        return await to_thread.run_sync(store.load_history, self.context, self.run, self.limits.earlier_runs)

    @property
    def cost_usd(self) -> Decimal | None:
        return Decimal(0) if self.context.model == "offline" else self.usage.cost

    async def _follow(self, agent_run: AgentRun[RunScope, Output], scope: RunScope, instructions: str) -> None:
        is_stored = bool(self.run.own)
        dealt_with = 0
        async for node in agent_run:
            if isinstance(node, ModelRequestNode):
                dealt_with += 1
                if not is_stored:
                    # pydantic-ai adds the instructions only as it sends; they are kept once, with the first request.
                    self._add(self._request_to_keep(node.request, instructions))
                is_stored = False
                await to_thread.run_sync(self._store_steps)
                await self._request(agent_run, node)
            elif isinstance(node, CallToolsNode):
                if not is_stored:
                    dealt_with += 1
                    self._add(node.model_response)
                    self._tell_whole(node.model_response)
                is_stored = False
                scope.begin_response(node.model_response)
                await self._call_tools(agent_run, node, scope)
        if agent_run.result is None or isinstance(agent_run.result.output, DeferredToolRequests):
            # The answers to a response are stored when all its calls have one.
            return
        for message in agent_run.new_messages()[dealt_with:]:
            self._add(message)

    def _request_to_keep(self, request: ModelRequest, instructions: str) -> ModelRequest:
        if self._position:
            return replace(request, instructions=None)
        return replace(request, instructions=instructions, metadata=DRY if self.context.rehearsed is not None else None)

    def _tell_proposal(self, proposal: dict[str, Any]) -> None:
        self.on_event(RunEvent("proposal", proposal))

    async def _request(self, agent_run: AgentRun[RunScope, Output], node: ModelRequestNode[RunScope, Output]) -> None:
        if not self.is_streamed:
            return
        async with node.stream(agent_run.ctx) as pieces:
            async for piece in pieces:
                if event := told_piece(piece):
                    self.on_event(event)

    def _tell_whole(self, response: ModelResponse) -> None:
        if not self.is_streamed:
            for event in told_whole(response):
                self.on_event(event)

    async def _call_tools(
        self, agent_run: AgentRun[RunScope, Output], node: CallToolsNode[RunScope, Output], scope: RunScope
    ) -> None:
        self.understood = self.understood or first_line(reasoning_of(node.model_response))
        self._check_tokens()
        async with node.stream(agent_run.ctx) as events:
            async for event in events:
                if isinstance(event, FunctionToolCallEvent):
                    self._calls[event.part.tool_call_id] = event
                    self.on_event(told_call(event))
                elif isinstance(event, FunctionToolResultEvent):
                    await self._after_call(event, scope, reasoning_of(node.model_response))

    async def _after_call(self, event: FunctionToolResultEvent, scope: RunScope, reasoning: str | None) -> None:
        call_id = event.part.tool_call_id
        if scope.is_lost(call_id) and call_id in self._calls:
            context = scope.next_call(call_id, reasoning)
            told = str(event.part.content)
            await to_thread.run_sync(self._store_failed_call, context, self._calls[call_id], told)
        self.on_event(told_result(event))
        if (change_ids := changes_in(event)) and self.on_event is not ignore:
            for change in await to_thread.run_sync(self._changes, change_ids):
                self.on_event(RunEvent("change", change))

    def _changes(self, change_ids: list[str]) -> list[dict[str, Any]]:
        with self.context.db.store(self.context.who) as session:
            return audit.changes_in_brief(session, [UUID(change_id) for change_id in change_ids])

    def _check_tokens(self) -> None:
        # pydantic-ai's own check warns on every response of a server that reports no usage.
        if self.usage.total_tokens > self.limits.total_tokens:
            raise UsageLimitExceeded("total_tokens_limit")

    def _add(self, message: ModelMessage) -> None:
        """A response is stored by its first tool call, before that begins, or else with what ends the run."""
        self.unstored.append(store.step_of(self.context, self.run.run_id, self._position, message))
        self._position += 1

    def _store_steps(self) -> None:
        store.add_steps(self.context, self.unstored)

    def _store_failed_call(self, context: ToolContext, call: FunctionToolCallEvent, message: str) -> None:
        self._store_steps()
        store.add_failed_call(context, call.part.tool_name, args_of(call), message)


def _open_end(own: Sequence[ModelMessage]) -> Sequence[ModelMessage]:
    """A resumed run's messages up to the last that something follows from: a last word that was not heard is asked for again."""
    if own and isinstance(own[-1], ModelResponse) and not own[-1].tool_calls:
        return own[:-1]
    return own
