"""A change, made or proposed, as a table of fields with before and after."""

from collections.abc import Mapping
from typing import Any, cast

from schema.telling import is_said_elsewhere
from web.pages.markdown import RECORDS
from web.pages.parts import Tag, table

NOTHING = "–"


def heading(change: Mapping[str, Any], before: str = "") -> None:
    """What happens to which record, which is a link to it."""
    with Tag("h3"):
        Tag("span", f"{before}{change['action']} {change['kind'].replace('_', ' ')} ")
        Tag("a", str(change["label"]), href=f"{RECORDS}/{change['kind']}/{change['record_id']}")


def fields(change: Mapping[str, Any]) -> None:
    """Field, before, after; without what says nothing to a person."""
    before: dict[str, Any] = change["before"] or {}
    after: dict[str, Any] = change["after"] or {}
    sides = {**before, **after}
    rows = [
        [name.replace("_", " "), told(before.get(name)), told(after.get(name))]
        for name in sides
        if not is_said_elsewhere(name, change["kind"], sides) and told(before.get(name)) != told(after.get(name))
    ]
    table(["Field", "Before", "After"], rows)


def told(value: Any) -> str:
    """A value as people read it."""
    if value in (None, "", [], {}):
        return NOTHING
    match value:
        case True | False:
            return "yes" if value else "no"
        case list():
            return ", ".join(told(each) for each in cast("list[Any]", value))
        case dict():
            # Of a participant the role says something; who it was is an id here.
            mapping = cast("dict[str, Any]", value)
            return str(mapping.get("role") or ", ".join(f"{name} {told(each)}" for name, each in mapping.items()))
        case _:
            return str(value)
