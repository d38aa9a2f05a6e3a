"""The one path by which agent, CLI, REST and MCP run a tool."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from traceback import format_exc
from typing import Any, cast
from uuid import UUID

import structlog

from guardrails import rights
from guardrails.effects import Effect
from guardrails.gate import Rule, Write, rule_that_asks
from schema.errors import CrmError
from schema.metrics import TOOL_CALLS
from tools import calls, proposals, rehearsal
from tools.arguments import parse_args, unknown_name
from tools.calls import ToolOutcome
from tools.context import Call, ToolContext
from tools.failures import as_crm_error
from tools.making import change_of, elapsed, make
from tools.records.changes import changes_of, has_persons_change
from tools.registry import REGISTRY, Result, ToolArgs, ToolSpec

log = structlog.get_logger(__name__)

LARGEST_ARGS = 1_000_000
"""Characters of JSON: more is a slip or an attack, and the log would keep it for ever."""


def execute(context: ToolContext, name: str, args: Mapping[str, Any]) -> ToolOutcome:
    """Runs a tool for `context.who`; never raises for what goes wrong inside, but says it in the outcome.

    A change, its audit events and the call's outcome are one transaction. A call that its run has made before, by
    provider_call_id, returns what it returned then, and does nothing.
    """
    started = time.perf_counter()
    spec = REGISTRY.get(name)
    done = _executed(context, spec, name, args, started)
    # A name that is no tool's is whatever a model wrote.
    TOOL_CALLS.labels(tool=spec.name if spec else "unknown", outcome=done.outcome).observe(
        time.perf_counter() - started
    )
    return done


def _executed(
    context: ToolContext, spec: ToolSpec | None, name: str, args: Mapping[str, Any], started: float
) -> ToolOutcome:
    told = ToolOutcome(
        tool_call_id=context.tool_call_id or context.world.new_id(),
        tool=name[:100],
        args=args,
        effect=spec.effect if spec else Effect.READ,
        outcome="ok",
        result={},
        reason=args["reason"] if isinstance(args.get("reason"), str) else None,
    )
    try:
        try:
            return _run(context.with_call(told.tool_call_id), spec, told, started)
        except calls.LeftOpen as left:
            told = replace(told, tool_call_id=left.tool_call_id)
            return _run(context.with_call(told.tool_call_id), spec, told, started)
    except Exception as error:  # noqa: BLE001 — whatever a tool raises is told as one sentence, and logged
        return _failed(context, told, as_crm_error(error), started)


def _run(context: ToolContext, spec: ToolSpec | None, told: ToolOutcome, started: float) -> ToolOutcome:
    if spec is None:
        raise CrmError("invalid", unknown_name("There is no tool", told.tool, REGISTRY, "The tools are"))
    _check_storable(told.args)
    rights.check_scope(context.who.role, context.scopes, spec.scope)
    parsed = parse_args(spec, told.args)
    if context.rehearsed is not None:
        return rehearsal.rehearse(context, context.rehearsed, spec, parsed, told, started)
    if spec.effect is Effect.READ:
        return _read(context, spec, parsed, told, started)
    return _write(context, spec, parsed, told, started)


def _read(context: ToolContext, spec: ToolSpec, parsed: ToolArgs, told: ToolOutcome, started: float) -> ToolOutcome:
    with context.db.read(context.who, context.audience) as session:
        _, result = make(context, session, spec, parsed)
    return calls.store(context, replace(told, result=result, duration_ms=elapsed(started)))


def _write(context: ToolContext, spec: ToolSpec, parsed: ToolArgs, told: ToolOutcome, started: float) -> ToolOutcome:
    try:
        with context.db.write(context.who, change_of(context, told)) as session:
            earlier = calls.claim(session, context, told)
            if earlier is not None:
                return earlier
            call, result = make(context, session, spec, parsed)
            if rule := rule_that_asks(_write_of(call, spec, result)):
                raise _Waits(proposals.preview(call, spec.name, told.args, result), rule)
            result["changes"] = changes_of(call)
            done = replace(told, result=result, duration_ms=elapsed(started))
            calls.close(session, context, done)
        return done
    except _Waits as waits:
        return _propose(context, told, waits, started)


def _write_of(call: Call, spec: ToolSpec, result: Result) -> Write:
    """What the gate looks at."""
    undone = [UUID(each["change_id"]) for each in result.get("undone", ())] if call.context.via_agent else []
    return Write(
        tool=spec.name,
        effect=spec.effect,
        count=len(call.touched),
        via_agent=call.context.via_agent,
        undoes_a_person=bool(undone) and has_persons_change(call.session, undone),
    )


class _Waits(Exception):
    """Takes the previewed change back on its way out of the transaction."""

    def __init__(self, seen: proposals.Preview, rule: Rule) -> None:
        super().__init__(rule.id)
        self.seen = seen
        self.rule = rule


def _propose(context: ToolContext, told: ToolOutcome, waits: _Waits, started: float) -> ToolOutcome:
    with context.db.store(context.who) as session:
        earlier = calls.claim(session, context, told)
        if earlier is not None:
            return earlier
        timed = replace(told, duration_ms=elapsed(started))
        done = proposals.store(session, context, timed, waits.seen, waits.rule)
        calls.close(session, context, done)
    return done


def _failed(context: ToolContext, told: ToolOutcome, error: CrmError, started: float) -> ToolOutcome:
    """Stores the failure in a transaction of its own, since the call's own was rolled back."""
    done = replace(
        told,
        outcome="denied" if error.kind == "denied" else "failed",
        result={
            "error": {"kind": error.kind, "message": error.message, **({"rule": error.rule} if error.rule else {})}
        },
        duration_ms=elapsed(started),
    )
    kept = done if _size(done.args) <= LARGEST_ARGS else replace(done, args={"omitted": "too large to keep"})
    try:
        stored = calls.store(context.with_call(done.tool_call_id), kept)
    except Exception:  # noqa: BLE001  the failure itself is what has to be told
        # As text: a renderer of exc_info may show local variables, and so what people asked.
        log.error(  # noqa: TRY400
            "tool_call_not_stored", tool=done.tool, trace=format_exc()
        )
        return done
    return stored if stored.is_replay else done


def _check_storable(args: Mapping[str, Any]) -> None:
    if _size(args) > LARGEST_ARGS:
        raise CrmError("limit", f"The arguments are longer than {LARGEST_ARGS:,} characters; send less at a time.")
    if any(re.search("[\x00\ud800-\udfff]", text) for text in _texts(args)):
        raise CrmError(
            "invalid",
            "The arguments hold a character that cannot be stored: a null byte, or half of one.",
            rule="characters",
        )


def _texts(value: object) -> Iterator[str]:
    """Every text inside a JSON value."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, each in cast("Mapping[object, object]", value).items():
                yield from _texts(key)
                yield from _texts(each)
        case list():
            for each in cast("list[object]", value):
                yield from _texts(each)
        case _:
            pass


def _size(args: Mapping[str, Any]) -> int:
    return len(json.dumps(args, default=str))
