"""Which fields of a change a person has something to read in."""

from collections.abc import Mapping
from typing import Any

CARRIED = frozenset({"version", "created_at", "updated_at", "via_agent"})
"""Fields that every record carries; the page is given them too, and keeps the rest of the rule in `page.js`."""


def is_said_elsewhere(name: str, kind: str, values: Mapping[str, Any]) -> bool:
    """Whether it is the record's own id, an id with a name or label beside it, or a field that every record carries."""
    if name in CARRIED or name == f"{kind}_id":
        return True
    stem = name.removesuffix("_id")
    return stem != name and any(f"{stem}_{word}" in values for word in ("name", "label"))


def spread(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the tenant's own fields one by one, as `custom.region`."""
    plain = {name: value for name, value in values.items() if name != "custom"}
    held: Mapping[str, Any] = values.get("custom") or {}
    return plain | {f"custom.{name}": value for name, value in held.items()}
