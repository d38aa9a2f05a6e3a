"""What a view is: its columns with expression, type, comment and privacy zone, and the SQL that makes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import column, table
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import TypeEngine

from schema.models import Base

SQL_TYPES: dict[str, TypeEngine[Any]] = {
    "uuid": Uuid(),
    "text": Text(),
    "integer": Integer(),
    "numeric": Numeric(),
    "boolean": Boolean(),
    "date": Date(),
    "timestamptz": DateTime(timezone=True),
    "jsonb": JSONB(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column that people and models see."""

    name: str
    expression: str
    type: str
    """One of the keys of SQL_TYPES."""
    comment: str
    zone: str | None = None
    """Privacy zone, when the value is sensitive: email or phone."""


@dataclass(frozen=True, slots=True)
class View:
    """One public view, in schema `crm_read`."""

    name: str
    comment: str
    columns: Sequence[Column]
    source: str
    """The FROM clause and what follows it."""
    record_kind: str | None = None
    """The record kind a row stands for, when it stands for one record."""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {shown.name: shown for shown in self.columns})

    def clause(self) -> TableClause:
        """The view for SQLAlchemy Core, without its schema: the reader's search_path finds it."""
        return table(self.name, *(column(shown.name, SQL_TYPES[shown.type]) for shown in self.columns))

    def statements(self) -> list[str]:
        """The DDL, safe to run again after `DROP VIEW`."""
        shown = ",\n    ".join(f"{column.expression} AS {column.name}" for column in self.columns)
        return [
            f"CREATE VIEW crm_read.{self.name} WITH (security_barrier) AS\nSELECT {shown}\n{self.source}",
            f"COMMENT ON VIEW crm_read.{self.name} IS {literal(self.comment)}",
            *(
                f"COMMENT ON COLUMN crm_read.{self.name}.{column.name} IS {literal(column.comment)}"
                for column in self.columns
            ),
        ]


def literal(text: str) -> str:
    """A SQL string literal of our own text."""
    return "'" + text.replace("'", "''") + "'"


def of(model: type[Base], alias: str, *names: str) -> list[Column]:
    """Columns of a table as they are, with the model's comments; `column:name` shows one under another name."""
    made: list[Column] = []
    for name in names:
        stored, _, shown = name.partition(":")
        source = model.__table__.columns[stored]
        made.append(Column(shown or stored, f"{alias}.{stored}", _type_of(source.type), source.comment or ""))
    return made


def _type_of(stored: TypeEngine[Any]) -> str:
    for name, kind in SQL_TYPES.items():
        if isinstance(stored, type(kind)):
            return name
    raise LookupError(f"no view type for {stored!r}")


def zoned(columns: Sequence[Column], **zones: str) -> list[Column]:
    """The same columns, those named put into a privacy zone."""
    return [Column(shown.name, shown.expression, shown.type, shown.comment, zones.get(shown.name)) for shown in columns]


def key(model: type[Base], alias: str, name: str, noun: str) -> Column:
    """The record's id, under its glossary name."""
    return Column(name, f"{alias}.{model.__table__.columns['id'].name}", "uuid", f"Key of the {noun}")


STAMPS = ("created_at", "updated_at", "via_agent", "custom")
"""Columns every record shows."""
