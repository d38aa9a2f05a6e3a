"""What becomes of a record's insights when it is read again: what a person decided stays, and a no is never asked again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz

from retrieval.folding import fold
from retrieval.insights.claim import LONGEST_STATEMENT, Claim, Maker

_SAME = 88
"""From here on, out of 100, two sentences with the same numbers in them say the same in other words."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """An insight that is there already."""

    insight_id: UUID
    kind: str
    claim: str
    """The folded statement."""
    maker: Maker
    verdict: bool | None
    """What a person said; None while nobody has."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be done."""

    fresh: Sequence[Claim]
    renewed: Sequence[tuple[UUID, Claim]]
    """Said again by another version: the insight stays, with what this one said of it."""
    gone: Sequence[UUID]
    suppressed: int
    """Claims left out because a person has rejected them."""


def settle(known: Iterable[Known], claims: Iterable[Claim], maker: Maker, *, of_text: bool) -> Settled:
    """Compares what is there with what is claimed now.

    Of a text that was read anew, what nobody has verified is replaced, whoever made it. Of facts, which are looked at every
    night, what is claimed again stays as it is, and this model's own goes when it no longer holds.
    """
    there = {(each.kind, each.claim): each for each in known}
    rejected = [each for each in there.values() if each.verdict is False]
    fresh: list[Claim] = []
    renewed: list[tuple[UUID, Claim]] = []
    suppressed = 0
    kept: set[UUID] = set()
    for key, claim in _distinct(claims).items():
        same = there.get(key)
        if same is not None and same.verdict is None:
            kept.add(same.insight_id)
            if of_text or same.maker != maker:
                renewed.append((same.insight_id, claim))
        elif (same is not None and same.verdict is False) or _is_rejected(key, rejected):
            suppressed += 1
        elif same is None:
            fresh.append(claim)
    gone = [
        each.insight_id
        for each in there.values()
        if each.verdict is None and each.insight_id not in kept and (of_text or each.maker.model == maker.model)
    ]
    return Settled(fresh, renewed, gone, suppressed)


def _distinct(claims: Iterable[Claim]) -> dict[tuple[str, str], Claim]:
    """By what they say, the surest of each; a claim that says nothing is none."""
    distinct: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        key = (claim.kind, fold(claim.statement[:LONGEST_STATEMENT]))
        if key[1] and (key not in distinct or distinct[key].confidence < claim.confidence):
            distinct[key] = claim
    return distinct


def _is_rejected(key: tuple[str, str], rejected: Iterable[Known]) -> bool:
    """Whether it repeats in other words what was rejected; other dates or amounts are another claim."""
    kind, claim = key
    return kind != "sentiment" and any(
        each.kind == kind
        and _NUMBER.findall(each.claim) == _NUMBER.findall(claim)
        and fuzz.token_sort_ratio(each.claim, claim) >= _SAME
        for each in rejected
    )
