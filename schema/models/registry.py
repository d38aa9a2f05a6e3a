"""The registry: one row per record, so that "about any record" is a real foreign key."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from schema.models.base import Base, TenantRow, within_tenant

RECORD_KINDS = (
    "organization",
    "account",
    "individual",
    "contact",
    "opportunity",
    "job",
    "partnership",
    "task",
    "note",
    "interaction",
)


class Record(TenantRow, Base):
    """Kind and label of one record; triggers keep it in step, nobody writes it."""

    __tablename__ = "records"
    kind: Mapped[str] = mapped_column(comment="Record kind")
    label: Mapped[str] = mapped_column(comment="What people call the record")
    name_key: Mapped[str] = mapped_column(
        Computed("crm.fold(label)", persisted=True), comment="Label without case, accents and punctuation"
    )
    is_deleted: Mapped[bool] = mapped_column(server_default=text("false"), comment="True while soft-deleted")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        CheckConstraint("kind IN ('" + "', '".join(RECORD_KINDS) + "')", name="kind"),
        Index("ix_records_name", "tenant_id", "kind", "name_key"),
    )


class RecordTag(Base):
    """A word put on a record."""

    __tablename__ = "record_tags"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Tenant the row belongs to")
    record_id: Mapped[UUID] = mapped_column(primary_key=True, comment="Record that carries it")
    tag: Mapped[str] = mapped_column(primary_key=True, comment="The word, lower case")
    __table_args__ = (
        TenantRow.tenant(),
        within_tenant("records", "record_id"),
        CheckConstraint("tag = lower(btrim(tag)) AND tag <> ''", name="tag"),
        Index("ix_record_tags_tag", "tenant_id", "tag"),
    )
