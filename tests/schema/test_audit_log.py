"""Business rows and audit events go together, whatever statement is used and whoever runs it."""

from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from schema import triggers
from schema.audit import ChangeFilter, changes_of_run, get_change, list_changes
from schema.database import Database, role_url
from schema.errors import CrmError
from schema.session import Change, WriteSession
from tests.schema.filled import Filled, change, table

RECORD_TABLES = [audited.name for audited in triggers.AUDITED if audited.is_record]
AUDITED = [audited.name for audited in triggers.AUDITED]

promise = pytest.mark.promise


def events(database: Database, filled: Filled, reason: str) -> list[dict[str, object]]:
    with database.read(filled.who) as session:
        return session.rows("SELECT * FROM crm.audit_events WHERE reason = :reason ORDER BY event_id", reason=reason)


@promise("audit:complete")
@pytest.mark.parametrize("name", AUDITED)
def test_each_insert_was_logged_once_with_the_whole_row(shared: Database, near: Filled, name: str) -> None:
    hidden = {column for audited in triggers.AUDITED if audited.name == name for column in audited.hidden}
    with shared.read(near.who) as session:
        logged = session.rows(
            "SELECT before, after FROM crm.audit_events WHERE table_name = :name AND action = 'create'", name=name
        )
    assert logged
    assert all(event["before"] is None for event in logged)
    assert all(set(event["after"]) == set(table(name).columns.keys()) - hidden for event in logged)


@promise("audit:complete")
@pytest.mark.parametrize("name", RECORD_TABLES)
def test_each_update_is_logged_once_with_before_and_after(database: Database, near: Filled, name: str) -> None:
    changed = table(name)
    with database.write(near.who, change(database, "Touched")) as session:
        touched = session.execute(update(changed).values(version=changed.c.version + 1, via_agent=True))
    logged = events(database, near, "Touched")
    assert len(logged) == touched > 0
    assert {(event["before"]["via_agent"], event["after"]["via_agent"]) for event in logged} == {(False, True)}  # type: ignore[index]
    assert {event["action"] for event in logged} == {"update"}


@promise("audit:complete")
def test_soft_delete_and_restore_are_called_so(database: Database, near: Filled) -> None:
    notes = table("notes")
    for moment, action in ((database.world.now(), "delete"), (None, "restore")):
        with database.write(near.who, change(database, action)) as session:
            session.execute(update(notes).values(deleted_at=moment, version=notes.c.version + 1))
        assert [event["action"] for event in events(database, near, action)] == [action]
        with database.read(near.who) as session:
            assert session.scalar("SELECT count(*) FROM notes") == (0 if action == "delete" else 1)
            assert session.scalar("SELECT count(*) FROM crm.records WHERE is_deleted") == (
                1 if action == "delete" else 0
            )


@promise("audit:complete")
def test_a_deleted_child_row_is_logged(database: Database, near: Filled) -> None:
    with database.write(near.who, change(database, "Untagged")) as session:
        session.execute(delete(table("record_tags")))
    (event,) = events(database, near, "Untagged")
    assert (event["action"], event["record_kind"], event["after"]) == ("delete", "account", None)


@promise("audit:complete")
def test_a_bulk_statement_logs_every_row(database: Database, near: Filled) -> None:
    now, tenant = database.world.now(), near.who.tenant_id
    rows = [
        {"tenant_id": tenant, "id": database.world.new_id(), "title": f"Task {n}", "created_at": now, "updated_at": now}
        for n in range(1000)
    ]
    tasks = table("tasks")
    with database.write(near.who, change(database, "Many")) as session:
        session.execute(insert(tasks), rows)
        session.execute(update(tasks).where(tasks.c.title.like("Task %")).values(version=2, priority="high"))
    logged = events(database, near, "Many")
    assert len(logged) == 2000
    assert len({event["change_id"] for event in logged}) == 1000


