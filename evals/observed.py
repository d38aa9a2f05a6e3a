"""What a case led to: its runs, and what the database holds after them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from agent.result import AskResult
from evals.case import Case
from evals.difference import NetChange


@dataclass(frozen=True)
class Observed:
    case: Case
    """With its days and oracles worked out."""
    zone: ZoneInfo
    """The asking user's."""
    runs: tuple[AskResult, ...]
    net: tuple[NetChange, ...]
    """How the end state differs from the state the case began with."""
    label_of: Callable[[str], str | None]
    """What a record or user is called in the end, by id."""
    logged: tuple[str, ...]
    """The changes of the runs in order, as `action kind label`."""
    problems: tuple[str, ...]
    """Where rows, log, registry and tool calls do not agree, and agent's events that explain nothing."""
    sql_rows: tuple[list[list[Any]], ...]
    """What the case's queries found."""
