"""A tenant with one row in every table, made through the tables themselves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, text

from schema.database import Database
from schema.identity import Identity
from schema.models import Base
from schema.session import Change, WriteSession
from schema.tenants import NewTenant, create_tenant


@dataclass(frozen=True)
class Filled:
    """Who may see it, and the ids of its rows by table."""

    who: Identity
    ids: dict[str, UUID]


def table(name: str) -> Table:
    return Base.metadata.tables[f"crm.{name}"]


def change(database: Database, reason: str = "Set up for a test", *, via_agent: bool = False) -> Change:
    return Change(database.world.new_id(), reason, via_agent=via_agent)


def fill(database: Database, slug: str) -> Filled:
    """Makes tenant `slug` with a row in every table that holds tenant rows."""
    who = create_tenant(database, NewTenant(slug, slug.title(), f"admin@{slug}.example", "Ada Admin"))
    rows = _Rows(database, who)
    with database.write(who, change(database)) as session:
        rows.add_records(session)
    with database.store(who) as session:
        rows.add_agent_rows(session)
    with database.job(who.tenant_id) as session:
        rows.add_index_rows(session)
        rows.add_inferred_rows(session)
    return Filled(who, rows.ids)


class _Rows:
    def __init__(self, database: Database, who: Identity) -> None:
        self.database = database
        self.who = who
        self.ids: dict[str, UUID] = {"users": who.user_id}

    def add(self, session: WriteSession, name: str, /, **values: Any) -> UUID:
        """One row; stamps are filled in where the table has them, and its id is kept under the table's name."""
        columns = table(name).columns
        now = self.database.world.now()
        told = {"tenant_id": self.who.tenant_id, "id": self.database.world.new_id(), **values}
        told |= {stamp: now for stamp in ("created_at", "updated_at", "started_at") if stamp in columns}
        told = {column: value for column, value in told.items() if column in columns}
        session.execute(insert(table(name)).values(**told))
        if "id" in told:
            self.ids[name] = told["id"]
        return told.get("id", self.who.user_id)

    def add_records(self, session: WriteSession) -> None:
        now = self.database.world.now()
        self.add(session, "teams", name="Sales")
        organization = self.add(session, "organizations", name=f"{self.who.tenant_name} Works")
        account = self.add(session, "accounts", name=f"{self.who.tenant_name} Account", organization_id=organization)
        person = self.add(session, "individuals", given_name="Zoë", family_name=self.who.tenant_name)
        contact = self.add(session, "contacts", individual_id=person, account_id=account)
        for kind, plural in (("opportunity", "opportunities"), ("job", "jobs"), ("partnership", "partnerships")):
            lead = self.add(
                session, "leads", kind=kind, name=f"A {kind}", status="new", account_id=account, contact_id=contact
            )
            self.add(session, plural, id=lead, currency="EUR", amount="1000.10")
        self.add(session, "tasks", title="Call", about_id=account)
        self.add(session, "notes", body="A note", about_id=account)
        interaction = self.add(
            session, "interactions", kind="call", occurred_at=now, account_id=account, about_id=contact
        )
        self.add(session, "interaction_participants", interaction_id=interaction, individual_id=person, role="callee")
        self.add(session, "record_tags", record_id=account, tag="key")
        self.add(session, "ai_insights", record_id=account, kind="risk", statement="None", confidence="0.5", model="m")
        self.add(session, "custom_fields", record_kind="account", name="region", label="Region", type="text")

    def add_index_rows(self, session: WriteSession) -> None:
        model = session.connection.scalar(text("SELECT crm.add_embedding_model('test', '1', 3)"))
        told: dict[str, Any] = {"record_id": self.ids["accounts"], "record_kind": "account", "content_hash": "0"}
        chunk = self.add(session, "chunks", **told, position=0, text="An account", start_at=0, end_at=10)
        self.add(session, "embeddings", **told, model_id=model, chunk_id=chunk, embedding=[0.6, 0.8, 0.0])

    def add_inferred_rows(self, session: WriteSession) -> None:
        now, account = self.database.world.now(), self.ids["accounts"]
        about = {"record_id": account}
        told: dict[str, Any] = {
            "insight_id": self.ids["ai_insights"],
            "position": 0,
            "field": "name",
            "quote": "An account",
        }
        self.add(session, "insight_evidence", **about, **told)
        self.add(session, "insight_readings", **about, record_version=1, model="rules", read_at=now)
        told = {
            "subject": "leads",
            "name": "a lead",
            "terms": [],
            "size": 1,
            "embedder": "test",
            "embedder_version": "1",
        }
        cluster = self.add(session, "clusters", **told)
        self.add(session, "cluster_members", **about, cluster_id=cluster, similarity="1")
        told = {"text": "A customer.", "facts": {}, "sentences": [], "content_hash": "0"}
        self.add(session, "account_summaries", **about, **told, refreshed_at=now, changed_at=now)
        self.add(session, "nightly_work", night=now.date())

    def add_agent_rows(self, session: WriteSession) -> None:
        now = self.database.world.now()
        chat = self.add(session, "conversations", user_id=self.who.user_id, title="Chat")
        run = self.add(
            session,
            "runs",
            conversation_id=chat,
            user_id=self.who.user_id,
            channel="cli",
            prompt="Hello",
            status="completed",
            model="offline",
            instructions_hash="0",
            clock=now,
        )
        self.add(session, "steps", run_id=run, position=0, kind="request", message={})
        call = self.add(session, "tool_calls", run_id=run, user_id=self.who.user_id, tool="t", args={}, effect="read")
        self.add_proposal(session, call)
        self.add(
            session,
            "api_tokens",
            user_id=self.who.user_id,
            label="t",
            secret_hash=str(self.ids["runs"]),
            scopes=["read"],
        )

    def add_proposal(self, session: WriteSession, call: UUID) -> None:
        now = self.database.world.now()
        self.add(
            session,
            "approvals",
            tool_call_id=call,
            user_id=self.who.user_id,
            channel="cli",
            status="pending",
            rule="deletes",
            tool="t",
            args={},
            bound={},
            fingerprint="0",
            action="delete",
            kind="account",
            count=1,
            changes=[],
            result={},
            reason="It is a test.",
            via_agent=True,
            expires_at=now,
        )
