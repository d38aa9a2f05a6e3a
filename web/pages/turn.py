"""One request and what comes of it, as it comes; the same from a run that is told and from one that was stored."""

from collections.abc import Iterable, Mapping
from typing import Any

from agent.events import RunEvent
from web.pages.cards import CallCard, change_card, undo_button
from web.pages.parts import Tag
from web.pages.proposals import OnDecided, ProposalCard
from web.pages.prose import Prose
from web.pages.visitor import Visitor

_BAD = {"failed", "refused", "interrupted"}


class Turn(Tag):
    """An article that grows with the run's events and is settled by its result; both may name the same things."""

    def __init__(self, visitor: Visitor, prompt: str, on_decided: OnDecided) -> None:
        super().__init__("article", classes="turn", aria_busy="true")
        self._visitor, self._on_decided = visitor, on_decided
        self._prose: Prose | None = None
        self._interim: Prose | None = None
        self._said = ""
        self._calls: list[CallCard] = []
        self._shown: set[str] = set()
        self._reasoning = ""
        with self:
            with Tag("h2", classes="prompt"):
                Tag("span", "You: ", "unseen")
                Tag("span", prompt)
            with Tag("details", classes="reasoning") as self._thoughts:
                self._understood = Tag("summary")
                self._thinking = Tag("p")
            self._body = Tag("div", classes="outcome")
            self._end = Tag("div")
            self._about = Tag("p", "Working on it…", "about working", role="status")
        self._thoughts.set_visibility(False)

    def show(self, event: RunEvent) -> None:
        """Adds what happened."""
        fields = event.fields
        match event.kind:
            case "run_started":
                self._begin()
            case "text":
                self._say(fields["delta"])
            case "reasoning":
                self._think(fields["delta"])
            case "tool_call":
                self._call(fields["tool"], fields["args"])
            case "tool_result":
                self._end_call(fields)
            case "change":
                self._change(fields)
            case "proposal":
                self._propose(fields)
            case "run_finished":
                self.settle(fields)
            case "error":
                pass

    def settle(self, result: Mapping[str, Any]) -> None:
        """Adds whatever of the whole result is not there yet, and says how the run ended."""
        if not self._reasoning and result["understood"]:
            self._think(result["understood"])
        for told in result["tool_calls"]:
            self._card_of(told).show_whole(told)
        for change in result["changes"]:
            self._change(change)
        for proposal in result["proposals"]:
            self._propose(proposal)
        self._answer(result)
        self._interim = self._prose if result["status"] == "needs_approval" else None
        self._about.say(_ending(result))
        self._about.classes(remove="working")
        self.set(aria_busy="false")
        if result["status"] in _BAD:
            self.classes("bad")
        self._end.clear()
        if len(result["changes"]) > 1:
            with self._end:
                undo_button(self._visitor, "Undo all of it", {"run_id": result["run_id"]})

    def show_changes(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Adds changes that were made by a decision."""
        for change in changes:
            self._change(change)

    def fail(self, sentence: str) -> None:
        """It never began, or was lost."""
        with self._body:
            Tag("p", sentence, "problem", role="alert")
        self._about.say("")
        self._about.classes(remove="working")
        self.set(aria_busy="false")

    def _begin(self) -> None:
        """A resumed run's words replace those that said what it waited for."""
        if self._interim is not None:
            self._interim.delete()
            self._interim, self._said = None, ""
        self._prose = None
        self._about.say("Working on it…")
        self._about.classes("working")
        self.set(aria_busy="true")

    def _say(self, piece: str) -> None:
        if self._prose is None:
            with self._body:
                self._prose = Prose()
        self._said += piece
        self._prose.add(piece)

    def _answer(self, result: Mapping[str, Any]) -> None:
        """The answer, unless it was told already. Words that were taken back on the way to it go."""
        answer = str(result["answer"])
        if result["status"] == "completed" and self._prose is not None and self._prose.text.strip() != answer.strip():
            self._prose.delete()
            self._said = ""
        if answer.strip() not in self._said:
            self._prose = None
            self._say(answer)

    def _think(self, piece: str) -> None:
        self._reasoning += piece
        lines = [line for line in self._reasoning.splitlines() if line.strip()]
        self._understood.say(lines[0] if lines else "Thinking")
        self._thinking.say("\n".join(lines[1:]))
        self._thoughts.set_visibility(bool(lines))

    def _call(self, tool: str, args: Mapping[str, Any]) -> None:
        # A call that waited is told again when its run goes on.
        for card in self._calls:
            if card.is_waiting and (card.tool, card.args) == (tool, args):
                card.begin_again()
                return
        self._prose = None
        self._reasoning += "\n" if self._reasoning else ""
        with self._body:
            self._calls.append(CallCard(tool, args))

    def _end_call(self, fields: Mapping[str, Any]) -> None:
        waiting = next((card for card in self._calls if card.tool == fields["tool"] and not card.has_ended), None)
        if waiting is not None:
            waiting.end(fields["outcome"], fields["message"])

    def _card_of(self, told: Mapping[str, Any]) -> CallCard:
        """The card of a stored call: the first of its like that no other call has taken."""
        for card in self._calls:
            if card.tool_call_id == told["tool_call_id"]:
                return card
        for card in self._calls:
            if card.tool_call_id is None and card.tool == told["tool"]:
                return card
        self._call(told["tool"], told["args"])
        return self._calls[-1]

    def _change(self, change: Mapping[str, Any]) -> None:
        if self._is_new(change["change_id"]):
            with self._body:
                change_card(self._visitor, change)

    def _propose(self, proposal: Mapping[str, Any]) -> None:
        if self._is_new(proposal["approval_id"]):
            with self._body:
                ProposalCard(self._visitor, proposal, self._on_decided, self._propose)

    def _is_new(self, thing_id: str) -> bool:
        """Whether it is to be shown now; what comes after it stands below it."""
        if thing_id in self._shown:
            return False
        self._shown.add(thing_id)
        self._prose = None
        return True


def _ending(result: Mapping[str, Any]) -> str:
    status = result["status"].replace("_", " ")
    return f"{status} · {result['model']} · {result['duration_ms'] / 1000:.1f} s"
