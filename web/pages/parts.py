"""Plain HTML elements with text in them; text is never taken for HTML."""

from collections.abc import Awaitable, Callable
from typing import Any, Self

from nicegui.element import Element


class Tag(Element):
    """An HTML element, in the element around it."""

    def __init__(self, tag: str, text: str = "", classes: str = "", **attributes: str) -> None:
        super().__init__(tag)
        self._text = text or None
        if classes:
            self.classes(classes)
        # The underscores are for Python: aria_label, for_, class_.
        self.set(**attributes)

    def say(self, text: str) -> None:
        """Other text in its place."""
        self._text = text or None
        self.update()

    def set(self, **attributes: str) -> Self:
        """Sets attributes; an empty one is there without a value."""
        for name, value in attributes.items():
            self.props[name.rstrip("_").replace("_", "-")] = value
        return self

    def unset(self, *names: str) -> Self:
        for name in names:
            self.props.pop(name, None)
        return self


def button(text: str, press: Callable[[], Awaitable[Any]], classes: str = "quiet", **attributes: str) -> Tag:
    """A button that does something when it is pressed."""
    made = Tag("button", text, classes, type="button", **attributes)
    made.on("click", press, args=[])
    return made


def table(titles: list[str], rows: list[list[str]]) -> None:
    """A table whose rows begin with a heading of their own."""
    with Tag("div", classes="wide", tabindex="0"), Tag("table"):
        with Tag("thead"), Tag("tr"):
            for title in titles:
                Tag("th", title, scope="col")
        with Tag("tbody"):
            for first, *rest in rows:
                with Tag("tr"):
                    Tag("th", first, scope="row")
                    for cell in rest:
                        Tag("td", cell)
