"""The semantic index: pieces of records' texts, their vectors model by model, and what waits to be indexed.

All of it can be dropped and made again from the records.
"""

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Identity, Index, PrimaryKeyConstraint
from sqlalchemy import text as expression
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import BIGINT, SCHEMA, Base, TenantRow, within_tenant

MODEL_STATES = ("building", "serving", "retired")
CHUNK_SOURCES = ("record", "summary")
PARTITIONS = 16
"""By hash of the tenant: few enough to plan over, enough that a small tenant's neighbours do not crowd it out."""


class EmbeddingModel(Base):
    """One embedder, of one version, whose vectors are kept; the same for all tenants."""

    __tablename__ = "embedding_models"
    id: Mapped[int] = mapped_column(
        Identity(always=True), primary_key=True, comment="Names the partition of its vectors"
    )
    name: Mapped[str] = mapped_column(comment="What CRM_AGENT_EMBEDDER calls it")
    version: Mapped[str] = mapped_column(comment="Vectors of different versions cannot be compared")
    dimensions: Mapped[int] = mapped_column(comment="How long its vectors are")
    state: Mapped[str] = mapped_column(comment="building until all texts have vectors, then serving, then retired")
    created_at: Mapped[datetime] = mapped_column(
        comment="When it was added", server_default=expression("clock_timestamp()")
    )
    served_at: Mapped[datetime | None] = mapped_column(comment="When it began to serve")
    __table_args__ = (
        CheckConstraint("state IN ('" + "', '".join(MODEL_STATES) + "')", name="state"),
        CheckConstraint("dimensions BETWEEN 1 AND 4000", name="dimensions"),
        Index("uq_embedding_models_name_version", "name", "version", unique=True),
        Index("uq_embedding_models_serving", "state", unique=True, postgresql_where=expression("state = 'serving'")),
    )


class Chunk(TenantRow, Base):
    """A piece of a record's text, as it is searched and embedded."""

    __tablename__ = "chunks"
    record_id: Mapped[UUID] = mapped_column(comment="Record it is of")
    record_kind: Mapped[str] = mapped_column(comment="That record's kind")
    source: Mapped[str] = mapped_column(
        comment="record, or summary of an account", server_default=expression("'record'")
    )
    position: Mapped[int] = mapped_column(comment="Counts the chunks of one record and source from 0")
    content_hash: Mapped[str] = mapped_column(comment="SHA-256 of the text: what says the same is embedded once")
    text: Mapped[str] = mapped_column(comment="What is searched and embedded")
    start_at: Mapped[int] = mapped_column(comment="Where the piece begins in the record's long text, in characters")
    end_at: Mapped[int] = mapped_column(comment="Where it ends")
    language: Mapped[str] = mapped_column(
        REGCONFIG(), comment="Text search configuration of its language", server_default=expression("'simple'")
    )
    words: Mapped[str] = mapped_column(
        TSVECTOR(), Computed("to_tsvector(language, text)", persisted=True), comment="Its words, for full-text search"
    )
    created_at: Mapped[datetime] = mapped_column(
        comment="When it was made", server_default=expression("clock_timestamp()")
    )
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("records", "record_id", ondelete="CASCADE"),
        CheckConstraint("source IN ('" + "', '".join(CHUNK_SOURCES) + "')", name="source"),
        Index("uq_chunks_position", "tenant_id", "record_id", "source", "position", unique=True),
        Index("ix_chunks_content_hash", "tenant_id", "content_hash"),
        Index("ix_chunks_words", "words", postgresql_using="gin"),
        {"postgresql_partition_by": "HASH (tenant_id)"},
    )


class Embedding(Base):
    """A chunk's vector by one model, of length one."""

    __tablename__ = "embeddings"
    model_id: Mapped[int] = mapped_column(comment="Model that made it")
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    chunk_id: Mapped[UUID] = mapped_column(comment="Chunk it stands for")
    record_id: Mapped[UUID] = mapped_column(comment="Record the chunk is of")
    record_kind: Mapped[str] = mapped_column(comment="That record's kind")
    content_hash: Mapped[str] = mapped_column(comment="The chunk's, when it was embedded")
    embedding: Mapped[list[float]] = mapped_column(HALFVEC(), comment="As many dimensions as the model has")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "chunk_id", "model_id"),
        TenantRow.tenant(),
        ForeignKeyConstraint(["model_id"], [f"{SCHEMA}.embedding_models.id"]),
        within_tenant("chunks", "chunk_id", ondelete="CASCADE"),
        Index("ix_embeddings_record", "tenant_id", "record_id"),
        {"postgresql_partition_by": "LIST (model_id)"},
    )


class QueuedRecord(Base):
    """A record whose text may have changed. Writers only add rows, so none waits for a worker."""

    __tablename__ = "embedding_queue"
    id: Mapped[int] = mapped_column(BIGINT, Identity(always=True), primary_key=True, comment="In order of arrival")
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    record_id: Mapped[UUID] = mapped_column(comment="Record to index")
    record_kind: Mapped[str] = mapped_column(comment="Its kind")
    enqueued_at: Mapped[datetime] = mapped_column(
        comment="When it was changed", server_default=expression("clock_timestamp()")
    )
    due_at: Mapped[datetime] = mapped_column(
        comment="Not before; later after a failure", server_default=expression("clock_timestamp()")
    )
    attempts: Mapped[int] = mapped_column(comment="How often it was begun", server_default=expression("0"))
    error: Mapped[str | None] = mapped_column(comment="Why the last attempt failed")
    set_aside_at: Mapped[datetime | None] = mapped_column(comment="When it was given up, until somebody asks again")
    __table_args__ = (
        TenantRow.tenant(),
        Index("ix_embedding_queue_due", "due_at", postgresql_where=expression("set_aside_at IS NULL")),
        Index("ix_embedding_queue_record", "tenant_id", "record_id"),
    )
