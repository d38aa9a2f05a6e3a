"""A proposal as a card: what would change, field by field, and the two buttons that only a person can press."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from anyio import to_thread
from nicegui.element import Element

from schema.errors import CrmError
from tools.approvals import Decided, approve, get_approval, reject
from tools.context import ToolContext
from web.pages import differences
from web.pages.composer import text_of
from web.pages.parts import Tag, button
from web.pages.visitor import Visitor

MOST_SHOWN = 50
"""Records whose fields are shown; how many more there are is said."""

OnDecided = Callable[[ToolContext, Decided], Awaitable[None]]
OnReplaced = Callable[[Mapping[str, Any]], None]


class _Decision(Element, component="decision.js"):
    """Approve and Reject."""


class ProposalCard(Tag):
    """Waits for a person. `on_decided` hears of the decision, `on_replaced` of the proposal that takes this one's place."""

    def __init__(
        self, visitor: Visitor, proposal: Mapping[str, Any], on_decided: OnDecided, on_replaced: OnReplaced
    ) -> None:
        super().__init__("section", classes="proposal")
        self._approval_id = UUID(proposal["approval_id"])
        self._visitor, self._on_decided, self._on_replaced = visitor, on_decided, on_replaced
        count: int = proposal["count"]
        self.set(aria_label=f"To decide: {proposal['action']} {count} {proposal['kind'].replace('_', ' ')}")
        with self:
            if count > 1:
                Tag("h3", f"To decide: {proposal['action']} {count} records")
            self._body = Tag("div")
            self._decision = _Decision()
            self._outcome = Tag("p", classes="about", role="status")
        self._decision.on("approve", self._approve, args=[])
        self._decision.on("reject", lambda event: self._reject(text_of(event)))
        self._show(proposal["sample"], count)

    def _show(self, changes: list[dict[str, Any]], count: int) -> None:
        self._body.clear()
        with self._body:
            for change in changes[:MOST_SHOWN]:
                differences.heading(change, "To decide: " if count == 1 else "")
                differences.fields(change)
            if count > len(changes):
                button(f"Show all {count}", self._show_all)
            elif count > MOST_SHOWN:
                Tag("p", f"And {count - MOST_SHOWN} more; `crm-agent approvals show` lists them all.", "about")

    async def _show_all(self) -> None:
        try:
            desk = await self._visitor.desk()
            whole = await to_thread.run_sync(get_approval, desk, self._approval_id)
        except CrmError as error:
            self._outcome.say(error.message)
            return
        self._show(whole["changes"], len(whole["changes"]))

    async def _approve(self) -> None:
        await self._decide(approve, "Approved by you.")

    async def _reject(self, reason: str) -> None:
        await self._decide(lambda desk, approval_id: reject(desk, approval_id, reason), "Rejected by you.")

    async def _decide(self, decide: Callable[[ToolContext, UUID], Decided], said: str) -> None:
        self._decision.props["busy"] = True
        try:
            desk = await self._visitor.desk()
            decided = await to_thread.run_sync(decide, desk, self._approval_id)
        except CrmError as error:
            self._outcome.say(error.message)
            await self._after_refusal(error)
            return
        self._close(said)
        await self._on_decided(desk, decided)

    async def _after_refusal(self, error: CrmError) -> None:
        """A conflict means that this proposal is over; anything else may be tried again."""
        self._decision.props["busy"] = error.kind == "conflict"
        if error.kind != "conflict":
            return
        self._decision.delete()
        desk = await self._visitor.desk()
        old = await to_thread.run_sync(get_approval, desk, self._approval_id)
        if old["replaced_by"]:
            self._on_replaced(await to_thread.run_sync(get_approval, desk, UUID(old["replaced_by"])))

    def _close(self, said: str) -> None:
        self._outcome.say(said)
        self._decision.delete()
        self.classes("decided")
