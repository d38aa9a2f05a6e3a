"""A person's conversations as they are stored: their list, and the runs of one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from agent.result import result_of
from schema.errors import CrmError
from schema.models.agents import Conversation, Run
from tools.context import ToolContext

LISTED = 40
SHOWN_RUNS = 30


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in the list."""

    conversation_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What was asked, and what came of it so far."""

    prompt: str
    result: dict[str, Any]

    @property
    def is_running(self) -> bool:
        return self.result["status"] == "running"


def list_talks(desk: ToolContext) -> list[Talk]:
    """The user's own, the latest first."""
    with desk.db.store(desk.who) as session:
        rows = session.select(
            select(Conversation.id, Conversation.title)
            .where(Conversation.user_id == desk.who.user_id)
            .order_by(Conversation.updated_at.desc(), Conversation.id.desc())
            .limit(LISTED)
        )
    return [Talk(row["id"], row["title"]) for row in rows]


def load_runs(desk: ToolContext, conversation_id: UUID) -> list[StoredRun]:
    """The latest runs of the user's own conversation, oldest first. Raises CrmError (not_found)."""
    with desk.db.store(desk.who) as session:
        own = session.select(
            select(Conversation.id).where(Conversation.id == conversation_id, Conversation.user_id == desk.who.user_id)
        )
        if not own:
            raise CrmError("not_found", "You have no such conversation.")
        rows = session.select(
            select(Run.__table__)
            .where(Run.conversation_id == conversation_id)
            .order_by(Run.started_at.desc(), Run.id.desc())
            .limit(SHOWN_RUNS)
        )
        return [StoredRun(row["prompt"], result_of(session, row).to_json()) for row in reversed(rows)]


def load_run(desk: ToolContext, run_id: UUID) -> StoredRun:
    """One run, as it stands now. Raises CrmError (not_found)."""
    with desk.db.store(desk.who) as session:
        rows = session.select(select(Run.__table__).where(Run.id == run_id, Run.user_id == desk.who.user_id))
        if not rows:
            raise CrmError("not_found", "You have no such run.")
        return StoredRun(rows[0]["prompt"], result_of(session, rows[0]).to_json())
