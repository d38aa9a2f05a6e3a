"""What a list's words come to: conditions, order and limit, and the columns that say whose a record is."""

from dataclasses import dataclass, field, replace

from agent.offline.clause import Clause
from agent.offline.form import Condition, ListOf, Mention
from agent.offline.grammar.mentions import name_in
from agent.offline.lexicon.fields import fields_of
from agent.offline.lexicon.kinds import COMPANIES, LEADS, label_column, owner_column


@dataclass(slots=True)
class Gathered:
    """What a list's words came to so far."""

    kinds: tuple[str, ...]
    conditions: list[Condition] = field(default_factory=list[Condition])
    order_by: str | None = None
    limit: int | None = None
    superlative: str = ""
    """A word such as "biggest" for which the kind has no column of its own."""
    remark: str = ""
    dated_by: str | None = None
    """Column that a date without a word of its own is about."""
    is_dated: bool = False
    """Whether the list's words hold a date at all."""
    not_understood: list[str] = field(default_factory=list[str])

    @property
    def kind(self) -> str:
        return self.kinds[0]

    def add(self, column: str, op: str, value: str | Mention | ListOf, said: str) -> None:
        self.conditions.append(Condition(column, op, value, said))

    def has(self, *columns: str) -> bool:
        return any(condition.column in columns for condition in self.conditions)


def name_mention(part: Clause, found: Gathered) -> Mention:
    kinds = COMPANIES if found.kind in (*LEADS, "contact", "individual", "account") else ()
    return Mention(name_in(part), kinds, as_said=part.said())


def about(mention: Mention, found: Gathered) -> None:
    """The condition that a record has to do with another: its account, or what it is about."""
    if mention.refers == "me":
        column = owner_column(found.kind) or "created_by"
        found.add(column, "=", mention, "yours")
    elif "account_id" in fields_of(found.kind) and found.kind != "interaction":
        found.add("account_id", "=", mention, f"of {mention.spoken}")
    elif found.kind == "account":
        found.add("name", "~", mention.text, f"named {mention.spoken}")
    elif "about_id" in fields_of(found.kind):
        found.add("about_id", "=", mention, f"about {mention.spoken}")
    else:
        found.add(label_column(found.kind), "~", mention.text, f"named {mention.spoken}")


def whose(mention: Mention, found: Gathered) -> None:
    """The condition that a record is somebody's: a user owns it, or it belongs to another record."""
    found.add(
        "whose",
        "=",
        replace(mention, kinds=("user", "account", "contact"), where=()),
        f"of {mention.spoken}",
    )
