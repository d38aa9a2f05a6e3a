"""Conditions of a list: every word of it must be one, or it is not understood."""

from collections.abc import Callable

from agent.offline.clause import Clause
from agent.offline.grammar.conditions.customs import read_option, read_own
from agent.offline.grammar.conditions.either import Span, read_joined
from agent.offline.grammar.conditions.features import (
    read_called,
    read_field_is,
    read_lacking,
    read_reason,
    read_source,
    read_tagged,
    read_with_record,
)
from agent.offline.grammar.conditions.gathered import Gathered, about, name_mention
from agent.offline.grammar.conditions.measures import read_amount, read_currency
from agent.offline.grammar.conditions.nested import read_nested, through_company
from agent.offline.grammar.conditions.ordering import read_limit, read_order
from agent.offline.grammar.conditions.owning import read_does_have, read_mine, read_owned, read_unowned
from agent.offline.grammar.conditions.placing import read_department, read_industry, read_place
from agent.offline.grammar.conditions.standing import (
    read_choices,
    read_direction,
    read_outcome,
    read_overdue,
    read_status,
)
from agent.offline.grammar.conditions.timing import read_aged, read_dated, read_silent
from agent.offline.grammar.conditions.undone import read_deed
from agent.offline.lexicon.fields import fields_of
from agent.offline.text import Shape
from agent.offline.typos import mended
from agent.offline.words import word_set

_FILLERS = word_set(
    "the a an that which who are is were was have has had been be all every of our we currently there "
    "records record ones those these any do does did please right now still yet , . ? ! and also i me us "
    "total existing present our in crm system database list listed whose us for exactly ever so far to "
    "anything everything with get got receive received log logged make made take took place happen overall "
    "should will might would could send we've i've we're got must - know"
)


def gather(clause: Clause, found: Gathered, *, before_kind: bool = False) -> None:
    """Reads every condition of a clause into `found`; what is none of them goes to `not_understood`."""
    at = 0
    unknown: list[int] = []
    span: Span | None = None
    while at < len(clause):
        first, after = len(found.conditions), _one(clause, at, found)
        joined = None if after else read_joined(clause, at, found, span, _one)
        if after or joined:
            span = joined or Span(after or at, min(first, len(found.conditions)))
            at = span.end
            continue
        if clause.word(at) not in _FILLERS:
            unknown.append(at)
        elif span and span.end == at:
            span = Span(at + 1, span.first)
        at += 1
    _settle(clause, unknown, found, before_kind=before_kind)


def _one(clause: Clause, at: int, found: Gathered) -> int | None:
    """The position after the condition that starts here."""
    return next((end for rule in _RULES if (end := rule(clause, at, found))), None)


def _settle(clause: Clause, unknown: list[int], found: Gathered, *, before_kind: bool) -> None:
    """Words left over before the kind are a name ("Acme deals") when they stand together and look like one."""
    if not unknown:
        return
    together = unknown[-1] - unknown[0] < len(unknown) + 1
    part = clause.cut(unknown[0], unknown[-1] + 1)
    if before_kind and together and any(t.is_capitalised or t.shape is Shape.QUOTE for t in part.tokens):
        about(name_mention(part, found), found)
        return
    if before_kind and len(unknown) == 1 and "-" in part.word(0) and "tags" in fields_of(found.kind):
        found.add("tag", "=", part.word(0), f"tagged {part.word(0)}")
        return
    if before_kind and len(unknown) == 1 and found.kind == "partnership" and mended(part) is None:
        found.add("partner_type", "~", part.said(), part.said())
        return
    if before_kind and len(unknown) == 1 and "department" in fields_of(found.kind) and mended(part) is None:
        found.add("department", "~", part.said(), f"in {part.said()}")
        return
    if (
        before_kind
        and together
        and len(unknown) <= 2
        and "industry" in fields_of(found.kind)
        and all(t.word.isalpha() and len(t.word) > 3 for t in part.tokens)
        and mended(part) is None
    ):
        found.add("industry", "~", part.said(), f"in {part.said()}")
        return
    found.not_understood.extend(clause.said(at, at + 1) or clause.word(at) for at in unknown)


def _nested(clause: Clause, at: int, found: Gathered) -> int | None:
    return read_nested(clause, at, found, gather)


def _deed(clause: Clause, at: int, found: Gathered) -> int | None:
    return read_deed(clause, at, found, gather)


def _of_company(clause: Clause, at: int, found: Gathered) -> int | None:
    """What only the company behind the records keeps: "enterprise deals", "accounts with over 500 employees"."""
    if clause.word(at) in ("large", "small", "medium") or clause.when(at):
        return None
    for rule in (read_choices, read_place, read_industry, read_amount):
        if end := through_company(found, lambda inner, rule=rule: rule(clause, at, inner)):
            return end
    return None


_RULES: tuple[Callable[[Clause, int, Gathered], int | None], ...] = (
    read_own,
    read_limit,
    read_order,
    read_source,
    _deed,
    _nested,
    read_silent,
    read_reason,
    read_aged,
    read_unowned,
    read_mine,
    read_does_have,
    read_owned,
    read_overdue,
    read_amount,
    read_currency,
    read_lacking,
    read_tagged,
    read_called,
    read_direction,
    read_dated,
    read_outcome,
    read_status,
    read_choices,
    read_option,
    read_place,
    read_industry,
    read_department,
    _of_company,
    read_field_is,
    read_with_record,
)
