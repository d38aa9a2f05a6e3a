"""The record kinds: what a tool may write of each, derived from the models."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schema.fields import Field, FieldType
from schema.models import (
    Account,
    Base,
    Contact,
    Individual,
    Interaction,
    Job,
    Lead,
    Note,
    Opportunity,
    Organization,
    Partnership,
    Task,
)

TAGS = Field(
    "tags", FieldType.TAGS, "Words put on the record; +word adds one, -word takes one off", table="record_tags"
)
PARTICIPANTS = Field(
    "participants", FieldType.PARTICIPANTS, "Who took part, each with a role", table="interaction_participants"
)
CUSTOM = Field("custom", FieldType.CUSTOM, "The tenant's own fields", column="custom")


@dataclass(frozen=True, slots=True)
class Kind:
    """One record kind: its view, its tables and its writable fields."""

    name: str
    plural: str
    view: str
    """The view's name; also the plural that people use."""
    id_column: str
    """The view's key column, such as opportunity_id."""
    tables: tuple[str, ...]
    """The tables a record has a row in; the first holds version and deleted_at."""
    fields: Mapping[str, Field]
    label_field: str
    """The view column people call the record by."""
    status_field: str | None = None
    """The view's name for the status, where the kind has one."""
    owner_field: str | None = None
    """The view column of the user answerable for the record."""

    @property
    def table(self) -> str:
        return self.tables[0]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields.values() if field.required)


def _fields_of(*models: type[Base]) -> dict[str, Field]:
    """The writable columns of the models, in the order of the tables."""
    fields: dict[str, Field] = {}
    for model in models:
        for column in model.__table__.columns:
            told = column.info.get("writable")
            if told is None:
                continue
            name = told["name"] or column.name
            fields[name] = Field(
                name=name,
                type=told["type"],
                comment=column.comment or "",
                column=column.name,
                table=str(model.__tablename__),
                required=told["required"],
                references=told["references"],
                choices=told["choices"],
            )
    return fields


def _kind(
    name: str,
    plural: str,
    *models: type[Base],
    label: str = "name",
    status: str | None = None,
    owner: str | None = None,
    extra: Mapping[str, Field] | None = None,
    hidden: tuple[str, ...] = (),
) -> Kind:
    fields = {name: field for name, field in _fields_of(*models).items() if name not in hidden}
    if status is not None and status != "status":
        renamed = replace(fields.pop("status"), name=status)
        fields = {**fields, status: renamed}
    return Kind(
        name=name,
        plural=plural,
        view=plural,
        id_column=f"{name}_id",
        tables=tuple(str(model.__tablename__) for model in models),
        fields={
            **fields,
            **(extra or {}),
            "custom": replace(CUSTOM, table=str(models[0].__tablename__)),
            "tags": TAGS,
        },
        label_field=label,
        status_field=status,
        owner_field=owner,
    )


def _contact_fields() -> dict[str, Field]:
    """What a contact shows of its individual; writing them writes the individual."""
    shown = {name: replace(field, required=False) for name, field in _fields_of(Individual).items()}
    full_name = Field("full_name", FieldType.TEXT, "Given and family name together", table="individuals")
    return {
        **{name: shown[name] for name in ("given_name", "family_name")},
        "full_name": full_name,
        **{name: shown[name] for name in ("email", "phone")},
    }


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("organization", "organizations", Organization),
        _kind("account", "accounts", Account, status="status", owner="owner_id"),
        _kind("individual", "individuals", Individual, label="full_name"),
        _kind("contact", "contacts", Contact, label="full_name", extra=_contact_fields()),
        _kind("opportunity", "opportunities", Lead, Opportunity, status="stage", owner="owner_id"),
        _kind("job", "jobs", Lead, Job, status="status", owner="owner_id", hidden=("source",)),
        _kind("partnership", "partnerships", Lead, Partnership, status="status", owner="owner_id", hidden=("source",)),
        _kind("task", "tasks", Task, label="title", status="status", owner="assignee_id"),
        _kind("note", "notes", Note, label="body", owner="author_id"),
        _kind(
            "interaction",
            "interactions",
            Interaction,
            label="subject",
            owner="user_id",
            extra={"participants": PARTICIPANTS},
        ),
    )
}


STATUSES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "account": (("prospect", "open"), ("customer", "won"), ("former", "lost")),
    "opportunity": (
        ("new", "open"),
        ("qualified", "open"),
        ("proposal", "open"),
        ("negotiation", "open"),
        ("won", "won"),
        ("lost", "lost"),
    ),
    "job": (("new", "open"), ("in_progress", "open"), ("won", "won"), ("lost", "lost")),
    "partnership": (("new", "open"), ("in_progress", "open"), ("won", "won"), ("lost", "lost")),
    "task": (("open", "open"), ("in_progress", "open"), ("done", "won"), ("cancelled", "lost")),
}
"""What a new tenant starts with: each kind's statuses in order, and their outcome."""


def transitions(kind: str) -> tuple[tuple[str, str], ...]:
    """A new tenant's allowed moves: between open ones freely, to an outcome from any, and back open from an outcome."""
    statuses = STATUSES[kind]
    return tuple(
        (start, end)
        for start, outcome in statuses
        for end, target in statuses
        if start != end and (outcome == "open" or target == "open" or kind == "account")
    )
