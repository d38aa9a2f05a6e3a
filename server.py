"""Assembles the FastAPI application from its routes; what they do lives in `web`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from web import approvals, asking, auditing, chat, health, insights, metrics, querying, records, search
from web.docs import install_docs
from web.pages import sign_in
from web.pages.application import install_pages, running_pages
from web.problems import install_problems
from web.service import Service, session_key
from web.sessions import SESSION_SECONDS
from web.shield import BodyLimit, StrictHeaders

API = "/api/v1"


def create_app(service: Service) -> FastAPI:
    """The application over one open installation."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with running_pages():
            yield
            await service.live.stop_all()

    app = FastAPI(
        title="crm-agent",
        version=version("crm-agent"),
        description="An LLM agent over a CRM: plain language in, audited and undoable changes out.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    install_problems(app)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(sign_in.router)
    for routes in (asking, chat, records, search, querying, approvals, auditing, insights):
        app.include_router(routes.router, prefix=API)
    app.mount(sign_in.STATIC_PATH, StaticFiles(directory=str(files("web") / "static")), name="static")
    install_docs(app)
    install_pages(app)
    # The last one added is the first to see a request.
    app.add_middleware(
        SessionMiddleware,
        secret_key=session_key(service.settings.home),
        session_cookie="crm_session",
        max_age=SESSION_SECONDS,
        same_site="lax",
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=service.hosts, www_redirect=False)
    app.add_middleware(StrictHeaders)
    app.add_middleware(metrics.Measured)
    return app
