"""Sessions: what a transaction may do is its type, and our own SQL is LiteralString."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, Self, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, CursorResult, Executable, Select, text

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What an audit event says of a change beside who made it."""

    operation_id: UUID
    """The tool call, or a person's own edit: all it does to one record is one change."""
    reason: str
    """One sentence the record's owner would recognise; never empty."""
    via_agent: bool = False
    run_id: UUID | None = None
    tool_call_id: UUID | None = None
    tool: str | None = None
    approval_id: UUID | None = None
    prompt: str | None = None
    reasoning: str | None = None
    model: str | None = None
    occurred_at: datetime | None = None
    """Back-dates the event; honoured for the system alone."""

    def told(self) -> dict[str, str]:
        """The change for the `crm.change` setting: strings only, absent ones left out."""
        named = (
            "operation_id",
            "run_id",
            "tool_call_id",
            "tool",
            "approval_id",
            "prompt",
            "reasoning",
            "reason",
            "model",
        )
        values: dict[str, str] = {name: str(value) for name in named if (value := getattr(self, name)) is not None}
        if self.occurred_at is not None:
            values["occurred_at"] = self.occurred_at.isoformat()
        return values


class ReadSession:
    """One transaction that reads, with the caller's context set."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: LiteralString, /, **parameters: Any) -> list[Row]:
        """The rows of our own SQL, `:name` for each parameter."""
        return [dict(row) for row in self._connection.execute(text(sql), parameters).mappings()]

    def row(self, sql: LiteralString, /, **parameters: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, **parameters)
        return found[0] if found else None

    def scalar(self, sql: LiteralString, /, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(text(sql), parameters).scalar()

    def copied(self, sql: LiteralString, /, **parameters: Any) -> Iterator[bytes]:
        """The rows of our own SQL, `%(name)s` for each parameter, as lines of PostgreSQL's COPY text format."""
        driver = cast("psycopg.Connection", self._connection.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT", parameters) as copy:
            for line in copy:
                yield bytes(line)

    def select(self, statement: Executable, /, **parameters: Any) -> list[Row]:
        """The rows of a SQLAlchemy Core statement; `parameters` are for the bindparams it names."""
        return [dict(row) for row in self._connection.execute(statement, parameters).mappings()]

    def stream(self, statement: Select[Any], batch: int = 1000) -> Iterator[Sequence[Sequence[Any]]]:
        """The rows of a SQLAlchemy Core query, values in its order, a batch at a time from a cursor in the database."""
        with self._connection.execute(statement.execution_options(stream_results=True, yield_per=batch)) as found:
            yield from found.partitions()


class WriteSession(ReadSession):
    """One transaction that changes; it commits when its block ends, and not at all when the block raises."""

    @property
    def connection(self) -> Connection:
        """For the database alone, which sets who speaks on it."""
        return self._connection

    def execute(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Runs a Core statement, for each of `rows` when given; returns how many rows it touched."""
        result: CursorResult[Any] = self._connection.execute(statement, rows)
        return result.rowcount

    def savepoint(self) -> "Savepoint":
        """A block inside the transaction that can be taken back alone."""
        return Savepoint(self._connection)


class Savepoint:
    """`with session.savepoint() as point:`; rolled back when the block raises or calls `point.roll_back()`."""

    def __init__(self, connection: Connection) -> None:
        self._nested = connection.begin_nested()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if not self._nested.is_active:
            return
        if kind is None:
            self._nested.commit()
        else:
            self._nested.rollback()

    def roll_back(self) -> None:
        self._nested.rollback()
