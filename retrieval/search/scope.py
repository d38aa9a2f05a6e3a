"""Which records a search may find."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Scope:
    kinds: tuple[str, ...]
    """Record kinds that may be found."""
    is_whole: bool = False
    """Whether that is all kinds there are."""
    kept: Mapping[str, sa.Select[Any]] = field(default_factory=dict[str, "sa.Select[Any]"], hash=False)
    """Where filters narrow it, for each of the kinds what selects the ids that they keep, as `record_id`; else empty."""
