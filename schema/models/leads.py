"""Leads: something we may win, in three kinds, each a row here and one in its own table."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from schema.fields import FieldType, writable
from schema.models.base import SCHEMA, Base, RecordColumns, TenantRow, within_tenant
from schema.models.parties import Account, Contact
from schema.models.registry import Record
from schema.models.tenancy import User

# Joined inheritance resolves foreign keys while the class is made, so the tables they name must be there first.
NAMED_TABLES = (Account, Contact, Record, User)


def _lead_part(kind: str) -> tuple[ForeignKeyConstraint | CheckConstraint, ...]:
    """Ties a kind's own row to a lead of that kind, by key."""
    return (
        TenantRow.tenant(),
        ForeignKeyConstraint(
            ["tenant_id", "id", "kind"], [f"{SCHEMA}.leads.tenant_id", f"{SCHEMA}.leads.id", f"{SCHEMA}.leads.kind"]
        ),
        CheckConstraint(f"kind = '{kind}'", name="kind"),
    )


class Lead(RecordColumns, Base):
    """What opportunities, jobs and partnerships have in common."""

    __tablename__ = "leads"
    kind: Mapped[str] = mapped_column(comment="opportunity, job or partnership")
    name: Mapped[str] = mapped_column(comment="What people call it", info=writable(FieldType.TEXT, required=True))
    account_id: Mapped[UUID | None] = mapped_column(
        comment="Account it belongs to", info=writable(FieldType.REFERENCE, references=("account",))
    )
    contact_id: Mapped[UUID | None] = mapped_column(
        comment="Contact we talk to about it", info=writable(FieldType.REFERENCE, references=("contact",))
    )
    owner_id: Mapped[UUID | None] = mapped_column(comment="User answerable for it", info=writable(FieldType.USER))
    status: Mapped[str] = mapped_column(
        comment="Where it stands; an opportunity's is called stage", info=writable(FieldType.STATUS)
    )
    source: Mapped[str | None] = mapped_column(comment="Where it came from", info=writable(FieldType.TEXT))
    closed_at: Mapped[datetime | None] = mapped_column(comment="When it was won or lost; null while open")
    __table_args__ = (
        *RecordColumns.record_constraints(),
        UniqueConstraint("tenant_id", "id", "kind"),
        within_tenant("accounts", "account_id"),
        within_tenant("contacts", "contact_id"),
        within_tenant("users", "owner_id"),
        ForeignKeyConstraint(
            ["tenant_id", "kind", "status"],
            [f"{SCHEMA}.statuses.tenant_id", f"{SCHEMA}.statuses.record_kind", f"{SCHEMA}.statuses.status"],
        ),
        Index("ix_leads_account", "tenant_id", "account_id"),
        Index("ix_leads_owner", "tenant_id", "owner_id"),
        Index("ix_leads_status", "tenant_id", "kind", "status"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}


class Opportunity(Lead):
    """One possible sale."""

    __tablename__ = "opportunities"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Tenant the row belongs to", sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="The lead's id", sort_order=-19)
    kind: Mapped[str] = mapped_column(server_default=text("'opportunity'"), comment="Always opportunity")
    amount: Mapped[Decimal | None] = mapped_column(
        comment="Expected value, in the currency beside it", info=writable(FieldType.MONEY)
    )
    currency: Mapped[str] = mapped_column(comment="ISO 4217 code of amount", info=writable(FieldType.CURRENCY))
    probability: Mapped[Decimal | None] = mapped_column(
        Numeric(5, 2), comment="Chance of winning, in per cent (0 to 100)", info=writable(FieldType.PERCENT)
    )
    expected_close_date: Mapped[date | None] = mapped_column(
        comment="Day it is expected to be won or lost", info=writable(FieldType.DATE)
    )
    loss_reason: Mapped[str | None] = mapped_column(comment="Why it was lost", info=writable(FieldType.TEXT))
    description: Mapped[str | None] = mapped_column(
        comment="What the customer needs; free text", info=writable(FieldType.LONG_TEXT)
    )
    __table_args__ = (
        *_lead_part("opportunity"),
        CheckConstraint("probability BETWEEN 0 AND 100", name="probability"),
        CheckConstraint("amount >= 0", name="amount"),
    )
    __mapper_args__ = {"polymorphic_identity": "opportunity"}


class Job(Lead):
    """A position we may fill."""

    __tablename__ = "jobs"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Tenant the row belongs to", sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="The lead's id", sort_order=-19)
    kind: Mapped[str] = mapped_column(server_default=text("'job'"), comment="Always job")
    position: Mapped[str | None] = mapped_column(comment="Position to be filled", info=writable(FieldType.TEXT))
    salary_min: Mapped[Decimal | None] = mapped_column(
        comment="Lowest yearly salary, in the currency beside it", info=writable(FieldType.MONEY)
    )
    salary_max: Mapped[Decimal | None] = mapped_column(
        comment="Highest yearly salary, in the currency beside it", info=writable(FieldType.MONEY)
    )
    currency: Mapped[str] = mapped_column(comment="ISO 4217 code of the salary", info=writable(FieldType.CURRENCY))
    start_date: Mapped[date | None] = mapped_column(comment="First working day", info=writable(FieldType.DATE))
    __table_args__ = (*_lead_part("job"), CheckConstraint("salary_min <= salary_max", name="salary"))
    __mapper_args__ = {"polymorphic_identity": "job"}


class Partnership(Lead):
    """A company we may work with."""

    __tablename__ = "partnerships"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Tenant the row belongs to", sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="The lead's id", sort_order=-19)
    kind: Mapped[str] = mapped_column(server_default=text("'partnership'"), comment="Always partnership")
    partner_type: Mapped[str | None] = mapped_column(
        comment="Kind of partner, such as reseller or technology", info=writable(FieldType.TEXT)
    )
    revenue_share: Mapped[Decimal | None] = mapped_column(
        Numeric(5, 2), comment="Partner's share of revenue, in per cent (0 to 100)", info=writable(FieldType.PERCENT)
    )
    __table_args__ = (
        *_lead_part("partnership"),
        CheckConstraint("revenue_share BETWEEN 0 AND 100", name="revenue_share"),
    )
    __mapper_args__ = {"polymorphic_identity": "partnership"}
