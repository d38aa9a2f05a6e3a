"""A person, a Wednesday morning, and what the tools would answer: what all tests of the planner share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic_ai.messages import ToolCallPart, ToolReturnPart

from agent.offline.conversation import Turn
from agent.offline.form import Mention, Puzzled
from agent.offline.plans.steps import Ask, Call, Ending, Step
from agent.offline.replay import next_step
from agent.offline.situation import Situation
from agent.offline.understand import understand

ME = str(UUID(int=1))
SITUATION = Situation(
    now=datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    time_zone="Europe/Berlin",
    currency="EUR",
    fiscal_year_start_month=1,
    user_id=ME,
    user_name="Ada Admin",
    user_email="ada@brightwater.example",
)
WRITING = {
    "create_record", "update_record", "update_records", "delete_record", "restore_record", "merge_records", "undo",
}  # fmt: skip


def only(request: str, situation: Situation = SITUATION) -> Any:
    """The one command a request comes to."""
    meaning = understand(request, situation)
    assert not isinstance(meaning, Puzzled), meaning
    assert len(meaning) == 1, meaning
    return meaning[0]


def plain(value: Any) -> Any:
    """The value, a record that is named as its name after an at sign."""
    return f"@{value.text}" if isinstance(value, Mention) else value


def record(kind: str, number: int, label: str, /, **fields: Any) -> dict[str, Any]:
    """A record as find_records shows it."""
    return {
        "kind": kind,
        "record_id": str(UUID(int=number)),
        "label": label,
        "detail": ", ".join(str(value) for value in fields.values()),
        "score": 1.0,
        "matched": "name",
        "fields": fields,
    }


def found(*records: Mapping[str, Any], ambiguous: bool = False, total: int | None = None) -> dict[str, Any]:
    """A result of find_records."""
    return {
        "records": list(records),
        "ambiguous": ambiguous,
        "total": len(records) if total is None else total,
        "returned": len(records),
        "truncated": total is not None and total > len(records),
        "filters": [],
        "time_zone": "Europe/Berlin",
    }


@dataclass
class Talk:
    """A conversation with the planner, its tools answered by hand."""

    turns: list[Turn] = field(default_factory=list[Turn])
    situation: Situation = SITUATION

    def say(self, prompt: str) -> Step | Ending:
        self.turns.append(Turn(prompt))
        return self.step

    @property
    def step(self) -> Step | Ending:
        return next_step(self.turns, self.situation).step

    @property
    def understood(self) -> str:
        return next_step(self.turns, self.situation).understood

    def answer(self, result: Mapping[str, Any] | str) -> Step | Ending:
        """What the tool that was called answers; a text is its failure."""
        call = self.call
        turn = self.turns[-1]
        part = ToolCallPart(call.tool, dict(call.args), tool_call_id=f"call-{len(turn.calls) + 1}")
        outcome = "failed" if isinstance(result, str) else "success"
        turn.calls.append(part)
        turn.returns[part.tool_call_id] = ToolReturnPart(call.tool, result, part.tool_call_id, outcome=outcome)
        return self.step

    @property
    def call(self) -> Call:
        step = self.step
        assert isinstance(step, Call), step
        return step

    @property
    def question(self) -> Ask:
        step = self.step
        assert isinstance(step, Ask), step
        return step


def run(
    prompt: str, results: Sequence[Mapping[str, Any] | str], situation: Situation = SITUATION
) -> tuple[list[Call], Step | Ending]:
    """The calls a request leads to with these results, and what comes last."""
    talk = Talk(situation=situation)
    step = talk.say(prompt)
    calls: list[Call] = []
    for result in results:
        assert isinstance(step, Call), step
        calls.append(step)
        step = talk.answer(result)
    return calls, step
