"""After an erasure nothing in the database says who the person was, nobody else's data has changed, and the log verifies."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from agent.loop import ask
from evals.invariants import violations
from schema.audit import ChangeFilter, list_changes
from schema.database import Database
from schema.erasure import ERASED, erase, find_individuals
from schema.errors import CrmError
from schema.identity import Identity
from schema.seals import Sealer, verify
from schema.settings import Settings
from tests.tools.desk import Desk
from tools.context import ToolContext

promise = pytest.mark.promise
ADMIN = "admin@brightwater.example"
PERSON = "siobhan.oconnor@meridian-retail.example"
"""Siobhán O'Connor, +44 20 7946 0144."""


@dataclass
class Scene:
    """The demo company with a sealed log, and an admin in front of it."""

    db: Database
    settings: Settings
    desk: Desk

    @property
    def who(self) -> Identity:
        return self.desk.who

    def named(self, text: str) -> UUID:
        with self.db.read(self.who) as session:
            (found,) = find_individuals(session, self.who.tenant_id, text, None)
        return found["id"]

    def erase(self, individual_id: UUID, *, dry_run: bool = False) -> dict[str, Any]:
        return erase(self.db, self.settings, self.who, individual_id, dry_run=dry_run).to_json()

    def seal(self) -> None:
        Sealer(self.db, self.settings).seal(patience=10)

    def dump(self) -> dict[str, list[str]]:
        """Every row of every table, materialised views too, as a superuser's raw dump has it; and the seals file."""
        assert self.settings.seals is not None
        rows: dict[str, list[str]] = {"the seals file": self.settings.seals.read_text().splitlines()}
        with psycopg.connect(self.db.admin_url) as admin:
            tables = admin.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind IN ('r', 'm')"
            ).fetchall()
            for (table,) in tables:
                found = admin.execute(sql.SQL("SELECT t::text FROM crm.{} t").format(sql.Identifier(table)))
                rows[table] = [str(row[0]) for row in found]
        return rows

    def saying(self, *texts: str) -> dict[str, int]:
        """How many rows of which table say any of the texts, in whatever case, escaped as JSON or not."""
        spelled = {form for text in texts for form in (text, json.dumps(text)[1:-1])}
        wanted = re.compile("|".join(map(re.escape, spelled)), re.IGNORECASE)
        counts = {name: sum(1 for row in rows if wanted.search(row)) for name, rows in self.dump().items()}
        return {name: count for name, count in counts.items() if count}

    def account(self, name: str) -> str:
        """The id of an account by its name."""
        return str(self.admin("SELECT id FROM crm.accounts WHERE name = %s", name)[0][0])

    def changes(self, record_id: UUID) -> list[dict[str, Any]]:
        with self.db.read(self.who) as session:
            return list_changes(session, ChangeFilter(record_id=record_id))["changes"]

    def admin(self, query: str, *values: object) -> list[Any]:
        with psycopg.connect(self.db.admin_url) as admin:
            return admin.execute(query.encode(), values).fetchall()


@pytest.fixture
def scene(demo_database: Database, settings: Settings, tmp_path: Path) -> Scene:
    kept = replace(settings, home=tmp_path, seals=tmp_path / "seals.jsonl")
    who = demo_database.sign_in(ADMIN)
    scene = Scene(demo_database, kept, Desk(demo_database, ToolContext(demo_database, demo_database.world, who)))
    scene.seal()
    return scene


@promise("erase:gone")
def test_nothing_says_who_the_person_was(scene: Scene) -> None:
    """Written of in every way that the product stores: requests, answers, tool calls, notes, tasks, tags, proposals."""
    person = scene.named(PERSON)
    for request in (
        "log a call with Siobhan O'Connor: she wants 30 seats, reach her at 020 7946 0144",
        "who is Siobhán O'Connor?",
        "set the phone of Siobhan O'Connor to +442079460999",
        f"find {PERSON}",
        "add a task: call Siobhán O'Connor tomorrow",
        "delete the contact Siobhán O'Connor",
    ):
        ask(scene.desk.context, request)
    (account,) = scene.admin("SELECT account_id::text FROM crm.contacts WHERE individual_id = %s", person)[0]
    text = "O’Connor, Siobhán: met at the fair.\nSiobhán\nO'Connor says yes. (020) 7946-0144"
    scene.desk.create("note", body=text, about_id=account)
    scene.desk.create("note", body="Likes sailing", about_id=str(person))
    scene.desk.update(str(person), tags=["siobhan-oconnor", "vip"])
    scene.seal()
    said = (
        "Siobhán", "Siobhan", "O'Connor", "O’Connor", "oconnor", "7946 0144", "79460144", "7946-0144", "79460999",
        "Likes sailing",
    )  # fmt: skip
    before = scene.saying(*said)
    would = scene.erase(person, dry_run=True)
    untouched = scene.saying(*said)
    done = scene.erase(person)

    assert set(before) >= {
        "approvals", "audit_events", "contacts", "conversations", "individuals", "interactions", "notes", "record_tags",
        "records", "runs", "sales_facts", "steps", "tasks", "tool_calls",
    } - {"contacts"}  # fmt: skip
    assert untouched == before
    assert {**would, "dry_run": False} == done
    assert scene.saying(*said) == {}
    verdict = verify(scene.db, scene.settings)
    assert verdict.is_ok, verdict
    scene.seal()
    assert verify(scene.db, scene.settings).is_ok
    assert scene.erase(person)["was_erased"]
    assert scene.admin("SELECT DISTINCT status FROM crm.approvals") == [("discarded",)]


