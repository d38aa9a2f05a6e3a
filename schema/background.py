"""Work done round after round in a thread of its own, while something serves."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from schema.database import Database
from schema.errors import CrmError

Round = Callable[[threading.Event], object]
"""Does what there is to do. The event is set when serving ends: a long round should then cut itself short."""

_NICENESS = 10

_log = logging.getLogger("crm-agent")


@contextmanager
def in_background(
    db: Database,
    name: str,
    do_round: Round,
    *,
    interval: float,
    complaint: str,
    has_last_round: bool = False,
    cut_short: Callable[[], object] | None = None,
) -> Generator[None]:
    """Does a round at once and `interval` seconds after each, until the block ends; never on a replica, which cannot be written.

    A round that fails is logged and the next one tried: a CrmError by its own sentence, anything else as `complaint`
    with its traceback, and the same only once in a row. At the end, `cut_short` is called from the block's thread; the round
    under way is waited for, and with `has_last_round` one more is done.
    """
    if _is_replica(db):
        yield
        return
    stopping = threading.Event()
    rounds = _Rounds(do_round, complaint, stopping)
    thread = threading.Thread(target=rounds.run, args=(interval, has_last_round), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        if cut_short is not None:
            cut_short()
        thread.join()


def _stand_back() -> None:
    """Lets who waits for an answer go first. Threads begun from this one inherit it; only Linux counts threads alone."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


class _Rounds:
    def __init__(self, do_round: Round, complaint: str, stopping: threading.Event) -> None:
        self._do_round = do_round
        self._complaint = complaint
        self._stopping = stopping
        self._told = ""

    def run(self, interval: float, has_last_round: bool) -> None:
        _stand_back()
        while not self._stopping.is_set():
            self._try()
            self._stopping.wait(interval)
        if has_last_round:
            self._try()

    def _try(self) -> None:
        try:
            self._do_round(self._stopping)
            self._told = ""
        except Exception as error:  # noqa: BLE001 — the next round may do better, and serving goes on
            said = error.message if isinstance(error, CrmError) else self._complaint
            if said != self._told:
                _log.warning(said, exc_info=not isinstance(error, CrmError))
            self._told = said


def _is_replica(db: Database) -> bool:
    with db.across_tenants() as session:
        return bool(session.scalar("SELECT pg_is_in_recovery()"))
