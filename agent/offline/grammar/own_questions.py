"""Questions after a tenant's own fields that no other field is asked after so: "is Nordwind VIP", "how many seats has it"."""

from agent.offline.clause import Clause
from agent.offline.form import Look
from agent.offline.grammar.mentions import mention_of
from agent.offline.lexicon.kinds import EVERY_KIND, NAMED_KINDS
from agent.offline.words import word_set
from schema.fields import Field, FieldType

_BEFORE_CLAIM = word_set("a an still already now really our yet")
_HAVING = word_set("does do did has have is are for of")


def read_own_question(clause: Clause) -> Look | None:
    """The record and its field; None where no such field is named."""
    if not clause.situation.own.by_kind:
        return None
    return _is_claimed(clause) or _how_many(clause)


def _is_claimed(clause: Clause) -> Look | None:
    """ "is Nordwind VIP", "is Nordwind still a VIP"."""
    if clause.word(0) not in ("is", "are", "was"):
        return None
    for at in range(2, len(clause)):
        hit = _own(clause, at)
        if hit and hit[0].type is FieldType.BOOLEAN and hit[1] == len(clause):
            end = at
            while end > 1 and clause.word(end - 1) in _BEFORE_CLAIM:
                end -= 1
            mention = mention_of(clause.cut(1, end), NAMED_KINDS) if end > 1 else None
            return Look(mention, (hit[0].name,)) if mention else None
    return None


def _how_many(clause: Clause) -> Look | None:
    """ "how many licensed seats does Nordwind have"."""
    start = clause.starts(0, "how many", "how much")
    hit = _own(clause, start) if start else None
    if hit is None or hit[0].type is not FieldType.NUMBER or clause.word(hit[1]) not in _HAVING:
        return None
    end = len(clause)
    while end > hit[1] and clause.word(end - 1) in ("have", "has", "got", "now"):
        end -= 1
    mention = mention_of(clause.cut(clause.skip(hit[1], *_HAVING), end), NAMED_KINDS)
    return Look(mention, (hit[0].name,)) if mention else None


def _own(clause: Clause, at: int) -> tuple[Field, int] | None:
    return clause.situation.own.at(clause.tokens, at, EVERY_KIND)
