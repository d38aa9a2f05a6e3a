"""Errors as RFC 9457 problem documents: a sentence and a kind, never a trace."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from schema.errors import CrmError, Kind

STATUS: Mapping[Kind, int] = {
    "not_found": 404,
    "invalid": 422,
    "conflict": 409,
    "denied": 403,
    "unauthenticated": 401,
    "refused": 403,
    "unavailable": 503,
    "limit": 413,
    "setup": 503,
}
_KINDS: Mapping[int, Kind] = {404: "not_found", 405: "invalid", 413: "limit", 429: "limit", 401: "unauthenticated"}
MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    kind: str
    """Which of a few kinds: not_found, invalid, conflict, denied, unauthenticated, refused, unavailable, limit, setup."""


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"model": Problem, "description": "A problem document: one sentence in `detail`, and its `kind`."}
}


def problem(error: CrmError, status: int | None = None, more: Mapping[str, Any] | None = None) -> JSONResponse:
    """The response for an error, with whatever more a program can use of it."""
    code = status or STATUS[error.kind]
    told = Problem(title=HTTPStatus(code).phrase, status=code, detail=error.message, kind=error.kind)
    headers = {"WWW-Authenticate": 'Bearer realm="crm-agent"'} if code == 401 else {}
    return JSONResponse({**told.model_dump(), **(more or {})}, code, headers, MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Every way in which a request can fail answers with a problem document."""
    app.add_exception_handler(CrmError, _crm_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _crm_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CrmError)  # noqa: S101 — Starlette calls it for nothing else
    return problem(error)


def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [_told(each) for each in error.errors()]
    return problem(CrmError("invalid", f"The request does not fit: {'; '.join(found)}."))


def _told(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return f"its body is no JSON, from character {error['loc'][-1]} on"
    if tuple(error["loc"]) == ("body",) and error["type"] != "missing":
        return "its body must be a JSON object, sent as application/json"
    return f"{_place(error['loc'])}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _place(location: tuple[int | str, ...]) -> str:
    named = [str(part) for part in location if part not in {"body", "query", "path"}]
    return ".".join(named) or "body"


def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    sentences = {404: "There is nothing at this address.", 405: "This address does not take this method."}
    sentence = sentences.get(error.status_code, f"{error.detail}.")
    response = problem(CrmError(_KINDS.get(error.status_code, "invalid"), sentence), error.status_code)
    response.headers.update(error.headers or {})
    return response


def _unexpected(_: Request, error: Exception) -> JSONResponse:
    """The server logs what it was; whoever asked cannot do anything about it."""
    del error
    return problem(CrmError("unavailable", "Something went wrong inside crm-agent; its log says what."), 500)
