"""What each role may do to each kind of record, as a table, and the scopes that narrow it."""

from collections.abc import Mapping
from enum import StrEnum

from guardrails.effects import Effect
from schema.errors import CrmError
from schema.models import RECORD_KINDS


class Reach(StrEnum):
    """Which records of a kind a right covers."""

    NONE = "none"
    OWN = "own"
    """Those the user owns or created."""
    ANY = "any"


_EFFECTS = (Effect.READ, Effect.WRITE, Effect.DESTROY, Effect.SEND)

_ON_RECORDS: Mapping[str, tuple[Reach, ...]] = {
    # role        read        write       destroy     send
    "admin": (Reach.ANY, Reach.ANY, Reach.ANY, Reach.ANY),
    "manager": (Reach.ANY, Reach.ANY, Reach.ANY, Reach.ANY),
    "member": (Reach.ANY, Reach.ANY, Reach.OWN, Reach.ANY),
    "viewer": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
}
_ON_USERS: Mapping[str, tuple[Reach, ...]] = {
    "admin": (Reach.ANY, Reach.ANY, Reach.ANY, Reach.NONE),
    "manager": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
    "member": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
    "viewer": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
}
_ON_APPROVALS: Mapping[str, tuple[Reach, ...]] = {
    "admin": (Reach.ANY, Reach.ANY, Reach.NONE, Reach.NONE),
    "manager": (Reach.ANY, Reach.ANY, Reach.NONE, Reach.NONE),
    "member": (Reach.OWN, Reach.OWN, Reach.NONE, Reach.NONE),
    "viewer": (Reach.OWN, Reach.NONE, Reach.NONE, Reach.NONE),
}
_ON_DECLARATIONS: Mapping[str, tuple[Reach, ...]] = {
    "admin": (Reach.ANY, Reach.ANY, Reach.NONE, Reach.NONE),
    "manager": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
    "member": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
    "viewer": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE),
}
_ON_METRICS: Mapping[str, tuple[Reach, ...]] = {"admin": (Reach.ANY, Reach.NONE, Reach.NONE, Reach.NONE)}
METRICS = "metrics"
"""What is measured of the whole installation; no record, and so not covered by a scope for any record."""
RIGHTS: Mapping[str, Mapping[str, tuple[Reach, ...]]] = {
    **dict.fromkeys(RECORD_KINDS, _ON_RECORDS),
    "user": _ON_USERS,
    "approval": _ON_APPROVALS,
    "custom_field": _ON_DECLARATIONS,
    METRICS: _ON_METRICS,
}
"""Kind → role → reach of read, write, destroy and send. A pair that is not here may do nothing."""

ANY_KIND = "record"
"""In a tool's scope: the kind is known only once the record is."""

_VERBS = {Effect.READ: "read", Effect.WRITE: "change", Effect.DESTROY: "delete", Effect.SEND: "send"}


def reach(role: str, kind: str, effect: Effect) -> Reach:
    """How far a role's right goes; NONE for a role, kind or effect that the table does not hold."""
    row = RIGHTS.get(kind, {}).get(role)
    return row[_EFFECTS.index(effect)] if row else Reach.NONE


def scopes_of(role: str) -> frozenset[str]:
    """Every `kind:effect` a role holds, over at least its own records."""
    return frozenset(
        f"{kind}:{effect}" for kind in RIGHTS for effect in _EFFECTS if reach(role, kind, effect) is not Reach.NONE
    )


def is_scope(scope: str) -> bool:
    """True for `kind:effect`, where either side may be `*`; and for `*` alone."""
    kind, _, effect = ("*:*" if scope == "*" else scope).partition(":")
    return (kind == "*" or kind in RIGHTS) and (effect == "*" or effect in {str(each) for each in _EFFECTS})


def holds(scopes: frozenset[str] | None, kind: str, effect: Effect) -> bool:
    """Whether a token's scopes cover it; None means no token narrows the user."""
    if scopes is None:
        return True
    if kind == ANY_KIND:
        return any(holds(scopes, each, effect) for each in RIGHTS if each != METRICS)
    return not scopes.isdisjoint({"*", "*:*", f"*:{effect}", f"{kind}:*", f"{kind}:{effect}"})


def may_decide(scopes: frozenset[str] | None) -> bool:
    """Whether the caller is one who decides proposals: a signed-in person, or a token made for just that.

    `*` does not cover it, so that the token a model's client holds never opens the gate by accident.
    """
    return scopes is None or "approval:write" in scopes


def check_scope(role: str, scopes: frozenset[str] | None, scope: str) -> None:
    """Refuses a tool whose scope the caller holds for no kind at all; raises CrmError of kind denied."""
    kind, _, name = scope.partition(":")
    effect = Effect(name)
    if not holds(scopes, kind, effect):
        raise CrmError("denied", f"This token does not carry the scope {scope}.")
    kinds = RECORD_KINDS if kind == ANY_KIND else (kind,)
    if all(reach(role, each, effect) is Reach.NONE for each in kinds):
        raise CrmError(
            "denied", f"The role {role} may not {_VERBS[effect]} records. Ask a manager or an administrator."
        )


def check(role: str, scopes: frozenset[str] | None, kind: str, effect: Effect, *, is_own: bool) -> None:
    """Refuses what the user may not do to this record; raises CrmError of kind denied."""
    if not holds(scopes, kind, effect):
        raise CrmError("denied", f"This token does not carry the scope {kind}:{effect}.")
    allowed = reach(role, kind, effect)
    if allowed is Reach.ANY or (allowed is Reach.OWN and is_own):
        return
    if allowed is Reach.OWN:
        raise CrmError(
            "denied",
            f"The role {role} may {_VERBS[effect]} only records of its own, and this {kind} is somebody else's. "
            "Ask its owner, a manager or an administrator.",
        )
    raise CrmError("denied", f"The role {role} may not {_VERBS[effect]} a record of kind {kind}.")
