"""How often a sign-in may fail before one has to wait."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from schema.errors import CrmError

MOST = 10
WINDOW_SECONDS = 300.0
REMEMBERED = 10_000


@dataclass
class Attempts:
    """Failed sign-ins by e-mail, in this process; forgotten after a while and after a success."""

    clock: Callable[[], float] = time.monotonic
    _failures: OrderedDict[str, list[float]] = field(default_factory=OrderedDict[str, list[float]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, email: str) -> None:
        """Raises CrmError (limit) after too many failures."""
        with self._lock:
            recent = [at for at in self._failures.get(email, []) if self.clock() - at < WINDOW_SECONDS]
        if len(recent) >= MOST:
            raise CrmError("limit", "Too many sign-ins failed for this e-mail; wait five minutes and try again.")

    def failed(self, email: str) -> None:
        with self._lock:
            self._failures.setdefault(email, []).append(self.clock())
            self._failures[email] = self._failures[email][-MOST:]
            self._failures.move_to_end(email)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, email: str) -> None:
        with self._lock:
            self._failures.pop(email, None)
