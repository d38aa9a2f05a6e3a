"""The tool that tells what there is to ask about."""

from guardrails.effects import Effect
from schema.catalog import compact_catalog, view_catalog
from tools.context import Call
from tools.registry import Result, ToolArgs, tool


class DescribeArgs(ToolArgs):
    view: str | None = None
    """A view or record kind to describe in full: columns, types, writable fields, statuses. Omit for all in short."""


@tool(effect=Effect.READ, scope="record:read")
def describe_schema(_call: Call, args: DescribeArgs) -> Result:
    """What the CRM holds: its views with their columns, and the statuses a record can have."""
    return {"catalog": view_catalog(args.view) if args.view else compact_catalog()}
