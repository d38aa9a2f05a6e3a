"""Work about records: tasks, notes, interactions and who took part in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from schema.fields import FieldType, writable
from schema.models.base import SCHEMA, Base, RecordColumns, TenantRow, within_tenant

PRIORITIES = ("low", "normal", "high", "urgent")
INTERACTION_KINDS = ("email", "call", "meeting", "chat")
DIRECTIONS = ("inbound", "outbound", "internal")
PARTICIPANT_ROLES = ("from", "to", "cc", "attendee", "caller", "callee")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


class Task(RecordColumns, Base):
    """Work to do."""

    __tablename__ = "tasks"
    title: Mapped[str] = mapped_column(comment="What is to be done", info=writable(FieldType.TEXT, required=True))
    body: Mapped[str | None] = mapped_column(comment="Details; free text", info=writable(FieldType.LONG_TEXT))
    record_kind: Mapped[str] = mapped_column(server_default=text("'task'"), comment="Always task")
    status: Mapped[str] = mapped_column(
        server_default=text("'open'"),
        comment="open, in_progress, done or cancelled",
        info=writable(FieldType.STATUS),
    )
    priority: Mapped[str] = mapped_column(
        server_default=text("'normal'"),
        comment="low, normal, high or urgent",
        info=writable(FieldType.CHOICE, choices=PRIORITIES),
    )
    due_at: Mapped[datetime | None] = mapped_column(comment="When it is due", info=writable(FieldType.TIMESTAMP))
    completed_at: Mapped[datetime | None] = mapped_column(comment="When it was done or cancelled")
    assignee_id: Mapped[UUID | None] = mapped_column(comment="User who is to do it", info=writable(FieldType.USER))
    about_id: Mapped[UUID | None] = mapped_column(
        comment="Record it is about, of any kind", info=writable(FieldType.REFERENCE)
    )
    __table_args__ = (
        *RecordColumns.record_constraints(),
        within_tenant("records", "about_id"),
        within_tenant("users", "assignee_id"),
        ForeignKeyConstraint(
            ["tenant_id", "record_kind", "status"],
            [f"{SCHEMA}.statuses.tenant_id", f"{SCHEMA}.statuses.record_kind", f"{SCHEMA}.statuses.status"],
        ),
        CheckConstraint("record_kind = 'task'", name="record_kind"),
        _one_of("priority", PRIORITIES),
        Index("ix_tasks_about", "tenant_id", "about_id"),
        Index("ix_tasks_assignee", "tenant_id", "assignee_id", "due_at"),
    )


class Note(RecordColumns, Base):
    """Something written down."""

    __tablename__ = "notes"
    body: Mapped[str] = mapped_column(comment="The text", info=writable(FieldType.LONG_TEXT, required=True))
    author_id: Mapped[UUID | None] = mapped_column(comment="User who wrote it", info=writable(FieldType.USER))
    about_id: Mapped[UUID | None] = mapped_column(
        comment="Record it is about, of any kind", info=writable(FieldType.REFERENCE)
    )
    __table_args__ = (
        *RecordColumns.record_constraints(),
        within_tenant("records", "about_id"),
        within_tenant("users", "author_id"),
        Index("ix_notes_about", "tenant_id", "about_id"),
    )


class Interaction(RecordColumns, Base):
    """Something that happened between us and others, with its raw text."""

    __tablename__ = "interactions"
    kind: Mapped[str] = mapped_column(
        comment="email, call, meeting or chat",
        info=writable(FieldType.CHOICE, required=True, choices=INTERACTION_KINDS),
    )
    direction: Mapped[str] = mapped_column(
        server_default=text("'outbound'"),
        comment="inbound, outbound or internal",
        info=writable(FieldType.CHOICE, choices=DIRECTIONS),
    )
    subject: Mapped[str | None] = mapped_column(comment="Subject line; free text", info=writable(FieldType.TEXT))
    body: Mapped[str | None] = mapped_column(
        comment="What was said or written; free text", info=writable(FieldType.LONG_TEXT)
    )
    occurred_at: Mapped[datetime] = mapped_column(comment="When it happened", info=writable(FieldType.TIMESTAMP))
    duration_seconds: Mapped[int | None] = mapped_column(
        comment="How long it took, in seconds", info=writable(FieldType.INTEGER)
    )
    source: Mapped[str] = mapped_column(
        server_default=text("'manual'"),
        comment="What brought it in, such as manual or import",
        info=writable(FieldType.TEXT),
    )
    is_external: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="True when its text came from outside the company"
    )
    user_id: Mapped[UUID | None] = mapped_column(comment="User who took part", info=writable(FieldType.USER))
    account_id: Mapped[UUID | None] = mapped_column(
        comment="Account it was with", info=writable(FieldType.REFERENCE, references=("account",))
    )
    about_id: Mapped[UUID | None] = mapped_column(
        comment="Record it is about, of any kind", info=writable(FieldType.REFERENCE)
    )
    __table_args__ = (
        *RecordColumns.record_constraints(),
        within_tenant("records", "about_id"),
        within_tenant("accounts", "account_id"),
        within_tenant("users", "user_id"),
        CheckConstraint("duration_seconds >= 0", name="duration"),
        _one_of("kind", INTERACTION_KINDS),
        _one_of("direction", DIRECTIONS),
        Index("ix_interactions_account", "tenant_id", "account_id", "occurred_at"),
        Index("ix_interactions_about", "tenant_id", "about_id", "occurred_at"),
        Index("ix_interactions_occurred", "tenant_id", "occurred_at"),
    )


class Participant(TenantRow, Base):
    """Someone who took part in an interaction: an individual or a user."""

    __tablename__ = "interaction_participants"
    interaction_id: Mapped[UUID] = mapped_column(comment="Interaction it belongs to")
    individual_id: Mapped[UUID | None] = mapped_column(comment="The person, when one of theirs")
    user_id: Mapped[UUID | None] = mapped_column(comment="The user, when one of ours")
    role: Mapped[str] = mapped_column(comment="from, to, cc, attendee, caller or callee")
    __table_args__ = (
        TenantRow.key(),
        TenantRow.tenant(),
        within_tenant("interactions", "interaction_id"),
        within_tenant("individuals", "individual_id"),
        within_tenant("users", "user_id"),
        UniqueConstraint(
            "tenant_id", "interaction_id", "individual_id", "user_id", "role", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("(individual_id IS NULL) <> (user_id IS NULL)", name="one_person"),
        _one_of("role", PARTICIPANT_ROLES),
        Index("ix_interaction_participants_individual", "tenant_id", "individual_id"),
    )
