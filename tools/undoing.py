"""The tool that takes changes back."""

from uuid import UUID

from guardrails.effects import Effect
from schema.errors import CrmError
from tools.context import Call
from tools.records import reversal
from tools.registry import Result, tool
from tools.writing import ReasonArgs


class UndoArgs(ReasonArgs):
    run_id: UUID | None = None
    """Takes back everything a run changed, newest first."""
    change_id: UUID | None = None
    """Takes back one change; get_record's timeline shows the ids."""


@tool(effect=Effect.WRITE, scope="record:write")
def undo(call: Call, args: UndoArgs) -> Result:
    """Takes back one change or all changes of a run; with neither, the asking user's latest run of the past day. A field
    changed since is left as it is and listed in conflicts. An undo is a change itself and can be undone."""
    if args.run_id is not None and args.change_id is not None:
        raise CrmError("invalid", "undo takes run_id or change_id, not both.")
    if args.change_id is not None:
        return reversal.undo(call, [args.change_id])
    run_id = args.run_id or call.bind("run_id", lambda: [reversal.latest_run(call)])[0]
    return reversal.undo(call, reversal.changes_of_run(call, run_id))
