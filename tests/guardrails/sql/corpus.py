"""Texts to try the guard with: what must pass, what must not and by which rule, and what databases read differently."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from guardrails.sql import GuardedQuery, Refused, guard
from schema.database import Audience

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def lines(name: str) -> Sequence[str]:
    """The lines of a file of this folder, without comments; a backslash and n stand for a new line."""
    found = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in found if line.strip() and not line.startswith("--")]


LEGITIMATE = [*lines("legitimate.sql"), *lines("analytical.sql")]
DIFFERENTIALS = lines("differentials.sql")
ATTACKS = [(rule, text) for rule, _, text in (line.partition(" | ") for line in lines("attacks.txt"))]
ELSEWHERE = [tuple(line.split(" | ", 2)) for line in lines("elsewhere.txt")]
PRIVATE = [(rule, text) for rule, _, text in (line.partition(" | ") for line in lines("private.txt"))]


def judged(text: str, audience: Audience = "person") -> GuardedQuery | Refused:
    """The guard's answer at the tests' moment."""
    return guard(text, clock=NOW, zone=ZONE, audience=audience)


def passed(text: str) -> GuardedQuery:
    """The guarded query of a text that must pass."""
    answer = judged(text)
    assert isinstance(answer, GuardedQuery), f"{text}: {answer}"
    return answer
