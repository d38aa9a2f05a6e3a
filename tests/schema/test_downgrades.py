"""Every migration goes down as well as up, and what it did not make stays as it was."""

import re
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql

from schema import embedded
from schema.database import Database, role_url
from schema.downgrade import BASE, downgrade, steps_down
from schema.embedded_place import AdminUrl
from schema.errors import CrmError
from schema.inspection import head_revision, inspect
from schema.migrate import NewerDatabase, alembic_config, as_admin, migrate
from schema.settings import Settings
from tests.conftest import url_of

REVISIONS = [
    script.revision for script in ScriptDirectory(str(files("schema") / "migrations")).walk_revisions(base="base")
]
"""The newest first."""

_STRUCTURE: dict[str, LiteralString] = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
               pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'crm'::regnamespace AND c.relkind IN ('r', 'p', 'S')""",
    # Rows of the log that a later version wrote stay, and its earlier rules hold for new ones alone: NOT VALID.
    "constraints": """
        SELECT c.conrelid::regclass::text, c.conname, replace(pg_get_constraintdef(c.oid), ' NOT VALID', '')
        FROM pg_constraint c WHERE c.connamespace = 'crm'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'crm' AND tablename <> 'sales_facts'",
}


def structure(url: str) -> dict[str, set[tuple[Any, ...]]]:
    """What migrations make: tables with columns, constraints and indexes."""
    with psycopg.connect(url) as admin:
        return {what: set(admin.execute(query).fetchall()) for what, query in _STRUCTURE.items()}


def dump(url: str) -> tuple[list[str], set[str]]:
    """The whole schema with functions, triggers and policies; and the grants, whose order is that of their making."""
    done = subprocess.run(
        [embedded.binary("pg_dump"), "--schema-only", "--dbname", url], capture_output=True, text=True, check=True
    )
    lines = [line for line in done.stdout.splitlines() if not re.match(r"\\(un)?restrict ", line)]
    return [line for line in lines if not line.startswith("GRANT ")], {
        each for each in lines if each.startswith("GRANT ")
    }


def rows(url: str, columns: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """How many rows each of the tables has, and a hash over those of its columns that are named."""
    query = (
        "SELECT count(*), coalesce(md5(string_agg(told, ',' ORDER BY told)), '')"
        " FROM (SELECT md5(row({})::text) AS told FROM crm.{}) each_row"
    )
    with psycopg.connect(url) as admin:
        found: dict[str, tuple[int, str]] = {}
        for table, names in columns.items():
            listed = sql.SQL(", ").join(map(sql.Identifier, names))
            row = admin.execute(sql.SQL(query).format(listed, sql.Identifier(table))).fetchone()
            assert row is not None
            found[table] = (row[0], row[1])
    return found


def columns_of(url: str) -> dict[str, list[str]]:
    """Every table of tenants' rows, with its columns."""
    with psycopg.connect(url) as admin:
        found = admin.execute(
            "SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE table_schema = 'crm' AND table_type = 'BASE TABLE' GROUP BY table_name"
        ).fetchall()
    return dict(found)


@pytest.fixture
def from_nothing(admin_url: AdminUrl) -> Iterator[str]:
    """The URL of a database in which nothing was ever made."""
    name = f"nothing_{uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield url_of(admin_url, name)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_each_step_down_undoes_its_step_up(from_nothing: str, settings: Settings) -> None:
    migrate(from_nothing, settings)
    downgrade(from_nothing, BASE)
    up: dict[str, dict[str, set[tuple[Any, ...]]]] = {BASE: structure(from_nothing)}
    for revision in reversed(REVISIONS):
        with as_admin(from_nothing) as connection:
            command.upgrade(alembic_config(connection), revision)
        up[revision] = structure(from_nothing)

    for revision in [*REVISIONS[1:], BASE]:
        downgrade(from_nothing, revision)
        found = structure(from_nothing)
        assert {what: found[what] ^ up[revision][what] for what in found} == {what: set() for what in found}, revision
    assert not any(up[BASE].values())


def test_down_and_up_again_makes_the_same_schema(from_nothing: str, settings: Settings) -> None:
    migrate(from_nothing, settings)
    before = dump(from_nothing)
    told: list[str] = []

    for revision in [*REVISIONS[1:], BASE]:
        downgrade(from_nothing, revision, told.append)
        assert migrate(from_nothing, settings) == REVISIONS[0]
        assert dump(from_nothing) == before, revision
    assert told[:3] == [REVISIONS[0], *REVISIONS[:2]]


def test_rows_that_a_step_does_not_take_away_are_kept(demo_database: Database, settings: Settings) -> None:
    url = demo_database.admin_url
    for revision in [*REVISIONS[1:], BASE]:
        before = rows(url, columns_of(url))
        downgrade(url, revision)
        left = columns_of(url)
        kept = rows(url, left)
        migrate(url, settings)

        assert set(left) <= set(before)
        assert {table: kept[table][0] for table in left} == {table: before[table][0] for table in left}, revision
        assert rows(url, left) == kept, revision


def test_the_demo_works_after_a_step_down_and_up_again(demo_database: Database, settings: Settings) -> None:
    url = demo_database.admin_url
    who = demo_database.sign_in("admin@brightwater.example")
    downgrade(url, REVISIONS[1])
    below = inspect(url, demo_database.roles)
    with pytest.raises(CrmError) as caught:
        demo_database.sign_in(who.email)
    migrate(url, settings)
    demo_database.refresh_analytics()
    with demo_database.read(demo_database.sign_in(who.email)) as session:
        counted = session.scalar("SELECT count(*) FROM opportunities")

    assert (below.revision, below.is_current, below.open_tables) == (REVISIONS[1], False, ())
    assert caught.value.kind == "setup"
    assert counted == 500


@pytest.mark.promise("tenant:sealed")
def test_in_between_nobody_of_ours_sees_or_writes_a_row(
    demo_database: Database,
) -> None:
    downgrade(demo_database.admin_url, REVISIONS[1])

    for role in ("app", "system", "reader", "owner"):
        with psycopg.connect(role_url(demo_database.admin_url, demo_database.roles, role)) as connection:
            try:
                found = connection.execute("SELECT count(*) FROM crm.organizations").fetchone()
            except psycopg.errors.InsufficientPrivilege:
                continue
            assert found == (0,), role


def test_steps_are_named_before_they_are_taken() -> None:
    whole = steps_down(head_revision(), BASE)

    assert [step.revision for step in whole] == REVISIONS
    assert all(step.told.endswith(".") for step in whole)
    assert [step.revision for step in steps_down(head_revision(), REVISIONS[1])] == REVISIONS[:1]
    assert steps_down(REVISIONS[1], REVISIONS[1]) == []


@pytest.mark.parametrize(("to", "kind"), [("9999", "not_found"), (REVISIONS[0], "invalid")])
def test_there_is_no_way_down_to_what_is_not_below(to: str, kind: str) -> None:
    with pytest.raises(CrmError) as caught:
        steps_down(REVISIONS[1], to)

    assert caught.value.kind == kind


def test_a_database_of_a_newer_version_is_left_alone(empty_database: Database, settings: Settings) -> None:
    with psycopg.connect(empty_database.admin_url) as admin:
        admin.execute("UPDATE crm_private.alembic_version SET version_num = '9999'")
    found = inspect(empty_database.admin_url, empty_database.roles)

    assert (found.is_current, found.is_known) == (False, False)
    with pytest.raises(NewerDatabase):
        migrate(empty_database.admin_url, settings)
    with pytest.raises(NewerDatabase):
        steps_down("9999", BASE)
