"""Proposals that wait for a person, and what the person decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import Base, TenantRow, within_tenant

APPROVAL_STATUSES = ("pending", "approved", "rejected", "expired", "stale", "discarded")


class Approval(TenantRow, Base):
    """The exact change that one tool call would make, and the decision on it."""

    __tablename__ = "approvals"
    tool_call_id: Mapped[UUID] = mapped_column(comment="Tool call that waits")
    run_id: Mapped[UUID | None] = mapped_column(comment="Run that waits; null for a call outside any run")
    user_id: Mapped[UUID] = mapped_column(comment="User it was asked for")
    scopes: Mapped[list[str] | None] = mapped_column(
        JSONB(), comment="What a token narrowed the user to; null when nothing did"
    )
    channel: Mapped[str] = mapped_column(comment="Where the request came from: cli, rest, page, mcp or eval")
    status: Mapped[str] = mapped_column(comment=f"{', '.join(APPROVAL_STATUSES[:-1])} or {APPROVAL_STATUSES[-1]}")
    rule: Mapped[str] = mapped_column(comment="Rule that asked for a person")
    tool: Mapped[str] = mapped_column(comment="Name of the tool")
    args: Mapped[dict[str, Any]] = mapped_column(comment="Arguments as given")
    bound: Mapped[dict[str, Any]] = mapped_column(
        comment="What the change is tied to: ids that it creates, records that its filter found"
    )
    fingerprint: Mapped[str] = mapped_column(
        comment="SHA-256 over tool, arguments, ids to be created, and each row before (with its version) and after"
    )
    action: Mapped[str] = mapped_column(comment="create, update, delete, restore, merge or undo")
    kind: Mapped[str] = mapped_column(comment="Record kind of the first change")
    count: Mapped[int] = mapped_column(comment="Records that it changes")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB(), comment="Each record's exact before and after")
    result: Mapped[dict[str, Any]] = mapped_column(comment="What the tool would return")
    prompt: Mapped[str | None] = mapped_column(comment="What the person asked")
    reasoning: Mapped[str | None] = mapped_column(comment="What the model said before the call")
    reason: Mapped[str] = mapped_column(comment="Why the change is to be made, in words")
    model: Mapped[str | None] = mapped_column(comment="Model that planned it")
    via_agent: Mapped[bool] = mapped_column(comment="True when an agent asked for it")
    created_at: Mapped[datetime] = mapped_column(comment="When it was proposed")
    expires_at: Mapped[datetime] = mapped_column(comment="From when on it can no longer be approved")
    decided_at: Mapped[datetime | None] = mapped_column(comment="When it was decided")
    decided_by: Mapped[UUID | None] = mapped_column(comment="User who decided")
    decision_reason: Mapped[str | None] = mapped_column(comment="Why it was rejected, in the person's words")
    replaced_by: Mapped[UUID | None] = mapped_column(comment="The newer proposal, when rows had changed meanwhile")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("tool_calls", "tool_call_id"),
        within_tenant("runs", "run_id"),
        within_tenant("users", "user_id"),
        within_tenant("users", "decided_by"),
        within_tenant("approvals", "replaced_by"),
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in APPROVAL_STATUSES)})", name="status"),
        CheckConstraint("(status IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name="decided"),
        Index("ix_approvals_status", "tenant_id", "status", "created_at"),
        Index("ix_approvals_run", "tenant_id", "run_id"),
        # A call waits for one decision at a time.
        Index(
            "uq_approvals_pending",
            "tenant_id",
            "tool_call_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
    )
