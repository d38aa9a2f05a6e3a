"""What the planner knows of the asking user and the moment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, when and where: what "me", "today" and "this quarter" mean."""

    now: datetime
    """The run's moment; aware, in any zone."""
    time_zone: str
    currency: str
    fiscal_year_start_month: int
    user_id: str
    user_name: str
    user_email: str
    locale: str = "en"

    @property
    def writes_month_first(self) -> bool:
        """Whether 3/12 is the twelfth of March to this user: by locale, else by where the clock hangs."""
        if "_" in self.locale or "-" in self.locale:
            return self.locale.replace("-", "_").upper().endswith("_US")
        return self.time_zone.startswith(("America/", "US/"))
