"""What the planner knows of the asking user and the moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from agent.offline.lexicon.customs import OwnFields
from schema.customs import Customs
from schema.fields import Field


@dataclass(frozen=True)
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
    customs: Customs = field(default_factory=dict[str, Mapping[str, Field]])
    """The fields of the user's tenant's own."""

    @cached_property
    def own(self) -> OwnFields:
        """The words for them."""
        return OwnFields.of(self.customs)

    @property
    def writes_month_first(self) -> bool:
        """Whether 3/12 is the twelfth of March to this user: by locale, else by where the clock hangs."""
        if "_" in self.locale or "-" in self.locale:
            return self.locale.replace("-", "_").upper().endswith("_US")
        return self.time_zone.startswith(("America/", "US/"))
