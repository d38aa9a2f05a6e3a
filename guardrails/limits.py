"""Bounds on a run, and the one sentence each of them ends in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What one run may use up; whatever it changed before a limit stopped it stays, is listed and can be undone."""

    requests: int = 12
    """Model requests."""
    tool_calls: int = 30
    total_tokens: int = 200_000
    """Input and output tokens of all requests together, as the provider counts them."""
    seconds: float = 120
    """From the first model request to the answer, waiting for the provider included."""
    request_characters: int = 32_000
    """Length of what the person asks."""
    attempts: int = 3
    """How often a model may get the same tool's arguments, or its answer, wrong before the run ends."""
    earlier_runs: int = 12
    """How many runs of a conversation the model is shown again."""


DEFAULT_LIMITS = RunLimits()


@dataclass(frozen=True, slots=True)
class WriteLimits:
    """What one call may change."""

    records: int = 5_000
    """Records that a filter may pick."""
    merged: int = 20
    """Records that one other may take in."""


WRITE_LIMITS = WriteLimits()


@dataclass(frozen=True, slots=True)
class SqlLimits:
    """What one query may take."""

    rows: int = 200
    """Rows returned when nobody says how many."""
    most_rows: int = 10_000
    characters: int = 2_000_000
    """Of all rows as JSON."""
    characters_for_models: int = 60_000
    """The same, where a model reads them: some 15,000 tokens."""
    seconds: float = 10
    """For all of it: the plan, the rows, the count of the rest, and what is asked for its notes."""
    cost: float = 20_000_000
    """The planner's estimate; a sequential scan of a million opportunities is about 50,000."""
    collected: float = 512_000_000
    """Bytes, estimated too, that become one text, array or document."""


SQL_LIMITS = SqlLimits()
