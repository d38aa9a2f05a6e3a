"""Conditions joined by "or", and what must not be: "over 200k or in negotiation", "neither won nor lost", "not SMB"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.offline.clause import Clause
from agent.offline.form import AnyOf, Condition, Mention
from agent.offline.grammar.conditions.gathered import Gathered
from agent.offline.grammar.conditions.wording import name_end
from agent.offline.grammar.mentions import mention_of
from agent.offline.words import word_set

One = Callable[[Clause, int, Gathered], int | None]
"""Reads the condition at a position, if one stands there."""
_BETWEEN = word_set("are is who that which they the a an were was have has had we from ones in which")
_NOT = word_set("not isn't aren't wasn't weren't except")


@dataclass(frozen=True, slots=True)
class Span:
    """A condition that was read: its tokens, and which of the conditions gathered are its own."""

    end: int
    first: int


def read_joined(clause: Clause, at: int, found: Gathered, before: Span | None, one: One) -> Span | None:
    """What "or", "either" and "neither" make of the conditions around them."""
    word = clause.word(at)
    if word == "or" and before is not None and before.end == at:
        return _or(clause, at, found, before, one)
    if word == "either":
        return _either(clause, at, found, one)
    if word == "neither":
        return _neither(clause, at, found, one)
    return _not(clause, at, found, one) if word in _NOT else None


def _or(clause: Clause, at: int, found: Gathered, before: Span, one: One) -> Span | None:
    other = _like(found)
    end = one(clause, clause.skip(at + 1, *_BETWEEN), other) or one(clause, at + 1, other)
    first = tuple(found.conditions[before.first :])
    if end is None and (named := _another_name(clause, at + 1, first)):
        found.conditions[before.first :] = [any_of((first, named[0]))]
        return Span(named[1], before.first)
    if end is None or not first or not _can_follow(other, found):
        return None
    found.conditions[before.first :] = [any_of((first, tuple(other.conditions)))]
    return Span(end, before.first)


def _another_name(clause: Clause, at: int, first: tuple[Condition, ...]) -> tuple[tuple[Condition, ...], int] | None:
    """One more record under the condition before: "at Acme or Solvento Energy"."""
    one = first[-1] if first else None
    if one is None or not isinstance(one.value, Mention) or at >= len(clause) or not clause.tokens[at].is_capitalised:
        return None
    end = name_end(clause, at)
    mention = mention_of(clause.cut(at, end), one.value.kinds)
    said = one.said.replace(one.value.spoken, mention.spoken) if mention else ""
    return ((*first[:-1], replace(one, value=mention, said=said)), end) if mention else None


def _either(clause: Clause, at: int, found: Gathered, one: One) -> Span | None:
    """ "either enterprise in Spain or mid market in Italy": all that stands on each side, up to a comma."""
    middle = next(clause.find("or", start=at + 2), 0)
    last = next(clause.find(",", ";", "?", start=middle), len(clause))
    sides = [_all(clause.cut(*part), found, one) for part in ((at + 1, middle), (middle + 1, last))] if middle else []
    if len(sides) != 2 or not all(sides):
        return None
    start = len(found.conditions)
    found.conditions.append(any_of([side for side in sides if side]))
    return Span(last, start)


def _neither(clause: Clause, at: int, found: Gathered, one: One) -> Span | None:
    middle = next(clause.find("nor", start=at + 2), 0)
    first = _all(clause.cut(at + 1, middle), found, one) if middle else None
    second = _like(found)
    end = one(clause, middle + 1, second) if first else None
    if first is None or end is None or not _can_follow(second, found):
        return None
    start = len(found.conditions)
    found.conditions += [none_of(first), none_of(tuple(second.conditions))]
    return Span(end, start)


def _not(clause: Clause, at: int, found: Gathered, one: One) -> Span | None:
    other = _like(found)
    end = one(clause, clause.skip(at + 1, "a", "an", "the", "coming", "in", "yet"), other) or one(clause, at + 1, other)
    if end is None or not _can_follow(other, found):
        return None
    start = len(found.conditions)
    found.conditions.append(none_of(tuple(other.conditions)))
    return Span(end, start)


def _all(clause: Clause, found: Gathered, one: One) -> tuple[Condition, ...] | None:
    """Every condition of a clause; None where a word is none."""
    other, at = _like(found), 0
    while at < len(clause):
        end = one(clause, at, other)
        if end is None and clause.word(at) not in (*_BETWEEN, "and"):
            return None
        at = end or at + 1
    return tuple(other.conditions) if _can_follow(other, found) else None


def _like(found: Gathered) -> Gathered:
    return Gathered(found.kinds, dated_by=found.dated_by, is_dated=found.is_dated)


def _can_follow(other: Gathered, found: Gathered) -> bool:
    return bool(other.conditions) and other.kinds == found.kinds and not (other.order_by or other.limit)


def any_of(groups: Sequence[tuple[Condition, ...]]) -> Condition:
    """One of the groups; a group that is such a choice itself adds its own."""
    flat: list[tuple[Condition, ...]] = []
    for group in groups:
        choice = group[0].value if len(group) == 1 else None
        flat += choice.groups if isinstance(choice, AnyOf) and group[0].op != "not" else [group]
    return Condition("", "or", AnyOf(tuple(flat)), " or ".join(_told(group) for group in flat))


def none_of(group: tuple[Condition, ...]) -> Condition:
    """That none of it holds; a plain value is simply another."""
    one = group[0]
    if len(group) == 1 and one.op == "=" and isinstance(one.value, str) and one.column not in ("tags", "tag"):
        return replace(one, op="!=", said=f"not {one.said}")
    return Condition("", "not", AnyOf((group,)), f"not {_told(group)}")


def _told(group: Sequence[Condition]) -> str:
    return " and ".join(condition.said for condition in group if condition.said)
