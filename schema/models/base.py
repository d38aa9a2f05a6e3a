"""The declarative base: naming, tenancy, and the columns every record has."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

SCHEMA = "crm"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables live in schema `crm`; an int is a bigint only where it says so."""

    metadata = MetaData(schema=SCHEMA, naming_convention=NAMING)
    type_annotation_map = {
        UUID: Uuid(),
        str: Text(),
        int: Integer(),
        bool: Boolean(),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(18, 2),
        dict[str, Any]: JSONB(),
    }


BIGINT = BigInteger()


def within_tenant(
    table: str, column: str, *, name: str | None = None, ondelete: str | None = None
) -> ForeignKeyConstraint:
    """A foreign key that carries the tenant, so that it can never cross into another one's rows."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{SCHEMA}.{table}.tenant_id", f"{SCHEMA}.{table}.id"], name=name, ondelete=ondelete
    )


class TenantRow:
    """A row of one tenant, keyed by tenant and id."""

    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to", sort_order=-20)
    id: Mapped[UUID] = mapped_column(comment="UUIDv7, made by the application", sort_order=-19)

    @classmethod
    def key(cls) -> PrimaryKeyConstraint:
        return PrimaryKeyConstraint("tenant_id", "id")

    @classmethod
    def tenant(cls) -> ForeignKeyConstraint:
        return ForeignKeyConstraint(["tenant_id"], [f"{SCHEMA}.tenants.tenant_id"])


class RecordColumns(TenantRow):
    """The columns every record has; `version` is the optimistic lock, `deleted_at` the soft delete."""

    created_at: Mapped[datetime] = mapped_column(comment="When it was created", sort_order=80)
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed", sort_order=82)
    via_agent: Mapped[bool] = mapped_column(
        comment="True when an agent made the last change", server_default=text("false"), sort_order=84
    )
    version: Mapped[int] = mapped_column(
        comment="Counts changes; an update must name the one it saw", server_default=text("1"), sort_order=85
    )
    deleted_at: Mapped[datetime | None] = mapped_column(
        comment="When it was deleted; null while it lives", sort_order=86
    )
    custom: Mapped[dict[str, Any]] = mapped_column(
        comment="The tenant's own fields", server_default=text("'{}'::jsonb"), sort_order=87
    )

    @declared_attr
    @classmethod
    def merged_into_id(cls) -> Mapped[UUID | None]:
        return mapped_column(comment="Record that took this one's place when the two were merged", sort_order=88)

    @declared_attr
    @classmethod
    def created_by(cls) -> Mapped[UUID | None]:
        return mapped_column(comment="User who created it, or for whom an agent did", sort_order=81)

    @declared_attr
    @classmethod
    def updated_by(cls) -> Mapped[UUID | None]:
        return mapped_column(comment="User who last changed it, or for whom an agent did", sort_order=83)

    @classmethod
    def record_constraints(cls) -> tuple[PrimaryKeyConstraint | ForeignKeyConstraint, ...]:
        """Key, tenant, registry row, the two users and the record merged into; the registry's key is deferred because a
        trigger writes it."""
        return (
            cls.key(),
            cls.tenant(),
            ForeignKeyConstraint(
                ["tenant_id", "id"],
                [f"{SCHEMA}.records.tenant_id", f"{SCHEMA}.records.id"],
                deferrable=True,
                initially="DEFERRED",
            ),
            within_tenant("users", "created_by"),
            within_tenant("users", "updated_by"),
            within_tenant("records", "merged_into_id"),
        )
