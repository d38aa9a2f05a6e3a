"""PostgreSQL's own second opinion on a guarded query, before it runs: what it would read, cost and hold in memory."""

import re
from collections.abc import Iterator
from typing import Any

from guardrails.limits import SqlLimits
from schema.errors import CrmError

_SCHEMAS = frozenset({"crm", "crm_read"})
"""Where every relation of a plan lies; a plan that names another reads what no view shows."""
_COLLECTING = re.compile(r"\b(?:(?:string|array|jsonb?|jsonb?_object|range)_agg|JSON_(?:ARRAY|OBJECT)AGG|ARRAY)\(")
"""What puts many rows into one value, which has to fit into memory and cannot spill to disk."""


def checked(plan: dict[str, Any], limits: SqlLimits) -> bool:
    """Whether the planned query puts many rows into one value. Raises CrmError (refused) for one that must not run.

    Neither cost nor rows are ever shown, because the planner's estimates tell of every tenant's rows.
    """
    nodes = list(_nodes(plan))
    if any("Relation Name" in node and node.get("Schema", "") not in _SCHEMAS for node in nodes):
        raise CrmError("refused", "The query reads something that is no view of the CRM.", rule="known_views")
    if plan["Total Cost"] > limits.cost:
        raise CrmError(
            "refused",
            "The query is too expensive to run: join on ids, filter by a period or an owner, or aggregate less at once.",
            rule="cost",
        )
    collecting = [node for node in nodes if any(map(_COLLECTING.search, node.get("Output", ())))]
    if any(_input(node) > limits.collected for node in collecting):
        raise CrmError(
            "refused",
            "The query puts too many rows into one text, array or document; count them, or filter first.",
            rule="too_big",
        )
    return bool(collecting)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _input(node: dict[str, Any]) -> float:
    """Bytes that come in from below, as estimated."""
    return sum(child["Plan Rows"] * child["Plan Width"] for child in node.get("Plans", ()))
