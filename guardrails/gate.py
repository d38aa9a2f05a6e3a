"""The gate: which writes of an agent wait for a person, as built-in rules over what the write really did."""

from collections.abc import Callable
from dataclasses import dataclass

from guardrails.effects import Effect

MOST_RECORDS = 5
"""Records that one call of an agent may change before a person is asked."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write as its preview showed it."""

    tool: str
    effect: Effect
    count: int
    """Records whose rows it touches."""
    via_agent: bool
    undoes_a_person: bool = False
    """Whether it takes back a change that no agent made."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to ask a person."""

    id: str
    why: str
    """Completes "This waits for a person because …"."""
    matches: Callable[[Write], bool]


RULES: tuple[Rule, ...] = (
    # A hijacked model that deletes one record after another leaves each to a person.
    Rule("deletes", "it deletes", lambda write: write.effect is Effect.DESTROY and write.tool != "merge_records"),
    Rule("merges", "it merges records", lambda write: write.tool == "merge_records"),
    # What a filter finds is not what the model saw; the person sees the rows.
    Rule("by_filter", "a filter chose the records", lambda write: write.tool == "update_records"),
    # Undo would otherwise delete, without asking, whatever a person created.
    Rule("persons_work", "it takes back what a person did", lambda write: write.undoes_a_person),
    Rule("many", f"it changes more than {MOST_RECORDS} records", lambda write: write.count > MOST_RECORDS),
)


def rule_that_asks(write: Write) -> Rule | None:
    """The first rule that wants a person's decision; None lets the write pass. A person's own write always passes."""
    if not write.via_agent or write.count == 0:
        return None
    return next((rule for rule in RULES if rule.matches(write)), None)


def rule_named(rule_id: str) -> Rule:
    """The rule of this id. Raises KeyError."""
    return {rule.id: rule for rule in RULES}[rule_id]
