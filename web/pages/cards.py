"""What a run did, each as a card: a tool call that opens, a change that can be undone."""

import json
from collections.abc import Mapping
from typing import Any

from anyio import to_thread

from schema.errors import CrmError
from tools.context import ToolContext
from web.pages import differences
from web.pages.parts import Tag, button
from web.pages.visitor import Visitor
from web.records import call

LONGEST = 40_000
"""Characters of arguments or of a result that a card shows; the log has all of it."""

_OUTCOMES = {"ok": "done", "failed": "failed", "denied": "not allowed", "proposed": "waits for a decision"}


class CallCard(Tag):
    """A tool call: one quiet line, which opens to what was asked of the tool and what it answered."""

    def __init__(self, tool: str, args: Mapping[str, Any]) -> None:
        super().__init__("details", classes="call")
        self.tool, self.args = tool, dict(args)
        self.tool_call_id: str | None = None
        """Known once it is stored."""
        self.has_ended = False
        self.is_waiting = False
        with self:
            with Tag("summary"):
                Tag("span", tool.replace("_", " "), "tool")
                self._about = Tag("span", _hint(args), "hint")
                self._state = Tag("span", "working…", "state")
            self._facts = Tag("dl")
        self._show({"Arguments": _json(args)})

    def begin_again(self) -> None:
        """It was decided on, and is made or answered now."""
        self.has_ended = self.is_waiting = False

    def end(self, outcome: str, message: str | None) -> None:
        """How it ended, as soon as that is known."""
        self.has_ended = True
        self._state.say(_OUTCOMES.get(outcome, outcome))
        if outcome in {"failed", "denied"}:
            self.classes("bad")
            self._show({"Arguments": _json(self.args), "Problem": message or ""})

    def show_whole(self, told: Mapping[str, Any]) -> None:
        """The call as it was stored."""
        self.tool_call_id, self.has_ended = told["tool_call_id"], True
        self.is_waiting = told["outcome"] == "proposed"
        self._state.say(f"{_OUTCOMES.get(told['outcome'], told['outcome'])} · {told['duration_ms']:.0f} ms")
        if told["outcome"] in {"failed", "denied"}:
            self.classes("bad")
        facts = {"Reason": told["reason"] or "", "Arguments": _json(told["args"]), "Result": _json(told["result"])}
        self._show({name: value for name, value in facts.items() if value})

    def _show(self, facts: Mapping[str, str]) -> None:
        self._facts.clear()
        with self._facts:
            for name, value in facts.items():
                Tag("dt", name)
                with Tag("dd"):
                    Tag("pre", value, tabindex="0")


def change_card(visitor: Visitor, change: Mapping[str, Any]) -> None:
    """A change with before and after, and the way back."""
    with Tag("section", classes="change"):
        differences.heading(change)
        differences.fields(change)
        undo_button(visitor, "Undo this change", {"change_id": change["change_id"]})


def undo_button(visitor: Visitor, title: str, what: Mapping[str, Any]) -> None:
    """Takes back a change or a run, and says what was left alone."""
    with Tag("div", classes="undo"):

        async def undo() -> None:
            pressed.set(disabled="")
            try:
                desk = await visitor.desk()
                outcome.say(_taken_back(await to_thread.run_sync(_undo, desk, what)))
            except CrmError as error:
                outcome.say(error.message)
                pressed.unset("disabled")

        pressed = button(title, undo)
        outcome = Tag("p", classes="about", role="status")


def _undo(desk: ToolContext, what: Mapping[str, Any]) -> dict[str, Any]:
    return call(desk, "undo", {**what, "reason": f"{desk.who.name} took it back on the page."})


def _taken_back(result: Mapping[str, Any]) -> str:
    left = [
        f"{each['field']} of {each['label']} was changed since and is left as it is." for each in result["conflicts"]
    ]
    return " ".join([f"Taken back: {len(result['undone'])}.", *left])


def _hint(args: Mapping[str, Any]) -> str:
    """What tells this call from others, in a few words."""
    for name in ("query", "where", "kind", "fields", "sql", "record_id"):
        if value := args.get(name):
            text = differences.told(value)
            return text if len(text) <= 60 else f"{text[:59]}…"
    return ""


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} characters more"
