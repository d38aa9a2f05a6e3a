"""The demo company in a database: that its history is what triggers would have written, and that it can be used."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, LiteralString

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.types.json import Jsonb

from schema.database import Database
from schema.demo import DEMO_PASSWORD, is_loaded, load
from schema.demo.history import Change, Version
from schema.demo.staging import AGENT_MODEL
from schema.errors import CrmError
from schema.models import Base
from schema.world import World

EVENTS: LiteralString = """
SELECT change_id, operation_id, occurred_at, action, table_name, record_kind, record_id, before, after, actor,
       on_behalf_of, user_id, via_agent, run_id, tool_call_id, tool, approval_id, prompt, reasoning, reason, model
FROM crm.audit_events WHERE tenant_id = (SELECT tenant_id FROM crm.tenants WHERE slug = 'kestrel')
ORDER BY occurred_at, change_id, table_name, after::text
"""
RECORDS: LiteralString = """
SELECT r.* FROM crm.records r JOIN crm.tenants t USING (tenant_id) WHERE t.slug = 'kestrel' ORDER BY r.id
"""


@pytest.fixture
def admin(demo_database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(demo_database.admin_url) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def count(admin: psycopg.Connection, query: LiteralString) -> int:
    found = admin.execute(sql.SQL(query)).fetchone()
    assert found is not None
    return int(found[0])


def test_history_and_registry_are_what_the_triggers_would_have_written(
    admin: psycopg.Connection, empty_database: Database, kestrel: list[Version]
) -> None:
    with psycopg.connect(empty_database.admin_url) as replay:
        replay.execute("SET TimeZone = 'UTC'")
        _replay(replay, kestrel)
        assert admin.execute(EVENTS).fetchall() == replay.execute(EVENTS).fetchall()
        assert admin.execute(RECORDS).fetchall() == replay.execute(RECORDS).fetchall()


def _replay(connection: psycopg.Connection, versions: list[Version]) -> None:
    """Makes the same changes the slow way: one after the other, in order of time, each in its own signed context."""
    for version in versions:
        if version.table in {"tenants", "statuses", "status_transitions"}:
            _insert(connection, version)
    audited = [version for version in versions if version.change is not None]
    audited.sort(key=lambda version: _change_of(version).occurred_at)
    known: set[tuple[str, object]] = set()
    for _, together in groupby(audited, key=lambda version: id(version.change)):
        for place, version in enumerate(together):
            if place == 0:
                _enter(connection, version)
            key = (version.table, version.row.get("id") or (version.row["record_id"], version.row["tag"]))
            (_update if key in known else _insert)(connection, version)
            known.add(key)


def _change_of(version: Version) -> Change:
    assert version.change is not None
    return version.change


def _enter(connection: psycopg.Connection, version: Version) -> None:
    change = _change_of(version)
    via = "system" if change.user is None else "agent" if change.via_agent else "person"
    user_id = change.user.user_id if change.user else None
    told = {
        "operation_id": str(change.operation_id),
        "reason": change.reason,
        "prompt": change.prompt,
        "tool": change.tool,
        "model": AGENT_MODEL if change.via_agent else None,
        "occurred_at": change.occurred_at.isoformat(),
    }
    connection.execute(
        "SELECT set_config('crm.context', crm.sign(%s, %s, 'person', %s, pg_backend_pid(), 900, %s), true),"
        " set_config('crm.change', %s, true)",
        [version.row["tenant_id"], user_id, via, change.occurred_at, json.dumps(told)],
    )


def _values(version: Version) -> tuple[list[sql.Identifier], list[Any]]:
    values = [Jsonb(value) if isinstance(value, dict) else value for value in version.row.values()]
    return [sql.Identifier(name) for name in version.row], values


def _insert(connection: psycopg.Connection, version: Version) -> None:
    names, values = _values(version)
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier("crm", version.table),
            sql.SQL(", ").join(names),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        values,
    )


def _update(connection: psycopg.Connection, version: Version) -> None:
    names, values = _values(version)
    connection.execute(
        sql.SQL("UPDATE {} SET ({}) = ROW({}) WHERE tenant_id = %s AND id = %s").format(
            sql.Identifier("crm", version.table),
            sql.SQL(", ").join(names),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        [*values, version.row["tenant_id"], version.row["id"]],
    )


TABLES = ("organizations", "accounts", "individuals", "contacts", "leads", "tasks", "notes", "interactions")


def test_each_record_has_one_create_event_and_one_more_per_version(admin: psycopg.Connection) -> None:
    query: LiteralString = """
        SELECT count(*) FROM crm.{} r LEFT JOIN LATERAL (
            SELECT count(*) AS events, count(*) FILTER (WHERE action = 'create') AS creates
            FROM crm.audit_events e
            WHERE e.tenant_id = r.tenant_id AND e.record_id = r.id AND e.table_name = {}) told ON true
        WHERE told.events <> r.version OR told.creates <> 1
    """
    for table in TABLES:
        wrong = sql.SQL(query).format(sql.Identifier(table), sql.Literal(table))
        assert admin.execute(wrong).fetchone() == (0,), table


def test_the_last_event_holds_the_row_as_it_stands(admin: psycopg.Connection) -> None:
    query: LiteralString = """
        SELECT count(*) FROM crm.{} r LEFT JOIN (
            SELECT DISTINCT ON (after ->> 'id') after FROM crm.audit_events
            WHERE table_name = {} ORDER BY after ->> 'id', event_id DESC) e ON e.after ->> 'id' = r.id::text
        WHERE e.after IS DISTINCT FROM to_jsonb(r)
    """
    for table in (*TABLES, "opportunities", "jobs", "partnerships", "interaction_participants"):
        wrong = sql.SQL(query).format(sql.Identifier(table), sql.Literal(table))
        assert admin.execute(wrong).fetchone() == (0,), table


def test_events_are_in_order_of_time_and_passwords_are_not_among_them(admin: psycopg.Connection) -> None:
    out_of_order = """
        SELECT count(*) FROM (
            SELECT occurred_at < lag(occurred_at) OVER (PARTITION BY tenant_id ORDER BY event_id) AS is_back
            FROM crm.audit_events) e WHERE is_back
    """
    assert count(admin, out_of_order) == 0
    assert count(admin, "SELECT count(*) FROM crm.audit_events WHERE after ? 'password_hash'") == 0


def test_a_day_in_the_past_can_be_asked_for(admin: psycopg.Connection) -> None:
    query = """
        SELECT DISTINCT ON (e.record_id) e.after ->> 'status' AS status
        FROM crm.audit_events e
        WHERE e.table_name = 'leads' AND e.after ->> 'name' = 'Acme renewal' AND e.occurred_at < %s
        ORDER BY e.record_id, e.event_id DESC
    """
    stages = [
        admin.execute(query, [datetime.fromisoformat(day)]).fetchall()
        for day in ("2026-08-01T00:00Z", "2026-08-20T00:00Z", "2026-11-20T00:00Z")
    ]
    assert stages == [[], [("new",)], [("negotiation",)]]


def test_foreign_keys_and_triggers_are_in_force_afterwards(admin: psycopg.Connection) -> None:
    off = "SELECT count(*) FROM pg_trigger t WHERE tgenabled <> 'O' AND tgrelid::regclass::text LIKE 'crm.%'"
    assert count(admin, off) == 0
    with pytest.raises(psycopg.Error) as refused:
        admin.execute("UPDATE crm.notes SET body = 'quietly', version = version + 1")
    assert refused.value.sqlstate == "CA001"


def test_its_people_can_sign_in_and_see_their_own_company(demo_database: Database) -> None:
    who = demo_database.sign_in("admin@brightwater.example")
    hashed = demo_database.password_hash("viewer@brightwater.example")
    assert hashed is not None
    assert PasswordHasher().verify(hashed, DEMO_PASSWORD)
    with demo_database.read(who) as session:
        [opportunities] = session.rows("SELECT count(*) AS n, count(*) FILTER (WHERE is_won) AS won FROM opportunities")
        [facts] = session.rows("SELECT count(*) AS n FROM sales_analytics")
        regattas = session.rows("SELECT 1 FROM interactions WHERE body ILIKE '%regatta%'")
    assert opportunities["n"] == facts["n"] == 500
    assert opportunities["won"] > 100
    assert regattas == []


def test_somebody_who_left_cannot_sign_in(demo_database: Database) -> None:
    with pytest.raises(CrmError, match="disabled"):
        demo_database.sign_in("oliver.weiss@brightwater.example")


def test_it_is_loaded_once(admin: psycopg.Connection, demo_database: Database, world: World) -> None:
    assert is_loaded(admin)
    with pytest.raises(CrmError, match="loaded already") as refused:
        load(demo_database.admin_url, world)
    assert refused.value.kind == "conflict"


def test_it_says_how_far_it_is_and_what_it_loaded(empty_database: Database, world: World) -> None:
    told: dict[str, list[float]] = {}
    counts = load(
        empty_database.admin_url,
        world,
        seed=11,
        progress=lambda title, done, total: told.setdefault(title, []).append(done / total),
    )
    assert counts["tenants"] == 2
    assert counts["audit_events"] > 15_000
    assert list(told) == ["Brightwater", "Kestrel Marine"]
    assert told["Brightwater"] == sorted(told["Brightwater"])
    assert 0.5 < told["Brightwater"][-2] < told["Brightwater"][-1] == 1


def test_a_scale_below_one_is_refused(empty_database: Database, world: World) -> None:
    with pytest.raises(CrmError, match="scale") as refused:
        load(empty_database.admin_url, world, scale=0)
    assert refused.value.kind == "invalid"


def test_a_database_that_is_not_migrated_is_refused(admin_url: str, world: World) -> None:
    with pytest.raises(CrmError, match="db migrate") as refused:
        load(admin_url, world)
    assert refused.value.kind == "setup"


def test_every_check_of_the_models_holds(admin: psycopg.Connection) -> None:
    """The database checked them while loading; this makes sure that it knows every one the models name."""
    named = {
        constraint.name
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }
    found = admin.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND convalidated").fetchall()
    assert named <= {row[0] for row in found}
