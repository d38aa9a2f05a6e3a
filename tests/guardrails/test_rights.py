"""The table of rights and the scopes that narrow it."""

import pytest

from guardrails.effects import Effect
from guardrails.rights import Reach, check, check_scope, holds, is_scope, reach, scopes_of
from schema.errors import CrmError
from schema.models import RECORD_KINDS
from schema.models.tenancy import ROLES


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_everybody_reads_and_only_viewers_cannot_write(kind: str) -> None:
    assert {role: reach(role, kind, Effect.READ) for role in ROLES} == dict.fromkeys(ROLES, Reach.ANY)
    assert {role for role in ROLES if reach(role, kind, Effect.WRITE) is Reach.ANY} == set(ROLES) - {"viewer"}
    assert reach("member", kind, Effect.DESTROY) is Reach.OWN
    assert reach("viewer", kind, Effect.DESTROY) is Reach.NONE


def test_only_admins_change_users() -> None:
    assert {role for role in ROLES if reach(role, "user", Effect.WRITE) is not Reach.NONE} == {"admin"}


def test_only_admins_declare_fields() -> None:
    assert {role for role in ROLES if reach(role, "custom_field", Effect.WRITE) is not Reach.NONE} == {"admin"}
    assert all(reach(role, "custom_field", Effect.READ) is Reach.ANY for role in ROLES)


def test_what_the_table_does_not_hold_is_nothing() -> None:
    assert reach("intern", "account", Effect.READ) is Reach.NONE
    assert reach("admin", "galaxy", Effect.READ) is Reach.NONE


def test_a_roles_scopes_are_its_rights() -> None:
    assert "opportunity:write" in scopes_of("member")
    assert all(scope.endswith(":read") for scope in scopes_of("viewer"))
    assert all(is_scope(scope) for role in ROLES for scope in scopes_of(role))


@pytest.mark.parametrize(
    ("scopes", "held"),
    [
        (None, True),
        ({"*"}, True),
        ({"*:*"}, True),
        ({"*:write"}, True),
        ({"note:*"}, True),
        ({"note:write"}, True),
        ({"note:read"}, False),
        ({"task:write"}, False),
        (set[str](), False),
    ],
)
def test_a_scope_covers_what_it_says(scopes: set[str] | None, *, held: bool) -> None:
    assert holds(None if scopes is None else frozenset(scopes), "note", Effect.WRITE) is held


@pytest.mark.parametrize("scope", ["", "note", "note:fly", "galaxy:read", "note:read:x", "*:fly"])
def test_other_words_are_no_scopes(scope: str) -> None:
    assert not is_scope(scope)


def test_refusals_say_who_may() -> None:
    with pytest.raises(CrmError, match="only records of its own"):
        check("member", None, "account", Effect.DESTROY, is_own=False)
    check("member", None, "account", Effect.DESTROY, is_own=True)
    with pytest.raises(CrmError, match="The role viewer may not change"):
        check_scope("viewer", None, "record:write")
    with pytest.raises(CrmError, match="does not carry the scope note:write"):
        check("admin", frozenset({"note:read"}), "note", Effect.WRITE, is_own=True)
