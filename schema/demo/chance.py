"""The lot: everything the demo company leaves to chance, drawn from one seed, so that a seed fixes the company."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Chance:
    """One random stream and the moment that counts as now; nothing it draws lies later than that."""

    def __init__(self, seed: str, now: datetime) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self.now = now.astimezone(UTC).replace(microsecond=0)

    def new_id(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562 §5.7) as it would have been made at that moment."""
        milliseconds = (at - EPOCH) // MILLISECOND
        chosen = self._random.getrandbits(74)
        return UUID(int=milliseconds << 80 | 7 << 76 | (chosen >> 62) << 64 | 2 << 62 | chosen & (1 << 62) - 1)

    def odds(self, probability: float) -> bool:
        return self._random.random() < probability

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def fraction(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + self._random.random() * (high - low)

    def skewed(self, low: float, high: float) -> float:
        """A number that is more often near the low end, as sizes and prices are."""
        return low * (high / low) ** (self._random.random() ** 1.3)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._random.random() * len(choices))]

    def several(self, choices: Sequence[T], count: int) -> list[T]:
        """Different ones, in the order they stand in."""
        places = sorted(self._random.sample(range(len(choices)), min(count, len(choices))))
        return [choices[place] for place in places]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        return self._random.sample(choices, len(choices))

    def weighted(self, weights: Mapping[T, float]) -> T:
        return self._random.choices(tuple(weights), tuple(weights.values()))[0]

    def at_rank(self, cumulative: Sequence[float], choices: Sequence[T]) -> T:
        """One of many, by weights summed up beforehand."""
        return self._random.choices(choices, cum_weights=cumulative)[0]

    def between(self, start: datetime, end: datetime) -> datetime:
        return start + timedelta(seconds=int(self._random.random() * max(0.0, (end - start).total_seconds())))

    def at_work(self, around: datetime, zone: ZoneInfo, *, after: datetime | None = None) -> datetime:
        """A moment in office hours of that day, or of a day close by; after the one given, and not later than now."""
        moment = self._office_moment(around.astimezone(zone).date(), zone)
        if after is not None and moment <= after:
            moment = after + timedelta(seconds=self.number(240, 5400))
        return min(moment, self.now)

    def _office_moment(self, day: date, zone: ZoneInfo) -> datetime:
        weekday = day.weekday()
        if weekday > 4 and not self.odds(0.04):
            day += timedelta(days=(-1 if weekday == 5 else 1))
        seconds = int((self._random.random() + self._random.random()) * 5.2 * 3600 + self._random.random() * 1200)
        return midnight(day, zone) + timedelta(hours=7, minutes=50, seconds=seconds)


@lru_cache(maxsize=4096)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The start of that day there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
