"""Moments as people type them on the command line."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from schema.errors import CrmError
from schema.identity import Identity
from schema.world import World

_AGO = re.compile(r"(?P<count>\d{1,5})\s*(?P<unit>[mhdw])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_moment(text: str, who: Identity, world: World) -> datetime:
    """A date (its first second), a time, `today`, `yesterday`, or how long ago as in 2h or 7d; in the user's zone.

    Raises CrmError (invalid) for anything else.
    """
    zone = ZoneInfo(who.time_zone)
    today = datetime.combine(world.now().astimezone(zone).date(), time.min, zone)
    word = text.strip().lower()
    if word in {"today", "yesterday"}:
        return today if word == "today" else today - timedelta(days=1)
    ago = _AGO.fullmatch(word)
    if ago:
        return world.now() - int(ago["count"]) * _UNITS[ago["unit"]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CrmError(
            "invalid", f"{text!r} is no moment; write 2026-11-20, 2026-11-20T09:30, today, yesterday, 2h or 7d."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
