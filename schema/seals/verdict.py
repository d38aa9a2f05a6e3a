"""What verifying finds, and how it is told."""

from dataclasses import dataclass, field
from typing import Any

from schema.seals.compare import Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `audit verify` answers."""

    checked: int
    """Events whose leaf was computed anew and compared."""
    sealed: int
    """Events that the seals count."""
    unsealed: int
    """Events that came after the last seal of their tenant."""
    erased: int
    """Events of which personal parts were erased."""
    first_bad: Problem | None

    @property
    def is_ok(self) -> bool:
        return self.first_bad is None

    def to_json(self) -> dict[str, Any]:
        bad = self.first_bad
        return {
            "ok": self.is_ok,
            "checked": self.checked,
            "sealed": self.sealed,
            "unsealed": self.unsealed,
            "erased": self.erased,
            "first_bad": {"event_id": bad.event_id, "problem": bad.problem} if bad else None,
        }


@dataclass
class Findings:
    """What has been found so far."""

    checked: int = 0
    sealed: int = 0
    unsealed: int = 0
    erased: int = 0
    first_bad: Problem | None = field(default=None)

    def bad(self, problem: Problem) -> None:
        """Keeps the problem with the lowest event id; what a row shows comes before what a seal shows."""
        if self.first_bad is None or problem.order < self.first_bad.order:
            self.first_bad = problem

    def bad_seal(self, event_id: int | None, problem: str) -> None:
        """The same for a seal, of which the first event is known or not."""
        self.bad(Problem(event_id, problem, is_of_seal=True))

    def verdict(self) -> Verdict:
        return Verdict(self.checked, self.sealed, self.unsealed, self.erased, self.first_bad)
