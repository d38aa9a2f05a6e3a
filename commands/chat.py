"""`crm-agent chat`: a conversation in the terminal, a request a line."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import click

from agent.events import ignore
from agent.loop import ask, resume
from agent.models import ModelChoice, choose_model
from commands.deciding import decide
from commands.ids import whole_id
from commands.invocation import Command, Invocation, end, pass_invocation
from commands.lines import Lines
from commands.opening import Desk, open_desk
from commands.streaming import Shown, show_change
from commands.terminal import say, short
from commands.undo import show_undone
from schema import audit
from schema.errors import CrmError
from tools.approvals import is_decided

HELP = """\
Say what you want to know or to change; "2" or "the second" chooses from what was offered, "it" and "her" mean what the
talk was of.
  /undo   take back what the last request changed
  /new    begin a new conversation
  /help   this
  /quit   end; so does Ctrl-D
What needs your approval is shown and asked about: y approves, n rejects, details shows all of it; "n" and a few words say
why not. Ctrl-C leaves it waiting.
Ctrl-C stops a request that is being worked on: what it changed until then stays, and /undo takes it back."""
PROMPT = "\n> "
BAD_ENDS = {"failed", "refused", "interrupted"}


@click.command(cls=Command)
@click.option("--conversation", metavar="ID", help="Go on with this conversation.")
@click.option("--model", metavar="NAME", help="offline, openai:NAME, openai-compatible:NAME@URL or PROVIDER:NAME.")
@pass_invocation
def chat(invocation: Invocation, conversation: str | None, model: str | None) -> None:
    """Talk, a request a line; /help says what else a line may be.

    Lines are read from stdin too, each a request, or y or n where a change waits for approval. With --json nothing is
    shown before the end: the one document is {"runs": […]}, each as `ask --json` gives it, or {"error"} for a request
    that never began.
    """
    with open_desk(invocation) as desk:
        choice = choose_model(model or desk.settings.model)
        going_on = whole_id(desk, conversation, ("conversation",))[1] if conversation else None
        lines = Lines(is_asked_for=sys.stdin.isatty() and not invocation.as_json)
        talk = Talk(desk, choice, going_on, lines, is_shown=not invocation.as_json)
        talk.to_the_end()
    invocation.answer({"runs": talk.runs}, lambda: None)
    if not sys.stdin.isatty() and any("error" in run or run["status"] in BAD_ENDS for run in talk.runs):
        end(1)


@dataclass
class Talk:
    """The conversation while it goes on."""

    desk: Desk
    model: ModelChoice
    conversation_id: UUID | None
    lines: Lines
    is_shown: bool
    """False when only the document at the end is wanted."""
    runs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    taken_back: set[UUID] = field(default_factory=set[UUID])

    def to_the_end(self) -> None:
        """Answers each line until there is none."""
        if self.lines.is_asked_for:
            who = self.desk.who
            say(f"{who.name} at {who.tenant_name} · model {self.model.name} · /help, /quit", dim=True)
        while (line := self.lines.next_said(PROMPT)) not in {None, "/quit", "/exit"}:
            assert line is not None  # noqa: S101  the loop ends with it
            try:
                self._command(line) if line.startswith("/") else self._ask(line)
            except CrmError as error:
                self._fail(error)
            except KeyboardInterrupt:
                self._fail(CrmError("refused", "Stopped before it began."))

    def _command(self, line: str) -> None:
        match line.lower():
            case "/undo":
                self._undo()
            case "/new":
                self.conversation_id = None
                self._say("A new conversation.")
            case "/help" | "/?":
                self._say(HELP)
            case _:
                raise CrmError("invalid", f"There is no {line.split(maxsplit=1)[0]}; /help says what there is.")

    def _ask(self, request: str) -> None:
        shown = Shown() if self.is_shown else None
        result = ask(
            self.desk.context,
            request,
            conversation_id=self.conversation_id,
            model=self.model,
            on_event=shown.watch if shown else ignore,
            is_streamed=True,
        ).to_json()
        self.conversation_id = UUID(result["conversation_id"])
        self.runs.append(result)
        if shown:
            shown.end(result)
        while result["status"] == "needs_approval" and self._decide(result):
            result = self._go_on(UUID(result["run_id"]))

    def _decide(self, result: Mapping[str, Any]) -> bool:
        """Asks about each proposal; True when none of the run waits any more."""
        for proposal in result["proposals"]:
            decided = decide(self.desk, self.lines, proposal, is_shown=self.is_shown)
            if decided is None:
                self._say(f"It waits: crm-agent approvals approve|reject {short(proposal['approval_id'])}")
                return False
            if self.is_shown:
                for change in decided.changes:
                    show_change(change)
        return is_decided(self.desk.context, UUID(result["run_id"]))

    def _go_on(self, run_id: UUID) -> dict[str, Any]:
        """The run after what it waited for was decided; its result takes the place of the one before."""
        shown = Shown() if self.is_shown else None
        result = resume(
            self.desk.context, run_id, on_event=shown.watch if shown else ignore, is_streamed=True
        ).to_json()
        self.runs[-1] = result
        if shown:
            shown.end(result)
        return result

    def _undo(self) -> None:
        """Takes back the newest run of the conversation that changed something and was not taken back yet."""
        run_id = self._last_change()
        if run_id is None:
            raise CrmError("not_found", "This conversation changed nothing that could be taken back.")
        result = self.desk.call(
            "undo", {"run_id": str(run_id), "reason": f"{self.desk.who.name} took the request back."}
        )
        self.taken_back.add(run_id)
        if self.is_shown:
            show_undone(result)

    def _last_change(self) -> UUID | None:
        with self.desk.db.store(self.desk.who) as session:
            rows = session.rows(
                "SELECT id FROM crm.runs WHERE conversation_id = :conversation ORDER BY started_at DESC, id DESC",
                conversation=self.conversation_id,
            )
            runs = (cast("UUID", row["id"]) for row in rows if row["id"] not in self.taken_back)
            return next((run_id for run_id in runs if audit.changes_of_run(session, run_id)), None)

    def _say(self, text: str) -> None:
        if self.is_shown:
            say(text)

    def _fail(self, error: CrmError) -> None:
        self.runs.append({"error": {"kind": error.kind, "message": error.message}})
        if self.is_shown:
            click.secho(error.message, fg="red", err=True)
