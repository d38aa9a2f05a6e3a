"""Behind the guard stands another wall: each family of attacks is stopped without it, by what docs/sql-layers.md says."""

from pathlib import Path
from typing import LiteralString, cast

import psycopg
import psycopg.sql
import pytest

from guardrails.sql import Refused, guard
from tests.guardrails.sql.corpus import ATTACKS
from tools.context import ToolContext

promise = pytest.mark.promise
DOCUMENT = Path(__file__).parents[3] / "docs" / "sql-layers.md"

STOPPED: dict[str, dict[str, tuple[str, ...]]] = {
    "Session state and the tenant": {
        "42501": (
            "SELECT set_config('crm.context', '', false)",
            "SELECT pg_catalog.set_config('row_security', 'off', true)",
            "SELECT current_setting('crm.context')",
            "SELECT crm.enter('kestrel')",
            "SELECT crm.sign(NULL, NULL, 'person', 'system', 1, 1, now())",
        ),
        "42601": ("SET crm.context = ''", "SET ROLE crm_owner", "RESET ALL", "SET row_security = off", "DISCARD ALL"),
    },
    "Writing": {
        "42601": (
            "DELETE FROM tasks",
            "INSERT INTO tasks DEFAULT VALUES",
            "CREATE TABLE x AS SELECT 1",
            "EXPLAIN ANALYZE DELETE FROM tasks",
            "PREPARE p AS DELETE FROM tasks",
            "COPY accounts TO PROGRAM 'true'",
            "DO $$ BEGIN PERFORM 1; END $$",
            "CALL crm.enter('kestrel')",
            "REFRESH MATERIALIZED VIEW crm.sales_facts",
            "COMMIT",
            "SELECT 1 AS x INTO copied",
        ),
        "0A000": (
            "WITH x AS (DELETE FROM tasks RETURNING *) SELECT * FROM x",
            "WITH x AS (UPDATE tasks SET title = 'x' RETURNING *) SELECT * FROM x",
            "WITH x AS (MERGE INTO accounts a USING contacts c ON true WHEN MATCHED THEN DO NOTHING RETURNING *) TABLE x",
        ),
        "42501": ("SELECT name FROM accounts FOR UPDATE", "SELECT name FROM accounts FOR KEY SHARE NOWAIT"),
    },
    "Several statements": {
        "42601": (
            "SELECT 1; DELETE FROM tasks",
            "SELECT 1;;COMMIT",
            "SELECT $a$;$a$; SELECT 2",
            "SELECT 1 -- x\n; DROP TABLE crm.tasks",
        ),
    },
    "Functions with effects": {
        "42501": (
            "SELECT pg_sleep(1)",
            "SELECT pg_notify('a', 'b')",
            "SELECT pg_advisory_lock(1)",
            "SELECT nextval('crm.audit_events_event_id_seq')",
            "SELECT lo_create(0)",
            "SELECT lo_from_bytea(0, '')",
            "SELECT setseed(0.5)",
            "SELECT txid_current()",
            "SELECT pg_logical_emit_message(false, 'a', 'b')",
            "SELECT pg_terminate_backend(1)",
            "SELECT pg_export_snapshot()",
        ),
    },
    "Files and the network": {
        "42501": (
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('.')",
            "SELECT lo_import('/etc/passwd')",
            "SELECT pg_stat_file('x')",
            "SELECT inet_server_addr()",
            "SELECT pg_current_logfile()",
        ),
        "42883": ("SELECT dblink('host=x', 'SELECT 1')",),
    },
    "SQL in a text": {
        "42501": (
            "SELECT query_to_xml('SELECT 1', true, true, '')",
            "SELECT table_to_xml('crm.contacts', true, true, '')",
            "SELECT * FROM ts_stat('SELECT body FROM crm.notes')",
            "SELECT ts_rewrite('a'::tsquery, 'SELECT t, s FROM x')",
            "SELECT cursor_to_xml('found', 1, true, true, '')",
        ),
    },
    "Catalogs": {
        "42501": (
            "SELECT * FROM pg_class",
            "SELECT * FROM pg_stats",
            "SELECT * FROM pg_authid",
            "SELECT * FROM pg_settings",
            "SELECT * FROM pg_stat_activity",
            "SELECT * FROM information_schema.columns",
            "SELECT has_table_privilege('crm.contacts', 'select')",
            "SELECT row_security_active('crm.contacts')",
            "SELECT pg_get_viewdef('crm_read.contacts'::regclass)",
            "SELECT to_regclass('crm.contacts')",
        ),
    },
    "Tables behind the views": {
        "42501": (
            "SELECT * FROM crm.contacts",
            "SELECT * FROM crm.audit_events",
            "SELECT * FROM crm_private.signing_key",
            "TABLE crm.tenants",
            "SELECT 1 FROM accounts WHERE EXISTS (SELECT FROM crm.accounts)",
        ),
        "42703": ("SELECT tenant_id FROM accounts", "SELECT ctid FROM accounts", "SELECT tableoid FROM accounts"),
    },
    "Estimates": {"42601": ("EXPLAIN SELECT 1", "EXPLAIN (ANALYZE) SELECT * FROM contacts", "SHOW ALL")},
    "Memory": {"53200": ("SELECT array_agg(repeat('x', 1000000)) FROM generate_series(1, 1000000)",)},
    "Temporary files": {"53400": ("SELECT count(*) FROM generate_series(1, 1000000000::numeric)",)},
    "Time": {"57014": ("SELECT generate_series(1, 3000000000)",)},
}
"""Families, with SQLSTATEs that the database answers when the guard is switched off."""

