"""The tool that tells what there is to ask about."""

from guardrails.effects import Effect
from schema.catalog import compact_catalog, view_catalog, view_of
from schema.customs import load_customs
from schema.samples import samples_of
from tools.context import Call
from tools.registry import Result, ToolArgs, tool


class DescribeArgs(ToolArgs):
    view: str | None = None
    """A view or record kind to describe in full: columns, types, writable fields, statuses. Omit for all in short."""


@tool(effect=Effect.READ, scope="record:read")
def describe_schema(call: Call, args: DescribeArgs) -> Result:
    """What the CRM holds: its views with their columns, the statuses a record can have, and this company's own fields."""
    customs = load_customs(call.session)
    if args.view is None:
        return {"catalog": compact_catalog(customs)}
    return {"catalog": view_catalog(args.view, customs, samples_of(call.session, view_of(args.view)))}
