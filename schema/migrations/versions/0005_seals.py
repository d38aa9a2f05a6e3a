"""Salts of audit events, and their seals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.add_column(
        "audit_events",
        sa.Column(
            "salt",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=True,
            comment="Hashed with each personal part; gone when all are erased",
        ),
        schema="crm",
    )
    op.add_column(
        "audit_events",
        sa.Column(
            "erased",
            postgresql.JSONB(),
            nullable=True,
            comment="Hash of each personal part that was erased, by column",
        ),
        schema="crm",
    )
    op.create_table(
        "audit_seals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant whose events are sealed"),
        sa.Column("batch", sa.Integer(), nullable=False, comment="Counts from 1 within the tenant"),
        sa.Column("last_event", sa.BigInteger(), nullable=False, comment="The last event of the batch"),
        sa.Column("head", sa.Text(), nullable=False, comment="What is signed: canonical JSON"),
        sa.Column("signature", sa.Text(), nullable=False, comment="Ed25519 over the head, in base64"),
        sa.PrimaryKeyConstraint("tenant_id", "batch", name=op.f("pk_audit_seals")),
        schema="crm",
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS crm.erase_parts(uuid, bigint, jsonb)")
    op.drop_table("audit_seals", schema="crm")
    op.drop_column("audit_events", "erased", schema="crm")
    op.drop_column("audit_events", "salt", schema="crm")
