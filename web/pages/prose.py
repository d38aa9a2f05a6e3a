"""Text in Markdown that may still be growing."""

from nicegui.element import Element

from web.pages.markdown import as_html, settled
from web.pages.parts import Tag


class _Markup(Element, component="prose.js"):
    """HTML that `as_html` made."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.show(text)

    def show(self, text: str) -> None:
        self.props["markup"] = as_html(text)


class Prose(Tag):
    """Grows block by block: what is settled is never sent again, however long the answer becomes."""

    def __init__(self, text: str = "") -> None:
        super().__init__("div", classes="answer")
        self.text = ""
        """All of it, in Markdown."""
        self._growing = ""
        self._last: _Markup | None = None
        if text:
            self.add(text)

    def add(self, piece: str) -> None:
        """Goes on with the text."""
        piece = piece.replace("\r", "")
        self.text += piece
        self._growing += piece
        done = settled(self._growing)
        if done:
            self._show(self._growing[:done])
            self._growing = self._growing[done:]
            self._last = None
        self._show(self._growing)

    def _show(self, text: str) -> None:
        if self._last is None:
            with self:
                self._last = _Markup(text)
        else:
            self._last.show(text)
