"""Logs: one line each on stderr, from this project's own code and from the libraries alike."""

import logging
import sys
from typing import Any

import structlog

_LEVELS = logging.getLevelNamesMapping()


def configure_logs(level: str, *, with_tracebacks: bool) -> None:
    """Sends what is at least as serious as `level` to stderr.

    A traceback can hold what people wrote, so it is shown only to whoever runs a server or asks for `debug`.
    """
    number = _LEVELS[level.upper()]
    logging.basicConfig(stream=sys.stderr, level=number, format="%(levelname)s %(name)s: %(message)s", force=True)
    shown = structlog.processors.format_exc_info if with_tracebacks or level == "debug" else _drop_traceback
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shown,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _drop_traceback(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event.pop("exc_info", None)
    return event
