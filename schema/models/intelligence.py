"""What models inferred about records, until a person verifies it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import Base, TenantRow, within_tenant


class Insight(TenantRow, Base):
    """One statement a model made about a record."""

    __tablename__ = "ai_insights"
    record_id: Mapped[UUID] = mapped_column(comment="Record it is about")
    kind: Mapped[str] = mapped_column(comment="sentiment, risk, next_step or topic")
    statement: Mapped[str] = mapped_column(comment="What the model says")
    confidence: Mapped[Decimal] = mapped_column(Numeric(4, 3), comment="0 to 1")
    raw_output: Mapped[dict[str, Any] | None] = mapped_column(comment="What the model answered, whole")
    model: Mapped[str] = mapped_column(comment="Model that said it")
    model_version: Mapped[str | None] = mapped_column(comment="Its version")
    prompt_version: Mapped[str | None] = mapped_column(comment="Version of the instructions it was given")
    verified_by_user: Mapped[bool | None] = mapped_column(comment="What a person says: null while nobody has")
    verified_by: Mapped[UUID | None] = mapped_column(comment="User who verified it")
    verified_at: Mapped[datetime | None] = mapped_column(comment="When")
    created_at: Mapped[datetime] = mapped_column(comment="When it was made")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("records", "record_id"),
        within_tenant("users", "verified_by"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        Index("ix_ai_insights_record", "tenant_id", "record_id"),
    )