@promise("erase:gone")
@pytest.mark.parametrize(
    "name", ["Małgorzata Żółć", "太郎 山田", "Zoë van der Berg", "Renate Groß-Hartmann", "Claire Fontaine"]
)
def test_it_is_so_for_names_in_any_script(scene: Scene, name: str) -> None:
    """One of them shares her name's letters with companies."""
    person = scene.named(name)
    (email, phone) = scene.admin("SELECT email, phone FROM crm.individuals WHERE id = %s", person)[0]
    others = scene.admin("SELECT count(*) FROM crm.records WHERE label LIKE '%%fontaine%%'")
    said = [text for text in (name, email, phone) if text]
    assert scene.saying(*said)
    scene.erase(person)

    assert scene.saying(*said) == {}
    assert verify(scene.db, scene.settings).is_ok
    assert scene.admin("SELECT count(*) FROM crm.records WHERE label LIKE '%%fontaine%%'") == others


@promise("erase:gone")
def test_a_company_of_the_same_name_stays(scene: Scene) -> None:
    person = scene.desk.create("individual", given_name="Rosa", family_name="Globex", email="rosa@other.example")[
        "record_id"
    ]
    contact = scene.desk.create("contact", individual_id=person, account_id=scene.account("Globex"))["record_id"]
    note = scene.desk.create(
        "note", body="Rosa told us that Globex buys, and Globex is pleased. Ms. Rosa Globex signs.", about_id=contact
    )["record_id"]
    companies = "SELECT id, label FROM crm.records WHERE kind IN ('organization', 'account') ORDER BY id"
    before = scene.admin(companies)
    about_account = scene.desk.create("note", body="Globex: ask Rosa Globex", about_id=scene.account("Globex"))[
        "record_id"
    ]
    scene.erase(UUID(person))

    assert scene.admin(companies) == before
    assert scene.saying("Rosa Globex", "rosa@other") == {}
    assert scene.admin("SELECT body FROM crm.notes WHERE id = %s", UUID(note)) == [(ERASED,)]
    assert scene.admin("SELECT body FROM crm.notes WHERE id = %s", UUID(about_account)) == [(f"Globex: ask {ERASED}",)]


@promise("erase:gone")
def test_a_namesakes_data_stays(scene: Scene) -> None:
    """There are several called Anna Schmidt: only what hangs together with the one, and with no other, is hers."""
    person = scene.named("anna.schmidt@larkfield.example")
    rest = "SELECT id, given_name, family_name, email, phone FROM crm.individuals WHERE family_name = 'Schmidt' AND id <> %s"
    mails = (
        "SELECT t.id, t.subject, t.body FROM crm.interactions t WHERE t.id IN (SELECT p.interaction_id FROM"
        " crm.interaction_participants p JOIN crm.individuals i ON i.id = p.individual_id WHERE i.given_name = 'Anna'"
        " AND i.family_name = 'Schmidt' AND i.id {} %s) ORDER BY t.id"
    )
    (phone,) = scene.admin("SELECT phone FROM crm.individuals WHERE id = %s", person)[0]
    ask(scene.desk.context, "who is Anna Schmidt?")
    others, theirs = scene.admin(rest, person), scene.admin(mails.format("<>"), person)
    hers = [row[0] for row in scene.admin(mails.format("="), person)]
    done = scene.erase(person)

    assert scene.admin(rest, person) == others != []
    assert scene.admin(mails.format("<>"), person) == theirs != []
    left = scene.admin("SELECT concat(subject, body) FROM crm.interactions WHERE id = ANY(%s)", hers)
    assert [text for (text,) in left if "Anna Schmidt" in text] == []
    assert scene.saying("anna.schmidt@larkfield.example", phone) == {}
    assert done["stays"][0]["count"] > 0
    assert verify(scene.db, scene.settings).is_ok


