"""Proposals and their decisions, merged records, and fields of a tenant's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RECORD_TABLES = ("organizations", "accounts", "individuals", "contacts", "leads", "tasks", "notes", "interactions")
ACTIONS = "action IN ('create', 'update', 'delete', 'restore'"


def upgrade() -> None:
    op.create_table(
        "custom_fields",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="Kind of record that has it"),
        sa.Column("name", sa.Text(), nullable=False, comment="Key in `custom`: lower case, digits and underscores"),
        sa.Column("label", sa.Text(), nullable=False, comment="What people call it"),
        sa.Column("type", sa.Text(), nullable=False, comment="text, number, boolean, date, datetime or choice"),
        sa.Column("options", postgresql.JSONB(), nullable=True, comment="What a choice may be; null for other types"),
        sa.Column("description", sa.Text(), nullable=True, comment="What it means"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was added"),
        sa.Column("created_by", sa.Uuid(), nullable=True, comment="User who added it"),
        sa.CheckConstraint("(type = 'choice') = (options IS NOT NULL)", name=op.f("ck_custom_fields_options")),
        sa.CheckConstraint(
            "record_kind IN ('organization', 'account', 'individual', 'contact', 'opportunity', 'job', 'partnership', 'task', 'note', 'interaction')",
            name=op.f("ck_custom_fields_record_kind"),
        ),
        sa.CheckConstraint(
            "type IN ('text', 'number', 'boolean', 'date', 'datetime', 'choice')", name=op.f("ck_custom_fields_type")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_custom_fields_tenant_id_created_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_custom_fields_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_custom_fields")),
        sa.UniqueConstraint(
            "tenant_id", "record_kind", "name", name=op.f("uq_custom_fields_tenant_id_record_kind_name")
        ),
        schema="crm",
    )
    op.create_table(
        "approvals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("tool_call_id", sa.Uuid(), nullable=False, comment="Tool call that waits"),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="Run that waits; null for a call outside any run"),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="User it was asked for"),
        sa.Column(
            "scopes",
            postgresql.JSONB(),
            nullable=True,
            comment="What a token narrowed the user to; null when nothing did",
        ),
        sa.Column(
            "channel", sa.Text(), nullable=False, comment="Where the request came from: cli, rest, page, mcp or eval"
        ),
        sa.Column(
            "status", sa.Text(), nullable=False, comment="pending, approved, rejected, expired, stale or discarded"
        ),
        sa.Column("rule", sa.Text(), nullable=False, comment="Rule that asked for a person"),
        sa.Column("tool", sa.Text(), nullable=False, comment="Name of the tool"),
        sa.Column("args", postgresql.JSONB(), nullable=False, comment="Arguments as given"),
        sa.Column(
            "bound",
            postgresql.JSONB(),
            nullable=False,
            comment="What the change is tied to: ids that it creates, records that its filter found",
        ),
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="SHA-256 over tool, arguments, ids to be created, and each row before (with its version) and after",
        ),
        sa.Column("action", sa.Text(), nullable=False, comment="create, update, delete, restore, merge or undo"),
        sa.Column("kind", sa.Text(), nullable=False, comment="Record kind of the first change"),
        sa.Column("count", sa.Integer(), nullable=False, comment="Records that it changes"),
        sa.Column("changes", postgresql.JSONB(), nullable=False, comment="Each record's exact before and after"),
        sa.Column("result", postgresql.JSONB(), nullable=False, comment="What the tool would return"),
        sa.Column("prompt", sa.Text(), nullable=True, comment="What the person asked"),
        sa.Column("reasoning", sa.Text(), nullable=True, comment="What the model said before the call"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why the change is to be made, in words"),
        sa.Column("model", sa.Text(), nullable=True, comment="Model that planned it"),
        sa.Column("via_agent", sa.Boolean(), nullable=False, comment="True when an agent asked for it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was proposed"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="From when on it can no longer be approved",
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="When it was decided"),
        sa.Column("decided_by", sa.Uuid(), nullable=True, comment="User who decided"),
        sa.Column("decision_reason", sa.Text(), nullable=True, comment="Why it was rejected, in the person's words"),
        sa.Column(
            "replaced_by", sa.Uuid(), nullable=True, comment="The newer proposal, when rows had changed meanwhile"
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name=op.f("ck_approvals_decided")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'expired', 'stale', 'discarded')",
            name=op.f("ck_approvals_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_approvals_tenant_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaced_by"],
            ["crm.approvals.tenant_id", "crm.approvals.id"],
            name=op.f("fk_approvals_tenant_id_replaced_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"], ["crm.runs.tenant_id", "crm.runs.id"], name=op.f("fk_approvals_tenant_id_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tool_call_id"],
            ["crm.tool_calls.tenant_id", "crm.tool_calls.id"],
            name=op.f("fk_approvals_tenant_id_tool_call_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_approvals_tenant_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_approvals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_approvals")),
        schema="crm",
    )
    op.create_index("ix_approvals_run", "approvals", ["tenant_id", "run_id"], unique=False, schema="crm")
    op.create_index(
        "ix_approvals_status", "approvals", ["tenant_id", "status", "created_at"], unique=False, schema="crm"
    )
    op.create_index(
        "uq_approvals_pending",
        "approvals",
        ["tenant_id", "tool_call_id"],
        unique=True,
        schema="crm",
        postgresql_where=sa.text("status = 'pending'"),
    )

    op.add_column(
        "runs",
        sa.Column(
            "scopes",
            postgresql.JSONB(),
            nullable=True,
            comment="What a token narrowed the user to; null when nothing did",
        ),
        schema="crm",
    )
    for table in RECORD_TABLES:
        op.add_column(
            table,
            sa.Column(
                "merged_into_id",
                sa.Uuid(),
                nullable=True,
                comment="Record that took this one's place when the two were merged",
            ),
            schema="crm",
        )
        op.create_foreign_key(
            op.f(f"fk_{table}_tenant_id_merged_into_id"),
            table,
            "records",
            ["tenant_id", "merged_into_id"],
            ["tenant_id", "id"],
            source_schema="crm",
            referent_schema="crm",
        )
    _allow_actions(f"{ACTIONS}, 'merge')", "create, update, delete, restore or merge")


def downgrade() -> None:
    # The log is sealed, so merges in it stay: the older rule holds for new events alone.
    _allow_actions(f"{ACTIONS})", "create, update, delete or restore", is_old=True)
    for table in RECORD_TABLES:
        op.drop_column(table, "merged_into_id", schema="crm")
    op.drop_column("runs", "scopes", schema="crm")
    op.drop_table("approvals", schema="crm")
    op.drop_table("custom_fields", schema="crm")


def _allow_actions(condition: str, told: str, *, is_old: bool = False) -> None:
    op.drop_constraint(op.f("ck_audit_events_action"), "audit_events", schema="crm", type_="check")
    op.create_check_constraint(
        op.f("ck_audit_events_action"), "audit_events", condition, schema="crm", postgresql_not_valid=is_old
    )
    op.alter_column("audit_events", "action", comment=told, schema="crm")
