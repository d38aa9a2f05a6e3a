"""The instructions given to a model: the reviewed template, and what is filled in for one run."""

import hashlib
from datetime import datetime
from importlib.resources import files
from string import Template
from zoneinfo import ZoneInfo

from schema.identity import Identity

TEMPLATE = files("agent").joinpath("instructions.md").read_text(encoding="utf-8")

INSTRUCTIONS_HASH = hashlib.sha256(TEMPLATE.encode()).hexdigest()
"""SHA-256 of the template: the same for every run that was told the same rules, whoever asked and whenever."""

# Not the calendar module's: those names follow the process's locale.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def render_instructions(who: Identity, now: datetime, catalog: str) -> str:
    """The instructions for a run of `who` at `now`; what changes between runs comes last, so that providers can cache
    the rest."""
    local = now.astimezone(ZoneInfo(who.time_zone))
    filled = Template(TEMPLATE).substitute(
        catalog=catalog.strip(),
        user_name=_one_line(who.name),
        user_email=_one_line(who.email),
        user_role=_one_line(who.role),
        user_id=who.user_id,
        tenant_name=_one_line(who.tenant_name),
        currency=_one_line(who.currency),
        fiscal_year_start=_MONTHS[who.fiscal_year_start_month - 1],
        weekday=_WEEKDAYS[local.weekday()],
        date=local.date().isoformat(),
        time=f"{local:%H:%M}",
        time_zone=who.time_zone,
    )
    return filled.strip()


def _one_line(text: str) -> str:
    """A name cannot add lines, and with them rules, to the instructions."""
    return " ".join(text.split())
