"""The one error of the project: a sentence for whoever asked, and a kind that each edge translates."""

import inspect
from typing import Literal

Kind = Literal[
    "not_found",
    "invalid",
    "conflict",
    "denied",
    "unauthenticated",
    "refused",
    "unavailable",
    "limit",
    "setup",
]


class CrmError(Exception):
    """Something went wrong.

    `CrmError("not_found", "No record …")` says it on the spot. A subclass says it once: its docstring is the message,
    its `kind` the kind, and it is raised without arguments.
    """

    kind: Kind = "invalid"
    message: str
    rule: str | None = None
    """Which rule refused, where a guard did."""

    def __init__(self, kind: Kind | None = None, message: str | None = None, *, rule: str | None = None) -> None:
        self.kind = kind or type(self).kind
        self.rule = rule
        self.message = message or inspect.getdoc(type(self)) or ""
        super().__init__(self.kind, self.message)

    def __str__(self) -> str:
        return self.message
