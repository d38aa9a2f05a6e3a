"""Tables of parties and leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "individuals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("given_name", sa.Text(), nullable=False, comment="Given name"),
        sa.Column(
            "family_name", sa.Text(), server_default=sa.text("''"), nullable=False, comment="Family name; may be empty"
        ),
        sa.Column("email", sa.Text(), nullable=True, comment="E-mail address, lower case"),
        sa.Column("phone", sa.Text(), nullable=True, comment="Phone number in E.164 form"),
        sa.Column("city", sa.Text(), nullable=True, comment="City the person works in"),
        sa.Column("country", sa.Text(), nullable=True, comment="Country the person works in"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="User who created it, or for whom an agent did"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.Column("updated_by", sa.Uuid(), nullable=True, comment="User who last changed it, or for whom an agent did"),
        sa.Column(
            "via_agent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True when an agent made the last change",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts changes; an update must name the one it saw",
        ),
        sa.Column(
            "deleted_at", sa.DateTime(timezone=True), nullable=True, comment="When it was deleted; null while it lives"
        ),
        sa.Column(
            "custom",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="The tenant's own fields",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_individuals_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_individuals_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_individuals_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_individuals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_individuals")),
        schema="crm",
    )
    op.create_index("ix_individuals_email", "individuals", ["tenant_id", "email"], unique=False, schema="crm")
    op.create_index("ix_individuals_phone", "individuals", ["tenant_id", "phone"], unique=False, schema="crm")
    op.create_table(
        "organizations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the company"),
        sa.Column("domain", sa.Text(), nullable=True, comment="Internet domain, such as acme.example"),
        sa.Column("industry", sa.Text(), nullable=True, comment="Line of business"),
        sa.Column("employee_count", sa.Integer(), nullable=True, comment="Number of employees"),
        sa.Column(
            "annual_revenue",
            sa.Numeric(precision=18, scale=2),
            nullable=True,
            comment="Yearly revenue, in the currency beside it",
        ),
        sa.Column("currency", sa.Text(), nullable=True, comment="ISO 4217 code of annual_revenue"),
        sa.Column("city", sa.Text(), nullable=True, comment="City of the head office"),
        sa.Column("country", sa.Text(), nullable=True, comment="Country of the head office"),
        sa.Column("description", sa.Text(), nullable=True, comment="What the company does; free text"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="User who created it, or for whom an agent did"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.Column("updated_by", sa.Uuid(), nullable=True, comment="User who last changed it, or for whom an agent did"),
        sa.Column(
            "via_agent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True when an agent made the last change",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts changes; an update must name the one it saw",
        ),
        sa.Column(
            "deleted_at", sa.DateTime(timezone=True), nullable=True, comment="When it was deleted; null while it lives"
        ),
        sa.Column(
            "custom",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="The tenant's own fields",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_organizations_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_organizations_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_organizations_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_organizations_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_organizations")),
        schema="crm",
    )
    op.create_index("ix_organizations_domain", "organizations", ["tenant_id", "domain"], unique=False, schema="crm")
    op.create_table(
        "accounts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("organization_id", sa.Uuid(), nullable=True, comment="Company the relationship is with"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the account"),
        sa.Column("tier", sa.Text(), nullable=True, comment="Size class: enterprise, mid_market or smb"),
        sa.Column(
            "record_kind", sa.Text(), server_default=sa.text("'account'"), nullable=False, comment="Always account"
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default=sa.text("'prospect'"),
            nullable=False,
            comment="prospect, customer or former",
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=True, comment="User answerable for the account"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="User who created it, or for whom an agent did"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.Column("updated_by", sa.Uuid(), nullable=True, comment="User who last changed it, or for whom an agent did"),
        sa.Column(
            "via_agent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True when an agent made the last change",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts changes; an update must name the one it saw",
        ),
        sa.Column(
            "deleted_at", sa.DateTime(timezone=True), nullable=True, comment="When it was deleted; null while it lives"
        ),
        sa.Column(
            "custom",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="The tenant's own fields",
        ),
        sa.CheckConstraint("record_kind = 'account'", name=op.f("ck_accounts_record_kind")),
        sa.CheckConstraint("tier IN ('enterprise', 'mid_market', 'smb')", name=op.f("ck_accounts_tier")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_accounts_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_accounts_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["crm.organizations.tenant_id", "crm.organizations.id"],
            name=op.f("fk_accounts_tenant_id_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_accounts_tenant_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_kind", "status"],
            ["crm.statuses.tenant_id", "crm.statuses.record_kind", "crm.statuses.status"],
            name=op.f("fk_accounts_tenant_id_record_kind_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_accounts_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_accounts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_accounts")),
        schema="crm",
    )
    op.create_index(
        "ix_accounts_organization", "accounts", ["tenant_id", "organization_id"], unique=False, schema="crm"
    )
    op.create_index("ix_accounts_owner", "accounts", ["tenant_id", "owner_id"], unique=False, schema="crm")
    op.create_table(
        "contacts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("individual_id", sa.Uuid(), nullable=False, comment="The person"),
        sa.Column("account_id", sa.Uuid(), nullable=True, comment="Account the person speaks for"),
        sa.Column("title", sa.Text(), nullable=True, comment="Job title"),
        sa.Column("department", sa.Text(), nullable=True, comment="Department"),
        sa.Column(
            "is_primary",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True for the account's first contact",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="User who created it, or for whom an agent did"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.Column("updated_by", sa.Uuid(), nullable=True, comment="User who last changed it, or for whom an agent did"),
        sa.Column(
            "via_agent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True when an agent made the last change",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts changes; an update must name the one it saw",
        ),
        sa.Column(
            "deleted_at", sa.DateTime(timezone=True), nullable=True, comment="When it was deleted; null while it lives"
        ),
        sa.Column(
            "custom",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="The tenant's own fields",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["crm.accounts.tenant_id", "crm.accounts.id"],
            name=op.f("fk_contacts_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_contacts_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_contacts_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "individual_id"],
            ["crm.individuals.tenant_id", "crm.individuals.id"],
            name=op.f("fk_contacts_tenant_id_individual_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_contacts_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_contacts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contacts")),
        schema="crm",
    )
    op.create_index("ix_contacts_account", "contacts", ["tenant_id", "account_id"], unique=False, schema="crm")
    op.create_index("ix_contacts_individual", "contacts", ["tenant_id", "individual_id"], unique=False, schema="crm")
    op.create_table(
        "leads",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("kind", sa.Text(), nullable=False, comment="opportunity, job or partnership"),
        sa.Column("name", sa.Text(), nullable=False, comment="What people call it"),
        sa.Column("account_id", sa.Uuid(), nullable=True, comment="Account it belongs to"),
        sa.Column("contact_id", sa.Uuid(), nullable=True, comment="Contact we talk to about it"),
        sa.Column("owner_id", sa.Uuid(), nullable=True, comment="User answerable for it"),
        sa.Column("status", sa.Text(), nullable=False, comment="Where it stands; an opportunity's is called stage"),
        sa.Column("source", sa.Text(), nullable=True, comment="Where it came from"),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="When it was won or lost; null while open"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="User who created it, or for whom an agent did"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.Column("updated_by", sa.Uuid(), nullable=True, comment="User who last changed it, or for whom an agent did"),
        sa.Column(
            "via_agent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True when an agent made the last change",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts changes; an update must name the one it saw",
        ),
        sa.Column(
            "deleted_at", sa.DateTime(timezone=True), nullable=True, comment="When it was deleted; null while it lives"
        ),
        sa.Column(
            "custom",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="The tenant's own fields",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["crm.accounts.tenant_id", "crm.accounts.id"],
            name=op.f("fk_leads_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["crm.contacts.tenant_id", "crm.contacts.id"],
            name=op.f("fk_leads_tenant_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_leads_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_leads_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "kind", "status"],
            ["crm.statuses.tenant_id", "crm.statuses.record_kind", "crm.statuses.status"],
            name=op.f("fk_leads_tenant_id_kind_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"], ["crm.users.tenant_id", "crm.users.id"], name=op.f("fk_leads_tenant_id_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_leads_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_leads_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_leads")),
        sa.UniqueConstraint("tenant_id", "id", "kind", name=op.f("uq_leads_tenant_id_id_kind")),
        schema="crm",
    )
    op.create_index("ix_leads_account", "leads", ["tenant_id", "account_id"], unique=False, schema="crm")
    op.create_index("ix_leads_owner", "leads", ["tenant_id", "owner_id"], unique=False, schema="crm")
    op.create_index("ix_leads_status", "leads", ["tenant_id", "kind", "status"], unique=False, schema="crm")
    op.create_table(
        "jobs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="The lead's id"),
        sa.Column("kind", sa.Text(), server_default=sa.text("'job'"), nullable=False, comment="Always job"),
        sa.Column("position", sa.Text(), nullable=True, comment="Position to be filled"),
        sa.Column(
            "salary_min",
            sa.Numeric(precision=18, scale=2),
            nullable=True,
            comment="Lowest yearly salary, in the currency beside it",
        ),
        sa.Column(
            "salary_max",
            sa.Numeric(precision=18, scale=2),
            nullable=True,
            comment="Highest yearly salary, in the currency beside it",
        ),
        sa.Column("currency", sa.Text(), nullable=False, comment="ISO 4217 code of the salary"),
        sa.Column("start_date", sa.Date(), nullable=True, comment="First working day"),
        sa.CheckConstraint("kind = 'job'", name=op.f("ck_jobs_kind")),
        sa.CheckConstraint("salary_min <= salary_max", name=op.f("ck_jobs_salary")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id", "kind"],
            ["crm.leads.tenant_id", "crm.leads.id", "crm.leads.kind"],
            name=op.f("fk_jobs_tenant_id_id_kind"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_jobs_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_jobs")),
        schema="crm",
    )
    op.create_table(
        "opportunities",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="The lead's id"),
        sa.Column(
            "kind", sa.Text(), server_default=sa.text("'opportunity'"), nullable=False, comment="Always opportunity"
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=18, scale=2),
            nullable=True,
            comment="Expected value, in the currency beside it",
        ),
        sa.Column("currency", sa.Text(), nullable=False, comment="ISO 4217 code of amount"),
        sa.Column(
            "probability",
            sa.Numeric(precision=5, scale=2),
            nullable=True,
            comment="Chance of winning, in per cent (0 to 100)",
        ),
        sa.Column("expected_close_date", sa.Date(), nullable=True, comment="Day it is expected to be won or lost"),
        sa.Column("loss_reason", sa.Text(), nullable=True, comment="Why it was lost"),
        sa.Column("description", sa.Text(), nullable=True, comment="What the customer needs; free text"),
        sa.CheckConstraint("kind = 'opportunity'", name=op.f("ck_opportunities_kind")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_opportunities_amount")),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name=op.f("ck_opportunities_probability")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id", "kind"],
            ["crm.leads.tenant_id", "crm.leads.id", "crm.leads.kind"],
            name=op.f("fk_opportunities_tenant_id_id_kind"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_opportunities_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_opportunities")),
        schema="crm",
    )
    op.create_table(
        "partnerships",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="The lead's id"),
        sa.Column(
            "kind", sa.Text(), server_default=sa.text("'partnership'"), nullable=False, comment="Always partnership"
        ),
        sa.Column("partner_type", sa.Text(), nullable=True, comment="Kind of partner, such as reseller or technology"),
        sa.Column(
            "revenue_share",
            sa.Numeric(precision=5, scale=2),
            nullable=True,
            comment="Partner's share of revenue, in per cent (0 to 100)",
        ),
        sa.CheckConstraint("kind = 'partnership'", name=op.f("ck_partnerships_kind")),
        sa.CheckConstraint("revenue_share BETWEEN 0 AND 100", name=op.f("ck_partnerships_revenue_share")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id", "kind"],
            ["crm.leads.tenant_id", "crm.leads.id", "crm.leads.kind"],
            name=op.f("fk_partnerships_tenant_id_id_kind"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_partnerships_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partnerships")),
        schema="crm",
    )


def downgrade() -> None:
    op.drop_table("partnerships", schema="crm")
    op.drop_table("opportunities", schema="crm")
    op.drop_table("jobs", schema="crm")
    op.drop_table("leads", schema="crm")
    op.drop_table("contacts", schema="crm")
    op.drop_table("accounts", schema="crm")
    op.drop_table("organizations", schema="crm")
    op.drop_table("individuals", schema="crm")
