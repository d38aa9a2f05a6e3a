"""Whose records a list is of: "my", "owned by Ben", "unassigned", "does Sofia have"."""

from agent.offline.clause import Clause
from agent.offline.form import Mention
from agent.offline.grammar.conditions.gathered import Gathered, whose
from agent.offline.grammar.conditions.wording import name_end
from agent.offline.grammar.mentions import mention_of
from agent.offline.lexicon.kinds import owner_column
from agent.offline.lexicon.phrases import Phrases

_OWNING = (
    "owned by",
    "belong to",
    "belongs to",
    "that belong to",
    "which belong to",
    "belonging to",
    "assigned to",
    "managed by",
    "run by",
    "handled by",
    "looked after by",
    "led by",
    "by owner",
    "of owner",
    "owner is",
    "owner =",
    "with owner",
    "held by",
    "owner",
    "assignee",
    "assignee is",
    "whose owner is",
)


_MINE_SAID = Phrases.of(
    "my, mine, my own, of mine, i own, i have, owned by me, assigned to me, for me, i am working on, "
    "on my plate, i look after, i manage, belonging to me, that i own, i've got, i am responsible for, "
    "do i have, do i own, am i working on, have i got, i need to do, on my list, in my name, i must do, "
    "i have to do, did i"
)


def read_mine(clause: Clause, at: int, found: Gathered) -> int | None:
    length = clause.length(_MINE_SAID, at)
    column = owner_column(found.kind)
    if not length or column is None:
        return at + length if length and found.kind in ("contact", "organization", "individual", "user") else None
    if not found.has(column):
        found.add(column, "=", Mention("me", ("user",), "me"), "yours")
    return at + length


_DOES_HAVE_SAID = Phrases.of("have, own, manage, working on, got, handle, look after, responsible for, own right now")


def read_does_have(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "does Sofia Rossi have", "is Ben working on", "has Ana got": whose they are, as a question asks it."""
    if (
        clause.word(at) not in ("does", "do", "has", "is", "did")
        or at + 1 >= len(clause)
        or not clause.tokens[at + 1].is_capitalised
    ):
        return None
    for end in range(at + 2, len(clause) + 1):
        length = clause.length(_DOES_HAVE_SAID, end)
        is_late = clause.word(at) == "is" and clause.word(end) in ("late", "behind", "overdue")
        if length or is_late:
            mention = mention_of(clause.cut(at + 1, end), ())
            if mention is None:
                return None
            whose(mention, found)
            return end + length
    return None


_UNOWNED_SAID = Phrases.of(
    "nobody is assigned to, no one is assigned to, nobody assigned to, with nobody assigned, no one owns, "
    "nobody has taken, unassigned, unowned, owned by nobody, owned by no one, without an owner, without owner, "
    "with no owner, no owner, nobody owns, "
    "not assigned, not assigned to anyone, assigned to nobody, assigned to no one, without an assignee, "
    "with no assignee, without assignee"
)


def read_unowned(clause: Clause, at: int, found: Gathered) -> int | None:
    column = owner_column(found.kind)
    length = clause.length(_UNOWNED_SAID, at)
    if not length or column is None:
        return None
    found.add(column, "is", "null", "without an owner")
    return at + length


def read_owned(clause: Clause, at: int, found: Gathered) -> int | None:
    """ "owned by Ben", "assigned to Ana"."""
    length = clause.starts(at, *_OWNING)
    column = owner_column(found.kind)
    if not length or column is None:
        return None
    end = name_end(clause, at + length)
    mention = mention_of(clause.cut(at + length, end), ("user",))
    if mention is None:
        return None
    found.add(column, "=", mention, f"of {mention.spoken}")
    return end
