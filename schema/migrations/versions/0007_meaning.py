"""The semantic index: chunks of records' texts, their vectors model by model, and the queue of what to index."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PARTITIONS = 16


def upgrade() -> None:
    op.create_table(
        "embedding_models",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), comment="Names the partition of its vectors"),
        sa.Column("name", sa.Text(), nullable=False, comment="What CRM_AGENT_EMBEDDER calls it"),
        sa.Column("version", sa.Text(), nullable=False, comment="Vectors of different versions cannot be compared"),
        sa.Column("dimensions", sa.Integer(), nullable=False, comment="How long its vectors are"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="building until all texts have vectors, then serving, then retired",
        ),
        _stamp("created_at", "When it was added"),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True, comment="When it began to serve"),
        sa.CheckConstraint("state IN ('building', 'serving', 'retired')", name=op.f("ck_embedding_models_state")),
        sa.CheckConstraint("dimensions BETWEEN 1 AND 4000", name=op.f("ck_embedding_models_dimensions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding_models")),
        schema="crm",
    )
    op.create_index(
        "uq_embedding_models_name_version", "embedding_models", ["name", "version"], unique=True, schema="crm"
    )
    op.create_index(
        "uq_embedding_models_serving",
        "embedding_models",
        ["state"],
        unique=True,
        schema="crm",
        postgresql_where=sa.text("state = 'serving'"),
    )
    _create_chunks()
    _create_embeddings()
    _create_queue()


def downgrade() -> None:
    for table in ("embedding_queue", "embeddings", "chunks", "embedding_models"):
        op.drop_table(table, schema="crm")


def _create_chunks() -> None:
    op.create_table(
        "chunks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("id", sa.Uuid(), nullable=False, comment="UUIDv7, made by the application"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record it is of"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="That record's kind"),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'record'"),
            nullable=False,
            comment="record, or summary of an account",
        ),
        sa.Column(
            "position",
            sa.Integer(),
            nullable=False,
            comment="Counts the chunks of one record and source from 0",
        ),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the text: what says the same is embedded once",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="What is searched and embedded"),
        sa.Column(
            "start_at",
            sa.Integer(),
            nullable=False,
            comment="Where the piece begins in the record's long text, in characters",
        ),
        sa.Column("end_at", sa.Integer(), nullable=False, comment="Where it ends"),
        sa.Column(
            "language",
            postgresql.REGCONFIG(),
            server_default=sa.text("'simple'"),
            nullable=False,
            comment="Text search configuration of its language",
        ),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector(language, text)", persisted=True),
            nullable=False,
            comment="Its words, for full-text search",
        ),
        _stamp("created_at", "When it was made"),
        sa.CheckConstraint("source IN ('record', 'summary')", name=op.f("ck_chunks_source")),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_chunks_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_id"],
            ["crm.records.tenant_id", "crm.records.id"],
            name=op.f("fk_chunks_tenant_id_record_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_chunks")),
        schema="crm",
        postgresql_partition_by="HASH (tenant_id)",
    )
    for part in range(PARTITIONS):
        op.execute(
            f"CREATE TABLE crm.chunks_p{part:02} PARTITION OF crm.chunks"
            f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
        )
    op.create_index(
        "uq_chunks_position", "chunks", ["tenant_id", "record_id", "source", "position"], unique=True, schema="crm"
    )
    op.create_index("ix_chunks_content_hash", "chunks", ["tenant_id", "content_hash"], schema="crm")
    op.create_index("ix_chunks_words", "chunks", ["words"], schema="crm", postgresql_using="gin")


def _create_embeddings() -> None:
    op.create_table(
        "embeddings",
        sa.Column("model_id", sa.Integer(), nullable=False, comment="Model that made it"),
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("chunk_id", sa.Uuid(), nullable=False, comment="Chunk it stands for"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record the chunk is of"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="That record's kind"),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="The chunk's, when it was embedded"),
        sa.Column("embedding", HALFVEC(), nullable=False, comment="As many dimensions as the model has"),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_embeddings_tenant_id")),
        sa.ForeignKeyConstraint(["model_id"], ["crm.embedding_models.id"], name=op.f("fk_embeddings_model_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "chunk_id"],
            ["crm.chunks.tenant_id", "crm.chunks.id"],
            name=op.f("fk_embeddings_tenant_id_chunk_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "chunk_id", "model_id", name=op.f("pk_embeddings")),
        schema="crm",
        postgresql_partition_by="LIST (model_id)",
    )
    op.create_index("ix_embeddings_record", "embeddings", ["tenant_id", "record_id"], schema="crm")


def _create_queue() -> None:
    op.create_table(
        "embedding_queue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), comment="In order of arrival"),
        sa.Column("tenant_id", sa.Uuid(), nullable=False, comment="Tenant the row belongs to"),
        sa.Column("record_id", sa.Uuid(), nullable=False, comment="Record to index"),
        sa.Column("record_kind", sa.Text(), nullable=False, comment="Its kind"),
        _stamp("enqueued_at", "When it was changed"),
        _stamp("due_at", "Not before; later after a failure"),
        sa.Column(
            "attempts", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="How often it was begun"
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="Why the last attempt failed"),
        sa.Column(
            "set_aside_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was given up, until somebody asks again",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["crm.tenants.tenant_id"], name=op.f("fk_embedding_queue_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding_queue")),
        schema="crm",
    )
    op.create_index(
        "ix_embedding_queue_due",
        "embedding_queue",
        ["due_at"],
        schema="crm",
        postgresql_where=sa.text("set_aside_at IS NULL"),
    )
    op.create_index("ix_embedding_queue_record", "embedding_queue", ["tenant_id", "record_id"], schema="crm")
    # What was written before there was a queue.
    op.execute(
        "INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind) SELECT tenant_id, id, kind FROM crm.records"
    )


def _stamp(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.DateTime(timezone=True),
        server_default=sa.text("clock_timestamp()"),
        nullable=False,
        comment=comment,
    )
