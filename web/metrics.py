"""`/metrics`: what is measured, as Prometheus reads it; for this machine and administrators, since it is of the whole installation."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from sqlalchemy.pool import Pool, QueuePool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guardrails.effects import Effect
from guardrails.rights import METRICS, Reach, holds, reach
from retrieval.search.cache import SEARCHES
from schema.backlog import Waiting, backlog_of
from schema.database import Database
from schema.errors import CrmError
from schema.metrics import HTTP_REQUESTS, REGISTRY
from tools.context import ToolContext
from web.caller import CallerFromElsewhere, Served
from web.problems import PROBLEM_RESPONSES

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_PAGES = "/ui"

router = APIRouter(tags=["health"], responses=PROBLEM_RESPONSES)


@router.get("/metrics", summary="What is measured, for Prometheus", response_class=Response)
async def metrics(request: Request, service: Served, caller: CallerFromElsewhere) -> Response:
    """Open to this machine; from elsewhere, or through a proxy, it needs an administrator's token with the scope `metrics:read`.

    The numbers are of the whole installation, and name nobody.
    """
    if caller is not None:
        _check(caller)
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(await to_thread.run_sync(encode, Everything(service.db)), media_type=media_type)


def _check(caller: ToolContext) -> None:
    if not holds(caller.scopes, METRICS, Effect.READ):
        raise CrmError("denied", "This token does not carry the scope metrics:read.")
    if reach(caller.who.role, METRICS, Effect.READ) is Reach.NONE:
        raise CrmError("denied", "Metrics are of the whole installation, and for administrators alone.")


@dataclass(frozen=True)
class Everything:
    """What was measured while it happened, and how things stand at this moment."""

    db: Database

    def collect(self) -> Iterable[Metric]:
        yield from REGISTRY.collect()
        yield InfoMetricFamily("crm_agent", "The version that serves.", {"version": version("crm-agent")})
        yield CounterMetricFamily(
            "embedding_cache_hits", "Searches whose query had been embedded before.", value=SEARCHES.hits
        )
        yield CounterMetricFamily(
            "embedding_cache_misses", "Searches whose query had to be embedded.", value=SEARCHES.misses
        )
        yield from _connections(self.db)
        yield from _waiting(self.db)


def _waiting(db: Database) -> Iterator[Metric]:
    """What waits in the database; where it cannot be asked, only that."""
    try:
        found = backlog_of(db)
    except CrmError:
        yield GaugeMetricFamily("crm_database_up", "1 while the database answers.", value=0)
        return
    yield GaugeMetricFamily("crm_database_up", "1 while the database answers.", value=1)
    yield from _gauges("crm_pending_approvals", "Changes that wait for a person", found.approvals)
    yield from _gauges("crm_unsealed_events", "Audit events that no seal covers yet", found.unsealed)
    yield from _gauges("embedding_queue_depth", "Changes that the semantic index has not taken up", found.queued)
    yield GaugeMetricFamily(
        "embedding_queue_set_aside", "Changes that the semantic index gave up.", value=found.set_aside
    )


def _gauges(name: str, told: str, waiting: Waiting) -> Iterator[Metric]:
    yield GaugeMetricFamily(name, f"{told}.", value=waiting.count)
    oldest = f"{name.removesuffix('_depth')}_oldest_age_seconds"
    yield GaugeMetricFamily(oldest, f"{told}: seconds since the oldest.", value=waiting.seconds)


def _connections(db: Database) -> Iterator[Metric]:
    told = GaugeMetricFamily(
        "crm_database_connections", "Connections of this process, by role and by use.", labels=["role", "use"]
    )
    pools: dict[str, Pool] = {"app": db.app.pool, "system": db.system.pool, "reader": db.reader}
    for role, pool in pools.items():
        if isinstance(pool, QueuePool):
            told.add_metric([role, "busy"], pool.checkedout())
            told.add_metric([role, "idle"], pool.checkedin())
    yield told


class Measured:
    """Measures every request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, watched)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            labels = HTTP_REQUESTS.labels(method=method, route=_route_of(scope), status=str(status))
            labels.observe(time.perf_counter() - began)


def _route_of(scope: Scope) -> str:
    """The route's pattern, never the address: that holds ids, and a stranger could make up any number of them."""
    path = str(scope["path"])
    if path == _PAGES or path.startswith(f"{_PAGES}/"):
        return _PAGES
    pattern = getattr(scope.get("route"), "path", None)
    return pattern if isinstance(pattern, str) else "other"
