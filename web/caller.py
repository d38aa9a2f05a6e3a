"""Who makes a request: a bearer token, or a person signed in on the pages."""

import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection, Request

from guardrails.rights import check_scope
from schema.errors import CrmError
from schema.identity import Identity
from tools.context import ToolContext
from web.service import Service, service_of
from web.tokens import hash_of

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
CSRF_HEADER = "X-CSRF-Token"

_bearer = HTTPBearer(auto_error=False, description="A token from `crm-agent token create`.")


def _caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> ToolContext:
    """What a tool call of whoever asks starts from. Raises CrmError (unauthenticated)."""
    service = service_of(request)
    if credentials is not None:
        found = service.db.sign_in_token(hash_of(credentials.credentials))
        return ToolContext(db=service.db, world=service.world, who=found.who, scopes=found.scopes, channel="rest")
    who = signed_in(request)
    if who is None:
        raise CrmError(
            "unauthenticated", "Send a token as `Authorization: Bearer …`; `crm-agent token create` makes one."
        )
    if request.method not in SAFE_METHODS:
        check_csrf(request, request.headers.get(CSRF_HEADER))
    return ToolContext(db=service.db, world=service.world, who=who, channel="page")


Caller = Annotated[ToolContext, Depends(_caller)]
"""Whoever asks; nobody gets in unknown."""


def _caller_from_elsewhere(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> ToolContext | None:
    if credentials is None and _is_from_here(request):
        return None
    return _caller(request, credentials)


CallerFromElsewhere = Annotated[ToolContext | None, Depends(_caller_from_elsewhere)]
"""Whoever asks; None for a request that begins on this machine and brings no token."""

_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def _is_from_here(request: Request) -> bool:
    """Whether it comes over loopback and no proxy passed it on, as far as proxies say so."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _service(request: Request) -> Service:
    return service_of(request)


Served = Annotated[Service, Depends(_service)]


def signed_in(connection: HTTPConnection) -> Identity | None:
    """Whoever the session's cookie names, while they may still sign in."""
    return whose(service_of(connection), connection.session)


def whose(service: Service, session: Mapping[str, Any]) -> Identity | None:
    """Who signed in to a session that is open, while they may still sign in."""
    if not service.sessions.is_open(session):
        return None
    try:
        return service.db.sign_in(session["email"], session["tenant"])
    except CrmError as error:
        if error.kind == "unauthenticated":
            return None
        raise


def csrf_token(session: dict[str, Any]) -> str:
    """The session's secret, which another site's page cannot read and so not send."""
    return session.setdefault("csrf", secrets.token_urlsafe(24))


def check_csrf(request: Request, given: str | None) -> None:
    """Raises CrmError (denied) for a request that some other site's page may have made."""
    expected = request.session.get("csrf")
    if not expected or not given or not secrets.compare_digest(expected.encode(), given.encode()):
        raise CrmError("denied", "This page is out of date; reload it and try again.")


def check_may_read(caller: ToolContext) -> None:
    """Raises CrmError (denied) when the token reads no record at all; logs and runs tell of records."""
    check_scope(caller.who.role, caller.scopes, "record:read")
