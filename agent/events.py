"""Run events: what a person watching a run is shown, in the order it happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

EventKind = Literal[
    "run_started", "text", "reasoning", "tool_call", "tool_result", "proposal", "change", "run_finished", "error"
]


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One event; `fields` are ready for JSON.

    | kind | fields |
    |---|---|
    | run_started | run_id, conversation_id, model |
    | text, reasoning | delta: the next piece of it. Text before a tool call is text too |
    | tool_call | provider_call_id, tool, args |
    | tool_result | provider_call_id, tool, outcome, message (null unless it failed) |
    | change | as in the result's `changes` |
    | error | kind, message |
    | run_finished | the whole result |
    """

    kind: EventKind
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


OnEvent = Callable[[RunEvent], None]


def ignore(_: RunEvent) -> None:
    """For a run that nobody watches."""
