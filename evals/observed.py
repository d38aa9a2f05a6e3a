"""What a case led to: its runs, what waited on the way, and what the database holds after them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from agent.result import AskResult
from evals.case import Case
from evals.difference import NetChange

Told = Mapping[str, Any]
"""A proposal or a change, as the approvals and the audit log word them."""


@dataclass(frozen=True)
class Waiting:
    """What stood when a run came to wait, or had been rehearsed."""

    proposals: tuple[Told, ...]
    """In full, in the order made."""
    done_already: tuple[NetChange, ...]
    """What differed from before the request although no change of the run tells of it."""


@dataclass(frozen=True)
class Rehearsal:
    """A request asked as a dry run, and then really."""

    shown: tuple[Told, ...]
    """The changes that the dry run showed."""
    done: tuple[Told, ...]
    """Those that were made in the end."""


@dataclass(frozen=True)
class Observed:
    case: Case
    """With its days and oracles worked out."""
    zone: ZoneInfo
    """The asking user's."""
    endings: tuple[AskResult, ...]
    """Each run as it was when it ended or came to wait, in order."""
    waited: tuple[Waiting, ...]
    rehearsed: tuple[Rehearsal, ...]
    approved: tuple[tuple[Told, tuple[Told, ...]], ...]
    """Each approved proposal, with the changes that were then made."""
    undecided: tuple[str, ...]
    """Decisions that did not go as the case says."""
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

    @property
    def runs(self) -> tuple[AskResult, ...]:
        """Each run as it ended last."""
        return tuple({run.run_id: run for run in self.endings}.values())
