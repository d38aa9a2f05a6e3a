"""Companies and people: organizations, accounts, individuals, contacts."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from schema.fields import FieldType, writable
from schema.models.base import SCHEMA, Base, RecordColumns, within_tenant

TIERS = ("enterprise", "mid_market", "smb")


class Organization(RecordColumns, Base):
    """A company that exists, whether or not we sell to it."""

    __tablename__ = "organizations"
    name: Mapped[str] = mapped_column(comment="Name of the company", info=writable(FieldType.TEXT, required=True))
    domain: Mapped[str | None] = mapped_column(
        comment="Internet domain, such as acme.example", info=writable(FieldType.TEXT)
    )
    industry: Mapped[str | None] = mapped_column(comment="Line of business", info=writable(FieldType.TEXT))
    employee_count: Mapped[int | None] = mapped_column(comment="Number of employees", info=writable(FieldType.INTEGER))
    annual_revenue: Mapped[Decimal | None] = mapped_column(
        comment="Yearly revenue, in the currency beside it", info=writable(FieldType.MONEY)
    )
    currency: Mapped[str | None] = mapped_column(
        comment="ISO 4217 code of annual_revenue", info=writable(FieldType.CURRENCY)
    )
    city: Mapped[str | None] = mapped_column(comment="City of the head office", info=writable(FieldType.TEXT))
    country: Mapped[str | None] = mapped_column(comment="Country of the head office", info=writable(FieldType.TEXT))
    description: Mapped[str | None] = mapped_column(
        comment="What the company does; free text", info=writable(FieldType.LONG_TEXT)
    )
    __table_args__ = (*RecordColumns.record_constraints(), Index("ix_organizations_domain", "tenant_id", "domain"))


class Account(RecordColumns, Base):
    """Our commercial relationship with an organization."""

    __tablename__ = "accounts"
    organization_id: Mapped[UUID | None] = mapped_column(
        comment="Company the relationship is with",
        info=writable(FieldType.REFERENCE, references=("organization",)),
    )
    name: Mapped[str] = mapped_column(comment="Name of the account", info=writable(FieldType.TEXT, required=True))
    tier: Mapped[str | None] = mapped_column(
        comment="Size class: enterprise, mid_market or smb", info=writable(FieldType.CHOICE, choices=TIERS)
    )
    record_kind: Mapped[str] = mapped_column(server_default=text("'account'"), comment="Always account")
    status: Mapped[str] = mapped_column(
        server_default=text("'prospect'"),
        comment="prospect, customer or former",
        info=writable(FieldType.STATUS),
    )
    owner_id: Mapped[UUID | None] = mapped_column(
        comment="User answerable for the account", info=writable(FieldType.USER)
    )
    __table_args__ = (
        *RecordColumns.record_constraints(),
        within_tenant("organizations", "organization_id"),
        within_tenant("users", "owner_id"),
        ForeignKeyConstraint(
            ["tenant_id", "record_kind", "status"],
            [f"{SCHEMA}.statuses.tenant_id", f"{SCHEMA}.statuses.record_kind", f"{SCHEMA}.statuses.status"],
        ),
        CheckConstraint("record_kind = 'account'", name="record_kind"),
        CheckConstraint("tier IN ('enterprise', 'mid_market', 'smb')", name="tier"),
        Index("ix_accounts_organization", "tenant_id", "organization_id"),
        Index("ix_accounts_owner", "tenant_id", "owner_id"),
    )


class Individual(RecordColumns, Base):
    """A person who exists."""

    __tablename__ = "individuals"
    given_name: Mapped[str] = mapped_column(comment="Given name", info=writable(FieldType.TEXT, required=True))
    family_name: Mapped[str] = mapped_column(
        comment="Family name; may be empty", server_default=text("''"), info=writable(FieldType.TEXT)
    )
    email: Mapped[str | None] = mapped_column(comment="E-mail address, lower case", info=writable(FieldType.EMAIL))
    phone: Mapped[str | None] = mapped_column(comment="Phone number in E.164 form", info=writable(FieldType.PHONE))
    city: Mapped[str | None] = mapped_column(comment="City the person works in", info=writable(FieldType.TEXT))
    country: Mapped[str | None] = mapped_column(comment="Country the person works in", info=writable(FieldType.TEXT))
    __table_args__ = (
        *RecordColumns.record_constraints(),
        Index("ix_individuals_email", "tenant_id", "email"),
        Index("ix_individuals_phone", "tenant_id", "phone"),
    )


class Contact(RecordColumns, Base):
    """A person in a role at an account."""

    __tablename__ = "contacts"
    individual_id: Mapped[UUID] = mapped_column(
        comment="The person", info=writable(FieldType.REFERENCE, required=True, references=("individual",))
    )
    account_id: Mapped[UUID | None] = mapped_column(
        comment="Account the person speaks for", info=writable(FieldType.REFERENCE, references=("account",))
    )
    title: Mapped[str | None] = mapped_column(comment="Job title", info=writable(FieldType.TEXT))
    department: Mapped[str | None] = mapped_column(comment="Department", info=writable(FieldType.TEXT))
    is_primary: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="True for the account's first contact", info=writable(FieldType.BOOLEAN)
    )
    __table_args__ = (
        *RecordColumns.record_constraints(),
        within_tenant("individuals", "individual_id"),
        within_tenant("accounts", "account_id"),
        Index("ix_contacts_individual", "tenant_id", "individual_id"),
        Index("ix_contacts_account", "tenant_id", "account_id"),
    )
