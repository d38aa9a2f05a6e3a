"""A small tenant to call tools in: one user per role, and one line to call a tool as any of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from guardrails.effects import Effect
from schema.database import Database
from schema.identity import Identity
from schema.models import Base
from schema.session import Change
from schema.tenants import NewTenant, create_tenant
from schema.world import World
from tools.calls import ToolOutcome
from tools.context import ToolContext
from tools.execute import execute
from tools.registry import REGISTRY

PEOPLE = {"admin": "Ada Admin", "manager": "Mira Manager", "member": "Milo Member", "viewer": "Vera Viewer"}


def email_of(role: str) -> str:
    return f"{role}@harbour.example"


def fill_tenant(database: Database, slug: str) -> None:
    """A tenant with a user of each role and a second member, and no records."""
    who = create_tenant(
        database, NewTenant(slug, "Harbour", email_of("admin"), PEOPLE["admin"], time_zone="Europe/Berlin")
    )
    now = database.world.now()
    others = [*((email_of(role), name, role) for role, name in PEOPLE.items() if role != "admin")]
    others.append((email_of("nora"), "Nora Next", "member"))
    with database.write(who, Change(database.world.new_id(), "Set up for a test")) as session:
        for email, name, role in others:
            row = {"tenant_id": who.tenant_id, "id": database.world.new_id(), "email": email, "name": name}
            stamps = {"role": role, "created_at": now, "updated_at": now}
            session.execute(insert(Base.metadata.tables["crm.users"]).values(**row, **stamps))


@dataclass(frozen=True)
class Desk:
    """Calls tools as one user of the tenant."""

    database: Database
    context: ToolContext

    @classmethod
    def of(cls, database: Database, slug: str, role: str = "admin", **context: Any) -> "Desk":
        who = database.sign_in(email_of(role), slug)
        return cls(database, ToolContext(database, database.world, who, **context))

    @property
    def who(self) -> Identity:
        return self.context.who

    def as_role(self, role: str, **context: Any) -> "Desk":
        return Desk.of(self.database, self.who.tenant_slug, role, **context)

    def within(self, **context: Any) -> "Desk":
        """The same user in other circumstances: a run, a token's scopes, an audience."""
        return Desk(self.database, replace(self.context, **context))

    def at(self, later: timedelta) -> "Desk":
        """The same user that much later."""
        world = World.fixed(self.database.world.now() + later, seed=99)
        database = replace(self.database, world=world)
        return Desk(database, replace(self.context, db=database, world=world))

    def call(self, tool: str, /, **args: Any) -> ToolOutcome:
        if tool in REGISTRY and REGISTRY[tool].effect is not Effect.READ:
            args.setdefault("reason", f"A test calls {tool}")
        return execute(self.context, tool, args)

    def ok(self, tool: str, /, **args: Any) -> dict[str, Any]:
        """The result of a call that must succeed."""
        outcome = self.call(tool, **args)
        assert outcome.outcome == "ok", outcome.result
        return dict(outcome.result)

    def refusal(self, tool: str, /, **args: Any) -> tuple[str, str]:
        """Kind and message of a call that must not succeed."""
        outcome = self.call(tool, **args)
        assert outcome.error is not None, outcome.result
        return outcome.error

    def create(self, kind: str, /, **fields: Any) -> dict[str, Any]:
        """The record made, with its id under `record_id`."""
        result = self.ok("create_record", kind=kind, fields=fields)
        assert result["created"], result
        return result["record"] | {"changes": result["changes"]}

    def update(self, record: Mapping[str, Any] | str, /, **fields: Any) -> dict[str, Any]:
        record_id = record if isinstance(record, str) else record["record_id"]
        return self.ok("update_record", record_id=record_id, fields=fields)

    def fields(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record's fields as they stand now."""
        return self.ok("get_record", record_id=record["record_id"])["record"]["fields"]

    def find(self, query: str | None = None, **args: Any) -> dict[str, Any]:
        return self.ok("find_records", query=query, **args)

    def count(self, table: str) -> int:
        """Rows of a table or view in this tenant."""
        with self.database.read(self.who) as session:
            clause = Base.metadata.tables[f"crm.{table}"]
            return len(session.select(clause.select()))

    def new_run(self, prompt: str = "Do something") -> UUID:
        """A running run of this user, as the agent opens one."""
        world = self.database.world
        now = world.now()
        conversation, run = world.new_id(), world.new_id()
        tables = Base.metadata.tables
        keys = {"tenant_id": self.who.tenant_id, "user_id": self.who.user_id}
        with self.database.store(self.who) as session:
            session.execute(
                insert(tables["crm.conversations"]).values(
                    **keys, id=conversation, title=prompt, created_at=now, updated_at=now
                )
            )
            session.execute(
                insert(tables["crm.runs"]).values(
                    **keys,
                    id=run,
                    conversation_id=conversation,
                    channel="cli",
                    prompt=prompt,
                    status="running",
                    model="offline",
                    instructions_hash="0" * 64,
                    clock=now,
                    started_at=now,
                )
            )
        return run
