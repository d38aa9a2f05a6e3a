"""One line of the table, and the table itself."""

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

Printed by `make bench`. Each ratio's two sides were measured in turn in one run; milliseconds drift between runs, ratios less.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: a ratio where two were measured side by side, else a plain value."""

    what: str
    value: str
    reach: str
    """What the design asks for; empty where it asks for nothing."""
    detail: str
    """The two sides of a ratio, or how a value was taken."""


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = perf_counter()
    action()
    return perf_counter() - started


def side_by_side(one: Callable[[], float], other: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Medians of two measures taken in turn, so that a busy moment falls on both."""
    pairs = [(one(), other()) for _ in range(rounds)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def machine() -> str:
    """What it ran on, for the table's head."""
    cores = os.cpu_count()
    return f"{cores} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what | measured | to reach | how |", "|---|---|---|---|"]
    lines += [f"| {figure.what} | **{figure.value}** | {figure.reach} | {figure.detail} |" for figure in figures]
    return "\n".join(lines)


def write_document(sections: Mapping[str, Sequence[Figure]], order: Sequence[str], document: Path = DOCUMENT) -> None:
    """Writes the tables of parts, where README points; parts that were not measured now keep theirs."""
    known = dict(_sections(document.read_text(encoding="utf-8"))) if document.exists() else {}
    day = datetime.now(UTC).date().isoformat()
    # What else ran meanwhile explains milliseconds that are out of line.
    head = (
        f"Printed on {day}: {machine()}; {os.getloadavg()[2]:.1f} processes at work in the last quarter of an hour.\n\n"
    )
    known |= {part: f"{head}{table(figures)}\n" for part, figures in sections.items()}
    parts = [part for part in order if part in known]
    document.parent.mkdir(exist_ok=True)
    document.write_text(_HEAD + "".join(f"\n## {part}\n\n{known[part]}" for part in parts), encoding="utf-8")


def _sections(document: str) -> Iterator[tuple[str, str]]:
    """Name and body of each part."""
    for section in document.split("\n## ")[1:]:
        name, _, body = section.partition("\n\n")
        yield name, body.rstrip("\n") + "\n"