def test_the_log_says_that_and_not_whom(scene: Scene) -> None:
    person = scene.named(PERSON)
    scene.erase(person)
    history = scene.changes(person)

    assert (history[0]["action"], history[0]["label"], history[0]["actor"], history[0]["reason"]) == (
        "delete", "Erased person", ADMIN, "Personal data was erased.",
    )  # fmt: skip
    assert {(change["reason"], str(change["after"])) for change in history[1:]} == {("", "{}"), ("", "None")} & {
        (change["reason"], str(change["after"])) for change in history[1:]
    }


@promise("erase:gone")
def test_an_undo_brings_nothing_back(scene: Scene) -> None:
    person = scene.named(PERSON)
    scene.desk.update(str(person), phone="+442079460999")
    changes = [change["change_id"] for change in scene.changes(person)]
    scene.erase(person)
    erasure = scene.changes(person)[0]["change_id"]
    for change_id in (*changes, erasure):
        undone = scene.desk.ok("undo", change_id=change_id)
        assert undone["undone"] == []
        assert [each["expected"] for each in undone["conflicts"]] == [None]
        assert [each["field"] for each in undone["conflicts"]] == ["personal data"]

    assert scene.saying(PERSON, "79460999", "Siobhán") == {}


def test_only_an_admin_may(scene: Scene) -> None:
    manager = scene.db.sign_in("manager@brightwater.example")
    with pytest.raises(CrmError, match="Only an admin") as raised:
        erase(scene.db, scene.settings, manager, scene.named(PERSON))
    assert raised.value.kind == "denied"


def test_another_tenants_individual_is_not_found(scene: Scene) -> None:
    (other,) = scene.admin(
        "SELECT i.id FROM crm.individuals i JOIN crm.tenants t USING (tenant_id) WHERE t.slug = 'kestrel' LIMIT 1"
    )[0]
    with pytest.raises(CrmError, match="There is no individual") as raised:
        scene.erase(other)
    assert raised.value.kind == "not_found"


_VICTIM = """
import sys, uuid
from dataclasses import replace
from pathlib import Path
from schema.audit import ChangeFilter, list_changes
from schema.database import Database
from schema.erasure import erase
from schema.settings import Settings
from schema.world import World
url, home, seals, person = sys.argv[1:]
settings = Settings(home=Path(home))
db = Database.open(url, settings, World.from_environment({}))
kept = replace(settings, home=Path(seals), seals=Path(seals) / "seals.jsonl")
print("ready", flush=True)
sys.stdin.readline()
erase(db, kept, db.sign_in("admin@brightwater.example"), uuid.UUID(person))
"""


@promise("erase:gone")
def test_killed_midway_it_can_be_run_again(scene: Scene, settings: Settings, tmp_path: Path, effort: int) -> None:
    person = scene.named(PERSON)
    rounds = 3 if effort == 1 else 40
    for number in range(rounds):
        with subprocess.Popen(
            [sys.executable, "-c", _VICTIM, scene.db.admin_url, settings.home, tmp_path, str(person)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        ) as victim:
            assert victim.stdin is not None
            assert victim.stdout is not None
            victim.stdout.readline()
            victim.stdin.write(b"\n")
            victim.stdin.flush()
            try:
                victim.wait(0.1 * (number + 1))
            except subprocess.TimeoutExpired:
                victim.send_signal(signal.SIGKILL)
        assert verify(scene.db, scene.settings).is_ok
    scene.erase(person)

    assert scene.saying("Siobhán", PERSON) == {}
    assert verify(scene.db, scene.settings).is_ok


def test_rows_registry_and_log_agree_afterwards(scene: Scene) -> None:
    """But for what the log no longer says."""
    scene.erase(scene.named(PERSON))
    forgotten = scene.admin(
        "SELECT record_id::text FROM crm.audit_events WHERE erased IS NOT NULL UNION SELECT p.id::text"
        " FROM crm.interaction_participants p JOIN crm.audit_events e ON e.record_id = p.interaction_id WHERE e.erased IS NOT NULL"
    )
    with psycopg.connect(scene.db.admin_url) as admin:
        wrong = violations(admin)
    assert [told for told in wrong if told.split()[1] not in {record_id for (record_id,) in forgotten}] == []
