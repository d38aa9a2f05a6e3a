"""The run's clock and zone in place of the server's, so that the same question has the same answer twice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guardrails.sql.refusal import RefusalError
from guardrails.sql.words import words

CLOCK_CALLS = words(
    "now transaction_timestamp statement_timestamp clock_timestamp current_date current_time current_timestamp localtime"
    " localtimestamp"
)
_DAYS = {"now": 0, "today": 0, "tomorrow": 1, "yesterday": -1}
_MOVING = re.compile(r"\b(now|today|tomorrow|yesterday)\b", re.IGNORECASE)
_TIME_ALONE = re.compile(r"[\s\d:.,+-]*(?:(?:am|pm|z|utc|allballs)\b[\s\d:.,+-]*)*", re.IGNORECASE)


def has_moving(text: str) -> bool:
    """Whether one of these words stands in a constant at all."""
    return _MOVING.search(text) is not None


def is_moving(text: str) -> bool:
    """Whether a constant read as a date would say the server's own time: 'now', 'today 10:00'."""
    return _MOVING.search(text) is not None and _TIME_ALONE.fullmatch(_MOVING.sub("", text)) is not None


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment, and where its day is looked at from."""

    moment: datetime
    zone: ZoneInfo

    def now(self, name: str, precision: Sequence[str]) -> str:
        """What now(), CURRENT_DATE and their like stand for, as a constant of the same type."""
        local = self.moment.astimezone(self.zone)
        digits = min(int(precision[0]), 6) if precision else 6
        step = 10 ** (6 - digits)
        whole = local + timedelta(microseconds=(local.microsecond + step // 2) // step * step - local.microsecond)
        match name:
            case "current_date":
                return f"DATE '{local.date().isoformat()}'"
            case "localtimestamp":
                return f"TIMESTAMP '{whole.replace(tzinfo=None).isoformat(sep=' ')}'"
            case "localtime":
                return f"TIME '{whole.time().isoformat()}'"
            case "current_time":
                return f"TIMETZ '{whole.timetz().isoformat()}'"
            case _:
                return f"TIMESTAMPTZ '{whole.isoformat(sep=' ')}'"

    def literal(self, text: str | None, kind: str) -> str | None:
        """What `'today'` cast to a type of time stands for; None for any other constant. Raises RefusalError."""
        base = kind.partition("(")[0]
        if text is None or base not in {"date", "time", "timetz", "timestamp", "timestamptz"} or not is_moving(text):
            return None
        word = text.strip().lower()
        if word not in _DAYS or base != kind:
            raise RefusalError(
                "moving_moments", f"'{text}' moves with the server's clock; write now() or current_date."
            )
        if word == "now":
            names = {
                "date": "current_date",
                "time": "localtime",
                "timetz": "current_time",
                "timestamp": "localtimestamp",
            }
            return self.now(names.get(base, "now"), [])
        day = (self.moment.astimezone(self.zone) + timedelta(days=_DAYS[word])).date()
        midnight = f"{day.isoformat()} 00:00:00" if base != "date" else day.isoformat()
        return f"{base.upper()} '{midnight}'"
