"""The demo company as the reader sees it: the same eyes for the text as it was written and as it runs."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from schema.database import Database


@dataclass(frozen=True)
class Answer:
    """What PostgreSQL said: column names and types with rows in no order, or the class of its error."""

    columns: tuple[tuple[str, int], ...] = ()
    rows: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Eyes:
    """A session that sees what the demo's admin may see through the views."""

    connection: psycopg.Connection

    def see(self, text: str) -> Answer:
        try:
            cursor = self.connection.execute(text.encode(), prepare=False)
        except psycopg.Error as error:
            return Answer(error=type(error).__name__)
        columns = tuple((column.name, column.type_code) for column in cursor.description or ())
        return Answer(columns, tuple(sorted(map(repr, cursor.fetchall()))))


@pytest.fixture
def eyes(demo_database: Database) -> Iterator[Eyes]:
    """The owner's session, entered as the README says: reader's role, views alone on the path."""
    reader = sql.Identifier(demo_database.roles.name("reader"))
    with psycopg.connect(demo_database.admin_url, autocommit=True) as connection:
        connection.execute("SELECT crm.enter('brightwater')")
        connection.execute(sql.SQL("SET ROLE {}").format(reader))
        connection.execute("SET search_path = crm_read; SET statement_timeout = '20s'; SET jit = off")
        yield Eyes(connection)
