"""API tokens: made, listed and withdrawn; the secret is shown once, and only its SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from guardrails.rights import is_scope
from schema.database import Database
from schema.errors import CrmError
from schema.identity import Identity
from schema.models import ApiToken

PREFIX = "crm_"
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the one moment its secret is known."""

    token_id: UUID
    secret: str
    scopes: tuple[str, ...]
    expires_at: datetime | None


def hash_of(secret: str) -> str:
    """What is kept of a token. It is random and long, so that one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def create_token(
    db: Database, who: Identity, *, user: Identity, label: str, scopes: Sequence[str], expires_at: datetime | None
) -> NewToken:
    """Makes a token that acts for `user`, who must be `who` unless an admin makes it.

    Raises CrmError: denied for somebody else's, invalid for a scope that does not exist or an end that is past.
    """
    if user.user_id != who.user_id and who.role != "admin":
        raise CrmError("denied", f"Only an admin may make tokens for others, and your role is {who.role}.")
    for scope in scopes:
        if not is_scope(scope):
            raise CrmError("invalid", f"{scope!r} is no scope; write KIND:EFFECT as in opportunity:write, *:read or *.")
    now = db.world.now()
    if expires_at is not None and expires_at <= now:
        raise CrmError("invalid", "The token would have ended already; give a moment to come.")
    if len(label) > LONGEST_LABEL or "\0" in label:
        raise CrmError("invalid", f"A label has at most {LONGEST_LABEL} characters, and no null byte.")
    token = NewToken(db.world.new_id(), PREFIX + secrets.token_urlsafe(32), tuple(scopes) or ("*",), expires_at)
    with db.store(who) as session:
        session.execute(
            insert(ApiToken).values(
                tenant_id=who.tenant_id,
                id=token.token_id,
                user_id=user.user_id,
                label=label,
                secret_hash=hash_of(token.secret),
                scopes=list(token.scopes),
                created_at=now,
                expires_at=expires_at,
            )
        )
    return token


def list_tokens(db: Database, who: Identity) -> list[dict[str, Any]]:
    """One's own tokens, newest first; an admin's list holds everybody's."""
    with db.read(who) as session:
        return session.rows(
            "SELECT k.id AS token_id, u.email AS user, k.label, k.scopes, k.created_at, k.expires_at, k.revoked_at"
            " FROM crm.api_tokens k JOIN crm.users u ON u.tenant_id = k.tenant_id AND u.id = k.user_id"
            " WHERE k.user_id = :user OR :everybody ORDER BY k.created_at DESC, k.id DESC",
            user=who.user_id,
            everybody=who.role == "admin",
        )


def revoke_token(db: Database, who: Identity, beginning: str) -> dict[str, Any]:
    """Ends the token whose id begins so, for good; one that has ended stays as it was. Raises CrmError (not_found)."""
    digits = beginning.strip().lower().replace("-", "")
    found = [row for row in list_tokens(db, who) if row["token_id"].hex.startswith(digits)]
    if len(digits) < 8 or not found:
        raise CrmError("not_found", f"You have no token {beginning}; `token list` shows which there are.")
    if len(found) > 1:
        raise CrmError("invalid", f"Several tokens' ids begin with {beginning}; give more of it.")
    token = found[0]
    if token["revoked_at"] is None:
        token["revoked_at"] = db.world.now()
        with db.store(who) as session:
            session.execute(
                update(ApiToken).where(ApiToken.id == token["token_id"]).values(revoked_at=token["revoked_at"])
            )
    return token
