"""Arithmetic on the calendar: the spans that days, weeks, months, quarters and years are."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of time, from `start` up to but not including `end`; an instant has both equal."""

    start: datetime
    end: datetime
    said: str
    """How a person would name it."""
    earlier: "When | None" = None
    """The same words read backwards: the Friday before, where `start` is the Friday to come."""
    later: "When | None" = None
    """The same words a year on, where they name a time that is over: Q1, said in November of a plan."""

    @property
    def is_instant(self) -> bool:
        return self.start == self.end

    @property
    def day(self) -> date:
        """The day a single moment stands for."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        return self.start.date() if self.is_instant else (self.end - timedelta(seconds=1)).date()

    @property
    def past(self) -> "When":
        """The reading that lies behind us, for words that tell of what happened."""
        return self.earlier or self

    @property
    def ahead(self) -> "When":
        """The reading that lies before us, for words that say what is to be."""
        return self.later or self

    def at(self, clock: time) -> "When":
        """The instant at that time of its first day."""
        moment = datetime.combine(self.day, clock, tzinfo=self.start.tzinfo)
        back = self.earlier.at(clock) if self.earlier else None
        return When(moment, moment, f"{self.said} at {clock:%H:%M}", back)

    def named(self, said: str) -> "When":
        return replace(self, said=said)


@dataclass(frozen=True, slots=True)
class Clock:
    """Today in the user's zone, and the spans around it."""

    now: datetime
    fiscal_start: int = 1
    month_first: bool = False

    @classmethod
    def of(cls, now: datetime, time_zone: str, fiscal_start: int, *, month_first: bool) -> "Clock":
        return cls(now.astimezone(ZoneInfo(time_zone)), fiscal_start, month_first)

    @property
    def today(self) -> date:
        return self.now.date()

    def span(self, start: date, end: date, said: str) -> When:
        """The days from `start` up to but not including `end`."""
        zone = self.now.tzinfo
        return When(datetime.combine(start, time(), zone), datetime.combine(end, time(), zone), said)

    def one_day(self, day: date, said: str) -> When:
        return self.span(day, day + timedelta(days=1), said)

    def unit(self, unit: str, offset: int, said: str) -> When:
        """This day, week, month, quarter or year (0), the one before (-1), the one after (1)."""
        starts = {
            "day": lambda: (self.today + timedelta(days=offset), self.today + timedelta(days=offset + 1)),
            "week": lambda: self._week(offset),
            "weekend": lambda: self._weekend(offset),
            "month": lambda: self._months(self.today.replace(day=1), 1, offset),
            "quarter": lambda: self._months(self._quarter_start(), 3, offset),
            "half": lambda: self._months(date(self.today.year, 1 if self.today.month <= 6 else 7, 1), 6, offset),
            "year": lambda: self._months(date(self.today.year, 1, 1), 12, offset),
            "fiscal year": lambda: self._months(self._fiscal_year_start(), 12, offset),
        }
        return self.span(*starts[unit](), said)

    def quarter(self, number: int, year: int | None, said: str) -> When:
        """Quarter 1 to 4 of a fiscal year; without a year the one that is running."""
        start = self._fiscal_year_start() if year is None else self._fiscal_year(year)
        first = shifted(start, (number - 1) * 3)
        when = self.span(first, shifted(first, 3), said)
        if year is not None or when.end > self.now:
            return when
        return replace(when, later=self.quarter(number, first.year + 1, f"Q{number} {first.year + 1}"))

    def _week(self, offset: int) -> tuple[date, date]:
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=offset)
        return monday, monday + timedelta(weeks=1)

    def _weekend(self, offset: int) -> tuple[date, date]:
        monday, after = self._week(offset)
        return monday + timedelta(days=5), after

    def _months(self, first: date, length: int, offset: int) -> tuple[date, date]:
        start = shifted(first, length * offset)
        return start, shifted(start, length)

    def _fiscal_year(self, year: int) -> date:
        return date(year, self.fiscal_start, 1)

    def _fiscal_year_start(self) -> date:
        start = self._fiscal_year(self.today.year)
        return start if start <= self.today else self._fiscal_year(self.today.year - 1)

    def _quarter_start(self) -> date:
        start = self._fiscal_year_start()
        passed = (self.today.year - start.year) * 12 + self.today.month - start.month
        return shifted(start, passed // 3 * 3)


def shifted(day: date, months: int) -> date:
    """The same day some months on, or the month's last day where it has fewer."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