@promise("audit:complete")
def test_a_rolled_back_change_leaves_no_event(database: Database, near: Filled) -> None:
    notes = table("notes")
    with database.write(near.who, change(database, "Never")) as session, session.savepoint() as point:
        session.execute(update(notes).values(version=notes.c.version + 1))
        point.roll_back()
    assert events(database, near, "Never") == []


@promise("audit:complete")
@pytest.mark.parametrize("name", RECORD_TABLES)
def test_a_change_without_a_context_is_refused(shared: Database, near: Filled, name: str) -> None:
    changed = table(name)
    with pytest.raises(DBAPIError, match="needs a context"), shared.store(near.who) as session:
        session.execute(update(changed).values(version=changed.c.version + 1))


@promise("audit:complete")
def test_a_superuser_without_a_context_is_refused_too(shared: Database) -> None:
    with psycopg.connect(shared.admin_url) as admin:
        for statement in _SUPERUSER_CHANGES:
            with pytest.raises(psycopg.Error) as refused, admin.transaction():
                admin.execute(statement)
            assert refused.value.sqlstate == "CA001"


_SUPERUSER_CHANGES: tuple[LiteralString, ...] = (
    "UPDATE crm.notes SET body = 'x', version = version + 1",
    "DELETE FROM crm.record_tags",
    "TRUNCATE crm.notes",
    "TRUNCATE crm.audit_events",
)


@promise("audit:complete")
def test_a_change_needs_a_reason(shared: Database, near: Filled) -> None:
    notes = table("notes")
    with pytest.raises(DBAPIError, match="why"), shared.write(near.who, change(shared, "")) as session:
        session.execute(update(notes).values(version=notes.c.version + 1))


@promise("audit:append-only")
@pytest.mark.parametrize("role", ["app", "reader", "system", "owner", "view"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO crm.audit_events OVERRIDING SYSTEM VALUE SELECT * FROM crm.audit_events",
        "UPDATE crm.audit_events SET reason = 'other'",
        "DELETE FROM crm.audit_events",
        "TRUNCATE crm.audit_events",
        "ALTER TABLE crm.audit_events DISABLE ROW LEVEL SECURITY",
        "DROP TABLE crm.audit_events",
        "SET session_replication_role = replica",
    ],
)
def test_no_role_that_serves_can_write_the_log(
    shared: Database, near: Filled, role: str, statement: LiteralString
) -> None:
    with psycopg.connect(shared.admin_url) as admin:
        admin.execute("SELECT crm.enter('near')")
        admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(shared.roles.name(role))))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(statement)


