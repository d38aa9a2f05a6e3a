"""The fields that a tenant added to its records."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import Base, TenantRow, within_tenant
from schema.models.registry import RECORD_KINDS

CUSTOM_TYPES = ("text", "number", "boolean", "date", "datetime", "choice")


class CustomField(TenantRow, Base):
    """One field of the tenant's own; its values lie in the records' `custom` column, by name."""

    __tablename__ = "custom_fields"
    record_kind: Mapped[str] = mapped_column(comment="Kind of record that has it")
    name: Mapped[str] = mapped_column(comment="Key in `custom`: lower case, digits and underscores")
    label: Mapped[str] = mapped_column(comment="What people call it")
    type: Mapped[str] = mapped_column(comment=f"{', '.join(CUSTOM_TYPES[:-1])} or {CUSTOM_TYPES[-1]}")
    options: Mapped[list[Any] | None] = mapped_column(JSONB(), comment="What a choice may be; null for other types")
    description: Mapped[str | None] = mapped_column(comment="What it means")
    created_at: Mapped[datetime] = mapped_column(comment="When it was added")
    created_by: Mapped[UUID | None] = mapped_column(comment="User who added it")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("users", "created_by"),
        UniqueConstraint("tenant_id", "record_kind", "name"),
        CheckConstraint(f"record_kind IN ({', '.join(repr(kind) for kind in RECORD_KINDS)})", name="record_kind"),
        CheckConstraint(f"type IN ({', '.join(repr(each) for each in CUSTOM_TYPES)})", name="type"),
        CheckConstraint("(type = 'choice') = (options IS NOT NULL)", name="options"),
    )
