"""Tables of tenancy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="UUIDv7"),
        sa.Column("slug", sa.Text(), nullable=False, comment="Short name for commands, such as brightwater"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the company"),
        sa.Column("time_zone", sa.Text(), nullable=False, comment="IANA name, such as Europe/Berlin"),
        sa.Column(
            "currency", sa.Text(), nullable=False, comment="ISO 4217 code of the money people mean when they name none"
        ),
        sa.Column(
            "fiscal_year_start_month",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="1 to 12; 1 means calendar quarters",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.CheckConstraint("fiscal_year_start_month BETWEEN 1 AND 12", name=op.f("ck_tenants_fiscal_month")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenants")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenants_slug")),
        schema="crm",
    )
    op.create_table(
        "records",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("kind", sa.Text(), nullable=False, comment="Record kind"),
        sa.Column("label", sa.Text(), nullable=False, comment="What people call the record"),
        sa.Column(
            "name_key",
            sa.Text(),
            sa.Computed("crm.fold(label)", persisted=True),
            nullable=False,
            comment="Label without case, accents and punctuation",
        ),
        sa.Column(
            "is_deleted",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True while soft-deleted",
        ),
        sa.CheckConstraint(
            "kind IN ('organization', 'account', 'individual', 'contact', 'opportunity', 'job', 'partnership', 'task', 'note', 'interaction')",
            name=op.f("ck_records_kind"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_records_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_records")),
        schema="crm",
    )
    op.create_index("ix_records_name", "records", ["tenant_id", "kind", "name_key"], unique=False, schema="crm")
    op.create_table(
        "statuses",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="Kind of record it is for"),
        sa.Column("status", sa.Text(), nullable=False, comment="Its label"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the pipeline"),
        sa.Column("is_open", sa.Boolean(), nullable=False, comment="True while work goes on"),
        sa.Column("is_won", sa.Boolean(), nullable=False, comment="True when it ended as hoped"),
        sa.Column("is_lost", sa.Boolean(), nullable=False, comment="True when it ended otherwise"),
        sa.CheckConstraint("is_open::int + is_won::int + is_lost::int = 1", name=op.f("ck_statuses_one_outcome")),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_statuses_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "record_kind", "status", name=op.f("pk_statuses")),
        schema="crm",
    )
    op.create_table(
        "teams",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the team"),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_teams_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_teams")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_teams_tenant_id_name")),
        schema="crm",
    )
    op.create_table(
        "record_tags",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record that carries it"),
        sa.Column("tag", sa.Text(), nullable=False, comment="The word, lower case"),
        sa.CheckConstraint("tag = lower(btrim(tag)) AND tag <> ''", name=op.f("ck_record_tags_tag")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_record_tags_tenant_id_record_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_record_tags_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "record_id", "tag", name=op.f("pk_record_tags")),
        schema="crm",
    )
    op.create_index("ix_record_tags_tag", "record_tags", ["tenant_id", "tag"], unique=False, schema="crm")
    op.create_table(
        "status_transitions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="Kind of record it is for"),
        sa.Column("from_status", sa.Text(), nullable=False, comment="Where the record stands"),
        sa.Column("to_status", sa.Text(), nullable=False, comment="Where it may go"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_kind", "from_status"],
            ["crm.statuses.tenant_id", "crm.statuses.record_kind", "crm.statuses.status"],
            name=op.f("fk_status_transitions_tenant_id_record_kind_from_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_kind", "to_status"],
            ["crm.statuses.tenant_id", "crm.statuses.record_kind", "crm.statuses.status"],
            name=op.f("fk_status_transitions_tenant_id_record_kind_to_status"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_status_transitions_tenant_id")),
        sa.PrimaryKeyConstraint(
            "tenant_id", "record_kind", "from_status", "to_status", name=op.f("pk_status_transitions")
        ),
        schema="crm",
    )
    op.create_table(
        "users",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("email", sa.Text(), nullable=False, comment="Sign-in name, lower case"),
        sa.Column("name", sa.Text(), nullable=False, comment="Full name"),
        sa.Column("role", sa.Text(), nullable=False, comment="admin, manager, member or viewer"),
        sa.Column("team_id", sa.Uuid(), nullable=True, comment="Team the user sells with"),
        sa.Column("time_zone", sa.Text(), nullable=True, comment="IANA name; null means the tenant's"),
        sa.Column(
            "is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False, comment="False once disabled"
        ),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="argon2; null means no password sign-in"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was created"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.CheckConstraint("role IN ('admin', 'manager', 'member', 'viewer')", name=op.f("ck_users_role")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "team_id"], ["crm.teams.tenant_id", "crm.teams.id"], name=op.f("fk_users_tenant_id_team_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_users_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_users")),
        sa.UniqueConstraint("tenant_id", "email", name=op.f("uq_users_tenant_id_email")),
        schema="crm",
    )
    op.create_table(
        "api_tokens",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="User it acts for"),
        sa.Column("label", sa.Text(), nullable=False, comment="What it is for"),
        sa.Column("secret_hash", sa.Text(), nullable=False, comment="SHA-256 of the token, hexadecimal"),
        sa.Column(
            "scopes", postgresql.ARRAY(sa.Text()), nullable=False, comment="What it may do; never more than its user"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was made"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True, comment="When it ends; null means never"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="When it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_api_tokens_tenant_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_api_tokens_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
        schema="crm",
    )


def downgrade() -> None:
    op.drop_table("api_tokens", schema="crm")
    op.drop_table("users", schema="crm")
    op.drop_table("status_transitions", schema="crm")
    op.drop_table("record_tags", schema="crm")
    op.drop_table("teams", schema="crm")
    op.drop_table("statuses", schema="crm")
    op.drop_table("records", schema="crm")
    op.drop_table("tenants", schema="crm")
