"""What agents did: conversations, runs, steps, tool calls."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import Base, TenantRow, within_tenant


class Conversation(TenantRow, Base):
    """A chat of one user."""

    __tablename__ = "conversations"
    user_id: Mapped[UUID] = mapped_column(comment="User whose chat it is")
    title: Mapped[str] = mapped_column(comment="First request, shortened")
    created_at: Mapped[datetime] = mapped_column(comment="When it began")
    updated_at: Mapped[datetime] = mapped_column(comment="When it last went on")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("users", "user_id"),
        Index("ix_conversations_user", "tenant_id", "user_id", "updated_at"),
    )


class Run(TenantRow, Base):
    """One agent invocation in a conversation."""

    __tablename__ = "runs"
    conversation_id: Mapped[UUID] = mapped_column(comment="Conversation it belongs to")
    user_id: Mapped[UUID] = mapped_column(comment="User it acts for")
    channel: Mapped[str] = mapped_column(comment="Where the request came from: cli, rest, page, mcp or eval")
    scopes: Mapped[list[str] | None] = mapped_column(
        JSONB(), comment="What a token narrowed the user to; null when nothing did"
    )
    prompt: Mapped[str] = mapped_column(comment="What the person asked")
    status: Mapped[str] = mapped_column(
        comment="running, completed, needs_approval, needs_input, refused, failed or interrupted"
    )
    answer: Mapped[str | None] = mapped_column(comment="What the person was told")
    understood: Mapped[str | None] = mapped_column(comment="How the request was understood, in a line")
    model: Mapped[str] = mapped_column(comment="Model that planned it")
    instructions_hash: Mapped[str] = mapped_column(comment="SHA-256 of the instructions given")
    clock: Mapped[datetime] = mapped_column(comment="The run's idea of now")
    requests: Mapped[int] = mapped_column(server_default=text("0"), comment="Model requests made")
    input_tokens: Mapped[int] = mapped_column(server_default=text("0"), comment="Tokens sent")
    output_tokens: Mapped[int] = mapped_column(server_default=text("0"), comment="Tokens received")
    cost_usd: Mapped[Decimal | None] = mapped_column(Numeric(12, 6), comment="Price in US dollars; null when unknown")
    error_kind: Mapped[str | None] = mapped_column(comment="Kind of the error that ended it")
    started_at: Mapped[datetime] = mapped_column(comment="When it began")
    finished_at: Mapped[datetime | None] = mapped_column(comment="When it ended")
    heartbeat_at: Mapped[datetime] = mapped_column(
        server_default=text("clock_timestamp()"), comment="Last sign of life, by the database's clock"
    )
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("conversations", "conversation_id"),
        within_tenant("users", "user_id"),
        CheckConstraint(
            "status IN ('running', 'completed', 'needs_approval', 'needs_input', 'refused', 'failed', 'interrupted')",
            name="status",
        ),
        Index("ix_runs_conversation", "tenant_id", "conversation_id", "started_at"),
        Index("ix_runs_status", "tenant_id", "status"),
    )


class Step(TenantRow, Base):
    """One message of a run: what was sent to the model, or what it answered."""

    __tablename__ = "steps"
    run_id: Mapped[UUID] = mapped_column(comment="Run it belongs to")
    position: Mapped[int] = mapped_column(comment="Order in the run, from 0")
    kind: Mapped[str] = mapped_column(comment="request or response")
    message: Mapped[dict[str, Any]] = mapped_column(comment="The message, as pydantic-ai writes it")
    reasoning: Mapped[str | None] = mapped_column(comment="Why, as the model claims")
    created_at: Mapped[datetime] = mapped_column(comment="When it was stored")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("runs", "run_id"),
        UniqueConstraint("tenant_id", "run_id", "position"),
        CheckConstraint("kind IN ('request', 'response')", name="kind"),
    )


class ToolCall(TenantRow, Base):
    """One request to call a tool; its outcome commits with the change it made."""

    __tablename__ = "tool_calls"
    run_id: Mapped[UUID | None] = mapped_column(comment="Run it belongs to; null for a person's own call")
    user_id: Mapped[UUID] = mapped_column(comment="User it acts for")
    provider_call_id: Mapped[str | None] = mapped_column(comment="The model's own id of the call")
    position: Mapped[int] = mapped_column(server_default=text("0"), comment="Order in the run, from 0")
    tool: Mapped[str] = mapped_column(comment="Name of the tool")
    args: Mapped[dict[str, Any]] = mapped_column(comment="Arguments as given")
    effect: Mapped[str] = mapped_column(comment="read, write, destroy or send")
    outcome: Mapped[str | None] = mapped_column(comment="ok, failed, denied or proposed; null until known")
    result: Mapped[dict[str, Any] | None] = mapped_column(comment="What came back")
    reason: Mapped[str | None] = mapped_column(comment="Why the change was made, in words")
    reasoning: Mapped[str | None] = mapped_column(comment="What the model said before the call")
    duration_ms: Mapped[Decimal | None] = mapped_column(Numeric(12, 3), comment="How long it took, in milliseconds")
    created_at: Mapped[datetime] = mapped_column(comment="When it was asked for")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("runs", "run_id"),
        within_tenant("users", "user_id"),
        UniqueConstraint("tenant_id", "run_id", "provider_call_id"),
        CheckConstraint("effect IN ('read', 'write', 'destroy', 'send')", name="effect"),
        CheckConstraint("outcome IN ('ok', 'failed', 'denied', 'proposed')", name="outcome"),
    )
