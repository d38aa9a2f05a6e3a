"""Tables of work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "ai_insights",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record it is about"),
        sa.Column("kind", sa.Text(), nullable=False, comment="sentiment, risk, next_step or topic"),
        sa.Column("statement", sa.Text(), nullable=False, comment="What the model says"),
        sa.Column("confidence", sa.Numeric(precision=4, scale=3), nullable=False, comment="0 to 1"),
        sa.Column("raw_output", postgresql.JSONB(), nullable=True, comment="What the model answered, whole"),
        sa.Column("model", sa.Text(), nullable=False, comment="Model that said it"),
        sa.Column("model_version", sa.Text(), nullable=True, comment="Its version"),
        sa.Column("prompt_version", sa.Text(), nullable=True, comment="Version of the instructions it was given"),
        sa.Column("verified_by_user", sa.Boolean(), nullable=True, comment="What a person says: null while nobody has"),
        sa.Column("verified_by", sa.Uuid(), nullable=True, comment="User who verified it"),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True, comment="When"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was made"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last changed"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_ai_insights_confidence")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_ai_insights_tenant_id_record_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "verified_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_ai_insights_tenant_id_verified_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_ai_insights_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ai_insights")),
        schema="crm",
    )
    op.create_index("ix_ai_insights_record", "ai_insights", ["tenant_id", "record_id"], unique=False, schema="crm")
    op.create_table(
        "notes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("body", sa.Text(), nullable=False, comment="The text"),
        sa.Column("author_id", sa.Uuid(), nullable=True, comment="User who wrote it"),
        sa.Column("about_id", sa.Uuid(), nullable=True, comment="Record it is about, of any kind"),
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
            ["tenant_id", "about_id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_notes_tenant_id_about_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_notes_tenant_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_notes_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_notes_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_notes_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_notes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_notes")),
        schema="crm",
    )
    op.create_index("ix_notes_about", "notes", ["tenant_id", "about_id"], unique=False, schema="crm")
    op.create_table(
        "tasks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("title", sa.Text(), nullable=False, comment="What is to be done"),
        sa.Column("body", sa.Text(), nullable=True, comment="Details; free text"),
        sa.Column("record_kind", sa.Text(), server_default=sa.text("'task'"), nullable=False, comment="Always task"),
        sa.Column(
            "status",
            sa.Text(),
            server_default=sa.text("'open'"),
            nullable=False,
            comment="open, in_progress, done or cancelled",
        ),
        sa.Column(
            "priority",
            sa.Text(),
            server_default=sa.text("'normal'"),
            nullable=False,
            comment="low, normal, high or urgent",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="When it is due"),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True, comment="When it was done or cancelled"),
        sa.Column("assignee_id", sa.Uuid(), nullable=True, comment="User who is to do it"),
        sa.Column("about_id", sa.Uuid(), nullable=True, comment="Record it is about, of any kind"),
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
        sa.CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')", name=op.f("ck_tasks_priority")),
        sa.CheckConstraint("record_kind = 'task'", name=op.f("ck_tasks_record_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "about_id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_tasks_tenant_id_about_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assignee_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_tasks_tenant_id_assignee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_tasks_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_tasks_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_kind", "status"],
            ["crm.statuses.tenant_id", "crm.statuses.record_kind", "crm.statuses.status"],
            name=op.f("fk_tasks_tenant_id_record_kind_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_tasks_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_tasks_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tasks")),
        schema="crm",
    )
    op.create_index("ix_tasks_about", "tasks", ["tenant_id", "about_id"], unique=False, schema="crm")
    op.create_index("ix_tasks_assignee", "tasks", ["tenant_id", "assignee_id", "due_at"], unique=False, schema="crm")
    op.create_table(
        "interactions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("kind", sa.Text(), nullable=False, comment="email, call, meeting or chat"),
        sa.Column(
            "direction",
            sa.Text(),
            server_default=sa.text("'outbound'"),
            nullable=False,
            comment="inbound, outbound or internal",
        ),
        sa.Column("subject", sa.Text(), nullable=True, comment="Subject line; free text"),
        sa.Column("body", sa.Text(), nullable=True, comment="What was said or written; free text"),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False, comment="When it happened"),
        sa.Column("duration_seconds", sa.Integer(), nullable=True, comment="How long it took, in seconds"),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'manual'"),
            nullable=False,
            comment="What brought it in, such as manual or import",
        ),
        sa.Column(
            "is_external",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="True when its text came from outside the company",
        ),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="User who took part"),
        sa.Column("account_id", sa.Uuid(), nullable=True, comment="Account it was with"),
        sa.Column("about_id", sa.Uuid(), nullable=True, comment="Record it is about, of any kind"),
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
        sa.CheckConstraint("direction IN ('inbound', 'outbound', 'internal')", name=op.f("ck_interactions_direction")),
        sa.CheckConstraint("kind IN ('email', 'call', 'meeting', 'chat')", name=op.f("ck_interactions_kind")),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_interactions_duration")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "about_id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_interactions_tenant_id_about_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["crm.accounts.tenant_id", "crm.accounts.id"],
            name=op.f("fk_interactions_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_interactions_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_interactions_tenant_id_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "updated_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_interactions_tenant_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_interactions_tenant_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_interactions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interactions")),
        schema="crm",
    )
    op.create_index(
        "ix_interactions_about", "interactions", ["tenant_id", "about_id", "occurred_at"], unique=False, schema="crm"
    )
    op.create_index(
        "ix_interactions_account",
        "interactions",
        ["tenant_id", "account_id", "occurred_at"],
        unique=False,
        schema="crm",
    )
    op.create_index(
        "ix_interactions_occurred", "interactions", ["tenant_id", "occurred_at"], unique=False, schema="crm"
    )
    op.create_table(
        "interaction_participants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("interaction_id", sa.Uuid(), nullable=False, comment="Interaction it belongs to"),
        sa.Column("individual_id", sa.Uuid(), nullable=True, comment="The person, when one of theirs"),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="The user, when one of ours"),
        sa.Column("role", sa.Text(), nullable=False, comment="from, to, cc, attendee, caller or callee"),
        sa.CheckConstraint(
            "role IN ('from', 'to', 'cc', 'attendee', 'caller', 'callee')",
            name=op.f("ck_interaction_participants_role"),
        ),
        sa.CheckConstraint(
            "(individual_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_interaction_participants_one_person")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "individual_id"],
            ["crm.individuals.tenant_id", "crm.individuals.id"],
            name=op.f("fk_interaction_participants_tenant_id_individual_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "interaction_id"],
            ["crm.interactions.tenant_id", "crm.interactions.id"],
            name=op.f("fk_interaction_participants_tenant_id_interaction_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_interaction_participants_tenant_id_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_interaction_participants_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interaction_participants")),
        sa.UniqueConstraint(
            "tenant_id",
            "interaction_id",
            "individual_id",
            "user_id",
            "role",
            name=op.f("uq_interaction_participants_tenant_id_interaction_id_individual_id_user_id_role"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="crm",
    )
    op.create_index(
        "ix_interaction_participants_individual",
        "interaction_participants",
        ["tenant_id", "individual_id"],
        unique=False,
        schema="crm",
    )


def downgrade() -> None:
    op.drop_table("interaction_participants", schema="crm")
    op.drop_table("interactions", schema="crm")
    op.drop_table("tasks", schema="crm")
    op.drop_table("notes", schema="crm")
    op.drop_table("ai_insights", schema="crm")
