"""What is around every page: who is signed in, where else to go, and the conversations."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from nicegui import ui

from web.pages.parts import Tag, button
from web.pages.talks import Talk
from web.pages.visitor import Visitor


class Frame(Tag):
    """The page's body: the header, the conversations at the side, and a place for the rest."""

    def __init__(self, visitor: Visitor, talks: list[Talk], current: UUID | None) -> None:
        super().__init__("div", classes="frame")
        self._current = current
        self._is_open = False
        # NiceGUI puts a page into its main landmark, where a header would be no banner.
        layout = ui.context.client.layout
        with layout:
            _header(visitor).move(layout, 0)
        with self, Tag("div", classes="columns"):
            with Tag("nav", classes="side", aria_label="Conversations") as self._side:
                self._switch = button("Conversations", self._open_or_close, "quiet switch", aria_expanded="false")
                Tag("a", "New conversation", "new", href="/ui")
                self._list = Tag("ul")
            self.place = Tag("div", classes="place")
        for talk in talks:
            self._add(talk)

    def add_talk(self, talk: Talk) -> None:
        """A conversation that has just begun, which is the one shown."""
        self._current = talk.conversation_id
        self._add(talk).move(target_index=0)

    def _add(self, talk: Talk) -> Tag:
        with self._list, Tag("li") as item:
            link = Tag("a", talk.title or "(no words)", href=f"/ui?conversation={talk.conversation_id}")
            if talk.conversation_id == self._current:
                link.set(aria_current="page")
        return item

    async def _open_or_close(self) -> None:
        """On a phone the list is out of the way until it is asked for."""
        self._is_open = not self._is_open
        self._switch.set(aria_expanded=str(self._is_open).lower())
        self._side.classes(toggle="open")


@contextmanager
def framed(visitor: Visitor, talks: list[Talk], current: UUID | None = None) -> Generator[Frame]:
    """What is made inside stands in the frame's place."""
    frame = Frame(visitor, talks, current)
    with frame.place:
        yield frame


def _header(visitor: Visitor) -> Tag:
    who = visitor.who
    with Tag("header") as header:
        with Tag("h1"):
            Tag("a", "crm-agent", href="/ui")
        Tag("p", f"{who.name}, {who.role} at {who.tenant_name}")
        with Tag("form", method="post", action="/ui/sign-out"):
            Tag("input", type="hidden", name="csrf", value=str(visitor.session["csrf"]))
            Tag("button", "Sign out", "quiet")
    return header
