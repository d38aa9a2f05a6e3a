"""The audit log: one row per changed table row, written by triggers alone, and its seals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from schema.models.base import Base


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: seals close only below the snapshot's oldest one."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


# Reflection, which compares models with migrations, looks types up here.
ischema_names["xid8"] = Xid8  # pyright: ignore[reportArgumentType]


class AuditEvent(Base):
    """One changed row, with everything that led to it; stands alone, so that it can be sealed and exported alone."""

    __tablename__ = "audit_events"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    event_id: Mapped[int] = mapped_column(BigInteger(), Identity(always=True), comment="Order of writing")
    change_id: Mapped[UUID] = mapped_column(comment="All events of one record in one operation share it")
    operation_id: Mapped[UUID] = mapped_column(comment="The tool call, or a person's own edit")
    transaction_id: Mapped[int] = mapped_column(
        Xid8(), server_default=text("pg_current_xact_id()"), comment="Transaction that made the change"
    )
    occurred_at: Mapped[datetime] = mapped_column(comment="When, by the run's clock")
    recorded_at: Mapped[datetime] = mapped_column(
        server_default=text("clock_timestamp()"), comment="When, by the database's own clock"
    )
    action: Mapped[str] = mapped_column(comment="create, update, delete, restore or merge")
    table_name: Mapped[str] = mapped_column(comment="Table of the row")
    record_kind: Mapped[str] = mapped_column(comment="Kind of the record the row belongs to")
    record_id: Mapped[UUID] = mapped_column(comment="The record the row belongs to")
    before: Mapped[dict[str, Any] | None] = mapped_column(comment="The row before; null for a create")
    after: Mapped[dict[str, Any] | None] = mapped_column(comment="The row after; null when it is gone")
    actor: Mapped[str] = mapped_column(comment="Who did it: an e-mail address, agent:MODEL or system")
    on_behalf_of: Mapped[str | None] = mapped_column(comment="E-mail of the user an agent acted for")
    user_id: Mapped[UUID | None] = mapped_column(comment="The user who did it or for whom it was done")
    via_agent: Mapped[bool] = mapped_column(comment="True when an agent did it")
    run_id: Mapped[UUID | None] = mapped_column(comment="Run that made the change")
    tool_call_id: Mapped[UUID | None] = mapped_column(comment="Tool call that made the change")
    tool: Mapped[str | None] = mapped_column(comment="Tool that made the change")
    approval_id: Mapped[UUID | None] = mapped_column(comment="Approval that let it pass")
    prompt: Mapped[str | None] = mapped_column(comment="What the person asked")
    reasoning: Mapped[str | None] = mapped_column(comment="Why, as the model claims")
    reason: Mapped[str] = mapped_column(comment="Why, in words the record's owner would recognise")
    model: Mapped[str | None] = mapped_column(comment="Model that planned it")
    salt: Mapped[UUID | None] = mapped_column(
        server_default=text("gen_random_uuid()"), comment="Hashed with each personal part; gone when all are erased"
    )
    erased: Mapped[dict[str, Any] | None] = mapped_column(
        comment="Hash of each personal part that was erased, by column"
    )
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "event_id"),
        CheckConstraint("action IN ('create', 'update', 'delete', 'restore', 'merge')", name="action"),
        Index("ix_audit_events_record", "tenant_id", "record_id", "event_id"),
        Index("ix_audit_events_change", "tenant_id", "change_id"),
        Index("ix_audit_events_run", "tenant_id", "run_id", postgresql_where=text("run_id IS NOT NULL")),
    )


class AuditSeal(Base):
    """The signed head of one batch of a tenant's events; the same heads lie in a file outside the database."""

    __tablename__ = "audit_seals"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant whose events are sealed")
    batch: Mapped[int] = mapped_column(comment="Counts from 1 within the tenant")
    last_event: Mapped[int] = mapped_column(BigInteger(), comment="The last event of the batch")
    head: Mapped[str] = mapped_column(comment="What is signed: canonical JSON")
    signature: Mapped[str] = mapped_column(comment="Ed25519 over the head, in base64")
    __table_args__ = (PrimaryKeyConstraint("tenant_id", "batch"),)
