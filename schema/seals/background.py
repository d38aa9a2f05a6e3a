"""Seals every other second while something serves."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from schema.background import in_background
from schema.database import Database
from schema.seals.sealer import Sealer
from schema.settings import Settings

INTERVAL_SECONDS = 2.0
LAST_PATIENCE_SECONDS = 2.0
"""How long the last round waits for transactions that are still open."""


@contextmanager
def sealing(db: Database, settings: Settings, interval: float = INTERVAL_SECONDS) -> Generator[None]:
    """Seals in the background until the block ends, and once more then."""
    sealer = Sealer(db, settings)

    def seal(stopping: threading.Event) -> None:
        if sealer.has_news():
            sealer.seal(LAST_PATIENCE_SECONDS if stopping.is_set() else 0)

    complaint = "The audit log could not be sealed."
    with in_background(db, "sealer", seal, interval=interval, complaint=complaint, has_last_round=True):
        yield
