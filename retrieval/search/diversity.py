"""The order in which results are shown: no thread and no account fills the page while others are about as good.

A cap, and not maximal marginal relevance: mails of one thread often share few words, so that their vectors do not tell
that they belong together, while the database knows it; and a person can foresee it. What goes beyond the cap waits until
something follows that is clearly worse: whoever names one account finds that one's records first.
"""

from collections import Counter, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PER_THREAD = 2
PER_ACCOUNT = 3
"""Of a page of ten; of longer pages as many more."""
_AS_GOOD_AS_ACCOUNT, _AS_GOOD_AS_THREAD = 0.7, 0.4
"""Shares of another one's scores from which on a result is about as good; more of one thread says least that is new."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A result with what it is judged by."""

    result: T
    near: float
    """By meaning; 0 when that is not known."""
    worded: float
    """By words; 0 when none of them occurs."""
    thread: Hashable
    account: Hashable


def diversified(found: Sequence[Placed[T]], page: int) -> list[T]:
    """All of them in a new order; `found` is best first."""
    per_account = max(PER_ACCOUNT, -(-page * PER_ACCOUNT // 10))
    threads: Counter[Hashable] = Counter()
    accounts: Counter[Hashable] = Counter()
    waiting: deque[tuple[Placed[T], float]] = deque()
    ordered: list[T] = []
    for each in found:
        if each.thread is not None and threads[each.thread] >= PER_THREAD:
            waiting.append((each, _AS_GOOD_AS_THREAD))
            continue
        if each.account is not None and accounts[each.account] >= per_account:
            waiting.append((each, _AS_GOOD_AS_ACCOUNT))
            continue
        while waiting and not _is_as_good(each, *waiting[0]):
            ordered.append(waiting.popleft()[0].result)
        threads[each.thread] += 1
        accounts[each.account] += 1
        ordered.append(each.result)
    return ordered + [each.result for each, _ in waiting]


def _is_as_good(one: Placed[T], other: Placed[T], share: float) -> bool:
    return one.near >= share * other.near and one.worded >= share * other.worded
