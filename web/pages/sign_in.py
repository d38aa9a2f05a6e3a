"""Signing in and out: plain HTML without a script, under the strictest policy."""

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import APIRouter, Form
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from schema.errors import CrmError
from schema.identity import Identity
from web.caller import Served, check_csrf, csrf_token
from web.service import Service
from web.sessions import begin_session

STATIC_PATH = "/ui/static"
SEE_OTHER = 303
LONGEST_FIELD = 320

DEMO_USERS = ("admin", "manager", "member", "viewer")

router = APIRouter(include_in_schema=False)


@router.get("/")
async def root() -> RedirectResponse:
    return RedirectResponse("/ui")


@router.post("/ui/sign-in")
def sign_in(
    request: Request,
    service: Served,
    email: Annotated[str, Form(max_length=LONGEST_FIELD)],
    password: Annotated[str, Form(max_length=LONGEST_FIELD)],
    csrf: Annotated[str, Form(max_length=LONGEST_FIELD)],
    tenant: Annotated[str, Form(max_length=LONGEST_FIELD)] = "",
) -> Response:
    """Starts a session, or shows the form again with what was wrong."""
    try:
        check_csrf(request, csrf)
        who = _identified(service, email.strip().lower(), password, tenant.strip() or None)
    except CrmError as error:
        if error.kind in {"unavailable", "setup"}:
            raise
        return sign_in_page(request, service, error.message)
    begin_session(request.session, who)
    return RedirectResponse("/ui", SEE_OTHER)


@router.post("/ui/sign-out")
def sign_out(request: Request, service: Served, csrf: Annotated[str, Form(max_length=LONGEST_FIELD)]) -> Response:
    """Ends the session, in every window of it."""
    check_csrf(request, csrf)
    service.sessions.end(request.session)
    request.session.clear()
    return RedirectResponse("/ui", SEE_OTHER)


WRONG = "E-mail and password do not go together."


def _identified(service: Service, email: str, password: str, tenant: str | None) -> Identity:
    """The user whose password it is. Takes as long for an e-mail that nobody has. Raises CrmError."""
    if "\0" in email or (tenant is not None and "\0" in tenant):
        raise CrmError("unauthenticated", WRONG)
    service.attempts.check(email)
    kept = service.db.password_hash(email, tenant)
    try:
        PasswordHasher().verify(kept or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        service.attempts.failed(email)
        raise CrmError("unauthenticated", WRONG) from None
    if kept is None:
        raise CrmError("unauthenticated", WRONG)
    service.attempts.succeeded(email)
    return service.db.sign_in(email, tenant)


@cache
def _nobodys_hash() -> str:
    return PasswordHasher().hash("of an e-mail that nobody has")


def sign_in_page(request: HTTPConnection, service: Service, problem: str = "") -> Response:
    """The form, with what was wrong the last time."""
    csrf = csrf_token(request.session)
    values = {"problem": problem, "no_problem": "" if problem else "hidden", "csrf": csrf}
    return _filled("sign_in.html", values, {"demo": _demo(service, csrf)}, status=401 if problem else 200)


def _demo(service: Service, csrf: str) -> str:
    """A button for each kind of demo user, where it is safe to hand out their password."""
    if service.demo_password is None:
        return ""
    template = Template(_text("demo_user.html"))
    buttons = [
        template.substitute(
            email=f"{login}@brightwater.example", login=login, password=escape(service.demo_password), csrf=escape(csrf)
        )
        for login in DEMO_USERS
    ]
    return Template(_text("demo.html")).substitute(password=escape(service.demo_password), buttons="".join(buttons))


def _filled(
    name: str, values: Mapping[str, str], html: Mapping[str, str] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page with its values put in, escaped, and what is HTML already."""
    escaped = {key: escape(value) for key, value in values.items()}
    return HTMLResponse(Template(_text(name)).substitute(escaped | dict(html or {})), status)


@cache
def _text(name: str) -> str:
    return (files("web") / "templates" / name).read_text(encoding="utf-8")
