"""Through tools and requests nothing of one tenant reaches another, although names are in both."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest

from agent.loop import ask
from evals import snapshot
from evals.world import Worlds
from schema.audit import ChangeFilter, list_changes
from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.kinds import KINDS
from schema.settings import Settings
from schema.world import World
from tests.conftest import NOW
from tools.calls import ToolOutcome
from tools.context import ToolContext
from tools.execute import execute

promise = pytest.mark.promise

UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAMED = sorted({*KINDS, "user"})

REQUESTS = (
    "show Acme renewal",
    "who is Dana Whitfield?",
    "show Acme Corp",
    "list all open opportunities",
    "list contacts",
    "how many accounts are there?",
    "move Acme renewal to won",
    "set Globex expansion to 1k",
    "delete the opportunity Zielony cold store sensors",
    "log a call with Dana Whitfield: hello",
    "log a call with Robert Chen: hello",
    "remind me to call Hannah Meyer tomorrow",
    "note on Acme Corp: our own Acme",
    "change the phone of Maria Lopez to +44 20 7946 0999",
    "assign the opportunity Acme regatta sponsorship to Amelie Brandt",
    "show viewer@brightwater.example",
    "undo",
)


@pytest.fixture(scope="module")
def here(admin_url: AdminUrl, settings: Settings, demo_template: str) -> Iterator[Database]:
    """Both demo tenants in a database that the tests of this module share."""
    with Worlds(admin_url, settings, demo_template) as worlds, worlds.clone() as clone:
        database = Database.open(clone.admin_url, settings, World.fixed(NOW))
        yield database
        database.close()


@pytest.fixture(scope="module")
def theirs(here: Database) -> Mapping[str, str]:
    """One of Brightwater's records of each kind, by kind."""
    return dict(
        _rows(
            here,
            "SELECT DISTINCT ON (r.kind) r.kind, r.id::text FROM crm.records r JOIN crm.tenants t USING (tenant_id)"
            " WHERE t.slug = 'brightwater' AND NOT r.is_deleted ORDER BY r.kind, r.id",
        )
    )


@pytest.fixture(scope="module")
def foreign(here: Database) -> frozenset[str]:
    """Every id of Brightwater's: tenant, users, teams, records, changes."""
    return frozenset(
        found
        for (found,) in _rows(
            here,
            "SELECT x.id::text FROM crm.tenants t JOIN (SELECT tenant_id, id FROM crm.records"
            " UNION ALL SELECT tenant_id, id FROM crm.users UNION ALL SELECT tenant_id, id FROM crm.teams"
            " UNION ALL SELECT tenant_id, change_id FROM crm.audit_events"
            " UNION ALL SELECT tenant_id, tenant_id FROM crm.tenants) x USING (tenant_id) WHERE t.slug = 'brightwater'",
        )
    )


def _rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.admin_url) as admin:
        return admin.execute(query.encode()).fetchall()


@pytest.fixture
def desk(here: Database) -> ToolContext:
    return ToolContext(here, here.world, here.sign_in("admin@kestrel.example"))


@pytest.fixture
def brightwater_stands_still(here: Database) -> Iterator[None]:
    """Brightwater's rows, the log's too, are afterwards what they were before."""
    before = _brightwater(here)
    yield
    assert _brightwater(here) == before


def _brightwater(database: Database) -> dict[str, Any]:
    (tenant, events), *_ = _rows(
        database,
        "SELECT t.tenant_id::text, count(*) FROM crm.tenants t JOIN crm.audit_events e USING (tenant_id)"
        " WHERE t.slug = 'brightwater' GROUP BY 1",
    )
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        tables = snapshot.take(admin).tables
    rows = {name: {key: row for key, row in table.items() if key.startswith(tenant)} for name, table in tables.items()}
    return {**rows, "events": events}


def _error(outcome: ToolOutcome) -> str | None:
    return outcome.error[0] if outcome.error else None


@promise("tenant:sealed")
@pytest.mark.usefixtures("brightwater_stands_still")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_tool_finds_a_record_of_another_tenant_by_its_id(
    desk: ToolContext, theirs: Mapping[str, str], kind: str
) -> None:
    record_id = theirs[kind]
    because = {"record_id": record_id, "reason": "To see whether it goes."}
    fields = {"tags": ["ours"]}
    assert _error(execute(desk, "get_record", {"record_id": record_id})) == "not_found"
    assert _error(execute(desk, "update_record", {**because, "fields": fields})) == "not_found"
    assert _error(execute(desk, "delete_record", because)) == "not_found"
    assert _error(execute(desk, "restore_record", because)) == "not_found"
    assert execute(
        desk, "create_record", {"kind": "note", "fields": {"body": "x", "about_id": record_id}, "reason": "x"}
    ).error
    many = {"kind": kind, "where": [f"{kind}_id = {record_id}"], "fields": fields, "reason": "x"}
    assert execute(desk, "update_records", many).result["matched"] == 0


@promise("tenant:sealed")
@pytest.mark.usefixtures("brightwater_stands_still")
def test_nothing_of_another_tenant_is_merged(here: Database, desk: ToolContext, theirs: Mapping[str, str]) -> None:
    with here.read(desk.who) as session:
        ours = str(session.scalar("SELECT account_id FROM accounts LIMIT 1"))
    for keep_id, other_id in ((ours, theirs["account"]), (theirs["account"], ours)):
        told = execute(desk, "merge_records", {"keep_id": keep_id, "other_ids": [other_id], "reason": "x"})
        assert _error(told) == "not_found"


@promise("tenant:sealed")
@pytest.mark.usefixtures("brightwater_stands_still")
def test_no_change_of_another_tenant_can_be_taken_back(here: Database, desk: ToolContext) -> None:
    other = here.sign_in("admin@brightwater.example")
    with here.read(other) as session:
        change = list_changes(session, ChangeFilter(limit=1))["changes"][0]
    assert _error(execute(desk, "undo", {"change_id": change["change_id"], "reason": "x"})) == "not_found"
    assert execute(desk, "undo", {"run_id": str(UUID(int=1)), "reason": "x"}).error


@promise("tenant:sealed")
@pytest.mark.parametrize("kind", NAMED)
def test_lists_hold_ones_own_records_alone(desk: ToolContext, foreign: frozenset[str], kind: str) -> None:
    outcome = execute(desk, "find_records", {"kinds": [kind], "limit": 200})
    assert outcome.outcome == "ok"
    assert outcome.result["records"]
    assert not _ids(outcome.result) & foreign


@promise("tenant:sealed")
@pytest.mark.parametrize(
    "query",
    ["Acme Corp", "Dana Whitfield", "Maria Lopez", "viktor.hansen@globex.example", "+13125550142", "acme.example"],
)
def test_a_name_finds_ones_own_records_alone(desk: ToolContext, foreign: frozenset[str], query: str) -> None:
    outcome = execute(desk, "find_records", {"query": query, "kinds": NAMED, "limit": 200})
    assert outcome.outcome == "ok"
    assert not _ids(outcome.result) & foreign


@promise("tenant:sealed")
@pytest.mark.usefixtures("brightwater_stands_still")
@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
def test_a_request_sees_and_changes_ones_own_records_alone(here: Database, foreign: frozenset[str], role: str) -> None:
    desk = ToolContext(here, here.world, here.sign_in(f"{role}@kestrel.example"))
    for request in REQUESTS:
        told = ask(desk, request, model="offline").to_json()
        assert not _ids(told) & foreign, request


def _ids(told: Any) -> set[str]:
    return set(UUID_TEXT.findall(json.dumps(told, default=str)))
