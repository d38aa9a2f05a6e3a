"""Text from a model made fit to be stored: PostgreSQL takes neither null bytes nor halves of a surrogate pair."""

import re
from typing import Any, cast

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(value: Any) -> Any:
    """The JSON value with null bytes gone and lone surrogates replaced by U+FFFD, in keys too."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {storable_text(key): storable(item) for key, item in items}
    if isinstance(value, list):
        return [storable(item) for item in cast("list[Any]", value)]
    return value


def storable_text(text: str) -> str:
    return _UNSTORABLE.sub(lambda match: "" if match[0] == "\0" else "\ufffd", text)
