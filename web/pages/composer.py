"""Where a request is written and sent, and a run is stopped."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from guardrails.limits import DEFAULT_LIMITS


class Composer(Element, component="composer.js"):
    """Tells `send` the text, and `stop` that the person has seen enough."""

    def __init__(self, send: Callable[[str], Awaitable[Any]], stop: Callable[[], Awaitable[Any]]) -> None:
        super().__init__()
        self.props["most"] = DEFAULT_LIMITS.request_characters
        self.on("send", lambda event: send(text_of(event)))
        self.on("stop", stop, args=[])

    def set_busy(self, is_busy: bool) -> None:
        """While it is, there is Stop in the place of Send."""
        self.props["busy"] = is_busy

    def set_conversation(self, conversation_id: UUID) -> None:
        """Puts the conversation into the address."""
        self.props["conversation"] = str(conversation_id)


def text_of(event: GenericEventArguments) -> str:
    """What was sent; whatever a made-up event holds, text comes of it."""
    return event.args if isinstance(event.args, str) else ""
