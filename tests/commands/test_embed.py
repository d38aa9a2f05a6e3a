"""`crm-agent embed`: what it says of the index, what it asks before, and what it does."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from schema.database import Database
from schema.embedded_place import AdminUrl
from schema.migrate import protect_database
from schema.roles import load
from schema.settings import Settings
from schema.tenants import NewTenant, create_tenant
from schema.world import World
from tests.commands.conftest import named
from tests.commands.terminal import PROGRAM, Terminal
from tests.commands.zygote import Zygote

ADMIN = ("--as", "ada@harbour.example")


@pytest.fixture
def terminal(admin_url: AdminUrl, settings: Settings, empty_template: str, zygote: Zygote) -> Iterator[Terminal]:
    """A tenant with one account, in a database of its own."""
    name = f"embed_{uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, empty_template))))
    url = named(admin_url, name)
    with psycopg.connect(url) as admin:
        protect_database(admin, load(settings))
    database = Database.open(url, settings, World.from_environment({}))
    create_tenant(database, NewTenant("harbour", "Harbour", "ada@harbour.example", "Ada"))
    database.close()
    environment = {"CRM_AGENT_HOME": str(settings.home), "CRM_AGENT_DATABASE_URL": url, "CRM_AGENT_MODEL": "offline"}
    made = Terminal(environment, zygote)
    assert made.run("records", "create", "account", "name=Quayside Cranes", "--reason", "A test", *ADMIN).code == 0
    yield made
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_status_says_what_is_indexed_and_what_waits(terminal: Terminal) -> None:
    before = terminal.run("embed", "status", "--json").json
    assert before["queue"]["depth"] == 1
    assert before["models"] == []
    assert "No vectors are kept yet" in terminal.run("embed", "status").out
    assert terminal.run("embed", "worker", "--once", "--json").json == {"indexed": 1}
    after = terminal.run("embed", "status", "--json").json
    assert after["queue"]["depth"] == 0
    assert after["kinds"]["account"] == {"records": 1, "chunks": 1}
    [model] = after["models"]
    assert (model["name"], model["state"], model["coverage_percent"]) == ("local", "serving", 100)
    assert terminal.run("embed", "status", "--tenant", "nobody").code == 1


def test_a_backfill_says_first_what_it_takes(terminal: Terminal) -> None:
    shown = terminal.run("embed", "backfill", "--dry-run")
    assert "1 text to embed with local" in shown.out
    assert "no money" in shown.out
    assert terminal.run("embed", "status", "--json").json["models"] == []
    done = terminal.run("embed", "backfill", "--json").json
    assert (done["done"], done["embedded"], done["refused"]) == (True, 1, 0)
    assert done["estimate"]["cost_usd"] == "0"


def test_money_is_not_spent_unasked(terminal: Terminal) -> None:
    paid = replace(terminal, environment={**terminal.environment, "OPENAI_API_KEY": "none"})
    model = ("--model", "openai:text-embedding-3-small@64")
    estimated = paid.run("embed", "backfill", *model, "--dry-run", "--json").json["estimate"]
    assert estimated["texts"] == 1
    assert float(estimated["cost_usd"]) > 0
    kind, message = paid.run("embed", "backfill", *model, "--json").error
    assert kind == "refused"
    assert "--yes" in message
    assert paid.run("embed", "status", "--json").json["models"] == []


def test_an_unknown_embedder_is_named_in_one_sentence(terminal: Terminal) -> None:
    kind, message = terminal.run("embed", "backfill", "--model", "nonsense", "--json").error
    assert kind == "setup"
    assert "nonsense" in message


@pytest.mark.promise("index:rebuildable")
def test_dropped_vectors_leave_search_by_words_and_rebuild_restores_them(terminal: Terminal) -> None:
    search = ("search", "quayside cranes", "--json", *ADMIN)
    terminal.run("embed", "backfill")
    assert terminal.run(*search).json["results"][0]["vector_score"] is not None
    assert terminal.run("embed", "drop", "--json").error[0] == "refused"
    assert terminal.run("embed", "drop", "--yes", "--json").json["dropped"][0]["name"] == "local"
    by_words = terminal.run(*search).json
    assert by_words["degraded"]
    assert by_words["results"][0]["vector_score"] is None
    assert "by words alone" in by_words["notes"][0]
    assert terminal.run("embed", "rebuild", "--yes", "--json").json["embedded"] == 1
    assert not terminal.run(*search).json["degraded"]


def test_what_was_given_up_is_shown_and_tried_again(terminal: Terminal) -> None:
    terminal.run("embed", "worker", "--once")
    with psycopg.connect(terminal.environment["CRM_AGENT_DATABASE_URL"]) as admin:
        admin.execute(
            "INSERT INTO crm.embedding_queue (tenant_id, record_id, record_kind, attempts, error, set_aside_at)"
            " SELECT tenant_id, id, kind, 5, 'It was too strange.', now() FROM crm.records"
        )
    assert "It was too strange." in terminal.run("embed", "status").out
    assert terminal.run("embed", "retry", "--json").json == {"retried": 1}
    assert terminal.run("embed", "status", "--json").json["set_aside"] == []


def test_what_was_just_written_is_found_though_nothing_serves(terminal: Terminal) -> None:
    found = terminal.run("search", "crane at the waterfront", "--json", *ADMIN).json
    assert found["results"][0]["label"] == "Quayside Cranes"
    assert found["results"][0]["vector_score"] is not None


def test_a_worker_goes_on_until_it_is_told_to_end(terminal: Terminal) -> None:
    worker = subprocess.Popen(
        [PROGRAM, "embed", "worker", "--json"],
        env=terminal.whole_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while terminal.run("embed", "status", "--json").json["queue"]["depth"]:
        assert time.monotonic() < deadline
    worker.send_signal(signal.SIGTERM)
    out, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert json.loads(out) == {"stopped": True}


def test_a_backup_brings_the_index_back(terminal: Terminal, tmp_path: Path) -> None:
    file = str(tmp_path / "backup")
    terminal.run("embed", "backfill")
    assert terminal.run("db", "backup", file).code == 0
    terminal.run("embed", "drop", "--yes")
    assert terminal.run("db", "restore", file, "--replace", "--yes", "--json").code == 0
    found = terminal.run("embed", "status", "--json").json
    assert [(model["state"], model["vectors"], model["coverage_percent"]) for model in found["models"]] == [
        ("serving", 1, 100)
    ]
    assert found["queue"]["depth"] == 0
    assert not terminal.run("search", "quayside cranes", "--json", *ADMIN).json["degraded"]
