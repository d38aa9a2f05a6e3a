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
    """Takes back one change or all changes of a run (give one of the two). A field changed since is left as it is and
    listed in conflicts. An undo is a change itself and can be undone."""
    if (args.run_id is None) == (args.change_id is None):
        raise CrmError("invalid", "undo takes one of run_id and change_id.")
    change_ids = [args.change_id] if args.change_id else reversal.changes_of_run(call, args.run_id)
    return reversal.undo(call, [change_id for change_id in change_ids if change_id])