CASES = [(state, text) for family in STOPPED.values() for state, texts in family.items() for text in texts]


def in_its_frame(desk: ToolContext, text: str) -> str | None:
    """The error of a text that runs where a guarded query would; None when there is none."""
    with desk.db.reading(desk.who, "model", 2 if "3000000000" in text else 60) as connection:
        cursor = psycopg.Cursor(connection)
        try:
            cursor.execute(_any(f"DECLARE found NO SCROLL CURSOR FOR {text}"), prepare=True)
            cursor.execute(_any("MOVE FORWARD ALL FROM found"))
        except psycopg.Error as error:
            return error.sqlstate
    return None


def _any(text: str) -> psycopg.sql.SQL:
    return psycopg.sql.SQL(cast("LiteralString", text))


@promise("sql:read-only")
@pytest.mark.parametrize(("state", "text"), CASES)
def test_without_the_guard_another_wall_stops_it(desk: ToolContext, state: str, text: str) -> None:
    assert isinstance(guard(text, clock=desk.world.now(), zone=desk.zone), Refused)
    assert in_its_frame(desk, text) == state


@promise("sql:read-only")
def test_the_attacks_of_the_guards_catalogue_change_nothing_without_it(desk: ToolContext) -> None:
    """Whatever of them runs at all, the rows are the same afterwards and the tenant is."""
    count = "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM tasks), (SELECT min(slug) FROM tenants)"
    kinds = {"read_only", "one_statement", "known_functions", "known_views", "parameters", "characters"}
    for rule, text in ATTACKS:
        if rule in kinds:
            in_its_frame(desk, text)
    with desk.db.reading(desk.who, "person", 5) as connection:
        assert psycopg.Cursor(connection).execute(_any(count)).fetchone() == (120, 600, "brightwater")


@promise("tenant:sealed")
@pytest.mark.parametrize("forged", ["", "{}", "eyJ0ZW5hbnQiOiAiMSJ9.AAAA"])
def test_a_context_that_was_changed_shows_no_rows(desk: ToolContext, forged: str) -> None:
    """Where SET could be reached, or set_config on a server whose functions nobody could close."""
    with desk.db.reading(desk.who, "person", 5) as connection:
        cursor = psycopg.Cursor(connection)
        cursor.execute(_any(f"SET LOCAL crm.context = '{forged}'"))
        try:
            seen = cursor.execute(_any("SELECT count(*) FROM accounts")).fetchone()
        except psycopg.Error:
            seen = (0,)
        assert seen == (0,)


def test_the_document_lists_these_families_and_what_answers() -> None:
    told = DOCUMENT.read_text(encoding="utf-8")
    rows = {row[0]: row[2] for line in told.splitlines() if len(row := _cells(line)) == 3}
    assert {family: states for family, states in rows.items() if family in STOPPED} == {
        family: ", ".join(sorted(states)) for family, states in STOPPED.items()
    }


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
