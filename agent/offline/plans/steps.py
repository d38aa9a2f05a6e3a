"""What a plan yields and how it ends."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agent.offline.form import Analysis, ListOf

Record = Mapping[str, Any]
"""A record as tools show it: kind, record_id, label, detail, fields."""


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call; the plan gets its result back."""

    tool: str
    args: Mapping[str, Any]
    why: str = ""
    """Told beside the call: what it is for."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Several calls made together, so that a person decides on all of them at once; the plan gets a list of results."""

    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a call of several says that failed."""

    message: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the person; the plan gets what `reads` makes of the answer."""

    question: str
    options: tuple[str, ...]
    reads: Callable[[str], Any]
    """None when the words are no answer to this question, but a new request."""


@dataclass(frozen=True, slots=True)
class Say:
    """The end: an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Decline:
    """The end: not done, and why."""

    why: str


Ending = Say | Decline
Step = Call | Calls | Ask
Result = TypeVar("Result")
Plan = Generator[Step, Any, Result]


class Ended(Exception):
    """The plan cannot go on; its ending says why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__()
        self.ending = ending


class CallFailed(Exception):
    """A tool call failed; the message is the tool's own sentence."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record that a tool result of the conversation showed."""

    kind: str
    record_id: str
    label: str
    record: Record = field(default_factory=dict[str, Any])


@dataclass(slots=True)
class Memory:
    """What the conversation has shown so far, the latest last."""

    seen: list[Seen] = field(default_factory=list[Seen])
    listed: list[Seen] = field(default_factory=list[Seen])
    """The last list the person was shown."""
    turns_changes: list[list[str]] = field(default_factory=list[list[str]])
    """Ids of changes, turn by turn."""
    turns_last: list[list[str]] = field(default_factory=list[list[str]])
    """Of each turn's changes, those of its last call; empty where it made none."""
    turns_record: list[str] = field(default_factory=list[str])
    """A record that each turn's last call changed; empty where it made none."""
    merges: list[str] = field(default_factory=list[str])
    """A change of each merge that was made."""
    waits: bool = False
    """True when a change of the turn before waits for a person."""
    deleted: list[Seen] = field(default_factory=list[Seen])
    list_before: ListOf | None = None
    """The last list that was asked for, which "only mine" and "more" go on from."""
    listed_so_far: int = 0
    analysis_before: Analysis | None = None
    """The last question that was answered with worked out numbers."""

    def begin_turn(self) -> None:
        self.turns_changes.append([])
        self.turns_last.append([])
        self.turns_record.append("")

    def note(self, tool: str, result: Mapping[str, Any]) -> None:
        """Remembers what a tool result shows."""
        records: Sequence[Record] = result.get("records") or ([result["record"]] if result.get("record") else [])
        shown = [Seen(r["kind"], r["record_id"], r.get("label") or "", r) for r in records if r.get("record_id")]
        if tool == "delete_record":
            self.deleted.extend(shown)
            self.seen = [seen for seen in self.seen if seen.record_id not in {s.record_id for s in shown}]
        elif tool == "find_records" and len(shown) > 1 and result.get("records", [{}])[0].get("score") is None:
            self.listed = shown
        elif shown and not (tool == "find_records" and result.get("ambiguous")):
            self.seen = [seen for seen in self.seen if seen.record_id != shown[0].record_id] + shown[:1]
        if result.get("changes") and self.turns_changes:
            self.turns_changes[-1].extend(result["changes"])
            self.turns_last[-1] = list(result["changes"])
            changed = [*shown, *(Seen(each["kind"], each["record_id"], "") for each in _changed(result))]
            self.turns_record[-1] = changed[0].record_id if changed else ""
            self.merges += result["changes"][:1] if tool == "merge_records" else []

    def latest(self, kinds: Sequence[str]) -> Seen | None:
        """The record last spoken of, of one of the kinds; colleagues only when asked for."""
        fits = [s for s in self.seen if (s.kind in kinds if kinds else s.kind != "user")]
        return fits[-1] if fits else None


def _changed(result: Mapping[str, Any]) -> list[Record]:
    """Records that a call to many, or an undo, says it changed."""
    told = [*(result.get("sample") or ()), *(result.get("undone") or ())]
    return [each for each in told if each.get("record_id") and each.get("kind")]
