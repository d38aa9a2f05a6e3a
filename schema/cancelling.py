"""Stopping a query from another thread, when whoever asked has gone away."""

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg


class Cancellation:
    """Carried by a call; `cancel` stops the query that runs under it, and every later one before it begins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self.is_cancelled = False

    def cancel(self) -> None:
        """From any thread; does nothing when no query runs."""
        with self._lock:
            self.is_cancelled = True
            if self._connection is not None:
                # The server may be away, or the query over: then there is nothing to stop.
                with suppress(psycopg.Error):
                    self._connection.cancel_safe(timeout=5)

    @contextmanager
    def covering(self, connection: psycopg.Connection[Any]) -> Generator[None]:
        """While the block runs, `cancel` stops what the connection does. Raises QueryCanceled when it already was."""
        with self._lock:
            if self.is_cancelled:
                raise psycopg.errors.QueryCanceled("cancelled before it began")
            self._connection = connection
        try:
            yield
        finally:
            with self._lock:
                self._connection = None
