"""What insights rest on and were read by, clusters of alike texts, summaries of accounts, and the nights they were made in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ai_insights",
        sa.Column(
            "claim",
            sa.Text(),
            sa.Computed("crm.fold(statement)", persisted=True),
            nullable=False,
            comment="The statement without case, accents and punctuation: what a rejection is remembered by",
        ),
        schema="crm",
    )
    _create_evidence()
    _create_readings()
    _create_clusters()
    _create_summaries()
    op.create_table(
        "nightly_work",
        _tenant(),
        sa.Column(
            "night",
            sa.Date(),
            nullable=False,
            comment="The day that the last one done belongs to, in the tenant's zone",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="When it was done",
        ),
        *_keys("nightly_work", "tenant_id"),
        schema="crm",
    )


def downgrade() -> None:
    for table in ("nightly_work", "account_summaries", "cluster_members", "clusters", "insight_readings"):
        op.drop_table(table, schema="crm")
    op.drop_table("insight_evidence", schema="crm")
    op.execute("DROP TRIGGER IF EXISTS check_verification ON crm.ai_insights")
    op.execute("DROP FUNCTION IF EXISTS crm.check_verification()")
    op.drop_column("ai_insights", "claim", schema="crm")


def _create_evidence() -> None:
    op.create_table(
        "insight_evidence",
        _tenant(),
        sa.Column("insight_id", sa.Uuid(), nullable=False, comment="Insight it is for"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Counts an insight's evidence from 0"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record that says so"),
        sa.Column("field", sa.Text(), nullable=False, comment="In which of its view's columns"),
        sa.Column("quote", sa.Text(), nullable=False, comment="The passage, or the fact's value"),
        sa.Column(
            "start_at",
            sa.Integer(),
            nullable=True,
            comment="Where the passage begins, in characters; null for a fact",
        ),
        sa.Column("end_at", sa.Integer(), nullable=True, comment="Where it ends"),
        _within("insight_evidence", "ai_insights", "insight_id", ondelete="CASCADE"),
        _within("insight_evidence", "records", "record_id"),
        *_keys("insight_evidence", "tenant_id", "insight_id", "position"),
        schema="crm",
    )
    op.create_index("ix_insight_evidence_record", "insight_evidence", ["tenant_id", "record_id"], schema="crm")


def _create_readings() -> None:
    op.create_table(
        "insight_readings",
        _tenant(),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record that was read"),
        sa.Column("record_version", sa.Integer(), nullable=False, comment="Its version then"),
        sa.Column("model", sa.Text(), nullable=False, comment="Model that read it"),
        sa.Column("model_version", sa.Text(), nullable=True, comment="Its version"),
        sa.Column("prompt_version", sa.Text(), nullable=True, comment="Version of the instructions it was given"),
        _stamp("read_at", "When"),
        _within("insight_readings", "records", "record_id", ondelete="CASCADE"),
        *_keys("insight_readings", "tenant_id", "record_id"),
        schema="crm",
    )


def _create_clusters() -> None:
    op.create_table(
        "clusters",
        _tenant(),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("subject", sa.Text(), nullable=False, comment="complaints or leads"),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="The words that set its texts apart from the other clusters'",
        ),
        sa.Column("terms", postgresql.JSONB(), nullable=False, comment="More such words, the most telling first"),
        sa.Column("size", sa.Integer(), nullable=False, comment="How many records"),
        sa.Column("embedder", sa.Text(), nullable=False, comment="Whose vectors they were grouped by"),
        sa.Column("embedder_version", sa.Text(), nullable=False, comment="Its version"),
        _stamp("created_at", "When it was first found"),
        _stamp("updated_at", "When it was last found again"),
        sa.CheckConstraint("subject IN ('complaints', 'leads')", name=op.f("ck_clusters_subject")),
        *_keys("clusters", "tenant_id", "id"),
        schema="crm",
    )
    op.create_index("ix_clusters_subject", "clusters", ["tenant_id", "subject"], schema="crm")
    op.create_table(
        "cluster_members",
        _tenant(),
        sa.Column("cluster_id", sa.Uuid(), nullable=False, comment="Cluster it is in"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="The record"),
        sa.Column(
            "similarity",
            sa.Numeric(5, 4),
            nullable=False,
            comment="To the cluster's middle, as a cosine",
        ),
        _within("cluster_members", "clusters", "cluster_id", ondelete="CASCADE"),
        _within("cluster_members", "records", "record_id", ondelete="CASCADE"),
        *_keys("cluster_members", "tenant_id", "cluster_id", "record_id"),
        schema="crm",
    )
    op.create_index("ix_cluster_members_record", "cluster_members", ["tenant_id", "record_id"], schema="crm")


def _create_summaries() -> None:
    op.create_table(
        "account_summaries",
        _tenant(),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="The account"),
        sa.Column("text", sa.Text(), nullable=False, comment="The summary in words, as it is searched"),
        sa.Column("facts", postgresql.JSONB(), nullable=False, comment="What was counted"),
        sa.Column(
            "sentences",
            postgresql.JSONB(),
            nullable=False,
            comment="Sentences quoted, each with record_id, field, start, end and quote",
        ),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="SHA-256 of the text"),
        _stamp("refreshed_at", "When it was last looked at"),
        _stamp("changed_at", "When it last said something new"),
        _within("account_summaries", "records", "record_id", ondelete="CASCADE"),
        *_keys("account_summaries", "tenant_id", "record_id"),
        schema="crm",
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to")


def _stamp(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, comment=comment)


def _within(table: str, other: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"crm.{other}.tenant_id", f"crm.{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )


def _keys(table: str, *columns: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}")),
    )
