"""Who looks at a page: known when it was opened, and asked again before anything is done for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from starlette.requests import HTTPConnection, Request

from schema.errors import CrmError
from schema.identity import Identity
from tools.context import ToolContext
from web.caller import whose
from web.service import Service, service_of

_PLACE = "crm_agent.visitor"

SIGNED_OUT = CrmError("unauthenticated", "You are signed out; sign in again.")


@dataclass(frozen=True)
class Visitor:
    """A person in front of one page."""

    service: Service
    session: Mapping[str, Any]
    who: Identity
    """As they were when the page was opened."""

    async def desk(self) -> ToolContext:
        """What their tool calls start from. Raises CrmError (unauthenticated) for whoever signed out or was disabled."""
        who = await to_thread.run_sync(whose, self.service, self.session)
        if who is None:
            raise SIGNED_OUT
        return ToolContext(db=self.service.db, world=self.service.world, who=who, channel="page")

    def is_same_as(self, other: "Visitor") -> bool:
        return self.session.get("id") == other.session.get("id")


def visitor_of(connection: HTTPConnection) -> Visitor | None:
    """Whoever the connection's cookie names; None for somebody who has not signed in."""
    service = service_of(connection)
    # A copy: signing out empties the request's own.
    session = dict(connection.session)
    who = whose(service, session)
    return None if who is None else Visitor(service, session, who)


def place(connection: HTTPConnection, visitor: Visitor) -> None:
    """Keeps the visitor where `placed` finds them: beside the request, in nothing that pages share."""
    connection.scope[_PLACE] = visitor


def placed(request: Request) -> Visitor:
    return request.scope[_PLACE]