def test_the_registry_cannot_be_written_by_the_application(shared: Database) -> None:
    with (
        psycopg.connect(role_url(shared.admin_url, shared.roles, "app")) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("DELETE FROM crm.records")


@promise("audit:joined")
def test_an_agents_change_says_everything(database: Database, near: Filled) -> None:
    run, call = near.ids["runs"], near.ids["tool_calls"]
    told = Change(
        call,
        "Customer asked",
        via_agent=True,
        run_id=run,
        tool_call_id=call,
        tool="update_record",
        prompt="Raise it to 2,000.50",
        reasoning="The amount was named",
        model="offline",
    )
    with database.write(near.who, told) as session:
        _raise_amount(session, near)
    with database.read(near.who) as session:
        (found,) = list_changes(session, ChangeFilter(run_id=run))["changes"]
        assert get_change(session, UUID(found["change_id"])) == found
        assert changes_of_run(session, run)[0]["after"] == found["after"]
    assert found["before"] == {"amount": None, "stage": "new"} | {"amount": found["before"]["amount"]}
    assert found["after"] == {"amount": "2000.50", "stage": "proposal"}
    wanted = {
        "action": "update",
        "kind": "opportunity",
        "label": "A opportunity",
        "actor": "agent:offline",
        "on_behalf_of": near.who.email,
        "via_agent": True,
        "run_id": str(run),
        "tool_call_id": str(call),
        "tool": "update_record",
        "prompt": "Raise it to 2,000.50",
        "reasoning": "The amount was named",
        "reason": "Customer asked",
        "model": "offline",
        "occurred_at": "2026-11-20T09:30:00Z",
    }
    assert {name: found[name] for name in wanted} == wanted


def _raise_amount(session: WriteSession, near: Filled) -> None:
    leads, opportunities = table("leads"), table("opportunities")
    session.execute(update(opportunities).values(amount="2000.50"))
    session.execute(
        update(leads).where(leads.c.kind == "opportunity").values(status="proposal", version=leads.c.version + 1)
    )


@promise("audit:joined")
def test_a_persons_own_edit_has_no_run_prompt_or_model(database: Database, near: Filled) -> None:
    notes = table("notes")
    with database.write(near.who, change(database, "My own")) as session:
        session.execute(update(notes).values(body="Mine", version=notes.c.version + 1))
    with database.read(near.who) as session:
        found = list_changes(session, ChangeFilter(limit=1))["changes"][0]
    assert (found["actor"], found["on_behalf_of"], found["via_agent"]) == (near.who.email, None, False)
    assert (found["run_id"], found["prompt"], found["model"]) == (None, None, None)


def test_pages_of_changes_join_without_gap_or_overlap(shared: Database, near: Filled) -> None:
    seen: list[str] = []
    cursor: int | None = None
    with shared.read(near.who) as session:
        while True:
            page = list_changes(session, ChangeFilter(limit=4, cursor=cursor))
            seen += [found["change_id"] for found in page["changes"]]
            if page["next_cursor"] is None:
                break
            cursor = int(page["next_cursor"])
        everything = list_changes(session, ChangeFilter(limit=500))
    assert seen == [found["change_id"] for found in everything["changes"]]
    assert len(seen) == everything["total"] == len(set(seen))


def test_an_unknown_change_is_said_so(shared: Database, near: Filled) -> None:
    with pytest.raises(CrmError, match="No change"), shared.read(near.who) as session:
        get_change(session, near.who.user_id)


def test_the_database_refuses_moves_and_versions_that_do_not_follow(database: Database, near: Filled) -> None:
    leads = table("leads")
    with database.write(near.who, change(database)) as session:
        session.execute(update(leads).values(status="won", version=leads.c.version + 1))
    for values, state in (({"status": "lost", "version": leads.c.version + 1}, "CA002"), ({"version": 9}, "CA003")):
        with pytest.raises(DBAPIError) as refused, database.write(near.who, change(database)) as session:
            session.execute(update(leads).values(**values))
        assert getattr(refused.value.orig, "sqlstate", None) == state


def test_labels_follow_names(database: Database, near: Filled) -> None:
    people = table("individuals")
    with database.write(near.who, change(database)) as session:
        session.execute(update(people).values(given_name="Ana", family_name="Łęcka", version=people.c.version + 1))
    with database.read(near.who) as session:
        rows = session.rows("SELECT kind, label, name_key FROM crm.records WHERE kind IN ('individual', 'contact')")
    assert {(row["label"], row["name_key"]) for row in rows} == {("Ana Łęcka", "ana lecka")}


def test_a_record_is_always_about_something_that_exists(shared: Database, near: Filled) -> None:
    with pytest.raises(DBAPIError, match="foreign key"), shared.write(near.who, change(shared)) as session:
        session.execute(update(table("tasks")).values(about_id=shared.world.new_id(), version=2))


def test_folding_takes_case_accents_and_punctuation_away(shared: Database) -> None:
    with psycopg.connect(shared.admin_url) as admin:
        names = ["Zoë O’Brien-Straße", "ŁUKASZ", "Ørsund  (Nord), Ltd.", "山田"]
        found = [admin.execute("SELECT crm.fold(%s)", [name]).fetchone() for name in names]
    assert found == [("zoe o brien strasse",), ("lukasz",), ("orsund nord ltd",), ("山田",)]
