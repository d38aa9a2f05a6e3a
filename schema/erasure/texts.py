"""Taking a person out of a text, or out of the texts in a JSON document."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, cast

ERASED = "[erased]"
"""What stands where a person was."""

_RECORD = ("record_id", "individual_id", "contact_id")


class Reach(IntEnum):
    """How a text hangs together with the person, and so what of it is the person's."""

    UNKNOWN = 0
    """Not at all: only what nobody else is called by."""
    LINKED = 1
    """It is about them, they took part, or it is about their account: each of the names by itself, and what others share."""


@dataclass(frozen=True)
class Redactor:
    """What is looked for, and what is left alone."""

    unique: re.Pattern[str] | None
    """Names, addresses and numbers that nobody else has."""
    shared: re.Pattern[str] | None
    """Those that somebody else has too."""
    lone: Mapping[str, re.Pattern[str]]
    """Each single name, by its folded form; and whole texts about the person."""
    protected: re.Pattern[str] | None
    """What others are called, where it holds a name of the person's."""
    others_ids: frozenset[str]
    """Records of people who have a name in common with the person."""

    def text(self, text: str, reach: Reach, without: Collection[str] = ()) -> str:
        """The text without the person; single names in `without` are somebody else's there too."""
        patterns = [self.unique]
        if reach:
            patterns += [self.shared, *(pattern for name, pattern in self.lone.items() if name not in without)]
        for pattern in patterns:
            if pattern is not None:
                text = self._without(pattern, text)
        return text

    def _without(self, pattern: re.Pattern[str], text: str) -> str:
        kept = [found.span() for found in self.protected.finditer(text)] if self.protected else []

        def gone(found: re.Match[str]) -> str:
            return found[0] if any(start <= found.start() and found.end() <= end for start, end in kept) else ERASED

        return pattern.sub(gone, text)

    def value(self, value: Any, reach: Reach, without: Collection[str] = ()) -> Any:
        """The same for whatever a column holds; a document inside a text is opened."""
        match value:
            case str():
                return self._string(value, reach, without)
            case list():
                return [self.value(each, reach, without) for each in cast("list[Any]", value)]
            case dict():
                told = cast("dict[str, Any]", value)
                inner = self._reach_of(told, reach)
                return {name: self.value(each, inner, without) for name, each in told.items()}
            case _:
                return value

    def _string(self, text: str, reach: Reach, without: Collection[str]) -> str:
        if text[:1] in ("{", "["):
            try:
                document = json.loads(text)
            except ValueError:
                pass
            else:
                changed = self.value(document, reach, without)
                return text if changed == document else json.dumps(changed, ensure_ascii=False)
        return self.text(text, reach, without)

    def _reach_of(self, told: Mapping[str, Any], reach: Reach) -> Reach:
        """A document about a namesake holds nothing that is shared with the person."""
        return Reach.UNKNOWN if any(str(told.get(name)) in self.others_ids for name in _RECORD) else reach
