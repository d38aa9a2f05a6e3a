"""What was inferred about records, until a person verifies it: insights, clusters of alike texts, summaries of accounts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Date, Index, Numeric, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import Base, TenantRow, within_tenant

CLUSTER_SUBJECTS = ("complaints", "leads")


class Insight(TenantRow, Base):
    """One statement a model made about a record."""

    __tablename__ = "ai_insights"
    record_id: Mapped[UUID] = mapped_column(comment="Record it is about")
    kind: Mapped[str] = mapped_column(comment="sentiment, risk, next_step or topic")
    statement: Mapped[str] = mapped_column(comment="What the model says")
    claim: Mapped[str] = mapped_column(
        Computed("crm.fold(statement)", persisted=True),
        comment="The statement without case, accents and punctuation: what a rejection is remembered by",
    )
    confidence: Mapped[Decimal] = mapped_column(Numeric(4, 3), comment="0 to 1")
    raw_output: Mapped[dict[str, Any] | None] = mapped_column(comment="What the model answered, whole")
    model: Mapped[str] = mapped_column(comment="Model that said it")
    model_version: Mapped[str | None] = mapped_column(comment="Its version")
    prompt_version: Mapped[str | None] = mapped_column(comment="Version of the instructions it was given")
    verified_by_user: Mapped[bool | None] = mapped_column(comment="What a person says: null while nobody has")
    verified_by: Mapped[UUID | None] = mapped_column(comment="User who verified it")
    verified_at: Mapped[datetime | None] = mapped_column(comment="When")
    created_at: Mapped[datetime] = mapped_column(comment="When it was made")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last changed")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("records", "record_id"),
        within_tenant("users", "verified_by"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        Index("ix_ai_insights_record", "tenant_id", "record_id"),
    )


class InsightEvidence(Base):
    """A passage that an insight rests on, or a record's fact."""

    __tablename__ = "insight_evidence"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    insight_id: Mapped[UUID] = mapped_column(comment="Insight it is for")
    position: Mapped[int] = mapped_column(comment="Counts an insight's evidence from 0")
    record_id: Mapped[UUID] = mapped_column(comment="Record that says so")
    field: Mapped[str] = mapped_column(comment="In which of its view's columns")
    quote: Mapped[str] = mapped_column(comment="The passage, or the fact's value")
    start_at: Mapped[int | None] = mapped_column(comment="Where the passage begins, in characters; null for a fact")
    end_at: Mapped[int | None] = mapped_column(comment="Where it ends")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "insight_id", "position"),
        TenantRow.tenant(),
        within_tenant("ai_insights", "insight_id", ondelete="CASCADE"),
        within_tenant("records", "record_id"),
        Index("ix_insight_evidence_record", "tenant_id", "record_id"),
    )


class InsightReading(Base):
    """That a record's text was read for insights, and by whom: what has not changed is not read again."""

    __tablename__ = "insight_readings"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    record_id: Mapped[UUID] = mapped_column(comment="Record that was read")
    record_version: Mapped[int] = mapped_column(comment="Its version then")
    model: Mapped[str] = mapped_column(comment="Model that read it")
    model_version: Mapped[str | None] = mapped_column(comment="Its version")
    prompt_version: Mapped[str | None] = mapped_column(comment="Version of the instructions it was given")
    read_at: Mapped[datetime] = mapped_column(comment="When")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "record_id"),
        TenantRow.tenant(),
        within_tenant("records", "record_id", ondelete="CASCADE"),
    )


class Cluster(TenantRow, Base):
    """Records whose texts say alike things."""

    __tablename__ = "clusters"
    subject: Mapped[str] = mapped_column(comment="complaints or leads")
    name: Mapped[str] = mapped_column(comment="The words that set its texts apart from the other clusters'")
    terms: Mapped[list[str]] = mapped_column(JSONB(), comment="More such words, the most telling first")
    size: Mapped[int] = mapped_column(comment="How many records")
    embedder: Mapped[str] = mapped_column(comment="Whose vectors they were grouped by")
    embedder_version: Mapped[str] = mapped_column(comment="Its version")
    created_at: Mapped[datetime] = mapped_column(comment="When it was first found")
    updated_at: Mapped[datetime] = mapped_column(comment="When it was last found again")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        CheckConstraint("subject IN ('" + "', '".join(CLUSTER_SUBJECTS) + "')", name="subject"),
        Index("ix_clusters_subject", "tenant_id", "subject"),
    )


class ClusterMember(Base):
    """A record in a cluster."""

    __tablename__ = "cluster_members"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    cluster_id: Mapped[UUID] = mapped_column(comment="Cluster it is in")
    record_id: Mapped[UUID] = mapped_column(comment="The record")
    similarity: Mapped[Decimal] = mapped_column(Numeric(5, 4), comment="To the cluster's middle, as a cosine")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "cluster_id", "record_id"),
        TenantRow.tenant(),
        within_tenant("clusters", "cluster_id", ondelete="CASCADE"),
        within_tenant("records", "record_id", ondelete="CASCADE"),
        Index("ix_cluster_members_record", "tenant_id", "record_id"),
    )


class AccountSummary(Base):
    """Where things stand with an account: facts counted, and what was said in its own words."""

    __tablename__ = "account_summaries"
    tenant_id: Mapped[UUID] = mapped_column(comment="Tenant the row belongs to")
    record_id: Mapped[UUID] = mapped_column(comment="The account")
    text: Mapped[str] = mapped_column(comment="The summary in words, as it is searched")
    facts: Mapped[dict[str, Any]] = mapped_column(comment="What was counted")
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB(), comment="Sentences quoted, each with record_id, field, start, end and quote"
    )
    content_hash: Mapped[str] = mapped_column(comment="SHA-256 of the text")
    refreshed_at: Mapped[datetime] = mapped_column(comment="When it was last looked at")
    changed_at: Mapped[datetime] = mapped_column(comment="When it last said something new")
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "record_id"),
        TenantRow.tenant(),
        within_tenant("records", "record_id", ondelete="CASCADE"),
    )


class NightlyWork(Base):
    """That a tenant's nightly work was done."""

    __tablename__ = "nightly_work"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Tenant the row belongs to")
    night: Mapped[date] = mapped_column(
        Date(), comment="The day that the last one done belongs to, in the tenant's zone"
    )
    finished_at: Mapped[datetime] = mapped_column(comment="When it was done", server_default=text("clock_timestamp()"))
    __table_args__ = (TenantRow.tenant(),)
