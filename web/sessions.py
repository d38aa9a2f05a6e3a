"""How long one stays signed in, and which sessions ended before their cookie does."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from schema.identity import Identity

SESSION_SECONDS = 12 * 60 * 60
REMEMBERED = 100_000


def begin_session(session: MutableMapping[str, Any], who: Identity) -> None:
    """Whoever planted the old cookie shares nothing with the one who signed in."""
    session.clear()
    session.update(
        id=secrets.token_urlsafe(16),
        email=who.email,
        tenant=who.tenant_slug,
        until=int(time.time()) + SESSION_SECONDS,
        csrf=secrets.token_urlsafe(24),
    )


@dataclass
class Sessions:
    """The sessions that were signed out of, in this process: a cookie kept elsewhere, or an open page, ends with them."""

    clock: Callable[[], float] = time.time
    _ended: OrderedDict[str, float] = field(default_factory=OrderedDict[str, float])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def end(self, session: Mapping[str, Any]) -> None:
        """Ends it before its time."""
        with self._lock:
            self._ended[str(session.get("id"))] = self.clock()
            while len(self._ended) > REMEMBERED:
                self._ended.popitem(last=False)

    def is_open(self, session: Mapping[str, Any]) -> bool:
        """Whether somebody signed in, not too long ago, and did not sign out."""
        if not session.get("id") or not session.get("email") or not session.get("tenant"):
            return False
        with self._lock:
            has_ended = session["id"] in self._ended
        return not has_ended and self.clock() < int(session.get("until", 0))
