"""Seals every other second while something serves."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager

from schema.database import Database
from schema.errors import CrmError
from schema.seals.sealer import Sealer
from schema.settings import Settings

INTERVAL_SECONDS = 2.0
LAST_PATIENCE_SECONDS = 2.0
"""How long the last round waits for transactions that are still open."""

_log = logging.getLogger("crm-agent")


@contextmanager
def sealing(db: Database, settings: Settings, interval: float = INTERVAL_SECONDS) -> Generator[None]:
    """Seals in a thread until the block ends, and once more then; a replica, which cannot be written, has no seals made."""
    with db.across_tenants() as session:
        is_replica = bool(session.scalar("SELECT pg_is_in_recovery()"))
    if is_replica:
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(Sealer(db, settings), stop, interval), name="sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _work(sealer: Sealer, stop: threading.Event, interval: float) -> None:
    told = ""
    stopping = False
    while not stopping:
        stopping = stop.wait(interval)
        try:
            if sealer.has_news():
                sealer.seal(LAST_PATIENCE_SECONDS if stopping else 0)
            told = ""
        except Exception as error:  # noqa: BLE001 — the next round may do better, and serving goes on
            said = error.message if isinstance(error, CrmError) else "The audit log could not be sealed."
            if said != told:
                _log.warning(said, exc_info=not isinstance(error, CrmError))
            told = said
