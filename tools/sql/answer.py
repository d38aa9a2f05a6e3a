"""A query's outcome as `sql --json` and `POST /sql` give it: accepted with its rows, or refused with a rule."""

from typing import Any, cast

from schema.errors import CrmError, Kind
from tools.calls import ToolOutcome


def as_sql_answer(outcome: ToolOutcome) -> dict[str, Any]:
    """accepted, rule, message, sql, columns, rows, total, returned, truncated, duration_ms, views, time_zone, notes.

    Raises CrmError for what is no judgement of the query: rights, arguments, a database that is away.
    """
    if outcome.error is None:
        return {"accepted": True, "rule": None, "message": None, **outcome.result}
    told = outcome.result["error"]
    if "rule" not in told:
        raise CrmError(cast("Kind", told["kind"]), told["message"])
    return {
        "accepted": False,
        "rule": told["rule"],
        "message": told["message"],
        "sql": None,
        "columns": [],
        "rows": [],
        "total": 0,
        "returned": 0,
        "truncated": False,
        "duration_ms": outcome.duration_ms,
        "views": [],
        "time_zone": None,
        "notes": [],
    }
