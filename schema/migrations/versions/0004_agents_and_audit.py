"""Tables of agents and audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from schema.models.auditing import Xid8

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "audit_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Order of writing"),
        sa.Column("change_id", sa.Uuid(), nullable=False, comment="All events of one record in one operation share it"),
        sa.Column("operation_id", sa.Uuid(), nullable=False, comment="The tool call, or a person's own edit"),
        sa.Column(
            "transaction_id",
            Xid8(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
            comment="Transaction that made the change",
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False, comment="When, by the run's clock"),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="When, by the database's own clock",
        ),
        sa.Column("action", sa.Text(), nullable=False, comment="create, update, delete or restore"),
        sa.Column("table_name", sa.Text(), nullable=False, comment="Table of the row"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="Kind of the record the row belongs to"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="The record the row belongs to"),
        sa.Column("before", postgresql.JSONB(), nullable=True, comment="The row before; null for a create"),
        sa.Column("after", postgresql.JSONB(), nullable=True, comment="The row after; null when it is gone"),
        sa.Column("actor", sa.Text(), nullable=False, comment="Who did it: an e-mail address, agent:MODEL or system"),
        sa.Column("on_behalf_of", sa.Text(), nullable=True, comment="E-mail of the user an agent acted for"),
        sa.Column("user_id", sa.Uuid(), nullable=True, comment="The user who did it or for whom it was done"),
        sa.Column("via_agent", sa.Boolean(), nullable=False, comment="True when an agent did it"),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="Run that made the change"),
        sa.Column("tool_call_id", sa.Uuid(), nullable=True, comment="Tool call that made the change"),
        sa.Column("tool", sa.Text(), nullable=True, comment="Tool that made the change"),
        sa.Column("approval_id", sa.Uuid(), nullable=True, comment="Approval that let it pass"),
        sa.Column("prompt", sa.Text(), nullable=True, comment="What the person asked"),
        sa.Column("reasoning", sa.Text(), nullable=True, comment="Why, as the model claims"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in words the record's owner would recognise"),
        sa.Column("model", sa.Text(), nullable=True, comment="Model that planned it"),
        sa.CheckConstraint("action IN ('create', 'update', 'delete', 'restore')", name=op.f("ck_audit_events_action")),
        sa.PrimaryKeyConstraint("tenant_id", "event_id", name=op.f("pk_audit_events")),
        schema="crm",
    )
    op.create_index("ix_audit_events_change", "audit_events", ["tenant_id", "change_id"], unique=False, schema="crm")
    op.create_index(
        "ix_audit_events_record", "audit_events", ["tenant_id", "record_id", "event_id"], unique=False, schema="crm"
    )
    op.create_index(
        "ix_audit_events_run",
        "audit_events",
        ["tenant_id", "run_id"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )
    op.create_table(
        "conversations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="User whose chat it is"),
        sa.Column("title", sa.Text(), nullable=False, comment="First request, shortened"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it began"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When it last went on"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_conversations_tenant_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_conversations_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conversations")),
        schema="crm",
    )
    op.create_index(
        "ix_conversations_user", "conversations", ["tenant_id", "user_id", "updated_at"], unique=False, schema="crm"
    )
    op.create_table(
        "runs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("conversation_id", sa.Uuid(), nullable=False, comment="Conversation it belongs to"),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="User it acts for"),
        sa.Column(
            "channel", sa.Text(), nullable=False, comment="Where the request came from: cli, rest, page, mcp or eval"
        ),
        sa.Column("prompt", sa.Text(), nullable=False, comment="What the person asked"),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="running, completed, needs_approval, needs_input, refused, failed or interrupted",
        ),
        sa.Column("answer", sa.Text(), nullable=True, comment="What the person was told"),
        sa.Column("understood", sa.Text(), nullable=True, comment="How the request was understood, in a line"),
        sa.Column("model", sa.Text(), nullable=False, comment="Model that planned it"),
        sa.Column("instructions_hash", sa.Text(), nullable=False, comment="SHA-256 of the instructions given"),
        sa.Column("clock", sa.DateTime(timezone=True), nullable=False, comment="The run's idea of now"),
        sa.Column("requests", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Model requests made"),
        sa.Column("input_tokens", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Tokens sent"),
        sa.Column(
            "output_tokens", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Tokens received"
        ),
        sa.Column(
            "cost_usd",
            sa.Numeric(precision=12, scale=6),
            nullable=True,
            comment="Price in US dollars; null when unknown",
        ),
        sa.Column("error_kind", sa.Text(), nullable=True, comment="Kind of the error that ended it"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="When it began"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True, comment="When it ended"),
        sa.Column(
            "heartbeat_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="Last sign of life, by the database's clock",
        ),
        sa.CheckConstraint(
            "status IN ('running', 'completed', 'needs_approval', 'needs_input', 'refused', 'failed', 'interrupted')",
            name=op.f("ck_runs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["crm.conversations.tenant_id", "crm.conversations.id"],
            name=op.f("fk_runs_tenant_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["crm.users.tenant_id", "crm.users.id"], name=op.f("fk_runs_tenant_id_user_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_runs_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_runs")),
        schema="crm",
    )
    op.create_index(
        "ix_runs_conversation", "runs", ["tenant_id", "conversation_id", "started_at"], unique=False, schema="crm"
    )
    op.create_index("ix_runs_status", "runs", ["tenant_id", "status"], unique=False, schema="crm")
    op.create_table(
        "steps",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("run_id", sa.Uuid(), nullable=False, comment="Run it belongs to"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order in the run, from 0"),
        sa.Column("kind", sa.Text(), nullable=False, comment="request or response"),
        sa.Column(
            "message",
            postgresql.JSONB(),
            nullable=False,
            comment="The message, as pydantic-ai writes it",
        ),
        sa.Column("reasoning", sa.Text(), nullable=True, comment="Why, as the model claims"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was stored"),
        sa.CheckConstraint("kind IN ('request', 'response')", name=op.f("ck_steps_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"], ["crm.runs.tenant_id", "crm.runs.id"], name=op.f("fk_steps_tenant_id_run_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_steps_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_steps")),
        sa.UniqueConstraint("tenant_id", "run_id", "position", name=op.f("uq_steps_tenant_id_run_id_position")),
        schema="crm",
    )
    op.create_table(
        "tool_calls",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="Run it belongs to; null for a person's own call"),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="User it acts for"),
        sa.Column("provider_call_id", sa.Text(), nullable=True, comment="The model's own id of the call"),
        sa.Column(
            "position", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Order in the run, from 0"
        ),
        sa.Column("tool", sa.Text(), nullable=False, comment="Name of the tool"),
        sa.Column("args", postgresql.JSONB(), nullable=False, comment="Arguments as given"),
        sa.Column("effect", sa.Text(), nullable=False, comment="read, write, destroy or send"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="ok, failed, denied or proposed; null until known"),
        sa.Column("result", postgresql.JSONB(), nullable=True, comment="What came back"),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why the change was made, in words"),
        sa.Column("reasoning", sa.Text(), nullable=True, comment="What the model said before the call"),
        sa.Column(
            "duration_ms", sa.Numeric(precision=12, scale=3), nullable=True, comment="How long it took, in milliseconds"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was asked for"),
        sa.CheckConstraint("effect IN ('read', 'write', 'destroy', 'send')", name=op.f("ck_tool_calls_effect")),
        sa.CheckConstraint("outcome IN ('ok', 'failed', 'denied', 'proposed')", name=op.f("ck_tool_calls_outcome")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"], ["crm.runs.tenant_id", "crm.runs.id"], name=op.f("fk_tool_calls_tenant_id_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["crm.users.tenant_id", "crm.users.id"],
            name=op.f("fk_tool_calls_tenant_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_tool_calls_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tool_calls")),
        sa.UniqueConstraint(
            "tenant_id", "run_id", "provider_call_id", name=op.f("uq_tool_calls_tenant_id_run_id_provider_call_id")
        ),
        schema="crm",
    )


def downgrade() -> None:
    op.drop_table("tool_calls", schema="crm")
    op.drop_table("steps", schema="crm")
    op.drop_table("runs", schema="crm")
    op.drop_table("conversations", schema="crm")
    op.drop_table("audit_events", schema="crm")
