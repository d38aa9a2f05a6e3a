"""Tenants, teams, users and their tokens; statuses and the moves allowed between them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import SCHEMA, Base, TenantRow, within_tenant

ROLES = ("admin", "manager", "member", "viewer")


class Tenant(Base):
    """A company that uses the CRM."""

    __tablename__ = "tenants"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, comment="UUIDv7")
    slug: Mapped[str] = mapped_column(unique=True, comment="Short name for commands, such as brightwater")
    name: Mapped[str] = mapped_column(comment="Name of the company")
    time_zone: Mapped[str] = mapped_column(comment="IANA name, such as Europe/Berlin")
    currency: Mapped[str] = mapped_column(comment="ISO 4217 code of the money people mean when they name none")
    fiscal_year_start_month: Mapped[int] = mapped_column(
        server_default=text("1"), comment="1 to 12; 1 means calendar quarters"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was created")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed")
    __table_args__ = (CheckConstraint("fiscal_year_start_month BETWEEN 1 AND 12", name="fiscal_month"),)


class Team(TenantRow, Base):
    """Users who sell together."""

    __tablename__ = "teams"
    name: Mapped[str] = mapped_column(comment="Name of the team")
    __table_args__ = (TenantRow.key(), TenantRow.tenant(), UniqueConstraint("tenant_id", "name"))


class User(TenantRow, Base):
    """Someone who signs in."""

    __tablename__ = "users"
    email: Mapped[str] = mapped_column(comment="Sign-in name, lower case")
    name: Mapped[str] = mapped_column(comment="Full name")
    role: Mapped[str] = mapped_column(comment="admin, manager, member or viewer")
    team_id: Mapped[UUID | None] = mapped_column(comment="Team the user sells with")
    time_zone: Mapped[str | None] = mapped_column(comment="IANA name; null means the tenant's")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), comment="False once disabled")
    password_hash: Mapped[str | None] = mapped_column(comment="argon2; null means no password sign-in")
    created_at: Mapped[datetime] = mapped_column(comment="When it was created")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("teams", "team_id"),
        UniqueConstraint("tenant_id", "email"),
        CheckConstraint("role IN ('admin', 'manager', 'member', 'viewer')", name="role"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )


class ApiToken(TenantRow, Base):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_tokens"
    user_id: Mapped[UUID] = mapped_column(comment="User it acts for")
    label: Mapped[str] = mapped_column(comment="What it is for")
    secret_hash: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the token, hexadecimal")
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text()), comment="What it may do; never more than its user")
    created_at: Mapped[datetime] = mapped_column(comment="When it was made")
    expires_at: Mapped[datetime | None] = mapped_column(comment="When it ends; null means never")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="When it was withdrawn")
    __table_args__ = (TenantRow.key(), TenantRow.tenant(), within_tenant("users", "user_id"))


class Status(Base):
    """Where an account, lead or task can stand."""

    __tablename__ = "statuses"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    record_kind: Mapped[str] = mapped_column(comment="Kind of record it is for")
    status: Mapped[str] = mapped_column(comment="Its label")
    position: Mapped[int] = mapped_column(comment="Order in the pipeline")
    is_open: Mapped[bool] = mapped_column(comment="True while work goes on")
    is_won: Mapped[bool] = mapped_column(comment="True when it ended as hoped")
    is_lost: Mapped[bool] = mapped_column(comment="True when it ended otherwise")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "record_kind", "status"),
        TenantRow.tenant(),
        CheckConstraint("is_open::int + is_won::int + is_lost::int = 1", name="one_outcome"),
    )


class StatusTransition(Base):
    """An allowed move; one that is not listed is refused by the database."""

    __tablename__ = "status_transitions"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    record_kind: Mapped[str] = mapped_column(comment="Kind of record it is for")
    from_status: Mapped[str] = mapped_column(comment="Where the record stands")
    to_status: Mapped[str] = mapped_column(comment="Where it may go")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "record_kind", "from_status", "to_status"),
        TenantRow.tenant(),
        *(
            ForeignKeyConstraint(
                ["tenant_id", "record_kind", column],
                [f"{SCHEMA}.statuses.tenant_id", f"{SCHEMA}.statuses.record_kind", f"{SCHEMA}.statuses.status"],
            )
            for column in ("from_status", "to_status")
        ),
    )
