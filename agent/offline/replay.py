"""Replaying plans over a conversation: each is run again over the results that are there, up to its next step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.messages import WAITING
from agent.offline.conversation import Exchange, Turn
from agent.offline.form import Meaning, Puzzled
from agent.offline.grammar.deciding import spoken_decision
from agent.offline.plans.perform import perform
from agent.offline.plans.resolve import Desk
from agent.offline.plans.steps import Ask, Call, CallFailed, Calls, Decline, Ending, Failure, Memory, Plan, Step
from agent.offline.situation import Situation
from agent.offline.telling import understood_line
from agent.offline.understand import understand


@dataclass(slots=True)
class _Running:
    """A plan between two steps."""

    plan: Plan[Ending]
    understood: str
    step: Step | Ending
    results: list[Any] = field(default_factory=list[Any])
    """Of the calls made together, those that came back."""

    @classmethod
    def begun(cls, plan: Plan[Ending], understood: str) -> "_Running":
        return cls(plan, understood, _advanced(lambda: next(plan)))

    @property
    def expects(self) -> str | None:
        """The tool whose result comes next."""
        match self.step:
            case Call(tool=tool):
                return tool
            case Calls(calls=calls):
                return calls[len(self.results)].tool
            case _:
                return None

    def take(self, result: Any) -> None:
        """One result of a call, or its Failure."""
        if isinstance(self.step, Calls):
            self.results.append(result)
            if len(self.results) == len(self.step.calls):
                results, self.results = self.results, []
                self.resume(results)
        elif isinstance(result, Failure):
            self.fail(result.message)
        else:
            self.resume(result)

    def resume(self, value: Any) -> None:
        self.step = _advanced(lambda: self.plan.send(value))

    def fail(self, message: str) -> None:
        self.step = _advanced(lambda: self.plan.throw(CallFailed(message)))


def _advanced(go: Callable[[], Step]) -> Step | Ending:
    """What a plan yields when it goes on, or how it ends."""
    try:
        return go()
    except StopIteration as stop:
        return stop.value


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done now."""

    step: Step | Ending
    understood: str


def next_step(turns: Sequence[Turn], situation: Situation) -> Next:
    """The step that follows all that has happened; the same for the same conversation."""
    memory = Memory()
    running: _Running | None = None
    for turn in turns:
        memory.begin_turn()
        running = _taken_up(running, turn, situation, memory)
        memory.waits = memory.waits and not turn.calls
        for exchange in turn.exchanges():
            running = _fed(running, exchange, memory)
    if running is None:
        return Next(Decline("I lost track of this request; please say it again."), "")
    return Next(running.step, running.understood)


def _taken_up(before: _Running | None, turn: Turn, situation: Situation, memory: Memory) -> _Running:
    """The plan of a turn: the one that asked, if the prompt answers it, else a new one."""
    if before is not None and isinstance(before.step, Ask):
        answer = before.step.reads(turn.prompt)
        if answer is not None:
            before.resume(answer)
            return before
    meaning: Meaning = understand(turn.prompt, situation)
    if memory.waits and isinstance(meaning, Puzzled):
        meaning = spoken_decision(turn.prompt) or meaning
    desk = Desk(situation, memory, turn.prompt)
    return _Running.begun(perform(desk, meaning), understood_line(meaning, situation))


def _fed(running: _Running | None, exchange: Exchange, memory: Memory) -> _Running | None:
    """The plan after one more result; None when another model made that call, and there is no plan to follow."""
    if exchange.result is not None:
        memory.note(exchange.tool, exchange.result)
    else:
        memory.waits = memory.waits or exchange.failure == WAITING
    if running is None or running.expects != exchange.tool:
        return None
    running.take(Failure(exchange.failure) if exchange.result is None else exchange.result)
    return running
