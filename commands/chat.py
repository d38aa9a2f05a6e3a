"""`crm-agent chat`: a conversation in the terminal, a request a line."""

import readline
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import click

from agent.events import RunEvent, ignore
from agent.loop import ask
from agent.models import ModelChoice, choose_model
from commands.ids import whole_id
from commands.invocation import Command, Invocation, end, pass_invocation
from commands.opening import Desk, open_desk
from commands.streaming import Prose
from commands.terminal import cut, differences, say, short, told, words
from commands.undo import show_undone
from schema import audit
from schema.errors import CrmError

HELP = """\
Say what you want to know or to change; "2" or "the second" chooses from what was offered, "it" and "her" mean what the
talk was of.
  /undo   take back what the last request changed
  /new    begin a new conversation
  /help   this
  /quit   end; so does Ctrl-D
Ctrl-C stops a request that is being worked on: what it changed until then stays, and /undo takes it back."""
PROMPT = "\n> "
BAD_ENDS = {"failed", "refused", "interrupted"}


@click.command(cls=Command)
@click.option("--conversation", metavar="ID", help="Go on with this conversation.")
@click.option("--model", metavar="NAME", help="offline, openai:NAME, openai-compatible:NAME@URL or PROVIDER:NAME.")
@pass_invocation
def chat(invocation: Invocation, conversation: str | None, model: str | None) -> None:
    """Talk, a request a line; /help says what else a line may be.

    Lines are read from stdin too, each a request. With --json nothing is shown before the end: the one document is
    {"runs": […]}, each as `ask --json` gives it, or {"error"} for a request that never began.
    """
    with open_desk(invocation) as desk:
        choice = choose_model(model or desk.settings.model)
        going_on = whole_id(desk, conversation, ("conversation",))[1] if conversation else None
        talk = Talk(desk, choice, going_on, is_shown=not invocation.as_json)
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
    is_shown: bool
    """False when only the document at the end is wanted."""
    runs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    taken_back: set[UUID] = field(default_factory=set[UUID])

    def to_the_end(self) -> None:
        """Answers each line until there is none."""
        if self.is_shown and sys.stdin.isatty():
            say(
                f"{self.desk.who.name} at {self.desk.who.tenant_name} · model {self.model.name} · /help, /quit",
                dim=True,
            )
        for line in self._lines():
            try:
                if line in {"/quit", "/exit"}:
                    return
                self._command(line) if line.startswith("/") else self._ask(line)
            except CrmError as error:
                self._fail(error)
            except KeyboardInterrupt:
                self._fail(CrmError("refused", "Stopped before it began."))

    def _lines(self) -> Iterator[str]:
        """What the person says, a line each; blank ones are passed over."""
        is_asked_for = sys.stdin.isatty() and self.is_shown
        # Its import is what lets `input` edit lines; earlier ones come back in this process only.
        readline.set_auto_history(is_asked_for)
        while True:
            try:
                line = input(PROMPT) if is_asked_for else sys.stdin.readline()
            except EOFError:
                click.echo()
                return
            except KeyboardInterrupt:
                if not is_asked_for:
                    raise
                say("\nNothing is being worked on; /quit or Ctrl-D ends.", dim=True)
                continue
            if not is_asked_for and not line:
                return
            if line := line.strip():
                yield line

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


class Shown:
    """One run as the terminal shows it, event by event: the text as it comes, tool calls in dim lines."""

    def __init__(self) -> None:
        self._prose = Prose()
        self._understood = ""
        self._is_understood = False

    def watch(self, event: RunEvent) -> None:
        """Shows one event."""
        fields = event.fields
        match event.kind:
            case "reasoning":
                self._understood += fields["delta"]
            case "text":
                self._say_understood()
                self._prose.add(fields["delta"])
                sys.stdout.flush()
            case "tool_call":
                self._say_understood()
                self._aside(f"{fields['tool']}: {cut(fields['args'])}")
            case "tool_result" if fields["outcome"] == "failed":
                self._aside(f"{fields['tool']}: {fields['message']}")
            case "change":
                self._change(fields)
            case _:
                pass

    def end(self, result: Mapping[str, Any]) -> None:
        """Shows what was not told as text: a question, a refusal, a failure; and how to go on from here."""
        self._say_understood()
        self._prose.end()
        answer = str(result["answer"])
        if answer and answer.strip() not in self._prose.text:
            prose = Prose()
            prose.add(answer)
            prose.end()
        status = "" if result["status"] in {"completed", "needs_input"} else f"{words(result['status'])} · "
        undo = " · /undo takes it back" if result["changes"] else ""
        click.secho(f"{status}run {short(result['run_id'])}{undo}", dim=True, err=True)

    def _say_understood(self) -> None:
        """The first line of the reasoning, once; the rest is in the log."""
        line = self._understood.strip().split("\n")[0]
        if line and not self._is_understood:
            self._is_understood = True
            self._aside(line)

    def _change(self, change: Mapping[str, Any]) -> None:
        self._prose.end()
        say(f"{change['action']} {change['kind']} {told(change['label'])} ({short(change['record_id'])})", bold=True)
        for line in differences(change):
            say(f"  {line}")

    def _aside(self, text: str) -> None:
        self._prose.end()
        click.secho(f"  {told(text)}", dim=True, err=True)
