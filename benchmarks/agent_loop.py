"""What our loop costs over pydantic-ai's own: the same instant model, with and without everything a run keeps."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from functools import partial

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from sqlalchemy import insert

from agent.loop import ask_async
from agent.models import ModelChoice
from agent.outputs import OUTPUT_TYPES, Output
from agent.toolset import CrmToolset, RunScope
from benchmarks.installation import Server
from benchmarks.report import Figure, seconds, side_by_side
from schema.models import Account
from schema.session import Change
from schema.tenants import NewTenant, create_tenant
from tools.context import ToolContext

RUNS = 40
ROUNDS = 3
STEPS = 3


def measure(server: Server) -> Generator[Figure]:
    """A find, a write and an answer: three steps, two tool calls."""
    desk = _desk(server)
    with asyncio.Runner() as runner:
        ours = lambda: runner.run(_each(partial(_our_run, desk)))  # noqa: E731
        bare = lambda: runner.run(_each(_bare_run))  # noqa: E731
        tools = lambda: runner.run(_each(partial(_tools_run, desk)))  # noqa: E731
        for warm_up in (ours, bare, tools):
            warm_up()
        ours_took, bare_took = side_by_side(partial(seconds, ours), partial(seconds, bare), ROUNDS)
        tools_took, _ = side_by_side(partial(seconds, tools), partial(seconds, bare), ROUNDS)
    step = 1000 / (RUNS * STEPS)
    loop, called, kept = bare_took, max(0.0, tools_took - bare_took), max(0.0, ours_took - tools_took)
    yield Figure(
        "our agent ÷ bare pydantic-ai, a step with an instant model",
        f"{ours_took / bare_took:.1f}×",
        "≤ 3×",
        f"{ours_took * step:.2f} ÷ {bare_took * step:.2f} ms; of ours pydantic-ai {loop / ours_took:.0%},"
        f" tools with database and audit {called / ours_took:.0%}, keeping run, steps and result {kept / ours_took:.0%}",
    )
    desk.db.close()


async def _each(run: Callable[[], Awaitable[None]]) -> None:
    for _ in range(RUNS):
        await run()


async def _our_run(desk: ToolContext) -> None:
    result = await ask_async(desk, "Note the call", model=ModelChoice("instant", lambda _: FunctionModel(_instant)))
    if result.status != "completed" or len(result.changes) != 1:
        raise RuntimeError(result)


async def _tools_run(desk: ToolContext) -> None:
    """Our tools under pydantic-ai's loop, with nothing kept of the run."""
    agent: Agent[RunScope, Output] = Agent(
        FunctionModel(_instant), deps_type=RunScope, output_type=OUTPUT_TYPES, toolsets=[CrmToolset()]
    )
    await agent.run("Note the call", deps=RunScope(desk, 1))


async def _bare_run() -> None:
    agent = Agent(FunctionModel(_instant))

    @agent.tool_plain
    def find_records(query: str) -> dict[str, object]:
        return {"records": [{"kind": "account", "record_id": "x", "label": query}], "total": 1}

    @agent.tool_plain
    def create_record(kind: str, fields: dict[str, str], reason: str) -> dict[str, object]:
        return {"created": True, "record": {"kind": kind, "fields": fields, "reason": reason}}

    await agent.run("Note the call")


def _instant(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
    returned = [part for message in messages for part in message.parts if isinstance(part, ToolReturnPart)]
    match len(returned):
        case 0:
            return ModelResponse([ToolCallPart("find_records", {"query": "Acme"}, "call-1")])
        case 1:
            note = {"kind": "note", "fields": {"body": "Called"}, "reason": "Asked for"}
            return ModelResponse([ToolCallPart("create_record", note, "call-2")])
        case _:
            return ModelResponse([TextPart("Done.")])


def _desk(server: Server) -> ToolContext:
    db = server.make("agent_loop")
    who = create_tenant(db, NewTenant("loop", "Loop", "a@loop.example", "Ada"))
    now = db.world.now()
    with db.write(who, Change(db.world.new_id(), "Set up")) as session:
        session.execute(
            insert(Account).values(
                tenant_id=who.tenant_id, id=db.world.new_id(), name="Acme", created_at=now, updated_at=now
            )
        )
    return ToolContext(db=db, world=db.world, who=who, channel="eval")
